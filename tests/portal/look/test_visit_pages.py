"""The appearance of sheets, workbook and checklist of a visit: with all rules of axe, and at 320 px."""

from datetime import time
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from evaluation.models import DeskMark, Visit
from evaluation.visits.desk_review import MarkInput, save_marks
from evaluation.visits.sheets.rows import RowInput, save_sheet_row
from evaluation.visits.sheets.templates import Kind
from portal.visits.sheet_templates.reader import find_templates
from tests.browsing import follow
from tests.factories import finish_recording
from tests.portal.look.test_accessibility import look_at, of  # noqa: F401 - a fixture
from tests.portal.visits.test_checklist import plan
from tests.stage import Stage

pytestmark = pytest.mark.browser


def test_pages_of_sheets_workbook_and_checklist(look_at: Any):  # noqa: F811 - the fixture
    stage = Stage.minimal("study_visit", has_findings=False)
    plan(stage)
    save_marks(stage.evaluation, {"1.1.2": MarkInput(DeskMark.Kind.SEE, "Ask the night shift.")}, by=stage.people.lead)
    Visit.objects.update(state=Visit.State.UNDER_WAY)
    lead, sheets = (
        stage.people.lead,
        {kind: reverse("workspace:sheet", args=[stage.evaluation.uid, kind]) for kind in Kind},
    )
    page = look_at(lead, f"{sheets[Kind.CONTACTS]}add/", *of(stage, "visit_checklist", "visit_workbook"))
    page.goto(f"{sheets[Kind.CONTACTS]}add/")
    follow(page.get_by_role("button", name="Save", exact=True))
    look_at.again()
    for kind, template in find_templates().items():
        marks = {one.key: 8 if kind == Kind.FILES else "met" for one in template.criteria}
        fields: dict[str, Any] = {"role": "Shift lead", "topic": "Nights", "looked_at": 10, "marks": marks}
        row = RowInput("chat", "fr", stage.round.today, time(9, 5), **fields, words="Two rings, then a calm voice.")
        save_sheet_row(stage.visit, template, uuid4(), row, version=0, by=lead)
    look_at(lead, *sheets.values())
    finish_recording(stage.visit)
    look_at(stage.people.mce, sheets[Kind.CONTACTS], reverse("workspace:findings", args=[stage.evaluation.uid, "3.2"]))
