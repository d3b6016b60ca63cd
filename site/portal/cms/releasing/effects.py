"""The effect of another edition on the last round, with the names of the outcomes."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from evaluation.edition_effect import EditionEffect, find_effect, last_closed_round
from evaluation.guards.permissions import is_allowed
from standards.editions.compared import ComparedEdition, of_release, read_mapping
from standards.editions.comparison import EditionContent, EditionMapping
from standards.framework import Framework, Wording
from standards.models import EditionPage
from standards.presentation.condition_sentences import EditionTexts, name_of
from standards.presentation.sentences import Passage


@dataclass(frozen=True)
class DraftContent(ComparedEdition):
    """A draft as it was read already, from its pages or from a form that is not saved."""

    content: EditionContent

    def read(self) -> EditionContent:
        return self.content


def draft_effect(page: EditionPage, code: str, framework: Framework, texts: Wording, user: Any) -> dict[str, Any]:
    """Return the context of `standards/_rule_effect.html`: the effect of a draft on the last closed round.

    Only the coordinators of MCE see which hotlines would change.
    """
    last, is_mce = last_closed_round(), is_allowed("evaluation.run", user)
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
        "outcomes": show_outcomes(effect, mapping, (former, draft)) if effect and is_mce else [],
    }


def show_outcomes(
    effect: EditionEffect, mapping: EditionMapping, editions: tuple[ComparedEdition, ComparedEdition]
) -> list[dict[str, Any]]:
    """Return the hotlines whose outcome would change, each with the names of both outcomes.

    `editions` are those of the mapping.
    """
    sides = list(zip((mapping.before.texts, mapping.now.texts), editions, strict=True))
    own, other = sides if effect.is_forward else sides[::-1]

    def name(side: tuple[EditionTexts, ComparedEdition], outcome: str) -> Passage:
        texts, edition = side
        return Passage(str(name_of(texts, f"outcome/{outcome}")), edition.source_language)

    return [
        {"hotline": row.hotline, "was": name(own, row.was), "would": name(other, row.would)} for row in effect.changed
    ]
