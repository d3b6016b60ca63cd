"""Files for translators, PO or XLIFF: the texts of an edition in another language, each with its path.

A file is read by its content, whatever its name.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from standards.drafts.control_characters import find_control_character, with_plain_lines
from standards.editions.languages import po, xliff
from standards.editions.languages.progress import extra_paths
from standards.editions.languages.unit import TranslationFile, Unit, describe_control_character
from standards.editions.release_reasons import describe_path, max_length_of
from standards.framework import Framework, MalformedEdition

LARGEST = 5_000_000
"""Bytes. The texts of a Guide of a thousand indicators take less than half of it."""


FORMATS = {"po": po.write, "xlf": xliff.write}
"""The formats that are written, by the ending of a file's name."""


def write_translation(
    framework: Framework,
    languages: tuple[str, str],
    source: Mapping[str, str],
    texts: Mapping[str, str],
    stale: Collection[str] = (),
    *,
    ending: str = "po",
) -> str:
    """Return a file with every text of the source. `languages` are that of the source and that of the translation.

    Texts in `stale` are marked as needing another look. Every line ends in LF.
    """
    units = [
        Unit(
            path,
            with_plain_lines(source[path]),
            with_plain_lines(texts.get(path, "")),
            describe_path(path),
            max_length_of(path),
            path in stale,
        )
        for path in (*framework.text_paths(), *extra_paths(framework))
        if path in source
    ]
    return FORMATS[ending](framework.code, languages, units)


def read_translation(content: str) -> TranslationFile:
    """Read a file. Raises MalformedEdition with what is wrong with it as a file; texts to look at again are open."""
    read = xliff.read if content.lstrip().startswith("<") else po.read
    file = read(content)
    if not file.sources:
        raise MalformedEdition(
            [_("The file has no text of a Guide: its entries have no place such as “domain/D1/title”.")]
        )
    return file


def read_translation_file(path: Path) -> TranslationFile:
    """Read a file from disk. Raises MalformedEdition, too, for a file that cannot be opened."""
    try:
        if path.stat().st_size > LARGEST:
            raise MalformedEdition([_("%(file)s is too large to be the texts of a Guide.") % {"file": path.name}])
        content = path.read_text(encoding="utf-8-sig")
    except OSError as unreadable:
        values = {"file": path, "why": unreadable.strerror}
        raise MalformedEdition([_("%(file)s cannot be read: %(why)s.") % values]) from unreadable
    except UnicodeDecodeError as unreadable:
        raise MalformedEdition(
            [_("%(file)s is not written in UTF-8. Save it so.") % {"file": path.name}]
        ) from unreadable
    return read_translation(content)


def find_file_problems(file: TranslationFile, framework: Framework, source: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the entries of a file for this edition, each with its line."""
    known = {*framework.text_paths(), *extra_paths(framework)}
    for path, made_from in file.sources.items():
        values = {"line": file.lines.get(path, 0), "text": path}
        if path not in known:
            yield _("Line %(line)s: this edition has no text %(text)s. Delete the entry.") % values
            continue
        values["text"] = describe_path(path)
        longest = max_length_of(path)
        text = file.texts.get(path, "")
        if with_plain_lines(made_from).strip() != with_plain_lines(source.get(path, "")).strip():
            yield (
                _(
                    "Line %(line)s: %(text)s was translated from another text than that of the edition. Translate it anew."
                )
                % values
            )
        elif character := find_control_character(text):
            yield describe_control_character(file.lines.get(path, 0), character)
        elif longest and len(text) > longest:
            yield _("Line %(line)s: %(text)s has more than %(longest)s letters. Shorten it.") % {
                **values,
                "longest": longest,
            }
