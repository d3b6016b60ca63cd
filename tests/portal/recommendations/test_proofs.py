"""The proofs of a recommendation: documents, addresses and words, and who may download them."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.answers.evidence.uploads import begin_upload
from evaluation.models import Evaluation, Proof, Recommendation
from evaluation.recommendations.uploads import begin_proof
from tests.bystander import new
from tests.stage import Participants, Stage
from tests.uploads import PDF, pdf_with

pytestmark = pytest.mark.django_db

State = Recommendation.State


@pytest.fixture
def as_(sign_in: Callable[..., Client]) -> Callable[[Any], Client]:
    return lambda user: sign_in(Client(), user)


def stage_at(state: str) -> Stage:
    """Return a decided evaluation whose recommendation is in `state`, without a proof."""
    stage = Stage("decided")
    stage.proof.delete()
    Recommendation.objects.filter(pk=stage.recommendation.pk).update(state=state)
    stage.recommendation.refresh_from_db()
    return stage


def page_of(client: Client, stage: Stage) -> str:
    return client.get(reverse("workspace:recommendation", args=[stage.recommendation.uid])).content.decode()


def submit(client: Client, stage: Stage, note: str) -> None:
    client.post(
        reverse("workspace:move_recommendation", args=[stage.recommendation.uid, "submit_evidence"]), {"note": note}
    )


def add(client: Client, stage: Stage, **typed: Any) -> Any:
    return client.post(reverse("workspace:add_proof", args=[stage.recommendation.uid]), typed, follow=True)


def upload(content: bytes = PDF, name: str = "rota.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_document_is_added_submitted_and_read_by_those_who_verify(as_: Callable[..., Client]):
    stage = stage_at(State.IN_PROGRESS)
    contributor = as_(stage.contributor)
    assert "It is added." in add(contributor, stage, document=upload(), words="Two on every night.").content.decode()
    submit(contributor, stage, "Since March.")
    proof = new(Proof).get()
    address = reverse("workspace:proof_document", args=[stage.recommendation.uid, proof.document.uid])
    for user in (stage.people.mce, stage.people.assessor, stage.people.lead):
        page = page_of(as_(user), stage)
        assert ("rota.pdf" in page, "Two on every night." in page, address in page) == (True, True, True)
        answer = as_(user).get(address)
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Disposition"] == 'attachment; filename="rota.pdf"'
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Choose a document, write an address, or say why there can be neither."),
        ({"words": " "}, "Choose a document, write an address, or say why there can be neither."),
        ({"document": (b"", "empty.pdf")}, "empty.pdf is empty."),
        ({"document": (b"<html><script>alert(1)</script>", "rota.pdf")}, "is not a PDF"),
        ({"address": "javascript:alert(1)"}, "Address on the web: "),
    ],
)
def test_what_cannot_be_shown_is_refused_and_the_words_stay(
    as_: Callable[..., Client], typed: dict[str, Any], message: str
):
    stage = stage_at(State.IN_PROGRESS)
    if "document" in typed:
        typed = typed | {"document": upload(*typed["document"])}
    page = add(as_(stage.contributor), stage, **({"words": "Typed for an hour."} | typed if typed else typed))
    assert page.status_code == 422
    assert message in page.content.decode().replace("&#x27;", "'")
    assert "Typed for an hour." in page.content.decode() or not typed.get("words", "x").strip() or not typed
    assert not new(Proof).exists()


def test_several_documents_and_an_address_are_added_at_once(as_: Callable[..., Client]):
    stage = stage_at(State.IN_PROGRESS)
    documents = [upload(PDF, "rota.pdf"), upload(pdf_with("", "/Rotate 90"), "list.pdf")]
    add(as_(stage.contributor), stage, document=documents, address="https://example.org/rota", words="Every night.")
    shown = {(str(proof), proof.words) for proof in new(Proof)}
    assert shown == {(name, "Every night.") for name in ("rota.pdf", "list.pdf", "https://example.org/rota")}


def test_what_has_no_problem_is_added_whatever_stands_beside_it(as_: Callable[..., Client]):
    stage = stage_at(State.IN_PROGRESS)
    documents = [upload(b"", "empty.pdf"), upload(), upload(b"<html>", "page.pdf")]
    page = add(as_(stage.contributor), stage, document=documents, address="https://example.org/rota", words="Kept.")
    assert page.status_code == 422
    assert [str(proof) for proof in new(Proof)] == ["rota.pdf", "https://example.org/rota"]
    errors = " ".join(page.context["proof_form"].errors["document"])
    assert ("empty.pdf is empty" in errors, "page.pdf is not a PDF" in errors) == (True, True)
    assert page.context["proof_form"]["address"].value() == ""
    assert page.context["proof_form"]["words"].value() == "Kept."


# --- In parts --------------------------------------------------------------------------------------------------------

SCRIPT = {"Accept": "application/json"}


def begin(client: Client, stage: Stage, **more: Any) -> Any:
    sent = {
        "name": "rota.pdf",
        "size": len(PDF),
        "digest": hashlib.sha256(PDF).hexdigest(),
        "words": "At night.",
    } | more
    return client.post(reverse("workspace:begin_proof", args=[stage.recommendation.uid]), sent, headers=SCRIPT)


def send(client: Client, address: str, content: bytes, offset: int) -> Any:
    headers = {"Upload-Offset": str(offset)} | SCRIPT
    return client.post(address, content, content_type="application/octet-stream", headers=headers)


def test_a_document_that_was_interrupted_goes_on_and_is_shown_once_with_its_words(as_: Callable[..., Client]):
    stage = stage_at(State.IN_PROGRESS)
    contributor = as_(stage.contributor)
    address = begin(contributor, stage).json()["address"]
    assert send(contributor, address, PDF[:100], 0).json()["offset"] == 100
    assert send(contributor, address, PDF[:100], 0).status_code == 409
    assert begin(contributor, stage).json()["offset"] == 100  # from another page, after the line was lost
    done = send(contributor, address, PDF[100:], 100).json()
    assert "rota.pdf" in begin(contributor, stage).json()["items"]  # the last response was lost
    proof = new(Proof).get()
    assert (str(proof), proof.words, proof.by) == ("rota.pdf", "At night.", stage.contributor)
    assert "rota.pdf" in done["items"]
    assert "move/submit_evidence/" in done["moves"]
    contributor.post(reverse("workspace:remove_proof", args=[stage.recommendation.uid, proof.uid]))
    assert begin(contributor, stage).json()["offset"] == 0  # a removed file is sent again


def test_the_same_file_is_the_evidence_of_an_answer_and_a_proof_apart(as_: Callable[..., Client]):
    stage = stage_at(State.IN_PROGRESS)
    details = {"name": "rota.pdf", "size": len(PDF), "digest": hashlib.sha256(PDF).hexdigest(), "by": stage.contributor}
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state=Evaluation.State.SELF_ASSESSMENT)
    answer = begin_upload(stage.evaluation, stage.recommendation.code, limit=1000, **details)
    proof = begin_proof(stage.recommendation, words="", limit=1000, **details)
    assert answer.pk != proof.pk
    assert begin_upload(stage.evaluation, stage.recommendation.code, limit=1000, **details).pk == answer.pk


def test_no_part_is_taken_once_the_evidence_is_submitted(as_: Callable[..., Client]):
    stage = stage_at(State.IN_PROGRESS)
    contributor = as_(stage.contributor)
    address = begin(contributor, stage).json()["address"]
    new(Recommendation).update(state=State.EVIDENCE_SUBMITTED)
    answer = send(contributor, address, PDF, 0)
    assert (answer.status_code, new(Proof).exists()) == (422, False)
    assert "the work on this recommendation is not under way" in answer.json()["problem"]
    assert begin(contributor, stage).status_code == 422


@pytest.mark.browser
def test_several_chosen_documents_are_sent_by_themselves_and_what_is_next_opens(
    browser_page: Any, as_user: Callable[..., Any]
):
    stage = stage_at(State.IN_PROGRESS)
    page = as_user(browser_page, stage.contributor)
    page.goto(reverse("workspace:recommendation", args=[stage.recommendation.uid]))
    page.get_by_label("What it shows").fill("Every night.")
    names = ("rota.pdf", "list.pdf")
    contents = PDF, pdf_with("", "/Rotate 90")
    files = [
        {"name": name, "mimeType": "application/pdf", "buffer": content}
        for name, content in zip(names, contents, strict=True)
    ]
    page.locator("input[type=file]").set_input_files(files)
    shown = page.locator("[data-proofs]")
    for name in names:
        expect(shown).to_contain_text(name)
    expect(page.get_by_label("What it shows")).to_have_value("")
    expect(page.locator("[data-moves] button").first).to_be_enabled()
    assert sorted((str(proof), proof.words) for proof in new(Proof)) == [
        ("list.pdf", "Every night."),
        ("rota.pdf", "Every night."),
    ]


def test_a_file_that_is_too_big_is_refused_before_it_is_read(as_: Callable[..., Client], monkeypatch):
    monkeypatch.setattr(settings, "EVIDENCE_MAX_BYTES", 10)
    stage = stage_at(State.IN_PROGRESS)
    page = add(as_(stage.contributor), stage, document=upload())
    assert page.status_code == 422
    assert "rota.pdf is bigger than" in page.content.decode()


def test_words_alone_say_why_there_can_be_nothing(as_: Callable[..., Client]):
    stage = stage_at(State.IN_PROGRESS)
    add(as_(stage.contributor), stage, words="It is a habit, and nobody writes it down.")
    submit(as_(stage.contributor), stage, "We do it.")
    assert new(Recommendation).get().state == State.EVIDENCE_SUBMITTED
    assert "It is a habit, and nobody writes it down." in page_of(as_(stage.people.mce), stage)


def test_what_is_shown_can_be_taken_back_until_it_is_submitted(as_: Callable[..., Client]):
    stage = stage_at(State.IN_PROGRESS)
    contributor = as_(stage.contributor)
    add(contributor, stage, address="https://example.org/rota")
    add(contributor, stage, address="https://example.org/other")
    first, second = new(Proof)
    remove = [
        reverse("workspace:remove_proof", args=[stage.recommendation.uid, proof.uid]) for proof in (first, second)
    ]
    contributor.post(remove[0])
    assert list(new(Proof)) == [second]
    submit(contributor, stage, "Done.")
    assert remove[1] not in page_of(contributor, stage)
    page = contributor.post(remove[1], follow=True)
    assert "Nothing was added or taken away" in page.content.decode()
    assert list(new(Proof)) == [second]


def test_a_proof_of_another_recommendation_cannot_be_reached_through_ones_own(as_: Callable[..., Client]):
    people = Participants()
    theirs = Stage("decided", people, country="XA")
    mine = Stage("decided", people, country="XB", round=theirs.round)
    new(Recommendation).update(state=State.IN_PROGRESS)
    for user in (mine.coordinator, people.mce):
        client = as_(user)
        document = reverse("workspace:proof_document", args=[mine.recommendation.uid, theirs.document.uid])
        assert client.get(document).status_code == 404
    remove = reverse("workspace:remove_proof", args=[mine.recommendation.uid, theirs.proof.uid])
    assert as_(mine.coordinator).post(remove).status_code == 404
    assert Proof.objects.filter(pk=theirs.proof.pk).exists()
