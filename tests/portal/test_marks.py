"""No page shows a text of a hotline to somebody who may not read it.

What is expected is written below by hand, and asks nothing of the product's permissions. `./go test` lets some
read each address in each situation, in turn; `./go prove marks` lets everybody read all of them, and follows links.
"""

import logging
import os
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile, is_zipfile

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pypdf import PdfReader

from evaluation.models import User
from evaluation.workflow import Refusal
from portal.requests import errors
from tests.conftest import open_session
from tests.portal import test_permissions as permissions
from tests.portal.marked_network import MARK, Entry, Network, build_network

IS_WHOLE = "MARKS" in os.environ
"""Whether everybody reads everything: `./go prove marks`."""

TABLE = """
kind          | own     | team    | author  | mce     | panel | hearer | editor | host | anybody
answer        | all     | all     | all     | all     | panel | panel  | -      | -    | published
finding       | sent    | all     | all     | all     | panel | panel  | -      | -    | published
observation   | -       | entered | all     | entered | -     | -      | -      | -    | -
owntalk       | all     | -       | -       | -       | -     | -      | -      | -    | -
reviewtalk    | all     | all     | all     | all     | -     | -      | -      | -    | -
unresolved    | all     | -       | -       | -       | -     | -      | -      | -    | -
deskmark      | -       | all     | all     | all     | -     | -      | -      | -    | -
question      | all     | all     | all     | all     | -     | -      | -      | -    | -
draftquestion | -       | all     | all     | all     | -     | -      | -      | -    | -
photo         | -       | all     | all     | all     | -     | -      | -      | -    | -
device        | -       | all     | all     | all     | -     | -      | -      | -    | -
sheet         | -       | all     | all     | all     | -     | -      | -      | -    | -
dates         | all     | all     | all     | all     | -     | -      | -      | -    | -
draftremark   | all     | -       | -       | -       | -     | -      | -      | -    | -
response      | all     | all     | all     | all     | panel | panel  | -      | -    | published
remark        | all     | all     | all     | all     | panel | panel  | -      | -    | published
reply         | all     | all     | all     | all     | panel | panel  | -      | -    | published
draftreply    | -       | all     | all     | all     | -     | -      | -      | -    | -
vote          | -       | -       | -       | decided | panel | panel  | -      | -    | -
comment       | -       | -       | -       | decided | panel | panel  | -      | -    | -
decision      | decided | decided | decided | decided | panel | panel  | -      | -    | published
ground        | all     | -       | -       | all     | -     | -      | -      | -    | -
statement     | all     | -       | -       | all     | -     | -      | -      | -    | -
condition     | decided | decided | decided | decided | panel | panel  | -      | -    | published
appeal        | all     | -       | -       | all     | -     | all    | -      | -    | -
appealvote    | -       | -       | -       | -       | -     | all    | -      | -    | -
correction    | -       | -       | -       | -       | panel | panel  | -      | -    | -
draftadvice   | sent    | all     | all     | all     | panel | panel  | -      | -    | -
advice        | all     | all     | all     | all     | panel | panel  | -      | -    | published
owner         | all     | all     | all     | all     | panel | panel  | -      | -    | -
proof         | all     | all     | all     | all     | panel | panel  | -      | -    | -
practice      | all     | all     | all     | all     | all   | all    | -      | -    | hotlines
draftpractice | all     | all     | all     | all     | -     | -      | -      | -    | -
practicetalk  | all     | all     | all     | all     | all   | all    | -      | -    | hotlines
step          | all     | all     | all     | all     | panel | panel  | -      | -    | -
document      | all     | all     | all     | all     | all   | all    | -      | -    | -
figures       | all     | -       | -       | all     | -     | -      | -      | -    | -
key           | all     | -       | -       | all     | -     | -      | -      | -    | -
stake         | -       | -       | -       | all     | -     | -      | -      | -    | -
invitation    | -       | -       | -       | all     | -     | -      | -      | -    | -
exchange      | all     | -       | -       | all     | -     | -      | -      | all  | -
consulted     | all     | -       | -       | all     | -     | -      | all    | -    | -
letter        | -       | -       | -       | all     | -     | -      | -      | -    | -
person        | all     | all     | all     | all     | all   | all    | all    | all  | -
"""
"""Who may read a kind of text, by what ties the reader to its hotline: in which situations of its evaluation."""

_PANEL = ("decision", "decided", "appeal", "published")
SITUATIONS: dict[str, tuple[str, ...]] = {
    "-": (),
    "entered": ("report", "taken_back", "response", "replies", *_PANEL, "followed_up", "excused"),
    "sent": ("response", "replies", *_PANEL, "followed_up", "excused"),
    "panel": _PANEL,
    "decided": (*_PANEL[1:], "followed_up", "excused"),
    "published": ("published", "followed_up"),
}
"""The words of the table; `all` is any situation, `hotlines` any for everybody of a hotline."""

