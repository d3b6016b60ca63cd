"""An appeal: in time, once, with grounds; heard by others with quorum and majority; upheld, dismissed, withdrawn."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from evaluation.models import (
    Appeal,
    AppealDeclaration,
    AppealVote,
    Decision,
    EarlierVisit,
    Evaluation,
    Role,
    Ruling,
    Stake,
    Step,
    User,
)
from evaluation.models.people.permissions import is_allowed
from evaluation.models.reasons import Reason
from evaluation.panel import appeals
from evaluation.panel.decisions import Demand, Verdict
from evaluation.workflow import Refusal, perform, verify_chain
from tests.bystander import new
from tests.evaluation.workflow.racing import at_once
from tests.factories import (
    SUBSTANCE,
    AppealFactory,
    CorrectionFactory,
    DecisionFactory,
    DeclarationFactory,
    VoteFactory,
    person,
)
from tests.stage import Stage

pytestmark = pytest.mark.django_db

GROUNDS = "Nobody looked at the night shift."
TODAY = date(2026, 5, 20)


@pytest.fixture(autouse=True)
def _a_day_within_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 5, 20, 12, tzinfo=UTC))


def contested(outcome: str = "conditional") -> tuple[Stage, Appeal, list[User]]:
    """Return a decided evaluation, the appeal against it, and three members who may hear it."""
    stage = Stage.minimal("decided")
    decision = stage.evaluation.decisions.get()
    if outcome != decision.outcome:
        newest = DecisionFactory(
            scorecard=decision.scorecard,
            replaces=decision,
            outcome=outcome,
            decided_by=stage.people.panel,
            kind="correction",
        )
        assert stage.evaluation.decisions.first() == newest
    appeal = appeals.lodge(stage.evaluation.decisions.first(), GROUNDS, by=stage.coordinator)
    return stage, appeal, [person(Role.PANEL_MEMBER) for _ in range(3)]


def hear(appeal: Appeal, members: list[User], outcome: str) -> None:
    for member in members:
        appeals.declare(appeal, by=member)
        appeals.vote(appeal, outcome, "So I read it.", by=member)


def refused(act) -> tuple[Reason, ...]:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        act()
    return refusal.value.reasons


# --- Lodging ---------------------------------------------------------------------------------------------------------


def test_the_coordinator_contests_a_decision_and_the_grounds_are_sealed_in_the_log():
    stage, appeal, _members = contested()
    assert (appeal.state, appeal.grounds, appeal.lodged_by) == ("lodged", GROUNDS, stage.coordinator)
    steps = Step.objects.filter(kind="appeal", uid=appeal.uid).select_related("words__by")
    assert [(step.move, step.words.note) for step in steps] == [("lodge", GROUNDS)]
    assert verify_chain(steps) == []


@pytest.mark.parametrize(
    ("moment", "reasons"),
    [
        (datetime(2026, 6, 3, 21, 59, 59, tzinfo=UTC), ()),
        (datetime(2026, 6, 3, 22, 0, tzinfo=UTC), (Reason("too_late", day=date(2026, 6, 3)),)),
    ],
    ids=["23:59 in Brussels on the last day", "midnight in Brussels"],
)
def test_the_last_day_counts_to_its_end_where_the_round_keeps_its_deadlines(monkeypatch, moment, reasons):
    stage = Stage.minimal("decided")
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert tuple(appeals.find_appeal_reasons(stage.evaluation.decisions.get(), by=stage.coordinator)) == reasons


def test_nobody_else_contests_it():
    stage = Stage.minimal("decided")
    decision = stage.evaluation.decisions.get()
    for other in (
        stage.people.mce,
        stage.people.panel,
        stage.people.lead,
        person(),
        person(Role.CONTRIBUTOR, hotline=stage.evaluation.hotline),
    ):
        assert refused(lambda other=other: appeals.lodge(decision, GROUNDS, by=other)) == (Reason("not_permitted"),)


def test_an_appeal_has_grounds():
    stage = Stage.minimal("decided")
    decision = stage.evaluation.decisions.get()
    assert refused(lambda: appeals.lodge(decision, " \n", by=stage.coordinator)) == (Reason("no_grounds"),)
    assert not new(Appeal).exists()


def test_a_decision_is_contested_once_whatever_came_of_it():
    stage, appeal, _members = contested()
    perform(appeal, "withdraw", by=stage.coordinator, note="We talked.")
    again = refused(lambda: appeals.lodge(appeal.decision, GROUNDS, by=stage.coordinator))
    assert again == (Reason("already_appealed"),)


def test_what_was_decided_on_an_appeal_is_final_and_what_is_replaced_is_over():
    stage, appeal, members = contested()
    hear(appeal, members, "accredited")
    appeals.rule(appeal, Verdict("accredited", "It was there."), by=members[0], on=TODAY)
    newest = stage.evaluation.decisions.first()
    assert appeals.find_appeal_reasons(newest, by=stage.coordinator) == [Reason("ruled_on_appeal")]
    oldest = stage.evaluation.decisions.last()
    assert Reason("decision_replaced") in appeals.find_appeal_reasons(oldest, by=stage.coordinator)


def test_nothing_is_contested_before_it_is_decided():
    stage = Stage.minimal("decision")
    decision = DecisionFactory(scorecard=stage.scorecard)
    assert appeals.find_appeal_reasons(decision, by=stage.coordinator) == [Reason("wrong_state")]


# --- Hearing ---------------------------------------------------------------------------------------------------------


def test_nobody_hears_an_appeal_who_had_a_part_in_the_decision():
    stage = Stage.minimal("decided")
    stage.agree()
    appeal = AppealFactory(decision=stage.evaluation.decisions.get(), lodged_by=stage.coordinator)
    fresh = person(Role.PANEL_MEMBER)
    found = {
        name: refused(lambda by=by: appeals.declare(appeal, by=by))
        for name, by in zip("abc", stage.people.jury, strict=True)
    }
    assert found == dict.fromkeys("abc", (Reason("took_part"),))
    assert [is_allowed("appeal.declare", member, appeal) for member in (*stage.people.jury, fresh)] == [
        False,
        False,
        False,
        True,
    ]
    assert [list(appeals.to_be_heard_by(member)) for member in (*stage.people.jury, fresh)] == [[], [], [], [appeal]]


def test_any_part_is_part_enough():
    """Declaring, voting, recording, proposing a correction, or hearing another appeal: each alone excludes a member."""
    stage = Stage.minimal("decided")
    names = ("declared", "voted", "recorded", "proposed", "heard another appeal", "no part")
    people = {name: person(Role.PANEL_MEMBER) for name in names}
    first = stage.evaluation.decisions.get()
    DeclarationFactory(evaluation=stage.evaluation, user=people["declared"], declared_at=first.decided_at)
    VoteFactory(scorecard=stage.scorecard, user=people["voted"])
    CorrectionFactory(decision=first, proposed_by=people["proposed"], state="dropped")
    other = AppealFactory(decision=first, lodged_by=stage.coordinator, state="withdrawn")
    AppealVote.objects.create(appeal=other, user=people["heard another appeal"], outcome="accredited", words="So.")
    newest = DecisionFactory(
        scorecard=stage.scorecard, replaces=first, kind="correction", decided_by=people["recorded"]
    )
    appeal = AppealFactory(decision=newest, lodged_by=stage.coordinator)
    by_rule = {name: is_allowed("appeal.declare", user, appeal) for name, user in people.items()}
    by_list = {name: list(appeals.to_be_heard_by(user)) == [appeal] for name, user in people.items()}
    assert by_rule == by_list == {name: name == "no part" for name in names}


def test_a_part_in_the_decision_on_another_hotline_is_none_in_this_one():
    _stage, appeal, _members = contested()
    other = Stage.minimal("decided")
    names = ("declared", "voted", "recorded", "proposed", "heard another appeal", "visits it", "visited it before")
    people = {name: person(Role.ASSESSOR, Role.PANEL_MEMBER) for name in names}
    first = other.evaluation.decisions.get()
    DeclarationFactory(evaluation=other.evaluation, user=people["declared"], declared_at=first.decided_at)
    VoteFactory(scorecard=other.scorecard, user=people["voted"])
    CorrectionFactory(decision=first, proposed_by=people["proposed"], state="dropped")
    heard = AppealFactory(decision=first, lodged_by=other.coordinator, state="withdrawn")
    AppealVote.objects.create(appeal=heard, user=people["heard another appeal"], outcome="accredited", words="So.")
    DecisionFactory(scorecard=other.scorecard, replaces=first, kind="correction", decided_by=people["recorded"])
    other.visit.team.create(user=people["visits it"])
    before = EarlierVisit.objects.create(evaluation=other.evaluation, starts_on=TODAY, ends_on=TODAY)
    before.team.add(people["visited it before"])
    by_rule = {name: is_allowed("appeal.declare", user, appeal) for name, user in people.items()}
    by_list = {name: list(appeals.to_be_heard_by(user)) == [appeal] for name, user in people.items()}
    assert by_rule == by_list == dict.fromkeys(names, True)


def test_nobody_hears_an_appeal_who_is_tied_or_assessed_the_hotline_or_sits_on_no_panel():
    stage, appeal, _members = contested()
    both = person(Role.ASSESSOR, Role.PANEL_MEMBER)
    stage.visit.team.create(user=both)
    compatriot = person(Role.PANEL_MEMBER, country=stage.evaluation.hotline.country)
    root = person(is_superuser=True)
    tied = {compatriot: "has_a_stake", both: "assessed_it"}
    for other in (both, compatriot, stage.people.mce, stage.coordinator, root):
        reason = Reason(tied.get(other, "not_permitted"))
        assert refused(lambda other=other: appeals.declare(appeal, by=other)) == (reason,)
        assert list(appeals.to_be_heard_by(other)) == []


def test_a_member_declares_before_voting_and_steps_aside_for_good():
    stage, appeal, (one, other, _third) = contested()
    assert refused(lambda: appeals.vote(appeal, "accredited", "Yes.", by=one)) == (Reason("not_declared"),)
    appeals.declare(appeal, by=one)
    appeals.vote(appeal, "accredited", "Yes.", by=one)
    appeals.declare(appeal, by=one, stake="My sister works there.")
    assert Stake.objects.get().hotline == stage.evaluation.hotline
    assert appeal.tally.cast == 0
    assert refused(lambda: appeals.vote(appeal, "accredited", "Yes.", by=one)) == (Reason("has_a_stake"),)
    assert refused(lambda: appeals.declare(appeal, by=other, stake=" ")) == (Reason("no_words"),)


def test_a_vote_has_words_and_an_outcome_of_the_edition_and_the_newest_one_counts():
    _stage, appeal, (one, *_others) = contested()
    appeals.declare(appeal, by=one)
    wrong = refused(lambda: appeals.vote(appeal, "excellent", " ", by=one))
    assert wrong == (Reason("no_such_outcome"), Reason("no_words"))
    appeals.vote(appeal, "accredited", "Yes.", by=one)
    appeals.vote(appeal, "conditional", "On second thoughts, no.", by=one)
    assert dict(appeal.tally.counts) == {"conditional": 1}


# --- The ruling ------------------------------------------------------------------------------------------------------


def test_an_upheld_appeal_writes_a_decision_in_the_place_of_the_contested_one():
    stage, appeal, members = contested()
    hear(appeal, members, "accredited")
    ruling = appeals.rule(appeal, Verdict("accredited", "It was there."), by=members[1], on=TODAY)
    newest = stage.evaluation.decisions.first()
    assert (newest.kind, newest.replaces, newest.outcome, newest.reasons, newest.decided_by, newest.decided_on) == (
        "appeal",
        appeal.decision,
        "accredited",
        "It was there.",
        members[1],
        TODAY,
    )
    assert (ruling.decision, appeal.state, newest.valid_until) == (newest, "upheld", date(2029, 5, 20))
    stage.evaluation.refresh_from_db()
    assert stage.evaluation.state == "decided"


def test_an_upheld_appeal_takes_what_is_published_back_to_decided_until_it_is_published_anew():
    stage = Stage.minimal("published")
    appeal = appeals.lodge(stage.evaluation.decisions.get(), GROUNDS, by=stage.coordinator)
    members = [person(Role.PANEL_MEMBER) for _ in range(3)]
    hear(appeal, members, "not_accredited")
    appeals.rule(appeal, Verdict("not_accredited", SUBSTANCE), by=members[0], on=TODAY)
    stage.evaluation.refresh_from_db()
    assert stage.evaluation.state == "decided"
    assert appeal.decision.publication.decision.accreditation.state == "valid"


def test_a_dismissed_appeal_leaves_the_decision_and_its_conditions_as_they_are():
    stage, appeal, members = contested()
    hear(appeal, members, "conditional")
    ruling = appeals.rule(appeal, Verdict("conditional", "The night was looked at."), by=members[0], on=TODAY)
    assert (ruling.decision, appeal.state) == (None, "dismissed")
    assert stage.evaluation.decisions.first() == appeal.decision
    assert not Step.objects.filter(move="decide_on_appeal").exists()


def test_there_is_no_ruling_without_a_quorum_a_majority_reasons_and_a_vote_of_ones_own():
    _stage, appeal, (one, two, three) = contested()
    hear(appeal, [one, two], "accredited")
    verdict = Verdict("accredited", "It was there.")
    few = refused(lambda: appeals.rule(appeal, verdict, by=one, on=TODAY))
    assert few == (Reason("too_few_hear_it", have=2, need=3),)
    silent = refused(lambda: appeals.rule(appeal, verdict, by=three, on=TODAY))
    assert silent == (Reason("not_declared"), Reason("not_voted"), Reason("too_few_hear_it", have=2, need=3))
    hear(appeal, [three], "not_accredited")
    appeals.vote(appeal, "conditional", "It may stand.", by=two)
    split = refused(lambda: appeals.rule(appeal, verdict, by=one, on=TODAY))
    assert split == (Reason("not_what_was_voted"),), "on a tie the less favourable outcome holds"
    appeals.vote(appeal, "accredited", "No, it may not.", by=two)
    other = refused(lambda: appeals.rule(appeal, Verdict("not_accredited", SUBSTANCE), by=one, on=TODAY))
    assert other == (Reason("not_what_was_voted"),)
    unsaid = refused(lambda: appeals.rule(appeal, Verdict("accredited", " "), by=one, on=TODAY))
    assert unsaid == (Reason("no_reasons"),)
    assert not Ruling.objects.exists()


def test_a_new_outcome_with_conditions_names_them():
    stage, appeal, members = contested("not_accredited")
    hear(appeal, members, "conditional")
    bare = refused(lambda: appeals.rule(appeal, Verdict("conditional", SUBSTANCE), by=members[0], on=TODAY))
    assert bare == (Reason("no_requirements"),)
    demand = Demand("Name a deputy.", TODAY + timedelta(days=90))
    appeals.rule(appeal, Verdict("conditional", SUBSTANCE, (demand,)), by=members[0], on=TODAY)
    kept = stage.evaluation.decisions.first().requirements.values_list("text", "due_on")
    assert list(kept) == [("Name a deputy.", TODAY + timedelta(days=90))]


def test_the_hotline_withdraws_with_words_until_there_is_a_ruling():
    stage, appeal, members = contested()
    assert refused(lambda: perform(appeal, "withdraw", by=stage.coordinator)) == (Reason("needs_note"),)
    assert refused(lambda: perform(appeal, "withdraw", by=stage.people.mce, note="No.")) == (Reason("not_permitted"),)
    hear(appeal, members, "conditional")
    appeals.rule(appeal, Verdict("conditional", "It stands."), by=members[0], on=TODAY)
    assert refused(lambda: perform(appeal, "withdraw", by=stage.coordinator, note="No.")) == (Reason("wrong_state"),)


def test_nobody_walks_past_the_ruling():
    _stage, appeal, members = contested()
    same = Verdict("conditional", "It stands.")
    dismissal = {"by": members[0], "verdict": same, "on": TODAY}
    assert refused(lambda: perform(appeal, "dismiss", **dismissal)) == (Reason("not_declared"),)
    appeals.declare(appeal, by=members[0])
    assert [reason.code for reason in refused(lambda: perform(appeal, "dismiss", **dismissal))] == [
        *("not_voted", "too_few_hear_it")
    ]


@pytest.mark.parametrize(("outcome", "name"), [("accredited", "dismiss"), ("conditional", "uphold")])
def test_a_ruling_is_of_the_kind_that_its_outcome_says(outcome, name):
    _stage, appeal, members = contested()
    hear(appeal, members, outcome)
    verdict = Verdict(outcome, "It was there.")
    act = lambda: perform(appeal, name, by=members[0], verdict=verdict, on=TODAY)  # noqa: E731
    assert refused(act) == (Reason("no_ruling"),)
    assert (Ruling.objects.count(), new(Decision).count()) == (0, 2)
    perform(appeal, "uphold" if name == "dismiss" else "dismiss", by=members[0], verdict=verdict, on=TODAY)
    assert appeal.ruling.reasons == "It was there."


# --- Immutability ----------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_votes_declarations_and_rulings_are_frozen():
    _stage, appeal, members = contested()
    hear(appeal, members, "conditional")
    appeals.rule(appeal, Verdict("conditional", "It stands."), by=members[0], on=TODAY)
    for model, change in (
        (AppealVote, {"outcome": "accredited"}),
        (AppealDeclaration, {"has_stake": True}),
        (Ruling, {"reasons": "Another."}),
    ):
        for act in (lambda m=model, c=change: m.objects.update(**c), lambda m=model: m.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_and_a_ruling_at_the_same_moment_leave_one_of_them():
    stage, appeal, members = contested()
    hear(appeal, members, "accredited")
    mine, theirs = Appeal.objects.get(pk=appeal.pk), Appeal.objects.get(pk=appeal.pk)
    results = at_once(
        lambda: perform(mine, "withdraw", by=stage.coordinator, note="We talked."),
        lambda: appeals.rule(theirs, Verdict("accredited", "It was there."), by=members[0], on=TODAY),
    )
    appeal.refresh_from_db()
    assert sum(isinstance(result, Refusal) for result in results) == 1, results
    came_of_it = {"withdrawn": (0, 1), "upheld": (1, 2)}
    found = (Ruling.objects.count(), Decision.objects.filter(evaluation=stage.evaluation).count() - 1)
    assert found == came_of_it[appeal.state]


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_lodge_one_appeal():
    stage = Stage.minimal("decided")
    decision = stage.evaluation.decisions.get()
    other = person(Role.COORDINATOR, hotline=stage.evaluation.hotline)
    results = at_once(
        *(
            lambda by=by: appeals.lodge(Decision.objects.get(pk=decision.pk), GROUNDS, by=by)
            for by in (stage.coordinator, other)
        )
    )
    assert new(Appeal).count() == 1
    lost = [result for result in results if isinstance(result, Refusal)]
    assert [refusal.reasons for refusal in lost] == [(Reason("already_appealed"),)]
    assert Evaluation.objects.get(pk=stage.evaluation.pk).state == "decided"
    assert connection.vendor in ("sqlite", "postgresql")
