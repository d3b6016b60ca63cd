"""The conditions of the moves of a good practice."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evaluation.guards.reasons import Condition, Reason

if TYPE_CHECKING:
    from evaluation.models import GoodPractice


@Condition
def the_note_is_published_good_practice(practice: "GoodPractice") -> Iterator[Reason]:
    """The assessors' note is still marked as good practice, and the outcome of its evaluation is published."""
    if not practice.finding.good_practice:
        yield Reason("no_good_practice")
    if not practice.evaluation.decisions.filter(publication__isnull=False).exists():
        yield Reason("outcome_not_published")


@Condition
def the_practice_has_a_text(practice: "GoodPractice") -> Iterator[Reason]:
    """Its title, summary and text are written."""
    if not all(getattr(practice, name).strip() for name in practice.TEXTS):
        yield Reason("practice_incomplete")


@Condition
def the_consent_is_to_this_text(practice: "GoodPractice") -> Iterator[Reason]:
    """The newest consent is to the text as it is now."""
    consent = practice.last_consent
    if consent is None or consent.sha256 != practice.digest:
        yield Reason("text_changed")