NOT_OF_ONE_HOTLINE = (
    *("workspace:network_indicator", "workspace:letter", "workspace:exchange"),
    *("workspace:practice", "workspace:recommendation"),
)
"""Pages that name several hotlines: those with the same recommendation, both of a visit, and who proved a practice."""
STRONG = ("coordinator", "mce")
"""The readers who may open most pages."""
ALWAYS = {
    ("self_assessment", "workspace:discussion", "coordinator"),
    ("self_assessment", "workspace:answers", "coordinator"),
    ("self_assessment", "workspace:people", "mce"),
    ("self_assessment", "workspace:hotline", "mce"),
    ("desk_review", "workspace:visit", "lead"),
    ("response", "workspace:response", "coordinator"),
    ("replies", "workspace:replies", "lead"),
    ("decided", "workspace:correction", "panel"),
    ("published", "workspace:withdrawal", "coordinator"),
    ("published", "workspace:withdrawal", "mce"),
    ("appeal", "workspace:appeal", "coordinator"),
    ("appeal", "workspace:appeal", "hearer"),
}
"""Requests of every run, by which each kind of text is found by somebody who may read it."""

UNSEEN = {"stake"}
"""Kinds that no address of the list shows: the ties of each person have a page of their own."""


@dataclass
class Reader:
    """One person, or nobody, with their tie to each hotline by its country."""

    name: str
    user: User | None
    ties: dict[str, str]
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        if self.user is not None:
            open_session(self.client, User.objects.get(pk=self.user.pk))

    @property
    def is_of_a_hotline(self) -> bool:
        return "own" in self.ties.values()


