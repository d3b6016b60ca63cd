"""The head of an open self-assessment: the days left or overdue, and sentences about the pace that is needed."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.answers.deadline.pace import Ahead, Pace
from evaluation.models import Evaluation


@dataclass(frozen=True, slots=True)
class Deadline:
    """The head of the page: the number `big` with its `unit`, the line `under` it, and sentences about the pace."""

    big: str
    unit: str
    under: str
    sentences: str


def describe_deadline(evaluation: Evaluation, pace: Pace) -> Deadline:
    """Return the days left or overdue as a number, with the sentences; no number if no last day is set."""
    returned = describe_returned(len(evaluation.returned))
    is_all = bool(returned) and pace.ahead is Ahead.COMPLETE
    paces = ["" if is_all else describe_pace(pace), describe_figures(pace.from_figures), describe_finish(pace)]
    sentences = " ".join(filter(None, [returned, *paces]))
    if pace.until is None:
        return Deadline("", "", "", sentences)
    days = abs(pace.days)
    return Deadline(
        big=str(days),
        unit=ngettext("day over", "days over", days) if pace.days < 0 else ngettext("day left", "days left", days),
        under=_("Submit by %(day)s, 23:59 (time zone %(zone)s)")
        % {"day": date_format(pace.until), "zone": evaluation.round.clock_on(pace.until)},
        sentences=sentences,
    )


def describe_returned(count: int) -> str:
    """Return how many indicators are sent back now; empty for none."""
    if not count:
        return ""
    words = ngettext("%(count)d indicator is sent back.", "%(count)d indicators are sent back.", count)
    return words % {"count": count}


def describe_figures(count: int) -> str:
    """Return how many of the indicators that are left come from figures; empty for none."""
    if not count:
        return ""
    return _("Figures missing: %(count)s.") % {"count": count}


def describe_pace(pace: Pace) -> str:
    """Describe how many indicators are left, and how many a week or a day that makes."""
    if pace.ahead is Ahead.COMPLETE:
        return _("Nothing is left to answer.")
    left = ngettext("%(count)d indicator left", "%(count)d indicators left", pace.left) % {"count": pace.left}
    if pace.ahead is Ahead.NO_LAST_DAY:
        return _("%(left)s. No last day is set.") % {"left": left}
    if pace.ahead is Ahead.LAST_DAY:
        return _("%(left)s, and today is the last day.") % {"left": left}
    count = abs(pace.days)
    if pace.ahead is Ahead.OVER:
        words = ngettext(
            "%(left)s, and the last day was %(count)d day ago.",
            "%(left)s, and the last day was %(count)d days ago.",
            count,
        )
        return words % {"left": left, "count": count}
    if pace.ahead is Ahead.DAYS:
        words = ngettext("%(left)s, %(count)d day: %(rate)d a day.", "%(left)s, %(count)d days: %(rate)d a day.", count)
    else:
        words = ngettext(
            "%(left)s, %(count)d day: about %(rate)d a week.",
            "%(left)s, %(count)d days: about %(rate)d a week.",
            count,
        )
    return words % {"left": left, "count": count, "rate": pace.rate}


def describe_finish(pace: Pace) -> str:
    """Describe when it will be complete at the present pace; empty if unknown, or after the last day."""
    if pace.finishes_on is None or pace.ahead is Ahead.OVER:
        return ""
    day, early = date_format(pace.finishes_on), pace.days_early
    if not early:
        return _("At the present pace it is complete on %(day)s.") % {"day": day}
    count = abs(early)
    if early > 0:
        words = ngettext(
            "At the present pace it is complete on %(day)s, %(count)d day early.",
            "At the present pace it is complete on %(day)s, %(count)d days early.",
            count,
        )
    else:
        words = ngettext(
            "At the present pace it is complete on %(day)s, %(count)d day late.",
            "At the present pace it is complete on %(day)s, %(count)d days late.",
            count,
        )
    return words % {"day": day, "count": count}
