"""Files for translators, PO or XLIFF: the texts of an edition in another language, each with its path.

The format of a file is recognised by its content, not by its name.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from standards.drafts.control_characters import find_control_character, with_plain_lines
from standards.editions.languages import po, xliff
from standards.editions.languages.progress import extra_paths
from standards.editions.languages.unit import TranslationFile, Unit, UnitState, describe_control_character
from standards.editions.release_reasons import describe_path, max_length_of
from standards.framework import Framework, MalformedEdition
from standards.limited_process import ParserStopped, run_limited

LARGEST = 5_000_000
"""The maximal size of a file in bytes. A Guide of 1,000 indicators takes less than half of it."""


FORMATS = {"po": po.write, "xlf": xliff.write}
"""The functions that write each format, by extension."""


def write_translation(
    framework: Framework,
    languages: tuple[str, str],
    source: Mapping[str, str],
    texts: Mapping[str, str],
    stale: Collection[str] = (),
    *,
    reviewed: Collection[str] = (),
    ending: str = "po",
) -> str:
    """Return a file with every text of the source. `languages` are the source language and the target language.

    Texts in `stale` are marked as needing work, those in `reviewed` as reviewed. Every line ends in LF.
    """
    units = [
        Unit(
            path,
            with_plain_lines(source[path]),
            with_plain_lines(texts.get(path, "")),
            describe_path(path),
            max_length_of(path),
            _state(path, texts, stale, reviewed),
        )
        for path in (*framework.text_paths(), *extra_paths(framework))
        if path in source
    ]
    return FORMATS[ending](framework.code, languages, units)


def _state(path: str, texts: Mapping[str, str], stale: Collection[str], reviewed: Collection[str]) -> UnitState:
    if path in stale or not texts.get(path):
        return UnitState.DRAFT
    return UnitState.REVIEWED if path in reviewed else UnitState.TRANSLATED


def read_translation(content: str) -> TranslationFile:
    """Read a file in the limited process. Texts that need work are untranslated.

    Raises MalformedEdition if the file itself is invalid.
    """
    read = xliff.read if content.lstrip().startswith("<") else po.read
    try:
        file = run_limited(read, content)
    except ParserStopped:
        file = None
    if file is None:
        raise MalformedEdition([_("Reading the file takes too much time or memory. Export it again, or split it.")])
    if not file.sources:
        raise MalformedEdition(
            [_("The file has no text of a Guide: its entries have no place such as “domain/D1/title”.")]
        )
    return file


def read_translation_file(path: Path) -> TranslationFile:
    """Read a file from disk. Raises MalformedEdition, also if it cannot be opened."""
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


def find_file_problems(file: TranslationFile, source: Mapping[str, str]) -> Iterator[str]:
    """Yield the problems of a file's entries for an edition with these texts, each with its line."""
    for _path, problem in find_entry_problems(file, source):
        yield problem


def find_entry_problems(file: TranslationFile, source: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the path of each entry that does not fit an edition with these texts, and its problem."""
    for path, made_from in file.sources.items():
        line = file.lines.get(path, 0)
        if path not in source:
            values = {"line": line, "text": path}
            yield path, _("Line %(line)s: this edition has no text %(text)s. Delete the entry.") % values
        elif problem := _find_problem(path, made_from, file.texts.get(path, ""), source[path], line):
            yield path, problem


def _find_problem(path: str, made_from: str, text: str, source: str, line: int) -> str:
    """Return the problem of an entry's text, or an empty text."""
    longest, values = max_length_of(path), {"line": line, "text": describe_path(path)}
    if with_plain_lines(made_from).strip() != with_plain_lines(source).strip():
        return (
            _("Line %(line)s: %(text)s was translated from another text than that of the edition. Translate it anew.")
            % values
        )
    if character := find_control_character(text):
        return describe_control_character(line, character)
    if longest and len(text) > longest:
        sentence = _("Line %(line)s: %(text)s has more than %(longest)s letters. Shorten it.")
        return sentence % {**values, "longest": longest}
    return ""
