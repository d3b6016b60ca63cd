"""The dates of an evaluation, relative to its visit, and the teams of visits."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations

from evaluation.models import Role
from portal.demonstration.clock import is_working_day, working_day
from portal.demonstration.hotlines import Line, State
from portal.demonstration.people import COLLEAGUE, LEAD, STAFF

SUBMITTED, ARRANGED, ACCEPTED, READ, ANSWERED = -45, -31, -29, -24, -17
SIGNED_OFF, SCORED, RESPONDED, REPLIED = 5, 12, 23, 30
VOTED, DECIDED, PRINTED, PUBLISHED = 40, 47, 49, 79
"""Days before and after the first day of the visit. An outcome is published when its time for an appeal is over."""
LEADS = "XI"
"""The hotline that the lead assessor of the sign-in page visits now, with her colleague."""
BEGINS = 12
"""Days from the opening of a round to a hotline's first answer."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The dates of one evaluation: its visit, and all others relative to it."""

    line: Line
    opened: date
    visit: date
    team: tuple[str, ...]
    """Addresses, the lead first."""

    def day(self, after: int) -> date:
        """Return a working day a number of days after the visit began."""
        return working_day(self.visit + timedelta(days=after), forth=after >= 0)

    @property
    def last_day(self) -> date:
        """Return the second day of the visit."""
        return working_day(self.visit + timedelta(days=1))


def plan_visits(lines: list[tuple[Line, date, date]]) -> list[Plan]:
    """Return the plans of evaluations, given as (line, opening day, wanted day of the visit).

    Without an arranged visit there is no team. Visits are on two consecutive working days. A team is never on two
    visits at once, nobody visits their own country, and assessors with the fewest visits are next.
    """
    assessors = [person for person in STAFF if person.role is Role.ASSESSOR]
    country = {person.address: person.country for person in assessors}
    busy: dict[str, set[date]] = {address: set() for address in country}
    plans = []
    for line, opened, wanted in sorted(lines, key=lambda found: (found[0].country != LEADS, found[2])):
        first = working_day(wanted)
        while not is_working_day(first) or not is_working_day(first + timedelta(days=1)):
            first -= timedelta(days=1)  # Thursday and Friday rather than Friday and Monday
        if line.reaches in (State.SELF_ASSESSMENT, State.DESK_REVIEW, State.EXCUSED):
            plans.append(Plan(line, opened, first, ()))
            continue
        days = {first, first + timedelta(days=1)}
        free = [a for a in country if not days & busy[a] and country[a] != line.country]
        team = (LEAD, COLLEAGUE) if line.country == LEADS else _least_used(free, busy, line)
        for address in team:
            busy[address] |= days
        plans.append(Plan(line, opened, first, team))
    return plans


def _least_used(free: list[str], busy: dict[str, set[date]], line: Line) -> tuple[str, ...]:
    if line.reaches is State.STUDY_VISIT:  # the demonstration's lead assessor leads these visits
        free = [address for address in free if address not in (LEAD, COLLEAGUE)]
    pairs = permutations(free, 2)
    return min(pairs, key=lambda pair: (sum(len(busy[a]) for a in pair), 2 * len(busy[pair[0]]), pair))
