"""Random histories of two people who write one answer over an unreliable line: nothing is lost or duplicated.

The scripts are those of the site, in real browsers. Requests go to the site without a network: each is late, lost
before or after it arrives, answered twice or refused for now, as the seed of a history determines. The browser's clock
is moved forward.
"""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from playwright.sync_api import Error

from evaluation.models import Answer, AnswerVersion, UnresolvedText
from portal.presentation.indicators.indicator import show_one_indicator
from tests.bystander import new
from tests.factories import write_answer
from tests.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

CODE = "1.1.2"
FIRST = "We do this."
STEPS = 14
FAULTS = ("late", "answered late", "lost before", "lost after", "twice", "refused")
SITE = "http://localhost:9"
UNSENT = "Object.keys(localStorage).filter(key => key.startsWith('unsent:')).length"
IS_FREE = "async () => (await navigator.locks.query()).held.length === 0"
"""Whether the browser has ended the former page, which locked its text: it does so at its own time."""
PRESS = "name => document.querySelector(`[data-conflict]:not([hidden]) [${name}]`)?.click()"


@dataclass
class Writer:
    """A person with a browser, whose requests may not reach the site."""

    name: str
    user: Any
    client: Client
    context: Any
    draw: Callable[[Any], str]
    fault: str = ""
    held: list[Callable[[], None]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    given_up: set[str] = field(default_factory=set)
    page: Any = None

    def open(self) -> None:
        self.page = self.context.new_page()
        self.page.goto(f"{SITE}/static/portal/flower.svg")
        self.page.wait_for_function(IS_FREE)
        self.page.goto(f"{SITE}/page/")
        self.page.wait_for_function("() => document.querySelector('[data-plain-save]').hidden")

    def answer(self, route: Any) -> None:
        """Answer a request of the browser: with the page, a script, or the site's response, depending on the fault."""
        path, request = urlsplit(route.request.url).path, route.request
        if path == "/page/":
            return route.fulfill(content_type="text/html", body=self.draw(self.user))
        if path.startswith("/static/"):
            return route.fulfill(path=finders.find(path.removeprefix("/static/")))
        fault = self.fault if request.method == "POST" else ""
        body, kind = request.post_data_buffer or b"", request.headers.get("content-type", "")

        def ask() -> Any:
            return self.client.generic(request.method, path, body, kind, headers={"Accept": "application/json"})

        def reply(response: Any) -> None:
            with suppress(Error):  # the page is gone
                route.fulfill(
                    status=response.status_code, content_type=response.get("Content-Type"), body=response.content
                )

        if fault == "late":
            self.held.append(lambda: reply(ask()))
        elif fault == "answered late":
            response = ask()
            self.held.append(lambda: reply(response))
        elif fault.startswith("lost"):
            if fault == "lost after":
                ask()
            with suppress(Error):
                route.abort()
        elif fault == "refused":
            with suppress(Error):
                route.fulfill(status=503, body="Away.")
        else:
            if fault == "twice":
                ask()
            reply(ask())
        return None

    def release(self) -> None:
        held, self.held = self.held, []
        for act in held:
            act()

    # --- Actions of a person ---

    def write(self, token: str) -> None:
        """Add a word to the text."""
        self.typed.append(token)
        self.page.evaluate(
            """token => {
                const words = document.querySelector('textarea');
                words.value += ` ${token}`;
                words.dispatchEvent(new Event('input', {bubbles: true}));
            }""",
            token,
        )

    def choose(self, level: str) -> None:
        self.page.evaluate(
            """level => {
                const radio = document.querySelector(`input[type=radio][value='${level}']`);
                if (radio.checked) return;
                radio.checked = true;
                radio.dispatchEvent(new Event('change', {bubbles: true}));
            }""",
            level,
        )

    def keep_mine(self) -> None:
        self.page.evaluate(PRESS, "data-keep-mine")

    def take_theirs(self) -> None:
        if self.page.locator("[data-conflict]:not([hidden]) [data-take-theirs]").count():
            self.given_up |= set(self.words.split())
            self.page.evaluate(PRESS, "data-take-theirs")

    def leave(self) -> None:
        """Close the page and come back."""
        self.page.close()
        self.open()

    def die(self) -> None:
        """Kill the tab and come back."""
        with self.page.expect_event("crash"), suppress(Error):
            self.page.goto("chrome://crash")
        dead = self.page
        self.open()
        dead.close()

    def pass_time(self, milliseconds: int) -> None:
        self.page.clock.fast_forward(milliseconds)
        self.page.wait_for_timeout(15)

    @property
    def words(self) -> str:
        return self.page.locator("textarea").input_value()

    @property
    def is_done(self) -> bool:
        return not self.held and self.page.evaluate(UNSENT) == 0


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


@pytest.fixture
def writers(browser: Any, stage: Stage, sign_in: Callable[..., Client]) -> Iterator[Callable[[], list[Writer]]]:
    """Return a function that opens browsers with new profiles for two people of one hotline."""
    contexts: list[Any] = []

    def draw(user: Any) -> str:
        request = RequestFactory().get("/page/")
        request.user = user
        shown = show_one_indicator(stage.evaluation, CODE, new(Answer).select_related("by").get(code=CODE))
        standard = stage.framework.standard_of[CODE]
        context = {"evaluation": stage.evaluation, "standard": standard, "shown": shown, "may_answer": True}
        form = render_to_string("answers/answer.html", context, request)
        frame = render_to_string("navigation/unsent.html", {"user": user}, request)
        return (
            f"<!doctype html><html lang=en><main>{frame}<form id=page-form></form><div id=i>{form}</div></main></html>"
        )

    def begin() -> list[Writer]:
        while contexts:
            contexts.pop().close()
        UnresolvedText.objects.all().delete()
        write_answer(stage.evaluation, CODE, Answer, level=0, words=FIRST, by=stage.coordinator)
        copied_context = copy_context()
        found = []
        for name, user in (("A", stage.coordinator), ("B", stage.contributor)):
            context = browser.new_context(locale="en-GB")
            contexts.append(context)
            context.clock.install()
            writer = Writer(name, user, sign_in(Client(), user), context, draw)
            # In the context of the test, in which Django keeps the database connection.
            context.route(
                "**/*", lambda route, _request, answer=writer.answer: copied_context.copy().run(answer, route)
            )
            writer.open()
            found.append(writer)
        return found

    yield begin
    for context in contexts:
        context.close()


def is_alone(seed: int) -> bool:
    """Return whether only one of the two writes in a history."""
    return seed % 3 == 0


def run_history(seed: int, people: list[Writer]) -> list[str]:
    """Let both (or one alone) act at random. Then restore the line and let time pass until nothing waits.

    Return what they did.
    """
    chance, actions = random.Random(seed), []
    acting = people[:1] if is_alone(seed) else people
    for step in range(STEPS):
        one = chance.choice(acting)
        act = chance.choice(
            ("write", "write", "write", "choose", "fault", "fault", "release", "time", "time", "decide")
        )
        if chance.random() < 0.12:
            act = chance.choice(("leave", "die"))
        actions.append(f"{one.name} {act}")
        match act:
            case "write":
                one.write(f"{one.name}{seed}.{step}")
            case "choose":
                one.choose(chance.choice("0123"))
            case "fault":
                one.fault = chance.choice(("", *FAULTS))
                actions[-1] += f" {one.fault}"
            case "release":
                one.release()
            case "time":
                one.pass_time(chance.choice((300, 1000, 6000, 61_000)))
            case "decide":
                chance.choice((one.keep_mine, one.take_theirs))()
            case "leave":
                one.leave()
            case "die":
                one.die()
    for _ in range(40):
        for one in people:
            one.fault = ""
            one.release()
            one.pass_time(61_000)
        if all(one.is_done for one in people):
            break
    return actions


def check_history(people: list[Writer], before: int, description: str) -> None:
    assert [one.is_done for one in people] == [True, True], description
    versions = list(new(AnswerVersion).filter(code=CODE, version__gt=before).order_by("version"))
    answer = new(Answer).get(code=CODE)
    kept = [*(one.words for one in versions), *UnresolvedText.objects.values_list("words", flat=True)]
    for one in people:
        lost = [token for token in one.typed if token not in one.given_up and not any(token in w.split() for w in kept)]
        assert lost == [], (one.name, description, kept)
    assert answer.version == before + len(versions), description
    uids = [one.save_uid for one in versions]
    assert len(set(uids)) == len(uids), description
    contents = [(one.by_id, one.level, one.words) for one in versions]
    assert [a for a, b in pairwise(contents) if a == b] == [], (description, contents)
    doubled = [words for words in kept if len(set(found := re.findall(r"[AB]\d+\.\d+", words))) != len(found)]
    assert doubled == [], description
    for one in people:
        if not one.page.locator("[data-conflict]:not([hidden])").count() and one.page.locator(".saved.ok").count():
            shown = one.page.locator("[data-autosave]").evaluate("block => block.querySelector('textarea').value")
            assert shown in {version.words for version in versions} | {answer.words, FIRST}, description


def prove(seeds: range, writers: Callable[[], list[Writer]]) -> None:
    for seed in seeds:
        people = writers()
        before = new(Answer).get(code=CODE).version
        description = ", ".join([f"seed {seed}", *run_history(seed, people)])
        check_history(people, before, description)
        if is_alone(seed):
            conflicts = list(UnresolvedText.objects.values_list("words", flat=True))
            assert conflicts == [], f"A conflict with oneself: {description}"


def test_of_a_few_histories_nothing_is_lost_and_nothing_doubled(writers: Callable[[], list[Writer]]):
    prove(range(5), writers)


@pytest.mark.long
@pytest.mark.parametrize("first", range(5, 205, 40))
def test_of_two_hundred_histories_nothing_is_lost_and_nothing_doubled(writers: Callable[[], list[Writer]], first: int):
    prove(range(first, first + 40), writers)
