"""No page shows a text of a hotline to somebody who may not read it, nor tells of its evaluation.

What is expected is written below by hand, and asks nothing of the product's permissions. `./go test` lets some
read each address in each situation, in turn, on SQLite; `./go prove marks` lets everybody read all of them on both
databases, and follows links.
"""

import logging
import pickle
import re
import shutil
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from difflib import unified_diff
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit
from zipfile import ZipFile, is_zipfile

import pytest
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from pypdf import PdfReader

from evaluation import models
from evaluation.models import Evaluation, User
from evaluation.workflow import Refusal
from portal.requests import errors
from tests.conftest import open_session
from tests.portal import test_permissions as permissions
from tests.portal.marked_network import IS_WHOLE, KEPT, Entry, Mark, Network
from tests.stage import Stage

pytestmark = [pytest.mark.everywhere] if IS_WHOLE else []
PARTS = 13 if IS_WHOLE else 4
"""In how many tests everything is read, so that several processes share them."""
FOLLOWED = 3
"""How many links of a kind a reader follows in the whole run."""

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
laterow       | -       | entered | all     | entered | -     | -      | -      | -    | -
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
practice      | all     | all     | all     | all     | all   | all    | -      | -    | all
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
evaluation    | all     | all     | all     | all     | panel | panel  | -      | -    | members
appealed      | all     | -       | -       | all     | -     | all    | -      | -    | members
visit         | all     | all     | all     | all     | panel | panel  | -      | -    | -
scorecard     | all     | all     | all     | all     | panel | panel  | -      | -    | published
issue         | all     | all     | all     | all     | panel | panel  | -      | -    | published
accredited    | all     | all     | all     | all     | panel | panel  | -      | -    | published
count         | all     | all     | all     | all     | panel | panel  | -      | -    | published
draftcount    | all     | -       | -       | all     | -     | -      | -      | -    | -
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
"""The words of the table; `all` is any situation, `hotlines` any for everybody of a hotline.

`members` are also those of the panel who have not declared their interests: they see what is before it, and no word.
"""

NOT_OF_ONE_HOTLINE = (
    *("workspace:network_indicator", "workspace:letter", "workspace:exchange", "workspace:board"),
    *("workspace:round_teams", "workspace:board_file", "workspace:extend_several", "workspace:write_to"),
    *("workspace:practice", "workspace:recommendation"),
)
"""Pages that name several hotlines: of a round, with the same recommendation, both of a visit, and who proved a
practice."""
OF_ONE_HOTLINE = ("coordinator", "contributor", "other", "neighbour")
"""The readers who are other people at each hotline. The others read the pages of no hotline once."""
OF_THE_PANEL = ("panel", "undeclared", "hearer", "tied", "neighbour")
STRONG = ("coordinator", "mce")
"""The readers who may open most pages."""
SEEN = {
    "self_assessment": ("answers coordinator", "discussion coordinator", "people mce", "hotline mce", "letter mce"),
    "desk_review": (
        *("desk_review mce", "findings lead", "visit lead", "consulted_standard coordinator"),
        *("statistics coordinator", "system_keys coordinator", "exchange coordinator", "practice coordinator"),
        *("hotline_trends coordinator", "visit_calendar coordinator"),
    ),
    "study_visit": ("discussion coordinator", "recommendation lead", "visit lead", "findings lead"),
    "followed_up": ("findings lead", "visit lead", "recording lead"),
    "response": ("response coordinator",),
    "replies": ("replies lead",),
    "decided": ("correction panel", "report lead", "scorecard lead"),
    "appeal": ("appeal coordinator", "appeal hearer", "evaluation coordinator"),
    "published": (
        *("deliberation mce", "accreditation coordinator", "plan coordinator", "recommendation mce"),
        *("practice coordinator", "report lead", "evaluation coordinator", "sheet lead"),
        *("withdrawal coordinator", "withdrawal mce"),
    ),
}
"""By situation, views and the reader who finds marks there. Every kind of mark is found."""

UNSEEN = {"stake", "scorecard"}
"""Kinds that no address of the list shows: the ties of each person have a page of their own, a scorecard has no uid in
its address."""


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
        if allowed in ("all", "hotlines"):
            if allowed == "all" or reader.is_of_a_hotline or tie != "anybody":
                return True
            continue
        if situation in SITUATIONS["published" if allowed == "members" else allowed]:
            return True
        if allowed == "members" and reader.name in OF_THE_PANEL and situation in ("replies", *_PANEL):
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


