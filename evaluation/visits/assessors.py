"""Read the assessors as plain data for the assignment of teams: their skills, and what excludes them from visits."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from evaluation.models import (
    Absence,
    AssessorProfile,
    Evaluation,
    Hotline,
    Membership,
    Role,
    Round,
    TeamMember,
    User,
    Visit,
)
from evaluation.visits.assignment import Assessor, Period


class _Seat(NamedTuple):
    """A seat in the team of a visit: the user, the hotline's country, the round, and the days if they are agreed."""

    user: int
    country: str
    round: int
    starts_on: date | None
    ends_on: date | None


def assessors_today() -> QuerySet[User]:
    """Return the active users who are assessors today, by name."""
    memberships = Membership.objects.today().filter(role=Role.ASSESSOR)
    return User.objects.filter(is_active=True, pk__in=memberships.values("user")).order_by("name", "pk")


def read_assessors(round_: Round, hotlines: Collection[Hotline]) -> list[tuple[User, Assessor]]:
    """Return today's assessors by name, each with the data for assigning the visits of a round to these hotlines.

    A constant number of queries.
    """
    absences = Prefetch("absences", Absence.objects.filter(ends_on__gte=round_.today))
    people = list(assessors_today().select_related("assessor_profile").prefetch_related(absences, "stakes__hotline"))
    seats, tied = _read_seats(), _read_roles(hotlines)
    by_person: dict[int, list[_Seat]] = defaultdict(list)
    for seat in seats:
        by_person[seat.user].append(seat)
    last_teams = _find_last_teams(seats, round_, {hotline.country for hotline in hotlines})
    return [
        (person, _as_assessor(person, by_person[person.pk], tied[person.pk], last_teams, round_)) for person in people
    ]


def profile_of(person: User) -> AssessorProfile:
    """Return the profile of an assessor; if none is stored, an unsaved one with the user's own language."""
    try:
        return person.assessor_profile
    except AssessorProfile.DoesNotExist:
        return AssessorProfile(user=person, languages=[person.language])


def is_described(person: User) -> bool:
    """Whether a profile of the assessor is stored."""
    return not profile_of(person)._state.adding


def primary_languages(codes: Iterable[str]) -> frozenset[str]:
    """Return the primary languages of BCP 47 codes: an assessor who speaks French can visit a hotline in `fr-BE`."""
    return frozenset(code.partition("-")[0].lower() for code in codes)


def _read_seats() -> list[_Seat]:
    rows = TeamMember.objects.exclude(visit__state=Visit.State.CANCELLED)
    rows = rows.exclude(visit__evaluation__state=Evaluation.State.EXCUSED).order_by("pk")
    where = ("user", "visit__evaluation__hotline__country", "visit__evaluation__round")
    return [
        _Seat(user, country, round_, *((None, None) if state == Visit.State.PROPOSED else days))
        for user, country, round_, state, *days in rows.values_list(
            *where, "visit__state", "visit__starts_on", "visit__ends_on"
        )
    ]


def _read_roles(hotlines: Collection[Hotline]) -> dict[int, set[str]]:
    """Return the countries of hotlines in which users have or had a role, as in `ties.stakes_of`, by user key."""
    found: dict[int, set[str]] = defaultdict(set)
    roles = Membership.objects.filter(hotline__in=list(hotlines), since__lte=timezone.localdate())
    for user, country in roles.values_list("user", "hotline__country"):
        found[user].add(country)
    return found


def _find_last_teams(seats: Iterable[_Seat], round_: Round, countries: Collection[str]) -> dict[str, set[int]]:
    """Return the keys of the users on the last visit to each hotline in other rounds, by its country."""
    last: dict[str, tuple[date, set[int]]] = {}
    for seat in seats:
        if seat.country not in countries or seat.round == round_.pk or seat.starts_on is None:
            continue
        day, team = last.get(seat.country, (date.min, set()))
        if seat.starts_on > day:
            last[seat.country] = (seat.starts_on, {seat.user})
        elif seat.starts_on == day:
            team.add(seat.user)
    return {country: team for country, (_day, team) in last.items()}


def _as_assessor(
    person: User, seats: Collection[_Seat], roles: Iterable[str], last_teams: dict[str, set[int]], round_: Round
) -> Assessor:
    profile = profile_of(person)
    return Assessor(
        key=str(person.uid),
        country=person.country,
        languages=primary_languages(profile.languages),
        domains=frozenset(profile.domains),
        can_lead=profile.can_lead,
        most_visits=profile.most_visits,
        visits=sum(seat.round == round_.pk for seat in seats),
        is_experienced=any(seat.ends_on and seat.ends_on < round_.today for seat in seats),
        absences=tuple(Period(away.starts_on, away.ends_on) for away in person.absences.all()),
        busy=tuple(
            Period(seat.starts_on, seat.ends_on)
            for seat in seats
            if seat.starts_on and seat.ends_on and seat.ends_on >= round_.today
        ),
        tied=frozenset(stake.hotline.country for stake in person.stakes.all()).union(roles),
        last_visited=frozenset(country for country, team in last_teams.items() if person.pk in team),
    )
