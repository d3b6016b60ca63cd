"""The follow-up of a recommendation: deadline, readers, owner, proofs, good practice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluation.files.documents import Unacceptable, inspect_upload
from evaluation.models import Document, Finding, Proof, Publication, Recommendation, Role, Round
from evaluation.panel.decisions import Verdict, decide
from evaluation.recommendations.progress import (
    add_proof,
    due_next,
    find_practices,
    may_read,
    readable_in,
    set_owner,
    share_practices,
    shared_practices,
    withdraw_proof,
)
from evaluation.workflow import Refusal, perform
from tests.bystander import new
from tests.factories import (
    DecisionFactory,
    HotlineFactory,
    RecommendationFactory,
    StakeFactory,
    evaluation_of,
    person,
    released_edition,
    scorecard_of,
    visit_of,
    write_answer,
)
from tests.small_edition import SMALL
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db

State = Recommendation.State


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("decided")


def asked(stage: Stage, state: str = State.IN_PROGRESS, **details) -> Recommendation:
    Recommendation.objects.filter(evaluation=stage.evaluation, code="1.1.2").delete()
    return RecommendationFactory(evaluation=stage.evaluation, state=state, **details)


def issued(**details) -> Recommendation:
    """Return a recommendation that a decision has just issued."""
    stage = Stage.minimal("decision")
    draft = asked(stage, State.DRAFTED, **details)
    stage.agree()
    decide(stage.evaluation, Verdict("accredited", "Because."), by=stage.people.panel, on=stage.evaluation.round.today)
    draft.refresh_from_db()
    assert draft.state == State.ISSUED
    return draft


# --- Deadline --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("priority", "months"), [(1, 3), (2, 6), (3, 12)])
def test_a_draft_without_a_day_gets_the_usual_one_when_it_is_issued(priority: int, months: int):
    draft = issued(priority=priority)
    assert draft.due_on == draft.evaluation.round.today + relativedelta(months=months)


def test_a_draft_with_a_day_keeps_it():
    draft = issued(due_on=date(2031, 1, 1))
    assert draft.due_on == date(2031, 1, 1)


@pytest.mark.parametrize(
    ("state", "late"), [(state, state not in (State.DRAFTED, State.VERIFIED, State.CLOSED)) for state in State]
)
def test_it_is_overdue_the_day_after_as_long_as_nobody_has_seen_the_work_done(state: str, late: bool):
    day = date(2027, 3, 1)
    recommendation = Recommendation(state=state, due_on=day)
    days = {n: recommendation.is_overdue(day + timedelta(days=n)) for n in (-1, 0, 1)}
    assert days == {-1: False, 0: False, 1: late}


def test_without_a_day_nothing_is_overdue():
    assert not Recommendation(state=State.ISSUED).is_overdue(date(2999, 1, 1))


def test_the_day_is_the_one_of_the_rounds_own_clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 3, 1, 23, 30, tzinfo=UTC))
    assert (Round(time_zone="Europe/Lisbon").today, Round(time_zone="Europe/Kyiv").today) == (
        date(2027, 3, 1),
        date(2027, 3, 2),
    )


def test_what_is_due_next_is_the_nearest_first_and_nothing_that_is_settled(stage: Stage):
    evaluation = stage.evaluation
    evaluation.recommendations.all().delete()
    for code, state, day in (
        ("1.1.1", State.ISSUED, None),
        ("1.1.2", State.ACCEPTED, date(2027, 5, 1)),
        ("1.2.1", State.NOT_VERIFIED, date(2027, 4, 1)),
        ("3.1.1", State.VERIFIED, date(2027, 1, 1)),
        ("3.2.1", State.DRAFTED, date(2027, 1, 1)),
    ):
        RecommendationFactory(evaluation=evaluation, code=code, state=state, due_on=day)
    assert [recommendation.code for recommendation in due_next([evaluation])] == ["1.2.1", "1.1.2", "1.1.1"]


# --- Moves -----------------------------------------------------------------------------------------------------------


def refused(thing: Recommendation, name: str, by, note: str = "") -> list[str]:
    with pytest.raises(Refusal) as caught:
        perform(thing, name, by=by, note=note)
    return [reason.code for reason in caught.value.reasons]


def test_a_contributor_works_and_only_the_coordinator_answers(stage: Stage):
    contributor = person(Role.CONTRIBUTOR, hotline=stage.evaluation.hotline)
    recommendation = asked(stage, State.ISSUED)
    assert refused(recommendation, "accept", contributor) == ["not_permitted"]
    assert refused(recommendation, "contest", contributor, "No.") == ["not_permitted"]
    perform(recommendation, "accept", by=stage.coordinator)
    perform(recommendation, "start", by=contributor)
    assert recommendation.state == State.IN_PROGRESS


@pytest.mark.parametrize(
    ("state", "name", "who"),
    [
        ("issued", "contest", "coordinator"),
        ("contested", "insist", "mce"),
        ("contested", "withdraw", "mce"),
        ("evidence_submitted", "refuse", "mce"),
    ],
)
def test_these_need_words(stage: Stage, state: str, name: str, who: str):
    recommendation = asked(stage, state)
    assert refused(recommendation, name, stage.user(who), " \n") == ["needs_note"]


def test_evidence_is_submitted_with_words_and_something_to_show(stage: Stage):
    recommendation = asked(stage)
    assert refused(recommendation, "submit_evidence", stage.coordinator) == ["no_proof", "needs_note"]
    add_proof(recommendation, by=stage.coordinator, words="The change is a habit; nobody writes it down.")
    perform(recommendation, "submit_evidence", by=stage.coordinator, note="We changed the handover.")
    assert recommendation.state == State.EVIDENCE_SUBMITTED


@pytest.mark.parametrize("tie", ["stake", "country", "role"])
def test_who_is_tied_to_the_hotline_verifies_nothing_not_even_for_mce(stage: Stage, tie: str):
    hotline = stage.evaluation.hotline
    mce = person(Role.MCE_COORDINATOR, country=hotline.country if tie == "country" else "")
    if tie == "stake":
        StakeFactory(user=mce, hotline=hotline)
    if tie == "role":
        mce.memberships.create(role=Role.CONTRIBUTOR, hotline=hotline, since=date(2020, 1, 1), until=date(2021, 1, 1))
    recommendation = asked(stage, State.EVIDENCE_SUBMITTED)
    assert refused(recommendation, "verify", mce) == ["coordinator_is_tied"]
    assert refused(recommendation, "refuse", mce, "Say more.") == ["coordinator_is_tied"]
    perform(recommendation, "verify", by=stage.people.assessor)


def test_what_is_taken_back_is_closed_and_told_in_no_report(stage: Stage):
    recommendation = asked(stage, State.CONTESTED)
    perform(recommendation, "withdraw", by=stage.people.mce, note="You are right.")
    assert (recommendation.state, recommendation.is_withdrawn) == (State.CLOSED, True)
    assert list(new(Recommendation).communicated()) == []
    assert list(new(Recommendation).in_the_plan()) == [recommendation]


def test_a_report_printed_again_still_names_what_was_accepted_since(stage: Stage):
    recommendation = asked(stage, State.ISSUED)
    perform(recommendation, "accept", by=stage.coordinator)
    assert list(new(Recommendation).communicated()) == [recommendation]


# --- Readers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["response", "decision", "decided", "published"])
def test_the_hotline_reads_drafts_while_it_responds_and_then_what_is_issued(stage: Stage, state: str):
    evaluation = stage.evaluation
    evaluation.recommendations.all().delete()
    for code, of_it in (
        ("1.1.1", {}),
        ("1.1.2", {"is_dropped": True}),
        ("1.2.1", {"state": State.ISSUED}),
    ):
        RecommendationFactory(evaluation=evaluation, code=code, **of_it)
    evaluation.__dict__["state"] = state
    drafts = ["1.1.1"] if state == "response" else []
    read = {
        name: sorted(readable_in(evaluation, user).values_list("code", flat=True))
        for name, user in {
            "hotline": stage.coordinator,
            "lead": stage.people.lead,
            "member": stage.people.assessor,
        }.items()
    }
    assert read == {
        "hotline": [*drafts, "1.2.1"],
        "lead": ["1.1.1", "1.1.2", "1.2.1"],
        "member": ["1.1.1", "1.1.2", "1.2.1"],
    }
    one = evaluation.recommendations.get(code="1.1.1")
    one.evaluation = evaluation
    assert may_read(stage.coordinator, one) == (state == "response")


# --- Owner -----------------------------------------------------------------------------------------------------------


def test_the_hotline_says_who_does_it_until_it_is_settled(stage: Stage):
    recommendation = asked(stage, State.ISSUED)
    set_owner(recommendation, owner=" Ilze Kalniņa ", by=stage.coordinator)
    recommendation.refresh_from_db()
    assert recommendation.owner == "Ilze Kalniņa"
    for user in (stage.people.mce, stage.people.lead, stage.people.panel):
        with pytest.raises(Refusal):
            set_owner(recommendation, owner="Somebody else", by=user)
    settled = asked(stage, State.VERIFIED, owner="Ilze Kalniņa")
    with pytest.raises(Refusal):
        set_owner(settled, owner="Somebody else", by=stage.coordinator)
    settled.refresh_from_db()
    assert settled.owner == "Ilze Kalniņa"


# --- Proofs ----------------------------------------------------------------------------------------------------------


def test_the_same_file_is_kept_once_a_hotline_and_shown_once_a_recommendation(stage: Stage):
    first = asked(stage)
    second = RecommendationFactory(evaluation=stage.evaluation, code="1.1.1", state=State.IN_PROGRESS)
    upload = inspect_upload(PDF, "rota.pdf", limit=10_000)
    proof = add_proof(first, by=stage.coordinator, upload=upload, words="The rota.")
    assert add_proof(second, by=stage.coordinator, upload=upload).document == proof.document
    with pytest.raises(Unacceptable) as caught:
        add_proof(first, by=stage.coordinator, upload=upload)
    assert (caught.value.code, new(Document).filter(proofs__isnull=False).distinct().count()) == ("shown_already", 1)


@pytest.mark.parametrize("state", [state for state in State if state != State.IN_PROGRESS])
def test_nothing_is_shown_or_taken_back_unless_the_work_is_under_way(stage: Stage, state: str):
    recommendation = asked(stage, state)
    proof = Proof.objects.create(recommendation=recommendation, words="As it was.", by=stage.coordinator)
    for act in (
        lambda: add_proof(recommendation, by=stage.coordinator, address="https://example.org/rota"),
        lambda: withdraw_proof(proof, by=stage.coordinator),
    ):
        with pytest.raises(Unacceptable) as caught:
            act()
        assert caught.value.code == "not_under_way"
    assert list(recommendation.proofs.all()) == [proof]


def test_what_was_submitted_stays_and_what_is_new_can_be_taken_back(stage: Stage):
    recommendation = asked(stage)
    old = add_proof(recommendation, by=stage.coordinator, words="Nothing is written down.")
    perform(recommendation, "submit_evidence", by=stage.coordinator, note="Done.")
    perform(recommendation, "refuse", by=stage.people.mce, note="Write it down.")
    perform(recommendation, "resume", by=stage.coordinator)
    new = add_proof(recommendation, by=stage.coordinator, address="https://example.org/rota")
    withdraw_proof(new, by=stage.coordinator)
    with pytest.raises(Unacceptable) as caught:
        withdraw_proof(old, by=stage.coordinator)
    assert caught.value.code == "submitted"
    assert list(recommendation.proofs.all()) == [old]


@pytest.mark.everywhere
@pytest.mark.parametrize("of_it", [{}, {"document": True, "address": "https://example.org"}])
def test_the_database_itself_refuses_a_proof_that_is_nothing_or_two_things(stage: Stage, of_it: dict):
    recommendation = asked(stage)
    if "document" in of_it:
        upload = inspect_upload(PDF, "rota.pdf", limit=10_000)
        of_it = {**of_it, "document": add_proof(recommendation, by=stage.coordinator, upload=upload).document}
    with pytest.raises(IntegrityError), transaction.atomic():
        Proof.objects.create(recommendation=recommendation, by=stage.coordinator, **of_it)


# --- Good practice ---------------------------------------------------------------------------------------------------


def practised(code: str, *, published: bool = True, hotline=None, **fields) -> Finding:
    evaluation = evaluation_of(hotline or HotlineFactory(), state="published" if published else "decided")
    visit_of(evaluation)
    write_answer(evaluation, code, Finding, level=3, words="Seen.", **({"good_practice": True} | fields))
    decision = DecisionFactory(scorecard=scorecard_of(evaluation))
    if published:
        Publication.objects.create(decision=decision)
    return evaluation.findings.get(code=code)


def test_good_practice_is_offered_of_other_hotlines_once_it_is_published(stage: Stage):
    recommendation = asked(stage)
    neighbour, same = practised("1.1.1"), practised("1.1.2")
    practised("1.1.2", published=False)
    practised("1.1.2", good_practice=False)
    practised("1.1.2", hotline=stage.evaluation.hotline)
    practised("9.1.2")
    assert list(find_practices(recommendation)) == [same, neighbour]


def test_what_goes_with_a_recommendation_is_what_was_chosen_and_still_holds(stage: Stage):
    recommendation = asked(stage)
    chosen, unpublished = practised("1.1.2"), practised("1.1.2", published=False)
    share_practices(recommendation, [chosen, unpublished], by=stage.people.assessor)
    assert list(shared_practices(recommendation)) == [chosen]
    Finding.objects.filter(pk=chosen.pk).update(good_practice=False)
    assert list(shared_practices(recommendation)) == []


def test_assessors_of_the_team_and_mce_choose_good_practice_and_nobody_else(stage: Stage):
    recommendation, chosen = asked(stage), practised("1.1.2")
    for user in (stage.coordinator, stage.people.panel, person(Role.ASSESSOR), person()):
        with pytest.raises(Refusal):
            share_practices(recommendation, [chosen], by=user)
    for user in (stage.people.assessor, stage.people.lead, stage.people.mce):
        share_practices(recommendation, [chosen], by=user)
        share_practices(recommendation, [], by=user)


@pytest.mark.everywhere  # covers a condition over editions
def test_good_practice_is_found_under_the_code_that_its_indicator_had_in_another_edition(stage: Stage):
    recommendation, same = asked(stage), practised("1.1.2")
    first = SMALL.domains[0]
    standards = tuple(
        replace(
            s, indicators=tuple(replace(i, code="1.1.8", key=i.code) if i.code == "1.1.2" else i for i in s.indicators)
        )
        for s in first.standards
    )
    other = replace(SMALL, code="T4", domains=(replace(first, standards=standards), *SMALL.domains[1:]))
    Round.objects.filter(pk=same.evaluation.round_id).update(edition=released_edition(other))
    Finding.objects.filter(pk=same.pk).update(code="1.1.8")
    assert list(find_practices(recommendation)) == [same]
