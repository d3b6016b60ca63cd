"""Propose the exchange visits with the largest gain after travel costs, as an integer programme solved by HiGHS. Pure.

A variable is 1 if a visit takes place. An indicator of a hotline counts in one visit only: if a hotline may travel more
than once, another variable is 1 if an indicator counts in a visit. The numbers of visits of each hotline as visitor and
as host are limited.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluation.exchanges.matches import Match, Side, find_matches

KM_A_POINT = 250
"""The number of kilometres that cost as much as one point of gain."""
UNKNOWN_KM = 2000
"""The distance that is assumed if it is not known."""
MOST_HOSTS = 8
"""The number of hosts considered per hotline: those with the largest gain after travel costs."""
MOST_NODES = 2_000
"""The number of search nodes after which HiGHS is stopped."""


@dataclass(frozen=True, slots=True)
class ProposedVisit:
    """A proposed visit. Its match has the indicators that count in it."""

    match: Match
    cost: int

    @property
    def net(self) -> int:
        return self.match.gain - self.cost


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposed visits, and an upper bound for any programme."""

    visits: tuple[ProposedVisit, ...]
    bound: int
    """The gain after costs that no programme of these matches exceeds."""

    @property
    def gain(self) -> int:
        return sum(visit.match.gain for visit in self.visits)

    @property
    def cost(self) -> int:
        return sum(visit.cost for visit in self.visits)

    @property
    def net(self) -> int:
        return self.gain - self.cost

    @property
    def is_best(self) -> bool:
        return self.net == self.bound


def cost_of(match: Match) -> int:
    """Return the cost of travel, in points of gain, rounded down."""
    return (UNKNOWN_KM if match.kilometres is None else match.kilometres) // KM_A_POINT


def propose_programme(sides: Sequence[Side], travels: int, most_nodes: int = MOST_NODES) -> Proposal:
    """Return the programme with the largest gain after costs, in which each hotline travels at most `travels` times."""
    hosting = {side.country: side.offer.most for side in sides if side.offer is not None}
    matches = [match for side in sides for match in _considered(find_matches(side, sides))]
    if not matches or travels < 1:
        return Proposal((), 0)
    columns = _number(matches, travels)
    values, is_best = _solve(matches, columns, hosting, travels, most_nodes)
    visits = []
    for number, match in enumerate(matches):
        gains = {key: gain for key, gain in match.gains.items() if values[columns.get((number, key), number)]}
        if gains:
            visits.append(ProposedVisit(replace(match, gains=gains), cost_of(match)))
    proposal = Proposal(tuple(visits), 0)
    return replace(proposal, bound=proposal.net if is_best else bound_of(matches, hosting, travels))


def _considered(matches: Iterable[Match]) -> list[Match]:
    """Return the best matches of one hotline, at most `MOST_HOSTS`, whose gain exceeds their cost."""
    worthwhile = [match for match in matches if match.gain > cost_of(match)]
    return sorted(worthwhile, key=lambda match: (cost_of(match) - match.gain, match.host))[:MOST_HOSTS]


def bound_of(matches: Iterable[Match], hosting: Mapping[str, int], travels: int) -> int:
    """Return an upper bound of the gain after costs: the smaller of the sums over visitors and over hosts.

    Each sum has the best visits of every hotline, ignoring all other limits and counting indicators in every visit.
    """
    by_visitor, by_host = defaultdict(list), defaultdict(list)
    for match in matches:
        net = max(match.gain - cost_of(match), 0)
        by_visitor[match.visitor].append(net)
        by_host[match.host].append(net)
    visitors = sum(sum(sorted(nets)[-travels:]) for nets in by_visitor.values())
    return min(visitors, sum(sum(sorted(nets)[-hosting[host] :]) for host, nets in by_host.items()))


def _number(matches: Sequence[Match], travels: int) -> dict[tuple[int, str], int]:
    """Number the variables of indicators that could count in several visits of a hotline, after those of the visits.

    Any other indicator counts if its visit takes place.
    """
    seen = Counter((match.visitor, key) for match in matches for key in match.gains)
    pairs = (
        (number, key)
        for number, match in enumerate(matches)
        for key in match.gains
        if travels > 1 and seen[match.visitor, key] > 1
    )
    return {pair: column for column, pair in enumerate(pairs, len(matches))}


def _solve(
    matches: Sequence[Match],
    columns: Mapping[tuple[int, str], int],
    hosting: Mapping[str, int],
    travels: int,
    most_nodes: int,
) -> tuple[list[int], bool]:
    """Return the values of all variables, and whether they are proven optimal. `columns` are those of indicators."""
    from evaluation.engine.improvement.programme import Programme  # noqa: PLC0415 - loads HiGHS only when it is needed

    programme = Programme([0] * (len(matches) + len(columns)), most_nodes)
    visitors, hosts, needs = defaultdict(list), defaultdict(list), defaultdict(list)
    for number, match in enumerate(matches):
        visitors[match.visitor].append(number)
        hosts[match.host].append(number)
    for (number, key), column in columns.items():
        needs[matches[number].visitor, key].append(column)
    for numbers in visitors.values():
        programme.require(dict.fromkeys(numbers, -1), -travels)
    for host, numbers in hosts.items():
        programme.require(dict.fromkeys(numbers, -1), -hosting[host])
    for numbers in needs.values():
        programme.require(dict.fromkeys(numbers, -1), -1)
    for (number, _key), column in columns.items():
        programme.require({number: 1, column: -1}, 0)
    costs = {
        number: cost_of(match) - sum(gain for key, gain in match.gains.items() if (number, key) not in columns)
        for number, match in enumerate(matches)
    }
    costs |= {column: -matches[number].gains[key] for (number, key), column in columns.items()}
    is_best = programme.minimise(costs, least=-bound_of(matches, hosting, travels))
    programme.minimise(dict.fromkeys(range(len(matches)), 1))  # the optimal solution with the fewest visits
    return programme.values, is_best
