"""The agenda of a study visit: created from a template, with computed times, validated and saved in versions."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import groupby, pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone

from evaluation.answers.judgements import Closed, Conflict
from evaluation.models import Agenda, Evaluation, User, Visit
from evaluation.models.reasons import Reason
from evaluation.workflow import Act, register_act
from standards.framework import Framework

DAY_BEGINS = 9 * 60
"""The default minute of the day at which the first session begins."""
LONGEST_DAY = 10 * 60
SHORTEST_SESSION, LONGEST_SESSION = 5, 8 * 60
"""Lengths, as `LONGEST_DAY`, are in minutes."""
MOST_SESSIONS = 100
LONGEST_TITLE, LONGEST_PEOPLE, LONGEST_GUIDANCE = 200, 300, 2000


# --- Sessions and templates ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Session:
    """A session of a visit. `starts` is a minute of the day; if None, it begins when the previous session ends.

    `keys` are the permanent keys of the domains, standards and indicators that it examines.
    """

    title: str
    day: int = 1
    minutes: int = 60
    starts: int | None = None
    people: str = ""
    keys: tuple[str, ...] = ()
    guidance: str = ""

    @classmethod
    def read(cls, written: dict[str, Any]) -> "Session":
        return cls(**{**written, "keys": tuple(written["keys"])})

    def write(self) -> dict[str, Any]:
        """Return the session as plain data for `Agenda.sessions`."""
        return {name: getattr(self, name) for name in self.__slots__} | {"keys": list(self.keys)}


@dataclass(frozen=True, slots=True)
class TemplateSession:
    """A session of a template. If `day` is None, it is on the day of the previous session.

    With `is_each_domain`, it stands for one session per domain that no other session of the template examines.
    """

    title: str
    minutes: int
    day: int | None = None
    people: str = ""
    keys: tuple[str, ...] = ()
    guidance: str = ""
    is_each_domain: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A template in one language. If none of its sessions has a day, they are spread evenly over its days."""

    name: str
    language: str
    days: int
    sessions: tuple[TemplateSession, ...]
    published_at: datetime | None = None


def begin_sessions(
    template: Template, framework: Framework, *, days: int, visited: Collection[str], title_of: Callable[[str], str]
) -> list[Session]:
    """Return the sessions of a template for a visit of `days` days.

    `visited` are the codes of the domains that the visit examines; `title_of` returns the title of a domain. Keys that
    the edition does not have are left out: a template may be written for a later edition.
    """
    examined = {key for session in template.sessions for key in session.keys}
    found: list[tuple[int | None, Session]] = []
    for one in template.sessions:
        keys = tuple(key for key in one.keys if key in framework.code_by_key)
        session = Session(one.title, 1, one.minutes, None, one.people, keys, one.guidance)
        if not one.is_each_domain:
            found.append((one.day, session))
            continue
        for domain in framework.domains:
            if domain.code in visited and domain.permanent_key not in examined:
                title = f"{domain.code} {title_of(domain.code)}"[:LONGEST_TITLE]
                found.append((one.day, replace(session, title=title, keys=(domain.permanent_key,))))
    if all(day is None for day, _session in found):
        return _spread([session for _day, session in found], min(days, template.days))
    sessions, last = [], 1
    for day, session in found:
        last = day or last
        sessions.append(replace(session, day=last))
    return sorted(sessions, key=lambda session: session.day)


