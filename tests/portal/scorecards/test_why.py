"""The page of every number: the engine's terms, their sources, the conditions on it; and the public version."""

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.engine.scoring import as_percent
from evaluation.engine.scoring.explanation import OVERALL, calculation_of
from evaluation.models import Evaluation, Figure, Finding, Round, Scorecard, StatisticsImport
from evaluation.scorecards import read_result
from evaluation.workflow import perform
from standards.drafts.frameworks import draft_framework
from standards.editions.files import read_edition
from standards.framework import Framework, read_framework, write_framework
from tests.bystander import new
from tests.factories import (
    DecisionFactory,
    PublicationFactory,
    RoundFactory,
    released_edition,
    score_now,
    scorecard_of,
    write_answer,
)
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def many() -> Framework:
    """Return the sample of the Guide, with 124 indicators."""
    return draft_framework(read_edition(ROOT / "fixtures" / "practical_guide" / "2026"))


@pytest.fixture(scope="module")
def falling() -> Framework:
    """Return an edition with levels from 1, the best, to 4, shares instead of means, and its own classes."""
    return draft_framework(read_edition(ROOT / "tests" / "standards" / "editions" / "classes"))


def as_(sign_in: Callable[..., Client], user: Any) -> Client:
    return sign_in(Client(), user)


def why(client: Client, stage: Stage, code: str, query: str = "") -> Any:
    return client.get(reverse("workspace:why", args=[stage.evaluation.uid, code]) + query)


def read(page: Any) -> str:
    """Return the text of a page, without its markup."""
    words = re.sub(r"<[^>]*>", " ", page.content.decode().partition("<main")[2])
    return " ".join(unescape(words).replace("\u00a0", " ").split())


def big_number(page: Any) -> str:
    return re.search(r'<div class="big num">([^<]*)</div>', page.content.decode())[1].replace("\u00a0%", "").strip()


def scores_of(stage: Stage) -> dict[str, Fraction | None]:
    card = read_result(stage.scorecard)
    scores = {OVERALL: card.overall} | {domain.code: domain.ratio for domain in card.domains}
    return scores | {code: standard.ratio for code, standard in card.standards.items()}


def test_every_score_is_the_engines_with_its_exact_ratio(sign_in: Callable[..., Client]):
    stage = Stage("decision")
    client = as_(sign_in, stage.coordinator)
    for code, ratio in scores_of(stage).items():
        page = why(client, stage, code)
        assert big_number(page) == as_percent(ratio), code
        exact = f"{ratio} is " if ratio is not None else "Nothing in it counts"
        assert exact in read(page), code


def test_a_score_that_is_not_a_tenth_says_that_it_is_rounded_down(sign_in: Callable[..., Client]):
    stage = Stage("decision")
    assert scores_of(stage)["D1"] == Fraction(13, 15)
    assert "13/15 is 86.66… %, shown as 86.6 %: always rounded down." in read(
        why(as_(sign_in, stage.coordinator), stage, "D1")
    )
    assert "1 is exactly 100.0 %." in read(why(as_(sign_in, stage.coordinator), stage, "D3"))


def test_the_terms_of_a_standard_are_its_indicators_with_points_weight_and_what_they_bring(
    sign_in: Callable[..., Client],
):
    stage = Stage("decision")
    text = read(why(as_(sign_in, stage.coordinator), stage, "1.1"))
    account = calculation_of(SMALL, read_result(stage.scorecard), "1.1")
    assert (account.value, account.of) == (11, 15)
    assert "A standard is the mean of its indicators, each by the weight of its class." in text
    assert "points 3 of 3 weight × 3 brings 9 of 9" in text
    assert "points 1 of 3 weight × 2 brings 2 of 6" in text
    assert "Together 11 of 15" in text


def test_a_mean_says_what_it_is_divided_by(sign_in: Callable[..., Client]):
    stage = Stage("decision")
    text = read(why(as_(sign_in, stage.coordinator), stage, "D1"))
    assert "11/15 = 73.3 % weight 1 11/15" in text
    assert "26/15 ÷ 2 = 13/15" in text


def test_an_indicator_says_whose_word_counts_and_both_words(sign_in: Callable[..., Client]):
    stage = Stage("decision")
    client = as_(sign_in, stage.coordinator)
    differs = read(why(client, stage, "1.1.2"))
    assert "An assessor looked: what was seen counts before anything that was counted or said." in differs
    assert "They differ" in differs
    assert "We do this." in differs
    assert "Seen in one shift of two." in differs
    assert "Level 1 is 1 of 3 points, and it weighs 2. It brings 2 of 6 into its standard." in differs
    figures = read(why(client, stage, "3.1.1"))
    assert "the confirmed figures say it, nobody types it" in figures
    assert "A04 Calls answered by a person 880" in figures
    assert "The Guide shows this number and does not score it." in read(why(client, stage, "3.1.3"))


