"""The day and the names of a reason, formatted for its sentences."""

from django.utils.formats import date_format

from evaluation.models.reasons import Reason


def day_of(reason: Reason) -> str:
    return date_format(reason.day) if reason.day else ""


def names_of(reason: Reason) -> str:
    return ", ".join(reason.names)
