"""The hotline's response page: the draft to read, remarks that are saved, submitted once, read by others."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evaluation.judging import evidence as judging
from evaluation.models import Document, DraftRemark, Evaluation, RemarkProof, Response, UnresolvedText, Visit
from evaluation.response.response import accept_findings, find_acceptable, save_remark
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import DocumentFactory
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def stage() -> Stage:
    return Stage("response")


@pytest.fixture
def hotline(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.coordinator)


def page(client: Client, stage: Stage, query: str = "") -> str:
    answer = client.get(reverse("workspace:response", args=[stage.evaluation.uid]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def remark(client: Client, stage: Stage, code: str, words: str, version: int = 0, **extra: Any) -> Any:
    address = reverse("workspace:save_remark", args=[stage.evaluation.uid, code])
    return client.post(address, {"words": words, "version": version}, **extra)


def give(client: Client, stage: Stage, **sent: str) -> Any:
    return client.post(reverse("workspace:give_response", args=[stage.evaluation.uid]), sent, follow=True)


def test_the_hotline_reads_what_the_assessors_saw_and_what_is_recommended(hotline: Client, stage: Stage):
    text = page(hotline, stage)
    assert "Seen in one shift of two." in text
    assert stage.recommendation.title in text
    assert "1 seen otherwise" in text
    assert f"You have until {stage.evaluation.respond_by.day} " in text


def test_who_accepts_every_finding_is_not_asked_about_the_others(hotline: Client, stage: Stage):
    assert "We accept all the others" in page(hotline, stage)
    found = find_acceptable(stage.evaluation)
    accept_findings(stage.evaluation, found[1:], by=stage.coordinator)
    assert "We accept all the others" in page(hotline, stage)
    remark(hotline, stage, found[0], "Not so.")
    text = page(hotline, stage)
    assert ("We accept all the others" in text, "You accept every finding." in text) == (False, False)
    assert "The hotline accepts every finding." not in give(hotline, stage).content.decode()


def test_who_accepts_every_finding_gives_that_with_one_button(hotline: Client, stage: Stage):
    accept_findings(stage.evaluation, find_acceptable(stage.evaluation), by=stage.coordinator)
    text = page(hotline, stage)
    assert ("We accept all the others" in text, "You accept every finding." in text) == (False, True)
    text = " ".join(give(hotline, stage).content.decode().split())
    assert "The hotline accepts every finding." in text
    assert new(Response).get().accepted == find_acceptable(stage.evaluation)


@pytest.mark.parametrize(("state", "is_draft"), [("decision", True), ("decided", False)])
def test_once_the_panel_has_decided_it_is_no_draft_any_more(sign_in: Callable[..., Client], state: str, is_draft: bool):
    stage = Stage(state)
    text = page(sign_in(Client(), stage.coordinator), stage)
    assert ("This is a draft." in text, "The panel has decided" in text) == (is_draft, not is_draft)


def test_after_the_last_day_it_says_that_one_can_still_respond(
    hotline: Client, stage: Stage, sign_in: Callable[..., Client]
):
    day = stage.evaluation.round.today - timedelta(days=1)
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(respond_by=day)
    text = page(hotline, stage)
    assert "You can still respond, until Missing Children Europe goes on without your response." in " ".join(
        text.split()
    )
    assert "You have until" not in text
    home = reverse("workspace:evaluation", args=[stage.evaluation.uid])
    assert "You can still respond." in hotline.get(home).content.decode()
    mce = sign_in(Client(), stage.people.mce)
    assert "to respond to the draft, and has not responded." in " ".join(page(mce, stage).split())
    assert "The hotline had until" in mce.get(home).content.decode()


def test_before_the_draft_is_sent_there_is_nothing_to_read(sign_in: Callable[..., Client]):
    stage = Stage("report")
    text = page(sign_in(Client(), stage.coordinator), stage)
    assert "No draft yet" in text
    assert "Seen in one shift of two." not in text


def test_a_remark_saved_by_a_plain_form_stands_in_its_field(hotline: Client, stage: Stage):
    answer = remark(hotline, stage, "1.1.2", "The second shift was ill.")
    assert answer.url.endswith("/response/#r1.1.2")
    assert re.search(r'<textarea[^>]*id="remark-1\.1\.2"[^>]*>The second shift was ill\.<', page(hotline, stage))
    assert not new(Response).exists()


def test_a_script_gets_the_new_version_and_then_the_clash(hotline: Client, stage: Stage):
    assert remark(hotline, stage, "whole", "Fair.", headers=SCRIPT).json()["version"] == 1
    save_remark(stage.evaluation, "", "Theirs.", version=1, by=stage.contributor)
    conflict = remark(hotline, stage, "whole", "Mine.", 1, headers=SCRIPT)
    assert (conflict.status_code, conflict.json()["version"]) == (409, 2)
    assert "Theirs." in conflict.json()["panel"]
    assert "Mine." in conflict.json()["panel"]
    assert remark(hotline, stage, "whole", "Mine.", 2, headers=SCRIPT).json()["version"] == 3


def test_a_plain_form_gets_both_versions_and_the_typed_one_in_its_field(hotline: Client, stage: Stage):
    save_remark(stage.evaluation, "1.1.2", "Theirs.", version=0, by=stage.contributor)
    answer = remark(hotline, stage, "1.1.2", "Mine.")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Two people wrote here at once." in text
    assert re.search(r'<textarea[^>]*id="remark-1\.1\.2"[^>]*>Mine\.<', text)
    assert new(DraftRemark).get().words == "Theirs."


def test_words_that_come_too_late_stay_on_the_screen(sign_in: Callable[..., Client]):
    stage = Stage("decision")
    client = sign_in(Client(), stage.coordinator)
    plain = remark(client, stage, "1.1.2", "Too late for this.")
    assert (plain.status_code, "Too late for this." in plain.content.decode()) == (423, True)
    by_script = remark(client, stage, "1.1.2", "Too late for this.", headers=SCRIPT)
    assert (by_script.status_code, "can no longer be changed" in by_script.json()["problem"]) == (423, True)


def test_an_indicator_that_is_not_there_is_not_there(hotline: Client, stage: Stage):
    assert remark(hotline, stage, "7.7.7", "Hm.").status_code == 404


def test_what_is_typed_is_given_and_mce_and_those_who_answer_it_are_told(hotline: Client, stage: Stage):
    remark(hotline, stage, "1.1.2", "The second shift was ill.")
    answer = give(hotline, stage)
    assert "Your response is given." in answer.content.decode()
    assert "The second shift was ill." in answer.content.decode()
    assert dict(new(Response).get().remarks.values_list("code", "words")) == {"1.1.2": "The second shift was ill."}
    people = stage.people
    recipients = {(letter.to_user_id, "contests" in letter.subject) for letter in new(Letter)}
    team = (people.lead, people.assessor, people.judge)
    assert recipients == {
        (person.pk, True) for person in (people.mce, *team)
    }  # not users with a stake; the panel later


def test_without_script_giving_saves_what_stands_in_the_fields(hotline: Client, stage: Stage):
    give(hotline, stage, **{"words-1.1.2": "Typed and never saved.", "version-1.1.2": "0"})
    assert dict(new(Response).get().remarks.values_list("code", "words")) == {"1.1.2": "Typed and never saved."}


def test_nothing_is_given_while_two_texts_stand_open(hotline: Client, stage: Stage):
    save_remark(stage.evaluation, "1.1.2", "Theirs.", version=0, by=stage.contributor)
    typed = {"words-1.1.2": "Mine.", "version-1.1.2": "0"}
    assert "Two people wrote here at once." in give(hotline, stage, **typed).content.decode()
    assert "Choose one of the texts, then hand them on." in give(hotline, stage).content.decode()
    assert not new(Response).exists()
    hotline.post(reverse("workspace:discard_text", args=[UnresolvedText.objects.get().uid]))
    give(hotline, stage)
    assert dict(new(Response).get().remarks.values_list("code", "words")) == {"1.1.2": "Theirs."}


def test_that_everything_is_accepted_has_to_be_said(hotline: Client, stage: Stage):
    answer = give(hotline, stage)
    assert answer.status_code == 409
    assert "The response is not given" in answer.content.decode()
    assert "Nothing is said yet." in answer.content.decode()
    given = give(hotline, stage, accept_others="on").content.decode()
    assert "The hotline accepts every finding." in " ".join(given.split())
    assert "The hotline has nothing to add." in given
    assert new(Evaluation).get().state == "decision"


def test_somebody_else_gave_it_meanwhile(hotline: Client, stage: Stage):
    give(hotline, stage, accept_others="on")
    assert "This is not the stage for it" in give(hotline, stage, accept_others="on").content.decode()


def test_a_draft_is_read_by_nobody_outside_the_hotline(stage: Stage, sign_in: Callable[..., Client]):
    save_remark(stage.evaluation, "1.1.2", "A thought that is not ready.", version=0, by=stage.coordinator)
    for user in (stage.people.mce, stage.people.lead):
        assert "A thought that is not ready." not in page(sign_in(Client(), user), stage)
    assert "A thought that is not ready." in page(sign_in(Client(), stage.contributor), stage)


def test_the_page_narrows_to_what_was_seen_otherwise(hotline: Client, stage: Stage):
    shown = set(re.findall(r'<article class="examined" id="r([\d.]+)"', page(hotline, stage, "?show=differs")))
    assert shown == {"1.1.2"}
    every = set(re.findall(r'<article class="examined" id="r([\d.]+)"', page(hotline, stage, "?show=nonsense")))
    assert every == set(stage.framework.indicators)


# --- MCE and the lead ------------------------------------------------------------------------------------------------


def overview(client: Client, stage: Stage) -> str:
    return client.get(reverse("workspace:evaluation", args=[stage.evaluation.uid])).content.decode()


def press(client: Client, stage: Stage, name: str, note: str = "") -> str:
    address = reverse("workspace:move", args=[stage.evaluation.uid, name])
    return client.post(address, {"note": note}, follow=True).content.decode()


def test_mce_goes_on_without_a_response_when_the_time_is_over(stage: Stage, sign_in: Callable[..., Client]):
    mce = sign_in(Client(), stage.people.mce)
    assert "The hotline has until the end of" in overview(mce, stage)
    assert "The hotline has until the end of" in press(mce, stage, "go_on_without_response")
    yesterday = stage.round.today - timedelta(days=1)
    new(Evaluation).update(respond_by=yesterday)
    assert "Gone on without a response. This is recorded in the log." in press(mce, stage, "go_on_without_response")
    assert "The hotline gave no response in its time." in page(mce, stage)
    assert set(new(Letter).values_list("to_user", flat=True)) == {member.pk for member in stage.people.jury}


def test_the_lead_takes_the_draft_back_opens_the_findings_and_the_hotline_is_told(
    stage: Stage, hotline: Client, sign_in: Callable[..., Client]
):
    remark(hotline, stage, "1.1.2", "The second shift was ill.")
    lead = sign_in(Client(), stage.people.lead)
    assert "Draft taken back. This is recorded in the log." in press(
        lead, stage, "take_back", "We look at 1.1.2 again."
    )
    assert "No draft yet" in page(hotline, stage)
    assert "We look at 1.1.2 again." in Letter.objects.get(to_user=stage.coordinator).body
    press(lead, stage, "reopen_findings", "We look at 1.1.2 again.")
    assert (new(Evaluation).get().state, new(Visit).get().state) == ("study_visit", "findings_entered")
    new(Visit).update(state="signed_off")
    new(Evaluation).update(state="report")
    judging.judge(stage.evaluation, by=stage.people.lead)
    assert "The second shift was ill." in page(hotline, stage)


# --- Accepted, or contested with evidence ----------------------------------------------------------------------------


def press_accept(client: Client, stage: Stage, **sent: str) -> str:
    answer = client.post(reverse("workspace:accept_finding", args=[stage.evaluation.uid]), sent, follow=True)
    return " ".join(answer.content.decode().split())


def test_a_finding_is_accepted_and_no_longer_by_its_button(hotline: Client, stage: Stage):
    assert "To look at first" in page(hotline, stage)
    text = press_accept(hotline, stage, accept="1.1.2")
    assert "accepted by the hotline" in text
    assert "0 contested, 1 accepted" in text
    assert "1 accepted</a>" in text
    assert "accepted by the hotline" not in press_accept(hotline, stage, take_back="1.1.2")
    assert "accepted by the hotline" not in page(hotline, stage)


def test_words_that_were_typed_are_saved_by_the_button_of_another_finding(hotline: Client, stage: Stage):
    typed = {"words-9.1.2": "Not so.", "version-9.1.2": "0"}
    press_accept(hotline, stage, accept="1.1.2", **typed)
    assert stage.evaluation.draft_remarks.get().words == "Not so."
    text = press_accept(hotline, stage, accept="9.1.2")
    assert "9.1.2 is contested: remove your words and evidence first." in text


def test_nothing_is_accepted_too_late_or_that_is_not_asked(hotline: Client, stage: Stage):
    address = reverse("workspace:accept_finding", args=[stage.evaluation.uid])
    assert hotline.post(address, {"accept": "8.8.8"}).status_code == 404
    give(hotline, stage, accept_others="on")
    assert "This can no longer be changed" in press_accept(hotline, stage, accept="1.1.2")


def proofs_address(stage: Stage, code: str = "1.1.2") -> str:
    return reverse("workspace:remark_proofs", args=[stage.evaluation.uid, code])


def test_documents_and_an_address_are_shown_with_the_words(
    hotline: Client, stage: Stage, sign_in: Callable[..., Client]
):
    address = proofs_address(stage)
    assert stage.document.name in hotline.get(address).content.decode()
    sent = {
        "known": stage.document.uid,
        "address": "example.org/rota",
        "document": SimpleUploadedFile("rota.pdf", PDF),
    }
    assert hotline.post(address, sent).url == f"{reverse('workspace:response', args=[stage.evaluation.uid])}#r1.1.2"
    own = page(hotline, stage)
    for name in (stage.document.name, "https://example.org/rota", "rota.pdf"):
        assert name in own
    assert "rota.pdf" in hotline.get(address).content.decode()
    again = hotline.post(address, {"address": "example.org/rota"})
    assert (again.status_code, "is shown already" in again.content.decode()) == (422, True)
    team = sign_in(Client(), stage.people.lead)
    document = reverse("workspace:document", args=[stage.evaluation.uid, Document.objects.get(name="rota.pdf").uid])
    assert "rota.pdf" not in page(team, stage)
    assert team.get(document).status_code == 404
    text = give(hotline, stage).content.decode()
    assert "1 finding has evidence against it and no words" in text
    remark(hotline, stage, "1.1.2", "Look at the rota.")
    give(hotline, stage)
    assert "rota.pdf" in page(team, stage)
    served = team.get(document)
    assert (served.status_code, b"".join(served.streaming_content)) == (200, PDF)


def test_a_document_that_is_shown_already_is_said_at_the_field_in_which_it_was_chosen(hotline: Client, stage: Stage):
    for status in (302, 422):
        answer = hotline.post(proofs_address(stage), {"known": stage.document.uid})
        assert answer.status_code == status
    assert list(answer.context["form"].errors) == ["known"]


def test_evidence_is_removed_until_the_response_is_given(hotline: Client, stage: Stage):
    for name in ("one", "two"):
        hotline.post(proofs_address(stage), {"address": f"example.org/{name}"})
    one, two = (
        reverse("workspace:remove_remark_proof", args=[stage.evaluation.uid, proof.uid])
        for proof in RemarkProof.objects.order_by("pk")
    )
    hotline.post(one)
    assert RemarkProof.objects.get().address == "https://example.org/two"
    remark(hotline, stage, "1.1.2", "Look.")
    give(hotline, stage)
    assert hotline.post(two).status_code == 404
    late = hotline.post(proofs_address(stage), {"address": "example.org/late"})
    assert (late.status_code, "This can no longer be changed" in late.content.decode()) == (423, True)


def test_what_is_no_evidence_is_said_at_its_field(hotline: Client, stage: Stage):
    for sent, words in (
        ({}, "Choose a document, or write an address."),
        ({"document": SimpleUploadedFile("a.pdf", b"nothing")}, "is not a PDF"),
        ({"document": SimpleUploadedFile("a.pdf", PDF * 99), "address": "no address"}, "Enter a valid URL"),
    ):
        answer = hotline.post(proofs_address(stage), sent)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    assert hotline.get(proofs_address(stage, "8.8.8")).status_code == 404


def test_a_file_that_is_too_big_is_refused(hotline: Client, stage: Stage, settings: Any):
    settings.EVIDENCE_MAX_BYTES = 10
    answer = hotline.post(proofs_address(stage), {"document": SimpleUploadedFile("a.pdf", PDF)})
    assert (answer.status_code, "is bigger than" in answer.content.decode()) == (422, True)


def test_of_many_documents_some_are_offered_and_the_others_found_by_name(hotline: Client, stage: Stage):
    for number in range(60):
        DocumentFactory(hotline=stage.hotline, uploaded_by=stage.coordinator, name=f"rota {number:02}.pdf")
    address = proofs_address(stage)
    text = hotline.get(address).content.decode()
    assert ("rota 00.pdf" in text, "rota 59.pdf" in text) == (True, False)
    found = hotline.get(f"{address}?q=Rota+59").content.decode()
    assert ("rota 00.pdf" in found, "rota 59.pdf" in found) == (False, True)
    last = Document.objects.get(name="rota 59.pdf").uid
    wrong = hotline.post(address, {"known": last, "address": "no address"}).content.decode()
    assert f'value="{last}"' in wrong
    assert hotline.post(f"{address}?q=59", {"known": last}).status_code == 302
