"""The conditions of the moves of a consultation."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evaluation.guards.reasons import Condition, Reason

if TYPE_CHECKING:
    from evaluation.models import Consultation


@Condition
def the_consultation_begins(consultation: "Consultation") -> Iterator[Reason]:
    """The opening day has come and the last day has not passed, in the consultation's time zone."""
    if consultation.today < consultation.opens_on:
        yield Reason("consultation_opens_later", day=consultation.opens_on)
    yield from the_last_day_is_to_come.reasons(consultation)


@Condition
def the_last_day_is_to_come(consultation: "Consultation") -> Iterator[Reason]:
    """The last day of the consultation has not passed in its time zone."""
    if consultation.today > consultation.closes_on:
        yield Reason("consultation_is_over", day=consultation.closes_on)


@Condition
def somebody_is_invited(consultation: "Consultation") -> Iterator[Reason]:
    """At least one hotline or assessor is invited."""
    if not (consultation.hotlines.exists() or consultation.assessors.exists()):
        yield Reason("nobody_invited")


@Condition
def the_edition_is_a_draft(consultation: "Consultation") -> Iterator[Reason]:
    """The pages of the edition exist, and it is not released."""
    if consultation.page is None or consultation.page.why_frozen():
        yield Reason("edition_is_no_draft", names=(consultation.edition_code,))
