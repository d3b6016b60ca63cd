"""Concurrent saves of rows of a sheet, and while their author finishes recording, on both databases."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from evaluation.answers.judgements import Closed
from evaluation.models import SheetRow, User, Visit, VisitSheet
from evaluation.visits.sheets.rows import save_sheet_row
from evaluation.workflow import perform
from tests.evaluation.visits.sheets.test_rows import CALL, CONTACTS
from tests.evaluation.workflow.racing import at_once
from tests.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


def save(stage: Stage, by: User, uid: Any) -> Any:
    return save_sheet_row(Visit.objects.get(pk=stage.visit.pk), CONTACTS, uid, CALL, version=0, by=by)


def test_two_assessors_who_begin_at_once_use_the_same_criteria_and_a_repeated_request_is_one_row(stage: Stage):
    again = uuid4()
    rows = at_once(
        partial(save, stage, stage.people.lead, uuid4()),
        *(partial(save, stage, stage.people.assessor, again) for _ in range(3)),
    )
    assert VisitSheet.objects.count() == 1
    assert {row.version for row in rows} == {1}
    assert sorted(SheetRow.objects.values_list("by", flat=True)) == sorted(
        [stage.people.lead.pk, stage.people.assessor.pk]
    )


def test_a_row_beside_finishing_is_saved_before_it_or_refused(stage: Stage):
    by = stage.people.assessor

    def finish() -> Any:
        return perform(Visit.objects.get(pk=stage.visit.pk), "finish_recording", by=by)

    saved, _step = at_once(partial(save, stage, by, uuid4()), finish)
    assert SheetRow.objects.count() == (0 if isinstance(saved, Closed) else 1)
    assert isinstance(save(stage, by, uuid4()), Closed)
