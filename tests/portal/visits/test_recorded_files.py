"""Photos and documents of a visit: added on a page or by a device, seen by nobody else until all have finished."""

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.answers.judgements import AnswerInput, save_observation
from evaluation.files.inspection import inspect_upload
from evaluation.models import Observation, PartialUpload, RecordedFile, RecordingDevice, User
from evaluation.visits.files import attach_file
from evaluation.visits.interests import step_aside
from evaluation.visits.planning import TeamPlan
from evaluation.workflow import perform, write_step
from tests.bystander import new
from tests.factories import begin_visit, finish_recording
from tests.portal.visits.test_observations import place, read_all
from tests.stage import Stage
from tests.uploads import PDF, picture

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
CODE = "3.2.1"


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


def attach(stage: Stage, by: User, words: str = "Wall plan.", content: bytes = PDF, code: str = CODE) -> RecordedFile:
    upload = inspect_upload(content, "plan", limit=10**6)
    return attach_file(stage.visit, code, upload, save_uid=uuid4(), words=words, by=by)


def add(client: Client, stage: Stage, content: bytes = PDF, name: str = "plan.pdf", **fields: Any) -> Any:
    file = {f"file-{CODE}": SimpleUploadedFile(name, content)} if content else {}
    address = place(stage, "add_recorded_file", "3.2", CODE)
    return client.post(address, {f"draft_uid-{CODE}": str(uuid4()), **file, **fields})


def address_of(stage: Stage, file: RecordedFile) -> str:
    return place(stage, "recorded_file", str(file.uid))


# --- On a page -------------------------------------------------------------------------------------------------------


