"""Invalid requests: the right status, a sentence with the remedy, nothing written and nothing lost."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Answer, Evaluation, Finding, Step
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]  # the request always reaches the database

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


@pytest.fixture
def coordinator(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.coordinator)


# --- Addresses that lead nowhere -------------------------------------------------------------------------------------


def nowhere(stage: Stage) -> list[str]:
    uid = stage.evaluation.uid
    return [
        "/work/nothing/",
        f"/work/evaluations/{uuid4()}/",
        "/work/evaluations/not-a-uid/",
        f"/work/evaluations/{uid}/answers/99.9/",
        f"/work/evaluations/{uid}/documents/{uuid4()}/",
        f"/work/rounds/{uuid4()}/",
        f"/work/recommendations/{uuid4()}/",
        f"/work/recommendations/{uuid4()}/edit/",
        f"/work/recommendations/{uuid4()}/documents/{uuid4()}/",
        f"/work/evaluations/{uuid4()}/plan/",
        "/work/network/recommendations/99.9/",
        f"/work/printings/{uuid4()}/",
        f"/work/reports/{uuid4()}.pdf",
        f"/work/figures/{uuid4()}/",
        "/work/hotlines/ZZ/",
        "/work/figures/of/ZZ/",
        "/work/people/invitations/0/again/",
        "/en/register/ZZ/",
        f"/en/register/XA/report/{uuid4()}.pdf",
        "/en/nothing/",
        "/nothing/",
    ]


def test_an_address_that_leads_nowhere_says_so_and_shows_the_ways_on(stage: Stage, sign_in: Callable[..., Client]):
    mce = sign_in(Client(), stage.people.mce)
    found, addresses = {}, nowhere(stage)
    for address in addresses:
        page = mce.get(address, follow=True)
        found[address] = (page.status_code, "There is no such page" in page.content.decode())
    assert found == dict.fromkeys(addresses, (404, True))


def test_findings_of_a_standard_that_is_not_there_are_no_page(sign_in: Callable[..., Client]):
    visited = Stage("study_visit")
    address = reverse("workspace:findings", args=[visited.evaluation.uid, "99.9"])
    assert sign_in(Client(), visited.people.mce).get(address).status_code == 404


def test_a_move_that_does_not_exist_is_no_page(stage: Stage, sign_in: Callable[..., Client]):
    mce = sign_in(Client(), stage.people.mce)
    addresses = [
        reverse("workspace:move", args=[stage.evaluation.uid, "canonise"]),
        reverse("workspace:move", args=[stage.evaluation.uid, "save"]),  # a method of the model, but no move
        reverse("workspace:move", args=[stage.evaluation.uid, "delete"]),
        reverse("workspace:move_round", args=[stage.round.uid, "__class__"]),
        reverse("workspace:move_statistics", args=[stage.statistics.uid, "submit"]),
    ]
    assert [mce.post(address).status_code for address in addresses] == [404] * 5
    assert Evaluation.objects.count() == 1
    assert not Step.objects.exists()


def test_a_move_that_is_not_open_at_this_stage_says_so(stage: Stage, sign_in: Callable[..., Client]):
    mce = sign_in(Client(), stage.people.mce)
    page = mce.post(reverse("workspace:move", args=[stage.evaluation.uid, "publish"]), follow=True)
    message = "This is not the stage for it. This can be done while it stands at “Decided”. It now stands at “Self-assessment”."
    assert message in page.content.decode()
    assert not Step.objects.exists()


def test_a_visit_that_is_not_arranged_cannot_be_moved(stage: Stage, sign_in: Callable[..., Client]):
    mce = sign_in(Client(), stage.people.mce)
    refused = mce.post(reverse("workspace:move_visit", args=[stage.evaluation.uid, "begin"]))
    assert (refused.status_code, "No study visit is arranged" in refused.content.decode()) == (403, True)


# --- Values that no form can send ------------------------------------------------------------------------------------

ODD = [
    {"version": "9" * 40},
    {"version": "٣"},
    {"version": "1", "save_uid": "not a uid"},
    {"version": "1", "level": "9" * 40},
    {"version": "1", "level": "-1"},
    {"version": "1", "level": ["1", "2"]},
    {"version": "1", "words": "\x00"},
    {"version": "1", "level": "2", "words": "x" * 200_000},
    {"version": "1", "level": "2", "value": "1e400"},
    {},
]


@pytest.mark.parametrize("fields", ODD)
def test_an_odd_save_is_answered_and_breaks_nothing(coordinator: Client, stage: Stage, fields: dict[str, Any]):
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])
    answer = coordinator.post(address, fields, headers=SCRIPT)
    assert answer.status_code in (200, 409, 422)
    assert answer.headers["Content-Type"] == "application/json"
    assert coordinator.get(reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"])).status_code == 200


@pytest.mark.parametrize("value", ["1e400", "1e-400", "٤٢", "0x10", "1_000", "Infinity", "--1", "1,234.5", " ", "+5"])
def test_an_odd_number_is_answered_and_breaks_nothing(coordinator: Client, stage: Stage, value: str):
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "3.2", "3.2.2"])
    answer = coordinator.post(address, {"version": "1", "value": value}, headers=SCRIPT)
    assert answer.status_code in (200, 422)
    kept = Answer.objects.get(evaluation=stage.evaluation, code="3.2.2").value
    assert kept is None or 0 <= kept < 10**11
    assert coordinator.get(reverse("workspace:answers", args=[stage.evaluation.uid, "3.2"])).status_code == 200


def test_thousands_are_never_guessed(coordinator: Client, stage: Stage):
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "3.2", "3.2.2"])
    for written in ("1 234", "1.234.567", "1,234,567", "1_234", "1,234", "12.500"):
        assert coordinator.post(address, {"version": "1", "value": written}, headers=SCRIPT).status_code == 422


def test_what_could_be_thousands_or_decimals_is_asked_about(coordinator: Client, stage: Stage):
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "3.2", "3.2.2"])
    asked = coordinator.post(address, {"version": "1", "value": "1,234"}, headers=SCRIPT).json()["problem"]
    assert asked.startswith("This can be read in two ways")
    assert coordinator.post(address, {"version": "1", "value": "1,2340"}, headers=SCRIPT).status_code == 200
    assert Answer.objects.get(evaluation=stage.evaluation, code="3.2.2").value == Decimal("1.234")
    page = coordinator.get(reverse("workspace:answers", args=[stage.evaluation.uid, "3.2"])).content.decode()
    assert 'name="value-3.2.2" form="page-form" value="1.2340"' in page


def test_more_decimals_than_are_kept_are_refused_and_not_rounded(coordinator: Client, stage: Stage):
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "3.2", "3.2.2"])
    response = coordinator.post(address, {"version": "1", "value": "1.23456"}, headers=SCRIPT)
    assert response.json() == {"problem": "Write at most four digits after the decimal sign."}


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{ request }}", '" onmouseover="alert(1)'])
def test_words_are_shown_as_they_were_written_and_never_run(coordinator: Client, stage: Stage, words: str):
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])
    coordinator.post(address, {"version": "1", "level": "2", "words": words})
    page = coordinator.get(reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"])).content.decode()
    assert words not in page.replace("{{ request }}", "") or words == "{{ request }}"
    assert words.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;") in page
    clash = coordinator.post(address, {"version": "1", "level": "1", "words": words}, headers=SCRIPT).json()["panel"]
    assert "<script>" not in clash
    assert 'onmouseover="' not in clash


def test_names_are_shown_as_they_were_written_in_titles_labels_and_links(stage: Stage, sign_in: Callable[..., Client]):
    evil = '"><script>alert(1)</script>'
    for thing in (stage.evaluation.hotline, stage.round, stage.coordinator):
        thing.name = evil
        thing.save()
    mce, country = sign_in(Client(), stage.people.mce), stage.evaluation.hotline.country
    pages = ["/work/hotlines/", f"/work/hotlines/{country}/", f"/work/figures/of/{country}/", "/work/rounds/"]
    pages += [f"/work/rounds/{stage.round.uid}/", f"/work/evaluations/{stage.evaluation.uid}/", "/work/people/"]
    shown = {page: mce.get(page).content.decode() for page in pages}
    assert [page for page, markup in shown.items() if evil in markup or "&lt;script&gt;alert(1)" not in markup] == []


@pytest.mark.parametrize("query", ["?page=0", "?page=999", "?page=x", "?q=" + "x" * 5000, "?sort=%27--"])
def test_odd_questions_to_lists_are_answered(stage: Stage, sign_in: Callable[..., Client], query: str):
    mce = sign_in(Client(), stage.people.mce)
    lists = ["/work/hotlines/", "/work/people/", "/work/outbox/", "/en/register/", f"/work/rounds/{stage.round.uid}/"]
    lists += ["/work/network/recommendations/", f"/work/evaluations/{stage.evaluation.uid}/plan/"]
    assert {address: mce.get(address + query).status_code for address in lists} == dict.fromkeys(lists, 200)


# --- A session that is gone ------------------------------------------------------------------------------------------


def test_a_save_after_the_session_is_gone_brings_the_words_back(stage: Stage):
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])
    page = Client().post(address, {"version": "1", "level": "2", "words": "Typed for half an hour."})
    assert page.status_code == 403
    assert "Typed for half an hour." in page.content.decode()
    assert reverse("account_login") in page.content.decode()


def test_a_form_whose_token_has_grown_old_brings_the_words_back(stage: Stage, sign_in: Callable[..., Client]):
    careful = sign_in(Client(enforce_csrf_checks=True), stage.coordinator)
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])
    page = careful.post(address, {"version": "1", "level": "0", "words": "Typed for half an hour."})
    assert page.status_code == 403
    text = page.content.decode()
    assert "Typed for half an hour." in text
    assert f'action="{address}"' in text  # to send it again
    assert Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").version == 1


def test_a_form_sent_again_from_that_page_is_kept(stage: Stage, sign_in: Callable[..., Client]):
    careful = sign_in(Client(enforce_csrf_checks=True), stage.coordinator)
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])
    page = careful.post(address, {"version": "1", "level": "0", "words": "Typed for half an hour."}).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
    again = careful.post(
        address, {"version": "1", "level": "0", "words": "Typed for half an hour.", "csrfmiddlewaretoken": token}
    )
    assert again.status_code == 302
    assert Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").words == "Typed for half an hour."


def submitted_fields(page: str) -> dict[str, str]:
    """Return the fields of the form with the submitted values."""
    form = page[page.index('class="sheet pad" action="/work/') :]
    inputs = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form[: form.index("</form>")])
    areas = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form[: form.index("</form>")])
    return {name: html.unescape(value) for name, value in (*inputs, *areas)}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://testserver"}, 302),
        ({"Referer": "http://testserver/work/"}, 302),
        ({"Origin": "http://neighbour.testserver"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_a_form_that_was_given_back_is_taken_from_a_page_of_this_host_only(
    stage: Stage, sign_in: Callable[..., Client], headers: dict[str, str], status: int
):
    browser = Client(enforce_csrf_checks=True)
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])
    page = browser.post(address, {"version": "1", "level": "0", "words": "Typed for half an hour."}).content.decode()
    fields = submitted_fields(page) | {"csrfmiddlewaretoken": "of the session that is gone"}
    sign_in(browser, stage.coordinator)
    kind = "application/x-www-form-urlencoded"
    assert browser.post(address, urlencode(fields), content_type=kind, headers=headers).status_code == status


def test_a_verdict_comes_back_with_the_indicators_it_is_about_and_is_read_back_again(stage: Stage):
    address = reverse("workspace:decide", args=[stage.evaluation.uid])
    sent = {"r1-text": "A rota.", "r1-due_on": "2030-01-01", "r1-code": "1.1.2", "confirmed": "yes", "code": "123456"}
    fields = submitted_fields(Client().post(address, sent).content.decode())
    assert (fields["r1-text"], fields["r1-code"]) == ("A rota.", "1.1.2")
    assert {"confirmed", "code"} & set(fields) == set()


@pytest.mark.parametrize("name", ["submit", "send_back"])
def test_a_move_after_the_session_is_gone_does_nothing(stage: Stage, name: str):
    page = Client().post(reverse("workspace:move", args=[stage.evaluation.uid, name]), {"note": "My long reasons."})
    assert page.status_code == 403
    assert "My long reasons." in page.content.decode()
    assert not Step.objects.exists()


def test_a_role_that_ended_meanwhile_opens_nothing_at_the_next_request(stage: Stage, coordinator: Client):
    stage.coordinator.memberships.update(until=timezone.localdate() - timedelta(days=1))
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])
    assert coordinator.post(address, {"version": "1", "level": "0"}).status_code == 404
    assert coordinator.get(reverse("workspace:evaluation", args=[stage.evaluation.uid])).status_code == 404


# --- In another language ---------------------------------------------------------------------------------------------


def test_an_assessors_number_reads_back_as_it_was_written_in_french(sign_in: Callable[..., Client]):
    """A number field's value is valid input of the same page, so that saving it again changes nothing."""
    stage = Stage("study_visit")
    stage.people.lead.language = "fr"
    stage.people.lead.save()
    lead = sign_in(Client(), stage.people.lead)
    address = reverse("workspace:save_finding", args=[stage.evaluation.uid, "3.2", "3.2.2"])
    lead.post(address, {"version": "0", "value": "12345,6", "words": ""})
    page = lead.get(reverse("workspace:findings", args=[stage.evaluation.uid, "3.2"])).content.decode()
    shown = page.split('name="value-3.2.2" form="page-form" value="', 1)[1].split('"', 1)[0].replace("&nbsp;", "\u00a0")
    again = lead.post(address, {"version": "1", "value": shown, "words": ""}, headers=SCRIPT)
    assert again.status_code == 200
    assert float(Finding.objects.get(evaluation=stage.evaluation, code="3.2.2").value) == 12345.6
