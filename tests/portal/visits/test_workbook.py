"""An assessor's records as a workbook on its pages: previewed, then written; only theirs; closed when they finish."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.answers.judgements import AnswerInput, save_observation
from evaluation.answers.workbook.layout import Column
from evaluation.models import Observation, ObservationVersion, SheetRow, User
from evaluation.visits.sheets.templates import Kind
from tests.bystander import new
from tests.evaluation.visits.sheets.test_workbook import fill_rows
from tests.evaluation.visits.test_workbook import FILLED, fill_in
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


@pytest.fixture
def assessor(stage: Stage, sign_in: SignIn) -> Client:
    return sign_in(Client(), stage.people.assessor)


def place(stage: Stage, name: str = "visit_workbook", *args: str) -> str:
    return reverse(f"workspace:{name}", args=[stage.evaluation.uid, *args])


def downloaded(client: Client, stage: Stage) -> bytes:
    answer = client.get(place(stage, "visit_workbook_file"), {"language": "en"})
    assert answer.status_code == 200
    assert "study-visit-" in answer.headers["Content-Disposition"]
    return answer.content


def upload(client: Client, stage: Stage, content: bytes) -> Any:
    return client.post(place(stage), {"file": SimpleUploadedFile("filled.xlsx", content)})


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def test_nothing_is_written_before_it_is_confirmed_and_then_only_what_was_edited(stage: Stage, assessor: Client):
    assert place(stage) in assessor.get(place(stage, "visit")).content.decode()
    answer = upload(assessor, stage, fill_in(downloaded(assessor, stage), FILLED))
    assert answer.status_code == 302
    page = text_of(assessor.get(answer.url))
    for text in ("2 indicators would change", "Your finding", "Strength", "Good practice", "Could not be looked at"):
        assert text in page
    assert not new(Observation).exists()
    for _time in range(2):
        assert assessor.post(answer.url).url == place(stage, "visit")
    assert Observation.objects.filter(by=stage.people.assessor).count() == new(ObservationVersion).count() == 2


def test_what_was_recorded_since_stands_beside_it_to_be_decided(stage: Stage, assessor: Client):
    answer = upload(assessor, stage, fill_in(downloaded(assessor, stage), FILLED))
    save_observation(
        stage.evaluation, "1.1.2", AnswerInput(level=0, words="Meanwhile."), version=0, by=stage.people.assessor
    )
    page = text_of(assessor.get(answer.url))
    for text in ("Changed in both places", "Meanwhile.", "Use what the workbook says"):
        assert text in page
    assert assessor.post(answer.url).status_code == 409
    assert new(Observation).get().words == "Meanwhile."
    chosen = {"choice-1.1.2": "theirs", "seen-1.1.2": "1"}
    assert assessor.post(answer.url, chosen).status_code == 302
    assert Observation.objects.get(code="1.1.2").words == "Meanwhile."
    assert new(Observation).get(code="3.2.1").not_seen


def test_rows_of_sheets_are_shown_before_they_are_added(stage: Stage, assessor: Client):
    typed = {"role": "Shift lead", "topic": "Nights", "day": stage.round.today, "words": "Two of them."}
    content = fill_rows(downloaded(assessor, stage), Kind.INTERVIEWS, typed)
    waiting = upload(assessor, stage, content).url
    page = text_of(assessor.get(waiting))
    for text in ("Rows of the sheets", "Shift lead, Nights", "would be added", "Interviews, E4", "Two of them."):
        assert text in page
    assert not SheetRow.objects.exists()
    assert "1 row of the sheets was saved." in text_of(assessor.post(waiting, follow=True))
    assert SheetRow.objects.get().by == stage.people.assessor
    again = fill_rows(content, Kind.INTERVIEWS, {"words": "Three of them."})
    waiting = upload(assessor, stage, again).url
    assert "Changed or removed since: what is saved stays." in text_of(assessor.get(waiting))
    after = text_of(assessor.post(waiting, follow=True))
    assert "Nothing was changed" in after
    assert "1 row of the sheets stays as it is saved." in after
    SheetRow.objects.update(signed_off_at=timezone.now())
    assert "of an earlier visit and signed off" in text_of(assessor.get(upload(assessor, stage, again).url))
    wrong = upload(assessor, stage, fill_rows(content, Kind.INTERVIEWS, {"day": "yesterday"}))
    assert wrong.status_code == 422
    assert "This is not a day of the calendar." in text_of(wrong)


def test_a_colleague_neither_takes_nor_brings_it(stage: Stage, assessor: Client, sign_in: SignIn):
    content = fill_in(downloaded(assessor, stage), FILLED)
    waiting = upload(assessor, stage, content).url
    lead = sign_in(Client(), stage.people.lead)
    assert lead.get(waiting).url == place(stage)
    refused = upload(lead, stage, content)
    assert refused.status_code == 422
    assert "This workbook is of another visit, or of another person." in text_of(refused)
    assert sign_in(Client(), stage.people.mce).get(place(stage)).status_code == 403


def test_what_is_wrong_is_named_by_its_cell(stage: Stage, assessor: Client):
    wrong = {("1.1.2", Column.GOOD_PRACTICE): "perhaps", ("1.1.2", Column.CONCERN): "=1+1"}
    answer = upload(assessor, stage, fill_in(downloaded(assessor, stage), wrong))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "There are 2 things to put right in the workbook." in page
    assert "This is none of the answers to choose from: Yes, No." in page
    assert "perhaps" not in page
    assert "This is not an Excel workbook." in text_of(upload(assessor, stage, b"%PDF-1.7"))
    assert not new(Observation).exists()


def test_it_is_closed_to_who_has_finished(stage: Stage, assessor: Client):
    content = downloaded(assessor, stage)
    waiting = upload(assessor, stage, fill_in(content, FILLED)).url
    assessor.post(place(stage, "finish_recording"))
    assert "Nothing is recorded now" in text_of(assessor.get(place(stage)))
    assert assessor.get(place(stage, "visit_workbook_file")).url == place(stage)
    assert assessor.get(waiting).url == place(stage)
    assert (upload(assessor, stage, content).status_code, assessor.post(waiting).status_code) == (423, 423)
    assert not new(Observation).exists()


def test_the_pages_are_in_the_language_of_their_reader(stage: Stage, assessor: Client):
    User.objects.filter(pk=stage.people.assessor.pk).update(language="fr")
    waiting = upload(assessor, stage, fill_in(downloaded(assessor, stage), FILLED)).url
    assert '<html lang="fr"' in assessor.get(waiting).content.decode()


def test_all_of_it_asks_as_much_of_the_database_as_a_little(stage: Stage, assessor: Client):
    content = downloaded(assessor, stage)

    def count(cells: Any) -> tuple[int, int]:
        filled = fill_in(content, cells)
        with CaptureQueriesContext(connection) as uploading:
            waiting = upload(assessor, stage, filled).url
        with CaptureQueriesContext(connection) as showing:
            assessor.get(waiting)
        return len(uploading), len(showing)

    count({("1.1.2", Column.WORDS): "Warm."})
    few = count({("1.1.2", Column.WORDS): "One."})
    assert count({(code, Column.WORDS): "All." for code in stage.evaluation.asked}) == few
