"""The menu of a hotline's user leads into the evaluation of the address, or the running one."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from evaluation.models import Evaluation, Hotline, Role, User
from portal.requests.navigation import Item, navigation
from tests.factories import HotlineFactory, RoundFactory, evaluation_of, person, visit_of

pytestmark = pytest.mark.django_db

State = Evaluation.State


@pytest.fixture
def hotline() -> Hotline:
    return HotlineFactory()


@pytest.fixture
def coordinator(hotline: Hotline) -> User:
    return person(Role.COORDINATOR, hotline=hotline)


def evaluation_in(hotline: Hotline, state: str, year: int = 2026) -> Evaluation:
    return evaluation_of(hotline, round=RoundFactory(opens_on=date(year, 1, 12)), state=state)


def menu(user: User, path: str = "/work/account/") -> list[Item]:
    request: Any = RequestFactory().get(path)
    request.user, request.resolver_match = User.objects.get(pk=user.pk), resolve(path)
    return list(navigation(request)["nav"])


def labels(items: list[Item]) -> list[str]:
    return [item.label for item in items]


def target_evaluation(items: list[Item]) -> UUID:
    return next(UUID(item.url.split("/")[3]) for item in items if item.label == "Scorecard")


@pytest.mark.parametrize(
    ("state", "rooms"),
    [
        ("self_assessment", ["Self-assessment", "Scorecard"]),
        ("excused", ["Self-assessment", "Scorecard"]),
        ("response", ["Self-assessment", "Study visit", "Scorecard", "Recommendations"]),
        ("published", ["Self-assessment", "Study visit", "Scorecard", "Report", "Recommendations"]),
    ],
)
def test_the_menu_has_what_has_something_at_the_stage(
    hotline: Hotline, coordinator: User, state: str, rooms: list[str]
):
    evaluation = evaluation_in(hotline, state)
    if "Study visit" in rooms:
        visit_of(evaluation)
    assert labels(menu(coordinator)) == ["Home", *rooms, "Figures", "Good practice", "Consultations"]


def test_the_running_evaluation_comes_before_newer_and_older_ones(hotline: Hotline, coordinator: User):
    evaluation_in(hotline, State.PUBLISHED, 2022)
    excused = evaluation_in(hotline, State.EXCUSED, 2028)
    assert target_evaluation(menu(coordinator)) == excused.uid
    report = evaluation_in(hotline, State.REPORT, 2024)
    assert target_evaluation(menu(coordinator)) == report.uid
    running = evaluation_in(hotline, State.SELF_ASSESSMENT, 2023)
    assert target_evaluation(menu(coordinator)) == running.uid


def test_the_address_goes_before_that_and_says_where_one_is(hotline: Hotline, coordinator: User):
    old = evaluation_in(hotline, State.PUBLISHED, 2022)
    evaluation_in(hotline, State.SELF_ASSESSMENT)
    for view, args, label, current in (
        ("evaluation", [], "Home", "true"),
        ("answers", ["3.2"], "Self-assessment", "true"),
        ("answers", ["1.1"], "Self-assessment", "page"),
        ("indicators", [], "Self-assessment", "true"),
        ("what_if", [], "Scorecard", "true"),
        ("report", [], "Report", "page"),
        ("plan", [], "Recommendations", "true"),
    ):
        items = menu(coordinator, reverse(f"workspace:{view}", args=[old.uid, *args]))
        assert target_evaluation(items) == old.uid
        assert [(item.label, item.current) for item in items if item.current] == [(label, current)]


def test_nobody_is_led_into_the_evaluation_of_another_hotline(coordinator: User):
    other = evaluation_in(HotlineFactory(), State.SELF_ASSESSMENT)
    items = menu(coordinator, reverse("workspace:evaluation", args=[other.uid]))
    assert labels(items) == ["Home", "Figures", "Good practice", "Consultations"]
    assert "Self-assessment" not in labels(menu(person(Role.MCE_COORDINATOR)))


def test_the_menu_asks_once_however_many_rounds_there_were(hotline: Hotline, coordinator: User):
    asked = []
    for year in (2020, 2021, 2022):
        evaluation_in(hotline, State.PUBLISHED, year)
        menu(coordinator)
        with CaptureQueriesContext(connection) as queries:
            menu(coordinator)
        asked.append(len(queries))
    assert len(set(asked)) == 1