def _rights() -> dict[tuple[str, str], str]:
    head, *lines = ([cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines())
    return {(line[0], tie): cell for line in lines for tie, cell in zip(head[1:], line[1:], strict=True)}


RIGHTS = _rights()


def may_read(reader: Reader, entry: Entry, generation: str, kind: str) -> bool:
    situation = "published" if generation == "1" else entry.situation
    for tie in {reader.ties.get(entry.country, "anybody"), "anybody"}:
        allowed = RIGHTS[kind, tie]
        if allowed == "all" or (allowed == "hotlines" and (reader.is_of_a_hotline or tie != "anybody")):
            return True
        if situation in SITUATIONS.get(allowed, ()):
            return True
    return False


# --- Readers and addresses -------------------------------------------------------------------------------------------


def readers_of(network: Network, entry: Entry) -> list[Reader]:
    """Return everybody who reads the addresses of a hotline: its own people, those of its side, and strangers."""
    mine, theirs = network.sides[entry.side], network.sides[1 - entry.side]
    other = network.entry(entry.situation, 1 - entry.side)

    def of_side(side: int, tie: str) -> dict[str, str]:
        return {found.country: tie for found in network.entries if found.side == side}

    def of_hotline(found: Entry) -> dict[str, str]:
        return {**dict.fromkeys(network.visitors[found.country], "host"), found.country: "own"}

    def everywhere(tie: str) -> dict[str, str]:
        return of_side(0, tie) | of_side(1, tie)

    hearers = {found.country: "hearer" for found in network.entries if found.situation == "appeal"}
    return [
        Reader("coordinator", entry.now.coordinator, of_hotline(entry)),
        Reader("contributor", entry.now.contributor, of_hotline(entry)),
        Reader("other", other.now.coordinator, of_hotline(other)),
        Reader("lead", mine.lead, of_side(entry.side, "team")),
        Reader("assessor", mine.assessor, of_side(entry.side, "author")),
        Reader("elsewhere", theirs.lead, of_side(1 - entry.side, "team")),
        Reader("tied", mine.judge, {}),
        Reader("panel", mine.panel, of_side(entry.side, "panel")),
        Reader("undeclared", theirs.panel, of_side(1 - entry.side, "panel")),
        Reader("hearer", network.hearer, hearers),
        Reader("neighbour", entry.now.neighbour, {}),
        Reader("mce", mine.mce, everywhere("mce")),
        Reader("editor", mine.editor, everywhere("editor")),
        Reader("no role", mine.user_without_role, {}),
        Reader("nobody", None, {}),
    ]


NAMES = sorted(
    row.name
    for row in {row.name: row for row in permissions.rows_of(permissions.TABLE) if row.method == "GET"}.values()
    if ":" in row.name and not row.name.startswith("pages:guide")
)
"""The addresses that are read: those of the table of rights, without the Guide and without signing in."""


def addresses_of(entry: Entry) -> dict[str, str]:
    """Return the addresses of a hotline with their names: of its present evaluation, or of the one before.

    Each address of the whole run has both.
    """
    found = {}
    for name in NAMES:
        for stage in (entry.now, entry.before):
            try:
                with transaction.atomic():
                    given = permissions.ARGUMENTS.get(name, lambda _stage: [])(stage)
                address = reverse(name, args=given)
            except (
                AttributeError,
                DatabaseError,
                LookupError,
                NoReverseMatch,
                ObjectDoesNotExist,
                Refusal,
                ValueError,
            ):
                continue  # the evaluation has no such row in its situation
            found.setdefault(address, name)
            if not IS_WHOLE:
                break
    return found


def chosen(readers: list[Reader], place: int, number: int, situation: str, name: str) -> list[Reader]:
    """Return who reads an address in the daily run: on SQLite the hotline, MCE, and one of the others in turn.

    On PostgreSQL it is one of these three in turn. On SQLite, everybody reads the pages of no hotline once.
    """
    if IS_WHOLE:
        return readers
    if name.startswith("pages:"):
        return [reader for reader in readers if reader.name == "nobody"]
    is_light = connection.vendor == "postgresql"
    if name not in permissions.ARGUMENTS and place == 0 and not is_light:
        return readers
    others = [reader for reader in readers if reader.name not in STRONG]
    names = [*STRONG, others[(number + place) % len(others)].name]
    if name not in permissions.ARGUMENTS:
        names = ["coordinator"]
    if is_light:
        names = [names[(number + place) % len(names)]]
    return [r for r in readers if r.name in names or (situation, name, r.name) in ALWAYS]


def text_of(response: Any) -> str:
    """Return what a response has to read: its text, the texts in its archive or PDF, and the name of its file."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    named = response.headers.get("Content-Disposition", "") + response.headers.get("Location", "")
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            return " ".join([named, *names, *(archive.read(name).decode("utf-8", "replace") for name in names)])
    if content.startswith(b"%PDF"):
        pages = PdfReader(BytesIO(content)).pages
        return named + re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    return named + content.decode("utf-8", "replace")


# --- Reading ---------------------------------------------------------------------------------------------------------


@dataclass
class Reading:
    """What was read: how many pages, the marks found, and those that were found where they must not be."""

    network: Network
    pages: Counter[int] = field(default_factory=Counter)
    found: set[tuple[str, str, str]] = field(default_factory=set)
    """The marks that somebody found who may read them by a tie to the hotline."""
    leaks: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def read(self, reader: Reader, entry: Entry, address: str, name: str) -> str:
        response = reader.client.get(address)
        self.pages[response.status_code] += 1
        text = text_of(response)
        for country, generation, kind in set(MARK.findall(text)):
            of = self.network.by_country[country]
            tie = reader.ties.get(of.country, "anybody")
            whose = f"{kind} of {of.situation} {generation} to {reader.name} ({tie})"
            if not may_read(reader, of, generation, kind):
                self.leaks[whose].append(f"{name} at {entry.situation}")
            elif tie != "anybody":
                self.found.add((country, generation, kind))
            is_of_one = name in permissions.ARGUMENTS and name not in NOT_OF_ONE_HOTLINE
            if of is not entry and is_of_one and not (kind == "person" and tie == "own"):
                self.leaks[f"under another hotline: {whose}"].append(f"{name} at {entry.situation}")
        return text


def read_network(network: Network) -> Reading:
    reading = Reading(network)
    for place, entry in enumerate(entry for entry in network.entries if entry.side == 0):
        readers = readers_of(network, entry)
        addresses = addresses_of(entry)
        for number, (address, name) in enumerate(addresses.items()):
            for reader in chosen(readers, place, number, entry.situation, name):
                text = reading.read(reader, entry, address, name)
                if IS_WHOLE:
                    for link in set(re.findall(r'href="(/[^"#]*)', text)) - addresses.keys():
                        if (reader.name, link) not in network.followed and not link.startswith(("/static", "/cms")):
                            network.followed.add((reader.name, link))
                            reading.read(reader, entry, urlsplit(urljoin(address, link)).geturl(), link)
        if IS_WHOLE:
            print(f"{entry.situation}: {reading.pages.total()} pages, {len(reading.leaks)} leaks", flush=True)
    return reading


@pytest.mark.everywhere
@pytest.mark.django_db
def test_no_page_has_a_text_of_a_hotline_for_somebody_who_may_not_read_it(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
):
    # Refusals are tested elsewhere, and have no rows.
    monkeypatch.setattr(errors, "_unread", lambda _request, status, *_context: HttpResponse(status=status))
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    if not IS_WHOLE:
        request.getfixturevalue("quick_press")
    network = build_network()
    reading = read_network(network)
    print(f"{reading.pages.total()} pages read: {dict(reading.pages)}. {len(reading.leaks)} leaks")
    for whose, where in sorted(reading.leaks.items()):
        print(f"{whose}: {len(where)}, {', '.join(sorted(set(where))[:3])}")
    assert dict(reading.leaks) == {}
    assert not [status for status in reading.pages if status >= 500]
    found = {kind for _, _, kind in reading.found}
    # On PostgreSQL fewer people read each address: the names of devices have a single reader.
    assert found | ({"device"} if connection.vendor == "postgresql" else set()) == {kind for kind, _ in RIGHTS} - UNSEEN
    if IS_WHOLE:
        read_by_somebody = {entry.country.lower() for entry in network.entries if entry.side == 0}
        unseen = {
            mark for mark in network.marks - reading.found if mark[0] in read_by_somebody and mark[2] not in UNSEEN
        }
        print(f"{len(network.marks)} marks, not found by anybody who may read them: {sorted(unseen)}")
        assert Counter(kind for _, _, kind in unseen).keys() == set()
