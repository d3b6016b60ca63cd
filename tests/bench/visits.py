"""Measures the recording of a visit: its page, one observation saved, all of them, rows and photos sent by a device."""

import hashlib
import itertools
import json
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import uuid4

from PIL import Image

from tests.bench import floors
from tests.bench.timing import measure

if TYPE_CHECKING:
    from tests.bench.measuring import Ground

PHOTOS = 20
ROWS = 40
"""The rows of sheets that a device sends in one request."""


def take_photo() -> bytes:
    """Return a photo as the recording view stores it: its longest side has 2560 pixels.

    Its size is about a megabyte.
    """
    drawn = Image.effect_noise((320, 240), 60).resize((2560, 1920)).convert("RGB")
    file = BytesIO()
    drawn.save(file, "JPEG", quality=88)
    return file.getvalue()


def measure_visit(ground: "Ground") -> None:
    from django.test import Client
    from django.urls import reverse

    from evaluation.answers.evidence.uploads import LONGEST_PART
    from evaluation.files.pictures import reencode
    from evaluation.models import Evaluation, Role, Visit
    from evaluation.visits.sheets.templates import Kind
    from portal.visits.recording.batches import MOST_ITEMS
    from portal.visits.sheet_templates.reader import find_templates
    from tests import factories
    from tests.conftest import open_session

    evaluation = ground.evaluations[-1]
    stage = evaluation.state
    Evaluation.objects.filter(pk=evaluation.pk).update(state=Evaluation.State.STUDY_VISIT)
    lead, second = factories.person(Role.ASSESSOR), factories.person(Role.ASSESSOR)
    visit = factories.visit_of(evaluation, lead=lead, members=[second], state=Visit.State.UNDER_WAY)
    client, uid = open_session(Client(headers={"accept": "application/json"}), lead), evaluation.uid
    framework, scale = ground.edition.framework, ground.scale
    codes = [code for code, indicator in framework.indicators.items() if indicator.measure == "scale"]
    turns, words = itertools.cycle(codes), itertools.count()
    versions = dict.fromkeys(codes, 0)

    def open_page() -> None:
        assert client.get(reverse("workspace:visit", args=[uid])).status_code == 200

    def save() -> None:
        code = next(turns)
        address = reverse("workspace:save_observation", args=[uid, framework.standard_of[code].code, code])
        fields = {"level": "2", "words": f"Seen for the {next(words)}th time.", "version": versions[code]}
        response = client.post(address, fields)
        assert response.status_code == 200, response.content
        versions[code] = response.json()["version"]

    def send() -> None:
        items = [
            {"code": code, "version": versions[code], "save_uid": str(uuid4()), "draft_uid": str(uuid4()), "level": "2"}
            | {"words": f"Seen for the {next(words)}th time."}
            for code in codes
        ]
        for first in range(0, len(items), MOST_ITEMS):
            batch = items[first : first + MOST_ITEMS]
            body = {"device": str(uuid4()), "owner": str(lead.uid), "unsent": len(items), "items": batch}
            address = reverse("workspace:receive_observations", args=[uid])
            response = client.post(address, json.dumps(body), content_type="application/json")
            assert {one["kind"] for one in response.json()["results"]} == {"saved"}, response.content
        for code in codes:
            versions[code] += 1

    criteria = find_templates()[Kind.CONTACTS].criteria
    contact = {f"mark-{one.key}": "met" for one in criteria} | {"channel": "telephone", "language": "en"}
    contact |= {"day": evaluation.round.today.isoformat(), "starts": "14:05"}
    rows = [{"uid": str(uuid4()), "sheet": "contacts"} for _ in range(ROWS)]
    sendings = itertools.count()

    def send_rows() -> None:
        version = next(sendings)
        fields = contact | {"words": f"Answered for the {version}th time."}
        items = [row | {"version": version, "fields": fields} for row in rows]
        body = {"device": str(uuid4()), "owner": str(lead.uid), "unsent": ROWS, "items": items}
        address = reverse("workspace:receive_rows", args=[uid])
        response = client.post(address, json.dumps(body), content_type="application/json")
        assert {one["kind"] for one in response.json()["results"]} == {"saved"}, response.content

    photo = take_photo()
    digest = hashlib.sha256(photo).hexdigest()

    def send_with_photos() -> None:
        send()
        for number in range(PHOTOS):
            details = {"save_uid": str(uuid4()), "code": codes[number % len(codes)], "name": "photo.jpg"}
            body = details | {"size": len(photo), "digest": digest}
            answer = client.post(reverse("workspace:begin_recorded_file", args=[uid]), body)
            address = answer.json()["address"]
            while "file" not in (wanted := answer.json()):
                part = photo[wanted["offset"] : wanted["offset"] + LONGEST_PART]
                headers = {"Upload-Offset": str(wanted["offset"])}
                answer = client.post(address, part, content_type="application/octet-stream", headers=headers)
                assert answer.status_code == 200, answer.content

    def encode_photos() -> None:
        for _ in range(PHOTOS):
            reencode(photo, "jpg")

    measure("page of a visit", open_page, times=scale.runs(20), warm=2, floor=floors.rendering_of(open_page))
    measure("save one observation", save, times=scale.runs(100), warm=scale.runs(10), floor=floors.bare_commit())
    sent = f"{len(codes)} observations sent by a device"
    measure(sent, send, times=scale.runs(5), warm=1, floor=floors.inserted_rows(len(codes)))
    sent = f"{ROWS} rows of sheets sent by a device"
    measure(sent, send_rows, times=scale.runs(5), warm=1, floor=floors.inserted_rows(ROWS))
    sent = f"{len(codes)} observations and {PHOTOS} photos sent by a device"
    floor = floors.Floor("the photos alone encoded", encode_photos)
    measure(sent, send_with_photos, times=scale.runs(3), warm=0, floor=floor)
    for file in visit.files.all():
        file.file.delete(save=False)
    Visit.objects.filter(pk=visit.pk).update(state=Visit.State.CLOSED)  # rows of sheets have no permission to delete
    Evaluation.objects.filter(pk=evaluation.pk).update(state=stage)
