"""The conditions of a decision: evidence, check, ruling, extension, and the outcome once all of them are met."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from evaluation.due_dates import find_condition_dates, find_due
from evaluation.files.kinds import Unacceptable
from evaluation.models import Accreditation, Fulfilment, Recommendation, Reminder, Role, Step
from evaluation.models.reasons import Reason
from evaluation.panel.appeals import lodge
from evaluation.panel.corrections import propose
from evaluation.panel.decisions import Demand, Verdict, decide
from evaluation.panel.fulfilments import add_proof, withdraw_proof
from evaluation.workflow import Refusal, find_reasons, perform
from portal.reminders.calendar import keep_dates
from tests.bystander import new
from tests.factories import SUBSTANCE, IssueFactory, StakeFactory, person, withdraw
from tests.follow_ups import CODE, DECIDED_ON, Conditional, Followed
from tests.small_edition import RULE, SMALL

pytestmark = pytest.mark.django_db

State = Fulfilment.State
DUE = DECIDED_ON + timedelta(days=80)
LAST = date(2027, 3, 2)


@pytest.fixture
def conditional(one_condition: Conditional) -> Conditional:
    return one_condition


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Conditional:
    return Conditional(monkeypatch, demands=2)


def codes(thing, name, by, **more) -> list[str]:
    with pytest.raises(Refusal) as caught:
        perform(thing, name, by=by, note="Words.", **more)
    return [reason.code for reason in caught.value.reasons]


# --- The way ---------------------------------------------------------------------------------------------------------


def test_a_decision_sets_its_conditions(conditional):
    condition = conditional.condition
    assert (condition.state, condition.due_on, condition.is_asked) == (State.SET, DUE, True)


def test_the_way_to_a_met_condition_and_the_outcome_it_brings(conditional):
    first, granted = conditional.first, conditional.accreditation
    condition = conditional.meet()
    assert condition.state == State.MET
    assert [s.move for s in Step.objects.filter(kind="fulfilment").order_by("pk")] == ["send", "record_check", "meet"]
    newest = conditional.evaluation.current_decision
    assert (newest.kind, newest.outcome, newest.replaces) == ("met", "accredited", first)
    assert (newest.decided_on, newest.valid_until, newest.counts_from) == (date(2026, 4, 11), LAST, DECIDED_ON)
    assert (newest.reasons, newest.decided_by) == ("It is met.", conditional.people.panel)
    first.refresh_from_db()
    assert (first.outcome, conditional.evaluation.state) == ("conditional", "decided")
    granted.refresh_from_db()
    assert granted.state == "valid"  # until the new outcome is published
    IssueFactory(decision=newest)
    conditional.publish()
    granted.refresh_from_db()
    assert (granted.state, conditional.accreditation.state) == ("replaced", "valid")
    assert conditional.accreditation.decision == newest


def test_the_outcome_changes_with_the_last_condition_only(two):
    first, second = two.conditions
    two.meet(first)
    assert two.evaluation.current_decision == two.first
    two.meet(second)
    assert two.evaluation.current_decision.kind == "met"


def test_an_edition_that_declares_nothing_keeps_the_outcome(monkeypatch):
    outcomes = tuple(replace(outcome, becomes="") for outcome in RULE.outcomes)
    conditional = Conditional(monkeypatch, framework=replace(SMALL, rule=replace(RULE, outcomes=outcomes)))
    conditional.meet()
    assert (conditional.evaluation.current_decision, conditional.evaluation.state) == (conditional.first, "published")


def test_evidence_is_needed_and_cannot_be_changed_once_it_is_sent(conditional):
    assert codes(conditional.condition, "send", conditional.coordinator) == ["no_proof"]
    proof = add_proof(conditional.condition, by=conditional.coordinator, words="There is no document yet.")
    withdraw_proof(proof, by=conditional.coordinator)
    condition = conditional.send()
    with pytest.raises(Unacceptable, match="not_under_way"):
        add_proof(condition, by=conditional.coordinator, words="More.")
    perform(condition, "send_back", by=conditional.people.mce, note="The rota of May is missing.")
    assert condition.state == State.SET
    with pytest.raises(Unacceptable, match="submitted"):
        withdraw_proof(condition.proofs.get(), by=conditional.coordinator)
    with pytest.raises(Unacceptable, match="shown_already"):
        add_proof(condition, by=conditional.coordinator, address="https://example.org/rota")


def test_an_unmet_condition_can_be_shown_again_or_extended(conditional):
    condition = conditional.fail()
    assert (condition.state, conditional.evaluation.current_decision) == (State.NOT_MET, conditional.first)
    add_proof(condition, by=conditional.coordinator, words="Now both.")
    perform(condition, "send", by=conditional.coordinator, note="Now both.")
    conditional.check(condition, seems_met=False)
    perform(condition, "extend", by=conditional.people.panel, note="Summer.", until=date(2026, 9, 1))
    assert (condition.state, condition.due_on, condition.requirement.due_on) == (State.EXTENDED, date(2026, 9, 1), DUE)
    step = Step.objects.filter(kind="fulfilment", move="extend").get()
    assert step.words.note == "2026-05-21 > 2026-09-01: Summer."


def test_a_check_is_withdrawn_and_only_a_check_that_found_it_met_is_confirmed(conditional):
    condition = conditional.check(seems_met=False)
    assert codes(condition, "meet", conditional.people.panel) == ["check_says_not_met"]
    perform(condition, "withdraw_check", by=conditional.people.mce, note="I read the wrong file.")
    conditional.check(condition)
    perform(condition, "meet", by=conditional.people.second, note="Yes.")
    assert condition.is_met


# --- Who -------------------------------------------------------------------------------------------------------------


def test_who_sent_it_does_not_check_it_and_who_checked_it_does_not_rule(conditional):
    both = person(Role.MCE_COORDINATOR, Role.PANEL_MEMBER, country="XY")
    conditional.stage.evaluation.declarations.create(user=both, has_stake=False)
    condition = conditional.send()
    assert codes(condition, "record_check", conditional.coordinator, seems_met=True) == ["not_permitted"]
    perform(condition, "record_check", by=both, note="We read it.", seems_met=True)
    for move, needs in (("meet", {}), ("fail", {}), ("extend", {"until": LAST})):
        assert codes(condition, move, both, **needs) == ["checked_it_oneself"]
    assert codes(condition, "meet", conditional.people.mce) == ["not_permitted"]


def test_a_tie_binds_the_check_and_the_ruling(conditional):
    condition, hotline = conditional.send(), conditional.stage.evaluation.hotline
    StakeFactory(user=conditional.people.mce, hotline=hotline)
    assert codes(condition, "record_check", conditional.people.mce, seems_met=True) == ["coordinator_is_tied"]
    perform(condition, "record_check", by=person(Role.MCE_COORDINATOR), note="We read it.", seems_met=True)
    StakeFactory(user=conditional.people.panel, hotline=hotline)
    assert codes(condition, "meet", conditional.people.panel) == ["has_a_stake"]


# --- Days ------------------------------------------------------------------------------------------------------------


def test_a_condition_is_due_after_the_time_to_appeal_and_before_the_accreditation_ends(monkeypatch):
    conditional = Followed(monkeypatch, outcome="accredited")
    conditional.follow_up()
    conditional.visit_again()
    conditional.agree("conditional")
    on = conditional.evaluation.round.today
    for day, last in ((on + timedelta(days=30), LAST), (LAST + timedelta(days=1), LAST)):
        verdict = Verdict("conditional", SUBSTANCE, (Demand("Write it.", day),))
        with pytest.raises(Refusal) as caught:
            decide(conditional.evaluation, verdict, by=conditional.people.panel, on=on)
        assert caught.value.reasons == (Reason("requirement_without_day", day=on + timedelta(days=31), last=last),)


@pytest.mark.parametrize("until", [None, DUE, LAST + timedelta(days=1)])
def test_an_extension_is_within_the_accreditation(conditional, until):
    condition = conditional.check(seems_met=False)
    with pytest.raises(Refusal) as caught:
        perform(condition, "extend", by=conditional.people.panel, note="More.", until=until)
    assert caught.value.reasons == (Reason("extended_outside", day=DUE + timedelta(days=1), last=LAST),)
    perform(condition, "extend", by=conditional.people.panel, note="More.", until=LAST)
    with pytest.raises(Refusal, match="same_deadline"):
        perform(condition, "extend", by=conditional.people.second, note="More.", until=LAST)


def test_nobody_extends_a_condition_alone(conditional):
    first, second = conditional.people.panel, conditional.people.second
    assert codes(conditional.condition, "extend", first, until=LAST) == ["wrong_state"]
    conditional.go_to(DUE + timedelta(days=1))
    keep_dates(DUE + timedelta(days=1))
    assert codes(conditional.condition, "extend", first, until=LAST) == ["not_checked"]
    condition = conditional.check(seems_met=False)
    perform(condition, "fail", by=first, note="One night has one name.")
    assert codes(condition, "extend", first, until=LAST) == ["another_member_extends"]
    perform(condition, "extend", by=second, note="Summer.", until=LAST)
    earlier = LAST - timedelta(days=1)
    assert codes(condition, "extend", second, until=earlier) == ["another_member_extends"]
    perform(condition, "extend", by=first, note="A day too long.", until=earlier)


def test_a_running_extension_of_a_condition_is_shortened_until_the_day_after_the_first_one(conditional):
    condition, people = conditional.check(seems_met=False), conditional.people
    for by, until in ((people.panel, LAST), (people.second, DUE + timedelta(days=1))):
        perform(condition, "extend", by=by, note="Typed wrongly.", until=until)
        assert conditional.condition.due_on == until
    with pytest.raises(Refusal) as caught:
        perform(condition, "extend", by=people.panel, note="More.", until=DUE)
    assert caught.value.reasons == (Reason("extended_outside", day=DUE + timedelta(days=1), last=LAST),)


@pytest.mark.parametrize(
    ("days", "about"),
    [(61, None), (60, "condition_60"), (30, "condition_30"), (7, "condition_7"), (-1, "condition_late")],
)
def test_a_condition_is_reminded_before_its_day_and_when_it_is_late(conditional, days, about):
    found = [due.about for due in find_condition_dates(DUE - timedelta(days=days))]
    assert found == ([about] if about else [])


def test_a_late_condition_goes_to_the_panel_once(conditional):
    conditional.go_to(DUE + timedelta(days=1))
    keep_dates(DUE + timedelta(days=1))
    keep_dates(DUE + timedelta(days=2))
    assert conditional.condition.state == State.NOT_MET
    assert Reminder.objects.filter(about="condition_late").count() == 1


def test_what_waits_for_the_check_is_not_late(conditional):
    conditional.send()
    assert list(find_condition_dates(DUE + timedelta(days=9))) == []


# --- What else happens -----------------------------------------------------------------------------------------------


def test_an_open_appeal_suspends_the_conditions(two):
    two.go_to(DECIDED_ON + timedelta(days=20))
    checked = two.check(two.conditions[0])
    appeal = lodge(two.first, "Nobody looked at the night.", by=two.coordinator)
    two.go_to(DUE + timedelta(days=19))
    assert codes(checked, "meet", two.people.panel) == ["appeal_is_open"]
    assert codes(checked, "extend", two.people.panel, until=LAST) == ["appeal_is_open"]
    assert list(find_condition_dates()) == []
    perform(appeal, "withdraw", by=two.coordinator, note="We show it instead.")
    assert [due.about for due in find_condition_dates()] == ["condition_late"]
    perform(checked, "meet", by=two.people.panel, note="It is met.")


def test_a_correction_takes_over_what_became_of_a_condition(two):
    two.send()
    asked = (Demand("Write the rota of the nights.", DUE, CODE), Demand("Name a deputy.", DUE + timedelta(days=10)))
    on = two.evaluation.round.today
    correction = propose(two.evaluation, Verdict("conditional", SUBSTANCE, asked), by=two.people.panel, on=on)
    assert codes(two.check(), "meet", two.people.panel) == ["correction_is_open"]
    perform(correction, "confirm", by=two.people.second, on=on)
    newest = two.evaluation.current_decision
    assert [(one.requirement.text, one.state) for one in newest.find_fulfilments()] == [
        ("Write the rota of the nights.", "checked"),
        ("Name a deputy.", "set"),
    ]
    assert new(Fulfilment).count() == 2


@pytest.mark.parametrize("move", ["withdraw", "give_up"])
def test_a_withdrawn_accreditation_ends_its_conditions(conditional, move):
    condition = conditional.send()
    if move == "give_up":
        perform(conditional.accreditation, move, by=conditional.coordinator, note="The service is closed.")
    else:
        withdraw(conditional.accreditation, by=conditional.people.mce)
    assert codes(condition, "record_check", conditional.people.mce, seems_met=True) == ["condition_is_over"]
    assert not Fulfilment.objects.open().exists()
    assert not [due for due in find_due(DUE) if due.fulfilment]


def test_a_suspension_leaves_the_conditions_as_they_are(conditional):
    perform(conditional.accreditation, "suspend", by=conditional.people.mce, note="The line is silent at night.")
    conditional.meet()
    newest = conditional.evaluation.current_decision
    IssueFactory(decision=newest)
    conditional.publish()
    assert (newest.outcome, conditional.accreditation.state) == ("accredited", "suspended")


def test_an_ended_accreditation_ends_its_conditions(conditional):
    condition = conditional.send()
    conditional.go_to(LAST + timedelta(days=1))
    assert codes(condition, "record_check", conditional.people.mce, seems_met=True) == ["has_ended"]
    keep_dates(LAST + timedelta(days=1))
    assert conditional.accreditation.state == Accreditation.State.EXPIRED
    assert codes(condition, "record_check", conditional.people.mce, seems_met=True) == ["condition_is_over"]


def test_a_follow_up_visit_is_a_check_and_its_decision_ends_the_conditions(conditional):
    conditional.go_to(date(2026, 4, 12))
    condition = conditional.condition
    assert codes(condition, "record_check", conditional.people.mce, seems_met=True) == ["nothing_to_check"]
    conditional.follow_up(date(2026, 4, 13))
    conditional.begin_visit(CODE)
    conditional.record()
    conditional.finish()
    perform(condition, "record_check", by=conditional.people.lead, note="We saw two at night.", seems_met=True)
    assert codes(condition, "meet", conditional.people.panel) == ["wrong_state"]
    conditional.propose()
    conditional.respond()
    conditional.decide("accredited")
    assert find_reasons(condition, "meet", conditional.people.panel)[0].code == "condition_is_over"


# --- The panel's new decision ----------------------------------------------------------------------------------------


def test_the_panel_decides_anew_by_quorum_after_an_unmet_condition(conditional):
    granted = conditional.accreditation
    assert codes(conditional.evaluation, "reconsider", conditional.people.panel) == ["no_unmet_condition"]
    conditional.fail()
    perform(conditional.evaluation, "reconsider", by=conditional.people.panel, note="The night is not covered.")
    assert (conditional.evaluation.state, conditional.evaluation.tally.cast) == ("decision", 0)
    conditional.agree("not_accredited")
    conditional.go_to(date(2026, 4, 20))
    decided = conditional.decide("not_accredited")
    assert (decided.kind, decided.replaces, decided.valid_until) == ("unmet", conditional.first, None)
    conditional.publish()
    granted.refresh_from_db()
    assert granted.state == "replaced"


def test_a_new_decision_after_an_unmet_condition_counts_from_the_first_one(conditional):
    former = conditional.first
    conditional.fail()
    perform(conditional.evaluation, "reconsider", by=conditional.people.panel, note="The night is not covered.")
    conditional.agree("accredited")
    conditional.go_to(date(2026, 4, 20))
    decided = conditional.decide("accredited")
    assert (decided.kind, decided.followed_up, decided.counts_from) == ("unmet", former, former.counts_from)


def test_the_panel_may_leave_the_decision_as_it_is(conditional):
    conditional.fail()
    perform(conditional.evaluation, "reconsider", by=conditional.people.panel, note="The night is not covered.")
    perform(conditional.evaluation, "keep_decision", by=conditional.people.second, note="We extend it.")
    assert (conditional.evaluation.state, conditional.evaluation.current_decision) == ("published", conditional.first)
    assert conditional.evaluation.shown_scorecard == conditional.first.scorecard
    perform(conditional.condition, "extend", by=conditional.people.second, note="More.", until=LAST)


# --- The recommendation on the same indicator ------------------------------------------------------------------------


def test_a_recommendation_on_the_same_indicator_is_followed_as_the_condition(conditional):
    recommendation = Recommendation.objects.get(code=CODE, evaluation=conditional.stage.evaluation)
    assert recommendation.due_on == DUE
    assert codes(recommendation, "accept", conditional.coordinator) == ["followed_as_condition"]
    perform(conditional.check(seems_met=False), "extend", by=conditional.people.panel, note="More.", until=LAST)
    recommendation.refresh_from_db()
    assert recommendation.due_on == LAST
    conditional.meet()
    recommendation.refresh_from_db()
    assert recommendation.state == "verified"
