"""Invalid requests: the right status, a sentence with the remedy, nothing written and nothing lost."""

import html
import re
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from evaluation.models import Answer, Evaluation, Finding, Hotline, Step, User
from portal.requests import returned_forms
from portal.settings.base import BASE_DIR
from tests.bystander import new
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
    assert new(Evaluation).count() == 1
    assert not new(Step).exists()


def test_a_move_that_is_not_open_at_this_stage_says_so(stage: Stage, sign_in: Callable[..., Client]):
    mce = sign_in(Client(), stage.people.mce)
    page = mce.post(reverse("workspace:move", args=[stage.evaluation.uid, "accept"]), follow=True)
    message = "This is not the stage for it. This can be done while it stands at “Desk review”. It now stands at “Self-assessment”."
    assert message in page.content.decode()
    assert not new(Step).exists()


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
    Hotline.objects.filter(pk=stage.evaluation.hotline.pk).update(recorded_name=evil)
    for thing in (stage.round, stage.coordinator):
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


OURS = {"Origin": "http://testserver"}
"""What a browser sends with a form of a page of this site."""


def as_rendered_for(user: User, **fields: str) -> dict[str, str]:
    """Return the fields of a form of a page that was rendered for a user."""
    return {"rendered_for": str(user.uid), **fields}


def submitted_fields(page: str) -> dict[str, str]:
    """Return the fields of the returned form; empty if nothing is returned."""
    _, found, form = page.partition('class="sheet pad" action="/work/')
    inputs = re.findall(
        r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form[: form.index("</form>")] if found else ""
    )
    return {name: html.unescape(value) for name, value in inputs}


def listed(page: str) -> dict[str, str]:
    """Return what the page lists as typed, by label."""
    rows = re.findall(r'<p class="strong mb-1">([^<]*)</p>\s*<p class="read-only said-words">([^<]*)</p>', page)
    return {label.replace("\u2019", "'"): html.unescape(value) for label, value in rows}


def save_of(stage: Stage) -> str:
    return reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])


TYPED = {"version": "1", "level": "0", "words": "Typed for half an hour."}
FORM = "application/x-www-form-urlencoded"


def send_again(browser: Client, address: str, fields: dict[str, str], **headers: str) -> HttpResponse:
    return browser.post(address, urlencode(fields), content_type=FORM, headers={**OURS, **headers})


def renew_token(browser: Client, fields: dict[str, str]) -> dict[str, str]:
    """Return the fields with the token of the present session, as the script of the page does."""
    return fields | {"csrfmiddlewaretoken": browser.get("/work/session/").json()["token"]}


def test_a_save_after_the_session_is_gone_brings_the_words_back(stage: Stage):
    page = Client().post(save_of(stage), as_rendered_for(stage.coordinator, **TYPED), headers=OURS)
    assert page.status_code == 403
    text = page.content.decode()
    assert listed(text) == {"Your words": "Typed for half an hour."}
    assert f'action="{save_of(stage)}"' in text  # to send it again
    assert reverse("account_login") in text
    assert TYPED.items() <= submitted_fields(text).items()


def test_a_form_whose_token_has_grown_old_brings_the_words_back(stage: Stage, sign_in: Callable[..., Client]):
    careful = sign_in(Client(enforce_csrf_checks=True), stage.coordinator)
    page = careful.post(save_of(stage), as_rendered_for(stage.coordinator, **TYPED), headers=OURS)
    assert page.status_code == 403
    fields = submitted_fields(page.content.decode())
    assert fields["words"] == "Typed for half an hour."
    assert Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").version == 1
    assert send_again(careful, save_of(stage), fields).status_code == 302
    assert Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").words == "Typed for half an hour."


NOT_OURS = [
    {},
    {"Origin": "http://neighbour.testserver"},
    {"Origin": "https://testserver"},
    {"Origin": "null"},
    {"Referer": "http://attacker.example/testserver"},
    {"Referer": "http://["},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Sec-Fetch-Site": "none"},
]
OF_OURS = [OURS, {"Referer": "http://testserver/work/"}, {"Sec-Fetch-Site": "same-origin"}]


