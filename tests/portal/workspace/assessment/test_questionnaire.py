"""The questionnaire: which indicators are shut to one line, and what a save changes outside of its form."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Evaluation, UnresolvedText
from evaluation.teamwork.discussions import Summary
from portal.presentation.indicators.indicator import ShownIndicator
from portal.workspace.assessment.standing import describe_standing, show_answer
from tests.factories import write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


def shown(stage: Stage, code: str = "1.1.2", **changed: Any) -> ShownIndicator:
    evaluation = Evaluation.objects.get()
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
    told = describe_standing(stage.evaluation, stage.evaluation.answers.get(code="3.2.2"), "")
    level = stage.framework.indicators["3.2.2"].level_of(24, stage.framework.scale)
    assert set(told) == {"standing", "line", "mark", "result"}
    assert f"</svg>{level}" in told["result"]
    for part in (stage.contributor.name, "“Of the &lt;b&gt;last&lt;/b&gt; year.”", f"</svg>{level}"):
        assert part in told["line"]


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
