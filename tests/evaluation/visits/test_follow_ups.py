"""A follow-up visit of an accredited hotline: planned, limited, decided on, or ended without a decision."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from evaluation.accreditation.status import status_on
from evaluation.answers.judgements import judgements_at
from evaluation.due_dates import find_accreditation_dates, find_due
from evaluation.exchanges.visits import read_published_standings
from evaluation.models import (
    Accreditation,
    Appeal,
    Decision,
    EarlierVisit,
    Evaluation,
    Finding,
    FindingVersion,
    PinnedFigures,
    Reminder,
    Role,
    Round,
    Step,
    User,
)
from evaluation.models.people.permissions import is_allowed
from evaluation.models.reasons import Reason
from evaluation.panel import appeals, corrections
from evaluation.panel.decisions import Demand, Verdict, draft_decision, terms_of_decision
from evaluation.queries import decided_findings, to_be_declared_by
from evaluation.recommendations.progress import published_practices
from evaluation.visits.limits import propose_limit
from evaluation.workflow import Refusal, perform, possible_moves, verify_chain, write_step
from reports.fact_reader import read_facts
from tests.bystander import new
from tests.factories import (
    SUBSTANCE,
    CorrectionFactory,
    DecisionFactory,
    DeclarationFactory,
    IssueFactory,
    PublicationFactory,
    RoundFactory,
    ScorecardFactory,
    VoteFactory,
    declare_no_stake,
    evaluation_of,
    person,
    withdraw,
    write_answer,
)
from tests.follow_ups import CODE, DECIDED_ON, OCCASION, Followed
from tests.frozen_rows import assert_frozen
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = pytest.mark.django_db

LATER = date(2026, 6, 1)
"""A date after the deadline for appeals."""
AFTER_20_MONTHS = date(2027, 11, 2)


def refused(act: Callable[[], object]) -> tuple[Reason, ...]:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.reasons


def status(followed: Followed) -> str:
    return status_on(followed.stage.hotline, followed.evaluation.round.today).kind


# --- It begins -------------------------------------------------------------------------------------------------------


def test_the_visit_is_planned_again_and_the_accreditation_stays_in_force(followed: Followed):
    followed.follow_up(LATER)
    assert (followed.evaluation.state, followed.visit.state, followed.accreditation.state) == (
        "desk_review",
        "proposed",
        "valid",
    )
    assert set(followed.visit.team.values_list("declared_at", "finished_at")) == {(None, None)}
    assert (followed.evaluation.followed_up, status(followed)) == (followed.first, "conditional")
    step = Step.objects.get(kind="evaluation", move="follow_up")
    assert (step.source, step.target, step.words.note) == ("published", "desk_review", OCCASION)
    assert propose_limit(followed.evaluation) == ["1.1.2", CODE], "the recommendation, and the condition"


def test_it_has_an_occasion_and_is_planned_by_missing_children_europe_alone(followed: Followed):
    followed.go_to(LATER)
    for by in (followed.coordinator, followed.people.lead, followed.people.panel, followed.people.editor):
        reasons = refused(lambda by=by: perform(followed.evaluation, "follow_up", by=by, note=OCCASION))
        assert [reason.code for reason in reasons] == ["not_permitted"]
    assert refused(lambda: followed.follow_up(LATER, note=" ")) == (Reason("needs_note"),)


def test_two_people_plan_one(followed: Followed):
    followed.follow_up(LATER)
    assert [reason.code for reason in refused(lambda: followed.follow_up(LATER))] == ["wrong_state"]


def test_a_suspended_accreditation_is_followed_up_and_stays_suspended(followed: Followed):
    followed.go_to(LATER)
    perform(followed.accreditation, "suspend", by=followed.people.mce, note="Nobody answers.")
    followed.follow_up(LATER)
    assert (followed.evaluation.state, followed.accreditation.state, status(followed)) == (
        "desk_review",
        "suspended",
        "suspended",
    )
    followed.visit_again()
    followed.decide("accredited")
    followed.publish()
    assert (followed.accreditation.state, status(followed)) == ("suspended", "suspended")


def test_only_an_accreditation_that_runs_is_followed_up(followed: Followed):
    followed.go_to(LATER)
    for state in ("withdrawn", "expired", "replaced"):
        new(Accreditation).update(state=state)
        assert possible_moves(followed.evaluation, followed.people.mce) == {}
        assert refused(lambda: followed.follow_up(LATER)) == (Reason("no_running_accreditation"),)


def test_one_whose_last_day_is_over_is_not_though_the_calendar_has_not_run(followed: Followed):
    (reason,) = refused(lambda: followed.follow_up(date(2027, 3, 3)))
    assert reason == Reason("has_ended", day=date(2027, 3, 2))


def test_first_the_hotline_has_its_time_to_contest_the_decision(followed: Followed):
    last = followed.first.last_day_to_appeal
    assert refused(lambda: followed.follow_up(last)) == (Reason("time_to_appeal", day=last),)
    followed.follow_up(last + timedelta(days=1))


@pytest.mark.parametrize("state", ["dismissed", "withdrawn"])
def test_an_appeal_that_is_over_ends_that_time(followed: Followed, state: str):
    appeal = appeals.lodge(followed.first, "Nobody looked at the night.", by=followed.coordinator)
    day = DECIDED_ON + timedelta(days=2)
    assert Reason("appeal_is_open") in refused(lambda: followed.follow_up(day))
    Appeal.objects.filter(pk=appeal.pk).update(state=state)
    followed.follow_up(day)


def test_a_decision_on_an_appeal_is_final_at_once(followed: Followed):
    second = DecisionFactory(
        scorecard=followed.first.scorecard,
        kind="appeal",
        replaces=followed.first,
        decided_on=DECIDED_ON,
        decided_by=followed.people.third,
    )
    PublicationFactory(decision=second)
    followed.follow_up(DECIDED_ON + timedelta(days=1))


def test_a_correction_that_waits_comes_first(followed: Followed):
    CorrectionFactory(decision=followed.first, proposed_by=followed.people.second)
    assert refused(lambda: followed.follow_up(LATER)) == (Reason("correction_is_open"),)


def test_no_other_self_assessment_is_open(followed: Followed):
    renewal = evaluation_of(followed.stage.hotline, round=RoundFactory(name="Round 2029"))
    assert refused(lambda: followed.follow_up(LATER)) == (
        Reason("self_assessment_open_elsewhere", names=(str(renewal.round),)),
    )


def test_the_round_may_be_closed_and_may_close_meanwhile(followed: Followed):
    followed.follow_up(LATER)
    perform(followed.evaluation.round, "close", by=followed.people.mce)
    followed.end()
    assert followed.evaluation.round.state == Round.State.CLOSED
    followed.follow_up(LATER)
    assert followed.evaluation.state == "desk_review"


def test_a_deferral_that_is_taken_up_again_still_holds_its_round_open(followed: Followed):
    other = evaluation_of(round=followed.evaluation.round, state="desk_review")
    followed.follow_up(LATER)
    (reason,) = refused(lambda: perform(followed.evaluation.round, "close", by=followed.people.mce))
    assert reason == Reason("not_published", names=(other.hotline.name,))


def test_a_hotline_that_is_accredited_is_not_excused(followed: Followed):
    followed.follow_up(LATER)
    assert list(possible_moves(followed.evaluation, followed.people.mce)) == ["send_back", "accept", "end_follow_up"]
    assert Reason("follow_up_is_under_way") in refused(
        lambda: perform(followed.evaluation, "excuse", by=followed.people.mce, note="It closed.")
    )


# --- It is decided on ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "decided"),
    [
        (
            "conditional",
            [(LATER, "accredited", date(2029, 3, 2)), (LATER, "conditional", date(2027, 3, 2))],
        ),
        (
            "accredited",
            [
                (AFTER_20_MONTHS, "accredited", date(2029, 3, 2)),
                (AFTER_20_MONTHS, "conditional", date(2028, 11, 2)),
                (date(2028, 9, 1), "conditional", date(2029, 3, 2)),
                (AFTER_20_MONTHS, "not_accredited", None),
            ],
        ),
    ],
)
def test_a_decision_counts_from_the_one_that_it_replaces_and_never_prolongs_it(
    monkeypatch: pytest.MonkeyPatch, first: str, decided: list[tuple[date, str, date | None]]
):
    """A lesser outcome whose months would be over counts from its own date, until the last day of the accreditation."""
    followed = Followed(monkeypatch, first)
    followed.follow_up(LATER)
    for day, outcome, until in decided:
        drafted = draft_decision(followed.evaluation, outcome, day)
        assert (drafted.kind, drafted.replaces, drafted.followed_up) == ("follow_up", followed.first, followed.first)
        assert (drafted.counts_from, terms_of_decision(drafted).valid_until) == (DECIDED_ON, until)


@pytest.mark.parametrize(("outcome", "until"), [("conditional", date(2028, 11, 2)), ("not_accredited", None)])
def test_the_earlier_accreditation_runs_until_the_decision_is_published(
    monkeypatch: pytest.MonkeyPatch, outcome: str, until: date | None
):
    followed = Followed(monkeypatch, "accredited")
    followed.follow_up(AFTER_20_MONTHS)
    followed.visit_again()
    decision = followed.decide(outcome)
    assert (decision.kind, decision.replaces, decision.valid_until) == ("follow_up", followed.first, until)
    assert (followed.evaluation.state, followed.accreditation.state, status(followed)) == (
        "decided",
        "valid",
        "accredited",
    )
    followed.publish()
    assert status(followed) == (outcome if until else "none")
    assert Accreditation.objects.get(decision=followed.first).state == "replaced"


def test_an_outcome_that_would_be_over_is_refused_with_what_can_be_done(followed: Followed):
    followed.follow_up(date(2027, 2, 1))
    followed.visit_again()
    followed.go_to(date(2027, 3, 3))
    followed.agree("conditional")
    assert refused(lambda: followed.decide("conditional")) == (Reason("accreditation_is_over", day=date(2027, 3, 2)),)
    assert followed.evaluation.decisions.count() == 1


def test_the_votes_are_on_a_scorecard_of_its_own_which_the_response_is_about(followed: Followed):
    followed.follow_up(LATER)
    assert followed.evaluation.heard_scorecard == followed.first.scorecard
    followed.visit_again(level=0)
    drafted = followed.evaluation.latest_scorecard
    assert (followed.evaluation.heard_scorecard, followed.evaluation.decided_scorecard) == (
        drafted,
        followed.first.scorecard,
    )
    decision = followed.decide("not_accredited")
    assert (decision.heard_scorecard, decision.scorecard) == (drafted, drafted)
    assert drafted != followed.first.scorecard


def test_who_declares_between_the_two_decisions_reads_the_first_and_takes_part_in_the_second(followed: Followed):
    followed.go_to(LATER)
    declared = DeclarationFactory(evaluation=followed.evaluation, user=followed.people.judge)
    assert declared not in followed.evaluation.declarations.before_the_decision()
    scorecard = followed.first.scorecard
    DecisionFactory(scorecard=scorecard, kind="follow_up", replaces=followed.first, decided_by=followed.people.panel)
    assert declared in followed.evaluation.declarations.before_the_decision()


def test_who_declares_before_the_first_decision_takes_part_in_it_and_who_declares_after_it_only_reads():
    stage = Stage.minimal("decision")
    declared = DeclarationFactory(evaluation=stage.evaluation, user=person(Role.PANEL_MEMBER))
    found = stage.evaluation.declarations.before_the_decision()
    assert [one.user for one in found if one == declared] == [declared.user]
    assert declared.user not in appeals.find_hearers(stage.evaluation).members
    decided = Stage.minimal("decided")
    late = DeclarationFactory(evaluation=decided.evaluation, user=person(Role.PANEL_MEMBER))
    assert late not in decided.evaluation.declarations.before_the_decision()
    assert late.user in appeals.find_hearers(decided.evaluation).members


def test_who_declares_while_a_follow_up_is_under_way_takes_part_in_its_decision(followed: Followed):
    followed.follow_up(LATER)
    declared = DeclarationFactory(evaluation=followed.evaluation, user=followed.people.judge)
    assert declared in followed.evaluation.declarations.before_the_decision()


def test_a_second_one_follows_the_first(followed: Followed):
    followed.follow_up(LATER)
    followed.visit_again()
    second = followed.decide("conditional")
    followed.publish()
    followed.follow_up(LATER + timedelta(days=60))
    followed.visit_again()
    third = followed.decide("accredited")
    followed.publish()
    assert (third.kind, third.followed_up, third.counts_from) == ("follow_up", second, DECIDED_ON)
    assert third.valid_until == date(2029, 3, 2)
    assert [one.state for one in new(Accreditation).order_by("pk")] == ["replaced", "replaced", "valid"]
    assert verify_chain(new(Step).filter(kind="evaluation").select_related("words__by").order_by("seq")) == []


def test_a_deferral_by_it_leaves_the_accreditation_and_is_taken_up_again_as_a_follow_up(followed: Followed):
    followed.follow_up(LATER)
    followed.visit_again()
    deferral = followed.decide("deferred")
    followed.publish()
    assert (deferral.kind, followed.accreditation.state, status(followed)) == ("follow_up", "valid", "conditional")
    perform(followed.evaluation, "resume", by=followed.people.mce, note="The rota.")
    assert followed.evaluation.followed_up == followed.first
    Evaluation.objects.filter(pk=followed.evaluation.pk).update(state="desk_review")
    followed.visit_again()
    decision = followed.decide("accredited")
    assert (decision.kind, decision.replaces, decision.followed_up) == ("follow_up", deferral, followed.first)
    assert (decision.counts_from, decision.valid_until) == (DECIDED_ON, date(2029, 3, 2))


def test_the_decision_after_a_first_deferral_stays_the_first_one(monkeypatch: pytest.MonkeyPatch):
    followed = Followed(monkeypatch, "deferred")
    assert "follow_up" not in possible_moves(followed.evaluation, followed.people.mce)
    followed.go_to(LATER)
    perform(followed.evaluation, "resume", by=followed.people.mce, note="The rota.")
    assert (followed.evaluation.followed_up, "excuse" in possible_moves(followed.evaluation, followed.people.mce)) == (
        None,
        True,
    )
    assert refused(followed.end) == (Reason("no_follow_up"),)
    Evaluation.objects.filter(pk=followed.evaluation.pk).update(state="desk_review")
    followed.visit_again()
    decision = followed.decide("accredited")
    assert (decision.kind, decision.counts_from, decision.valid_until) == ("first", LATER, date(2029, 6, 1))


def test_a_correction_of_it_and_an_appeal_against_it_are_about_the_same_accreditation(monkeypatch: pytest.MonkeyPatch):
    followed = Followed(monkeypatch, "accredited")
    followed.follow_up(AFTER_20_MONTHS)
    followed.visit_again()
    second = followed.decide("conditional")
    followed.publish()
    followed.go_to(AFTER_20_MONTHS + timedelta(days=20))
    for kind in ("correction", "appeal"):
        drafted = Decision(evaluation=followed.evaluation, kind=kind, replaces=second, decided_on=date(2027, 11, 22))
        assert (drafted.followed_up, drafted.counts_from) == (followed.first, DECIDED_ON)
    verdict = corrections.verdict_of(
        CorrectionFactory.build(
            decision=second,
            outcome="conditional",
            requirements=[{"text": "Write it.", "due_on": "2028-02-01", "code": CODE}],
        )
    )
    correction = corrections.propose(followed.evaluation, verdict, by=followed.people.second, on=date(2027, 11, 22))
    perform(correction, "confirm", by=followed.people.third, on=date(2027, 11, 22))
    newest = followed.evaluation.current_decision
    assert (newest.kind, newest.valid_until) == ("correction", second.valid_until), "a correction does not prolong it"
    assert newest.heard_scorecard == second.scorecard


# --- It ends without a decision --------------------------------------------------------------------------------------


def move_to(followed: Followed, state: str) -> None:
    followed.follow_up(LATER)
    if state == "desk_review":
        return
    followed.begin_visit(CODE)
    followed.record(level=0)
    if state == "study_visit":
        return
    followed.finish()
    if state == "response":
        followed.propose()


@pytest.mark.parametrize(
    ("state", "visit"),
    [("desk_review", "cancelled"), ("study_visit", "cancelled"), ("report", "closed"), ("response", "closed")],
)
def test_it_ends_at_every_stage_before_the_panel_and_everything_is_as_it_was_decided(
    followed: Followed, state: str, visit: str
):
    before = {finding.code: (finding.level, finding.words, finding.by_id, finding.at) for finding in new(Finding)}
    facts = read_facts(followed.first, "en")
    move_to(followed, state)
    assert followed.evaluation.state == state
    followed.end("All is well.")
    assert (followed.evaluation.state, followed.visit.state, followed.accreditation.state) == (
        "published",
        visit,
        "valid",
    )
    after = {finding.code: (finding.level, finding.words, finding.by_id, finding.at) for finding in new(Finding)}
    assert after == before
    assert (
        not followed.evaluation.recommendations.without_dropped()
        .filter(state="drafted")
        .exclude(pk__in=followed.evaluation.recommendations.filter(code="1.1.2"))
    )
    again = read_facts(followed.first, "en")
    assert (again.findings, again.answers, again.scorecard) == (facts.findings, facts.answers, facts.scorecard)
    assert (followed.evaluation.current_decision, status(followed)) == (followed.first, "conditional")
    last = Step.objects.filter(kind="evaluation").order_by("seq").last()
    assert (last.move, last.target, last.words.note) == ("end_follow_up", "published", "All is well.")


def test_what_was_found_stays_in_the_history(followed: Followed):
    move_to(followed, "report")
    found = new(Finding).get(code=CODE)
    assert (found.level, found.good_practice) == (0, True)
    followed.end()
    restored = new(Finding).get(code=CODE)
    assert (restored.level, restored.good_practice, restored.version) == (3, False, found.version + 1)
    assert new(FindingVersion).get(code=CODE, version=found.version).level == 0


def test_it_does_not_end_before_the_panel_which_decides_or_sends_it_back(followed: Followed):
    followed.follow_up(LATER)
    followed.visit_again()
    assert [reason.code for reason in refused(followed.end)] == ["wrong_state"]
    followed.stage.evaluation = followed.evaluation
    followed.stage.declare()
    perform(followed.evaluation, "send_back_to_assessors", by=followed.people.panel, note="Which night?")
    followed.end()
    assert (followed.evaluation.state, followed.visit.state) == ("published", "closed")


def test_answers_that_were_sent_back_are_again_those_that_were_decided_on(followed: Followed):
    followed.follow_up(LATER)
    perform(
        followed.evaluation,
        "send_back",
        by=followed.people.mce,
        note="Tell us of the nights.",
        returned={CODE: "Nights?"},
    )
    write_answer(followed.evaluation, CODE, level=0, words="We have none.")
    write_answer(followed.evaluation, "1.1.1", level=None, words="")
    followed.end()
    answer = followed.evaluation.answers.get(code=CODE)
    assert (answer.level, answer.words, followed.evaluation.fixed_codes) == (3, "", None)
    assert followed.evaluation.answers.get(code="1.1.1").level is not None


def test_traits_that_were_changed_are_again_those_that_were_decided_on(monkeypatch: pytest.MonkeyPatch):
    followed = Followed(monkeypatch, framework=replace(SMALL, code="T7", traits=("own_number",)))
    followed.follow_up(LATER)
    Evaluation.objects.filter(pk=followed.evaluation.pk).update(traits=["own_number"])
    followed.end()
    assert followed.evaluation.traits == []


def test_what_was_blank_is_blank_again_also_for_a_second_one(followed: Followed):
    code = Finding.objects.filter(version=0).values_list("code", flat=True)[0]
    followed.follow_up(LATER)
    write_answer(followed.evaluation, code, Finding, level=1)
    followed.end()
    blank = new(Finding).get(code=code)
    assert (blank.is_given, blank.version) == (False, 2)
    followed.follow_up(LATER + timedelta(days=1))
    assert judgements_at(FindingVersion, followed.evaluation, blank.at)[code].level is None
    assert code not in judgements_at(FindingVersion, followed.evaluation, followed.first.decided_at)


def pin_figures(followed: Followed, total: str) -> PinnedFigures:
    """Pin these figures from now on."""
    step = write_step(followed.evaluation, "count_corrections", "published", by=followed.people.mce)
    fields = {"totals": {"A03": total}, "partial": {}, "files": []}
    return PinnedFigures.objects.create(evaluation=followed.evaluation, step=step, at=step.at, **fields)


def test_the_figures_that_counted_count_again(followed: Followed):
    counted = pin_figures(followed, "100")
    followed.follow_up(LATER)
    meanwhile = pin_figures(followed, "7")
    assert followed.evaluation.pinned_figures.first() == meanwhile
    followed.end()
    newest = followed.evaluation.pinned_figures.first()
    assert (newest.totals, newest.at, newest.step.move) == (counted.totals, counted.at, "end_follow_up")


def test_another_one_is_planned_after_a_cancelled_visit(followed: Followed):
    followed.follow_up(LATER)
    followed.end()
    followed.follow_up(LATER + timedelta(days=30))
    assert (followed.evaluation.state, followed.visit.state) == ("desk_review", "cancelled")
    followed.visit_again()
    assert followed.decide("accredited").kind == "follow_up"


def test_a_visit_that_was_cancelled_meanwhile_stays_so(followed: Followed):
    followed.follow_up(LATER)
    perform(followed.visit, "cancel", by=followed.people.mce, note="Strike.")
    followed.end()
    assert (followed.evaluation.state, followed.visit.state) == ("published", "cancelled")


def test_a_score_after_it_takes_in_nothing_of_it(followed: Followed):
    """Even a finding written later is ignored: the panel's scorecard has the findings, and the figures are today's."""
    move_to(followed, "response")
    followed.end()
    assert refused(lambda: corrections.score_again(followed.evaluation, by=followed.people.second)) == (
        Reason("nothing_to_score_again"),
    )
    write_answer(followed.evaluation, CODE, Finding, level=0)
    assert refused(lambda: corrections.score_again(followed.evaluation, by=followed.people.second)) == (
        Reason("nothing_to_score_again"),
    )


def test_a_correction_after_it_rests_on_the_scorecard_that_was_decided_on(followed: Followed):
    """It does not use the row that repeats it, to which the hotline has not responded."""
    move_to(followed, "response")
    followed.end()
    corrected(followed)
    assert followed.evaluation.latest_scorecard != followed.first.scorecard
    assert followed.evaluation.current_decision.scorecard == followed.first.scorecard


# --- Meanwhile -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", ["withdraw", "give_up", "expire"])
def test_an_accreditation_that_ends_meanwhile_lets_the_follow_up_end(followed: Followed, move: str):
    followed.follow_up(LATER)
    by = {"give_up": followed.coordinator}.get(move)
    if move == "expire":
        followed.go_to(date(2027, 3, 3))
    if move == "withdraw":
        withdraw(followed.accreditation, by=followed.people.mce)
    else:
        perform(followed.accreditation, move, by=by, note="They closed." if by else "")
    followed.end()
    assert (followed.evaluation.state, followed.accreditation.is_running) == ("published", False)


def test_a_decision_after_a_withdrawal_restores_nothing(followed: Followed):
    followed.follow_up(LATER)
    withdraw(followed.accreditation, by=followed.people.mce)
    followed.visit_again()
    followed.decide("accredited")
    followed.publish()
    assert (new(Accreditation).count(), status(followed)) == (1, "withdrawn")


def newer_outcome(followed: Followed) -> None:
    """End another round of the hotline with an accreditation."""
    other = evaluation_of(followed.stage.hotline, round=RoundFactory(opens_on=LATER), state="published")
    on = followed.evaluation.round.today
    decision = DecisionFactory(
        scorecard=ScorecardFactory(evaluation=other), decided_on=on, valid_until=date(2029, 9, 1)
    )
    PublicationFactory(decision=decision)


def test_it_does_not_replace_the_outcome_of_a_newer_round(followed: Followed):
    followed.follow_up(LATER)
    followed.visit_again()
    followed.agree("accredited")
    newer_outcome(followed)
    assert refused(lambda: followed.decide("accredited")) == (Reason("newer_outcome"),)
    assert Reason("newer_outcome") not in refused(
        lambda: perform(followed.evaluation, "publish", by=followed.people.mce)
    ), "it is not decided"


def test_nor_is_it_published_if_that_came_after_the_decision(followed: Followed):
    followed.follow_up(LATER)
    followed.visit_again()
    followed.decide("accredited")
    newer_outcome(followed)
    assert refused(followed.publish) == (Reason("newer_outcome"),)


def test_findings_of_it_are_neither_public_nor_decided_until_it_is_decided_on(followed: Followed):
    practice, other = new(Finding).get(code="1.1.2"), new(Finding).get(code=CODE)
    for finding in (practice, other):
        Finding.objects.filter(pk=finding.pk).update(good_practice=True)
    assert set(published_practices()) == {practice, other}
    move_to(followed, "response")
    assert set(published_practices()) == {practice}
    assert not decided_findings(followed.evaluation).filter(code=CODE).exists()
    followed.respond()
    followed.decide("accredited")
    assert decided_findings(followed.evaluation).filter(code=CODE).exists()
    assert set(published_practices()) == {practice}
    followed.publish()
    assert set(published_practices()) == {practice, other}


def test_other_hotlines_find_what_is_published_until_the_next_decision_is(followed: Followed):
    hotline = followed.stage.hotline
    (before,) = read_published_standings([hotline]).values()
    followed.follow_up(LATER)
    followed.visit_again(level=2)
    followed.decide("accredited")
    (decided,) = read_published_standings([hotline]).values()
    assert (decided.evaluation, decided.scores) == (followed.evaluation, before.scores)
    followed.publish()
    (published,) = read_published_standings([hotline]).values()
    assert published.scores != before.scores


def test_the_report_of_the_earlier_decision_keeps_its_words_and_its_visit(followed: Followed):
    before = read_facts(followed.first, "en")
    followed.follow_up(LATER)
    followed.visit_again(level=0)
    second = followed.decide("not_accredited")
    now, later = read_facts(followed.first, "en"), read_facts(second, "en")
    assert (now.findings, now.answers, now.visit) == (before.findings, before.answers, before.visit)
    assert ("We looked again." in later.findings[CODE].words, later.visit.starts_on) == (True, LATER)
    assert later.decision.how == "follow_up"


@pytest.mark.everywhere
def test_a_visit_that_was_held_is_kept_and_frozen(followed: Followed):
    held = followed.visit
    followed.follow_up(LATER)
    kept = new(EarlierVisit).get()
    assert (kept.starts_on, kept.ends_on, kept.lead, kept.mode) == (
        held.starts_on,
        held.ends_on,
        followed.people.lead,
        "on_site",
    )
    assert set(kept.team.all()) == set(followed.people.team)
    assert str(kept) == f"{followed.evaluation}: {held.starts_on} to {held.ends_on}"
    assert_frozen(EarlierVisit)
    followed.end()
    followed.follow_up(LATER + timedelta(days=1))
    assert new(EarlierVisit).count() == 1, "a visit that was cancelled was not held"


def test_who_assessed_the_hotline_before_does_not_decide_after_a_visit_by_others(followed: Followed):
    judge = followed.people.judge
    followed.follow_up(LATER)
    followed.visit_again()
    assert not followed.visit.team.filter(user=judge).exists()
    for right in ("evaluation.declare", "evaluation.decide"):
        assert not is_allowed(right, User.objects.get(pk=judge.pk), followed.evaluation)
    assert followed.evaluation not in to_be_declared_by(judge)
    declare_no_stake(followed.evaluation, judge)
    VoteFactory(scorecard=followed.evaluation.latest_scorecard, user=judge)
    assert followed.evaluation.tally.cast == 0


def test_one_that_denied_the_accreditation_and_was_deferred_on_appeal_is_decided_on(followed: Followed):
    """The accreditation is replaced by a decision of the same evaluation, which is no newer outcome."""
    followed.follow_up(LATER)
    followed.visit_again(level=0)
    denied = followed.decide("not_accredited")
    followed.publish()
    day = {"valid_until": None, "hand_in_by": LATER + timedelta(days=300)}
    DecisionFactory(scorecard=denied.scorecard, replaces=denied, kind="appeal", outcome="deferred", **day)
    perform(followed.evaluation, "resume", by=followed.people.mce, note="The rota.")
    Evaluation.objects.filter(pk=followed.evaluation.pk).update(state="desk_review")
    followed.visit_again()
    decision = followed.decide("accredited")
    followed.publish()
    assert (decision.valid_until, followed.accreditation.decision, status(followed)) == (
        date(2029, 3, 2),
        decision,
        "accredited",
    )


# --- The mid-term check ----------------------------------------------------------------------------------------------


def due(followed: Followed) -> list[str]:
    return [one.about.value for one in find_accreditation_dates() if one.evaluation == followed.evaluation]


def corrected(followed: Followed) -> None:
    on, former = followed.evaluation.round.today, followed.evaluation.current_decision
    demands = tuple(Demand(one.text, one.due_on, one.code) for one in former.requirements.all())
    verdict = Verdict(former.outcome, SUBSTANCE, demands)
    correction = corrections.propose(followed.evaluation, verdict, by=followed.people.second, on=on)
    perform(correction, "confirm", by=followed.people.third, on=on)
    IssueFactory(decision=followed.evaluation.current_decision)
    followed.publish()


def decided_after_a_visit(followed: Followed) -> None:
    followed.follow_up(followed.evaluation.round.today)
    followed.visit_again()
    followed.decide("accredited")
    followed.publish()


@pytest.mark.parametrize("replaces", [corrected, decided_after_a_visit])
def test_the_check_is_made_once_whatever_replaces_the_decision(
    monkeypatch: pytest.MonkeyPatch, replaces: Callable[[Followed], None]
):
    followed = Followed(monkeypatch, "accredited")
    followed.go_to(AFTER_20_MONTHS)
    assert due(followed) == ["midterm"]
    perform(followed.accreditation, "check_midterm", by=followed.people.mce, note="All is well.")
    replaces(followed)
    assert followed.accreditation.decision != followed.first
    assert (due(followed), followed.accreditation.midterm_step.words.note) == ([], "All is well.")
    assert refused(lambda: perform(followed.accreditation, "check_midterm", by=followed.people.mce, note="Again.")) == (
        Reason("already_checked"),
    )


def test_people_are_reminded_of_it_once(monkeypatch: pytest.MonkeyPatch):
    followed = Followed(monkeypatch, "accredited")
    followed.go_to(AFTER_20_MONTHS)
    (found,) = [one for one in find_due() if one.about == "midterm"]
    Reminder.objects.create(about=found.about, uid=found.uid, due_on=found.due_on)
    corrected(followed)
    assert [one for one in find_due() if one.about == "midterm"] == []
    assert due(followed) == ["midterm"], "it is still to be made"


def test_the_check_is_made_during_a_follow_up(monkeypatch: pytest.MonkeyPatch):
    followed = Followed(monkeypatch, "accredited")
    followed.follow_up(AFTER_20_MONTHS)
    perform(followed.accreditation, "check_midterm", by=followed.people.mce, note="Seen on the visit.")
    followed.end()
    assert due(followed) == []


def test_a_decision_on_an_appeal_begins_another_period(monkeypatch: pytest.MonkeyPatch):
    followed = Followed(monkeypatch, "accredited")
    write_step(followed.accreditation, "check_midterm", "valid", by=followed.people.mce)
    assert followed.accreditation.midterm_step is not None
    ruled = DecisionFactory(
        scorecard=followed.first.scorecard,
        kind="appeal",
        replaces=followed.first,
        decided_on=LATER,
        decided_by=followed.people.third,
    )
    PublicationFactory(decision=ruled)
    assert followed.accreditation.midterm_step is None


def test_dates_take_the_same_queries_after_many_corrections(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[..., object]
):
    followed = Followed(monkeypatch, "accredited")
    followed.go_to(AFTER_20_MONTHS)
    for _ in range(2):
        corrected(followed)
    with django_assert_num_queries(5):
        assert due_everywhere() == 1
    newest = new(Accreditation).select_related("decision__evaluation").get(state="valid")
    with django_assert_num_queries(2):
        assert newest.midterm_step is None


def due_everywhere() -> int:
    return len(list(find_accreditation_dates()))
