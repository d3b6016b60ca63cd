"""Keeping the calendar: rounds open on their day, what is over ends, and people are told of each date once."""

from datetime import date

import structlog
from django.db import IntegrityError, transaction

from evaluation.accrediting import expire
from evaluation.due import Due, find_due
from evaluation.models import Reminder, Round
from evaluation.rounds import hotlines_without_people, open_planned_round
from evaluation.workflow import Refusal
from portal import round_letters
from portal.standing_letters import tell_of_date

_log = structlog.get_logger("portal.dates")


def keep_dates(on: date | None = None) -> list[Due]:
    """Do what the calendar asks for by today, or by the day `on`. Again on the same day it does nothing more."""
    return [due for due in find_due(on) if _keep(due)]


def open_rounds(on: date | None = None) -> list[Round]:
    """Open the planned rounds whose opening day has come by today, or by the day `on`; the letters go out with it."""
    return [round_ for round_ in Round.objects.filter(state=Round.State.PLANNED).order_by("pk") if _open(round_, on)]


def _open(round_: Round, on: date | None) -> bool:
    if (on or round_.today) < round_.opens_on:
        return False
    try:
        with transaction.atomic():
            opened = open_planned_round(round_, by=None)
            round_letters.tell_of_opening(opened.evaluations, by=None)
            unreached = hotlines_without_people(evaluation.hotline for evaluation in opened.evaluations)
            round_letters.tell_mce_of_opening(round_, busy=opened.busy, unreached=unreached)
    except Refusal as refused:  # its page says what stands in the way
        _log.warning("round not opened", uid=str(round_.uid), why=str(refused))
        return False
    return True


def _keep(due: Due) -> bool:
    """Remember, act and write in one transaction, so that two who keep the calendar at once write one letter."""
    try:
        with transaction.atomic():
            Reminder.objects.create(about=due.about, uid=due.uid, due_on=due.due_on)
            if due.about == Reminder.About.ENDED:
                expire(due.accreditation, on=due.day)
            tell_of_date(due)
    except (IntegrityError, Refusal) as overtaken:
        _log.info("date kept by somebody else", about=due.about, uid=str(due.uid), why=type(overtaken).__name__)
        return False
    return True
