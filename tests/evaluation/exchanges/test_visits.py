"""Visits between hotlines: who sees what of whom, requests, reports, and the results of a visit."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.exchanges.distances import CAPITALS
from evaluation.exchanges.proposal import propose_programme
from evaluation.exchanges.visits import (
    exchanges_of,
    find_level_changes,
    matches_of,
    offer_to_host,
    read_published_standings,
    read_sides,
    read_sides_to_plan,
    read_standings,
    request_exchange,
    withdraw_offer,
)
from evaluation.models import Accreditation, Answer, Decision, Exchange, Finding, Hotline, Role, Round, User
from evaluation.workflow import Refusal, perform
from tests.evaluation.workflow.racing import at_once
from tests.evaluation.workflow.random_walks import walks
from tests.factories import (
    DecisionFactory,
    ExchangeFactory,
    HotlineFactory,
    PublicationFactory,
    RoundFactory,
    person,
    scorecard_of,
    write_answer,
)
from tests.stage import Stage

pytestmark = pytest.mark.django_db

State = Exchange.State
TODAY = timezone.localdate()


def place_of(hotline: Hotline):
    return CAPITALS.get(hotline.country)


class Two:
    """A hotline that is weak in 1.1.2, and one that is strong in it and has offered to host."""

    def __init__(self) -> None:
        self.weak = Stage.minimal("published")
        self.strong = Stage("published", self.weak.people, country="", round=self.weak.round, for_pages=False)
        for stage, level in ((self.weak, 0), (self.strong, 3)):
            Hotline.objects.filter(pk=stage.hotline.pk).update(languages="en, pl")
            stage.hotline.refresh_from_db()
            write_answer(stage.evaluation, "1.1.2", Finding, level=level, words="Seen.")
            correction = DecisionFactory(
                scorecard=scorecard_of(stage.evaluation), kind=Decision.Kind.CORRECTION, replaces=stage.decision
            )
            PublicationFactory(decision=correction)
        self.domains = [domain.permanent_key for domain in self.weak.evaluation.framework.domains]
        self.offer()

    def offer(self, **other) -> None:
        given = {"most": 1, "domains": self.domains, "languages": ["en"], **other}
        offer_to_host(self.strong.hotline, **given, by=self.strong.coordinator)

    def request(self, by: User | None = None, **other) -> Exchange:
        given = {"visitor": self.weak.hotline, "host": self.strong.hotline, "keys": ["1.1.2"], "message": "May we?"}
        return request_exchange(**(given | other), by=by or self.weak.coordinator)

    def matches(self) -> list[tuple[str, list[str]]]:
        found = matches_of(self.weak.hotline, place_of)
        return [(match.host, sorted(match.gains)) for match in found]


@pytest.fixture
def two() -> Two:
    return Two()


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


# --- Who sees what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["suspended", "withdrawn", "expired", "replaced"])
def test_only_an_accredited_hotline_is_proposed_as_a_host(state: str):
    two = Two()
    assert two.matches() == [(two.strong.hotline.country, ["1.1.2"])]
    Accreditation.objects.filter(hotline=two.strong.hotline, state="valid").update(state=state)
    assert two.matches() == []
    assert [side.country for side in read_sides_to_plan(place_of) if side.offer] == []
    with pytest.raises(Refusal):
        two.request()


def test_an_accreditation_whose_last_day_is_over_proposes_no_host_before_its_expiry_is_recorded(
    monkeypatch: pytest.MonkeyPatch,
):
    two = Two()
    assert two.matches() == [(two.strong.hotline.country, ["1.1.2"])]
    later = timezone.now() + timedelta(days=4000)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert two.matches() == []


def test_a_hotline_sees_only_strong_indicators_that_are_offered_in_a_published_outcome(two: Two):
    host = two.strong.hotline.country
    assert two.matches() == [(host, ["1.1.2"])]
    two.offer(domains=two.domains[1:])
    assert two.matches() == []
    two.offer(languages=["mt"])
    assert two.matches() == []
    decided = Stage("decided", two.weak.people, country="", round=two.weak.round, for_pages=False)
    assert list(read_published_standings([two.strong.hotline, decided.hotline])) == [two.strong.hotline.pk]


def test_what_was_computed_since_the_published_decision_changes_no_strength(two: Two):
    """MCE includes corrected figures in a new score, which is public once the panel has decided on it."""
    write_answer(two.strong.evaluation, "1.1.2", Finding, level=0, words="Seen again.")
    scorecard_of(two.strong.evaluation)
    assert two.matches() == [(two.strong.hotline.country, ["1.1.2"])]


def test_without_an_offer_nobody_sees_where_a_hotline_is_strong(two: Two):
    withdraw_offer(two.strong.hotline, by=two.strong.coordinator)
    assert two.matches() == []
    for user in (two.weak.coordinator, two.weak.people.mce, person(Role.CONTRIBUTOR, hotline=two.strong.hotline)):
        with pytest.raises(Refusal):
            offer_to_host(two.strong.hotline, most=1, domains=two.domains, languages=["en"], by=user)
    assert two.matches() == []


def test_a_weakness_weighs_by_its_steps_to_the_best_level_and_its_obligation(two: Two):
    weak = two.weak.evaluation
    write_answer(weak, "9.1.2", Finding, level=2, words="Seen.")
    for model in (Answer, Finding):
        write_answer(weak, "1.2.1", model, not_applicable=True, words="Not here.")
    scorecard_of(weak)
    found = read_standings([two.weak.hotline])[two.weak.hotline.pk].weak()
    assert {key: found.get(key) for key in ("1.1.2", "9.1.2", "1.2.1")} == {
        "1.1.2": 3 * 2,
        "9.1.2": 1 * 3,
        "1.2.1": None,
    }


def test_what_is_not_decided_yet_is_nobodys_weakness(two: Two):
    type(two.weak.evaluation).objects.filter(pk=two.weak.evaluation.pk).update(state="decision")
    assert two.matches() == [(two.strong.hotline.country, ["1.1.2"])], (
        "a follow-up visit changes nothing until it is decided"
    )
    Accreditation.objects.filter(hotline=two.weak.hotline).delete()
    assert two.matches() == []


def test_during_a_follow_up_a_hotline_stands_as_it_was_decided(two: Two):
    for stage in (two.weak, two.strong):
        type(stage.evaluation).objects.filter(pk=stage.evaluation.pk).update(state="response")
        write_answer(stage.evaluation, "1.1.2", Finding, level=3 if stage is two.weak else 0, words="Seen again.")
        scorecard_of(stage.evaluation)
    assert two.matches() == [(two.strong.hotline.country, ["1.1.2"])]


@pytest.mark.everywhere
def test_more_hotlines_ask_no_more(two: Two, django_assert_num_queries):
    Stage("published", two.weak.people, country="", round=two.weak.round, for_pages=False)
    with django_assert_num_queries(6):
        sides = read_sides(place_of)
    assert sum(side.offer is not None for side in sides) == 1


def test_a_programme_knows_the_visits_there_are_already(two: Two):
    def proposed() -> list[tuple[str, str]]:
        sides = read_sides_to_plan(lambda _hotline: CAPITALS["BE"])
        return [(one.match.visitor, one.match.host) for one in propose_programme(sides, 1).visits]

    pair = (two.weak.hotline.country, two.strong.hotline.country)
    assert proposed() == [pair]
    other = ExchangeFactory(host=two.strong.hotline, state=State.ACCEPTED)
    assert proposed() == [], "the host has no room left"
    two.offer(most=2)
    assert proposed() == [pair]
    own = two.request()
    assert proposed() == [], "the visitor has asked already"
    perform(own, "cancel", by=two.weak.coordinator, note="Not this year.")
    Exchange.objects.filter(pk=other.pk).update(requested_at=timezone.now() - timedelta(days=400))
    two.offer(most=1)
    assert proposed() == [pair]


# --- Requests --------------------------------------------------------------------------------------------------------


def test_a_request_keeps_the_levels_before_and_is_made_once(two: Two):
    exchange = two.request(keys=["1.1.2", "9.1.1", "none"])
    assert (exchange.state, exchange.levels) == (State.REQUESTED, {"1.1.2": 0})
    with pytest.raises(Refusal) as refused:
        two.request()
    assert codes(refused) == ["exchange_is_open"]
    with pytest.raises(Refusal) as refused:
        two.request(visitor=two.strong.hotline, host=two.weak.hotline, by=two.strong.coordinator)
    assert codes(refused) == ["host_offers_no_more"]


def test_only_a_coordinator_of_the_visitor_requests(two: Two):
    for user in (two.strong.coordinator, two.weak.people.mce, person(Role.CONTRIBUTOR, hotline=two.weak.hotline)):
        with pytest.raises(Refusal):
            two.request(by=user)


@pytest.mark.everywhere
def test_the_database_refuses_what_cannot_be(two: Two):
    two.request()
    odd = (
        {"visitor": two.weak.hotline, "host": two.strong.hotline},
        {"visitor": two.weak.hotline, "host": two.weak.hotline},
        {"state": State.HELD, "report": ""},
        {"state": State.CLOSED, "held_on": None},
    )
    for given in odd:
        with pytest.raises(IntegrityError), transaction.atomic():
            ExchangeFactory(**given)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.HELD, State.CLOSED])
def test_a_host_accepts_no_more_than_it_offers(two: Two, state: str):
    ExchangeFactory(state=state)  # of another host
    ExchangeFactory(host=two.strong.hotline, state=State.DECLINED)
    ExchangeFactory(host=two.strong.hotline, state=state)
    exchange = two.request()
    with pytest.raises(Refusal) as refused:
        perform(exchange, "accept", by=two.strong.coordinator)
    assert codes(refused) == ["host_is_full"]
    two.offer(most=2)
    perform(exchange, "accept", by=two.strong.coordinator)
    withdraw_offer(two.strong.hotline, by=two.strong.coordinator)
    other = ExchangeFactory(host=two.strong.hotline)
    with pytest.raises(Refusal) as refused:
        perform(other, "accept", by=two.strong.coordinator)
    assert codes(refused) == ["host_offers_no_more"]


@pytest.mark.django_db(transaction=True)
def test_two_visits_accepted_at_once_are_no_more_than_the_host_offers():
    host = HotlineFactory()
    by = person(Role.COORDINATOR, hotline=host)
    offer_to_host(host, most=1, domains=[], languages=["en"], by=by)
    keys = [ExchangeFactory(host=host).pk for _visitor in range(2)]

    def accept(key: int):
        return perform(Exchange.objects.get(pk=key), "accept", by=User.objects.get(pk=by.pk))

    results = at_once(*(partial(accept, key) for key in keys))
    lost = [result for result in results if isinstance(result, Refusal)]
    assert [[reason.code for reason in refusal.reasons] for refusal in lost] == [["host_is_full"]], results
    assert Exchange.objects.filter(state=State.ACCEPTED).count() == 1


def test_both_sides_and_mce_see_a_visit_and_nobody_else(two: Two):
    exchange = two.request()
    for user in (two.weak.coordinator, two.strong.coordinator, two.weak.people.mce):
        assert list(exchanges_of(user)) == [exchange]
    for user in (person(Role.COORDINATOR, hotline=HotlineFactory()), two.weak.people.assessor, person()):
        assert list(exchanges_of(user)) == []


def test_a_report_is_written_after_the_visit(two: Two):
    exchange = two.request()
    perform(exchange, "accept", by=two.strong.coordinator)
    for day, report, code in (
        (TODAY + timedelta(days=1), "Seen.", "visit_is_to_come"),
        (TODAY - timedelta(days=1), "Seen.", "visit_before_request"),
        (TODAY, " ", "report_missing"),
    ):
        with pytest.raises(Refusal) as refused:
            perform(exchange, "hold", by=two.weak.coordinator, day=day, report=report)
        assert codes(refused) == [code]
    perform(exchange, "hold", by=two.weak.coordinator, day=TODAY, report="Seen. ")
    perform(exchange, "close", by=two.strong.coordinator)
    assert (exchange.state, exchange.report) == (State.CLOSED, "Seen.")


def test_what_came_of_it_is_in_the_next_decided_evaluation(two: Two):
    exchange = two.request()
    perform(exchange, "accept", by=two.strong.coordinator)
    perform(exchange, "hold", by=two.weak.coordinator, day=TODAY, report="Seen.")
    assert find_level_changes(exchange) is None
    later = RoundFactory(edition=two.weak.round.edition, opens_on=TODAY + timedelta(days=30), state=Round.State.OPEN)
    after = Stage("decision", two.weak.people, country="", round=later, for_pages=False)
    type(after.evaluation).objects.filter(pk=after.evaluation.pk).update(hotline=two.weak.hotline)
    assert find_level_changes(exchange) is None
    write_answer(after.evaluation, "1.1.2", Finding, level=2, words="Seen.")
    scorecard_of(after.evaluation)
    type(after.evaluation).objects.filter(pk=after.evaluation.pk).update(state="decided")
    standing, changes = find_level_changes(exchange)
    assert standing.evaluation == after.evaluation
    assert [(one.key, one.before, one.after) for one in changes] == [("1.1.2", 0, 2)]


# --- Random moves ----------------------------------------------------------------------------------------------------


class Visiting(RuleBasedStateMachine):
    """The state machine of two visits to one host that offers one, moved at random by both sides and MCE."""

    @initialize()
    def begin(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.host = HotlineFactory()
        people = {"host": person(Role.COORDINATOR, hotline=self.host), "mce": person(Role.MCE_COORDINATOR)}
        self.exchanges = []
        for name in ("a", "b"):
            visitor = HotlineFactory()
            people[name] = person(Role.COORDINATOR, hotline=visitor)
            self.exchanges.append(ExchangeFactory(visitor=visitor, host=self.host, held_on=None, report=""))
        self.people = people
        offer_to_host(self.host, most=1, domains=[], languages=["en"], by=people["host"])

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @rule(
        which=st.integers(0, 1),
        name=st.sampled_from(("accept", "accept", "decline", "close", "cancel", "hold", "hold")),
        who=st.sampled_from(("host", "host", "a", "b", "mce")),
        late=st.booleans(),
    )
    def move(self, which, name, who, late):
        exchange = self.exchanges[which]
        needs = {"day": TODAY + timedelta(days=late), "report": "Seen."} if name == "hold" else {}
        before = exchange.state
        try:
            perform(exchange, name, by=self.people[who], note="For a reason.", **needs)
        except Refusal:
            exchange.refresh_from_db()
            assert exchange.state == before
            return
        sides = {"accept": "host", "decline": "host", "close": "host", "hold": "ab"[which]}
        assert who == sides.get(name, who)

    @rule(is_offered=st.booleans())
    def offer(self, is_offered):
        if is_offered:
            offer_to_host(self.host, most=1, domains=[], languages=["en"], by=self.people["host"])
        else:
            withdraw_offer(self.host, by=self.people["host"])

    @invariant()
    def the_host_has_no_more_than_it_offered_and_what_was_held_is_reported(self):
        taken = [one for one in self.exchanges if one.state in (State.ACCEPTED, State.HELD, State.CLOSED)]
        assert len(taken) <= 1
        assert all(bool(one.report and one.held_on) == one.is_over for one in self.exchanges)


@pytest.mark.everywhere
def test_whatever_both_sides_do_a_host_has_no_more_than_it_offered():
    run_state_machine_as_test(Visiting, settings=walks(8, steps=14))
