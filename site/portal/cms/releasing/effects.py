"""The effect of another edition on the last round, with the names of the outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from evaluation.judging.edition_effect import EditionEffect, ResultEffect, find_effect, last_closed_round
from evaluation.models import Hotline
from evaluation.models.people.permissions import is_allowed
from standards.editions.compared import ComparedEdition, of_release, read_mapping
from standards.editions.comparison import EditionContent, EditionMapping
from standards.framework import Framework, Wording
from standards.models import EditionPage
from standards.presentation.condition_sentences import name_of
from standards.presentation.sentences import Passage


@dataclass(frozen=True)
class DraftContent(ComparedEdition):
    """A draft that was already read, from its pages or from an unsaved form."""

    content: EditionContent

    def read(self) -> EditionContent:
        return self.content


def draft_effect(page: EditionPage, code: str, framework: Framework, texts: Wording, user: Any) -> dict[str, Any]:
    """Return the context of `standards/_rule_effect.html`: the effect of a draft on the last closed round.

    Only the coordinators of MCE see which hotlines would change.
    """
    last, is_mce = last_closed_round(), is_allowed("network.follow", user)
    if last is None:
        return {"last_round": None, "is_mce": is_mce}
    draft = DraftContent(code or _("draft"), None, page, EditionContent(framework, texts))
    former = of_release(last.edition)
    mapping = read_mapping(former, draft)
    effect = find_effect(former, draft, mapping)
    return {
        "last_round": last,
        "effect": effect,
        "is_mce": is_mce,
        **(show_effect(effect, mapping, (former, draft), names_hotlines=is_mce) if effect else {}),
    }


@dataclass(frozen=True, slots=True)
class ChangedHotline:
    """A hotline whose outcome would change, with the names of both. `was` is None for a new result."""

    hotline: Hotline
    was: Passage | None
    would: Passage


@dataclass(frozen=True, slots=True)
class ShownResult:
    """The effect on a further result: how many hotlines would have each outcome, and those that would change."""

    name: Passage
    effect: ResultEffect
    found: tuple[tuple[Passage, int], ...]
    outcomes: tuple[ChangedHotline, ...]


def show_effect(
    effect: EditionEffect,
    mapping: EditionMapping,
    editions: tuple[ComparedEdition, ComparedEdition],
    *,
    names_hotlines: bool,
) -> dict[str, Any]:
    """Return the context of `standards/_effect.html`: outcomes by the names of their edition.

    `editions` are those of the mapping.
    """
    sides = [_Side(*side) for side in zip((mapping.before, mapping.now), editions, strict=True)]
    own, other = sides if effect.is_forward else sides[::-1]

    def changed(found: EditionEffect | ResultEffect) -> tuple[ChangedHotline, ...]:
        rows = found.changed if names_hotlines else ()
        return tuple(
            ChangedHotline(row.hotline, own.outcome(row.was) if row.was else None, other.outcome(row.would))
            for row in rows
        )

    return {
        "outcomes": changed(effect),
        "results": [
            ShownResult(
                other.name(f"result/{result.code}"),
                result,
                tuple((other.outcome(outcome), number) for outcome, number in other.in_order(result.found)),
                changed(result),
            )
            for result in effect.results
        ],
    }


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two editions, with the names of its outcomes."""

    content: EditionContent
    edition: ComparedEdition

    def name(self, path: str) -> Passage:
        return Passage(str(name_of(self.content.texts, path)), self.edition.source_language)

    def outcome(self, code: str) -> Passage:
        return self.name(f"outcome/{code}")

    def in_order(self, found: Mapping[str, int]) -> list[tuple[str, int]]:
        """Return the numbers by outcome, in the order in which outcomes are tested."""
        return [(code, found[code]) for code in self.content.framework.outcome_codes if code in found]
