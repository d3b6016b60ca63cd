"""The sheets of a visit on pages: filled in, corrected, separate, then read together next to the indicators."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import DeskMark, SheetRow, User, VisitSheet
from evaluation.visits.sheets.results import LinkedResult, compute_result
from evaluation.visits.sheets.rows import ReadSheet, RowInput, save_sheet_row
from evaluation.visits.sheets.templates import Criterion, Kind, SheetTemplate
from portal.public.models import HomePage
from portal.visits.sheet_templates.models import SheetTemplatePage
from portal.visits.sheet_templates.reader import find_templates
from portal.visits.shown.sheets import describe_linked
from tests.factories import finish_recording
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


def place(stage: Stage, name: str, *args: Any) -> str:
    return reverse(f"workspace:{name}", args=[stage.evaluation.uid, *args])


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def contact(stage: Stage, **fields: str) -> dict[str, str]:
    """Return the form data of a test contact in which every criterion is met."""
    marks = {f"mark-{one.key}": "met" for one in find_templates()[Kind.CONTACTS].criteria}
    day = stage.round.today.isoformat()
    sent = {"uid": str(uuid4()), "channel": "telephone", "language": "fr", "day": day, "starts": "14.05", **marks}
    return sent | {"words": "Two rings.", "version": "0"} | fields


# --- Filled in -------------------------------------------------------------------------------------------------------


def test_a_test_contact_is_recorded_changed_removed_and_put_back(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    visit = client.get(place(stage, "visit"))
    sheet, add = place(stage, "sheet", Kind.CONTACTS), place(stage, "add_sheet_row", Kind.CONTACTS)
    assert sheet in visit.content.decode()
    assert "They asked early whether a child is in danger now." in text_of(client.get(sheet))
    form = client.get(add).content.decode()
    assert re.search(r"<h1[^>]*>\s*Add a test contact\s*</h1>", form)
    assert 'name="mark-danger"' in form
    assert 'name="uid"' in form
    sent = contact(stage)
    for _time in range(2):
        answer = client.post(add, sent)
        assert (answer.status_code, answer.url) == (302, sheet)
    row = SheetRow.objects.get()
    assert (row.language, row.starts.hour, row.marks["danger"], row.words) == ("fr", 14, "met", "Two rings.")
    change = place(stage, "sheet_row", Kind.CONTACTS, row.uid)
    changed = client.get(change).content.decode()
    assert "Two rings." in changed
    assert re.search(r"<h1[^>]*>\s*Telephone, French", changed)
    assert client.post(change, sent | {"version": "1", "mark-danger": "not_met"}).status_code == 302
    page = text_of(client.get(sheet))
    assert "As a whole" not in page
    for text in ("1 of 10 are recorded: 9 are missing.", "0 of 1 (0.0 %)", "not reached:", "7 of 8 met"):
        assert text in page
    client.post(place(stage, "remove_sheet_row", Kind.CONTACTS, row.uid))
    page = text_of(client.get(sheet))
    assert "Nothing is recorded here yet" in page
    assert "1 removed row" in page
    client.post(place(stage, "restore_sheet_row", Kind.CONTACTS, row.uid))
    assert "7 of 8 met" in text_of(client.get(sheet))
    assert "1 row" in text_of(client.get(place(stage, "visit")))


def test_files_and_interviews_have_fields_of_their_own(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.lead)
    files = {f"mark-{one.key}": "3" for one in find_templates()[Kind.FILES].criteria}
    add = place(stage, "add_sheet_row", Kind.FILES)
    wrong = client.post(add, files | {"looked_at": "2", "topic": "Closed in autumn"})
    assert wrong.status_code == 422
    assert "This is more than the files looked at." in text_of(wrong)
    assert 'value="Closed in autumn"' in wrong.content.decode()
    assert client.post(add, files | {"looked_at": "4", "topic": "Closed in autumn"}).status_code == 302
    assert "3 of 4 (75.0 %)" in text_of(client.get(place(stage, "sheet", Kind.FILES)))
    add = place(stage, "add_sheet_row", Kind.INTERVIEWS)
    assert "Never a name." in text_of(client.get(add))
    fields = {"role": "Shift lead", "topic": "Nights", "day": stage.round.today.isoformat(), "words": "Two of them."}
    assert client.post(add, fields).status_code == 302
    page = text_of(client.get(place(stage, "sheet", Kind.INTERVIEWS)))
    assert "Shift lead, Nights" in page
    assert "Two of them." in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"mark-danger": ""}, "Choose one of the three."),
        ({"mark-danger": "perhaps"}, "This is not among the choices. Choose one that is shown."),
        ({"starts": "noon"}, "Write hours and minutes, such as 13:30."),
        ({"day": "2999-01-01"}, "This day has not come yet. Give the day on which it was."),
        ({"day": "9" * 999}, "This is not a day of the calendar. Write it as in 2026-11-24."),
        ({"mark-danger": ""}, "in danger now: Choose one of the three."),
        ({"words": "Ask anna@mail.test"}, "This looks like an e-mail address, a telephone number or a date."),
        ({"words": "Two\x00rings."}, "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    stage: Stage, sign_in: SignIn, fields: dict[str, str], sentence: str
):
    client = sign_in(Client(), stage.people.assessor)
    answer = client.post(place(stage, "add_sheet_row", Kind.CONTACTS), contact(stage, **fields))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "There is one thing to put right" in page
    assert sentence in page
    assert ".:" not in page  # a criterion is a sentence, and is before a colon
    assert 'value="fr" selected' in answer.content.decode()
    assert not VisitSheet.objects.exists()


def test_a_whole_series_of_contacts_is_passed_or_not(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    add, sheet = place(stage, "add_sheet_row", Kind.CONTACTS), place(stage, "sheet", Kind.CONTACTS)
    for number in range(10):
        client.post(
            add, contact(stage, starts=f"{9 + number}:00", **{"mark-danger": "met" if number < 8 else "not_met"})
        )
    assert "As a whole: passed." in text_of(client.get(sheet))
    changed = SheetRow.objects.first()
    sent = contact(stage, version="1", **{"mark-danger": "not_met"})
    client.post(place(stage, "sheet_row", Kind.CONTACTS, changed.uid), sent)
    page = text_of(client.get(sheet))
    assert "As a whole: not passed." in page
    assert "10 are recorded, 10 are asked for." in page


def test_two_devices_of_one_assessor_lose_nothing(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    sent = contact(stage)
    client.post(place(stage, "add_sheet_row", Kind.CONTACTS), sent)
    change = place(stage, "sheet_row", Kind.CONTACTS, sent["uid"])
    client.post(change, sent | {"version": "1", "words": "On the telephone."})
    late = client.post(change, sent | {"version": "1", "words": "On the tablet."})
    assert late.status_code == 409
    assert all(words in late.content.decode() for words in ("On the telephone.", "On the tablet.", 'value="2"'))
    assert client.post(change, sent | {"version": "2", "words": "Both."}).status_code == 302
    assert SheetRow.objects.get().words == "Both."


def test_what_comes_too_late_is_shown_back(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    sent = contact(stage)
    add = place(stage, "add_sheet_row", Kind.CONTACTS)
    client.post(add, sent)
    client.post(place(stage, "finish_recording"))
    late = client.post(add, contact(stage, words="One more."))
    assert late.status_code == 423
    assert "One more." in late.content.decode()
    assert "What you typed is below" in text_of(late)
    assert client.get(add, follow=True).redirect_chain == [(place(stage, "sheet", Kind.CONTACTS), 302)]
    client.post(place(stage, "remove_sheet_row", Kind.CONTACTS, sent["uid"]))
    assert not SheetRow.objects.get().is_removed


def test_nobody_opens_a_row_of_somebody_else_or_a_sheet_of_no_kind(stage: Stage, sign_in: SignIn):
    sent = contact(stage)
    sign_in(Client(), stage.people.assessor).post(place(stage, "add_sheet_row", Kind.CONTACTS), sent)
    client = sign_in(Client(), stage.people.lead)
    for address in (place(stage, "sheet_row", Kind.CONTACTS, sent["uid"]), place(stage, "sheet", "none")):
        assert client.get(address).status_code == 404
    assert client.post(place(stage, "remove_sheet_row", Kind.CONTACTS, sent["uid"])).status_code == 404


# --- Together --------------------------------------------------------------------------------------------------------


def test_results_of_the_team_stand_beside_the_indicators_once_all_have_finished(stage: Stage, sign_in: SignIn):
    template = find_templates()[Kind.FILES]
    for user, count in ((stage.people.lead, 9), (stage.people.assessor, 8)):
        row = RowInput(looked_at=10, marks=dict.fromkeys((one.key for one in template.criteria), count))
        save_sheet_row(stage.visit, template, uuid4(), row, version=0, by=user)
    line = "File review, “A level of risk was recorded at the first contact.”: "
    assessor, mce = sign_in(Client(), stage.people.assessor), sign_in(Client(), stage.people.mce)
    assert f"{line}8 of 10 (80.0 %)" in text_of(assessor.get(place(stage, "observations", "3.2")))
    for name, args in (("findings", ["3.2"]), ("sheet", [Kind.FILES])):
        assert "of 10 (" not in text_of(mce.get(place(stage, name, *args)))
    stage.evaluation.desk_marks.create(code="3.2.2", by=stage.people.lead, kind=DeskMark.Kind.SEE)
    assert "of 10 (" not in text_of(mce.get(place(stage, "visit")))
    finish_recording(stage.visit)
    assert f"{line}17 of 20 (85.0 %)" in text_of(mce.get(place(stage, "visit")))
    assert f"{line}17 of 20 (85.0 %)" in text_of(mce.get(place(stage, "findings", "3.2")))
    page = text_of(mce.get(place(stage, "sheet", Kind.FILES)))
    assert stage.people.lead.name in page
    assert "Add files" not in page


def test_a_criterion_without_a_translation_is_marked_with_its_language(stage: Stage, sign_in: SignIn):
    page = SheetTemplatePage(title="Ours", criteria=[{"type": "criterion", "value": {"text": "Calm.", "examines": []}}])
    HomePage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    User.objects.filter(pk=stage.people.lead.pk).update(language="fr")
    client = sign_in(Client(), stage.people.lead)
    for name in ("sheet", "add_sheet_row"):
        assert '<span lang="en">Calm.</span>' in client.get(place(stage, name, Kind.CONTACTS)).content.decode()


def test_a_sheet_asks_as_much_of_the_database_for_much_as_for_little(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.lead)
    template = find_templates()[Kind.INTERVIEWS]

    def count(name: str, *args: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(place(stage, name, *args)).status_code == 200
        return len(queries)

    def record(number: int) -> None:
        for place_of_row in range(number):
            row = RowInput(role="Volunteer", topic=f"{place_of_row}", day=stage.round.today, words="Calm.")
            save_sheet_row(stage.visit, template, uuid4(), row, version=0, by=stage.people.lead)

    record(1)
    pages = (("sheet", Kind.INTERVIEWS), ("visit",), ("observations", "3.2"))
    few = [count(*page) for page in pages]
    record(30)
    assert [count(*page) for page in pages] == few


def test_a_line_beside_an_indicator_says_what_is_asked_and_what_is_missing():
    template = SheetTemplate(
        Kind.CONTACTS, "en", (Criterion("a", {"en": "Calm & quick."}, ("1.1",)),), asked=2, threshold=80, keys=("1.2",)
    )

    def lines(*marks: str) -> list[str]:
        result = compute_result(ReadSheet(template, tuple(SheetRow(marks={"a": mark}) for mark in marks)))
        return [describe_linked(LinkedResult(result)), describe_linked(LinkedResult(result, result.criteria[0]))]

    whole, criterion = lines("met", "not_met")
    assert whole == "Test contacts, every criterion: 1 of 2 (50.0\u00a0%); 0 of 1 criteria reach 80\u00a0%"
    assert criterion == "Test contacts, “Calm &amp; quick.”: 1 of 2 (50.0\u00a0%), 80\u00a0% asked"
    whole, criterion = lines("met")
    assert whole.endswith("1 of 1 criteria reach 80\u00a0%. Only 1 of 2 are recorded.")
    assert criterion.endswith("80\u00a0% asked. Only 1 of 2 are recorded.")
    assert lines("na")[1] == (
        "Test contacts, “Calm &amp; quick.”: nothing to count, 80\u00a0% asked. Only 1 of 2 are recorded."
    )
