"""Keeping the calendar: what is over ends, and people are told of each date once."""

from datetime import date

import structlog
from django.db import IntegrityError, transaction

from evaluation.accrediting import expire
from evaluation.due import Due, find_due
from evaluation.models import Reminder
from evaluation.workflow import Refusal
from portal.standing_letters import tell_of_date

_log = structlog.get_logger("portal.dates")


def keep_dates(on: date | None = None) -> list[Due]:
    """Do what the calendar asks for by today, or by the day `on`. Again on the same day it does nothing more."""
    return [due for due in find_due(on) if _keep(due)]


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
