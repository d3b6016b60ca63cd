"""A file sent in parts by a script: the response to each request, and the permissions."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Evaluation, Evidence, PartialUpload
from tests.factories import EvidenceFactory, write_answer
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


@pytest.fixture
def coordinator(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.coordinator)


def begin(client: Client, stage: Stage, code: str = "1.1.2", **more: Any) -> Any:
    sent = {"name": "rota.pdf", "size": len(PDF), "digest": hashlib.sha256(PDF).hexdigest()} | more
    address = reverse("workspace:begin_upload", args=[stage.evaluation.uid, code])
    return client.post(address, sent, headers=SCRIPT)


def send(client: Client, address: str, content: bytes, offset: object) -> Any:
    return client.post(
        address, content, content_type="application/octet-stream", headers={"Upload-Offset": str(offset)} | SCRIPT
    )


def test_a_script_hears_where_to_go_on_and_at_last_what_the_page_shows(coordinator: Client, stage: Stage):
    answer = stage.evaluation.answers.get(code="1.1.2")
    assert answer.version
    begun = begin(coordinator, stage).json()
    assert begun["offset"] == 0
    half = send(coordinator, begun["address"], PDF[:100], 0).json()
    assert half["offset"] == 100
    assert begin(coordinator, stage).json()["offset"] == 100
    done = send(coordinator, begun["address"], PDF[100:], 100).json()
    assert Evidence.objects.get(code="1.1.2", document__name="rota.pdf").added_by == stage.coordinator
    assert "rota.pdf" in done["items"]
    assert 'form="page-form"' in done["items"]
    assert done["saved"].startswith("Saved ")
    again = begin(coordinator, stage).json()  # the last response was lost
    assert again["items"] == done["items"]
    assert Evidence.objects.filter(document__name="rota.pdf").count() == 1


def test_the_page_shows_the_evidence_of_this_answer_and_nobody_else_goes_on_with_the_upload(
    coordinator: Client, stage: Stage, sign_in: Callable[..., Client]
):
    other = Stage.minimal("self_assessment")
    for evaluation, code, name in ((stage.evaluation, "1.2.1", "another"), (other.evaluation, "1.1.2", "theirs")):
        EvidenceFactory(evaluation=evaluation, code=code, address=f"https://example.org/{name}")
    begun = begin(coordinator, stage).json()
    assert send(sign_in(Client(), stage.contributor), begun["address"], PDF, 0).status_code == 404
    foreign = begin(sign_in(Client(), other.coordinator), other).json()
    done = send(coordinator, begun["address"], PDF, 0).json()
    assert [name for name in ("rota.pdf", "another", "theirs") if name in done["items"]] == ["rota.pdf"]
    assert PartialUpload.objects.filter(evaluation=other.evaluation).count() == 1
    assert send(sign_in(Client(), other.coordinator), foreign["address"], PDF, 0).status_code == 200


def test_what_the_answer_lacks_without_it_is_said_no_more(coordinator: Client, stage: Stage):
    code = next(c for c, i in stage.framework.indicators.items() if i.evidence_required)
    Evidence.objects.filter(code=code).delete()
    write_answer(stage.evaluation, code, level=stage.framework.scale.best)
    begun = begin(coordinator, stage, code).json()
    done = send(coordinator, begun["address"], PDF, 0).json()
    assert (done["is_missing"], "Still missing" in done["saved"]) == (False, False)
    assert (done["standing"], "1 piece of evidence" in done["count"]) == ("settled", True)
    assert "result" not in done


@pytest.mark.parametrize("offset", [5, "", "x", "-1", "9" * 20])
def test_a_part_at_a_wrong_offset_is_told_the_right_one(coordinator: Client, stage: Stage, offset: object):
    address = begin(coordinator, stage).json()["address"]
    wrong = send(coordinator, address, PDF[:5], offset)
    assert (wrong.status_code, wrong.json()) == (409, {"offset": 0})


@pytest.mark.parametrize(
    ("more", "status", "message"),
    [
        ({"size": "0"}, 422, "rota.pdf is empty."),
        ({"size": "9" * 9}, 422, "rota.pdf is bigger than 25.0"),
        ({"size": "9" * 40}, 422, "rota.pdf is empty."),
        ({"size": "x"}, 422, "rota.pdf is empty."),
        ({"digest": ""}, 400, ""),
    ],
)
def test_what_is_not_taken_is_said_before_a_byte_is_sent(
    coordinator: Client, stage: Stage, more: dict[str, str], status: int, message: str
):
    refused = begin(coordinator, stage, **more)
    assert refused.status_code == status
    assert message in refused.content.decode()
    assert PartialUpload.objects.count() == 0


def test_a_file_that_is_refused_when_complete_is_named(coordinator: Client, stage: Stage):
    content = b"MZ" + bytes(60)
    begun = begin(coordinator, stage, size=len(content), digest=hashlib.sha256(content).hexdigest()).json()
    refused = send(coordinator, begun["address"], content, 0)
    assert refused.status_code == 422
    assert refused.json()["problem"].startswith("rota.pdf is not a PDF, Word")


def test_nobody_else_sends_a_part_and_no_page_of_another_person_begins(
    coordinator: Client, stage: Stage, sign_in: Callable[..., Client]
):
    address = begin(coordinator, stage).json()["address"]
    colleague = sign_in(Client(), stage.contributor)
    assert send(colleague, address, PDF, 0).status_code == 404
    assert send(coordinator, address.replace("1.1.2", "1.2.1"), PDF, 0).status_code == 404
    assert begin(colleague, stage, rendered_for=str(stage.coordinator.uid)).status_code == 403
    assert not Evidence.objects.filter(document__name="rota.pdf").exists()


def test_without_a_token_nothing_is_taken(stage: Stage, sign_in: Callable[..., Client]):
    strict = sign_in(Client(enforce_csrf_checks=True), stage.coordinator)
    assert begin(strict, stage).status_code == 403


def test_the_submission_meanwhile_is_said(coordinator: Client, stage: Stage):
    address = begin(coordinator, stage).json()["address"]
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state=Evaluation.State.DESK_REVIEW)
    late = send(coordinator, address, PDF, 0)
    assert late.status_code == 422
    assert "the self-assessment is submitted" in late.json()["problem"]
