"""An assessor's records as a workbook: the same when read back, changed where edited, a conflict where newer."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.answers.judgements import AnswerInput, save_observation
from evaluation.answers.workbook.choices import write_choice
from evaluation.answers.workbook.comparing import compare_workbook
from evaluation.answers.workbook.confirming import ConflictChoice, Resolution, confirm_workbook
from evaluation.answers.workbook.layout import ANSWERS, OBSERVATIONS, Column, fingerprint
from evaluation.answers.workbook.problems import UnusableWorkbook
from evaluation.answers.workbook.reading import read_workbook
from evaluation.answers.workbook.subject import SelfAssessment
from evaluation.answers.workbook.writing import write_workbook
from evaluation.models import DeskMark, Observation, UnresolvedText, User, Visit
from evaluation.models.answers.judgements import needs_a_finding
from evaluation.visits.desk_review import MarkInput, save_marks
from evaluation.visits.sheets.templates import Criterion, Kind, SheetTemplate
from evaluation.visits.workbook import OwnRecording
from evaluation.workflow import perform
from standards.framework import Indicator, Measure
from tests.bystander import new
from tests.evaluation.answers.workbook.filled import MADE_AT, change, place_of
from tests.evaluation.answers.workbook.test_round_trip import WORDS, answers_of, as_number, as_typed, clean
from tests.evaluation.visits.sheets.test_rows import CONTACTS
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = pytest.mark.django_db

IN_THE_DATABASE = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


def subject_of(stage: Stage, by: User | None = None) -> OwnRecording:
    return OwnRecording(Visit.objects.get(pk=stage.visit.pk), by or stage.people.assessor, TEMPLATES)


def written(stage: Stage, language: str = "en", by: User | None = None) -> bytes:
    return write_workbook(subject_of(stage, by), language, at=MADE_AT)


def fill_in(content: bytes, cells: dict[tuple[str, Column], Any]) -> bytes:
    def act(book: Any) -> None:
        for (code, column), value in cells.items():
            page, row, _column = place_of(book, code, Column.CODE)
            page.cell(row, OBSERVATIONS.columns.index(column) + 1).value = value

    return change(content, act)


def read(stage: Stage, content: bytes, by: User | None = None) -> Any:
    return read_workbook(content, "filled.xlsx", subject_of(stage, by))


def confirm(stage: Stage, content: bytes, *choices: tuple[str, Resolution, int]) -> Any:
    by_code = {code: ConflictChoice(resolution, version) for code, resolution, version in choices}
    return confirm_workbook(subject_of(stage), read(stage, content), by_code, token="0" * 64, by=stage.people.assessor)


FILES = SheetTemplate(Kind.FILES, "en", (Criterion("c", {"en": "Complete.", "fr": "Complet."}),))
TEMPLATES = {
    Kind.CONTACTS: CONTACTS,
    Kind.FILES: FILES,
    Kind.INTERVIEWS: SheetTemplate(Kind.INTERVIEWS, "en"),
}
FILLED = {
    ("3.2.1", Column.ANSWER): "Could not be looked at",
    ("3.2.1", Column.WORDS): "The room was locked.",
    ("1.1.2", Column.ANSWER): "2",
    ("1.1.2", Column.STRENGTH): "Calm.",
    ("1.1.2", Column.CONCERN): "Nights.",
    ("1.1.2", Column.GOOD_PRACTICE): "yes",
}


# --- Read back -------------------------------------------------------------------------------------------------------


def observations_of(indicator: Indicator) -> st.SearchStrategy[AnswerInput]:
    """Return a strategy for any observation that can be saved."""
    sides = {"good_practice": st.booleans(), "strength": WORDS, "concern": WORDS}
    judged = answers_of(indicator)
    if OBSERVED[indicator.code]:
        judged |= st.builds(AnswerInput, not_seen=st.just(True), words=WORDS)
    return st.builds(
        lambda one, extra: AnswerInput(
            one.level, one.value, one.not_applicable, one.words, extra["good_practice"], one.not_seen,
            extra["strength"], extra["concern"],
        ),
        judged,
        st.fixed_dictionaries(sides),
    )  # fmt: skip


OBSERVED = {code: needs_a_finding(one, None) for code, one in SMALL.indicators.items()}
RECORDINGS = st.fixed_dictionaries({code: observations_of(one) for code, one in SMALL.indicators.items()})


def save_all(stage: Stage, seen: dict[str, AnswerInput]) -> None:
    for code in stage.evaluation.asked:
        save_observation(stage.evaluation, code, seen[code], version=0, by=stage.people.assessor)


def tidy(seen: AnswerInput) -> AnswerInput:
    words = clean(AnswerInput(words=seen.strength)).words, clean(AnswerInput(words=seen.concern)).words
    judged = clean(seen)
    return AnswerInput(
        judged.level, judged.value, judged.not_applicable, judged.words, seen.good_practice, seen.not_seen, *words
    )


@IN_THE_DATABASE
@given(seen=RECORDINGS, language=st.sampled_from(("en", "fr", "hr")), is_saved_again=st.booleans())
def test_what_is_written_is_read_without_a_change(stage, seen, language, is_saved_again):
    with transaction.atomic():
        save_all(stage, seen)
        content = written(stage, language)
        if is_saved_again:
            content = change(content, lambda _book: None)
        workbook = read(stage, content)
        assert {row.code: tidy(row.answer) for row in workbook.rows} == {
            code: tidy(seen[code]) for code in stage.evaluation.asked
        }
        comparison = compare_workbook(subject_of(stage), workbook)
        assert (comparison.changes, comparison.conflicts) == ([], [])
        transaction.set_rollback(True)


@IN_THE_DATABASE
@given(before=RECORDINGS, after=RECORDINGS, edited=st.sets(st.sampled_from(list(SMALL.indicators))))
def test_what_is_edited_is_exactly_what_changes(stage, before, after, edited):
    with transaction.atomic():
        save_all(stage, before)
        subject = subject_of(stage)
        texts, cells = stage.round.edition.texts("en"), {}
        asked = edited & stage.evaluation.asked.keys()
        for code in asked:
            seen = after[code]
            choices = subject.choices_of(SMALL.indicators[code], texts)
            cells[code, Column.ANSWER] = (
                as_number(seen.value) if seen.value is not None else write_choice(seen, choices) or None
            )
            cells[code, Column.GOOD_PRACTICE] = "Yes" if seen.good_practice else None
            for column in (Column.WORDS, Column.STRENGTH, Column.CONCERN):
                cells[code, column] = as_typed(getattr(seen, column))
        compared = compare_workbook(subject, read(stage, fill_in(written(stage), cells)))
        changed = {row.code: tidy(row.row.answer) for row in compared.changes}
        typed = {
            code: AnswerInput(
                after[code].level, after[code].value, after[code].not_applicable, as_typed(after[code].words),
                after[code].good_practice, after[code].not_seen,
                as_typed(after[code].strength), as_typed(after[code].concern),
            )
            for code in asked
        }  # fmt: skip
        wanted = {code: tidy(seen) for code, seen in typed.items()}
        assert changed == {code: seen for code, seen in wanted.items() if seen != tidy(before[code])}
        transaction.set_rollback(True)


def test_the_digest_of_an_answer_is_as_it_was_before_observations_had_one():
    assert fingerprint(AnswerInput(level=2, words="Two desks.")) == "1ad45012e5d7f4f5"
    with_a_concern = AnswerInput(level=2, words="Two desks.", concern="Nights.")
    assert fingerprint(with_a_concern) != "1ad45012e5d7f4f5"


# --- Content and choices ---------------------------------------------------------------------------------------------


def test_it_shows_the_answer_and_the_desk_review_and_offers_what_the_form_offers(stage: Stage):
    new(Visit).update(state=Visit.State.TEAM_CONFIRMED)
    save_marks(stage.evaluation, {"1.1.2": MarkInput(DeskMark.Kind.SEE, "Ask the night shift.")}, by=stage.people.lead)
    new(Visit).update(state=Visit.State.UNDER_WAY)
    content = written(stage)

    def look(book: Any) -> None:
        page, row, _column = place_of(book, "1.1.2", Column.CODE)
        cells = {column: page.cell(row, place) for place, column in enumerate(OBSERVATIONS.columns, 1)}
        assert "Ask the night shift." in cells[Column.NOTES].value
        assert stage.people.lead.name in cells[Column.NOTES].value
        assert cells[Column.HOTLINE_ANSWER].value
        assert {column for column, cell in cells.items() if not cell.protection.locked} == {*OBSERVATIONS.entries}
        choices = {row[0].value: [cell.value for cell in row[1:]] for row in book["_choices"].iter_rows()}
        assert "Could not be looked at" in choices["3.2.1"]
        offered = {code for code, lines in choices.items() if "Could not be looked at" in lines}
        assert offered == {code for code in choices if OBSERVED[code]}

    change(content, look)


def test_an_assessor_enters_the_number_that_a_hotline_takes_from_its_figures(stage: Stage):
    code = next(one.code for one in stage.evaluation.asked.values() if one.measure is Measure.NUMERIC)
    done = confirm(stage, fill_in(written(stage), {(code, Column.ANSWER): 40}))
    assert (done.saved, new(Observation).get().value) == ([code], 40)


# --- Written ---------------------------------------------------------------------------------------------------------


def test_what_is_confirmed_becomes_the_observations_of_who_brings_it_and_only_once(stage: Stage):
    content = fill_in(written(stage), FILLED)
    assert sorted(confirm(stage, content).saved) == ["1.1.2", "3.2.1"]
    confirm(stage, content)
    one, other = new(Observation).order_by("code")
    assert {one.by, other.by} == {stage.people.assessor}
    assert (one.level, one.strength, one.concern, one.good_practice, one.version) == (2, "Calm.", "Nights.", True, 1)
    assert (other.not_seen, other.level, other.words) == (True, None, "The room was locked.")


@pytest.mark.parametrize(
    ("resolution", "words", "waiting"),
    [
        (Resolution.MINE, "From the workbook.", 0),
        (Resolution.THEIRS, "On the telephone.", 0),
        (Resolution.LATER, "On the telephone.", 1),
    ],
)
def test_what_was_recorded_since_is_a_conflict_that_its_author_decides(
    stage: Stage, resolution: Resolution, words: str, waiting: int
):
    content = fill_in(written(stage), {("1.1.2", Column.WORDS): "From the workbook."})
    answer = AnswerInput(level=1, words="On the telephone.")
    save_observation(stage.evaluation, "1.1.2", answer, version=0, by=stage.people.assessor)
    assert confirm(stage, content).undecided == ["1.1.2"]
    assert new(Observation).get().words == "On the telephone."
    confirm(stage, content, ("1.1.2", resolution, 1))
    assert new(Observation).get().words == words
    assert UnresolvedText.objects.count() == waiting


def test_a_workbook_of_somebody_else_or_of_the_hotline_is_refused(stage: Stage):
    answers = write_workbook(SelfAssessment(stage.evaluation), "en", at=MADE_AT)
    with pytest.raises(UnusableWorkbook) as unusable:
        read(stage, answers)
    assert [one.code for one in unusable.value.problems] == ["not_a_workbook"]
    with pytest.raises(UnusableWorkbook) as unusable:
        read(stage, written(stage, by=stage.people.lead))
    assert [one.code for one in unusable.value.problems] == ["other_evaluation"]
    with pytest.raises(UnusableWorkbook) as unusable:
        read_workbook(written(stage), "filled.xlsx", SelfAssessment(stage.evaluation))
    assert [one.code for one in unusable.value.problems] == ["not_a_workbook"]
    assert ANSWERS.format != OBSERVATIONS.format


def test_nobody_finds_the_notes_of_a_colleague_in_their_own_workbook(stage: Stage):
    before = written(stage, by=stage.people.lead)
    save_observation(
        stage.evaluation, "1.1.2", AnswerInput(level=1, words="Secret."), version=0, by=stage.people.assessor
    )
    cells: list[Any] = []
    for content in (before, written(stage, by=stage.people.lead)):
        change(content, lambda book: cells.append([[c.value for c in row] for p in book for row in p.iter_rows()]))
    assert cells[0] == cells[1]


def test_nothing_is_written_once_its_author_has_finished(stage: Stage):
    content = fill_in(written(stage), FILLED)
    workbook = read(stage, content)
    subject = subject_of(stage)
    perform(stage.visit, "finish_recording", by=stage.people.assessor)
    assert confirm_workbook(subject, workbook, {}, token="0" * 64, by=stage.people.assessor).is_closed
    assert not new(Observation).exists()


@pytest.mark.parametrize(
    ("column", "typed", "problem"),
    [
        (Column.GOOD_PRACTICE, "perhaps", "no_such_choice"),
        (Column.GOOD_PRACTICE, "=TRUE()", "no_such_choice"),
        (Column.STRENGTH, "=1+1", "is_formula"),
        (Column.ANSWER, "9", "no_such_choice"),
        (Column.ANSWER, "Could not be looked at", "no_such_choice"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_read(stage: Stage, column: Column, typed: str, problem: str):
    code = next(
        code for code, one in stage.evaluation.asked.items() if one.measure is Measure.SCALE and not OBSERVED[code]
    )
    with pytest.raises(UnusableWorkbook) as unusable:
        read(stage, fill_in(written(stage), {(code, column): typed}))
    (found,) = unusable.value.problems
    assert (found.code, found.sheet[:1], bool(found.cell)) == (problem, "D", True)
    assert "perhaps" not in str(dict(found.params))
