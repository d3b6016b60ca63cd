"""Evidence that two people attach, remove and restore concurrently, or during the submission, on both databases."""

from functools import partial

import pytest

from evaluation.answers.evidence.removal import put_back, remove_evidence
from evaluation.files.documents import attach_address, attach_document
from evaluation.files.kinds import Unacceptable
from evaluation.models import Document, Evaluation, Evidence, User
from evaluation.workflow import Refusal, perform
from tests.bystander import new
from tests.evaluation.workflow.racing import at_once
from tests.factories import SIGNED, evaluation_of, person
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db(transaction=True)


def attach(evaluation: Evaluation, by: User, code: str = "1.1.1") -> Evidence:
    fresh = Evaluation.objects.get(pk=evaluation.pk)
    return attach_document(fresh, code, content=PDF, name="a.pdf", limit=10_000, by=by)


def test_two_people_who_attach_the_same_document_attach_it_once():
    evaluation = evaluation_of()
    results = at_once(partial(attach, evaluation, person()), partial(attach, evaluation, person()))
    assert {type(result) for result in results} == {Evidence, Unacceptable}, results
    assert (new(Document).count(), new(Evidence).count()) == (1, 1)


def test_two_people_who_attach_the_same_address_attach_it_once():
    evaluation = evaluation_of()

    def add(by: User) -> Evidence:
        fresh = Evaluation.objects.get(pk=evaluation.pk)
        return attach_address(fresh, "1.1.1", address="https://example.org/a", by=by)

    at_once(partial(add, person()), partial(add, person()))
    assert new(Evidence).count() == 1


def test_it_is_put_back_once_by_two_who_press_at_once():
    evaluation, by = evaluation_of(), person()
    removed = remove_evidence(attach(evaluation, by), by=by)
    at_once(partial(put_back, evaluation, removed), partial(put_back, evaluation, removed))
    assert [link.uid for link in new(Evidence)] == [removed.uid]


def test_a_removal_beside_the_submission_comes_before_it_or_not_at_all():
    stage = Stage.minimal("self_assessment")
    link = stage.evaluation.evidence.select_related("document").get()
    link.evaluation = stage.evaluation

    def submit():
        return perform(Evaluation.objects.get(pk=stage.evaluation.pk), "submit", signed=SIGNED, by=stage.coordinator)

    removed, submitted = at_once(partial(remove_evidence, link, by=stage.coordinator), submit)
    is_there = Evidence.objects.filter(pk=link.pk).exists()
    if isinstance(removed, Unacceptable):
        assert (removed.code, is_there) == ("not_open", True)
    else:
        assert not is_there
        if isinstance(submitted, Refusal):  # the answer requires it
            assert [reason.code for reason in submitted.reasons] == ["yes_without_evidence"]
