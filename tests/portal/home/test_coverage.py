"""One count of a self-assessment: every page, letter and file says the same, whatever is missing."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.answers.deadline.coverage import find_coverage
from evaluation.answers.submission import read_submission
from evaluation.models import Evaluation, Round, Submission
from evaluation.workflow import perform
from portal.evaluation.letters import list_open
from reports.submitted_answers import write_answers_page
from tests.bystander import new
from tests.factories import SIGNED, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db

MISSING = "1 indicator is filled from figures and has none"
WHY = "The export of the new telephone system comes in May."


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


def words_of(page: str) -> str:
    without = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(without).replace("\xa0", " ").split())


def take_figures_away(stage: Stage) -> None:
    """Let the round count a year for which nobody sent figures."""
    Round.objects.filter(pk=stage.evaluation.round_id).update(
        figures_from=date(2019, 1, 1), figures_until=date(2019, 12, 31)
    )


@pytest.fixture
def without_figures(stage: Stage) -> Stage:
    take_figures_away(stage)
    return stage


def read(client: Client, name: str, *args: object) -> str:
    return words_of(client.get(reverse(f"workspace:{name}", args=args)).content.decode())


def declare(client: Client, stage: Stage, **more: str) -> str:
    address = reverse("workspace:declaration", args=[stage.evaluation.uid])
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'name="(text|read)" value="(\w+)"', page))
    return client.post(address, {**hidden, "signed": "on", **more}, follow=True).content.decode()


def test_missing_figures_come_first_and_are_overridden_only_with_a_reason(
    without_figures: Stage, sign_in: Callable[..., Client]
) -> None:
    stage = without_figures
    evaluation, coordinator = stage.evaluation, sign_in(Client(), stage.coordinator)
    home = read(coordinator, "evaluation", evaluation.uid)
    assert "Nothing is left to answer" not in home
    assert home.split("What next")[1].split("first", 1)[1].strip().startswith(f"{evaluation.hotline.name}: {MISSING}")
    assert MISSING in read(sign_in(Client(), stage.people.mce), "evaluation", evaluation.uid)
    assert MISSING in list_open(new(Evaluation).get())
    assert MISSING in read(coordinator, "declaration", evaluation.uid)
    for refused in ({}, {"without_figures": "  "}):
        page = declare(coordinator, stage, **refused)
        assert "Say why the figures are missing, or send them in first." in words_of(page)
        assert not new(Submission).exists()
    submitted = words_of(declare(coordinator, stage, without_figures=WHY))
    assert WHY in submitted
    copy = read_submission(new(Submission).get())
    assert copy["without_figures"] == {"codes": ["3.1.1"], "reason": WHY}
    assert WHY in read(sign_in(Client(), stage.people.mce), "evaluation", evaluation.uid)
    assert WHY in words_of(write_answers_page(new(Submission).get(), "en"))


def test_a_reason_is_asked_only_while_figures_are_missing(stage: Stage, sign_in: Callable[..., Client]) -> None:
    coordinator = sign_in(Client(), stage.coordinator)
    assert "Why the figures are missing" not in read(coordinator, "declaration", stage.evaluation.uid)
    declare(coordinator, stage, without_figures=WHY)
    assert "without_figures" not in read_submission(new(Submission).get())


def test_the_reason_stays_when_it_is_sent_back(without_figures: Stage, sign_in: Callable[..., Client]) -> None:
    stage, coordinator = without_figures, sign_in(Client(), without_figures.coordinator)
    declare(coordinator, stage, without_figures=WHY)
    perform(new(Evaluation).get(), "send_back", by=stage.people.mce, note="Look again.")
    assert WHY in read(coordinator, "declaration", stage.evaluation.uid)


def _figures_missing(stage: Stage) -> None:
    take_figures_away(stage)


def _excused(stage: Stage) -> None:
    take_figures_away(stage)
    write_answer(stage.evaluation, "9.1.1", level=None, not_applicable=True, words="The police do it.")
    write_answer(stage.evaluation, "1.2.1", level=None, not_applicable=True, words="The police do it.")


def _typed_over(stage: Stage) -> None:
    take_figures_away(stage)
    write_answer(stage.evaluation, "3.1.1", value=95)


def _with_a_question_left(stage: Stage) -> None:
    write_answer(stage.evaluation, "1.1.2", level=None)


@pytest.mark.parametrize("change", [_figures_missing, _excused, _typed_over, _with_a_question_left])
@pytest.mark.parametrize("is_sent_back", [False, True])
def test_every_place_says_the_same(
    change: Callable[[Stage], None], stage: Stage, *, is_sent_back: bool, sign_in: Callable[..., Client]
) -> None:
    Stage(
        "self_assessment", people=stage.people, country="XB", round=stage.evaluation.round
    )  # another hotline, answered as usual
    if is_sent_back:
        perform(stage.evaluation, "submit", by=stage.coordinator, signed=SIGNED)
        perform(stage.evaluation, "send_back", by=stage.people.mce, note="Look again.")
    change(stage)
    evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    coverage = find_coverage(evaluation)
    left, open_ = len(coverage.left), len(coverage.unanswered)
    assert coverage.answered + left == coverage.of == sum(one.is_scored for one in evaluation.asked.values())
    said = f"{coverage.answered} of {coverage.of} indicators are answered."
    coordinator, mce = sign_in(Client(), stage.coordinator), sign_in(Client(), stage.people.mce)
    home = read(coordinator, "evaluation", evaluation.uid)
    assert said in home
    assert ("Nothing is left to answer." in home) == (not left)
    assert (f"{left} indicator left" in home or f"{left} indicators left" in home) == bool(left)
    assert said in read(coordinator, "declaration", evaluation.uid)
    board = words_of(mce.get(reverse("workspace:board", args=[evaluation.round.uid])).content.decode())
    assert f"{coverage.answered} of {coverage.of}" in board
    only = {"show": "unanswered"}
    page = coordinator.get(reverse("workspace:indicators", args=[evaluation.uid]), only).content.decode()
    assert f"{left} of {len(evaluation.asked)} indicators" in words_of(page)
    marked = [
        coordinator.get(reverse("workspace:answers", args=[evaluation.uid, code])).content.decode()
        for code in evaluation.framework.standards
    ]
    heads = [re.search(r"(\d+) of (\d+) answered", words_of(page)) for page in marked]
    assert sum(int(head[1]) for head in heads if head) == coverage.answered
    marks = [mark for page in marked for mark in re.findall(r'data-standing="(\w+)"\s+data-counts', page)]
    assert (len(marks), len(marks) - marks.count("open")) == (coverage.of, coverage.answered), "as the script counts"
    reasons = list_open(evaluation)
    assert (MISSING in reasons) == bool(coverage.without_figure)
    assert ("no answer" in reasons) == bool(open_)
    if open_:
        return
    perform(evaluation, "submit", by=stage.coordinator, signed=SIGNED)
    assert said in read(mce, "submissions", evaluation.uid)
    assert f"{coverage.answered} of {coverage.of}" in words_of(
        write_answers_page(Submission.objects.filter(evaluation=evaluation).first(), "en")
    )
