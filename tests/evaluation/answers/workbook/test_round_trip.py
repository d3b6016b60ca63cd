"""Any answers, written as a workbook and read back, are the same; exactly the edited ones change."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.answers.judgements import AnswerInput, save_answer
from evaluation.answers.workbook.choices import choices_of, write_choice
from evaluation.answers.workbook.comparing import compare_workbook
from evaluation.answers.workbook.layout import Column
from evaluation.answers.workbook.reading import read_workbook
from evaluation.answers.workbook.subject import SelfAssessment
from evaluation.answers.workbook.texts import clean_words
from evaluation.models import Evaluation
from standards.framework import Indicator, Measure
from standards.framework.units import PERCENT
from tests.evaluation.answers.workbook.filled import change, fill_in, written
from tests.factories import EvidenceFactory, RoundFactory, evaluation_of, person, released_edition
from tests.small_edition import SMALL

pytestmark = pytest.mark.django_db

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60) | st.sampled_from(
    [
        "=1+1",
        "-2",
        "+3",
        "@now",
        "1.10",
        "3-4",
        "a\r\nb\n\nc",
        "_x0041_",
        "_x000D_",
        "\x0b\x1f\ufffe",
        "TRUE",
        "'=x",
        " ",
    ]
)
LANGUAGES = ("en", "fr", "hr")


def answers_of(indicator: Indicator) -> st.SearchStrategy[AnswerInput]:
    """Return a strategy for any answer that can be saved."""
    scale = SMALL.scale
    kinds: list[st.SearchStrategy[AnswerInput]] = [st.builds(AnswerInput, words=WORDS)]
    if indicator.not_applicable:
        kinds.append(st.builds(AnswerInput, not_applicable=st.just(True), words=WORDS))
    if indicator.measure is Measure.NUMERIC and not indicator.from_figures:
        most = Decimal(100) if indicator.unit == PERCENT else Decimal("99999999999.9999")
        value = st.decimals(Decimal(0), most, places=4) | st.integers(0, 100).map(Decimal)
        kinds.append(st.builds(AnswerInput, value=value, words=WORDS))
    elif not indicator.from_figures:
        levels = (scale.best, scale.worst) if indicator.measure is Measure.YES_NO else scale.levels
        kinds.append(st.builds(AnswerInput, level=st.sampled_from(levels), words=WORDS))
    return st.one_of(kinds)


SELF_ASSESSMENTS = st.fixed_dictionaries({code: answers_of(one) for code, one in SMALL.indicators.items()})
IN_THE_DATABASE = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of(round=RoundFactory(edition=released_edition(languages=("en", "fr")), state="open"))


def save_all(evaluation: Evaluation, answers: dict[str, AnswerInput]) -> None:
    by = person()
    for code, answer in answers.items():
        save_answer(evaluation, code, answer, version=0, by=by)


@IN_THE_DATABASE
@given(answers=SELF_ASSESSMENTS, language=st.sampled_from(LANGUAGES), is_saved_again=st.booleans())
def test_what_is_written_is_read_without_a_change(evaluation, answers, language, is_saved_again):
    with transaction.atomic():
        save_all(evaluation, answers)
        EvidenceFactory(evaluation=evaluation, code="1.1.2", address="https://example.org/a?b=1&c=_x0041_")
        content = written(evaluation, language)
        if is_saved_again:
            content = change(content, lambda _book: None)
        workbook = read_workbook(content, "filled.xlsx", SelfAssessment(evaluation))
        assert {row.code: clean(row.answer) for row in workbook.rows} == {
            code: clean(answer) for code, answer in answers.items()
        }
        comparison = compare_workbook(SelfAssessment(evaluation), workbook)
        assert (len(comparison.rows), comparison.changes, comparison.conflicts) == (len(SMALL.indicators), [], [])
        transaction.set_rollback(True)


@IN_THE_DATABASE
@given(before=SELF_ASSESSMENTS, after=SELF_ASSESSMENTS, edited=st.sets(st.sampled_from(list(SMALL.indicators))))
def test_what_is_edited_is_exactly_what_changes(evaluation, before, after, edited):
    with transaction.atomic():
        save_all(evaluation, before)
        cells = filled_cells(evaluation, {code: after[code] for code in edited})
        workbook = read_workbook(fill_in(written(evaluation), cells), "filled.xlsx", SelfAssessment(evaluation))
        changed = {
            row.code: clean(row.row.answer) for row in compare_workbook(SelfAssessment(evaluation), workbook).changes
        }
        wanted = {code: clean(as_filled(after[code])) for code in edited}
        assert changed == {code: answer for code, answer in wanted.items() if answer != clean(before[code])}
        transaction.set_rollback(True)


def test_escapes_are_undone_in_capitals_as_excel_writes_them_and_in_small_letters_as_libreoffice_does():
    assert clean_words("a_x000C_b") == clean_words("a_x000c_b") == "a\x0cb"


def filled_cells(evaluation: Evaluation, answers: dict[str, AnswerInput]) -> dict[tuple[str, Column], Any]:
    """Return the cells of an English workbook that a person fills in with these answers."""
    texts, cells = evaluation.round.edition.texts("en"), {}
    for code, answer in answers.items():
        cells[code, Column.WORDS] = as_typed(answer.words)
        choice = write_choice(answer, choices_of(SMALL.indicators[code], SMALL, texts)) or None
        cells[code, Column.ANSWER] = choice if answer.value is None else as_number(answer.value)
    return cells


def clean(answer: AnswerInput) -> AnswerInput:
    return AnswerInput(answer.level, answer.value, answer.not_applicable, clean_words(answer.words))


def as_typed(words: str) -> str:
    """Return the words as a person can type them into a cell: no control characters, and no formula."""
    kept = "".join(one for one in words if one == "\n" or (one >= " " and one not in "\ufffe\uffff"))
    return kept.lstrip("=") if kept.lstrip("=").strip() else ""


def as_filled(answer: AnswerInput) -> AnswerInput:
    return AnswerInput(answer.level, answer.value, answer.not_applicable, as_typed(answer.words))


def as_number(value: Decimal) -> float | str:
    """Return a number as a spreadsheet stores it: as text, if it has too many digits."""
    return float(value) if len(value.normalize().as_tuple().digits) <= 15 else f"{value:f}"
