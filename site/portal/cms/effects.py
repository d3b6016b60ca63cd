"""The effect of another edition on the last round, with the names of the outcomes."""

from typing import Any

from evaluation.edition_effect import EditionEffect
from standards.editions.comparison import EditionMapping
from standards.presentation.condition_sentences import name_of


def show_outcomes(effect: EditionEffect, mapping: EditionMapping) -> list[dict[str, Any]]:
    """Return the hotlines whose outcome would change, each with the names of both outcomes."""
    is_forward = effect.other == mapping.now.framework.code
    own, other = (mapping.before, mapping.now) if is_forward else (mapping.now, mapping.before)
    return [
        {
            "hotline": row.hotline,
            "was": name_of(own.texts, f"outcome/{row.was}"),
            "would": name_of(other.texts, f"outcome/{row.would}"),
        }
        for row in effect.changed
    ]
