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
from portal.sheets.reader import find_templates
from tests.browsing import follow
from tests.factories import finish_recording
from tests.portal.look.test_accessibility import look_at, of  # noqa: F401 - a fixture
from tests.portal.workspace.visits.test_checklist import plan
from tests.stage import Stage

pytestmark = pytest.mark.browser


def test_pages_of_sheets_workbook_and_checklist(look_at: Any):  # noqa: F811 - the fixture
    here = Stage.minimal("study_visit", has_findings=False)
    plan(here)
    save_marks(here.evaluation, {"1.1.2": MarkInput(DeskMark.Kind.SEE, "Ask the night shift.")}, by=here.people.lead)
    Visit.objects.update(state=Visit.State.UNDER_WAY)
    lead, sheets = (
        here.people.lead,
        {kind: reverse("workspace:sheet", args=[here.evaluation.uid, kind]) for kind in Kind},
    )
    page = look_at(lead, f"{sheets[Kind.CONTACTS]}add/", *of(here, "visit_checklist", "visit_workbook"))
    page.goto(f"{sheets[Kind.CONTACTS]}add/")
    follow(page.get_by_role("button", name="Save", exact=True))
    look_at.again()
    for kind, template in find_templates().items():
        marks = {one.key: 8 if kind == Kind.FILES else "met" for one in template.criteria}
        fields: dict[str, Any] = {"role": "Shift lead", "topic": "Nights", "looked_at": 10, "marks": marks}
        row = RowInput("chat", "fr", here.round.today, time(9, 5), **fields, words="Two rings, then a calm voice.")
        save_sheet_row(here.visit, template, uuid4(), row, version=0, by=lead)
    look_at(lead, *sheets.values())
    finish_recording(here.visit)
    look_at(here.people.mce, sheets[Kind.CONTACTS], reverse("workspace:findings", args=[here.evaluation.uid, "3.2"]))
