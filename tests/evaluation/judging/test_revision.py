"""Replies that change findings: written and scored when they are handed over; then the findings are final."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from evaluation.answers.judgements import AnswerInput, Closed, InvalidAnswer, Saved, change_finding, save_finding
from evaluation.engine.scoring import Judgement, score
from evaluation.judging.evidence import gather_evidence, judge
from evaluation.judging.revision import Change, find_changed_findings
from evaluation.models import (
    Evaluation,
    Figure,
    Finding,
    FindingVersion,
    Reply,
    Role,
    Scorecard,
    Step,
    User,
    Visit,
)
from evaluation.models.evaluation import find_remarks, find_replies_of_tied_authors
from evaluation.models.reasons import Reason
from evaluation.panel import corrections
from evaluation.panel.decisions import Verdict, decide, vote
from evaluation.response.replies import replies_to, reply_versions, response_to, save_reply
from evaluation.response.response import respond, save_remark
from evaluation.scorecards import read_inputs, read_payload
from evaluation.workflow import Refusal, perform
from reports.fact_reader import read_facts
from tests.bystander import new
from tests.factories import SUBSTANCE, MembershipFactory, StakeFactory, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db

LEVEL = "9.1.2"
ON = date(2026, 11, 2)
OBSERVED_WORDS = "We read the rota."


def contested(*codes: str) -> Stage:
    """Return a stage whose hotline contests these indicators, by default the one with a finding at level 1."""
    stage = Stage.minimal("report")
    write_answer(stage.evaluation, LEVEL, Finding, level=1, words="One shift of two.", good_practice=True)
    judge(stage.evaluation, by=stage.people.lead)
    for code in codes or (LEVEL,):
        save_remark(stage.evaluation, code, "The second was ill.", version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)
    return stage


def reply(stage: Stage, code: str = LEVEL, **fields: object) -> Saved:
    row = Reply.objects.filter(remark__code=code).latest("pk")
    saved = save_reply(
        stage.evaluation,
        code,
        AnswerInput(words=OBSERVED_WORDS, **fields),
        version=row.version,
        by=stage.people.assessor,
    )
    assert isinstance(saved, Saved)
    return saved


def finding_of(stage: Stage, code: str = LEVEL) -> Finding:
    return Finding.objects.get(evaluation=stage.evaluation, code=code)


def visit_state(stage: Stage) -> str:
    return Visit.objects.get(evaluation=stage.evaluation).state


def test_a_changed_finding_is_written_as_a_new_version_and_scored_on_a_card_of_its_own():
    stage = contested()
    before, version = stage.evaluation.latest_scorecard, finding_of(stage).version
    reply(stage, level=3)
    assert (finding_of(stage).level, new(Scorecard).count()) == (1, 1)  # a draft changes nothing
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    found, after = finding_of(stage), stage.evaluation.latest_scorecard
    assert (found.level, found.version, found.by, found.good_practice) == (3, version + 1, stage.people.assessor, True)
    assert found.words == f"One shift of two.\n\nAfter the response of the hotline: {OBSERVED_WORDS}"
    assert FindingVersion.objects.get(code=LEVEL, version=version + 1).level == 3
    assert (after.revises, after.sent, before.sent) == (before, before, before)
    payload, now = read_payload(after), gather_evidence(stage.evaluation)
    assert payload.card == score(stage.evaluation.framework, now)
    assert payload.card == score(stage.evaluation.framework, payload.evidence)
    assert read_inputs(before).findings[LEVEL].level == 1
    changes = find_changed_findings(after)
    assert {code: (one.was.level, one.now.level) for code, one in changes.items()} == {LEVEL: (1, 3)}


def test_a_finding_that_is_kept_is_not_touched_and_nothing_is_scored_anew():
    stage = contested()
    before = list(new(Finding).order_by("pk").values())
    for fields in ({}, {"level": 1}):  # repeating the level keeps the finding
        reply(stage, **fields)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    assert list(new(Finding).order_by("pk").values()) == before
    assert new(Scorecard).count() == 1
    assert find_changed_findings(stage.evaluation.latest_scorecard) == find_changed_findings(None) == {}


def test_the_response_and_its_replies_stay_with_the_revised_scorecard():
    stage = contested()
    sent = stage.evaluation.latest_scorecard
    reply(stage, level=3)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    revised = stage.evaluation.latest_scorecard
    response = response_to(revised)
    assert response == response_to(sent)
    assert list(replies_to(response)) == [LEVEL]
    assert [remark.code for remark in find_remarks(stage.evaluation)] == [LEVEL]
    assert reply_versions(stage.evaluation, LEVEL).get().level == 3
    stage.declare()
    vote(revised, revised.proposal, "So it is.", by=stage.people.panel)
    with pytest.raises(Refusal) as refused:
        vote(sent, sent.proposal, "So it was.", by=stage.people.panel)
    assert refused.value.reasons == (Reason("scored_again"),)


def test_the_recommendations_follow_the_changed_findings():
    stage = contested()
    assert stage.evaluation.recommendations.filter(code=LEVEL, is_dropped=False).exists()
    reply(stage, level=3)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    assert not stage.evaluation.recommendations.filter(code=LEVEL, is_dropped=False).exists()


@pytest.mark.parametrize("fields", [{"not_seen": True}, {"level": 0}])
def test_a_finding_may_become_worse_or_unseen(fields):
    stage = contested()
    reply(stage, **fields)
    perform(stage.evaluation, "answer_remarks", by=stage.people.mce)
    found = finding_of(stage)
    assert {name: getattr(found, name) for name in fields} == fields
    assert new(Reply).get().has_judgement


def test_what_the_system_adds_to_the_words_is_in_the_language_of_the_edition():
    stage = contested()
    reply(stage, level=3)
    with translation.override("pl"):
        perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    assert finding_of(stage).words == f"One shift of two.\n\nAfter the response of the hotline: {OBSERVED_WORDS}"


# --- By somebody with a stake or a seat since ------------------------------------------------------------------------


def tie(stage: Stage, author: User) -> None:
    StakeFactory(user=author, hotline=stage.evaluation.hotline)


def join_panel(_stage: Stage, author: User) -> None:
    """Make the author of the reply a member of the panel, who may then decide on the hotline."""
    MembershipFactory(user=author, role=Role.PANEL_MEMBER)


@pytest.mark.parametrize("tying", [tie, join_panel])
@pytest.mark.parametrize("fields", [{"level": 3}, {}])
def test_a_reply_of_somebody_with_a_tie_waits_for_another_author_and_keeps_its_words(tying, fields):
    stage = contested(LEVEL, "1.1.2")
    reply(stage, "1.1.2")
    author = stage.people.mce
    submitted = AnswerInput(words="I know them well.", **fields)
    assert save_reply(stage.evaluation, LEVEL, submitted, version=0, by=author) == Saved(1)
    tying(stage, author)
    before = finding_of(stage).version
    with pytest.raises(Refusal) as refused:
        perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    assert refused.value.reasons == (Reason("replies_of_tied_authors", codes=(LEVEL,)),)
    kept = Reply.objects.get(remark__code=LEVEL)
    assert (kept.words, kept.by, finding_of(stage).version) == ("I know them well.", author, before)
    assert save_reply(stage.evaluation, LEVEL, submitted, version=1, by=stage.people.assessor) == Saved(2)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    assert Reply.objects.get(remark__code=LEVEL).by == stage.people.assessor
    assert (finding_of(stage).version, finding_of(stage).by) == (
        (before + 1, stage.people.assessor) if fields else (before, finding_of(stage).by)
    )


def test_who_has_left_the_role_since_without_a_tie_has_replied():
    stage = contested()
    reply(stage, level=3)
    stage.people.assessor.memberships.update(until="2020-01-01")
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    assert (finding_of(stage).level, finding_of(stage).by) == (3, stage.people.assessor)


def test_what_the_panel_has_is_not_asked_again():
    stage = contested()
    reply(stage, level=3)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    tie(stage, stage.people.assessor)
    remarks = find_remarks(stage.evaluation)
    with CaptureQueriesContext(connection) as queries:
        assert find_replies_of_tied_authors(stage.evaluation, remarks) == ()
    assert len(queries) == 0


def test_many_replies_of_one_author_are_asked_about_as_one():
    def count(*codes: str) -> int:
        stage = contested(*codes)
        for code in codes:
            reply(stage, code)
        evaluation = new(Evaluation).select_related("hotline").get(pk=stage.evaluation.pk)
        remarks = find_remarks(evaluation)
        with CaptureQueriesContext(connection) as queries:
            assert find_replies_of_tied_authors(evaluation, remarks) == ()
        return len(queries)

    assert count(LEVEL) == count(LEVEL, "1.1.1", "1.1.2", "3.2.1")


def test_nothing_is_changed_twice_or_once_the_panel_has_it():
    stage = contested()
    reply(stage, level=3)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    assert visit_state(stage) == "closed"
    late = AnswerInput(level=0, words="Again.")
    found = finding_of(stage)
    assert save_reply(stage.evaluation, LEVEL, late, version=1, by=stage.people.lead) == Closed()
    assert save_finding(stage.evaluation, LEVEL, late, version=found.version, by=stage.people.lead) == Closed()
    with pytest.raises(AssertionError), transaction.atomic():
        change_finding(found, late, by=stage.people.lead)
    with pytest.raises(Refusal) as refused:
        perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    assert refused.value.reasons == (Reason("no_answer_awaited"),)
    assert finding_of(stage).level == 3


def test_a_reply_says_nothing_that_the_indicator_does_not_allow():
    stage = contested()
    for fields, code in (
        ({"level": 9}, "no_such_level"),
        ({"value": Decimal(1)}, "no_such_level"),
        ({"level": 1, "not_seen": True}, "no_such_level"),
    ):
        with pytest.raises(InvalidAnswer, match=code):
            save_reply(stage.evaluation, LEVEL, AnswerInput(**fields), version=0, by=stage.people.lead)


def test_where_figures_count_and_nobody_looked_there_is_no_finding_to_change():
    stage = Stage.minimal("report")
    code = next(c for c, one in stage.evaluation.framework.indicators.items() if one.from_figures)
    Finding.objects.filter(evaluation=stage.evaluation, code=code).update(level=None, value=None, version=0)
    judge(stage.evaluation, by=stage.people.lead)
    save_remark(stage.evaluation, code, "We counted otherwise.", version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)
    for fields in ({"value": Decimal(3)}, {"not_seen": True}):
        with pytest.raises(InvalidAnswer, match="from_figures"):
            save_reply(stage.evaluation, code, AnswerInput(**fields), version=0, by=stage.people.lead)
    reply(stage, code)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)


def test_a_finding_that_was_blank_before_was_missing():
    stage = contested()
    sent = stage.evaluation.latest_scorecard
    revised = Scorecard(evaluation=stage.evaluation, revises=sent, payload=sent.payload)
    revised.payload = sent.payload.replace(f'"{LEVEL}":', '"9.9.9":')
    assert find_changed_findings(revised)["9.9.9"] == Change(Judgement(), read_inputs(sent).findings[LEVEL])


def decided_and_scored_again() -> Stage:
    """Return a stage in which a changed finding was decided on, then figures changed and a correction was confirmed."""
    stage = contested()
    reply(stage, level=3)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    stage.agree("not_accredited")
    decide(stage.evaluation, Verdict("not_accredited", SUBSTANCE), by=stage.people.panel, on=ON)
    Figure.objects.filter(item="A04").update(value=400)
    corrections.score_again(stage.evaluation, by=stage.people.panel)
    found = corrections.propose(stage.evaluation, Verdict("not_accredited", SUBSTANCE), by=stage.people.panel, on=ON)
    perform(found, "confirm", by=stage.people.second, on=ON)
    stage.evaluation.refresh_from_db()
    return stage


def test_a_decision_that_is_scored_again_and_corrected_keeps_the_response_and_what_it_changed():
    stage = decided_and_scored_again()
    decision = stage.evaluation.current_decision
    heard = Scorecard.objects.get(revises__isnull=False)
    assert decision.scorecard == stage.evaluation.latest_scorecard != heard
    assert decision.heard_scorecard == stage.evaluation.heard_scorecard == heard
    facts = read_facts(decision, "en").response
    assert facts is not None
    assert (list(facts.remarks), facts.replies) == ([LEVEL], {LEVEL: OBSERVED_WORDS})
    assert [(code, one.was.level, one.now.level) for code, one in facts.changes.items()] == [(LEVEL, 1, 3)]


# --- With a visit ----------------------------------------------------------------------------------------------------


def moves_of_visit(stage: Stage) -> list[tuple[str, object]]:
    steps = Step.objects.filter(kind="visit", uid=stage.visit.uid).select_related("words").order_by("seq")
    return [(step.move, step.words.by) for step in steps]


def test_the_visit_waits_for_the_response_and_its_answers_and_closes_with_them():
    stage = contested()
    assert visit_state(stage) == "response"
    reply(stage)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    assert visit_state(stage) == "closed"
    assert moves_of_visit(stage) == [("send_findings", None), ("close", None)]


def test_it_closes_with_a_response_that_contests_nothing():
    stage = Stage.minimal("response")
    respond(stage.evaluation, by=stage.coordinator, accepts_others=True)
    assert visit_state(stage) == "closed"


def test_it_closes_when_the_time_is_over_or_the_hotline_is_excused():
    stage = Stage.minimal("response")
    new(Evaluation).update(respond_by="2020-01-01")
    stage.evaluation.refresh_from_db()
    perform(stage.evaluation, "go_on_without_response", by=stage.people.mce)
    assert visit_state(stage) == "closed"
    for state, end in (("report", "closed"), ("response", "closed"), ("study_visit", "team_confirmed")):
        other = Stage.minimal(state)
        perform(other.evaluation, "excuse", by=other.people.mce, note="It gives the line back.")
        assert visit_state(other) == end


def test_a_hotline_without_a_visit_is_excused_too():
    stage = Stage.minimal("self_assessment")
    perform(stage.evaluation, "excuse", by=stage.people.mce, note="It gives the line back.")
    assert stage.evaluation.arranged_visit is None


def test_it_is_signed_off_again_when_the_panel_sends_the_findings_back():
    stage = contested()
    reply(stage, level=3)
    stage.declare()
    with pytest.raises(Refusal) as refused:
        perform(stage.evaluation, "send_back_to_assessors", by=stage.people.panel, note="Look again.")
    assert refused.value.reasons == (Reason("remarks_unanswered", codes=(LEVEL,)),)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    perform(stage.evaluation, "send_back_to_assessors", by=stage.people.panel, note="Look again.")
    assert visit_state(stage) == "signed_off"
    judge(stage.evaluation, by=stage.people.lead)  # a new draft, without a response
    assert response_to(stage.evaluation.latest_scorecard) is None
    assert stage.evaluation.latest_scorecard.revises is None
    assert find_remarks(stage.evaluation) == []


def test_nobody_moves_the_visit_by_hand():
    stage = contested()
    for move in ("close", "take_findings_back"):
        with pytest.raises(Refusal) as refused:
            perform(stage.visit, move, by=stage.people.mce)
        assert refused.value.reasons == (Reason("not_permitted"),)


# --- Frozen ----------------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_the_history_of_a_reply_has_what_the_finding_was_to_become():
    stage = contested()
    reply(stage, level=2)
    reply(stage, level=3)
    assert list(reply_versions(stage.evaluation, LEVEL).order_by("version").values_list("level", "not_seen")) == [
        (2, False),
        (3, False),
    ]
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE evaluation_reply SET level = 0")
