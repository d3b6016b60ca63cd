"""The list of all evidence of an evaluation, each item once, and its reuse for another answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from evaluation.answers.evidence.listing import ListedEvidence, attach_to_answer, find_lapsing, list_evidence
from evaluation.answers.evidence.validity import Lapse, key_dates_of, set_force
from evaluation.files.documents import attach_address, attach_document
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, Evidence
from tests.evaluation.answers.evidence.test_validity import FIRST, LAST
from tests.factories import DocumentFactory, EvidenceFactory, evaluation_of, person
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db

ADDRESS = "https://example.org/a"


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of()


def attached(evaluation: Evaluation, code: str = "1.1.1") -> Evidence:
    return attach_document(evaluation, code, content=PDF, name="a.pdf", limit=10_000, by=person())


def shown(things: list[ListedEvidence]) -> list[tuple[str, list[str]]]:
    return [(thing.name, thing.codes) for thing in things]


def test_each_thing_is_listed_once_in_the_order_of_the_guide(evaluation: Evaluation):
    attached(evaluation, "1.2.1")
    attach_address(evaluation, "1.1.2", address=ADDRESS, by=person())
    attached(evaluation, "1.1.1")
    EvidenceFactory(evaluation=evaluation_of(), address=ADDRESS)
    assert shown(list_evidence(evaluation)) == [("a.pdf", ["1.1.1", "1.2.1"]), (ADDRESS, ["1.1.2"])]


def test_the_unused_documents_are_those_of_the_hotline_alone(evaluation: Evaluation):
    attached(evaluation)
    DocumentFactory(hotline=evaluation.hotline, name="last round.pdf")
    DocumentFactory(name="of another.pdf")
    assert shown(list_evidence(evaluation, with_unused=True)) == [("a.pdf", ["1.1.1"]), ("last round.pdf", [])]
    assert shown(list_evidence(evaluation)) == [("a.pdf", ["1.1.1"])]


def test_what_ends_first_is_named_first_and_once(evaluation: Evaluation):
    today = evaluation.round.today
    late, early = attached(evaluation), attach_address(evaluation, "1.1.2", address=ADDRESS, by=person())
    attached(evaluation, "1.2.1")
    attach_address(evaluation, "1.1.2", address=f"{ADDRESS}/without", by=person())
    set_force(late, begins_on=None, ends_on=today)
    set_force(early, begins_on=None, ends_on=today - timedelta(days=1))
    found, dates = find_lapsing(evaluation), key_dates_of(evaluation)
    assert [(one.name, one.lapse(dates)) for one in found] == [
        (ADDRESS, Lapse.ENDED),
        ("a.pdf", Lapse.BEFORE_DECISION),
    ]
    Evaluation.objects.filter(pk=evaluation.pk).update(state=Evaluation.State.DECIDED)
    assert find_lapsing(Evaluation.objects.get(pk=evaluation.pk)) == []


def test_the_list_is_one_query_and_the_unused_one_more(
    evaluation: Evaluation, django_assert_num_queries: Callable[[int], Any]
):
    assert evaluation.framework
    for number in range(3):
        EvidenceFactory(evaluation=evaluation, code="1.1.1", document=DocumentFactory(hotline=evaluation.hotline))
        DocumentFactory(hotline=evaluation.hotline)
        with django_assert_num_queries(1):
            things = list_evidence(evaluation)
            assert len([one.added_by.name for one in things]) == number + 1
        with django_assert_num_queries(2):
            assert len([one.added_by.name for one in list_evidence(evaluation, with_unused=True)]) == 2 * number + 2


def test_what_the_hotline_has_is_used_again_in_force_as_before(evaluation: Evaluation):
    by = person()
    set_force(attached(evaluation), begins_on=FIRST, ends_on=LAST)
    attach_address(evaluation, "1.1.1", address=ADDRESS, by=by)
    earlier = evaluation_of(hotline=evaluation.hotline, state="published")
    last_round = DocumentFactory(hotline=evaluation.hotline, name="last round.pdf")
    EvidenceFactory(evaluation=earlier, code="1.1.1", document=last_round, ends_on=LAST)
    things = list_evidence(evaluation, with_unused=True)
    assert attach_to_answer(evaluation, "1.1.2", things, by=by) == 3
    assert attach_to_answer(evaluation, "1.1.2", things, by=by) == 0
    new = Evidence.objects.filter(code="1.1.2", added_by=by).order_by("pk")
    assert [(link.name, link.begins_on, link.ends_on) for link in new] == [
        ("a.pdf", FIRST, LAST),
        (ADDRESS, None, None),
        ("last round.pdf", None, LAST),
    ]


def test_nothing_is_used_again_after_the_submission():
    stage = Stage.minimal("desk_review")
    before = Evidence.objects.count()
    with pytest.raises(Unacceptable) as refused:
        attach_to_answer(stage.evaluation, "1.2.1", list_evidence(stage.evaluation), by=stage.coordinator)
    assert (refused.value.code, Evidence.objects.count()) == ("not_open", before)
    assert attach_to_answer(stage.evaluation, "1.2.1", [], by=stage.coordinator) == 0