def _spread(sessions: Sequence[Session], days: int) -> list[Session]:
    """Distribute the sessions, in their order, over days of about the same length."""
    total = sum(session.minutes for session in sessions)
    spread, before = [], 0
    for session in sessions:
        middle = 2 * before + session.minutes  # in half minutes
        spread.append(replace(session, day=1 + min(days - 1, middle * days // (2 * total))))
        before += session.minutes
    return spread


# --- Times -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Timed:
    """A session with its times in minutes of the day. `place` is its index in the agenda, from 0."""

    place: int
    session: Session
    start: int
    end: int

    @property
    def starts_at(self) -> time:
        return _as_time(self.start)

    @property
    def ends_at(self) -> time:
        return _as_time(self.end)


def _as_time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def compute_times(sessions: Iterable[Session]) -> list[Timed]:
    """Compute the times of the sessions. Returns them by day."""
    timed: list[Timed] = []
    placed = sorted(enumerate(sessions), key=lambda one: one[1].day)
    for _day, group in groupby(placed, key=lambda one: one[1].day):
        free = DAY_BEGINS
        for place, session in group:
            start = free if session.starts is None else session.starts
            free = start + session.minutes
            timed.append(Timed(place, session, start, free))
    return timed


@dataclass(frozen=True, slots=True)
class SessionProblem:
    """A problem with a field of the session at `place`.

    `code` is one of `after_the_visit`, `overlap` (`other` lasts until `until`) and `too_long_a_day` (of `minutes`).
    """

    place: int
    field: str
    code: str
    other: str = ""
    until: time | None = None
    minutes: int = 0


class InvalidAgenda(ValueError):
    """The times of an agenda are not possible. `problems` has all problems."""

    def __init__(self, problems: list[SessionProblem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


def find_session_problems(sessions: Iterable[Session], days: int) -> list[SessionProblem]:
    """Return the problems of an agenda for a visit of `days` days: sessions after it, overlaps and too long days."""
    problems: list[SessionProblem] = []
    for day, group in groupby(compute_times(sessions), key=lambda one: one.session.day):
        timed = list(group)
        if day > days:
            problems += [SessionProblem(one.place, "day", "after_the_visit") for one in timed]
            continue
        for former, one in pairwise(timed):
            if one.start < former.end:
                until = _as_time(former.end)
                problems.append(SessionProblem(one.place, "starts", "overlap", other=former.session.title, until=until))
        begin, end = timed[0].start, max(one.end for one in timed)
        if end - begin > LONGEST_DAY or end > 24 * 60:
            last = next(one for one in timed if one.end - begin > LONGEST_DAY or one.end > 24 * 60)
            problems.append(SessionProblem(last.place, "minutes", "too_long_a_day", minutes=end - begin))
    return problems


# --- Saving ----------------------------------------------------------------------------------------------------------


def is_agenda_open(visit: Visit) -> bool:
    """Whether the agenda may change: from the agreement on days until the findings are signed off.

    False for an excused hotline.
    """
    return (
        visit.agreed_days is not None
        and visit.state not in Visit.AFTER_SIGN_OFF
        and visit.evaluation.state != Evaluation.State.EXCUSED
    )


def is_for_other_days(agenda: Agenda, visit: Visit) -> bool:
    """Whether the visit was moved since the agenda was saved, or has fewer days than the agenda."""
    is_moved = agenda.planned_for is not None and agenda.planned_for != visit.starts_on
    return is_moved or any(session.day > visit.days for session in sessions_of(agenda))


def newest_agenda(visit: Visit) -> Agenda | None:
    return visit.agendas.select_related("by").first()


def sessions_of(agenda: Agenda | None) -> list[Session]:
    return [Session.read(written) for written in agenda.sessions] if agenda else []


@transaction.atomic
def save_agenda(visit: Visit, agenda: Agenda, *, seen: int) -> Agenda | Conflict | Closed:
    """Save a new version if `seen` is still the number of the newest version and the agenda may change.

    An unchanged agenda for the same days is not saved again, so that a repeated request has no effect. Raises
    InvalidAgenda.
    """
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    newest = newest_agenda(visit)
    if not is_agenda_open(visit):
        return Closed()
    if newest and newest.sessions == agenda.sessions and not is_for_other_days(newest, visit):
        return newest
    if seen != (newest.version if newest else 0):
        return Conflict(newest)
    if problems := find_session_problems(sessions_of(agenda), visit.days):
        raise InvalidAgenda(problems)
    agenda.visit, agenda.version, agenda.planned_for = visit, seen + 1, visit.starts_on
    agenda.save(force_insert=True)
    return agenda


def _find_sending_reasons(visit: Visit, *, by: User | None, note: str, agenda: Agenda) -> list[Reason]:
    """Return why this version cannot be sent: a newer version, already sent, or the days of the visit changed."""
    newest = newest_agenda(visit)
    if newest is None or newest.pk != agenda.pk:
        return [Reason("newer_agenda")]
    if newest.sent_at is not None:
        return [Reason("agenda_was_sent")]
    return [Reason("agenda_for_other_days")] if is_for_other_days(newest, visit) else []


def _mark_as_sent(_visit: Visit, *, by: User | None, agenda: Agenda) -> None:
    Agenda.objects.filter(pk=agenda.pk).update(sent_at=timezone.now())


def _name_version(_visit: Visit, _note: str, *, agenda: Agenda) -> str:
    return str(agenda.version)


register_act(Visit.kind, "send_agenda", act=Act(check=_find_sending_reasons, note=_name_version, prepare=_mark_as_sent))


def write_agenda(
    sessions: Iterable[Session], *, language: str, template: str, published_at: datetime | None, by: User
) -> Agenda:
    """Return an unsaved agenda with these sessions."""
    return Agenda(
        sessions=[session.write() for session in sessions],
        language=language,
        template_name=template,
        template_published_at=published_at,
        by=by,
    )
