"""Paginated lists: each object is on exactly one page; search, filter and order are preserved."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Role, Visit
from portal.figures.series import deliveries
from portal.panel import pages as panel
from portal.public import hotlines
from portal.rounds import board as rounds
from portal.visits import visit
from tests.factories import (
    DecisionFactory,
    HotlineFactory,
    RoundFactory,
    VoteFactory,
    at_level,
    confirmed_figures,
    evaluation_of,
    person,
    released_edition,
    scorecard_of,
    visit_of,
    write_answer,
)

# databases sort and search differently
pytestmark = [pytest.mark.django_db, pytest.mark.everywhere, pytest.mark.usefixtures("empty")]

FIVE = ("XA", "XB", "XC", "XD", "XE")


@pytest.fixture(autouse=True)
def _two_rows_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (visit, panel, rounds, hotlines):
        monkeypatch.setattr(module, "ROWS_A_PAGE", 2)
    monkeypatch.setattr(deliveries, "ON_A_PAGE", 2)


@pytest.fixture
def mce(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), person(Role.MCE_COORDINATOR))


def five(state: str) -> list[Any]:
    """Return five hotlines of one round at the same stage. Their order by name is reversed."""
    round_ = RoundFactory(edition=released_edition(), state="open", name="One round")
    hotlines = [
        HotlineFactory(country=code, code=f"116000-{code}", name=f"Land {5 - number}")
        for number, code in enumerate(FIVE)
    ]
    return [evaluation_of(hotline, round=round_, state=state) for hotline in hotlines]


def read_pages(client: Client, address: str, read: Callable[[Any], list[str]], label: str = "Pages") -> list[list[str]]:
    """Return the content of each page, following the links to the next one."""
    found: list[list[str]] = []
    while True:
        answer = client.get(address)
        assert answer.status_code == 200
        found.append(read(answer))
        text = answer.content.decode()
        pager = re.search(rf'<nav class="pager" aria-label="{label}">.*?</nav>', text, re.DOTALL)
        onward = pager and re.search(r'rel="next" href="([^"]*)"', pager[0])
        if not onward:
            return found
        address = address.partition("?")[0] + unescape(onward[1])
        assert len(found) < 9


def countries(rows: Any) -> list[str]:
    return [row.evaluation.hotline.country for row in rows]


@pytest.mark.parametrize(
    ("sort", "in_order"),
    [
        ("", ["XB", "XE", "XD", "XC", "XA"]),
        ("needs", ["XB", "XE", "XD", "XC", "XA"]),
        ("country", ["XE", "XD", "XC", "XB", "XA"]),
        ("stage", ["XA", "XE", "XD", "XC", "XB"]),
        ("no such order", ["XB", "XE", "XD", "XC", "XA"]),
    ],
)
def test_the_scores_of_a_round_are_turned_in_the_order_that_was_chosen(mce: Client, sort: str, in_order: list[str]):
    evaluations = five("study_visit")
    type(evaluations[0]).objects.filter(pk=evaluations[0].pk).update(state="self_assessment")
    framework = evaluations[1].framework
    highest_obligation = next(
        i for i in framework.indicators.values() if framework.has_highest_obligation(i) and not i.from_figures
    )
    write_answer(evaluations[1], highest_obligation.code, **at_level(highest_obligation, 0))
    address = reverse("workspace:board", args=[evaluations[0].round.uid]) + (f"?sort={sort}" if sort else "")
    pages = read_pages(mce, address.replace(" ", "+"), lambda answer: countries(answer.context["rows"]))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [country for page in pages for country in page] == in_order
    board = mce.get(address)
    sizes = [len(column["evaluations"]) for column in board.context["columns"] if column["evaluations"]]
    assert sizes == [1, 4], "the stages show all"
    assert countries(mce.get(f"{address}{'&' if sort else '?'}page=99").context["rows"]) == in_order[4:]


def test_visits_are_turned_those_to_come_first(mce: Client, sign_in: Callable[..., Client]):
    evaluations, lead = five("study_visit"), person(Role.ASSESSOR)
    day = evaluations[0].round.today
    for number, evaluation in enumerate(evaluations):
        over = number < 2
        starts = day + timedelta(days=-10 - number if over else 10 + number)
        state = Visit.State.SIGNED_OFF if over else Visit.State.TEAM_CONFIRMED
        visit_of(evaluation, lead=lead, state=state, starts_on=starts, ends_on=starts)

    def read(answer: Any) -> list[str]:
        return [evaluation.hotline.country for evaluation in answer.context["evaluations"]]

    for client in (mce, sign_in(Client(), lead)):
        pages = read_pages(client, reverse("workspace:visits"), read)
        assert pages == [["XC", "XD"], ["XE", "XA"], ["XB"]]
    stranger = sign_in(Client(), person(Role.ASSESSOR))
    assert read_pages(stranger, reverse("workspace:visits"), read) == [[]]


def test_visits_without_days_come_first_by_name_whatever_days_their_row_still_has(mce: Client):
    """A follow-up waits for its days while the row has those of the visit before it."""
    evaluations, lead = five("study_visit"), person(Role.ASSESSOR)
    day = evaluations[0].round.today
    states = (*[Visit.State.PROPOSED] * 3, Visit.State.TEAM_CONFIRMED, Visit.State.SIGNED_OFF)
    apart = (-400, 5, -700, -1, -900)
    for evaluation, state, days in zip(evaluations, states, apart, strict=True):
        starts = day + timedelta(days=days)
        visit_of(evaluation, lead=lead, state=state, starts_on=starts, ends_on=starts)
    pages = read_pages(
        mce,
        reverse("workspace:visits"),
        lambda answer: [evaluation.hotline.country for evaluation in answer.context["evaluations"]],
    )
    assert [country for page in pages for country in page] == ["XC", "XB", "XA", "XD", "XE"]


def test_the_panel_turns_what_waits_and_what_is_decided_each_by_itself(sign_in: Callable[..., Client]):
    evaluations, member = five("decision"), person(Role.PANEL_MEMBER, country="ZZ")
    VoteFactory(scorecard=scorecard_of(evaluations[4]), user=member)
    for number in range(3):
        hotline = HotlineFactory(country=f"Y{number}", code=f"116000-Y{number}", name=f"Other {number}")
        decided = evaluation_of(hotline, round=evaluations[0].round, state="decided")
        DecisionFactory(scorecard=scorecard_of(decided))
    client, address = sign_in(Client(), member), reverse("workspace:panel")
    waiting = read_pages(client, address, lambda answer: countries(answer.context["waiting"]), "Pages of what waits")
    assert waiting == [["XD", "XC"], ["XB", "XA"], ["XE"]], "what the member has voted on comes last, on the last page"
    decided = read_pages(
        client, address, lambda answer: countries(answer.context["decided"]), "Pages of what is decided"
    )
    assert decided == [["Y0", "Y1"], ["Y2"]]
    both = client.get(f"{address}?waiting=2&page=2")
    assert (countries(both.context["waiting"]), countries(both.context["decided"])) == (["XB", "XA"], ["Y2"])
    assert "waiting=3&amp;page=2" in both.content.decode()


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("", [["XE", "XD"], ["XC", "XB"], ["XA", "YA"]]),
        ("?q=land", [["XE", "XD"], ["XC", "XB"], ["XA"]]),
        ("?outcome=running&sort=until", [["XE", "XD"], ["XC", "XB"], ["XA"]]),
        ("?q=no+such+hotline", [[]]),
    ],
)
def test_the_register_is_turned_as_it_was_searched_filtered_and_sorted(query: str, pages: list[list[str]]):
    five("study_visit")
    HotlineFactory(country="YA", code="116000-YA", name="Zeeby")
    assert (
        read_pages(Client(), f"/en/register/{query}", lambda answer: [row.code for row in answer.context["rows"]])
        == pages
    )


def test_who_delivered_what_is_turned_as_it_was_searched_and_sorted(mce: Client):
    evaluations = five("self_assessment")
    confirmed_figures(evaluations[1].hotline, {"A03": 10})
    address = reverse("workspace:statistics_network") + "?of=invented"

    def read(answer: Any) -> list[str]:
        return [line.code for line in answer.context["table"].lines]

    assert read_pages(mce, address, read) == [["XB", "XE"], ["XD", "XC"], ["XA"]], "what waits for us first"
    assert read_pages(mce, f"{address}&order=name&q=land", read) == [["XE", "XD"], ["XC", "XB"], ["XA"]]
    assert read_pages(mce, f"{address}&state=nothing", read) == [["XE", "XD"], ["XC", "XA"]]
    assert read(mce.get(f"{address}&page=99")) == ["XA"]
