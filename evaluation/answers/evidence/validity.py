"""The first and last day on which evidence is in force, and whether it ends before it is needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.files.documents import require_open
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, Evidence
from evaluation.models.day_bounds import find_day_reasons
from evaluation.models.reasons import Reason


class Lapse(StrEnum):
    """The reason why evidence may not be in force when it is examined."""

    ENDED = "ended"
    NOT_YET = "not_yet"
    """It is in force from a later day."""
    BEFORE_VISIT = "before_visit"
    BEFORE_DECISION = "before_decision"


class OutsideBounds(ValueError):
    """A day of evidence is outside its bounds. `field` is its field, and `reason` has the bounds."""

    def __init__(self, field: str, reason: Reason) -> None:
        super().__init__(field)
        self.field, self.reason = field, reason


class EndsBeforeItBegins(ValueError):
    """The last day is before the first."""


@dataclass(frozen=True, slots=True)
class KeyDates:
    """The days on which evidence should be in force. `visit` is None if its first day has come or is unknown."""

    today: date
    visit: date | None
    decision: date | None
    """The earliest day on which the panel can decide: the visit or the submission, then the time to respond."""

    def lapse_of(self, begins_on: date | None, ends_on: date | None) -> Lapse | None:
        """Return why evidence with these days may not be in force, the nearest reason first."""
        if ends_on and ends_on < self.today:
            return Lapse.ENDED
        if begins_on and begins_on > self.today:
            return Lapse.NOT_YET
        if ends_on and self.visit and ends_on < self.visit:
            return Lapse.BEFORE_VISIT
        if ends_on and self.decision and ends_on < self.decision:
            return Lapse.BEFORE_DECISION
        return None


def key_dates_of(evaluation: Evaluation) -> KeyDates | None:
    """Return the key dates of an evaluation; None once it is decided or excused, as no warnings are shown then."""
    if evaluation.is_decided or evaluation.state == Evaluation.State.EXCUSED:
        return None
    today, visit = evaluation.round.today, evaluation.arranged_visit
    days = visit.agreed_days if visit else None
    last = days[1] if days else evaluation.answers_until
    return KeyDates(
        today=today,
        visit=days[0] if days and days[0] > today else None,
        decision=max(today, last) + timedelta(days=evaluation.framework.procedure.response_days),
    )


def describe_force(begins_on: date | None, ends_on: date | None) -> str:
    """Format the days on which evidence is in force; empty if both are None."""
    days = {
        "first": date_format(begins_on, "SHORT_DATE_FORMAT") if begins_on else "",
        "last": date_format(ends_on, "SHORT_DATE_FORMAT") if ends_on else "",
    }
    if begins_on and ends_on:
        return _("in force %(first)s to %(last)s") % days
    if begins_on:
        return _("in force from %(first)s") % days
    return _("in force until %(last)s") % days if ends_on else ""


def ended_on(ends: Iterable[date | None], today: date) -> date | None:
    """Return the latest of the last days if all are before `today`; None if one is not, is None, or there are none."""
    days = [day if day and day < today else None for day in ends]
    return max(day for day in days if day) if days and all(days) else None


def set_force(link: Evidence, *, begins_on: date | None, ends_on: date | None) -> None:
    """Set the days in force of evidence, at every answer of its evaluation to which it is attached.

    Raises EndsBeforeItBegins and OutsideBounds. Raises Unacceptable after submission, and if it is attached only to fixed answers.
    """
    if begins_on and ends_on and ends_on < begins_on:
        raise EndsBeforeItBegins
    today = link.evaluation.round.today
    for field, day in (("begins_on", begins_on), ("ends_on", ends_on)):
        for reason in find_day_reasons(f"evidence.{field}", day, today):
            raise OutsideBounds(field, reason)
    with transaction.atomic():
        locked = require_open(link.evaluation, link.name)
        same = Evidence.objects.filter(evaluation=link.evaluation, document=link.document_id, address=link.address)
        if not any(map(locked.is_answer_open, same.values_list("code", flat=True))):
            raise Unacceptable("not_sent_back", link.name)
        same.update(begins_on=begins_on, ends_on=ends_on)
