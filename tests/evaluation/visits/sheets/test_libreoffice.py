"""A visit's workbook that LibreOffice opened and saved is read as it was written, and as it was filled in."""

from datetime import date, time
from uuid import uuid4

import pytest

from evaluation.answers.judgements import AnswerInput, save_observation
from evaluation.answers.workbook.comparing import compare_workbook
from evaluation.answers.workbook.layout import Column
from evaluation.visits.sheets.rows import RowInput, row_as_input, save_sheet_row
from evaluation.visits.sheets.templates import Kind
from tests.evaluation.answers.workbook.test_libreoffice import OFFICE, Resave, resave  # noqa: F401 - a fixture
from tests.evaluation.visits.sheets.test_rows import CALL
from tests.evaluation.visits.sheets.test_workbook import FILLED_CALL, fill_rows
from tests.evaluation.visits.test_workbook import FILES, FILLED, TEMPLATES, fill_in, read, subject_of, written
from tests.stage import Stage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed: sudo apt-get install libreoffice-calc-nogui"),
]


def test_it_is_read_as_it_was_written_and_as_it_was_filled_in(resave: Resave):  # noqa: F811 - the fixture
    stage = Stage.minimal("study_visit", visit_state="under_way", has_findings=False)
    by, saved = stage.people.assessor, []
    seen = AnswerInput(level=1, words="-2 desks\n\n=none", strength="'=x", concern="1.10", good_practice=True)
    save_observation(stage.evaluation, "1.1.2", seen, version=0, by=by)
    interview = RowInput(role="Shift lead", topic="3-4", day=date(2026, 1, 7), words="+1, TRUE\nand more")
    for template, row in (
        (TEMPLATES[Kind.CONTACTS], CALL),
        (FILES, RowInput(looked_at=10, topic="1/2", marks={"c": 9})),
        (TEMPLATES[Kind.INTERVIEWS], interview),
    ):
        saved.append(save_sheet_row(stage.visit, template, uuid4(), row, version=0, by=by))
    languages = ("en", "fr", "hr", "pl")
    typed = {**FILLED_CALL, "day": date(2026, 1, 8), "starts": time(15, 10)}
    filled = fill_rows(fill_in(written(stage), FILLED), Kind.CONTACTS, typed, after=1)
    *again, changed = resave([*(written(stage, language) for language in languages), filled])
    subject = subject_of(stage)
    for content in again:
        workbook = read(stage, content)
        assert compare_workbook(subject, workbook).changes == []
        assert {one.uid: one.row for one in workbook.further} == {row.uid: row_as_input(row) for row in saved}
        assert not any(one.is_edited for one in workbook.further)
    workbook = read(stage, changed)
    assert sorted(row.code for row in compare_workbook(subject, workbook).changes) == ["1.1.2", "3.2.1"]
    (added,) = subject.compare_further(workbook.further)
    assert (added.filled.row.day, added.filled.row.starts, added.filled.row.marks) == (
        *(date(2026, 1, 8), time(15, 10)),
        CALL.marks,
    )
    assert {Column.ANSWER, Column.CONCERN} <= set(workbook.rows[0].cells)
