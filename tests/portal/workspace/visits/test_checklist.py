"""The checklist of a visit on paper: everything to be examined once, and nothing that anybody recorded."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.assessment.judgements import AnswerInput, save_observation
from evaluation.models import DeskMark, Visit
from evaluation.visits.desk_review import MarkInput, save_marks
from evaluation.visits.sheets.rows import RowInput, save_sheet_row
from evaluation.visits.sheets.templates import Kind
from portal.agendas.beginning import begin_agenda
from portal.agendas.shipped import shipped_template
from portal.sheets.reader import find_templates
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


@pytest.fixture
def here() -> Stage:
    return Stage.minimal("study_visit", has_findings=False)


def place(here: Stage) -> str:
    return reverse("workspace:visit_checklist", args=[here.evaluation.uid])


def text_of(content: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", content).split())


def plan(here: Stage) -> None:
    """Begin the agenda from the shipped template."""
    sessions = [session.write() for session in begin_agenda(here.visit, shipped_template("en"))]
    here.visit.agendas.create(version=1, sessions=sessions, language="en", by=here.people.lead)


def test_each_indicator_stands_once_in_its_session_with_the_hotlines_word_and_the_desk_review(
    here: Stage, sign_in: SignIn
):
    plan(here)
    save_marks(here.evaluation, {"1.1.2": MarkInput(DeskMark.Kind.SEE, "Ask the night shift.")}, by=here.people.lead)
    page = sign_in(Client(), here.people.assessor).get(place(here)).content.decode()
    for code in here.evaluation.asked:
        assert page.count(f'class="to-fill-in" aria-label="{code}"') == 1
    text = text_of(page)
    for sentence in (
        *("Day 1,", "Ask the night shift.", "see on site", "Could not be looked at", "What you saw and heard"),
        *("Never the name of a person", "The hotline says", here.evaluation.hotline.name),
    ):
        assert sentence in text


def test_every_sheet_is_there_with_its_criteria_and_as_many_rows_as_are_asked(here: Stage, sign_in: SignIn):
    answer = sign_in(Client(), here.people.mce).get(place(here))
    text = text_of(answer.content.decode())
    for template in find_templates().values():
        assert str(Kind(template.kind).label) in text
        assert all(criterion.texts["en"] in text for criterion in template.criteria)
    assert [len(sheet["rows"]) for sheet in answer.context["sheets"]] == [10, 6, 6, 6]


def test_nothing_that_was_recorded_is_printed(here: Stage, sign_in: SignIn):
    Visit.objects.update(state=Visit.State.UNDER_WAY)
    client = sign_in(Client(), here.people.lead)
    before = text_of(client.get(place(here)).content.decode())
    by = here.people.assessor
    save_observation(here.evaluation, "1.1.2", AnswerInput(level=1, words="Secret."), version=0, by=by)
    row = RowInput(role="Shift lead", topic="Nights", day=here.round.today, words="Secret.")
    save_sheet_row(Visit.objects.get(), find_templates()[Kind.INTERVIEWS], uuid4(), row, version=0, by=by)
    for who in (by, here.people.lead):
        page = text_of(sign_in(Client(), who).get(place(here)).content.decode())
        assert "Secret." not in page
    assert text_of(client.get(place(here)).content.decode()) == before


def test_marks_on_all_of_it_cost_no_more_queries(here: Stage, sign_in: SignIn):
    client = sign_in(Client(), here.people.lead)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(place(here)).status_code == 200
        return len(queries)

    def mark(*codes: Any) -> None:
        wanted = {code: MarkInput(DeskMark.Kind.SEE) for code in codes}
        save_marks(here.evaluation, wanted, by=here.people.lead)

    mark("1.1.2")
    count()
    few = count()
    mark(*here.evaluation.asked)
    assert count() == few
