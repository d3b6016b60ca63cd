"""The sandbox: hypothetical levels, scored by the engine, and nothing is stored."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.engine.improvement.gains import next_outcome, smallest_set
from evaluation.engine.improvement.hypothetical import apply_changes
from evaluation.engine.scoring import Scorecard, as_percent
from evaluation.judging import evidence as judging
from evaluation.models import Answer
from standards.drafts.frameworks import draft_framework
from standards.editions.files import read_edition
from standards.framework import Condition, Framework, Outcome, Result, Test
from tests.factories import score_now, write_answer
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[3]
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP")


@pytest.fixture
def stage() -> Stage:
    """Return a hotline that is not accredited: 9.1.2 is essential and at level 0, 1.1.2 is missing."""
    stage = Stage("self_assessment")
    write_answer(stage.evaluation, "9.1.2", level=0)
    write_answer(stage.evaluation, "1.1.2", Answer, level=None)
    return stage


@pytest.fixture
def coordinator(sign_in: Callable[..., Client], stage: Stage) -> Client:
    return sign_in(Client(), stage.coordinator)


def what_if(client: Client, stage: Stage, query: str = "", **headers: str) -> Any:
    return client.get(reverse("workspace:what_if", args=[stage.evaluation.uid]) + query, headers=headers)


def read(page: Any) -> str:
    words = re.sub(r"<[^>]*>", " ", page.content.decode())
    return " ".join(unescape(words).replace("\u00a0", " ").split())


def result_of(page: Any) -> tuple[str, str]:
    """Return the overall score and the outcome of the summary."""
    summary = page.content.decode().partition('class="sheet what-if-sum"')[2].partition("</section>")[0]
    outcome = re.search(r'<span class="outcome[^>]*>.*?</svg>(.*?)</span>', summary, re.DOTALL)[1]
    return re.search(r'num">([^<]*)<', summary)[1].replace("\u00a0%", ""), re.sub(r"<[^>]*>", "", outcome).strip()


def card_of(stage: Stage) -> Scorecard:
    return score_now(stage.evaluation)


def shown_codes(page: Any) -> list[str]:
    return re.findall(r'id="i([\d.]+)" data-try', page.content.decode())


def chosen(page: Any) -> dict[str, str]:
    return dict(re.findall(r'name="([\d.]+)" value="(\w+)" checked', page.content.decode()))


def test_without_a_change_it_is_what_is(stage: Stage, coordinator: Client):
    page = what_if(coordinator, stage)
    card = card_of(stage)
    assert result_of(page) == (as_percent(card.overall), "Not accredited (en)")
    assert "0 levels changed" in read(page)
    assert chosen(page) == {}


def test_changes_give_what_the_engine_gives(stage: Stage, coordinator: Client):
    page = what_if(coordinator, stage, "?1.1.2=2&9.1.2=3&9.1.1=na")
    after = apply_changes(SMALL, card_of(stage), {"1.1.2": 2, "9.1.2": 3, "9.1.1": "na"})
    assert result_of(page) == (as_percent(after.overall), "Accredited (en)")
    assert chosen(page) == {"1.1.2": "2", "9.1.2": "3", "9.1.1": "na"}
    text = read(page)
    assert "3 levels changed" in text
    assert "from “Not accredited (en)” as it is" in text
    assert "no data, now level 2" in text
    assert "level 0, now level 3" in text
    assert "level 3, now not applicable" in text


def test_each_domain_stands_beside_what_it_is(stage: Stage, coordinator: Client):
    before, after = card_of(stage), apply_changes(SMALL, card_of(stage), {"1.1.2": 3})
    table = read(what_if(coordinator, stage, "?1.1.2=3")).partition("Would be")[2]
    for now, then in zip(before.domains, after.domains, strict=True):
        assert f"{as_percent(now.ratio)} % {as_percent(then.ratio)} %" in table


def test_nothing_is_written(stage: Stage, coordinator: Client):
    what_if(coordinator, stage)
    kept = judging.gather_evidence(stage.evaluation)
    with CaptureQueriesContext(connection) as asked:
        assert what_if(coordinator, stage, "?1.1.2=2&9.1.2=1").status_code == 200
        assert what_if(coordinator, stage, "?fill=accredited").status_code == 200
    written = [query["sql"] for query in asked if query["sql"].lstrip().upper().startswith(WRITES)]
    assert written == []
    assert judging.gather_evidence(stage.evaluation) == kept


def test_it_takes_no_form_that_could_write(stage: Stage, coordinator: Client):
    address = reverse("workspace:what_if", args=[stage.evaluation.uid])
    assert coordinator.post(address, {"1.1.2": "2"}).status_code == 405


def test_a_script_gets_the_same_result_alone(stage: Stage, coordinator: Client):
    whole = what_if(coordinator, stage, "?1.1.2=2")
    part = what_if(coordinator, stage, "?1.1.2=2", X_Part="result")
    assert result_of(part) == result_of(whole)
    assert part.content.decode().strip() in whole.content.decode()
    assert "<form" not in part.content.decode()
    assert "X-Part" in whole["Vary"]


def test_choosing_what_is_changes_nothing(stage: Stage, coordinator: Client):
    page = what_if(coordinator, stage, "?9.1.2=0&1.1.1=")
    assert "0 levels changed" in read(page)
    assert chosen(page) == {}


def test_only_what_is_in_the_way_is_shown_unless_all_is_asked_for(stage: Stage, coordinator: Client):
    assert shown_codes(what_if(coordinator, stage, "?aim=conditional")) == ["9.1.2"]
    assert shown_codes(what_if(coordinator, stage, "?aim=accredited")) == ["1.1.2", "9.1.2"]
    assert shown_codes(what_if(coordinator, stage, "?aim=accredited&3.2.1=1")) == ["1.1.2", "3.2.1", "9.1.2"]
    scored = [code for code, indicator in SMALL.indicators.items() if indicator.is_scored]
    assert shown_codes(what_if(coordinator, stage, "?show=all")) == scored


def test_the_smallest_set_is_filled_in_and_reaches_the_outcome(stage: Stage, coordinator: Client):
    page = what_if(coordinator, stage, "?fill=accredited")
    plan = smallest_set(SMALL, judging.gather_evidence(stage.evaluation), "accredited")
    assert chosen(page) == {rise.code: str(rise.level_to) for rise in plan.improvements}
    assert result_of(page)[1] == "Accredited (en)"
    assert "There is no smaller set." in read(page)
    assert "Every condition of it would hold." in read(page)


@pytest.fixture
def sealed() -> Stage:
    """Return an accredited hotline that lacks one level for the better outcome of a further result."""
    gold = Outcome("gold", 24, (Condition(Test.EVERY, domain="D1", level=3),))
    seal = Result("seal", (gold, Outcome("plain", 0)))
    stage = Stage("self_assessment", framework=replace(SMALL, code="T3", results=(seal,)))
    write_answer(stage.evaluation, "1.2.1", level=2)
    return stage


def test_a_further_result_can_be_aimed_at_and_is_shown_as_it_would_be(sealed: Stage, sign_in: Callable[..., Client]):
    client = sign_in(Client(), sealed.coordinator)
    page = what_if(client, sealed)
    assert '<optgroup label="seal (en)"' in " ".join(page.content.decode().split())
    assert "The best outcome is reached." in read(page)
    assert shown_codes(page) == ["1.2.1"]
    after = read(what_if(client, sealed, "?fill=gold"))
    assert "Every condition of it would hold." in after
    assert "gold (en) from “plain (en)” as it is" in after
    assert "Accredited (en) as it is" in after


def test_what_still_stands_in_the_way_is_told_with_the_rule(stage: Stage, coordinator: Client):
    text = read(what_if(coordinator, stage, "?aim=accredited"))
    assert "Every indicator of the class “Essential (en)” reaches level 2 (2 (en)) or better." in text
    assert "1 is short of it" in text


def test_at_the_top_there_is_nothing_to_aim_at(sign_in: Callable[..., Client]):
    stage = Stage("self_assessment")
    assert next_outcome(SMALL, card_of(stage)) is None
    page = what_if(sign_in(Client(), stage.coordinator), stage)
    assert "The best outcome is reached. You can still see what would lose it." in read(page)
    assert shown_codes(page) != []
    lost = what_if(sign_in(Client(), stage.coordinator), stage, "?9.1.2=0")
    assert result_of(lost)[1] == "Not accredited (en)"


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("?9.9.9=1", "There is no indicator 9.9.9 in this edition."),
        ("?1.1.2=4", "1.1.2 has no such level. Choose one of: 0, 1, 2, 3."),
        ("?1.1.2=-1", "1.1.2 has no such level."),
        ("?1.1.2=%D9%A3", "1.1.2 has no such level."),
        ("?1.1.1=1", "1.1.1 has no such level. Choose one of: 0, 3."),
        ("?1.1.2=na", "1.1.2 has no such level."),
        ("?9.1.1=x", "9.1.1 has no such level. Choose one of: 0, 3, not applicable."),
        ("?3.1.3=1", "3.1.3 is not scored here, so no level of it changes anything."),
        ("?aim=not_accredited", "“not_accredited” is no outcome that is better than what is."),
        ("?fill=gold", "“gold” is no outcome that is better than what is."),
        ("?show=some", "Show “some” is not known. Choose what is in the way, or all."),
        ("?<b>=1", "There is no indicator <b> in this edition."),
    ],
)
def test_what_does_not_fit_is_named_and_the_rest_is_worked_out(
    stage: Stage, coordinator: Client, query: str, problem: str
):
    page = what_if(coordinator, stage, f"{query}&3.2.1=2")
    assert page.status_code == 422
    assert problem in read(page)
    assert chosen(page) == {"3.2.1": "2"}


def test_a_falling_scale_is_tried_by_its_own_levels(sign_in: Callable[..., Client]):
    falling = draft_framework(read_edition(ROOT / "tests" / "standards" / "editions" / "classes"))
    stage = Stage("self_assessment", framework=falling)
    client = sign_in(Client(), stage.coordinator)
    every = "&".join(f"{code}=1" for code in falling.indicators)
    assert result_of(what_if(client, stage))[0] == "0.0"
    assert result_of(what_if(client, stage, f"?{every}"))[0] == "100.0"
    assert what_if(client, stage, "?1.1.1=0").status_code == 422


def test_a_page_asks_as_many_questions_for_many_indicators_as_for_few(sign_in: Callable[..., Client], many: Framework):
    counts, people = [], None
    for framework, country in ((SMALL, "XA"), (many, "XB")):
        stage = Stage(
            "self_assessment",
            country=country,
            framework=framework,
            name=country,
            **({"people": people} if people else {}),
        )
        people = stage.people
        client = sign_in(Client(), stage.people.mce)
        code = next(code for code, indicator in framework.indicators.items() if indicator.measure == "scale")
        query = f"?show=all&{code}=1"
        what_if(client, stage, query)
        with CaptureQueriesContext(connection) as asked:
            assert what_if(client, stage, query).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.fixture(scope="module")
def many() -> Framework:
    return draft_framework(read_edition(ROOT / "fixtures" / "practical_guide" / "2026"))