def chosen(readers: list[Reader], place: int, number: int, name: str) -> list[Reader]:
    """Return who reads an address in the daily run: on SQLite the hotline, MCE, and one of the others in turn.

    On PostgreSQL it is one of these three in turn. On SQLite, everybody reads the pages of no hotline once.
    """
    if IS_WHOLE:
        is_of_none = name not in permissions.ARGUMENTS and place > 0
        return [reader for reader in readers if reader.name in OF_ONE_HOTLINE or not is_of_none]
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
    return [reader for reader in readers if reader.name in names]


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
    known: set[tuple[int | None, str]] = field(default_factory=set)
    """Who read which address, by the key of the user."""
    followed: Counter[tuple[int | None, str, str]] = field(default_factory=Counter)
    """How many links of a kind somebody followed."""
    found: set[Mark] = field(default_factory=set)
    """The marks that somebody found who may read them by a tie to the hotline."""
    leaks: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def read(self, reader: Reader, entry: Entry, address: str, name: str) -> str:
        key = (reader.user.pk if reader.user else None, address)
        if key in self.known:
            return ""
        self.known.add(key)
        response = reader.client.get(address)
        self.pages[response.status_code] += 1
        text = text_of(response)
        for country, generation, kind in self.network.marks_in(text, address):
            of = self.network.by_country[country]
            tie = reader.ties.get(of.country, "anybody")
            whose = f"{kind} of {of.situation} {generation} to {reader.name} ({tie})"
            if not may_read(reader, of, generation, kind):
                self.leaks[whose].append(f"{name} at {entry.situation}")
            elif tie != "anybody":
                self.found.add((country, generation, kind))
            is_of_one = name in permissions.ARGUMENTS and name not in NOT_OF_ONE_HOTLINE
            if of is not entry and is_of_one and (kind, tie) not in {("person", "own"), ("exchange", "host")}:
                self.leaks[f"under another hotline: {whose}"].append(f"{name} at {entry.situation}")
        return text

    def follow(self, reader: Reader, entry: Entry, address: str, text: str) -> None:
        """Read what a page links to: of each view, with each set of keys in its query, a few for each reader."""
        for link in sorted(set(re.findall(r'href="(/[^"#]*)', text))):
            parts = urlsplit(urljoin(address, unescape(link)))
            kind = (reader.user.pk if reader.user else None, view_of(parts.path), keys_of(parts.query))
            if link.startswith(("/static", "/cms")) or self.followed[kind] >= FOLLOWED:
                continue
            if (kind[0], parts.geturl()) not in self.known:
                self.followed[kind] += 1
                self.read(reader, entry, parts.geturl(), f"link {kind[1]}")


def view_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return path


def keys_of(query: str) -> str:
    return " ".join(sorted(key for key, _value in parse_qsl(query, keep_blank_values=True)))


def read_network(network: Network, part: int) -> Reading:
    """Let everybody read the addresses of some of the hotlines."""
    reading = Reading(network)
    for place, entry in entries_of(network, part):
        addresses = addresses_of(entry)
        readers = readers_of(network, entry)
        for number, (address, name) in enumerate(addresses.items()):
            for reader in chosen(readers, place, number, name):
                text = reading.read(reader, entry, address, name)
                if IS_WHOLE:
                    reading.follow(reader, entry, address, text)
    return reading


def entries_of(network: Network, part: int) -> list[tuple[int, Entry]]:
    places = list(enumerate(entry for entry in network.entries if entry.side == 0))
    return places[part::PARTS]


@pytest.fixture
def marked_network(db: None, settings: Any) -> Network:
    """Return the network of the scene with its files."""
    shutil.copytree(KEPT["files"], settings.PRIVATE_ROOT.parent, dirs_exist_ok=True)
    return pickle.loads(KEPT["network"])  # noqa: S301 - this process wrote it


