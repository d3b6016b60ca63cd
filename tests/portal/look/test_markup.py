"""One page of every kind, in every stage and for every role, passes the W3C's checker of HTML without an error."""

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from evaluation.models import Evaluation
from evaluation.workflow import perform
from tests.evaluation.figures.accepted_years import release, three
from tests.factories import SIGNED
from tests.markup import CheckerMissing, check
from tests.portal.test_permissions import ROLES, TABLE, Row, answer, letter, people_of, prepare, rows_of
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db


def roles_to_ask(row: Row) -> dict[int, list[str]]:
    """Return the roles to test, by status: the first and the last in the table; all on pages that differ by role."""
    shown: dict[int, list[str]] = {}
    for role, status in zip(ROLES, row.codes, strict=True):
        if status not in (302, 404) and not (row.method == "POST" and status == 403):
            shown.setdefault(status, []).append(role)
    if row.name in ("workspace:home", "workspace:evaluation"):
        return shown
    return {status: [roles[0], *roles[1:][-1:]] for status, roles in shown.items()}


def pages_of(stage_name: str, sign_in: Callable[..., Client]) -> dict[str, bytes]:
    """Return the pages of one stage in the table of rights."""
    pages: dict[str, bytes] = {}
    with transaction.atomic():
        stage = Stage(stage_name, Participants(), country="XA")
        other = Stage(stage_name, stage.people, country="XB", round=stage.round).coordinator
        assert None not in (letter(stage), stage.invitation)
        people = people_of(stage, other)
        clients = {role: sign_in(Client(), user) if user else Client() for role, user in people.items()}
        for row in (row for row in rows_of(TABLE) if row.stage == stage_name):
            with transaction.atomic():
                address = prepare(row, stage)
                for status, roles in roles_to_ask(row).items():
                    for role in roles:
                        response = answer(clients[role], row, address, stage, role)
                        if not response.streaming and b"<html" in response.content:
                            pages[f"{row.title} {role} {status}"] = response.content
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return pages


OF_THE_PUBLIC = (
    *("/en/", "/en/register/", "/fr/register/?q=nothing", "/pl/register/?show=all&sort=until", "/hr/register/XA/"),
    *("/en/register/XA/?on=2026-01-01", "/en/register/XA/?on=x", "/en/figures/", "/en/nothing/"),
)


def pages_beside(sign_in: Callable[..., Client]) -> dict[str, bytes]:
    """Return public pages in other languages and with a query, pages with steps and charts, and error pages."""
    with transaction.atomic():
        people = Participants()
        begun = Stage("self_assessment", people, country="XB")
        Stage("published", people, country="XA", round=begun.round)
        three()
        release(2025)
        pages = {address: Client().get(address).content for address in OF_THE_PUBLIC}
        client = sign_in(Client(), begun.coordinator)
        address = reverse("workspace:evaluation", args=[begun.evaluation.uid])
        perform(begun.evaluation, "submit", signed=SIGNED, by=begun.coordinator)
        pages["with a step"] = client.get(address).content
        assert b" datetime=" in b" ".join(pages["with a step"].split())
        client = sign_in(Client(), people.mce)
        for name in ("network", "trends", "comparison", "recorded"):
            pages[name] = client.get(reverse(f"workspace:statistics_{name}")).content
        transaction.set_rollback(True)
    request = RequestFactory().get("/")
    return pages | {
        f"{name}.html": render_to_string(f"{name}.html", {}, request).encode() for name in ("400", "413", "500", "503")
    }


class Landmarks(HTMLParser):
    """Parses the landmarks of a page by role and name, and whether it has a description."""

    ROLES: ClassVar = {"nav": "navigation", "aside": "complementary", "main": "main"}
    NAMED: ClassVar = {"section": "region", "form": "form"}
    ALL: ClassVar = {*ROLES.values(), *NAMED.values(), "search", "banner", "contentinfo"}

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: Counter[tuple[str, str]] = Counter()
        self.description = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("aria-label") or given.get("aria-labelledby", "")
        role = given.get("role") or self.ROLES.get(tag) or (self.NAMED.get(tag) if name else None)
        if role in self.ALL:
            self.found[role, name] += 1
        if tag == "meta" and given.get("name") == "description":
            self.description = given.get("content", "").strip()


@pytest.mark.long
def test_every_page_passes_the_checker_of_the_w3c(sign_in: Callable[..., Client], tmp_path: Path):
    pages = pages_beside(sign_in)
    for stage in Evaluation.State:
        pages |= pages_of(stage, sign_in)
    assert len(pages) > 250
    folder = tmp_path / "pages"
    folder.mkdir()
    assert {message: names[:3] for message, names in check(pages, folder).items()} == {}
    landmarks = {name: Landmarks(page) for name, page in pages.items()}
    doubled = {name: [one for one, count in of.found.items() if count > 1] for name, of in landmarks.items()}
    assert {name: found for name, found in doubled.items() if found} == {}
    public = [name for name in pages if name.startswith("/") or " pages:" in name]
    assert [name for name in public if not landmarks[name].description] == []


def test_the_checker_finds_what_is_wrong(tmp_path: Path):
    """The errors are a time with six digits, a character that opens no tag, and a duplicate id."""
    page = '<!doctype html><html lang="en"><title>x</title><time datetime="2026-01-01T12:00:00.123456Z">x</time>{}'
    wrong = {"six": page.format(""), "sign": page.format("<5"), "twice": page.format('<p id="a"><p id="a">')}
    right = {"right": page.replace(".123456", "").format("&lt;5")}
    found = check({name: text.encode() for name, text in (wrong | right).items()}, tmp_path)
    assert {name for names in found.values() for name in names} == set(wrong)


def test_who_lacks_java_or_the_checker_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CheckerMissing, match="default-jre-headless"):
        check({"page": b"x"}, tmp_path)
    monkeypatch.setattr("tests.markup.JAR", tmp_path / "vnu.jar")
    with pytest.raises(CheckerMissing, match=re.escape("./go test")):
        check({"page": b"x"}, tmp_path)