@pytest.mark.parametrize("is_signed_in", [False, True])
@pytest.mark.parametrize(
    ("headers", "is_returned"), [*((one, False) for one in NOT_OURS), *((one, True) for one in OF_OURS)]
)
def test_nothing_is_returned_to_a_form_that_no_page_of_this_site_sent(
    stage: Stage, sign_in: Callable[..., Client], headers: dict[str, str], is_returned: bool, is_signed_in: bool
):
    """A page of another site could otherwise have its fields sent by the user's own click on our page."""
    browser = Client(enforce_csrf_checks=True)
    if is_signed_in:
        sign_in(browser, stage.people.mce)
    sent = as_rendered_for(stage.people.mce, email="attacker@example.org", name="Somebody", role="mce_coordinator")
    answer = browser.post("/work/people/", sent, headers=headers)
    page = answer.content.decode()
    assert (answer.status_code, "attacker@example.org" in page, bool(submitted_fields(page))) == (
        *(403, is_returned),
        is_returned,
    )


@pytest.mark.parametrize("headers", NOT_OURS[:4])
def test_a_returned_form_is_taken_from_a_page_of_this_host_only(
    stage: Stage, sign_in: Callable[..., Client], headers: dict[str, str]
):
    browser = Client(enforce_csrf_checks=True)
    page = browser.post(save_of(stage), as_rendered_for(stage.coordinator, **TYPED), headers=OURS).content.decode()
    sign_in(browser, stage.coordinator)
    fields = submitted_fields(page) | {"csrfmiddlewaretoken": "of the session that is gone"}
    assert browser.post(save_of(stage), urlencode(fields), content_type=FORM, headers=headers).status_code == 403
    assert send_again(browser, save_of(stage), fields).status_code == 403  # the token is checked, as always
    assert send_again(browser, save_of(stage), renew_token(browser, fields)).status_code == 302


def test_what_is_sent_again_is_what_was_returned(
    stage: Stage, sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
):
    browser = Client(enforce_csrf_checks=True)
    page = browser.post(save_of(stage), as_rendered_for(stage.coordinator, **TYPED), headers=OURS).content.decode()
    sign_in(browser, stage.coordinator)
    fields = renew_token(browser, submitted_fields(page))
    other = save_of(stage).replace("1.1.2", "1.1.1")
    answers = [
        send_again(browser, save_of(stage), fields | {"words": "Others."}),
        send_again(browser, save_of(stage), fields | {"more": "x"}),
        send_again(browser, other, fields),
        send_again(browser, save_of(stage), fields | {"resend": "x"}),
    ]
    with monkeypatch.context() as later:
        now = time.time()
        later.setattr("django.core.signing.time.time", lambda: now + 60 * 60 + 5)
        answers.append(send_again(browser, save_of(stage), fields))
    assert [answer.status_code for answer in answers] == [403] * 5
    assert not Answer.objects.filter(evaluation=stage.evaluation, version__gt=1).exists()
    again = submitted_fields(answers[-1].content.decode())  # nothing is lost: it is returned once more
    assert send_again(browser, save_of(stage), again).status_code == 302
    assert Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").words == "Typed for half an hour."


def test_another_person_at_the_same_browser_does_not_submit_the_words_of_the_former(
    stage: Stage, sign_in: Callable[..., Client]
):
    browser = Client(enforce_csrf_checks=True)
    sent = as_rendered_for(stage.coordinator, **TYPED)
    page = browser.post(save_of(stage), sent, headers=OURS).content.decode()
    sign_in(browser, stage.contributor)
    fields = renew_token(browser, submitted_fields(page))
    # The returned form; the page that was left open; and both with the field changed.
    for tried in (fields, sent, fields | {"rendered_for": str(stage.contributor.uid)}):
        answer = send_again(browser, save_of(stage), tried)
        assert answer.status_code == 403
    for tried in (fields, sent):
        answer = send_again(browser, save_of(stage), tried)
        text = answer.content.decode()
        assert ("Somebody else is signed in now." in text, "half an hour" in text) == (True, False)
    assert Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").version == 1


def test_an_expired_session_is_still_of_its_user(stage: Stage, sign_in: Callable[..., Client]):
    """The words of a form that says another user than the session's are returned to nobody."""
    browser = sign_in(Client(), stage.contributor)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    for user, is_returned in ((stage.coordinator, False), (stage.contributor, True)):
        page = browser.post(save_of(stage), as_rendered_for(user, **TYPED), headers=OURS).content.decode()
        assert ("half an hour" in page, bool(submitted_fields(page))) == (is_returned, is_returned)