@pytest.fixture
def quick_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals are tested elsewhere, and have no rows."""
    monkeypatch.setattr(errors, "_unread", lambda _request, status, *_context: HttpResponse(status=status))
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)


@pytest.mark.apart
@pytest.mark.usefixtures("quick_refusals")
@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_has_a_text_of_a_hotline_for_somebody_who_may_not_read_it(
    marked_network: Network, request: pytest.FixtureRequest, part: int
):
    if not IS_WHOLE:
        request.getfixturevalue("quick_printer")
    reading = read_network(marked_network, part)
    read = [entry for _place, entry in entries_of(marked_network, part)]
    countries = {entry.country.lower() for entry in read}
    marks = {mark for mark in marked_network.marks if mark[0] in countries}
    print(
        f"{connection.vendor}, {', '.join(entry.situation for entry in read)}: {reading.pages.total()} pages read "
        f"by {len(readers_of(marked_network, read[0]))} kinds of readers: {dict(reading.pages)}. "
        f"{len(marks & reading.found)} of {len(marks)} marks found by somebody who may read them. "
        f"Marks where they must not be: {len(reading.leaks)}",
        flush=True,
    )
    for whose, where in sorted(reading.leaks.items()):
        print(f"{whose}: {len(where)}, {', '.join(sorted(set(where))[:3])}")
    assert dict(reading.leaks) == {}
    assert not [status for status in reading.pages if status >= 500]


@pytest.mark.apart
@pytest.mark.usefixtures("quick_refusals")
def test_each_kind_of_mark_is_found_by_somebody_who_may_read_it(marked_network: Network):
    """What nobody finds is not looked for."""
    reading = Reading(marked_network)
    for situation, wanted in SEEN.items():
        entry = marked_network.entry(situation, 0)
        addresses = {name: address for address, name in reversed(addresses_of(entry).items())}
        readers = {reader.name: reader for reader in readers_of(marked_network, entry)}
        for view, name in map(str.split, wanted):
            reading.read(readers[name], entry, addresses[f"workspace:{view}"], f"workspace:{view}")
    assert {kind for kind, _tie in RIGHTS} - {kind for _country, _generation, kind in reading.found} == UNSEEN


@pytest.mark.apart
@pytest.mark.usefixtures("quick_refusals")
def test_no_list_tells_of_an_evaluation_to_somebody_who_may_not_read_it(marked_network: Network):
    """Names are public: what lists tell of other hotlines is found by changing it, which must change no page."""
    changed, count = [], 0
    entry = marked_network.entry("self_assessment", 0)
    lists = ({*NAMES} - {*permissions.ARGUMENTS} | {*NOT_OF_ONE_HOTLINE}) - {"workspace:session"}
    addresses = {address: name for address, name in addresses_of(entry).items() if name in lists}
    for reader in readers_of(marked_network, entry):
        if reader.name in ("mce", *OF_THE_PANEL) or (reader.name not in STRANGERS and not IS_WHOLE):
            continue  # these know what is before the panel
        before = {address: words_of(reader, address) for address in addresses}
        hidden = [one for one in marked_network.entries if one.country not in reader.ties and one.situation in OPEN]
        with transaction.atomic():
            for one in hidden:
                move_on(one.now)
            cache.clear()
            for address, name in addresses.items():
                count += 1
                if (after := words_of(reader, address)) != before[address]:
                    told = list(unified_diff(before[address], after, n=0, lineterm=""))[:6]
                    changed.append((reader.name, name, told))
            transaction.set_rollback(True)
        cache.clear()
    print(f"{count} pages read again")
    assert changed == []


OPEN = ("self_assessment", "desk_review", "study_visit", "report", "taken_back", "response", "replies", "decision")
STRANGERS = ("coordinator", "lead", "editor", "nobody")


def words_of(reader: Reader, address: str) -> list[str]:
    """Return the lines of a page without its markup, and its links."""
    text = text_of(reader.client.get(address))
    links = [link for link in re.findall(r'href="(/[^"#]*)', text) if not link.startswith("/static")]
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", "\n", text, flags=re.DOTALL)
    return [*(line.strip() for line in text.splitlines() if line.strip()), *links]


def move_on(stage: Stage) -> None:
    """Change all that lists can tell of an evaluation: its state, its dates, and how much it has of everything."""
    states = list(Evaluation.State)
    evaluation = Evaluation.objects.filter(pk=stage.evaluation.pk)
    state = states[(states.index(Evaluation.State(evaluation.get().state)) + 1) % 5]
    evaluation.update(state=state, respond_by=date(2027, 2, 3), extended_until=date(2027, 3, 4))
    of = stage.evaluation
    of.answers.filter(code__startswith="1").update(level=None, words="")
    models.Finding.objects.filter(evaluation=of).update(level=1)
    models.Recommendation.objects.filter(evaluation=of).update(due_on=date(2027, 5, 6))
    models.Visit.objects.filter(evaluation=of).update(starts_on=date(2027, 6, 7), ends_on=date(2027, 6, 8))
    models.Evidence.objects.filter(evaluation=of).delete()
