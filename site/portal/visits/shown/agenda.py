"""The agenda of a study visit as pages and letters show it: day by day, with times and what each session examines."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.models import Agenda, Visit
from evaluation.visits.agendas import Session, SessionProblem, Timed, compute_times, sessions_of
from standards.framework import Framework
from standards.presentation.sentences import Passage


@dataclass(frozen=True, slots=True)
class ExaminedStandard:
    """A standard that a session examines. `url` is the page where it is examined; empty for users who do not do so."""

    code: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownSession:
    times: str
    title: Passage
    people: Passage
    guidance: Passage
    standards: tuple[ExaminedStandard, ...]


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day of an agenda. `is_after`: it is after the last day of the visit, which was shortened since."""

    number: int
    date: date
    is_after: bool
    sessions: tuple[ShownSession, ...]


@dataclass(frozen=True, slots=True)
class ShownAgenda:
    days: tuple[ShownDay, ...]
    template: Passage
    published_at: datetime | None
    version: int
    by: str
    at: datetime
    sent_at: datetime | None


UrlOf = Callable[[str], str]
"""Returns the URL of the page of a standard by its code, or an empty string."""


def _no_url(_code: str) -> str:
    return ""


def show_agenda(agenda: Agenda, visit: Visit, framework: Framework, *, url_of: UrlOf = _no_url) -> ShownAgenda:
    """Return an agenda for display, with the dates of its days."""
    days = groupby(compute_times(sessions_of(agenda)), key=lambda timed: timed.session.day)
    return ShownAgenda(
        days=tuple(
            ShownDay(
                number,
                day_of(visit, number),
                number > visit.days,
                show_sessions(timed, framework, agenda.language, url_of=url_of),
            )
            for number, timed in days
        ),
        template=Passage(agenda.template_name, agenda.language),
        published_at=agenda.template_published_at,
        version=agenda.version,
        by=agenda.by.name,
        at=agenda.at,
        sent_at=agenda.sent_at,
    )


def describe_times(timed: Timed) -> str:
    """Return the begin and the end of a session, in the local time of the hotline."""
    return f"{timed.starts_at:%H:%M} – {timed.ends_at:%H:%M}"


def show_sessions(
    timed: Iterable[Timed], framework: Framework, language: str, *, url_of: UrlOf = _no_url
) -> tuple[ShownSession, ...]:
    return tuple(
        ShownSession(
            describe_times(one),
            Passage(one.session.title, language),
            Passage(one.session.people, language),
            Passage(one.session.guidance, language),
            tuple(ExaminedStandard(code, url_of(code)) for code in find_standards(one.session.keys, framework)),
        )
        for one in timed
    )


def write_days(days: Iterable[ShownDay]) -> str:
    """Return the days as plain text, in the active language around the texts of the agenda."""
    written = []
    for day in days:
        heading = _("Day %(number)s: %(weekday)s, %(date)s") % {
            "number": day.number,
            "weekday": date_format(day.date, "l"),
            "date": date_format(day.date, "DATE_FORMAT"),
        }
        lines = [f"{one.times}  {_with_people(one)}" for one in day.sessions]
        written.append("\n".join([heading, *lines]))
    return "\n\n".join(written)


def _with_people(session: ShownSession) -> str:
    return f"{session.title} ({session.people})" if session.people.text else str(session.title)


def find_standards(keys: Iterable[str], framework: Framework) -> list[str]:
    """Return the codes of the standards of the parts with these keys, in the order of the Guide."""
    wanted = set(keys)
    return [
        standard.code
        for standard in framework.standards.values()
        if not wanted.isdisjoint(
            (
                framework.domain_of[standard.code].permanent_key,
                standard.permanent_key,
                *(indicator.permanent_key for indicator in standard.indicators),
            )
        )
    ]


def day_of(visit: Visit, number: int) -> date:
    assert visit.starts_on is not None  # an agenda is saved for a visit with days
    return visit.starts_on + timedelta(days=number - 1)


def name_day(visit: Visit, number: int) -> str:
    """Return the number of a day with its date; a day after the visit has none."""
    if number > visit.days:
        return _("Day %(number)s, after the visit") % {"number": number}
    day = date_format(day_of(visit, number), "DATE_FORMAT")
    return _("Day %(number)s, %(day)s") % {"number": number, "day": day}


def describe_session_problem(problem: SessionProblem, sessions: list[Session]) -> str:
    """Return what is wrong with a field of a session, and how to correct it."""
    if problem.code == "after_the_visit":
        return _("The visit ends before this day. Choose one of its days.")
    if problem.code == "overlap":
        return _("“%(other)s” lasts until %(until)s. Begin later, or leave this empty.") % {
            "other": problem.other,
            "until": f"{problem.until:%H:%M}",
        }
    length = f"{problem.minutes // 60}:{problem.minutes % 60:02}"
    return _(
        "Day %(day)s takes %(length)s hours to the end of this session. A day has at most 10 hours and ends by "
        "midnight. Shorten a session, or move one to another day."
    ) % {"day": sessions[problem.place].day, "length": length}
