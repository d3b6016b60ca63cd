"""The checklist of a visit on paper: everything to be examined once, and nothing that anybody recorded."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from evaluation.answers.judgements import AnswerInput, save_observation
from evaluation.models import DeskMark, Visit
from evaluation.visits.desk_review import MarkInput, save_marks
from evaluation.visits.sheets.rows import RowInput, save_sheet_row
from evaluation.visits.sheets.templates import Kind
from portal.visits.agenda_templates.beginning import begin_agenda
from portal.visits.agenda_templates.shipped import shipped_template
from portal.visits.sheet_templates.reader import find_templates
from tests.bystander import new
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", has_findings=False)


def place(stage: Stage) -> str:
    return reverse("workspace:visit_checklist", args=[stage.evaluation.uid])


def text_of(content: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", content).split())


def plan(stage: Stage) -> None:
    """Begin the agenda from the shipped template."""
    sessions = [session.write() for session in begin_agenda(stage.visit, shipped_template("en"))]
    stage.visit.agendas.create(version=1, sessions=sessions, language="en", by=stage.people.lead)


def test_each_indicator_stands_once_in_its_session_with_the_hotlines_word_and_the_desk_review(
    stage: Stage, sign_in: SignIn
):
    plan(stage)
    stage.evaluation.answers.filter(code="1.1.2").update(words="We do it every night.")
    save_marks(stage.evaluation, {"1.1.2": MarkInput(DeskMark.Kind.SEE, "Ask the night shift.")}, by=stage.people.lead)
    page = sign_in(Client(), stage.people.assessor).get(place(stage)).content.decode()
    for code in stage.evaluation.asked:
        assert page.count(f'class="to-fill-in" aria-label="{code}"') == 1
    text = text_of(page)
    assert "The hotline says: 3 3 (en) We do it every night." in text
    for sentence in (
        *("Day 1,", "Ask the night shift.", "see on site", "Could not be looked at", "What you saw and heard"),
        *("Never the name of a person", "The hotline says", stage.evaluation.hotline.name),
    ):
        assert sentence in text


def test_every_sheet_is_there_with_its_criteria_and_as_many_rows_as_are_asked(stage: Stage, sign_in: SignIn):
    answer = sign_in(Client(), stage.people.mce).get(place(stage))
    text = text_of(answer.content.decode())
    for template in find_templates().values():
        assert str(Kind(template.kind).label) in text
        assert all(criterion.texts["en"] in text for criterion in template.criteria)
    assert [len(sheet["rows"]) for sheet in answer.context["sheets"]] == [10, 6, 6, 6]


def test_nothing_that_was_recorded_is_printed(stage: Stage, sign_in: SignIn):
    new(Visit).update(state=Visit.State.UNDER_WAY)
    client = sign_in(Client(), stage.people.lead)
    before = text_of(client.get(place(stage)).content.decode())
    by = stage.people.assessor
    save_observation(stage.evaluation, "1.1.2", AnswerInput(level=1, words="Secret."), version=0, by=by)
    row = RowInput(role="Shift lead", topic="Nights", day=stage.round.today, words="Secret.")
    save_sheet_row(new(Visit).get(), find_templates()[Kind.INTERVIEWS], uuid4(), row, version=0, by=by)
    for who in (by, stage.people.lead):
        page = text_of(sign_in(Client(), who).get(place(stage)).content.decode())
        assert "Secret." not in page
    assert text_of(client.get(place(stage)).content.decode()) == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.once
def test_no_heading_stands_alone_at_the_foot_of_a_page(browser_page: Any, as_user: Callable[..., Any]):
    stage = Stage("study_visit", visit_state="under_way")
    plan(stage)
    page = as_user(browser_page, stage.people.assessor)
    page.goto(place(stage))
    for height in range(210, 300, 10):  # each breaks the pages at other lines
        printed = PdfReader(BytesIO(page.pdf(width="210mm", height=f"{height}mm")))
        for sheet in printed.pages[:-1]:
            *_others, last = [line for line in sheet.extract_text().splitlines() if line.strip()]
            assert not re.search(r"Day \d|title \(en\)", last), (height, last)


def test_marks_on_all_of_it_cost_no_more_queries(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.lead)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(place(stage)).status_code == 200
        return len(queries)

    def mark(*codes: Any) -> None:
        wanted = {code: MarkInput(DeskMark.Kind.SEE) for code in codes}
        save_marks(stage.evaluation, wanted, by=stage.people.lead)

    mark("1.1.2")
    count()
    few = count()
    mark(*stage.evaluation.asked)
    assert count() == few
