"""A follow-up visit of an accredited hotline: planned, limited, decided on, or ended without a decision."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from evaluation.accreditation.status import status_on
from evaluation.assessment.judgements import judgements_at
from evaluation.due_dates import find_accreditation_dates, find_due
from evaluation.follow_up.exchanges import read_published_standings
from evaluation.follow_up.progress import published_practices
from evaluation.guards.permissions import is_allowed
from evaluation.guards.reasons import Reason
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
    Round,
    Step,
    User,
)
from evaluation.panel import appeals, corrections
from evaluation.panel.decisions import Verdict, draft_decision, terms_of_decision
from evaluation.queries import decided_findings, to_be_declared_by
from evaluation.visits.limits import propose_limit
from evaluation.workflow import Refusal, perform, possible_moves, verify_chain, write_step
from reports.fact_reader import read_facts
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
    write_answer,
)
from tests.follow_ups import CODE, DECIDED_ON, OCCASION, Followed
from tests.frozen_rows import assert_frozen
from tests.small_edition import SMALL

pytestmark = pytest.mark.django_db

LATER = date(2026, 6, 1)
"""A date after the deadline for appeals."""
AFTER_20_MONTHS = date(2027, 11, 2)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Followed:
    return Followed(monkeypatch)


def refused(act: Callable[[], object]) -> tuple[Reason, ...]:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.reasons


def status(here: Followed) -> str:
    return status_on(here.stage.hotline, here.evaluation.round.today).kind


# --- It begins -------------------------------------------------------------------------------------------------------


def test_the_visit_is_planned_again_and_the_accreditation_stays_in_force(here: Followed):
    here.follow_up(LATER)
    assert (here.evaluation.state, here.visit.state, here.accreditation.state) == ("desk_review", "proposed", "valid")
    assert set(here.visit.team.values_list("declared_at", "finished_at")) == {(None, None)}
    assert (here.evaluation.followed_up, status(here)) == (here.first, "conditional")
    step = Step.objects.get(kind="evaluation", move="follow_up")
    assert (step.source, step.target, step.words.note) == ("published", "desk_review", OCCASION)
    assert propose_limit(here.evaluation) == ["1.1.2", CODE], "the recommendation, and the condition"


def test_it_has_an_occasion_and_is_planned_by_missing_children_europe_alone(here: Followed):
    here.go_to(LATER)
    for by in (here.coordinator, here.people.lead, here.people.panel, here.people.editor):
        reasons = refused(lambda by=by: perform(here.evaluation, "follow_up", by=by, note=OCCASION))
        assert [reason.code for reason in reasons] == ["not_permitted"]
    assert refused(lambda: here.follow_up(LATER, note=" ")) == (Reason("needs_note"),)


def test_two_people_plan_one(here: Followed):
    here.follow_up(LATER)
    assert [reason.code for reason in refused(lambda: here.follow_up(LATER))] == ["wrong_state"]


def test_a_suspended_accreditation_is_followed_up_and_stays_suspended(here: Followed):
    here.go_to(LATER)
    perform(here.accreditation, "suspend", by=here.people.mce, note="Nobody answers.")
    here.follow_up(LATER)
    assert (here.evaluation.state, here.accreditation.state, status(here)) == ("desk_review", "suspended", "suspended")
    here.visit_again()
    here.decide("accredited")
    here.publish()
    assert (here.accreditation.state, status(here)) == ("suspended", "suspended")


def test_only_an_accreditation_that_runs_is_followed_up(here: Followed):
    here.go_to(LATER)
    for state in ("withdrawn", "expired", "replaced"):
        Accreditation.objects.update(state=state)
        assert possible_moves(here.evaluation, here.people.mce) == {}
        assert refused(lambda: here.follow_up(LATER)) == (Reason("no_running_accreditation"),)


def test_one_whose_last_day_is_over_is_not_though_the_calendar_has_not_run(here: Followed):
    (reason,) = refused(lambda: here.follow_up(date(2027, 3, 3)))
    assert reason == Reason("has_ended", day=date(2027, 3, 2))


def test_first_the_hotline_has_its_time_to_contest_the_decision(here: Followed):
    last = here.first.last_day_to_appeal
    assert refused(lambda: here.follow_up(last)) == (Reason("time_to_appeal", day=last),)
    here.follow_up(last + timedelta(days=1))


@pytest.mark.parametrize("state", ["dismissed", "withdrawn"])
def test_an_appeal_that_is_over_ends_that_time(here: Followed, state: str):
    appeal = appeals.lodge(here.first, "Nobody looked at the night.", by=here.coordinator)
    day = DECIDED_ON + timedelta(days=2)
    assert Reason("appeal_is_open") in refused(lambda: here.follow_up(day))
    Appeal.objects.filter(pk=appeal.pk).update(state=state)
    here.follow_up(day)


def test_a_decision_on_an_appeal_is_final_at_once(here: Followed):
    second = DecisionFactory(
        scorecard=here.first.scorecard,
        kind="appeal",
        replaces=here.first,
        decided_on=DECIDED_ON,
        decided_by=here.people.third,
    )
    PublicationFactory(decision=second)
    here.follow_up(DECIDED_ON + timedelta(days=1))


def test_a_correction_that_waits_comes_first(here: Followed):
    CorrectionFactory(decision=here.first, proposed_by=here.people.second)
    assert refused(lambda: here.follow_up(LATER)) == (Reason("correction_is_open"),)


def test_no_other_self_assessment_is_open(here: Followed):
    renewal = evaluation_of(here.stage.hotline, round=RoundFactory(name="Round 2029"))
    assert refused(lambda: here.follow_up(LATER)) == (
        Reason("self_assessment_open_elsewhere", names=(str(renewal.round),)),
    )


def test_the_round_may_be_closed_and_may_close_meanwhile(here: Followed):
    here.follow_up(LATER)
    perform(here.evaluation.round, "close", by=here.people.mce)
    here.end()
    assert here.evaluation.round.state == Round.State.CLOSED
    here.follow_up(LATER)
    assert here.evaluation.state == "desk_review"


def test_a_deferral_that_is_taken_up_again_still_holds_its_round_open(here: Followed):
    other = evaluation_of(round=here.evaluation.round, state="desk_review")
    here.follow_up(LATER)
    (reason,) = refused(lambda: perform(here.evaluation.round, "close", by=here.people.mce))
    assert reason == Reason("not_published", names=(other.hotline.name,))


def test_a_hotline_that_is_accredited_is_not_excused(here: Followed):
    here.follow_up(LATER)
    assert list(possible_moves(here.evaluation, here.people.mce)) == ["send_back", "accept", "end_follow_up"]
    assert Reason("follow_up_is_under_way") in refused(
        lambda: perform(here.evaluation, "excuse", by=here.people.mce, note="It closed.")
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
    here = Followed(monkeypatch, first)
    here.follow_up(LATER)
    for day, outcome, until in decided:
        drafted = draft_decision(here.evaluation, outcome, day)
        assert (drafted.kind, drafted.replaces, drafted.followed_up) == ("follow_up", here.first, here.first)
        assert (drafted.counts_from, terms_of_decision(drafted).valid_until) == (DECIDED_ON, until)


@pytest.mark.parametrize(("outcome", "until"), [("conditional", date(2028, 11, 2)), ("not_accredited", None)])
def test_the_earlier_accreditation_runs_until_the_decision_is_published(
    monkeypatch: pytest.MonkeyPatch, outcome: str, until: date | None
):
    here = Followed(monkeypatch, "accredited")
    here.follow_up(AFTER_20_MONTHS)
    here.visit_again()
    decision = here.decide(outcome)
    assert (decision.kind, decision.replaces, decision.valid_until) == ("follow_up", here.first, until)
    assert (here.evaluation.state, here.accreditation.state, status(here)) == ("decided", "valid", "accredited")
    here.publish()
    assert status(here) == (outcome if until else "none")
    assert Accreditation.objects.get(decision=here.first).state == "replaced"


def test_an_outcome_that_would_be_over_is_refused_with_what_can_be_done(here: Followed):
    here.follow_up(date(2027, 2, 1))
    here.visit_again()
    here.go_to(date(2027, 3, 3))
    here.agree("conditional")
    assert refused(lambda: here.decide("conditional")) == (Reason("accreditation_is_over", day=date(2027, 3, 2)),)
    assert here.evaluation.decisions.count() == 1


def test_the_votes_are_on_a_scorecard_of_its_own_which_the_response_is_about(here: Followed):
    here.follow_up(LATER)
    assert here.evaluation.heard_scorecard == here.first.scorecard
    here.visit_again(level=0)
    drafted = here.evaluation.latest_scorecard
    assert (here.evaluation.heard_scorecard, here.evaluation.decided_scorecard) == (drafted, here.first.scorecard)
    decision = here.decide("not_accredited")
    assert (decision.heard_scorecard, decision.scorecard) == (drafted, drafted)
    assert drafted != here.first.scorecard


def test_who_declares_between_the_two_decisions_reads_the_first_and_takes_part_in_the_second(here: Followed):
    here.go_to(LATER)
    declared = DeclarationFactory(evaluation=here.evaluation, user=here.people.judge)
    assert declared not in here.evaluation.declarations.before_the_decision()
    scorecard = here.first.scorecard
    DecisionFactory(scorecard=scorecard, kind="follow_up", replaces=here.first, decided_by=here.people.panel)
    assert declared in here.evaluation.declarations.before_the_decision()


def test_a_second_one_follows_the_first(here: Followed):
    here.follow_up(LATER)
    here.visit_again()
    second = here.decide("conditional")
    here.publish()
    here.follow_up(LATER + timedelta(days=60))
    here.visit_again()
    third = here.decide("accredited")
    here.publish()
    assert (third.kind, third.followed_up, third.counts_from) == ("follow_up", second, DECIDED_ON)
    assert third.valid_until == date(2029, 3, 2)
    assert [one.state for one in Accreditation.objects.order_by("pk")] == ["replaced", "replaced", "valid"]
    assert verify_chain(Step.objects.filter(kind="evaluation").select_related("words__by").order_by("seq")) == []


def test_a_deferral_by_it_leaves_the_accreditation_and_is_taken_up_again_as_a_follow_up(here: Followed):
    here.follow_up(LATER)
    here.visit_again()
    deferral = here.decide("deferred")
    here.publish()
    assert (deferral.kind, here.accreditation.state, status(here)) == ("follow_up", "valid", "conditional")
    perform(here.evaluation, "resume", by=here.people.mce, note="The rota.")
    assert here.evaluation.followed_up == here.first
    Evaluation.objects.filter(pk=here.evaluation.pk).update(state="desk_review")
    here.visit_again()
    decision = here.decide("accredited")
    assert (decision.kind, decision.replaces, decision.followed_up) == ("follow_up", deferral, here.first)
    assert (decision.counts_from, decision.valid_until) == (DECIDED_ON, date(2029, 3, 2))


def test_the_decision_after_a_first_deferral_stays_the_first_one(monkeypatch: pytest.MonkeyPatch):
    here = Followed(monkeypatch, "deferred")
    assert "follow_up" not in possible_moves(here.evaluation, here.people.mce)
    here.go_to(LATER)
    perform(here.evaluation, "resume", by=here.people.mce, note="The rota.")
    assert (here.evaluation.followed_up, "excuse" in possible_moves(here.evaluation, here.people.mce)) == (None, True)
    assert refused(here.end) == (Reason("no_follow_up"),)
    Evaluation.objects.filter(pk=here.evaluation.pk).update(state="desk_review")
    here.visit_again()
    decision = here.decide("accredited")
    assert (decision.kind, decision.counts_from, decision.valid_until) == ("first", LATER, date(2029, 6, 1))


def test_a_correction_of_it_and_an_appeal_against_it_are_about_the_same_accreditation(monkeypatch: pytest.MonkeyPatch):
    here = Followed(monkeypatch, "accredited")
    here.follow_up(AFTER_20_MONTHS)
    here.visit_again()
    second = here.decide("conditional")
    here.publish()
    here.go_to(AFTER_20_MONTHS + timedelta(days=20))
    for kind in ("correction", "appeal"):
        drafted = Decision(evaluation=here.evaluation, kind=kind, replaces=second, decided_on=date(2027, 11, 22))
        assert (drafted.followed_up, drafted.counts_from) == (here.first, DECIDED_ON)
    verdict = corrections.verdict_of(
        CorrectionFactory.build(
            decision=second,
            outcome="conditional",
            requirements=[{"text": "Write it.", "due_on": "2028-02-01", "code": CODE}],
        )
    )
    correction = corrections.propose(here.evaluation, verdict, by=here.people.second, on=date(2027, 11, 22))
    perform(correction, "confirm", by=here.people.third, on=date(2027, 11, 22))
    newest = here.evaluation.current_decision
    assert (newest.kind, newest.valid_until) == ("correction", second.valid_until), "a correction does not prolong it"
    assert newest.heard_scorecard == second.scorecard


# --- It ends without a decision --------------------------------------------------------------------------------------


def move_to(here: Followed, state: str) -> None:
    here.follow_up(LATER)
    if state == "desk_review":
        return
    here.begin_visit(CODE)
    here.record(level=0)
    if state == "study_visit":
        return
    here.finish()
    if state == "response":
        here.propose()


@pytest.mark.parametrize(
    ("state", "visit"),
    [("desk_review", "cancelled"), ("study_visit", "cancelled"), ("report", "closed"), ("response", "closed")],
)
def test_it_ends_at_every_stage_before_the_panel_and_everything_is_as_it_was_decided(
    here: Followed, state: str, visit: str
):
    before = {
        finding.code: (finding.level, finding.words, finding.by_id, finding.at) for finding in Finding.objects.all()
    }
    facts = read_facts(here.first, "en")
    move_to(here, state)
    assert here.evaluation.state == state
    here.end("All is well.")
    assert (here.evaluation.state, here.visit.state, here.accreditation.state) == ("published", visit, "valid")
    after = {
        finding.code: (finding.level, finding.words, finding.by_id, finding.at) for finding in Finding.objects.all()
    }
    assert after == before
    assert (
        not here.evaluation.recommendations.without_dropped()
        .filter(state="drafted")
        .exclude(pk__in=here.evaluation.recommendations.filter(code="1.1.2"))
    )
    again = read_facts(here.first, "en")
    assert (again.findings, again.answers, again.scorecard) == (facts.findings, facts.answers, facts.scorecard)
    assert (here.evaluation.current_decision, status(here)) == (here.first, "conditional")
    last = Step.objects.filter(kind="evaluation").order_by("seq").last()
    assert (last.move, last.target, last.words.note) == ("end_follow_up", "published", "All is well.")


def test_what_was_found_stays_in_the_history(here: Followed):
    move_to(here, "report")
    found = Finding.objects.get(code=CODE)
    assert (found.level, found.good_practice) == (0, True)
    here.end()
    restored = Finding.objects.get(code=CODE)
    assert (restored.level, restored.good_practice, restored.version) == (3, False, found.version + 1)
    assert FindingVersion.objects.get(code=CODE, version=found.version).level == 0


def test_it_does_not_end_before_the_panel_which_decides_or_sends_it_back(here: Followed):
    here.follow_up(LATER)
    here.visit_again()
    assert [reason.code for reason in refused(here.end)] == ["wrong_state"]
    here.stage.evaluation = here.evaluation
    here.stage.declare()
    perform(here.evaluation, "send_back_to_assessors", by=here.people.panel, note="Which night?")
    here.end()
    assert (here.evaluation.state, here.visit.state) == ("published", "closed")


def test_answers_that_were_sent_back_are_again_those_that_were_decided_on(here: Followed):
    here.follow_up(LATER)
    perform(here.evaluation, "send_back", by=here.people.mce, note="Tell us of the nights.", returned={CODE: "Nights?"})
    write_answer(here.evaluation, CODE, level=0, words="We have none.")
    write_answer(here.evaluation, "1.1.1", level=None, words="")
    here.end()
    answer = here.evaluation.answers.get(code=CODE)
    assert (answer.level, answer.words, here.evaluation.fixed_codes) == (3, "", None)
    assert here.evaluation.answers.get(code="1.1.1").level is not None


def test_traits_that_were_changed_are_again_those_that_were_decided_on(monkeypatch: pytest.MonkeyPatch):
    here = Followed(monkeypatch, framework=replace(SMALL, code="T7", traits=("own_number",)))
    here.follow_up(LATER)
    Evaluation.objects.filter(pk=here.evaluation.pk).update(traits=["own_number"])
    here.end()
    assert here.evaluation.traits == []


def test_what_was_blank_is_blank_again_also_for_a_second_one(here: Followed):
    code = Finding.objects.filter(version=0).values_list("code", flat=True)[0]
    here.follow_up(LATER)
    write_answer(here.evaluation, code, Finding, level=1)
    here.end()
    blank = Finding.objects.get(code=code)
    assert (blank.is_given, blank.version) == (False, 2)
    here.follow_up(LATER + timedelta(days=1))
    assert judgements_at(FindingVersion, here.evaluation, blank.at)[code].level is None
    assert code not in judgements_at(FindingVersion, here.evaluation, here.first.decided_at)


def pin_figures(here: Followed, total: str) -> PinnedFigures:
    """Pin these figures from now on."""
    step = write_step(here.evaluation, "count_corrections", "published", by=here.people.mce)
    fields = {"totals": {"A03": total}, "partial": {}, "files": []}
    return PinnedFigures.objects.create(evaluation=here.evaluation, step=step, at=step.at, **fields)


def test_the_figures_that_counted_count_again(here: Followed):
    counted = pin_figures(here, "100")
    here.follow_up(LATER)
    meanwhile = pin_figures(here, "7")
    assert here.evaluation.pinned_figures.first() == meanwhile
    here.end()
    newest = here.evaluation.pinned_figures.first()
    assert (newest.totals, newest.at, newest.step.move) == (counted.totals, counted.at, "end_follow_up")


def test_another_one_is_planned_after_a_cancelled_visit(here: Followed):
    here.follow_up(LATER)
    here.end()
    here.follow_up(LATER + timedelta(days=30))
    assert (here.evaluation.state, here.visit.state) == ("desk_review", "cancelled")
    here.visit_again()
    assert here.decide("accredited").kind == "follow_up"


def test_a_visit_that_was_cancelled_meanwhile_stays_so(here: Followed):
    here.follow_up(LATER)
    perform(here.visit, "cancel", by=here.people.mce, note="Strike.")
    here.end()
    assert (here.evaluation.state, here.visit.state) == ("published", "cancelled")


def test_a_score_after_it_takes_in_nothing_of_it(here: Followed):
    """Even a finding written later is ignored: the panel's scorecard has the findings, and the figures are today's."""
    move_to(here, "response")
    here.end()
    assert refused(lambda: corrections.score_again(here.evaluation, by=here.people.second)) == (Reason("nothing_new"),)
    write_answer(here.evaluation, CODE, Finding, level=0)
    assert refused(lambda: corrections.score_again(here.evaluation, by=here.people.second)) == (Reason("nothing_new"),)


def test_a_correction_after_it_rests_on_the_scorecard_that_was_decided_on(here: Followed):
    """It does not use the row that repeats it, to which the hotline has not responded."""
    move_to(here, "response")
    here.end()
    correct(here, "accredited")
    assert here.evaluation.latest_scorecard != here.first.scorecard
    assert here.evaluation.current_decision.scorecard == here.first.scorecard


# --- Meanwhile -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", ["withdraw", "give_up", "expire"])
def test_an_accreditation_that_ends_meanwhile_lets_the_follow_up_end(here: Followed, move: str):
    here.follow_up(LATER)
    by = {"withdraw": here.people.mce, "give_up": here.coordinator, "expire": None}[move]
    if move == "expire":
        here.go_to(date(2027, 3, 3))
    perform(here.accreditation, move, by=by, note="They closed." if by else "")
    here.end()
    assert (here.evaluation.state, here.accreditation.is_running) == ("published", False)


def test_a_decision_after_a_withdrawal_restores_nothing(here: Followed):
    here.follow_up(LATER)
    perform(here.accreditation, "withdraw", by=here.people.mce, note="They closed.")
    here.visit_again()
    here.decide("accredited")
    here.publish()
    assert (Accreditation.objects.count(), status(here)) == (1, "withdrawn")


def newer_outcome(here: Followed) -> None:
    """End another round of the hotline with an accreditation."""
    other = evaluation_of(here.stage.hotline, round=RoundFactory(opens_on=LATER), state="published")
    on = here.evaluation.round.today
    decision = DecisionFactory(
        scorecard=ScorecardFactory(evaluation=other), decided_on=on, valid_until=date(2029, 9, 1)
    )
    PublicationFactory(decision=decision)


def test_it_does_not_replace_the_outcome_of_a_newer_round(here: Followed):
    here.follow_up(LATER)
    here.visit_again()
    here.agree("accredited")
    newer_outcome(here)
    assert refused(lambda: here.decide("accredited")) == (Reason("newer_outcome"),)
    assert Reason("newer_outcome") not in refused(lambda: perform(here.evaluation, "publish", by=here.people.mce)), (
        "it is not decided"
    )


def test_nor_is_it_published_if_that_came_after_the_decision(here: Followed):
    here.follow_up(LATER)
    here.visit_again()
    here.decide("accredited")
    newer_outcome(here)
    assert refused(here.publish) == (Reason("newer_outcome"),)


def test_findings_of_it_are_neither_public_nor_decided_until_it_is_decided_on(here: Followed):
    practice, other = Finding.objects.get(code="1.1.2"), Finding.objects.get(code=CODE)
    for finding in (practice, other):
        Finding.objects.filter(pk=finding.pk).update(good_practice=True)
    assert set(published_practices()) == {practice, other}
    move_to(here, "response")
    assert set(published_practices()) == {practice}
    assert not decided_findings(here.evaluation).filter(code=CODE).exists()
    here.respond()
    here.decide("accredited")
    assert decided_findings(here.evaluation).filter(code=CODE).exists()
    assert set(published_practices()) == {practice}
    here.publish()
    assert set(published_practices()) == {practice, other}


def test_other_hotlines_find_what_is_published_until_the_next_decision_is(here: Followed):
    hotline = here.stage.hotline
    (before,) = read_published_standings([hotline]).values()
    here.follow_up(LATER)
    here.visit_again(level=2)
    here.decide("accredited")
    (decided,) = read_published_standings([hotline]).values()
    assert (decided.evaluation, decided.scores) == (here.evaluation, before.scores)
    here.publish()
    (published,) = read_published_standings([hotline]).values()
    assert published.scores != before.scores


def test_the_report_of_the_earlier_decision_keeps_its_words_and_its_visit(here: Followed):
    before = read_facts(here.first, "en")
    here.follow_up(LATER)
    here.visit_again(level=0)
    second = here.decide("not_accredited")
    now, later = read_facts(here.first, "en"), read_facts(second, "en")
    assert (now.findings, now.answers, now.visit) == (before.findings, before.answers, before.visit)
    assert ("We looked again." in later.findings[CODE].words, later.visit.starts_on) == (True, LATER)
    assert later.decision.how == "follow_up"


@pytest.mark.everywhere
def test_a_visit_that_was_held_is_kept_and_frozen(here: Followed):
    held = here.visit
    here.follow_up(LATER)
    kept = EarlierVisit.objects.get()
    assert (kept.starts_on, kept.ends_on, kept.lead, kept.mode) == (
        held.starts_on,
        held.ends_on,
        here.people.lead,
        "on_site",
    )
    assert set(kept.team.all()) == set(here.people.team)
    assert str(kept) == f"{here.evaluation}: {held.starts_on} to {held.ends_on}"
    assert_frozen(EarlierVisit)
    here.end()
    here.follow_up(LATER + timedelta(days=1))
    assert EarlierVisit.objects.count() == 1, "a visit that was cancelled was not held"


def test_who_assessed_the_hotline_before_does_not_decide_after_a_visit_by_others(here: Followed):
    judge = here.people.judge
    here.follow_up(LATER)
    here.visit_again()
    assert not here.visit.team.filter(user=judge).exists()
    for right in ("evaluation.declare", "evaluation.decide"):
        assert not is_allowed(right, User.objects.get(pk=judge.pk), here.evaluation)
    assert here.evaluation not in to_be_declared_by(judge)
    declare_no_stake(here.evaluation, judge)
    VoteFactory(scorecard=here.evaluation.latest_scorecard, user=judge)
    assert here.evaluation.tally.cast == 0


def test_one_that_denied_the_accreditation_and_was_corrected_to_a_deferral_is_decided_on(here: Followed):
    """The accreditation is replaced by a decision of the same evaluation, which is no newer outcome."""
    here.follow_up(LATER)
    here.visit_again(level=0)
    here.decide("not_accredited")
    here.publish()
    correct(here, "deferred")
    perform(here.evaluation, "resume", by=here.people.mce, note="The rota.")
    Evaluation.objects.filter(pk=here.evaluation.pk).update(state="desk_review")
    here.visit_again()
    decision = here.decide("accredited")
    here.publish()
    assert (decision.valid_until, here.accreditation.decision, status(here)) == (
        date(2029, 3, 2),
        decision,
        "accredited",
    )


# --- The mid-term check ----------------------------------------------------------------------------------------------


def due(here: Followed) -> list[str]:
    return [one.about.value for one in find_accreditation_dates() if one.evaluation == here.evaluation]


def corrected(here: Followed) -> None:
    correct(here, "accredited")


def correct(here: Followed, outcome: str) -> None:
    on = here.evaluation.round.today
    verdict = Verdict(outcome, SUBSTANCE)
    correction = corrections.propose(here.evaluation, verdict, by=here.people.second, on=on)
    perform(correction, "confirm", by=here.people.third, on=on)
    IssueFactory(decision=here.evaluation.current_decision)
    here.publish()


def decided_after_a_visit(here: Followed) -> None:
    here.follow_up(here.evaluation.round.today)
    here.visit_again()
    here.decide("accredited")
    here.publish()


@pytest.mark.parametrize("replaces", [corrected, decided_after_a_visit])
def test_the_check_is_made_once_whatever_replaces_the_decision(
    monkeypatch: pytest.MonkeyPatch, replaces: Callable[[Followed], None]
):
    here = Followed(monkeypatch, "accredited")
    here.go_to(AFTER_20_MONTHS)
    assert due(here) == ["midterm"]
    perform(here.accreditation, "check_midterm", by=here.people.mce, note="All is well.")
    replaces(here)
    assert here.accreditation.decision != here.first
    assert (due(here), here.accreditation.midterm_step.words.note) == ([], "All is well.")
    assert refused(lambda: perform(here.accreditation, "check_midterm", by=here.people.mce, note="Again.")) == (
        Reason("already_checked"),
    )


def test_people_are_reminded_of_it_once(monkeypatch: pytest.MonkeyPatch):
    here = Followed(monkeypatch, "accredited")
    here.go_to(AFTER_20_MONTHS)
    (found,) = find_due()
    Reminder.objects.create(about=found.about, uid=found.uid, due_on=found.due_on)
    corrected(here)
    assert find_due() == []
    assert due(here) == ["midterm"], "it is still to be made"


def test_the_check_is_made_during_a_follow_up(monkeypatch: pytest.MonkeyPatch):
    here = Followed(monkeypatch, "accredited")
    here.follow_up(AFTER_20_MONTHS)
    perform(here.accreditation, "check_midterm", by=here.people.mce, note="Seen on the visit.")
    here.end()
    assert due(here) == []


def test_a_decision_on_an_appeal_begins_another_period(monkeypatch: pytest.MonkeyPatch):
    here = Followed(monkeypatch, "accredited")
    write_step(here.accreditation, "check_midterm", "valid", by=here.people.mce)
    assert here.accreditation.midterm_step is not None
    ruled = DecisionFactory(
        scorecard=here.first.scorecard,
        kind="appeal",
        replaces=here.first,
        decided_on=LATER,
        decided_by=here.people.third,
    )
    PublicationFactory(decision=ruled)
    assert here.accreditation.midterm_step is None


def test_dates_take_the_same_queries_after_many_corrections(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[..., object]
):
    here = Followed(monkeypatch, "accredited")
    here.go_to(AFTER_20_MONTHS)
    for _ in range(2):
        corrected(here)
    with django_assert_num_queries(5):
        assert due_everywhere() == 1
    newest = Accreditation.objects.select_related("decision__evaluation").get(state="valid")
    with django_assert_num_queries(2):
        assert newest.midterm_step is None


def due_everywhere() -> int:
    return len(list(find_accreditation_dates()))
