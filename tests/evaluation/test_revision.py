"""Replies that change findings: written and scored when they are handed over; then the findings are final."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from evaluation.assessment.judgements import (
    AnswerInput,
    Closed,
    InvalidAnswer,
    Saved,
    change_finding,
    save_finding,
)
from evaluation.assessment.replies import replies_to, reply_versions, response_to, save_reply
from evaluation.assessment.response import respond, save_remark
from evaluation.guards.conditions import find_remarks
from evaluation.guards.reasons import Reason
from evaluation.guards.reply_conditions import find_replies_of_tied_authors
from evaluation.judging import gather_evidence, judge
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
from evaluation.panel import corrections
from evaluation.panel.decisions import Verdict, decide, vote
from evaluation.revision import Change, find_changed_findings, hand_over_replies
from evaluation.scorecards import read_inputs, read_payload
from evaluation.scoring import Judgement, score
from evaluation.workflow import Refusal, perform
from reports.fact_reader import read_facts
from tests.factories import SUBSTANCE, MembershipFactory, StakeFactory, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db

LEVEL = "9.1.2"
ON = date(2026, 11, 2)
SEEN = "We read the rota."


def contested(*codes: str) -> Stage:
    """Return a stage whose hotline contests these indicators, by default the one with a finding at level 1."""
    here = Stage.minimal("report")
    write_answer(here.evaluation, LEVEL, Finding, level=1, words="One shift of two.", good_practice=True)
    judge(here.evaluation, by=here.people.lead)
    for code in codes or (LEVEL,):
        save_remark(here.evaluation, code, "The second was ill.", version=0, by=here.coordinator)
    respond(here.evaluation, by=here.coordinator)
    return here


def reply(here: Stage, code: str = LEVEL, **fields: object) -> Saved:
    row = Reply.objects.filter(remark__code=code).latest("pk")
    saved = save_reply(
        here.evaluation, code, AnswerInput(words=SEEN, **fields), version=row.version, by=here.people.assessor
    )
    assert isinstance(saved, Saved)
    return saved


def finding_of(here: Stage, code: str = LEVEL) -> Finding:
    return Finding.objects.get(evaluation=here.evaluation, code=code)


def visit_state(here: Stage) -> str:
    return Visit.objects.get(evaluation=here.evaluation).state


def test_a_changed_finding_is_written_as_a_new_version_and_scored_on_a_card_of_its_own():
    here = contested()
    before, version = here.evaluation.latest_scorecard, finding_of(here).version
    reply(here, level=3)
    assert (finding_of(here).level, Scorecard.objects.count()) == (1, 1)  # a draft changes nothing
    hand_over_replies(here.evaluation, by=here.people.lead)
    found, after = finding_of(here), here.evaluation.latest_scorecard
    assert (found.level, found.version, found.by, found.good_practice) == (3, version + 1, here.people.assessor, True)
    assert found.words == f"One shift of two.\n\nAfter the response of the hotline: {SEEN}"
    assert FindingVersion.objects.get(code=LEVEL, version=version + 1).level == 3
    assert (after.revises, after.sent, before.sent) == (before, before, before)
    payload, now = read_payload(after), gather_evidence(here.evaluation)
    assert payload.card == score(here.evaluation.framework, now)
    assert payload.card == score(here.evaluation.framework, payload.evidence)
    assert read_inputs(before).findings[LEVEL].level == 1
    changes = find_changed_findings(after)
    assert {code: (one.was.level, one.now.level) for code, one in changes.items()} == {LEVEL: (1, 3)}


def test_a_finding_that_is_kept_is_not_touched_and_nothing_is_scored_anew():
    here = contested()
    before = list(Finding.objects.order_by("pk").values())
    for fields in ({}, {"level": 1}):  # repeating the level keeps the finding
        reply(here, **fields)
    hand_over_replies(here.evaluation, by=here.people.lead)
    assert list(Finding.objects.order_by("pk").values()) == before
    assert Scorecard.objects.count() == 1
    assert find_changed_findings(here.evaluation.latest_scorecard) == find_changed_findings(None) == {}


def test_the_response_and_its_replies_stay_with_the_revised_scorecard():
    here = contested()
    sent = here.evaluation.latest_scorecard
    reply(here, level=3)
    hand_over_replies(here.evaluation, by=here.people.lead)
    revised = here.evaluation.latest_scorecard
    response = response_to(revised)
    assert response == response_to(sent)
    assert list(replies_to(response)) == [LEVEL]
    assert [remark.code for remark in find_remarks(here.evaluation)] == [LEVEL]
    assert reply_versions(here.evaluation, LEVEL).get().level == 3
    here.declare()
    vote(revised, revised.proposal, "So it is.", by=here.people.panel)
    with pytest.raises(Refusal) as refused:
        vote(sent, sent.proposal, "So it was.", by=here.people.panel)
    assert refused.value.reasons == (Reason("scored_again"),)


def test_the_recommendations_follow_the_changed_findings():
    here = contested()
    assert here.evaluation.recommendations.filter(code=LEVEL, is_dropped=False).exists()
    reply(here, level=3)
    hand_over_replies(here.evaluation, by=here.people.lead)
    assert not here.evaluation.recommendations.filter(code=LEVEL, is_dropped=False).exists()


@pytest.mark.parametrize("fields", [{"not_seen": True}, {"level": 0}])
def test_a_finding_may_become_worse_or_unseen(fields):
    here = contested()
    reply(here, **fields)
    hand_over_replies(here.evaluation, by=here.people.mce)
    found = finding_of(here)
    assert {name: getattr(found, name) for name in fields} == fields
    assert Reply.objects.get().has_judgement


def test_what_the_system_adds_to_the_words_is_in_the_language_of_the_edition():
    here = contested()
    reply(here, level=3)
    with translation.override("pl"):
        hand_over_replies(here.evaluation, by=here.people.lead)
    assert finding_of(here).words == f"One shift of two.\n\nAfter the response of the hotline: {SEEN}"


# --- By somebody with a stake or a seat since ------------------------------------------------------------------------


def tie(here: Stage, author: User) -> None:
    StakeFactory(user=author, hotline=here.evaluation.hotline)


def join_panel(_here: Stage, author: User) -> None:
    """Make the author of the reply a member of the panel, who may then decide on the hotline."""
    MembershipFactory(user=author, role=Role.PANEL_MEMBER)


@pytest.mark.parametrize("tying", [tie, join_panel])
@pytest.mark.parametrize("fields", [{"level": 3}, {}])
def test_a_reply_of_somebody_with_a_tie_waits_for_another_author_and_keeps_its_words(tying, fields):
    here = contested(LEVEL, "1.1.2")
    reply(here, "1.1.2")
    author = here.people.mce
    submitted = AnswerInput(words="I know them well.", **fields)
    assert save_reply(here.evaluation, LEVEL, submitted, version=0, by=author) == Saved(1)
    tying(here, author)
    before = finding_of(here).version
    with pytest.raises(Refusal) as refused:
        hand_over_replies(here.evaluation, by=here.people.lead)
    assert refused.value.reasons == (Reason("replies_of_tied_authors", codes=(LEVEL,)),)
    kept = Reply.objects.get(remark__code=LEVEL)
    assert (kept.words, kept.by, finding_of(here).version) == ("I know them well.", author, before)
    assert save_reply(here.evaluation, LEVEL, submitted, version=1, by=here.people.assessor) == Saved(2)
    hand_over_replies(here.evaluation, by=here.people.lead)
    assert Reply.objects.get(remark__code=LEVEL).by == here.people.assessor
    assert (finding_of(here).version, finding_of(here).by) == (
        (before + 1, here.people.assessor) if fields else (before, finding_of(here).by)
    )


def test_who_has_left_the_role_since_without_a_tie_has_replied():
    here = contested()
    reply(here, level=3)
    here.people.assessor.memberships.update(until="2020-01-01")
    hand_over_replies(here.evaluation, by=here.people.lead)
    assert (finding_of(here).level, finding_of(here).by) == (3, here.people.assessor)


def test_what_the_panel_has_is_not_asked_again():
    here = contested()
    reply(here, level=3)
    hand_over_replies(here.evaluation, by=here.people.lead)
    tie(here, here.people.assessor)
    remarks = find_remarks(here.evaluation)
    with CaptureQueriesContext(connection) as queries:
        assert find_replies_of_tied_authors(here.evaluation, remarks) == ()
    assert len(queries) == 0


def test_many_replies_of_one_author_are_asked_about_as_one():
    def count(*codes: str) -> int:
        here = contested(*codes)
        for code in codes:
            reply(here, code)
        evaluation = Evaluation.objects.select_related("hotline").get(pk=here.evaluation.pk)
        remarks = find_remarks(evaluation)
        with CaptureQueriesContext(connection) as queries:
            assert find_replies_of_tied_authors(evaluation, remarks) == ()
        return len(queries)

    assert count(LEVEL) == count(LEVEL, "1.1.1", "1.1.2", "3.2.1")


def test_nothing_is_changed_twice_or_once_the_panel_has_it():
    here = contested()
    reply(here, level=3)
    hand_over_replies(here.evaluation, by=here.people.lead)
    assert visit_state(here) == "closed"
    late = AnswerInput(level=0, words="Again.")
    found = finding_of(here)
    assert save_reply(here.evaluation, LEVEL, late, version=1, by=here.people.lead) == Closed()
    assert save_finding(here.evaluation, LEVEL, late, version=found.version, by=here.people.lead) == Closed()
    with pytest.raises(AssertionError), transaction.atomic():
        change_finding(found, late, by=here.people.lead)
    with pytest.raises(Refusal) as refused:
        hand_over_replies(here.evaluation, by=here.people.lead)
    assert refused.value.reasons == (Reason("no_answer_awaited"),)
    assert finding_of(here).level == 3


def test_a_reply_says_nothing_that_the_indicator_does_not_allow():
    here = contested()
    for fields, code in (
        ({"level": 9}, "no_such_level"),
        ({"value": Decimal(1)}, "no_such_level"),
        ({"level": 1, "not_seen": True}, "no_such_level"),
    ):
        with pytest.raises(InvalidAnswer, match=code):
            save_reply(here.evaluation, LEVEL, AnswerInput(**fields), version=0, by=here.people.lead)


def test_where_figures_count_and_nobody_looked_there_is_no_finding_to_change():
    here = Stage.minimal("report")
    code = next(c for c, one in here.evaluation.framework.indicators.items() if one.from_figures)
    Finding.objects.filter(evaluation=here.evaluation, code=code).update(level=None, value=None, version=0)
    judge(here.evaluation, by=here.people.lead)
    save_remark(here.evaluation, code, "We counted otherwise.", version=0, by=here.coordinator)
    respond(here.evaluation, by=here.coordinator)
    for fields in ({"value": Decimal(3)}, {"not_seen": True}):
        with pytest.raises(InvalidAnswer, match="from_figures"):
            save_reply(here.evaluation, code, AnswerInput(**fields), version=0, by=here.people.lead)
    reply(here, code)
    hand_over_replies(here.evaluation, by=here.people.lead)


def test_a_finding_that_was_blank_before_was_missing():
    here = contested()
    sent = here.evaluation.latest_scorecard
    revised = Scorecard(evaluation=here.evaluation, revises=sent, payload=sent.payload)
    revised.payload = sent.payload.replace(f'"{LEVEL}":', '"9.9.9":')
    assert find_changed_findings(revised)["9.9.9"] == Change(Judgement(), read_inputs(sent).findings[LEVEL])


def decided_and_scored_again() -> Stage:
    """Return a stage in which a changed finding was decided on, then figures changed and a correction was confirmed."""
    here = contested()
    reply(here, level=3)
    hand_over_replies(here.evaluation, by=here.people.lead)
    here.agree("not_accredited")
    decide(here.evaluation, Verdict("not_accredited", SUBSTANCE), by=here.people.panel, on=ON)
    Figure.objects.filter(item="A04").update(value=400)
    corrections.score_again(here.evaluation, by=here.people.panel)
    found = corrections.propose(here.evaluation, Verdict("not_accredited", SUBSTANCE), by=here.people.panel, on=ON)
    perform(found, "confirm", by=here.people.second, on=ON)
    here.evaluation.refresh_from_db()
    return here


def test_a_decision_that_is_scored_again_and_corrected_keeps_the_response_and_what_it_changed():
    here = decided_and_scored_again()
    decision = here.evaluation.current_decision
    heard = Scorecard.objects.get(revises__isnull=False)
    assert decision.scorecard == here.evaluation.latest_scorecard != heard
    assert decision.heard_scorecard == here.evaluation.heard_scorecard == heard
    facts = read_facts(decision, "en").response
    assert facts is not None
    assert (list(facts.remarks), facts.replies) == ([LEVEL], {LEVEL: SEEN})
    assert [(code, one.was.level, one.now.level) for code, one in facts.changes.items()] == [(LEVEL, 1, 3)]


# --- With a visit ----------------------------------------------------------------------------------------------------


def moves_of_visit(here: Stage) -> list[tuple[str, object]]:
    steps = Step.objects.filter(kind="visit", uid=here.visit.uid).select_related("words").order_by("seq")
    return [(step.move, step.words.by) for step in steps]


def test_the_visit_waits_for_the_response_and_its_answers_and_closes_with_them():
    here = contested()
    assert visit_state(here) == "response"
    reply(here)
    hand_over_replies(here.evaluation, by=here.people.lead)
    assert visit_state(here) == "closed"
    assert moves_of_visit(here) == [("send_findings", None), ("close", None)]


def test_it_closes_with_a_response_that_contests_nothing():
    here = Stage.minimal("response")
    respond(here.evaluation, by=here.coordinator, accepts_others=True)
    assert visit_state(here) == "closed"


def test_it_closes_when_the_time_is_over_or_the_hotline_is_excused():
    here = Stage.minimal("response")
    Evaluation.objects.update(respond_by="2020-01-01")
    here.evaluation.refresh_from_db()
    perform(here.evaluation, "go_on_without_response", by=here.people.mce)
    assert visit_state(here) == "closed"
    for state, end in (("report", "closed"), ("response", "closed"), ("study_visit", "team_confirmed")):
        other = Stage.minimal(state)
        perform(other.evaluation, "excuse", by=other.people.mce, note="It gives the line back.")
        assert visit_state(other) == end


def test_a_hotline_without_a_visit_is_excused_too():
    here = Stage.minimal("self_assessment")
    perform(here.evaluation, "excuse", by=here.people.mce, note="It gives the line back.")
    assert here.evaluation.arranged_visit is None


@pytest.mark.parametrize("is_handed_over", [False, True])
def test_it_is_signed_off_again_when_the_panel_sends_the_findings_back(is_handed_over):
    here = contested()
    reply(here, level=3)
    if is_handed_over:
        hand_over_replies(here.evaluation, by=here.people.lead)
    here.declare()
    perform(here.evaluation, "send_back_to_assessors", by=here.people.panel, note="Look again.")
    assert visit_state(here) == "signed_off"
    judge(here.evaluation, by=here.people.lead)  # a new draft, without a response
    assert response_to(here.evaluation.latest_scorecard) is None
    assert here.evaluation.latest_scorecard.revises is None
    assert find_remarks(here.evaluation) == []


def test_nobody_moves_the_visit_by_hand():
    here = contested()
    for move in ("close", "take_findings_back"):
        with pytest.raises(Refusal) as refused:
            perform(here.visit, move, by=here.people.mce)
        assert refused.value.reasons == (Reason("not_permitted"),)


# --- Frozen ----------------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_the_history_of_a_reply_has_what_the_finding_was_to_become():
    here = contested()
    reply(here, level=2)
    reply(here, level=3)
    assert list(reply_versions(here.evaluation, LEVEL).order_by("version").values_list("level", "not_seen")) == [
        (2, False),
        (3, False),
    ]
    hand_over_replies(here.evaluation, by=here.people.lead)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE evaluation_reply SET level = 0")
