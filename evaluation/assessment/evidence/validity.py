"""From when and until when evidence is in force, and what ends before it is needed."""

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


class Lapse(StrEnum):
    """Why evidence may not be in force when somebody looks at it."""

    ENDED = "ended"
    NOT_YET = "not_yet"
    """It is in force from a later day."""
    BEFORE_VISIT = "before_visit"
    BEFORE_DECISION = "before_decision"


class EndsBeforeItBegins(ValueError):
    """The last day is before the first."""


@dataclass(frozen=True, slots=True)
class KeyDates:
    """The days at which evidence should be in force. A `visit` or `decision` that is over or unknown is None."""

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
    """Return the dates that matter to its evidence; None once it is decided or excused, when nothing is warned of."""
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
    """Return from when and until when it is in force; empty if nobody said."""
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
    """Return the day on which the last of an answer's evidence ended; None if something is in force, or there is none."""
    days = [day if day and day < today else None for day in ends]
    return max(day for day in days if day) if days and all(days) else None


def set_force(link: Evidence, *, begins_on: date | None, ends_on: date | None) -> None:
    """Say from when until when evidence is in force, at every answer of its evaluation that has it.

    Raises EndsBeforeItBegins, and Unacceptable after submission and if only answers that stay as submitted have it.
    """
    if begins_on and ends_on and ends_on < begins_on:
        raise EndsBeforeItBegins
    with transaction.atomic():
        locked = require_open(link.evaluation, link.name)
        same = Evidence.objects.filter(evaluation=link.evaluation, document=link.document_id, address=link.address)
        if not any(map(locked.is_answer_open, same.values_list("code", flat=True))):
            raise Unacceptable("not_sent_back", link.name)
        same.update(begins_on=begins_on, ends_on=ends_on)
