"""What a device fetches to record offline, and how its data are received, whatever happened meanwhile."""

import json
from collections.abc import Callable
from time import time
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from evaluation.models import Observation, ObservationVersion, RecordingDevice, UnresolvedText, User
from tests.bystander import new
from tests.factories import finish_recording, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


def url_of(stage: Stage, name: str) -> str:
    return reverse(f"workspace:{name}", args=[stage.evaluation.uid])


def item(code: str = "3.2.1", **fields: Any) -> dict[str, Any]:
    return {"code": code, "version": 0, "save_uid": str(uuid4()), "draft_uid": str(uuid4()), "level": "2"} | fields


def send(client: Client, stage: Stage, by: User, *items: dict[str, Any], **batch: Any) -> Any:
    body = {"device": str(uuid4()), "owner": str(by.uid), "unsent": len(items), "items": list(items)} | batch
    return client.post(url_of(stage, "receive_observations"), json.dumps(body), content_type="application/json")


def kinds(answer: Any) -> list[str]:
    return [one["kind"] for one in answer.json()["results"]]


# --- Fetched ---------------------------------------------------------------------------------------------------------


def test_the_material_has_all_that_is_needed_and_only_ones_own_texts(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    send(client, stage, stage.people.assessor, item(words="Mine.", concern="Nights."))
    send(sign_in(Client(), stage.people.lead), stage, stage.people.lead, item(words="Of the lead."))
    found = client.get(url_of(stage, "recording_material"))
    data = found.json()
    assert "Of the lead." not in found.content.decode()
    assert data["person"] == {"uid": str(stage.people.assessor.uid), "name": stage.people.assessor.name}
    assert sorted(code for group in data["groups"] for code in group["codes"]) == sorted(stage.evaluation.asked)
    assert set(data["indicators"]) == set(stage.evaluation.asked)
    recorded = data["recorded"]["3.2.1"]
    assert (recorded["version"], recorded["fields"]["words"], recorded["fields"]["concern"]) == (1, "Mine.", "Nights.")
    assert data["is_open"]


def test_the_material_shows_what_the_hotline_says_as_a_level_or_in_words(stage: Stage, sign_in: SignIn):
    write_answer(stage.evaluation, "3.2.1", level=2)
    write_answer(stage.evaluation, "1.2.1", level=None, not_applicable=True, words="There is no such law here.")
    found = sign_in(Client(), stage.people.assessor).get(url_of(stage, "recording_material")).json()["indicators"]
    assert {code: found[code]["answer_tint"] for code in ("3.2.1", "1.2.1")} == {"3.2.1": 2, "1.2.1": None}
    assert (found["1.2.1"]["answer"]["text"], found["1.2.1"]["answer_words"]) == (
        "Not applicable",
        "There is no such law here.",
    )


def test_a_text_of_the_guide_names_its_language_where_it_is_not_the_readers(stage: Stage, sign_in: SignIn):
    def languages() -> set[str]:
        data = sign_in(Client(), stage.people.assessor).get(url_of(stage, "recording_material")).json()
        one = data["indicators"]["3.2.1"]
        texts = [one[name] for name in ("wording", "obligation", "guidance", "evidence")]
        levels = [choice["label"] for choice in one["choices"] if choice["value"] != "unseen"]
        return {text["lang"] for text in (*texts, *levels, *(group["title"] for group in data["groups"]))}

    assert languages() == {""}
    stage.people.assessor.language = "pl"
    stage.people.assessor.save()
    assert languages() == {"en"}


def test_the_page_and_its_worker_hold_nothing_of_anybody(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    shell = client.get(reverse("workspace:recording_shell")).content
    assert client.get(url_of(stage, "recording")).content == shell
    assert sign_in(Client(), stage.people.lead).get(url_of(stage, "recording")).content == shell
    assert stage.people.assessor.name not in shell.decode()
    worker = client.get(reverse("workspace:recording_worker"))
    assert worker["Content-Type"] == "text/javascript"
    constants = json.loads(worker.content.decode().partition("\n")[0].removeprefix("const KEPT = ").removesuffix(";"))
    assert constants["shell"] == reverse("workspace:recording_shell")
    imported = ("/js/recording/", "/js/answers/disk.js")
    assert all(address in shell.decode() or any(one in address for one in imported) for address in constants["files"])


def test_a_worker_of_the_workspace_keeps_today_and_the_visits_of_an_assessor_alone(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    worker = client.get(reverse("workspace:visit_pages_worker"))
    scope = worker["Service-Worker-Allowed"]
    assert (worker["Content-Type"], url_of(stage, "evaluation").startswith(scope)) == ("text/javascript", True)
    assert f'data-pages="{scope}"' in client.get(url_of(stage, "recording")).content.decode()
    for name in ("home", "visits"):
        page = client.get(reverse(f"workspace:{name}"))
        person, until = page["Kept-For"].split()
        assert (person, int(until) > time() * 1000) == (f"{stage.people.assessor.uid}", True)
        assert "This page is as of" in page.content.decode()
        assert "Kept-For" not in sign_in(Client(), stage.people.mce).get(reverse(f"workspace:{name}"))


def test_another_language_makes_another_worker(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    english = client.get(reverse("workspace:recording_worker")).content
    stage.people.assessor.language = "fr"
    stage.people.assessor.save()
    assert client.get(reverse("workspace:recording_worker")).content != english


def test_the_manifest_installs_the_view_of_one_visit(stage: Stage, sign_in: SignIn):
    answer = sign_in(Client(), stage.people.assessor).get(url_of(stage, "recording_manifest"))
    assert answer["Content-Type"] == "application/manifest+json"
    found = answer.json()
    assert found["id"] == found["scope"] == found["start_url"] == url_of(stage, "recording")
    assert stage.hotline.name in found["name"]
    assert all(finders.find(icon["src"].removeprefix(settings.STATIC_URL)) for icon in found["icons"])


# --- Sent ------------------------------------------------------------------------------------------------------------


def test_each_text_is_answered_by_itself(stage: Stage, sign_in: SignIn):
    by = stage.people.assessor
    client = sign_in(Client(), by)
    send(client, stage, by, item("1.1.2", words="First."))
    answer = send(
        client,
        stage,
        by,
        item(words="Two desks.", strength="Calm.", good_practice=True),
        item("1.1.2", words="From the other device."),
        item("3.2.2", level="", value="a lot"),
        item("8.8.8"),
    )
    assert kinds(answer) == ["saved", "conflict", "problem", "problem"]
    conflict = answer.json()["results"][1]["theirs"]
    assert (conflict["version"], conflict["fields"]["words"]) == (1, "First.")
    assert UnresolvedText.objects.get().words == "From the other device."
    assert answer.json()["results"][2]["problem"].startswith("Write a number from 0 up")
    kept = new(Observation).get(code="3.2.1")
    assert (kept.level, kept.words, kept.strength, kept.good_practice) == (2, "Two desks.", "Calm.", True)
    assert set(answer.json()["recorded"]) == {"1.1.2", "3.2.1"}


def test_a_part_that_is_sent_twice_is_kept_once(stage: Stage, sign_in: SignIn):
    by = stage.people.assessor
    client = sign_in(Client(), by)
    sent = [item(code, words="Seen.", level="1") for code in ("3.2.1", "1.1.2")]
    for _ in range(2):
        answer = send(client, stage, by, *sent)
        assert [(one["kind"], one["version"]) for one in answer.json()["results"]] == [("saved", 1)] * 2
    assert new(ObservationVersion).count() == 2


def test_one_decides_between_the_texts_of_two_devices(stage: Stage, sign_in: SignIn):
    by = stage.people.assessor
    client = sign_in(Client(), by)
    send(client, stage, by, item(words="On the telephone."))
    mine = item(words="On the tablet.")
    send(client, stage, by, mine)
    kept = send(client, stage, by, mine | {"version": 1, "save_uid": str(uuid4()), "resolves": True})
    assert kinds(kept) == ["saved"]
    assert (new(Observation).get().words, UnresolvedText.objects.count()) == ("On the tablet.", 0)
    late = item(words="On the telephone again.")
    send(client, stage, by, late)
    assert UnresolvedText.objects.count() == 1
    send(client, stage, by, given_up=[late["draft_uid"]])
    assert UnresolvedText.objects.count() == 0


def test_what_comes_after_the_visit_comes_back_to_its_author(stage: Stage, sign_in: SignIn):
    by = stage.people.assessor
    finish_recording(stage.visit)
    client = sign_in(Client(), by)
    answer = send(client, stage, by, item(words="Too late."))
    assert kinds(answer) == ["closed"]
    assert UnresolvedText.objects.get().words == "Too late."
    material = client.get(url_of(stage, "recording_material")).json()
    assert (material["is_open"], material["late"]) == (False, ["3.2.1"])
    assert (
        "Too late."
        in client.get(reverse("workspace:observations", args=[stage.evaluation.uid, "3.2"])).content.decode()
    )


def test_a_device_of_somebody_else_sends_nothing_in_anothers_name(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    assert send(client, stage, stage.people.lead, item()).status_code == 409
    assert not new(Observation).exists()


@pytest.mark.parametrize("body", ["", "[]", "{", '{"items": [{"code": 1}]}', '{"device": "x", "\\ud800": 1}'])
def test_what_the_view_does_not_send_is_refused_with_a_sentence(stage: Stage, sign_in: SignIn, body: str):
    client = sign_in(Client(), stage.people.assessor)
    answer = client.post(url_of(stage, "receive_observations"), body, content_type="application/json")
    assert (answer.status_code, answer.json()["problem"]) == (400, "This is not what the recording view sends.")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"words": "x" * 100_001}, "This text is too long. Write at most 100000 letters."),
        ({"level": "", "value": "9" * 41}, "Write a number from 0 up"),
        ({"level": 2}, "This is not what the recording view sends."),
        ({"version": -1}, "This is not what the recording view sends."),
        ({"save_uid": "soon"}, "This is not what the recording view sends."),
        ({"version": None, "words": [["deep"]]}, "This is not what the recording view sends."),
    ],
)
def test_a_text_that_cannot_be_read_keeps_no_other_from_being_saved(
    stage: Stage, sign_in: SignIn, wrong: dict[str, Any], problem: str
):
    by = stage.people.assessor
    answer = send(sign_in(Client(), by), stage, by, item("3.2.2") | wrong, item(words="Seen."))
    assert kinds(answer) == ["problem", "saved"]
    first = answer.json()["results"][0]
    assert (first["code"], first["problem"].startswith(problem)) == ("3.2.2", True)
    assert (RecordingDevice.objects.get().unsent, new(Observation).get().words) == (1, "Seen.")


@pytest.mark.everywhere
def test_the_null_character_is_stored_in_no_text(stage: Stage, sign_in: SignIn):
    by = stage.people.assessor
    answer = send(sign_in(Client(), by), stage, by, item(words="Se\0en.", strength="\0"), name="Tab\0let")
    assert kinds(answer) == ["saved"]
    assert (RecordingDevice.objects.get().name, new(Observation).get().words) == ("Tablet", "Seen.")


def test_a_part_has_at_most_a_hundred_texts_and_asks_little_for_each(
    stage: Stage, sign_in: SignIn, django_assert_max_num_queries: Any
):
    by = stage.people.assessor
    client = sign_in(Client(), by)
    assert send(client, stage, by, *[item()] * 101).status_code == 400
    codes = [code for code, one in stage.framework.indicators.items() if one.measure == "scale"]
    with django_assert_max_num_queries(30 + 6 * len(codes)):
        assert set(kinds(send(client, stage, by, *[item(code) for code in codes]))) == {"saved"}


# --- Devices ---------------------------------------------------------------------------------------------------------


def test_before_signing_off_the_lead_is_asked_for_devices_that_have_not_sent(stage: Stage, sign_in: SignIn):
    by = stage.people.assessor
    client = sign_in(Client(), by)
    send(client, stage, by, item("3.2.2", level="", value="a lot"), name="Tablet")
    device = RecordingDevice.objects.get()
    assert (device.by, device.name, device.unsent) == (by, "Tablet", 1)
    lead = sign_in(Client(), stage.people.lead)
    assert "Tablet" in client.get(url_of(stage, "visit")).content.decode()
    assert "Tablet" not in lead.get(url_of(stage, "visit")).content.decode(), (
        "nobody learns how much a colleague recorded"
    )
    finish_recording(stage.visit)
    page = " ".join(lead.get(url_of(stage, "visit")).content.decode().split())
    assert f"{by.name}, Tablet: 1 text or file, last seen" in page
