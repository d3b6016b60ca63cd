"""Confirming a workbook: one save per answer, nothing is written twice, and no newer answer is overwritten."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from evaluation.answers.judgements import AnswerInput, save_answer
from evaluation.answers.workbook.confirming import Confirmed, ConflictChoice, Resolution, confirm_workbook
from evaluation.answers.workbook.layout import ANSWERS, Column
from evaluation.answers.workbook.reading import FilledWorkbook, read_workbook
from evaluation.answers.workbook.subject import SelfAssessment
from evaluation.models import Answer, AnswerVersion, Evaluation, Evidence, UnresolvedText, User
from tests.bystander import new
from tests.evaluation.answers.workbook.filled import fill_in, place_of, written
from tests.factories import evaluation_of, person

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

TOKEN = "0" * 64
EDITED = {
    ("1.1.2", Column.ANSWER): "1",
    ("1.2.1", Column.WORDS): "Mine.",
    ("1.1.1", Column.ADDRESSES): "https://example.org/rota",
}


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of()


@pytest.fixture
def by() -> User:
    return person()


def filled(evaluation: Evaluation) -> FilledWorkbook:
    return read_workbook(fill_in(written(evaluation), EDITED), "filled.xlsx", SelfAssessment(evaluation))


def confirm(evaluation: Evaluation, workbook: FilledWorkbook, by: User, **choices: ConflictChoice) -> Confirmed:
    by_code = {name.removeprefix("i").replace("_", "."): choice for name, choice in choices.items()}
    return confirm_workbook(SelfAssessment(evaluation), workbook, by_code, token=TOKEN, by=by)


def stored(evaluation: Evaluation, code: str) -> tuple[int | None, str, int]:
    return new(Answer).values_list("level", "words", "version").get(evaluation=evaluation, code=code)


def test_each_edited_answer_is_saved_once_with_its_author_and_in_the_history(evaluation, by):
    assert confirm(evaluation, filled(evaluation), by).saved == ["1.1.1", "1.1.2", "1.2.1"]
    assert stored(evaluation, "1.1.2") == (1, "", 1)
    assert stored(evaluation, "1.2.1") == (None, "Mine.", 1)
    history = AnswerVersion.objects.filter(evaluation_id=evaluation.pk, version__gt=0).order_by("code")
    assert list(history.values_list("code", "version", "by_id")) == [("1.1.2", 1, by.pk), ("1.2.1", 1, by.pk)]
    assert list(new(Evidence).values_list("code", "address")) == [("1.1.1", "https://example.org/rota")]


def test_confirming_again_and_by_somebody_else_writes_nothing(evaluation, by):
    workbook = filled(evaluation)
    confirm(evaluation, workbook, by)
    for again in (by, person()):
        assert confirm(evaluation, workbook, again) == Confirmed()
    assert (stored(evaluation, "1.1.2"), new(Evidence).count()) == ((1, "", 1), 1)


def test_a_confirmation_that_arrives_again_after_a_newer_answer_does_not_take_it_back(evaluation, by):
    workbook = filled(evaluation)
    confirm(evaluation, workbook, by)
    save_answer(evaluation, "1.1.2", AnswerInput(level=3, words="Newer."), version=1, by=person())
    assert confirm(evaluation, workbook, by) == Confirmed(undecided=["1.1.2"])
    assert stored(evaluation, "1.1.2") == (3, "Newer.", 2)


def test_a_resolution_counts_for_the_answer_that_was_shown_with_it(evaluation, by):
    workbook = filled(evaluation)
    save_answer(evaluation, "1.1.2", AnswerInput(level=2), version=0, by=person())
    save_answer(evaluation, "1.1.2", AnswerInput(level=3), version=1, by=person())
    for resolution in Resolution:
        done = confirm(evaluation, workbook, by, i1_1_2=ConflictChoice(resolution, 1))
        assert done.undecided == ["1.1.2"]
    assert (stored(evaluation, "1.1.2"), UnresolvedText.objects.count()) == ((3, "", 2), 0)
    assert confirm(evaluation, workbook, by, i1_1_2=ConflictChoice(Resolution.MINE, 2)).saved == ["1.1.2"]
    assert stored(evaluation, "1.1.2") == (1, "", 3)


def test_what_both_wrote_alike_is_no_conflict(evaluation, by):
    workbook = filled(evaluation)
    save_answer(evaluation, "1.1.2", AnswerInput(level=1), version=0, by=person())
    assert confirm(evaluation, workbook, by).undecided == []
    assert stored(evaluation, "1.1.2") == (1, "", 1)


def test_a_self_assessment_that_was_submitted_meanwhile_is_not_changed(evaluation, by):
    workbook = filled(evaluation)
    Evaluation.objects.filter(pk=evaluation.pk).update(state=Evaluation.State.DESK_REVIEW)
    assert confirm(evaluation, workbook, by) == Confirmed(is_closed=True)
    assert (stored(evaluation, "1.1.2"), new(Evidence).count()) == ((None, "", 0), 0)


def test_many_addresses_are_written_with_as_many_statements_as_two(evaluation, by):
    lines = [f"https://example.org/{number}" for number in range(40)]
    counts = []
    for code, addresses in (("1.1.1", lines[:2]), ("1.1.2", lines)):
        filled_in = fill_in(written(evaluation), {(code, Column.ADDRESSES): "\n".join(addresses)})
        workbook = read_workbook(filled_in, "filled.xlsx", SelfAssessment(evaluation))
        with CaptureQueriesContext(connection) as queries:
            assert confirm(evaluation, workbook, by).saved == [code]
        counts.append(len(queries))
        assert set(new(Evidence).filter(code=code).values_list("address", flat=True)) == set(addresses)
    assert counts[0] == counts[1]


def test_what_is_not_sent_back_stays_and_what_the_workbook_says_waits_beside_it(evaluation, by):
    workbook = filled(evaluation)
    Evaluation.objects.filter(pk=evaluation.pk).update(fixed_codes=["1.1.1", "1.2.1"])
    for _again in range(2):
        done = confirm(evaluation, workbook, by)
        assert (done.fixed, done.undecided, done.is_closed) == (["1.1.1", "1.2.1"], [], False)
    assert (stored(evaluation, "1.1.2"), stored(evaluation, "1.2.1")) == ((1, "", 1), (None, "", 0))
    assert list(UnresolvedText.objects.values_list("code", "words", "author")) == [("1.2.1", "Mine.", by.pk)]
    assert not new(Evidence).exists()


def test_what_is_not_sent_back_is_locked_in_a_workbook_and_read_from_none(evaluation, by):
    Evaluation.objects.filter(pk=evaluation.pk).update(fixed_codes=["1.2.1"])
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    book = load_workbook(BytesIO(written(evaluation)))
    page, row, place = place_of(book, "1.2.1", Column.WORDS)
    assert page.cell(row, place).protection.locked
    assert "stays as submitted" in page.cell(row, ANSWERS.columns.index(Column.QUESTION) + 1).value
    assert "1.2.1" not in [row.code for row in filled(evaluation).rows]