def test_an_assessor_adds_a_photo_on_the_page_of_a_standard_and_removes_it(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    form_data = {f"words-{CODE}": "Two desks.", f"level-{CODE}": "2", f"version-{CODE}": "0", f"was-{CODE}": ""}
    answer = add(client, stage, picture("JPEG"), "photo.jpeg", **form_data, **{f"caption-{CODE}": " Wall plan "})
    assert answer.url == f"{place(stage, 'observations', '3.2')}#i{CODE}"
    file = RecordedFile.objects.get()
    assert (file.by, file.code, file.words, file.name) == (stage.people.assessor, CODE, "Wall plan", "photo.jpg")
    assert new(Observation).get().words == "Two desks.", "what else was typed on the page is saved too"
    page = client.get(answer.url).content.decode()
    assert "The hotline never sees what you attach here." in page
    assert f'<img class="photo" src="{address_of(stage, file)}"' in page
    assert "Wall plan" in page
    removal = place(stage, "remove_recorded_file", "3.2", CODE, str(file.uid))
    assert removal in page
    for _ in range(2):  # also if pressed twice
        assert client.post(removal).status_code == 302
    assert not RecordedFile.objects.exists()


def test_a_form_that_is_sent_twice_adds_its_file_once(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    form = {f"draft_uid-{CODE}": str(uuid4())}
    for content in (PDF, PDF, picture("JPEG")):
        add(client, stage, content, **form)
    assert RecordedFile.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"", "", "Choose a photo or a document."),
        (b"x" * 2000, "photo.jpg", "photo.jpg is bigger than 1.5"),
        (b"GIF89a" + bytes(30), "a.gif", "a.gif is not a PDF, Word, Excel, OpenDocument or picture file."),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), "a.heic", "Set the camera to JPEG"),
        (picture("JPEG")[:200], "a.jpg", "a.jpg cannot be read: it is damaged or not complete."),
    ],
)
def test_what_is_no_photo_is_refused_at_its_field_and_what_was_typed_stays(
    stage: Stage, sign_in: SignIn, settings: Any, content: bytes, name: str, problem: str
):
    settings.EVIDENCE_MAX_BYTES = 1536
    client = sign_in(Client(), stage.people.assessor)
    answer = add(client, stage, content, name, **{f"caption-{CODE}": "Plan of the room"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert problem in page
    assert 'value="Plan of the room"' in page
    assert f'href="#file-{CODE}"' in page, "the summary leads to the field"
    assert not RecordedFile.objects.exists()


def test_words_about_a_file_that_are_too_long_are_refused_before_it_is_stored(stage: Stage, sign_in: SignIn):
    answer = add(sign_in(Client(), stage.people.assessor), stage, **{f"caption-{CODE}": "x" * 201})
    assert (answer.status_code, RecordedFile.objects.count()) == (422, 0)
    assert "Write at most 200 letters about it" in answer.content.decode()


def test_after_finishing_nothing_is_added_or_removed(stage: Stage, sign_in: SignIn):
    by = stage.people.assessor
    file = attach(stage, by)
    client = sign_in(Client(), by)
    client.post(place(stage, "finish_recording"))
    late = "files are added and removed only while the visit is under way and you have not finished"
    removal = client.post(place(stage, "remove_recorded_file", "3.2", CODE, str(file.uid)))
    for answer in (add(client, stage), removal):
        assert (answer.status_code, late in answer.content.decode()) == (422, True)
    page = client.get(place(stage, "observations", "3.2")).content.decode()
    assert address_of(stage, file) in page
    assert "/remove/" not in page
    assert RecordedFile.objects.get() == file


def test_a_signed_off_file_has_no_button_and_keeps_no_other_change_of_a_device_waiting(stage: Stage, sign_in: SignIn):
    by = stage.people.assessor
    signed, later = attach(stage, by), attach(stage, by)
    write_step(stage.visit, "sign_off", "findings_entered", by=stage.people.lead)
    RecordedFile.objects.filter(pk=later.pk).update(at=timezone.now())
    client = sign_in(Client(), by)
    page = client.get(place(stage, "observations", "3.2")).content.decode()
    removals = [place(stage, "remove_recorded_file", "3.2", CODE, str(file.uid)) for file in (signed, later)]
    assert [removal in page for removal in removals] == [False, True]
    refused = client.post(removals[0]).content.decode()
    assert "belongs to findings that were signed off: it stays as it is." in refused
    changes = {"removed_files": [str(signed.save_uid), str(later.save_uid)], "captions": {}}
    body = {"device": str(uuid4()), "owner": str(by.uid), "unsent": 2, **changes}
    client.post(place(stage, "receive_observations"), json.dumps(body), content_type="application/json")
    assert RecordedFile.objects.get() == signed


def test_a_colleague_removes_nothing(stage: Stage, sign_in: SignIn):
    file = attach(stage, stage.people.lead)
    client = sign_in(Client(), stage.people.assessor)
    client.post(place(stage, "remove_recorded_file", "3.2", CODE, str(file.uid)))
    assert RecordedFile.objects.get() == file


# --- Served ----------------------------------------------------------------------------------------------------------


def test_a_picture_is_shown_and_anything_else_is_downloaded_and_neither_does_anything(stage: Stage, sign_in: SignIn):
    by = stage.people.assessor
    client = sign_in(Client(), by)
    for content, shown in ((picture("JPEG"), "inline"), (picture("PNG"), "inline"), (PDF, "attachment")):
        answer = client.get(address_of(stage, attach(stage, by, content=content)))
        assert answer["Content-Disposition"].startswith(shown)
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
        assert answer.getvalue()


def test_until_all_have_finished_only_its_author_gets_a_file_and_the_hotline_never(stage: Stage, sign_in: SignIn):
    file = attach(stage, stage.people.assessor)
    people = [stage.people.assessor, stage.people.lead, stage.people.mce, stage.coordinator, stage.people.panel]

    def statuses() -> list[int]:
        answers = [sign_in(Client(), user).get(address_of(stage, file)) for user in people]
        for answer in answers:
            answer.getvalue()
        return [answer.status_code for answer in answers]

    assert statuses() == [200, 404, 404, 403, 404]
    finish_recording(stage.visit)
    assert statuses() == [200, 200, 200, 403, 404]


@pytest.mark.parametrize("who", ["lead", "mce"])
def test_no_page_tells_that_a_colleague_attached_something(stage: Stage, sign_in: SignIn, who: str):
    client = sign_in(Client(), stage.user(who))
    assessor = sign_in(Client(), stage.people.assessor)
    device = {"device": str(uuid4()), "owner": str(stage.people.assessor.uid), "unsent": 7, "captions": {}}

    def read() -> dict[str, bytes]:
        material = client.get(place(stage, "recording_material"), headers={"Accept": "application/json"})
        kept = material.content if material.status_code == 200 else b""
        return {**read_all(client, stage, 12), "material": kept}

    before = read()
    save_observation(stage.evaluation, CODE, AnswerInput(level=1), version=0, by=stage.people.assessor)
    for content in (PDF, picture("JPEG")):
        attach(stage, stage.people.assessor, "Telltale.", content)
        attach(stage, stage.people.assessor, "Telltale.", content, "1.1.2")
    assessor.post(place(stage, "receive_observations"), json.dumps(device), content_type="application/json")
    after = read()
    assert [address for address in before if before[address] != after[address]] == []
    assert "Telltale." in assessor.get(place(stage, "observations", "3.2")).content.decode()


def test_once_all_have_finished_files_stand_beside_what_their_authors_recorded(stage: Stage, sign_in: SignIn):
    lead, second = stage.people.lead, stage.people.assessor
    for user, level in ((lead, 3), (second, 1)):
        answer = AnswerInput(level=level, words="Seen.")
        save_observation(stage.evaluation, CODE, answer, version=0, by=user)
    mine, theirs = attach(stage, lead, "By the lead."), attach(stage, second, "By the second.", picture("JPEG"))
    alone = attach(stage, stage.people.judge, "By who judged nothing.")
    finish_recording(stage.visit)
    client = sign_in(Client(), lead)
    for page in (client.get(place(stage, "divergences")), client.get(place(stage, "findings", "3.2"))):
        (pair,) = [one for one in page.context["pairs"] if one["shown"].code == CODE]
        files_by_author = {one.seen.by: [item["url"] for item in one.files] for one in pair["originals"]}
        assert files_by_author == {lead: [address_of(stage, mine)], second: [address_of(stage, theirs)]}
        assert [item["url"] for item in pair["files"]] == [address_of(stage, alone)]
        text = page.content.decode()
        assert all(words in text for words in ("By the lead.", "By the second.", "By who judged nothing."))
    own = client.get(place(stage, "observations", "3.2")).content.decode()
    assert "By the lead." in own
    assert "By the second." not in own


def test_files_of_who_left_the_team_are_not_shown_while_findings_are_agreed(stage: Stage, sign_in: SignIn):
    left, lead, judge = stage.people.assessor, stage.people.lead, stage.people.judge
    theirs, mine = attach(stage, left), attach(stage, lead)
    step_aside(stage.visit, "My aunt works there.", by=left)
    perform(stage.visit, "change_team", by=stage.people.mce, wanted=TeamPlan(lead, (judge,)))
    begin_visit(stage.visit, by=lead)
    finish_recording(stage.visit)
    client = sign_in(Client(), judge)
    answers = [client.get(address_of(stage, file)) for file in (theirs, mine)]
    answers[1].getvalue()
    assert [answer.status_code for answer in answers] == [404, 200]
    page = client.get(place(stage, "findings", "3.2")).content.decode()
    assert (address_of(stage, theirs) in page, address_of(stage, mine) in page) == (False, True)


def test_many_files_are_read_with_as_few_queries_as_one(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.lead)

    def count(*address: str) -> int:
        client.get(place(stage, *address))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(place(stage, *address)).status_code == 200
        return len(asked)

    pages = (("observations", "3.2"), ("recording_material",))
    attach(stage, stage.people.lead)
    few = [count(*page) for page in pages]
    for _ in range(9):
        attach(stage, stage.people.lead)
    assert [count(*page) for page in pages] == few
    finish_recording(stage.visit)
    many = count("findings", "3.2")
    RecordedFile.objects.all().delete()
    assert count("findings", "3.2") == many


# --- From a device ---------------------------------------------------------------------------------------------------


def begin(client: Client, stage: Stage, content: bytes, uid: str, **fields: Any) -> Any:
    digest = hashlib.sha256(content).hexdigest()
    body = {"save_uid": uid, "code": CODE, "name": "photo.jpg", "size": len(content), "digest": digest} | fields
    return client.post(place(stage, "begin_recorded_file"), body)


def send(client: Client, stage: Stage, content: bytes, uid: str, most: int = 10**6, **fields: Any) -> Any:
    """Send a file in parts from where it stopped, at most so many bytes."""
    answer, address = begin(client, stage, content, uid, **fields), ""
    while answer.status_code == 200 and "file" not in answer.json() and most > 0:
        wanted = answer.json()
        address = wanted.get("address", address)
        offset, most = wanted["offset"], most - 300
        part = content[offset : offset + 300]
        headers = {"Upload-Offset": str(offset)}
        answer = client.post(address, part, content_type="application/octet-stream", headers=headers)
    return answer


def test_a_device_sends_a_file_in_parts_goes_on_where_it_broke_off_and_hears_again_that_it_is_there(
    stage: Stage, sign_in: SignIn
):
    by, uid, content = stage.people.assessor, str(uuid4()), picture("JPEG", (40, 30), quality=99)
    client = sign_in(Client(), by)
    assert "file" not in send(client, stage, content, uid, most=300, words="Plan.").json()
    assert PartialUpload.objects.get().received == 300
    assert begin(client, stage, content, uid).json()["offset"] == 300
    sent = send(client, stage, content, uid, words="Wall plan.").json()
    file = RecordedFile.objects.get()
    assert (file.words, file.by, str(file.save_uid)) == ("Wall plan.", by, uid)
    assert sent["file"] == {
        "uid": uid,
        "code": CODE,
        "name": "photo.jpg",
        "words": "Wall plan.",
        "is_picture": True,
        "address": address_of(stage, file),
    }
    PartialUpload.objects.all().delete()  # as keep_dates does after two days
    finish_recording(stage.visit)
    assert begin(client, stage, content, uid).json() == {"file": sent["file"]}
    assert RecordedFile.objects.count() == 1


def test_a_file_that_comes_too_late_stays_on_the_device_with_a_sentence(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    finish_recording(stage.visit)
    answer = begin(client, stage, PDF, str(uuid4()))
    assert (answer.status_code, answer.json()["code"]) == (422, "not_recording")
    assert "only while the visit is under way" in answer.json()["problem"]


@pytest.mark.parametrize(
    ("details", "status"),
    [
        ({"save_uid": "soon"}, 400),
        ({"code": "8.8.8"}, 400),
        ({"digest": "0"}, 400),
        ({"size": "0"}, 422),
        ({"size": str(60 * 2**20)}, 422),
        ({"name": "a\0b", "words": "\0"}, 200),
    ],
)
def test_what_no_device_sends_is_refused(stage: Stage, sign_in: SignIn, details: dict[str, str], status: int):
    assert begin(sign_in(Client(), stage.people.assessor), stage, PDF, str(uuid4()), **details).status_code == status


def test_nobody_sends_a_file_in_the_name_of_another(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    lead = str(stage.people.lead.uid)
    assert begin(client, stage, PDF, str(uuid4()), rendered_for=lead).status_code == 403
    upload = begin(sign_in(Client(), stage.people.lead), stage, PDF, str(uuid4())).json()["address"]
    part = client.post(upload, PDF, content_type="application/octet-stream", headers={"Upload-Offset": "0"})
    assert part.status_code == 404


def test_with_its_texts_a_device_says_what_became_of_its_files(stage: Stage, sign_in: SignIn):
    by = stage.people.assessor
    client = sign_in(Client(), by)
    kept, removed = attach(stage, by), attach(stage, by)
    other = attach(stage, stage.people.lead)

    def post(**batch: Any) -> Any:
        body = {"device": str(uuid4()), "owner": str(by.uid), "unsent": 3} | batch
        answer = client.post(place(stage, "receive_observations"), json.dumps(body), content_type="application/json")
        return [(one["uid"], one["words"]) for one in answer.json()["files"]]

    changes: dict[str, Any] = {
        "captions": {str(one.save_uid): "By the\0 door." for one in (kept, other)},
        "removed_files": [str(removed.save_uid)],
    }
    assert post(**changes) == [(str(kept.save_uid), "By the door.")]
    assert RecordingDevice.objects.get().unsent == 1
    assert RecordedFile.objects.get(pk=other.pk).words == "Wall plan."
    finish_recording(stage.visit)
    again = {"captions": {str(kept.save_uid): "Late."}, "removed_files": [str(kept.save_uid)]}
    assert post(**again) == [(str(kept.save_uid), "By the door.")], "what came too late changes nothing"
    assert [one["words"] for one in client.get(place(stage, "recording_material")).json()["files"]] == ["By the door."]
