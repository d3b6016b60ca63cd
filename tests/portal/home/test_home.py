"""Home: the first actions, and the start page of each role."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Evaluation, Role
from evaluation.workflow import perform
from tests.bystander import new
from tests.factories import SIGNED, HotlineFactory, MembershipFactory, RoundFactory, evaluation_of, person
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent_back(sign_in: Callable[..., Client]) -> Stage:
    """Return a stage whose submitted self-assessment MCE sent back, with a reason."""
    stage = Stage("desk_review")
    address = reverse("workspace:move", args=[stage.evaluation.uid, "send_back"])
    sign_in(Client(), stage.people.mce).post(address, {"note": "Say who answers at night."})
    assert new(Evaluation).get().state == "self_assessment"
    return stage


def test_what_is_sent_back_stands_first_with_its_reason_and_what_to_do(
    sent_back: Stage, sign_in: Callable[..., Client]
):
    for who in (sent_back.coordinator, sent_back.contributor):
        page = sign_in(Client(), who).get(reverse("workspace:home"), follow=True)
        (first, *_others) = page.context["acts"]
        assert first.what == f"{sent_back.hotline.name}: the self-assessment is sent back to you"
        assert "“Say who answers at night.” Change your answers, then submit again by" in first.why
        text = page.content.decode()
        assert text.index("is sent back to you") < text.index("Progress by")
    mce = sign_in(Client(), sent_back.people.mce).get(reverse("workspace:evaluation", args=[sent_back.evaluation.uid]))
    assert [act.what for act in mce.context["acts"] if "sent back to you" in act.what] == []


def test_what_is_submitted_again_is_sent_back_no_more(sent_back: Stage, sign_in: Callable[..., Client]):
    perform(new(Evaluation).get(), "submit", signed=SIGNED, by=sent_back.coordinator)
    page = sign_in(Client(), sent_back.coordinator).get(reverse("workspace:home"), follow=True)
    assert "is sent back to you" not in page.content.decode()


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("checked", "The figures in figures-2026.csv are checked and wait to be confirmed"),
        ("unmatched", "The columns of figures-2026.csv wait to be matched"),
        ("returned", "The figures in figures-2026.csv are sent back to you"),
        ("confirmed", ""),
    ],
)
def test_a_file_of_figures_that_waits_for_the_hotline_is_on_home(
    sign_in: Callable[..., Client], state: str, message: str
):
    stage = Stage()
    type(stage.statistics).objects.filter(pk=stage.statistics.pk).update(state=state)
    page = sign_in(Client(), stage.coordinator).get(reverse("workspace:home"), follow=True)
    files = [act.what for act in page.context["acts"] if "figures-2026.csv" in act.what]
    assert files == ([message] if message else [])
    if message:
        assert reverse("workspace:statistics", args=[stage.statistics.uid]) in page.content.decode()


def test_a_guide_editor_lands_where_the_guide_is(sign_in: Callable[..., Client]):
    stage = Stage()
    answer = sign_in(Client(), stage.people.editor).get(reverse("workspace:home"))
    assert (answer.status_code, answer.url) == (302, reverse("wagtailadmin_home"))


def test_a_hotline_with_several_evaluations_sees_the_running_one_and_reaches_the_others(sign_in: Callable[..., Client]):
    hotline = HotlineFactory()
    coordinator = person(Role.COORDINATOR, hotline=hotline)
    for year, state in ((2020, "published"), (2024, "self_assessment"), (2026, "excused")):
        evaluation_of(hotline, round=RoundFactory(opens_on=date(year, 1, 12), name=f"Round of {year}"), state=state)
    page = sign_in(Client(), coordinator).get(reverse("workspace:home"), follow=True)
    assert page.context["evaluation"].round.name == "Round of 2024"
    assert [other.round.name for other in page.context["other_rounds"]] == ["Round of 2026", "Round of 2020"]


def test_somebody_of_two_hotlines_finds_the_running_evaluation_first(sign_in: Callable[..., Client]):
    user = person()
    for state in ("published", "self_assessment"):
        hotline = HotlineFactory()
        MembershipFactory(user=user, role=Role.CONTRIBUTOR, hotline=hotline)
        evaluation_of(hotline, state=state)
    page = sign_in(Client(), user).get(reverse("workspace:home"))
    assert [evaluation.state for evaluation in page.context["evaluations"]] == ["self_assessment", "published"]


def test_a_hotline_without_an_evaluation_reads_what_comes(sign_in: Callable[..., Client]):
    hotline = HotlineFactory()
    client = sign_in(Client(), person(Role.COORDINATOR, hotline=hotline))
    assert "Nothing is open for you" in client.get(reverse("workspace:home")).content.decode()
    RoundFactory(name="Not ours")
    coming = RoundFactory(name="Round 2027", opens_on=date(2027, 1, 12), answers_until=date(2027, 3, 31))
    coming.chosen.add(hotline)
    text = " ".join(client.get(reverse("workspace:home")).content.decode().split())
    assert "The self-assessment opens on 12 January 2027 and is to be submitted by 31 March 2027." in text
    assert "Not ours" not in text
    assert "Nothing is open for you" not in text
