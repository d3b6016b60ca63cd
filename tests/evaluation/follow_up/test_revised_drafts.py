"""Updating drafts from the findings; a person decides about edited or left-out drafts."""

from datetime import date

import pytest

from evaluation.engine.improvement.gains import gains
from evaluation.judging.evidence import gather_evidence, judge, update_draft_recommendations
from evaluation.models import Evaluation, Finding, Recommendation, Role
from evaluation.models.reasons import Reason
from evaluation.recommendations.drafting import Drafting, decide_draft
from evaluation.workflow import LACKS_RIGHT, Refusal
from tests.bystander import new
from tests.factories import person, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db

CURRENT, OUTDATED, KEPT, RETURNED, REMOVED = Recommendation.Relevance


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("report")


def found(stage: Stage, **levels: int) -> Drafting:
    """Write findings such as `i3_2_1=0`, and update the drafts."""
    for name, level in levels.items():
        write_answer(stage.evaluation, name[1:].replace("_", "."), Finding, level=level)
    return update_draft_recommendations(Evaluation.objects.get(pk=stage.evaluation.pk))


def the_draft(stage: Stage, code: str = "3.2.1") -> Recommendation:
    return stage.evaluation.recommendations.get(code=code)


def change(stage: Stage, code: str = "3.2.1", **values: object) -> None:
    stage.evaluation.recommendations.filter(code=code).update(**values)


def stands(stage: Stage, code: str = "3.2.1") -> tuple[str, bool]:
    draft = the_draft(stage, code)
    return draft.relevance, draft.is_dropped


def codes(recommendations: tuple[Recommendation, ...]) -> list[str]:
    return [recommendation.code for recommendation in recommendations]


def test_a_draft_that_nobody_edited_goes_when_its_indicator_is_met_and_comes_back_when_it_is_not(stage: Stage):
    assert codes(found(stage, i3_2_1=0).drafted) == ["3.2.1"]
    first = the_draft(stage)
    revised = found(stage, i3_2_1=3)
    assert (codes(revised.drafted), codes(revised.removed), codes(revised.undecided)) == ([], ["3.2.1"], [])
    assert (stands(stage), stage.evaluation.recommendations.without_dropped().count()) == ((REMOVED, True), 0)
    assert found(stage) == Drafting()
    again = found(stage, i3_2_1=0)
    assert (codes(again.drafted), the_draft(stage).uid) == (["3.2.1"], first.uid)
    assert stands(stage) == (CURRENT, False)


def test_a_removed_draft_is_not_issued_and_the_scoring_itself_removes_what_was_drafted_ahead(stage: Stage):
    found(stage, i3_2_1=0, i9_1_1=0)
    write_answer(stage.evaluation, "3.2.1", Finding, level=3)
    judge(new(Evaluation).get(), by=stage.people.mce)
    assert codes(tuple(stage.evaluation.recommendations.without_dropped())) == ["9.1.1"]


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "Name two"},
        {"text": "As we say it here."},
        {"look_for": "The list"},
        {"owner": "The board"},
        {"due_on": date(2027, 3, 1)},
        {"priority": Recommendation.Priority.WHEN_POSSIBLE},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_a_draft_that_a_person_edited_in_any_way_stays_and_waits_for_a_decision(stage: Stage, edit: dict[str, object]):
    found(stage, i3_2_1=0)
    change(stage, **edit)
    revised = found(stage, i3_2_1=3)
    assert (codes(revised.removed), codes(revised.undecided)) == ([], ["3.2.1"])
    assert (stands(stage), the_draft(stage).level) == ((OUTDATED, False), 3)
    assert {name: getattr(the_draft(stage), name) for name in edit} == edit


def test_lent_good_practice_is_an_edit_too(stage: Stage):
    found(stage, i3_2_1=0)
    the_draft(stage).practices.add(stage.evaluation.findings.get(code="9.1.1"))
    assert codes(found(stage, i3_2_1=3).undecided) == ["3.2.1"]


def test_line_breaks_that_a_form_changes_are_no_edit(stage: Stage):
    found(stage, i3_2_1=0)
    text = the_draft(stage).text
    change(stage, text=f"{text.replace(' ', chr(13) + chr(10))}\r\n")
    assert codes(found(stage, i3_2_1=3).removed) == ["3.2.1"]


def test_priority_gain_and_need_are_those_of_the_newest_findings(stage: Stage):
    found(stage, i1_1_1=0, i3_2_1=0)
    before = the_draft(stage)
    assert the_draft(stage, "1.1.1").priority == Recommendation.Priority.FIRST
    change(stage, owner="The board")
    change(stage, "1.1.1", priority=Recommendation.Priority.WHEN_POSSIBLE)
    found(stage, i3_2_1=1, i1_1_1=1)
    now, known = the_draft(stage), gains(stage.evaluation.framework, gather_evidence(stage.evaluation))["3.2.1"]
    assert (now.gain, now.is_needed, now.level) == (int(known.overall * 1_000_000), known.is_needed, 1)
    assert now.gain < before.gain
    assert now.owner == "The board"
    assert the_draft(stage, "1.1.1").priority == Recommendation.Priority.WHEN_POSSIBLE


