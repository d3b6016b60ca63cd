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
from standards.presentation.condition_sentences import name_of


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
        "outcomes": show_outcomes(effect, mapping) if effect and is_mce else [],
    }


def show_outcomes(effect: EditionEffect, mapping: EditionMapping) -> list[dict[str, Any]]:
    """Return the hotlines whose outcome would change, each with the names of both outcomes."""
    own, other = (mapping.before, mapping.now) if effect.is_forward else (mapping.now, mapping.before)
    return [
        {
            "hotline": row.hotline,
            "was": name_of(own.texts, f"outcome/{row.was}"),
            "would": name_of(other.texts, f"outcome/{row.would}"),
        }
        for row in effect.changed
    ]
