"""The daily calendar: begins and ends rounds, consultations and deadlines, and writes about each date once."""

from datetime import date, timedelta

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from evaluation.due_dates import Due, find_due
from evaluation.models import Consultation, Reminder, Round, Step
from evaluation.workflow import Refusal, perform
from portal.operations.models import CalendarRun
from portal.reminders.letters import write_date_letters

_log = structlog.get_logger("portal.reminders.calendar")


MOST_DAYS_APART = 60
"""The longest time in days between two runs of the calendar. After a longer one, a person must confirm the clock."""


class ImplausibleClock(Exception):
    """The clock is too far from the last known day, `last`."""

    def __init__(self, today: date, last: date) -> None:
        super().__init__(today, last)
        self.today, self.last = today, last


def keep_dates(on: date | None = None, *, clock_is_right: bool = False) -> list[Due]:
    """Do what is due by today, or by the day `on`, and return it. A second run on the same day repeats nothing.

    Without `on`, raises ImplausibleClock if today is far from the last day on which the calendar ran or a step was
    written, unless `clock_is_right`: with a wrong clock, accreditations would expire for everybody.
    """
    if on is None:
        _check_clock(clock_is_right)
    done = [due for due in find_due(on) if _record(due)]
    if on is None:
        CalendarRun.objects.update_or_create(pk=1, defaults={"at": timezone.now()})
    return done


def _check_clock(clock_is_right: bool) -> None:
    today, last = timezone.localdate(), last_known_day()
    if last and not clock_is_right and not timedelta(days=-2) <= today - last <= timedelta(days=MOST_DAYS_APART):
        raise ImplausibleClock(today, last)


def last_known_day() -> date | None:
    """Return the last day on which the calendar ran; before the first run, that of the newest step."""
    last_run = CalendarRun.objects.aggregate(last=Max("at"))["last"]
    moment = last_run or Step.objects.aggregate(last=Max("at"))["last"]
    return timezone.localdate(moment) if moment else None


def open_rounds(on: date | None = None) -> list[Round]:
    """Open the planned rounds whose opening day has come by today, or by the day `on`, with their letters."""
    return [round_ for round_ in Round.objects.filter(state=Round.State.PLANNED).order_by("pk") if _open(round_, on)]


def _open(round_: Round, on: date | None) -> bool:
    if (on or round_.today) < round_.opens_on:
        return False
    try:
        perform(round_, "open", by=None)
    except Refusal as refused:  # the page of the round shows the reasons
        _log.warning("round not opened", uid=str(round_.uid), why=str(refused))
        return False
    return True


def keep_consultations(on: date | None = None) -> list[Consultation]:
    """Open and close the consultations whose day has come by today, or by the day `on`, with their letters."""
    moved = []
    for consultation in Consultation.objects.exclude(state=Consultation.State.CLOSED).order_by("pk"):
        day = on or consultation.today
        if consultation.is_draft and consultation.opens_on <= day:
            name = "open"
        elif not consultation.is_draft and day > consultation.closes_on:
            name = "close"
        else:
            continue
        try:
            perform(consultation, name, by=None)
        except Refusal as refused:  # the page of the consultation shows the reasons
            _log.warning("consultation not moved", uid=str(consultation.uid), move=name, why=str(refused))
        else:
            moved.append(consultation)
    return moved


def _record(due: Due) -> bool:
    """Record the date, act on it and write letters in one transaction, so that concurrent runs write one letter."""
    try:
        with transaction.atomic():
            Reminder.objects.create(
                about=due.about, uid=due.uid, due_on=due.due_on, occasion=due.occasion, at=timezone.now()
            )
            if due.about == Reminder.About.ENDED and due.accreditation:
                perform(due.accreditation, "expire", by=None, on=due.day)
            if due.about == Reminder.About.CONDITION_LATE and due.fulfilment:
                perform(due.fulfilment, "run_out", by=None, on=due.day)
            write_date_letters(due)
    except (IntegrityError, Refusal) as overtaken:
        _log.info("date kept by somebody else", about=due.about, uid=str(due.uid), why=type(overtaken).__name__)
        return False
    return True