def test_figures_name_the_file_they_come_from(sign_in: Callable[..., Client]):
    stage = Stage("self_assessment", is_counted=False)
    client = as_(sign_in, stage.coordinator)
    assert "No file of figures is confirmed for this period." in read(why(client, stage, "3.1.1"))
    perform(stage.statistics, "confirm", by=stage.coordinator)
    text = read(why(client, stage, "3.1.1"))
    assert stage.statistics.file_name in text
    assert f"sha256 {stage.statistics.file_digest}" in text


@pytest.mark.parametrize(
    ("code", "fields", "sentence"),
    [
        ("9.1.1", {"level": None, "not_applicable": True}, "It does not apply to this hotline"),
        ("1.1.2", {"level": None}, "Nothing that counts was found. It stays in the score as the worst level."),
        ("1.1.2", {"level": 2}, "Nobody looked on the visit, and it is not counted"),
    ],
)
def test_what_is_missing_and_what_does_not_apply_are_told_apart(
    sign_in: Callable[..., Client], code: str, fields: dict[str, Any], sentence: str
):
    stage = Stage("self_assessment")
    write_answer(stage.evaluation, code, **fields)
    assert sentence in read(why(as_(sign_in, stage.coordinator), stage, code))


def test_an_outcome_says_its_conditions_and_the_order_in_which_outcomes_are_tested(sign_in: Callable[..., Client]):
    stage = Stage("decision")
    page = why(as_(sign_in, stage.coordinator), stage, "outcome/accredited")
    text = read(page)
    assert "Every indicator of the class “Essential (en)” reaches level 2 (2 (en)) or better." in text
    assert "The overall score reaches 80 %." in text
    listed = text.partition("The first whose conditions all hold is proposed.")[2]
    places = [listed.index(name) for name in ("Deferred (en)", "Accredited (en)", "Not accredited (en)")]
    assert places == sorted(places)


def test_what_stands_in_the_way_is_said_where_it_stands(sign_in: Callable[..., Client]):
    stage = Stage("self_assessment")
    write_answer(stage.evaluation, "9.1.2", level=1)
    client = as_(sign_in, stage.coordinator)
    assert "this stands in the way" in read(why(client, stage, "9.1.2"))
    assert "this stands in the way" not in read(why(client, stage, "1.1.1"))


def test_links_lead_up_to_the_whole_and_down_to_the_indicators(sign_in: Callable[..., Client]):
    stage = Stage("decision")
    client = as_(sign_in, stage.coordinator)

    def linked(code: str) -> set[str]:
        base = reverse("workspace:why", args=[stage.evaluation.uid, "X"]).removesuffix("X/")
        return set(re.findall(rf'href="{base}([^"?]+)/"', why(client, stage, code).content.decode()))

    assert {"overall", "D1", "1.1", "outcome/accredited"} <= linked("1.1.1")
    assert {"overall", "D1", "1.1.1", "1.1.2"} <= linked("1.1")
    assert {"overall", "1.1", "1.2"} <= linked("D1")
    assert {"D1", "D3", "D9", "outcome/accredited", "outcome/conditional"} <= linked("overall")


@pytest.mark.parametrize("code", ["9.9.9", "D7", "outcome/none", "outcome", "1.1.1/1", "<b>"])
def test_a_number_that_is_none_is_not_there(sign_in: Callable[..., Client], code: str):
    stage = Stage("decision")
    assert why(as_(sign_in, stage.coordinator), stage, code).status_code == 404


@pytest.mark.parametrize("reaches", ["study_visit", "report"])
def test_what_assessors_see_is_the_hotlines_to_read_only_when_the_draft_is_out(
    sign_in: Callable[..., Client], reaches: str
):
    stage = Stage(reaches)
    write_answer(stage.evaluation, "1.1.2", Finding, level=0, words="The rota is empty.")
    for user, sees in ((stage.coordinator, False), (stage.people.lead, True), (stage.people.mce, True)):
        text = read(why(as_(sign_in, user), stage, "1.1.2"))
        assert ("The rota is empty." in text, "It brings 0 of 6" in text) == (sees, sees), user
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="response")
    assert "The rota is empty." in read(why(as_(sign_in, stage.coordinator), stage, "1.1.2"))


def test_the_kept_number_stays_and_the_number_as_things_stand_is_one_link_away(sign_in: Callable[..., Client]):
    stage = Stage("decision")
    client = as_(sign_in, stage.people.mce)
    before = big_number(why(client, stage, "overall"))
    stage.evaluation.findings.update(level=0)
    assert big_number(why(client, stage, "overall")) == before
    now = score_now(stage.evaluation).overall
    assert big_number(why(client, stage, "overall", "?now")) == as_percent(now) != before


def test_the_guides_words_are_marked_where_they_are_not_in_the_readers_language(sign_in: Callable[..., Client]):
    stage = Stage("decision", round=RoundFactory(edition=released_edition(SMALL), state=Round.State.OPEN))
    stage.coordinator.language = "fr"
    stage.coordinator.save()
    client = as_(sign_in, stage.coordinator)
    page = why(client, stage, "outcome/accredited").content.decode()
    assert '<span lang="en">Essential (en)</span>' in page
    assert '<span lang="en">1.1.1 wording (en)</span>' in why(client, stage, "1.1.1").content.decode()


