"""Matches between hotlines, and the programme with the largest gain after the cost of travel."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.exchanges.distances import CAPITALS, kilometres
from evaluation.exchanges.matches import Match, Offer, Side, find_matches, match_sides
from evaluation.exchanges.proposal import bound_of, cost_of, propose_programme

EN, FR = frozenset({"en"}), frozenset({"fr"})


def side(country: str, weak: dict[str, int] | None = None, strong: str = "", **more) -> Side:
    languages = more.pop("languages", EN)
    offer = Offer(more.pop("most", 1), more.pop("hosts_in", languages), frozenset(strong)) if strong else None
    return Side(country, languages, weak or {}, offer, more.pop("place", CAPITALS.get(country)))


def test_a_match_needs_an_offer_a_common_language_and_strength_where_the_other_is_weak():
    visitor = side("PT", {"a": 2, "b": 3})
    assert match_sides(visitor, side("ES", strong="ac")) == Match("PT", "ES", {"a": 2}, ("en",), 503)
    assert match_sides(visitor, side("ES")) is None
    assert match_sides(visitor, side("ES", strong="c")) is None
    assert match_sides(visitor, side("ES", strong="a", languages=FR)) is None
    assert match_sides(visitor, side("PT", strong="a")) is None
    assert match_sides(side("XA", {"a": 1}), side("ES", strong="a")).kilometres is None


def test_the_best_matches_come_first_then_the_nearest():
    visitor = side("PT", {"a": 2, "b": 3})
    hosts = [side("PL", strong="b"), side("FR", strong="b"), side("ES", strong="a"), side("GB", strong="ab")]
    assert [match.host for match in find_matches(visitor, hosts)] == ["GB", "FR", "PL", "ES"]
    hosts.append(side("XA", strong="b"))  # a code without a known location
    assert [match.host for match in find_matches(visitor, hosts)] == ["GB", "FR", "PL", "XA", "ES"]


@pytest.mark.parametrize(("one", "other", "km"), [("BE", "NL", 173), ("PT", "FI", 3362), ("BE", "BE", 0)])
def test_distances_are_great_circles(one: str, other: str, km: int):
    assert abs(kilometres(CAPITALS[one], CAPITALS[other]) - km) <= 15
    assert kilometres(CAPITALS[one], CAPITALS[other]) == kilometres(CAPITALS[other], CAPITALS[one])


def test_travel_costs_so_that_a_small_gain_far_away_is_not_proposed():
    far = [side("PT", {"a": 3}), side("FI", strong="a")]
    near = [side("PT", {"a": 3}), side("ES", strong="a")]
    assert propose_programme(far, 1).visits == ()
    (visit,) = propose_programme(near, 1).visits
    assert (visit.match.host, visit.cost, visit.net) == ("ES", 2, 1)


def test_an_indicator_counts_at_one_visit_only():
    sides = [side("BE", {"a": 5, "b": 5}), side("NL", strong="ab"), side("LU", strong="ab")]
    proposal = propose_programme(sides, 2)
    assert (len(proposal.visits), proposal.gain, proposal.is_best) == (1, 10, True)


def test_nobody_travels_for_what_is_worth_no_more_than_the_way():
    sides = [side("BE", {"a": 5, "b": 5, "c": 5}), side("NL", strong="ab"), side("ES", strong="bc")]
    proposal = propose_programme(sides, 2)
    assert cost_of(match_sides(sides[0], sides[2])) == 5, "as much as is gained there beside the other visit"
    assert ([visit.match.host for visit in proposal.visits], proposal.net) == (["NL"], 10)


def best_by_trying(sides: list[Side], travels: int) -> int:
    """Return the largest gain after costs of all sets of visits."""
    matches = [match for one in sides for match in find_matches(one, sides)]
    hosting = {one.country: one.offer.most for one in sides if one.offer}
    best = 0
    for size in range(1, len(matches) + 1):
        for chosen in combinations(matches, size):
            if any(sum(m.visitor == one.country for m in chosen) > travels for one in sides):
                continue
            if any(sum(m.host == host for m in chosen) > most for host, most in hosting.items()):
                continue
            counted = {(m.visitor, key): gain for m in chosen for key, gain in m.gains.items()}
            best = max(best, sum(counted.values()) - sum(map(cost_of, chosen)))
    return best


COUNTRIES = ("BE", "NL", "PT", "FI")
networks = st.tuples(
    *(
        st.builds(
            lambda weak, strong, most, languages, country=country: side(
                country, weak, "".join(sorted(strong)), most=most, languages=frozenset(languages)
            ),
            st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), max_size=2),
            st.sets(st.sampled_from("abcd"), max_size=2),
            st.integers(1, 2),
            st.sets(st.sampled_from(("en", "fr")), min_size=1),
        )
        for country in COUNTRIES
    )
)


@given(networks, st.integers(1, 2))
@settings(max_examples=20, deadline=None)
def test_the_programme_is_the_best_of_all(network: tuple[Side, ...], travels: int):
    sides = list(network)
    proposal = propose_programme(sides, travels)
    assert (proposal.net, proposal.is_best) == (best_by_trying(sides, travels), True)
    matches = [match for one in sides for match in find_matches(one, sides)]
    hosting = {one.country: one.offer.most for one in sides if one.offer}
    assert proposal.net <= bound_of(matches, hosting, travels)
    assert propose_programme(sides, travels) == proposal
    for one in sides:
        assert sum(visit.match.visitor == one.country for visit in proposal.visits) <= travels
        hosted = sum(visit.match.host == one.country for visit in proposal.visits)
        assert hosted <= (one.offer.most if one.offer else 0)


def test_a_search_that_is_cut_short_still_has_a_programme_and_an_honest_bound():
    sides = [
        side(country, {key: 2 + (n * k) % 5 for k, key in enumerate("abcdef")}, "abcdef"[n % 3 : n % 3 + 3], most=2)
        for n, country in enumerate(sorted(CAPITALS))
    ]
    cut, whole = propose_programme(sides, 1, most_nodes=0), propose_programme(sides, 1)
    assert cut.net <= whole.net <= cut.bound
    assert whole.is_best
