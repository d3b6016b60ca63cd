"""Concurrent confirmations of one workbook, and of one during saves and the submission, on both databases."""

from functools import partial

import pytest

from evaluation.answers.judgements import AnswerInput, Closed, Conflict, Saved, save_answer
from evaluation.answers.workbook.confirming import confirm_workbook
from evaluation.answers.workbook.layout import Column
from evaluation.answers.workbook.reading import FilledWorkbook, read_workbook
from evaluation.answers.workbook.subject import SelfAssessment
from evaluation.models import Answer, AnswerVersion, Evaluation, Evidence, User
from evaluation.workflow import perform
from tests.bystander import new
from tests.evaluation.answers.workbook.filled import fill_in, written
from tests.evaluation.workflow.racing import at_once
from tests.factories import SIGNED, evaluation_of, person
from tests.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)

EDITED = {
    ("1.1.2", Column.WORDS): "Mine.",
    ("1.2.1", Column.WORDS): "Mine too.",
    ("1.1.1", Column.ADDRESSES): "https://example.org/rota",
}


def filled(evaluation: Evaluation) -> FilledWorkbook:
    return read_workbook(fill_in(written(evaluation), EDITED), "filled.xlsx", SelfAssessment(evaluation))


def confirm(evaluation: Evaluation, workbook: FilledWorkbook, by: User):
    fresh = Evaluation.objects.get(pk=evaluation.pk)
    return confirm_workbook(SelfAssessment(fresh), workbook, {}, token="0" * 64, by=by)


def test_four_confirmations_at_once_write_each_answer_and_each_address_once():
    evaluation = evaluation_of()
    workbook = filled(evaluation)
    results = at_once(*(partial(confirm, evaluation, workbook, person()) for _ in range(4)))
    assert sorted(len(done.saved) for done in results) == [0, 0, 0, 3], results
    versions = AnswerVersion.objects.filter(evaluation_id=evaluation.pk, version__gt=0).order_by("code")
    assert list(versions.values_list("code", "version", "words")) == [("1.1.2", 1, "Mine."), ("1.2.1", 1, "Mine too.")]
    assert new(Evidence).count() == 1


def test_a_save_beside_a_confirmation_is_a_conflict_for_one_of_them():
    evaluation, by = evaluation_of(), person()
    workbook = filled(evaluation)
    done, saved = at_once(
        partial(confirm, evaluation, workbook, person()),
        partial(save_answer, evaluation, "1.1.2", AnswerInput(words="Theirs."), version=0, by=by),
    )
    words = Answer.objects.get(evaluation=evaluation, code="1.1.2").words
    if isinstance(saved, Saved):
        assert (words, done.saved, done.undecided) == ("Theirs.", ["1.1.1", "1.2.1"], ["1.1.2"])
    else:
        assert (type(saved), words, done.undecided) == (Conflict, "Mine.", [])


def test_a_confirmation_beside_a_submission_is_in_it_whole_or_not_at_all():
    stage = Stage.minimal("self_assessment")
    workbook = filled(stage.evaluation)

    def submit():
        return perform(Evaluation.objects.get(pk=stage.evaluation.pk), "submit", signed=SIGNED, by=stage.coordinator)

    done, _step = at_once(partial(confirm, stage.evaluation, workbook, stage.coordinator), submit)
    words = set(new(Answer).filter(code__in=("1.1.2", "1.2.1")).values_list("words", flat=True))
    assert words == ({""} if done.is_closed else {"Mine.", "Mine too."})
    late = save_answer(stage.evaluation, "1.1.2", AnswerInput(words="Late."), version=1, by=stage.coordinator)
    assert isinstance(late, Closed)