def test_a_number_of_a_part_of_the_time_says_of_how_many_months_it_is(sign_in: Callable[..., Client]):
    stage = Stage("self_assessment", framework=taking_nine_months())
    new(StatisticsImport).update(period_end=date(2025, 9, 30))
    client = as_(sign_in, stage.coordinator)
    text = read(why(client, stage, "3.1.1"))
    assert "from 9 of 12 months" in text
    assert "A04 Calls answered by a person 880 from 9 of 12 months" in text
    new(StatisticsImport).update(period_end=date(2025, 8, 31))
    text = read(why(client, stage, "3.1.1"))
    assert "It was recorded for 8 months of the round’s period; the Guide asks for at least 9." in text
    new(StatisticsImport).update(period_end=date(2025, 12, 31))
    assert "of 12 months" not in read(why(client, stage, "3.1.1"))


def taking_nine_months() -> Framework:
    data = write_framework(SMALL)
    for domain in data["domains"]:
        for standard in domain["standards"]:
            for indicator in standard["indicators"]:
                if indicator["code"] == "3.1.1":
                    indicator["minimum_months"] = 9
    return read_framework({**data, "code": "T9"})


def test_a_page_asks_as_many_questions_for_many_indicators_as_for_few(sign_in: Callable[..., Client], many: Framework):
    counts = []
    people = None
    for framework, country in ((SMALL, "XA"), (many, "XB")):
        stage = Stage(
            "decision", country=country, framework=framework, **({"people": people} if people else {}), name=country
        )
        people = stage.people
        client = as_(sign_in, stage.people.mce)
        asked = []
        for code in ("overall", "D1", "1.1", "1.1.1", "3.1.1", "outcome/accredited"):
            why(client, stage, code)
            with CaptureQueriesContext(connection) as queries:
                assert why(client, stage, code).status_code == 200
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]


def test_a_falling_scale_is_drawn_by_what_is_better_and_a_share_says_from_which_level_it_counts(
    sign_in: Callable[..., Client], falling: Framework
):
    stage = Stage("decision", framework=falling)
    stage.evaluation.findings.filter(code="1.1.1").update(level=1)
    stage.evaluation.findings.filter(code="1.1.3").update(level=4)
    scorecard_of(stage.evaluation)
    client = as_(sign_in, stage.people.mce)
    page = why(client, stage, "1.1")
    assert "A standard is the share of its indicators that reach level 2 or better." in read(page)
    assert big_number(page) == "50.0"
    drawn = dict(re.findall(r'<span class="level l(\d)"><svg.*?</svg>(\d)', page.content.decode()))
    assert drawn == {"3": "1", "1": "3", "0": "4"}
    assert "Together 2 of 4" in read(page)


# --- Public ------------------------------------------------------------------------------------------------------


def public_why(stage: Stage, code: str) -> Any:
    return Client().get(f"/en/register/{stage.country}/why/{code}/")


def test_everybody_may_ask_why_of_a_published_result():
    stage = Stage("published")
    for code, ratio in scores_of(stage).items():
        page = public_why(stage, code)
        assert (page.status_code, big_number(page)) == (200, as_percent(ratio)), code
    for code in (*stage.framework.indicators, "outcome/accredited"):
        assert public_why(stage, code).status_code == 200, code
    assert public_why(stage, "9.9.9").status_code == 404


@pytest.mark.parametrize("reaches", ["self_assessment", "decision", "decided"])
def test_nothing_is_told_before_it_is_published(reaches: str):
    stage = Stage(reaches)
    assert [public_why(stage, code).status_code for code in ("overall", "1.1.1")] == [404, 404]


def test_the_public_reads_no_word_and_no_name():
    stage = Stage("published")
    people = {stage.coordinator.name, stage.contributor.name, stage.people.lead.name, stage.people.panel.name}
    for code in (*stage.framework.indicators, "overall", "outcome/accredited"):
        text = public_why(stage, code).content.decode()
        for word in ("We do this.", "Seen in one shift of two.", "figures-2025.csv", *people):
            assert word not in text, (code, word)


def test_counts_that_are_too_small_are_not_told_and_their_level_stands():
    stage = Stage("response")
    Figure.objects.filter(item="A04").update(value=3)
    scorecard_of(stage.evaluation)
    assert new(Scorecard).count() == 2
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="published")
    PublicationFactory(decision=DecisionFactory(scorecard=stage.scorecard, decided_by=stage.people.panel))
    text = read(public_why(stage, "3.1.1"))
    assert "The counts behind it are too small to be told. The level that they gave stands." in text
    assert "It counts as" in text or "Level 0 is 0 of 3 points" in text
    assert "A04" not in text
    assert "0.3" not in text


def test_a_small_letter_code_leads_to_the_page():
    stage = Stage("published")
    found = Client().get(f"/en/register/{stage.country.lower()}/why/overall/")
    assert (found.status_code, found.url) == (301, f"/en/register/{stage.country}/why/overall/")