def test_the_page_is_in_the_language_of_its_author(stage: Stage):
    User.objects.filter(pk=stage.coordinator.pk).update(language="pl")
    page = Client().post(save_of(stage), as_rendered_for(stage.coordinator, **TYPED), headers=OURS).content.decode()
    with translation.override("pl"):
        assert listed(page) == {gettext("Your words"): "Typed for half an hour."}
    assert '<html lang="pl"' in page


def test_a_verdict_comes_back_with_the_indicators_it_is_about_and_is_read_back_again(stage: Stage):
    address = reverse("workspace:decide", args=[stage.evaluation.uid])
    sent = {"r1-text": "A rota.", "r1-due_on": "2030-01-01", "r1-code": "1.1.2", "confirmed": "yes", "code": "1.1.2"}
    page = Client().post(address, as_rendered_for(stage.people.panel, **sent), headers=OURS).content.decode()
    fields = submitted_fields(page)
    assert (fields["r1-text"], fields["r1-code"], fields["code"]) == ("A rota.", "1.1.2", "1.1.2")
    assert "confirmed" not in fields
    assert "A rota." in listed(page).values()


def test_secrets_and_files_do_not_come_back(stage: Stage):
    user = stage.coordinator
    sent = as_rendered_for(user, login=user.email, password="four unrelated words", code="123456")
    for address in (reverse("account_login"), reverse("mfa_authenticate"), reverse("mfa_activate_totp")):
        page = Client(enforce_csrf_checks=True).post(address, sent, headers=OURS).content.decode()
        assert {"four unrelated words", "123456"} & set(re.findall("four unrelated words|123456", page)) == set()
    address = reverse("workspace:add_evidence", args=[stage.evaluation.uid, "1.1.2"])
    files = {"document": SimpleUploadedFile("plan.pdf", b"%PDF-1.7", "application/pdf")}
    page = Client().post(address, {**as_rendered_for(user), **files}, headers=OURS).content.decode()
    assert ("Choose them again" in page, "this: Documents." in page) == (True, True)


def test_a_returned_form_of_uploads_is_answered(stage: Stage, sign_in: Callable[..., Client]):
    """It is sent without its files, urlencoded, after it was read for its signature."""
    browser = Client(enforce_csrf_checks=True)
    for address in (
        reverse("workspace:hotline_figures", args=[stage.hotline.country]),
        reverse("workspace:workbook", args=[stage.evaluation.uid]),
        reverse("workspace:add_evidence", args=[stage.evaluation.uid, "1.1.2"]),
    ):
        browser.cookies.clear()
        page = browser.post(address, as_rendered_for(stage.coordinator, note="x"), headers=OURS).content.decode()
        sign_in(browser, stage.coordinator)
        answer = send_again(browser, address, renew_token(browser, submitted_fields(page)))
        assert (address, answer.status_code) in [(address, status) for status in (200, 302, 422)]


GET_OR_SCRIPT = {"q", "on", "number", "{{ widget.name }}"}
"""Fields of searches and public questions, which are not posted, and of a chooser of the CMS."""


def test_every_typed_field_of_a_template_has_a_label_when_it_is_returned():
    names: set[str] = set()
    for path in (BASE_DIR / "site" / "portal" / "templates").rglob("*.html"):
        for control in re.findall(
            r"<(?:textarea|input)\b(?:[^<>]|{%.*?%}|{{.*?}})*?>", path.read_text("utf-8"), re.DOTALL
        ):
            kind = re.search(r'type="(\w+)"', control)
            name = re.search(r'\bname="([^"]*)"', control)
            if name and (kind is None or kind[1] in ("text", "date", "url", "number", "email", "file")):
                names.add(name[1])
    assert {"note", "words-{{ form.name }}", "caption-{{ shown.code }}"} <= names
    # `{{ name }}-{{ code }}` is the component of strengths and concerns.
    unlabelled = {
        name for name in names - GET_OR_SCRIPT if name.partition("-")[0] not in {*returned_forms.TYPED, "{{ name }}"}
    }
    assert unlabelled == set()


@pytest.mark.parametrize("name", ["submit", "send_back"])
def test_a_move_after_the_session_is_gone_does_nothing(stage: Stage, name: str):
    address = reverse("workspace:move", args=[stage.evaluation.uid, name])
    sent = as_rendered_for(stage.coordinator, note="My long reasons.")
    page = Client().post(address, sent, headers=OURS)
    assert page.status_code == 403
    assert listed(page.content.decode()) == {"Note": "My long reasons."}
    assert not new(Step).exists()


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
