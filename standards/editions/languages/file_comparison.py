"""Compare the texts of a translators' file with the pages of a draft: what it adds, changes, or may not change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from standards.drafts.edition_checks import place_of
from standards.editions.languages.progress import TranslatedTexts
from standards.editions.languages.translation_files import find_entry_problems
from standards.editions.languages.unit import TranslationFile, base_of
from standards.editions.links import find_dead_links
from standards.editions.release_reasons import describe_path
from standards.framework import canonical, digest


@dataclass(frozen=True, slots=True)
class ComparedText:
    """A text in a file. `present` is the translation on the pages, empty if there is none."""

    path: str
    source: str
    present: str
    text: str

    @property
    def place(self) -> str:
        return describe_path(self.path)


@dataclass(frozen=True)
class FileComparison:
    """The changes that a file would make to the pages of its language.

    `changed` are texts whose translation on the pages is the same as when the file was exported. `conflicts` are texts
    whose translation was changed since then, or of which the file has no digest. `refused` are problems, each a
    sentence with its line. `reviewed` are the paths of texts that the file does not change and marks as reviewed.
    `unchanged` and `open` count further entries.
    """

    language: str
    added: tuple[ComparedText, ...] = ()
    changed: tuple[ComparedText, ...] = ()
    conflicts: tuple[ComparedText, ...] = ()
    refused: tuple[str, ...] = ()
    reviewed: tuple[str, ...] = ()
    unchanged: int = 0
    open: int = 0
    compared_with: str = ""
    """The digest of the source and of the translation on the pages, see `digest_of_pages`."""

    @property
    def is_empty(self) -> bool:
        """Whether the file changes nothing."""
        return not (self.added or self.changed or self.conflicts or self.reviewed)

    def chosen(self, take: frozenset[str]) -> dict[str, str]:
        """Return the texts to write by path. Of the conflicts, these are the ones whose paths are in `take`."""
        wanted = (one for one in self.conflicts if one.path in take)
        return {one.path: one.text for one in (*self.added, *self.changed, *wanted)}


@dataclass
class _Comparison:
    added: list[ComparedText] = field(default_factory=list)
    changed: list[ComparedText] = field(default_factory=list)
    conflicts: list[ComparedText] = field(default_factory=list)
    reviewed: list[str] = field(default_factory=list)
    unchanged: int = 0


def digest_of_pages(found: TranslatedTexts) -> str:
    """Return the digest of the texts on the pages, in the source language and in the other one."""
    return digest(canonical([dict(found.source), dict(found.texts), sorted(found.outdated)]))


def compare_file(file: TranslationFile, found: TranslatedTexts, places: Mapping[str, object]) -> FileComparison:
    """Return the comparison of a file with the pages of its language. `places` has the paths of the texts on them."""
    refused = dict(_find_refused(file, found, places))
    into = _Comparison()
    for path, text in file.texts.items():
        if path not in refused:
            _compare_text(into, file, found, ComparedText(path, found.source[path], found.present.get(path, ""), text))
    return FileComparison(
        file.language,
        tuple(into.added),
        tuple(into.changed),
        tuple(into.conflicts),
        tuple(refused[path] for path in file.sources if path in refused),
        tuple(into.reviewed),
        into.unchanged,
        len(file.sources) - len(set(file.texts) | set(refused)),
        digest_of_pages(found),
    )


def _find_refused(
    file: TranslationFile, found: TranslatedTexts, places: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    by_place = {place_of(path): path for path in file.texts if path in found.source}
    texts = {path: file.texts[path] for path in by_place.values()}
    for finding in find_dead_links(texts, found.framework):
        path = by_place[finding.where, finding.name]
        yield path, _describe(file, path, finding.sentence)
    for path in texts:
        if path not in places:
            yield path, _describe(file, path, _("It has no page in this language yet. Translate its page first."))
    yield from find_entry_problems(file, found.source)


def _describe(file: TranslationFile, path: str, problem: str) -> str:
    values = {"line": file.lines.get(path, 0), "text": describe_path(path), "problem": problem}
    return _("Line %(line)s: %(text)s: %(problem)s") % values


def _compare_text(into: _Comparison, file: TranslationFile, found: TranslatedTexts, one: ComparedText) -> None:
    path, base = one.path, file.bases.get(one.path)
    if one.text == one.present and path not in found.outdated:
        into.unchanged += 1
        if path in file.reviewed and path not in found.reviewed:
            into.reviewed.append(path)
    elif not one.present and (one.text != one.source or path in found.progress.waiting):
        into.added.append(one)
    elif not one.present or (base == base_of(one.text) and path not in found.outdated):
        into.unchanged += 1  # the entry is as exported, or the text of the source
    elif base == base_of(one.present):
        into.changed.append(one)
    else:
        into.conflicts.append(one)