def test_a_priority_that_nobody_chose_follows_the_findings(stage: Stage):
    found(stage, i3_2_1=0, i9_1_1=0, i9_1_2=0)
    draft = the_draft(stage)
    assert (draft.priority, draft.is_needed) == (Recommendation.Priority.NEXT, False)
    change(stage, owner="The board")
    found(stage, i9_1_2=3)
    draft = the_draft(stage)
    assert (draft.priority, draft.is_needed) == (Recommendation.Priority.FIRST, True)


def test_kept_it_is_not_asked_about_again_until_it_was_called_for_once_more(stage: Stage):
    found(stage, i3_2_1=0)
    change(stage, title="Name two")
    found(stage, i3_2_1=3)
    assert decide_draft(the_draft(stage), keep=True, by=stage.people.lead)
    assert stands(stage) == (KEPT, False)
    assert found(stage).undecided == ()
    found(stage, i3_2_1=0)
    assert stands(stage) == (CURRENT, False)
    assert codes(found(stage, i3_2_1=3).undecided) == ["3.2.1"]


def test_what_a_person_left_out_stays_out_while_its_indicator_stands_as_it_stood_or_better(stage: Stage):
    found(stage, i3_2_1=0)
    change(stage, is_dropped=True)
    for level in (0, 1):
        revised = found(stage, i3_2_1=level)
        assert (revised.drafted, revised.removed, revised.undecided, stands(stage)) == ((), (), (), (CURRENT, True))


def test_what_a_person_left_out_comes_back_when_its_indicator_falls_lower(stage: Stage):
    found(stage, i3_2_1=1)
    change(stage, is_dropped=True)
    assert codes(found(stage, i3_2_1=0).undecided) == ["3.2.1"]
    assert stands(stage) == (RETURNED, False)
    assert decide_draft(the_draft(stage), keep=False, by=stage.people.lead)
    assert (stands(stage), found(stage).undecided) == ((CURRENT, True), ())


def test_what_a_person_left_out_comes_back_when_it_was_met_in_between(stage: Stage):
    found(stage, i3_2_1=1)
    change(stage, is_dropped=True)
    assert found(stage, i3_2_1=3) == Drafting()
    assert stands(stage) == (OUTDATED, True)
    assert codes(found(stage, i3_2_1=1).undecided) == ["3.2.1"]
    assert decide_draft(the_draft(stage), keep=True, by=stage.people.mce)
    assert stands(stage) == (CURRENT, False)


def test_left_out_as_outdated_it_stays_out(stage: Stage):
    found(stage, i3_2_1=0)
    change(stage, title="Name two")
    found(stage, i3_2_1=3)
    assert decide_draft(the_draft(stage), keep=False, by=stage.people.assessor)
    assert (stands(stage), found(stage).undecided) == ((OUTDATED, True), ())


def test_two_people_decide_once(stage: Stage):
    found(stage, i3_2_1=0)
    change(stage, title="Name two")
    found(stage, i3_2_1=3)
    draft = the_draft(stage)
    assert [
        decide_draft(draft, keep=keep, by=who) for keep, who in ((False, stage.people.lead), (True, stage.people.mce))
    ] == [
        True,
        False,
    ]
    assert stands(stage) == (OUTDATED, True)


def test_only_who_edits_drafts_decides_and_only_before_the_decision(stage: Stage):
    found(stage, i3_2_1=0)
    change(stage, title="Name two")
    found(stage, i3_2_1=3)
    with pytest.raises(Refusal) as refused:
        decide_draft(the_draft(stage), keep=True, by=person(Role.GUIDE_EDITOR))
    assert refused.value.reasons[0].code in LACKS_RIGHT
    new(Evaluation).update(state="decided")
    with pytest.raises(Refusal) as refused:
        decide_draft(the_draft(stage), keep=True, by=stage.people.lead)
    assert [reason.code for reason in refused.value.reasons] == ["wrong_state"]
    assert refused.value.reasons[0].states == (
        Evaluation.State.REPORT,
        Evaluation.State.RESPONSE,
        Evaluation.State.DECISION,
    )
    assert Reason("wrong_state") == refused.value.reasons[0]


def test_what_is_issued_is_left_as_it_is(stage: Stage):
    found(stage, i3_2_1=0)
    change(stage, state=Recommendation.State.ACCEPTED)
    before = the_draft(stage)
    assert found(stage, i3_2_1=3) == Drafting()
    after = the_draft(stage)
    assert (after.relevance, after.is_dropped, after.gain, after.level) == (CURRENT, False, before.gain, before.level)


def test_what_is_drafted_later_is_read_in_the_order_of_the_guide_among_its_equals(stage: Stage):
    found(stage, i9_1_1=0)
    change(stage, "9.1.1", gain=0)
    found(stage, i3_2_1=0, i1_1_2=0)
    new(Recommendation).update(gain=5, is_needed=False, priority=2)
    assert codes(tuple(stage.evaluation.recommendations.all())) == ["1.1.2", "3.2.1", "9.1.1"]


def test_outside_the_report_nothing_is_brought_up_to_date(stage: Stage):
    found(stage, i3_2_1=0)
    write_answer(stage.evaluation, "3.2.1", Finding, level=3)
    new(Evaluation).update(state="response")
    assert update_draft_recommendations(new(Evaluation).get()) == Drafting()
    assert stands(stage) == (CURRENT, False)
