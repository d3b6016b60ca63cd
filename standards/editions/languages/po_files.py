"""The texts of an edition in another language, as a PO file for translators: an entry a text, its path as the context."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation import gettext as _

from standards.editions.languages.progress import extra_paths
from standards.editions.release_reasons import describe_path, max_length_of
from standards.framework import Framework, MalformedEdition, Wording

LARGEST = 5_000_000
"""Bytes. The texts of a Guide of a thousand indicators take less than half of it."""


@dataclass(frozen=True)
class TranslationFile:
    """The entries of a file, by path: the source text they were made from, and the translation unless it is open."""

    language: str
    sources: Mapping[str, str]
    texts: Wording
    lines: Mapping[str, int] = field(default_factory=dict)


def write_translation(
    framework: Framework,
    language: str,
    source: Mapping[str, str],
    texts: Mapping[str, str],
    stale: Collection[str] = (),
) -> str:
    """Return a PO file with every text of the source. Texts in `stale` are marked as fuzzy: they need another look."""
    file = polib.POFile(wrapwidth=0)
    file.metadata = {
        "Project-Id-Version": framework.code,
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for path in (*framework.text_paths(), *extra_paths(framework)):
        if path in source:
            file.append(
                polib.POEntry(
                    msgctxt=path,
                    msgid=source[path],
                    msgstr=texts.get(path, ""),
                    comment=describe_path(path),
                    flags=["fuzzy"] if path in stale else [],
                )
            )
    return str(file)


def read_translation(content: str) -> TranslationFile:
    """Read a PO file. Raises MalformedEdition with what is wrong with it as a file; fuzzy entries count as open."""
    if "\n" not in content:  # polib would take it for the path of a file, and open that
        raise MalformedEdition([_("This is no PO file: %(why)s") % {"why": content[:40]}])
    try:
        entries = polib.pofile(content)
    except (OSError, UnicodeDecodeError, ValueError) as unreadable:
        raise MalformedEdition([_("This is no PO file: %(why)s") % {"why": str(unreadable)}]) from unreadable
    language = entries.metadata.get("Language", "").strip()
    if not language:
        raise MalformedEdition(
            [_("The head of the file does not say its language. Write “Language: fr”, for example.")]
        )
    sources: dict[str, str] = {}
    texts: dict[str, str] = {}
    lines: dict[str, int] = {}
    for entry in entries:
        if entry.obsolete or not entry.msgctxt:
            continue
        if entry.msgctxt in sources:
            place = {"line": entry.linenum, "text": entry.msgctxt}
            raise MalformedEdition([_("Line %(line)s: %(text)s stands twice in the file. Delete one.") % place])
        sources[entry.msgctxt], lines[entry.msgctxt] = entry.msgid, entry.linenum or 0
        if entry.msgstr.strip() and not entry.fuzzy:
            texts[entry.msgctxt] = entry.msgstr.strip()
    if not sources:
        raise MalformedEdition(
            [_("The file has no text of a Guide: its entries have no context such as “domain/D1/title”.")]
        )
    return TranslationFile(language, sources, Wording(texts), lines)


def read_translation_file(path: Path) -> TranslationFile:
    """Read a PO file from disk. Raises MalformedEdition, too, for a file that cannot be opened."""
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
        if made_from.strip() != source.get(path, ""):
            yield (
                _(
                    "Line %(line)s: %(text)s was translated from another text than that of the edition. Translate it anew."
                )
                % values
            )
        elif longest and len(file.texts.get(path, "")) > longest:
            yield _("Line %(line)s: %(text)s has more than %(longest)s letters. Shorten it.") % {
                **values,
                "longest": longest,
            }
