"""The questionnaire: which indicators are collapsed to one line, and what a save changes outside of its form."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from evaluation.discussions.discussions import Summary
from evaluation.models import Evaluation, UnresolvedText
from portal.answers.standing import describe_result, describe_standing, show_answer
from portal.presentation.indicators.indicator import ShownIndicator
from portal.templatetags.trade import marked_against
from tests.bystander import new
from tests.factories import write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


def shown(stage: Stage, code: str = "1.1.2", **changed: Any) -> ShownIndicator:
    evaluation = new(Evaluation).get()
    stands = show_answer(evaluation, evaluation.answers.get(code=code), "")
    evidence = list(evaluation.evidence.filter(code=code))
    return replace(stands, **({"known_missing": None, "evidence": evidence, "may_answer": True} | changed))


def test_an_answered_indicator_is_shut_for_who_answers_it_and_open_for_who_reads_it(stage: Stage):
    assert shown(stage).is_shut
    assert not shown(stage, may_answer=False).is_shut


@pytest.mark.parametrize(
    "about",
    [
        {"problem": "Choose one of the levels shown."},
        {"evidence_problem": "a.pdf is empty."},
        {"assignment_problem": "Choose who is to answer."},
        {"unresolved": [UnresolvedText(words="Mine.")]},
        {"discussions": [Summary("hotline", "1.1.2", 1, 1, False)]},
    ],
)
def test_an_answer_about_which_something_is_to_be_decided_is_open(stage: Stage, about: dict[str, Any]):
    assert not shown(stage, **about).is_shut


def test_what_lacks_an_answer_or_what_its_answer_needs_is_open(stage: Stage):
    write_answer(stage.evaluation, "1.1.2", level=None)
    write_answer(stage.evaluation, "1.2.1", level=None, not_applicable=True, words=" ")
    stage.evaluation.evidence.all().delete()
    assert [(one.standing, one.is_shut) for one in (shown(stage, code) for code in ("1.1.2", "1.2.1", "1.1.1"))] == [
        ("open", False),
        ("lacking", False),
        ("lacking", False),
    ]


def test_a_figure_stands_for_an_answer_until_somebody_says_that_it_does_not_apply(stage: Stage):
    assert shown(stage, "3.1.1").is_filled_by_figures
    write_answer(stage.evaluation, "3.1.1", level=None, not_applicable=True, words="We have no such line.")
    assert (shown(stage, "3.1.1").is_filled_by_figures, shown(stage, "3.1.1").standing) == (False, "settled")


def test_a_save_tells_the_line_the_mark_and_the_level_of_a_number(stage: Stage):
    write_answer(
        stage.evaluation, "3.2.2", level=None, value=24, words="Of the <b>last</b> year.", by=stage.contributor
    )
    number = show_answer(stage.evaluation, stage.evaluation.answers.get(code="3.2.2"), "")
    described = {**describe_standing(number), **describe_result(number)}
    level = stage.framework.indicators["3.2.2"].level_of(24, stage.framework.scale)
    assert set(described) == {"standing", "line", "mark", "result"}
    assert f"</svg>{level}" in described["result"]
    for part in (stage.contributor.name, "“Of the &lt;b&gt;last&lt;/b&gt; year.”", f"</svg>{level}"):
        assert part in described["line"]


def test_the_page_counts_by_the_marks_that_the_script_keeps_true(client: Client, stage: Stage, sign_in: Any):
    write_answer(stage.evaluation, "1.1.2", level=None)
    address = reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"])
    page = sign_in(client, stage.coordinator).get(address)
    html = " ".join(page.content.decode().split())
    progress = page.context["progress"]
    assert html.count("data-counts") == progress.of
    assert html.count('data-standing="open"') == progress.of - progress.answered
    assert f'data-progress="{{answered}} of {{of}} answered">{progress.answered} of {progress.of} answered<' in html
    assert [code for code in ("1.1.1", "1.1.2") if f'data-fold="{code}" open' in html] == ["1.1.2"]


# --- Messages --------------------------------------------------------------------------------------------------------


def test_every_field_of_the_page_is_named_with_its_indicator(client: Client, stage: Stage, sign_in: Any):
    html = page_of(sign_in(client, stage.coordinator), stage, "3.2")
    names = [" ".join(strip_tags(one).split()) for one in re.findall(r"<(?:legend|label for=)[^>]*>.*?</l", html)]
    mine = [name for name in names if "in place" in name or "In your words" in name or "Which number" in name]
    assert len(mine) == len(set(mine)) == 2 * len(stage.framework.standards["3.2"].indicators)


def test_the_reason_for_not_applicable_is_asked_for_where_that_can_be_chosen(
    client: Client, stage: Stage, sign_in: Any
):
    html = page_of(sign_in(client, stage.coordinator), stage, "1.1")
    open_to = [code for code in ("1.1.1", "1.1.2") if stage.framework.indicators[code].not_applicable]
    assert html.count("For “not applicable”, the reason.") == len(open_to)
    assert html.count('value="na"') == len(open_to)


def test_bands_are_told_as_ranges_and_figures_without_digests(client: Client, stage: Stage, sign_in: Any):
    html = page_of(sign_in(client, stage.coordinator), stage, "3.1")
    assert "everything else" not in html
    assert "level 0: less than 60\xa0%; level 1: at least 60\xa0% and less than 80\xa0%" in html
    assert "definitions 1.0" in html
    assert "sha256" not in html


def page_of(client: Client, stage: Stage, standard: str) -> str:
    address = reverse("workspace:answers", args=[stage.evaluation.uid, standard])
    return " ".join(client.get(address).content.decode().split(" "))


def test_a_conflict_names_the_levels_and_marks_the_words_that_differ(client: Client, stage: Stage, sign_in: Any):
    write_answer(stage.evaluation, "1.1.2", level=1, words="We met once; no minutes were kept.", by=stage.contributor)
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])
    mine = {"version": "1", "level": "2", "words": "We met <twice>; the minutes were kept."}
    saved = sign_in(client, stage.coordinator).post(address, mine, headers={"Accept": "application/json"})
    panel = saved.json()["panel"]
    names = stage.evaluation.round.edition.texts("en")
    assert all(f"{level} {names[f'level/{level}']}" in " ".join(strip_tags(panel).split()) for level in (1, 2))
    assert (
        "We met &lt;<mark>twice</mark>&gt;; <mark>the</mark> minutes" in panel or "<mark>&lt;twice&gt;</mark>" in panel
    )
    assert "We met <mark>once</mark>" in panel


@pytest.mark.parametrize(
    ("text", "other", "marked"),
    [
        ("Two calls.", "Three calls.", "<mark>Two</mark> calls."),
        ("Same.", "Same.", "Same."),
        ("Alone <b>", "", "Alone &lt;b&gt;"),
        ("Mine, slower.", "Theirs, quicker.", "Mine, slower."),
        ("", "Gone", ""),
        ("Żółw śpi.", "Żółw nie śpi.", "Żółw śpi."),
    ],
)
def test_words_are_marked_that_the_other_text_has_not(text: str, other: str, marked: str):
    assert marked_against(text, other) == marked
