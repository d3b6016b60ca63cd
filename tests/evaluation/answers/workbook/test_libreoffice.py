"""Workbooks that LibreOffice opened and saved are read as they were written, and keep their protection and lists."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from evaluation.answers.workbook.comparing import compare_workbook
from evaluation.answers.workbook.reading import read_workbook
from evaluation.answers.workbook.subject import SelfAssessment
from evaluation.models import Evaluation
from tests.evaluation.answers.workbook.filled import fill_in, written
from tests.evaluation.answers.workbook.test_round_trip import (
    LANGUAGES,
    SELF_ASSESSMENTS,
    as_filled,
    clean,
    filled_cells,
    save_all,
)
from tests.factories import EvidenceFactory, RoundFactory, evaluation_of, released_edition

OFFICE = shutil.which("soffice") or shutil.which("libreoffice") or ""
A_BATCH = 8
"""The number of workbooks that one start of LibreOffice saves."""
BATCHES = max(1, int(os.environ.get("WORKBOOKS") or A_BATCH) // A_BATCH)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed: sudo apt-get install libreoffice-calc-nogui"),
]
IN_BATCHES = settings(
    max_examples=BATCHES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
Resave = Callable[[Sequence[bytes]], list[bytes]]
CellValues = dict[str, Any]


@pytest.fixture
def resave(tmp_path: Path) -> Resave:
    """Return a function that opens workbooks in LibreOffice and saves them."""

    def act(contents: Sequence[bytes]) -> list[bytes]:
        before, after = tmp_path / "before", tmp_path / "after"
        for folder in (before, after):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        paths = [before / f"{number}.xlsx" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        subprocess.run(
            [OFFICE, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", after, *paths],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return [(after / path.name).read_bytes() for path in paths]

    return act


def new_evaluation() -> Evaluation:
    return evaluation_of(round=RoundFactory(edition=released_edition(languages=("en", "fr")), state="open"))


@IN_BATCHES
@given(several=st.lists(SELF_ASSESSMENTS, min_size=A_BATCH, max_size=A_BATCH))
def test_what_libreoffice_saved_again_is_read_without_a_change(resave: Resave, several: list[CellValues]):
    with transaction.atomic():
        evaluations, contents = [], []
        for number, answers in enumerate(several):
            evaluation = new_evaluation()
            save_all(evaluation, answers)
            EvidenceFactory(evaluation=evaluation, code="1.1.2", address="https://example.org/a?b=1&c=_x0041_")
            evaluations.append(evaluation)
            contents.append(written(evaluation, LANGUAGES[number % len(LANGUAGES)]))
        for evaluation, answers, content in zip(evaluations, several, resave(contents), strict=True):
            workbook = read_workbook(content, "filled.xlsx", SelfAssessment(evaluation))
            read = {row.code: clean(row.answer) for row in workbook.rows}
            assert difference(read, {code: clean(answer) for code, answer in answers.items()}) == {}
            comparison = compare_workbook(SelfAssessment(evaluation), workbook)
            assert (comparison.changes, comparison.conflicts) == ([], [])
        transaction.set_rollback(True)


@IN_BATCHES
@given(several=st.lists(st.tuples(SELF_ASSESSMENTS, SELF_ASSESSMENTS), min_size=A_BATCH, max_size=A_BATCH))
def test_what_was_filled_in_and_saved_by_libreoffice_is_exactly_what_changes(resave: Resave, several: list[Any]):
    with transaction.atomic():
        evaluations, contents = [], []
        for before, after in several:
            evaluation = new_evaluation()
            save_all(evaluation, before)
            evaluations.append(evaluation)
            cells = filled_cells(evaluation, after).items()
            contents.append(fill_in(written(evaluation), {place: as_escaped(value) for place, value in cells}))
        for evaluation, (before, after), content in zip(evaluations, several, resave(contents), strict=True):
            workbook = read_workbook(content, "filled.xlsx", SelfAssessment(evaluation))
            changed = {
                row.code: clean(row.row.answer)
                for row in compare_workbook(SelfAssessment(evaluation), workbook).changes
            }
            wanted = {code: clean(as_filled(answer)) for code, answer in after.items()}
            wanted = {code: answer for code, answer in wanted.items() if answer != clean(before[code])}
            assert difference(changed, wanted) == {}
        transaction.set_rollback(True)


def as_escaped(value: Any) -> Any:
    """Return the value with words like an escaped character escaped as spreadsheet programs do; openpyxl does not."""
    return re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", value) if isinstance(value, str) else value


def difference(found: CellValues, wanted: CellValues) -> CellValues:
    """Return the differences between what was read and what was written, by code."""
    codes = sorted({*found, *wanted})
    return {code: (found.get(code), wanted.get(code)) for code in codes if found.get(code) != wanted.get(code)}


def guides(content: bytes) -> dict[str, tuple[Any, ...]]:
    """Return, by sheet, whether it is protected and hidden, the number of unlocked cells, and the cells with a list."""
    found = {}
    for page in load_workbook(BytesIO(content)).worksheets:
        open_ = sum(not cell.protection.locked for row in page.iter_rows() for cell in row)
        listed = {
            str(one) for rule in page.data_validations.dataValidation if rule.type == "list" for one in cells_of(rule)
        }
        found[page.title] = page.protection.sheet, page.sheet_state != "visible", open_, listed
    return found


def cells_of(rule: Any) -> list[str]:
    return [f"{row}:{column}" for ranged in rule.sqref.ranges for row, column in ranged.cells]


def test_protection_lists_and_hidden_sheets_outlive_libreoffice(resave: Resave):
    content = written(new_evaluation())
    (saved,) = resave([content])
    assert guides(saved) == guides(content)
    assert any(listed for *_, listed in guides(content).values())
