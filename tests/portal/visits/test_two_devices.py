"""Random histories of two devices of one assessor against the endpoint: nothing lost or duplicated, both equal.

`Device` does what `recording/state.js` and `recording/sync.js` do, step by step.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evaluation.models import Observation, ObservationVersion, UnresolvedText
from tests.bystander import new
from tests.stage import Stage

pytestmark = pytest.mark.django_db

CODES = ("3.2.1", "9.1.1", "9.1.2")
EXAMPLES = int(os.environ.get("HISTORIES", "4"))


@dataclass
class Text:
    """The text of an indicator on a device: see `blank` in `state.js`."""

    code: str
    draft: str = field(default_factory=lambda: str(uuid4()))
    words: str = ""
    version: int = 0
    edit: int = 0
    is_unsent: bool = False
    sent: dict[str, Any] | None = None
    resolves: bool = False
    other: dict[str, Any] | None = None
    held_at: int = -1

    def prepare(self) -> dict[str, Any]:
        if self.sent is None:
            fields = {"version": self.version, "resolves": self.resolves, "words": self.words, "level": "0"}
            self.sent = {"save_uid": str(uuid4()), "edit": self.edit, **fields}
        return {"code": self.code, "draft_uid": self.draft, **self.sent}

    def settle(self, result: dict[str, Any]) -> None:
        assert self.sent is not None
        is_newest = self.sent["edit"] == self.edit
        self.sent = None
        if result["kind"] == "saved":
            self.version, self.resolves, self.other, self.held_at = result["version"], False, None, -1
            self.is_unsent = not is_newest
        else:
            assert result["kind"] == "conflict"
            self.other, self.held_at = result["theirs"], self.edit if is_newest else -1


@dataclass
class Device:
    """A device whose requests, or whose responses, may be lost."""

    send: Callable[[dict[str, Any]], dict[str, Any]]
    owner: str
    uid: str = field(default_factory=lambda: str(uuid4()))
    texts: dict[str, Text] = field(default_factory=lambda: {code: Text(code) for code in CODES})
    given_up: list[str] = field(default_factory=list)

    def edit(self, code: str, words: str) -> None:
        text = self.texts[code]
        text.words, text.edit, text.is_unsent = words, text.edit + 1, True

    def sync(self, *, loses: str = "", meanwhile: str = "") -> None:
        """Send unsent texts; `meanwhile` is written into the first text during the request."""
        due = [t for t in self.texts.values() if t.is_unsent and (t.sent is not None or t.edit != t.held_at)]
        unsent = sum(t.is_unsent for t in self.texts.values())
        body = {
            "device": self.uid,
            "owner": self.owner,
            "unsent": unsent,
            "items": [text.prepare() for text in due],
            "given_up": list(self.given_up),
        }
        if loses == "request":
            return
        answer = self.send(body)
        if meanwhile and due:
            self.edit(due[0].code, meanwhile)
        if loses == "response":
            return
        for text, result in zip(due, answer["results"], strict=True):
            text.settle(result)
        self.given_up.clear()
        for code, stored in answer["recorded"].items():
            text = self.texts.get(code)
            if text and not (text.is_unsent or text.other) and text.version < stored["version"]:
                text.words, text.version = stored["fields"]["words"], stored["version"]

    def decide(self, *, keeps: bool) -> None:
        for text in self.texts.values():
            if text.other is None:
                continue
            if keeps:
                text.version, text.resolves, text.is_unsent = text.other["version"], True, True
            else:
                self.given_up.append(text.draft)
                text.draft, text.words = str(uuid4()), text.other["fields"]["words"]
                text.version, text.edit, text.is_unsent = text.other["version"], text.edit + 1, False
            text.other, text.held_at, text.sent = None, -1, None


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(0, 1), st.sampled_from(CODES)),
        st.tuples(st.just("sync"), st.integers(0, 1), st.sampled_from(["", "", "request", "response", "meanwhile"])),
        st.tuples(st.just("decide"), st.integers(0, 1), st.booleans()),
    ),
    min_size=3,
    max_size=14,
)


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(steps=STEPS)
def test_whatever_two_devices_do_nothing_is_lost_and_both_end_alike(
    stage: Stage, sign_in: Callable[..., Client], steps: list[tuple[str, int, Any]]
):
    by = stage.people.assessor
    client = sign_in(Client(), by)
    url = reverse("workspace:receive_observations", args=[stage.evaluation.uid])
    accepted: set[str] = set()

    def send(body: dict[str, Any]) -> dict[str, Any]:
        answer = client.post(url, json.dumps(body), content_type="application/json")
        assert answer.status_code == 200
        for item, result in zip(body["items"], answer.json()["results"], strict=True):
            kept = ObservationVersion.objects.filter(code=item["code"], words=item["words"]).exists()
            waits = UnresolvedText.objects.filter(draft_uid=item["draft_uid"], words=item["words"]).exists()
            assert kept if result["kind"] == "saved" else waits, "whatever was sent lies on the server"
            if result["kind"] == "saved":
                accepted.add(item["save_uid"])
        found: dict[str, Any] = answer.json()
        return found

    with transaction.atomic():
        devices = [Device(send, str(by.uid)), Device(send, str(by.uid))]
        for number, (name, which, what) in enumerate(steps):
            device = devices[which]
            if name == "edit":
                device.edit(what, f"Text {number}")
            elif name == "sync" and what == "meanwhile":
                device.sync(meanwhile=f"Meanwhile {number}")
            elif name == "sync":
                device.sync(loses=what)
            else:
                device.decide(keeps=what)
        for _ in range(4):  # the network is back: each device sends, decides and sends again
            for device in devices:
                device.sync()
                device.decide(keeps=True)
                device.sync()
        rows = {seen.code: (seen.version, seen.words) for seen in new(Observation).filter(version__gt=0)}
        for device in devices:
            assert not any(text.is_unsent or text.other for text in device.texts.values())
            assert {code: (t.version, t.words) for code, t in device.texts.items() if t.version} == rows
        assert not UnresolvedText.objects.exists()
        history = new(ObservationVersion).order_by("code", "version")
        for code, (version, _words) in rows.items():
            numbers = list(history.filter(code=code).values_list("version", flat=True))
            assert numbers == list(range(1, version + 1))
        assert sorted(map(str, history.values_list("save_uid", flat=True))) == sorted(accepted), "each save once"
        transaction.set_rollback(True)
