"""Assignments of indicators: given, taken over, given back, and removed when somebody leaves."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.answers.judgements import Closed
from evaluation.discussions.assignments import (
    InvalidAssignment,
    assign,
    find_assignments,
    members_of,
    names_of,
    share_of,
)
from evaluation.models import Assignment, Evaluation, Membership, Role, Round
from tests.factories import evaluation_of, person

pytestmark = pytest.mark.django_db


class Team:
    """A hotline in self-assessment with a coordinator and two contributors."""

    def __init__(self) -> None:
        self.evaluation = evaluation_of()
        hotline = self.evaluation.hotline
        self.coordinator = person(Role.COORDINATOR, hotline=hotline, name="Zofia")
        self.ana = person(Role.CONTRIBUTOR, hotline=hotline, name="Ana")
        self.marek = person(Role.CONTRIBUTOR, hotline=hotline, name="Marek")
        self.today = self.evaluation.round.today

    def assignees(self) -> dict[str, str]:
        found = find_assignments(self.evaluation, members_of(self.evaluation.hotline))
        return {code: row.to.name for code, row in found.items()}


@pytest.fixture
def team() -> Team:
    return Team()


@pytest.mark.everywhere
def test_a_coordinator_gives_a_standard_and_then_one_of_it_to_somebody_else(team: Team):
    day = team.today + timedelta(days=2)
    assign(team.evaluation, ["1.1.1", "1.1.2"], to=team.marek, until=day, by=team.coordinator)
    done = assign(team.evaluation, ["1.1.2"], to=team.ana, by=team.coordinator)
    assert (done.codes, team.assignees()) == (("1.1.2",), {"1.1.1": "Marek", "1.1.2": "Ana"})
    assert {row.code: row.until for row in Assignment.objects.all()} == {"1.1.1": day, "1.1.2": None}
    assert names_of(find_assignments(team.evaluation, members_of(team.evaluation.hotline)), ["1.1.1"]) == ["Marek"]


def test_what_is_given_again_unchanged_changes_nothing(team: Team):
    assign(team.evaluation, ["1.1.1"], to=team.marek, by=team.coordinator)
    Assignment.objects.update(told_at=timezone.now())
    assert assign(team.evaluation, ["1.1.1"], to=team.marek, by=team.coordinator).codes == ("1.1.1",)
    later = assign(team.evaluation, ["1.1.1"], to=team.marek, until=team.today, by=team.coordinator)
    assert (later.codes, Assignment.objects.get().told_at is None) == (("1.1.1",), False)


def test_a_contributor_takes_over_with_the_day_and_gives_back(team: Team):
    assign(team.evaluation, ["1.1.1"], to=team.marek, until=team.today, by=team.coordinator)
    assign(team.evaluation, ["1.1.1"], to=team.ana, by=team.ana)
    row = Assignment.objects.get()
    assert (row.to, row.until, row.told_at is None) == (team.ana, team.today, False)
    assert assign(team.evaluation, ["1.1.1"], to=None, by=team.ana).codes == ("1.1.1",)
    assert team.assignees() == {}


@pytest.mark.parametrize("to", ["marek", None])
def test_a_contributor_gives_nobody_elses_indicator_away(team: Team, to: str | None):
    assign(team.evaluation, ["1.1.1"], to=team.marek, by=team.coordinator)
    with pytest.raises(InvalidAssignment, match="not_permitted"):
        assign(team.evaluation, ["1.1.1"], to=to and team.marek, by=team.ana)
    assert team.assignees() == {"1.1.1": "Marek"}


def test_nothing_is_given_to_strangers_for_days_that_are_over_or_without_an_indicator(team: Team):
    last = team.evaluation.round.answers_until
    stranger = person(Role.MCE_COORDINATOR)
    wrong = [
        ("nothing_chosen", {"codes": ["9.9.9"], "to": team.ana}),
        ("not_of_the_hotline", {"codes": ["1.1.1"], "to": stranger}),
        ("day_is_over", {"codes": ["1.1.1"], "to": team.ana, "until": team.today - timedelta(days=1)}),
        ("day_after_the_last", {"codes": ["1.1.1"], "to": team.ana, "until": last + timedelta(days=1)}),
    ]
    found = []
    for _code, values in wrong:
        with pytest.raises(InvalidAssignment) as refused:
            assign(team.evaluation, by=team.coordinator, **values)
        found.append(refused.value.code)
    assert (found, Assignment.objects.count()) == ([code for code, _values in wrong], 0)


def test_once_the_last_day_of_the_round_is_over_any_later_day_can_be_named(team: Team):
    Round.objects.update(answers_until=team.today - timedelta(days=1))
    team.evaluation = Evaluation.objects.get(pk=team.evaluation.pk)
    assign(team.evaluation, ["1.1.1"], to=team.ana, until=team.today, by=team.coordinator)
    assert Assignment.objects.get().until == team.today


def test_after_the_submission_nothing_changes_hands(team: Team):
    Evaluation.objects.update(state=Evaluation.State.DESK_REVIEW)
    assert assign(team.evaluation, ["1.1.1"], to=team.ana, by=team.coordinator) == Closed()


def test_what_somebody_had_who_left_nobody_has(team: Team):
    assign(team.evaluation, ["1.1.1"], to=team.marek, by=team.coordinator)
    assign(team.evaluation, ["1.1.2"], to=team.ana, by=team.coordinator)
    Membership.objects.filter(user=team.marek).update(until=timezone.localdate() - timedelta(days=1))
    assert team.assignees() == {"1.1.2": "Ana"}


def test_a_share_is_what_is_unanswered_in_the_order_of_the_guide(team: Team):
    framework = team.evaluation.framework
    assign(team.evaluation, ["1.1.1", "1.1.2", "1.2.1"], to=team.ana, by=team.coordinator)
    assignments = find_assignments(team.evaluation, members_of(team.evaluation.hotline))
    share = share_of(team.ana, framework, assignments, ["1.1.2", "1.2.1"])
    highest_obligation = sum(
        framework.has_highest_obligation(framework.indicators[code]) for code in ("1.1.2", "1.2.1")
    )
    assert (share.codes, share.highest_count) == (("1.1.2", "1.2.1"), highest_obligation)
    assert share_of(team.marek, framework, assignments, ["1.1.2"]).codes == ()


def test_the_queries_do_not_grow_with_indicators_and_people(team: Team):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            find_assignments(team.evaluation, members_of(team.evaluation.hotline))
        return len(queries)

    before = asked()
    for number in range(5):
        person(Role.CONTRIBUTOR, hotline=team.evaluation.hotline, name=f"P{number}")
    assign(team.evaluation, list(team.evaluation.framework.indicators), to=team.ana, by=team.coordinator)
    assert asked() == before == 2
