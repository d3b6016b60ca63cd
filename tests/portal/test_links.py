"""Every link offered to a user opens, and its fragment exists."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve

from evaluation.models import Answer, Finding, User
from tests.factories import write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db

OTHER_AREAS = re.compile(r"^/(accounts|cms|documents|static|media)/|^/[a-z]{2}/")
"""Pages of others, which their own tests open."""

READERS = {"sqlite": 4, "postgresql": 2}
"""The number of users who open a kind of page, by database; in the long proof, all do.

What each of them is offered depends on no database.
"""

READ_BEFORE: Counter[str] = Counter()
"""On PostgreSQL, who has opened a kind of page at an earlier stage: a view's SQL is the same at every stage."""


class Page(HTMLParser):
    """Parses a page's links, fragments and headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[str] = []
        self.actions: list[str] = []
        """The addresses that forms name; those that name none go to their own page."""
        self.places: list[str] = []
        self.headings: list[str] = []
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if given.get("id"):
            self.places.append(given["id"] or "")
        if tag == "a" and "href" in given:
            self.links.append(given["href"] or "")
        if tag == "form":
            self.actions += filter(None, [given.get("action")])
            self.forms.append(given.get("action") or "")
        self.forms += [given[name] or "" for name in ("formaction", "data-action") if name in given]
        if tag == "html":
            self.language = given.get("lang") or ""
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(tag)

    def complaints(self, language: str) -> list[str]:
        problems = []
        if self.headings.count("h1") != 1:
            problems.append(f"{self.headings.count('h1')} h1")
        if twice := sorted({place for place in self.places if self.places.count(place) > 1}):
            problems.append(f"twice on the page: {', '.join(twice)}")
        if self.language != language:
            problems.append(f"lang={self.language}")
        if "" in self.links:
            problems.append("a link that leads nowhere")
        levels = [int(heading[1]) for heading in self.headings]
        problems += [f"h{one} is followed by h{two}" for one, two in pairwise(levels) if two > one + 1]
        return problems


@cache
def kind_of(address: str) -> str:
    """Return the view name of an address. One that leads nowhere is its own kind, and so always opened."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return address


def crawl(
    client: Client,
    starts: Iterable[str],
    language: str = "en",
    *,
    readers: Counter[str] | None = None,
    most: int = 1,
    alike: int = 1,
) -> tuple[dict[str, Page], dict[str, list[str]]]:
    """Open the pages of the workspace that links lead to, some of each kind. Return them, and the problems of each.

    `readers` counts the users who opened a kind before. This one is added. A kind that `most` users opened is left out.
    `alike` is the number of pages of one kind that are opened; the others come from the same view and template.
    """
    readers = Counter() if readers is None else readers
    pages: dict[str, Page] = {}
    wrong: dict[str, list[str]] = {}
    waiting = dict.fromkeys(starts, "the start")
    seen = set(waiting)
    opened: Counter[str] = Counter()
    while waiting:
        address, offered_on = waiting.popitem()
        answer = client.get(address, follow=True)
        if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
            list(answer)
            continue
        if answer.status_code != 200:
            wrong.setdefault(offered_on, []).append(f"{address} answers {answer.status_code}")
            continue
        current = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        page = pages[current] = pages[address] = Page(answer.content.decode())
        if problems := page.complaints(language):
            wrong.setdefault(current, []).extend(problems)
        for link in page.links:
            link_target, _place = urldefrag(urljoin(current, link))
            if urlsplit(link).scheme or OTHER_AREAS.match(link_target) or link_target in seen:
                continue
            seen.add(link_target)
            kind = kind_of(link_target)
            if not opened[kind] and readers[kind] >= most:
                continue
            readers[kind] += not opened[kind]
            opened[kind] += 1
            if opened[kind] <= alike:
                waiting[link_target] = current
    for current, page in pages.items():
        for action in page.actions:
            if kind_of(urljoin(current, action)) == urljoin(current, action):
                wrong.setdefault(current, []).append(f"a form that leads nowhere: {action}")
        for link in page.links:
            link_target, place = urldefrag(urljoin(current, link))
            if place and link_target in pages and place not in pages[link_target].places:
                wrong.setdefault(current, []).append(f"{link}: no such place")
    return pages, wrong


def addresses(pages: dict[str, Page]) -> set[str]:
    """Return the names of the workspace's addresses that pages link to or post to."""
    offered = set()
    for current, page in pages.items():
        for target in (*page.links, *page.forms):
            namespace, _colon, name = kind_of(urljoin(current, target)).partition(":")
            if namespace == "workspace":
                offered.add(name)
    return offered


def people_who_come(stage: Stage) -> dict[str, User]:
    people = stage.people
    own = {"contributor": stage.contributor, "coordinator": stage.coordinator}
    return own | {"lead": people.lead, "mce": people.mce, "panel": people.panel, "editor": people.editor}


OFFERED = {
    "self_assessment": """
        account accreditations add_evidence answers appeals board document end_role evaluation example_file
        example_records figures home hotline hotline_figures hotline_item hotline_trends hotline_trends_table
        hotlines invite move_statistics network network_releases new_round panel people recommendations
        remove_evidence report response rounds save_answer scorecard statistics statistics_comparison
        statistics_network statistics_network_table statistics_recorded statistics_trends system_keys visit
        visits what_if why
    """,
    "desk_review": """
        move
    """,
    "study_visit": """
        findings save_finding
    """,
    "decision": """
        comment decide declare deliberation edit_recommendation recommendation vote
    """,
    "published": """
        accreditation correction move_accreditation move_recommendation move_round name_owner
        network_indicator network_table plan proof_document report_pdf score_again status
    """,
}
"""The addresses that are first offered at each stage. A missing link or form is detected here."""


@pytest.mark.everywhere  # every page is opened on every database
@pytest.mark.parametrize(
    ("reaches", "alike"),
    [
        *((stage, 1) for stage in ("self_assessment", "study_visit", "decision")),
        *(pytest.param(stage, 3, marks=pytest.mark.long) for stage in OFFERED),
    ],
)
def test_every_link_that_is_offered_opens(sign_in: Callable[..., Client], reaches: str, alike: int):
    stage = Stage(reaches, is_counted=reaches != "desk_review")
    write_answer(stage.evaluation, "1.1.2", Answer, level=None)
    if reaches == "study_visit":
        write_answer(stage.evaluation, "1.2.1", Finding, level=1)
    astray, offered = {}, set()
    people, is_long = people_who_come(stage), alike > 1
    is_complete = is_long or connection.vendor == "sqlite"
    readers: Counter[str] = Counter() if is_complete else READ_BEFORE
    most = len(people) if is_long else READERS[connection.vendor]
    for role, user in people.items():
        client = sign_in(Client(), user)
        pages, wrong = crawl(client, ["/work/", "/work/account/"], readers=readers, most=most, alike=alike)
        assert len(pages) > 1
        offered |= addresses(pages)
        if wrong:
            astray[role] = wrong
    assert astray == {}
    if is_complete:
        assert set(OFFERED[reaches].split()) - offered == set()


def test_pages_speak_the_language_of_the_reader(sign_in: Callable[..., Client]):
    stage = Stage("decision")
    stage.coordinator.language = "fr"
    stage.coordinator.save()
    pages, wrong = crawl(sign_in(Client(), stage.coordinator), ["/work/"], language="fr")
    assert wrong == {}
    assert len(pages) > 8
