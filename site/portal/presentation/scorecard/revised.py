"""The change of the result by a scorecard that revises the one sent to the hotline."""

from dataclasses import dataclass

from evaluation.models import Evaluation, Scorecard
from portal.presentation.scorecard.decisions import Sign, outcome_signs


@dataclass(frozen=True, slots=True)
class ShownRevised:
    """The result that was sent to the hotline, and that after the replies to its response."""

    was_tenths: int | None
    now_tenths: int | None
    was: Sign
    now: Sign


def show_revised(evaluation: Evaluation, scorecard: Scorecard | None) -> ShownRevised | None:
    """Return both results, or None if the scorecard revises none."""
    if scorecard is None or scorecard.revises is None:
        return None
    signs, before = outcome_signs(evaluation), scorecard.revises
    return ShownRevised(
        before.overall_tenths, scorecard.overall_tenths, signs[before.proposal], signs[scorecard.proposal]
    )
