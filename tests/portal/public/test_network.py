"""MCE's view of the network's deficits, by indicator, down to the hotlines."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.figures.publishing.network_tables import Ratio
from evaluation.models import Evaluation, Finding, Recommendation
from evaluation.recommendations.network_needs import read_addressed_recommendations, read_indicator_needs
from evaluation.workflow import write_step
from portal.presentation.network_figures import _ratio
from tests.factories import (
    RecommendationFactory,
    RoundFactory,
    evaluation_of,
    released_edition,
    scorecard_of,
    visit_of,
    write_all_answers,
    write_answer,
)
from tests.small_edition import SMALL
from tests.stage import Participants, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty")]

State = Recommendation.State


@pytest.fixture
def three() -> list[Stage]:
    """Return three hotlines of one round: XA is overdue, XB contests, XC is verified after nine days.

    XA has another one.
    """
    people = Participants()
    first = Stage("decided", people, country="XA")
    stages = [first, *(Stage("decided", people, country=code, round=first.round) for code in ("XB", "XC"))]
    today = first.round.today
    for stage, (state, days) in zip(
        stages, ((State.ACCEPTED, -1), (State.CONTESTED, 1), (State.VERIFIED, -1)), strict=True
    ):
        stage.recommendation.__dict__["state"] = state
        Recommendation.objects.filter(pk=stage.recommendation.pk).update(
            state=state, due_on=today + timedelta(days=days)
        )
    RecommendationFactory(evaluation=first.evaluation, code="9.1.2", state=State.ISSUED)
    RecommendationFactory(evaluation=first.evaluation, code="3.2.1", state=State.DRAFTED)
    RecommendationFactory(evaluation=first.evaluation, code="3.2.2", state=State.ISSUED, is_dropped=True)
    issue_and_verify(stages[2].recommendation, days=9)
    return stages


def log(recommendation: Recommendation, name: str, *, days: int) -> None:
    """Write a step that happened some days ago."""
    at = timezone.now() - timedelta(days=days)
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(timezone, "now", lambda: at)
        write_step(recommendation, name, "", by=None)


def issue_and_verify(recommendation: Recommendation, *, days: int) -> None:
    """Write steps: issued, and verified some days later."""
    log(recommendation, "issue", days=days)
    log(recommendation, "verify", days=0)


@pytest.fixture
def mce(three: list[Stage], sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), three[0].people.mce)


def rows(page: Any) -> dict[str, tuple[int, ...]]:
    """Return, by indicator, the hotlines with a recommendation, all hotlines, overdue, contested and verified ones."""
    return {
        row.needs.code: (
            row.needs.hotlines,
            row.needs.examined,
            row.needs.overdue,
            row.needs.contested,
            row.needs.verified,
        )
        for row in page.context["rows"]
    }


def look(client: Client, query: str = "") -> Any:
    page = client.get(reverse("workspace:network") + query)
    assert page.status_code == 200
    return page


def test_each_indicator_is_counted_over_the_hotlines(mce: Client):
    page = look(mce)
    assert rows(page) == {"1.1.2": (3, 3, 1, 1, 1), "9.1.2": (1, 3, 0, 0, 0)}
    assert (page.context["asked"], page.context["overdue"]) == (4, 1)


def test_drafts_and_what_was_left_out_struggle_with_nothing(three: list[Stage]):
    assert [need.code for need in read_indicator_needs()] == ["1.1.2", "9.1.2"]


def test_what_was_taken_back_is_verified_by_nobody(three: list[Stage]):
    Recommendation.objects.filter(code="9.1.2").update(state=State.CLOSED, is_withdrawn=True)
    (need,) = [need for need in read_indicator_needs() if need.code == "9.1.2"]
    assert (need.verified, need.taken_back) == (0, 1)


def test_the_median_is_taken_over_what_was_verified_and_is_exact(three: list[Stage]):
    found = {need.code: need.median_days for need in read_indicator_needs()}
    assert found == {"1.1.2": Fraction(9), "9.1.2": None}
    issue_and_verify(three[0].recommendation, days=4)
    assert {need.code: need.median_days for need in read_indicator_needs()}["1.1.2"] == Fraction(13, 2)


def test_insisting_begins_nothing_anew(three: list[Stage]):
    recommendation = three[0].recommendation
    for name, days in (("issue", 20), ("contest", 15), ("insist", 10), ("verify", 0)):
        log(recommendation, name, days=days)
    found = {need.code: need.median_days for need in read_indicator_needs()}
    assert found["1.1.2"] == Fraction(20 + 9, 2)


def test_levels_are_those_of_the_last_scoring_of_each_hotline(three: list[Stage]):
    write_answer(three[0].evaluation, "1.1.2", Finding, level=0)
    write_answer(three[1].evaluation, "1.1.2", Finding, level=None, not_applicable=False)
    for stage in three[:2]:
        scorecard_of(stage.evaluation)
    (need,) = [need for need in read_indicator_needs() if need.code == "1.1.2"]
    assert need.levels == {0: 1, 1: 1, 3: 1}
    assert {asked.hotline.country: asked.level for asked in read_addressed_recommendations("1.1.2")} == {
        "XA": 0,
        "XB": 3,
        "XC": 1,
    }


def test_the_newest_evaluation_of_a_hotline_tells_its_level(three: list[Stage]):
    newer = RoundFactory(
        name="Newer",
        edition=three[0].round.edition,
        state="open",
        opens_on=three[0].round.opens_on + timedelta(days=400),
    )
    evaluation = evaluation_of(three[0].hotline, round=newer)
    visit_of(evaluation)
    write_all_answers(evaluation)
    scorecard_of(evaluation)
    (need,) = [need for need in read_indicator_needs() if need.code == "1.1.2"]
    assert (need.examined, need.levels) == (3, {1: 2, 3: 1})
    (need,) = [need for need in read_indicator_needs(round_=three[0].round) if need.code == "1.1.2"]
    assert (need.examined, need.levels) == (3, {1: 3})


def test_an_indicator_that_got_another_code_is_one_over_all_editions(three: list[Stage]):
    first = SMALL.domains[0]
    standards = tuple(
        replace(
            standard,
            indicators=tuple(
                replace(i, code="1.1.8", key="1.1.2") if i.code == "1.1.2" else i for i in standard.indicators
            ),
        )
        for standard in first.standards
    )
    renumbered = replace(SMALL, code="T4", domains=(replace(first, standards=standards), *SMALL.domains[1:]))
    later = RoundFactory(name="Later", edition=released_edition(renumbered), state="open")
    evaluation = three[0].evaluation
    Evaluation.objects.filter(pk=evaluation.pk).update(round=later)
    evaluation.recommendations.filter(code="1.1.2").update(code="1.1.8")
    (found,) = [needs for needs in read_indicator_needs() if needs.key == "1.1.2"]
    assert (found.code, found.edition) == ("1.1.8", later.edition)
    assert found.hotlines == len(read_addressed_recommendations("1.1.2")) == 3


# --- Narrowed and sorted ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?domain=D9", ["9.1.2"]),
        ("?obligation=core", ["1.1.2"]),
        ("?obligation=essential", ["9.1.2"]),
        ("?state=contested", ["1.1.2"]),
        ("?state=overdue", ["1.1.2"]),
        ("?state=issued&domain=D1", []),
        ("?state=odd&sort=odd&round=odd", ["1.1.2", "9.1.2"]),
        ("?domain=%20", []),
    ],
)
def test_the_view_is_narrowed(mce: Client, query: str, codes: list[str]):
    page = look(mce, query)
    assert list(rows(page)) == codes
    assert ("Nothing matches this" in page.content.decode()) == (not codes)


def test_a_state_narrows_what_is_counted_too(mce: Client):
    assert rows(look(mce, "?state=contested")) == {"1.1.2": (1, 3, 0, 1, 0)}


def test_a_round_narrows_to_its_hotlines(mce: Client, three: list[Stage]):
    other = Stage("decided", three[0].people, country="XD", name="Another round")
    assert rows(look(mce))["1.1.2"][:2] == (4, 4)
    assert rows(look(mce, f"?round={other.round.uid}")) == {"1.1.2": (1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("sort", "codes"),
    [
        ("hotlines", ["1.1.2", "9.1.2"]),
        ("guide", ["1.1.2", "9.1.2"]),
        ("overdue", ["9.1.2", "1.1.2"]),
        ("contested", ["1.1.2", "9.1.2"]),
        ("verified", ["1.1.2", "9.1.2"]),
        ("slowest", ["1.1.2", "9.1.2"]),
    ],
)
def test_the_table_is_sorted(mce: Client, three: list[Stage], sort: str, codes: list[str]):
    today = three[0].round.today
    Recommendation.objects.filter(code="1.1.2").update(due_on=None)
    Recommendation.objects.filter(code="9.1.2").update(due_on=today - timedelta(days=1))
    assert list(rows(look(mce, f"?sort={sort}"))) == codes


# --- Down to the hotlines, and download ------------------------------------------------------------------------------


def test_an_indicator_opens_to_its_hotlines(mce: Client, three: list[Stage]):
    page = mce.get(reverse("workspace:network_indicator", args=["1.1.2"]))
    text = page.content.decode()
    for stage in three:
        assert stage.hotline.name in text
        assert reverse("workspace:recommendation", args=[stage.recommendation.uid]) in text
    assert mce.get(reverse("workspace:network_indicator", args=["3.2.1"])).status_code == 404
    narrowed = mce.get(reverse("workspace:network_indicator", args=["1.1.2"]) + "?state=contested")
    assert [asked.hotline.country for asked in narrowed.context["asked"]] == ["XB"]


def test_the_file_holds_what_is_shown(mce: Client):
    answer = mce.get(reverse("workspace:network_table") + "?domain=D1")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    head, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:2] == ["Indicator", "Wording"]
    assert lines == [["1.1.2", "1.1.2 wording (en)", "D1", "Core (en)", "3", "3", "1", "1", "1", "0", "9", "1 (en): 3"]]


@pytest.mark.parametrize("name", ["network", "network_table"])
def test_nobody_but_mce_looks_over_the_network(three: list[Stage], sign_in: Callable[..., Client], name: str):
    stage = three[0]
    people = [stage.coordinator, stage.contributor, stage.people.lead, stage.people.panel, stage.people.editor]
    assert [sign_in(Client(), user).get(reverse(f"workspace:{name}")).status_code for user in people] == [403] * 5


# --- Queries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["network", "network_table", "network_indicator"])
def test_more_hotlines_and_more_rounds_ask_no_more(
    three: list[Stage], sign_in: Callable[..., Client], name: str, mce: Client
):
    address = reverse(f"workspace:{name}", args=["1.1.2"] if name == "network_indicator" else [])
    mce.get(address)
    with CaptureQueriesContext(connection) as few:
        mce.get(address)
    asked = len(few)
    for country in ("XD", "XE", "XF", "XG"):
        stage = Stage("published", three[0].people, country=country, name=f"Round of {country}")
        assert stage.round.edition == released_edition()
    mce.get(address)  # numbers are cached
    with CaptureQueriesContext(connection) as many:
        mce.get(address)
    assert len(many) == asked
    assert len(few) <= 14, [query["sql"][:120] for query in few]


def test_a_file_has_a_share_as_a_number_with_a_decimal_only_where_it_has_one():
    shares = [Fraction(3, 5), Fraction(2, 3), Fraction(7, 8)]
    written = [str(_ratio(Ratio(share)).number) for share in shares]
    assert written == ["60", "66.6", "87.5"]
