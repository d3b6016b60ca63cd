"""Queries shared by pages and reports: progress, the newest rows, and a constant number of queries."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation import queries
from evaluation.models import Decision, Declaration, Evaluation, Finding, Hotline, Role, Scorecard, User
from evaluation.queries import Progress, given_codes, progress_by_domain, progress_of
from evaluation.workflow import perform
from tests.bystander import new
from tests.factories import (
    SIGNED,
    DecisionFactory,
    EvaluationFactory,
    HotlineFactory,
    OperationFactory,
    PublicationFactory,
    RoundFactory,
    ScorecardFactory,
    begin_visit,
    evaluation_of,
    finish_recording,
    noon,
    person,
    visit_of,
    write_all_answers,
    write_answer,
)
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

INDICATORS = tuple(SMALL.indicators.values())


# --- Progress ----------------------------------------------------------------------------------------------------


def test_progress_is_what_has_an_answer_of_what_is_scored():
    """3.1.3 is only shown: it counts neither as answered nor as open. 3.1.1 counts once there is a figure."""
    found = progress_of(SMALL, INDICATORS, {"1.1.1", "1.2.1", "3.1.3"})
    assert found == Progress(answered=2, of=8, foremost_open=2)
    assert progress_of(SMALL, INDICATORS, {"3.1.1"}) == Progress(answered=1, of=8, foremost_open=2)


def test_progress_is_rounded_down_so_that_100_means_everything():
    assert [Progress(answered, 8, 0).percent for answered in (0, 1, 7, 8)] == [0, 12, 87, 100]
    assert Progress(999, 1000, 0).percent == 99
    assert [Progress(answered, 8, 0).is_complete for answered in (7, 8)] == [False, True]


def test_nothing_to_answer_is_complete():
    shown = [indicator for indicator in INDICATORS if not indicator.is_scored]
    found = progress_of(SMALL, shown, set())
    assert (found, found.percent, found.is_complete) == (Progress(0, 0, 0), 100, True)


def test_progress_of_each_domain_adds_up():
    given = {"1.1.1", "3.2.1", "9.1.2"}
    by_domain = progress_by_domain(SMALL, SMALL.indicators, given)
    assert [
        (domain.code, progress.answered, progress.of, progress.foremost_open) for domain, progress in by_domain
    ] == [
        ("D1", 1, 3, 0),
        ("D3", 1, 3, 1),
        ("D9", 1, 2, 0),
    ]
    assert sum(progress.of for _, progress in by_domain) == progress_of(SMALL, INDICATORS, given).of


def test_a_level_a_number_and_an_exception_are_given_and_words_are_not():
    evaluation, other = evaluation_of(), evaluation_of()
    write_answer(evaluation, "1.1.1", level=0)
    write_answer(evaluation, "3.2.2", value=0)
    write_answer(evaluation, "1.2.1", not_applicable=True)
    write_answer(evaluation, "1.1.2", words="We shall see.")
    write_answer(other, "9.1.2", level=3)
    assert given_codes([evaluation, other, evaluation_of()]) == {
        evaluation.pk: {"1.1.1", "3.2.2", "1.2.1"},
        other.pk: {"9.1.2"},
    }
    assert given_codes([evaluation], Finding) == {}


def test_what_the_team_must_look_at_stands_in_the_order_of_the_guide():
    evaluation = evaluation_of()
    assert [indicator.code for indicator in queries.to_be_observed(evaluation)] == ["3.2.1", "9.1.1", "9.1.2"]
    write_answer(evaluation, "1.2.1", not_applicable=True)
    assert [indicator.code for indicator in queries.to_be_observed(evaluation)] == ["1.2.1", "3.2.1", "9.1.1", "9.1.2"]


# --- The newest rows ---------------------------------------------------------------------------------------------


def test_the_latest_scorecard_is_the_one_kept_last_wherever_it_is_asked():
    one, other, none = (EvaluationFactory() for _ in range(3))
    day = timedelta(days=1)
    newest = ScorecardFactory(evaluation=one, judged_at=noon() + day)
    ScorecardFactory(evaluation=one, judged_at=noon())
    first, second = (ScorecardFactory(evaluation=other, judged_at=noon()) for _ in range(2))
    assert second.pk > first.pk
    assert queries.latest_scorecards([one, other, none]) == {one.pk: newest, other.pk: second}
    assert [e.latest_scorecard for e in (one, other, none)] == [newest, second, None]
    assert set(new(Scorecard).latest_of_each()) == {newest, second}
    assert [*Scorecard.objects.latest_of(other)] == [second]


def test_of_two_decisions_of_the_same_moment_the_later_one_stands():
    card = ScorecardFactory(evaluation=EvaluationFactory())
    first, second = (DecisionFactory(scorecard=card, decided_at=noon()) for _ in range(2))
    assert second.pk > first.pk
    assert card.evaluation.current_decision == card.evaluation.decisions.first() == second


def decided(state: str, on: date, **details: object) -> Decision:
    card = ScorecardFactory(evaluation=EvaluationFactory(state=state, **details))
    decision = DecisionFactory(scorecard=card, decided_on=on)
    if state == "published":
        PublicationFactory(decision=decision)
    return decision


def test_only_what_is_published_is_public_and_the_newest_stands_first():
    older, newer = decided("published", date(2024, 5, 4)), decided("published", date(2026, 5, 4))
    decided("decided", date(2026, 6, 1))
    assert list(queries.published_decisions() & new(Decision)) == [newer, older]


def test_the_steps_of_several_things_newest_first():
    stage, other = Stage.minimal("study_visit"), Stage.minimal("self_assessment")
    begin_visit(stage.visit, by=stage.people.lead)
    perform(finish_recording(stage.visit), "sign_off", by=stage.people.lead)
    perform(other.evaluation, "submit", signed=SIGNED, by=other.coordinator)
    moves = [step.move for step in queries.steps_of(stage.evaluation, stage.visit)]
    assert moves == ["begin_report", "sign_off", "enter_findings", *["finish_recording"] * 3, "begin_on_another_day"]
    assert [s.move for s in queries.steps_of(stage.evaluation, stage.visit, newest=2)] == ["begin_report", "sign_off"]
    assert queries.steps_of() == queries.steps_of(RoundFactory()) == []


# --- A constant number of queries --------------------------------------------------------------------------------


def one_more() -> Evaluation:
    """Return a published evaluation with everything that a list may show."""
    hotline = HotlineFactory()
    OperationFactory(hotline=hotline)
    evaluation = evaluation_of(hotline, state="published")
    write_all_answers(evaluation)
    visit_of(evaluation, lead=person(Role.ASSESSOR), members=[person(Role.ASSESSOR)])
    decided("published", date(2026, 5, 4), hotline=hotline)
    return evaluation


def read_pages() -> list[str]:
    evaluations = queries.for_pages(Evaluation.objects.filter(visit__isnull=False))
    return [
        f"{e.hotline} {e.operator} {e.round.edition.code} {[m.user.name for m in e.visit.team.all()]}"
        for e in evaluations
    ]


def read_published() -> list[str]:
    found = queries.published_decisions()
    return [f"{d.evaluation.hotline} {d.evaluation.round.edition.code} {d.scorecard.overall_tenths}" for d in found]


def _who_declared() -> User:
    member = person(Role.PANEL_MEMBER)
    everything = new(Evaluation)
    Declaration.objects.bulk_create(Declaration(evaluation=e, user=member, has_stake=False) for e in everything)
    return User.objects.get(pk=member.pk)


READS = {
    "lists": read_pages,
    "given": lambda: given_codes(new(Evaluation)),
    "scorecards": lambda: queries.latest_scorecards(new(Evaluation)),
    "outcomes": read_published,
    "operators": lambda: [hotline.operation_today.operator.name for hotline in queries.with_operators(new(Hotline))],
    "visible": lambda: list(queries.visible_to(_who_declared())),
    "to be declared": lambda: list(queries.to_be_declared_by(person(Role.PANEL_MEMBER))),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_three_rows_ask_as_many_questions_as_one(read):
    asked, found = [], []
    one_more()
    for _ in range(2):
        with CaptureQueriesContext(connection) as questions:
            found.append(len(read()))
        asked.append(len(questions))
        one_more()
        one_more()
    assert asked[0] == asked[1]
    assert 0 < found[0] < found[1]


def test_the_steps_with_their_names_are_one_question(django_assert_num_queries):
    stage = Stage.minimal("study_visit")
    begin_visit(stage.visit, by=stage.people.assessor)
    perform(finish_recording(stage.visit), "sign_off", by=stage.people.lead)
    with django_assert_num_queries(1):
        names = [step.words.by.name for step in queries.steps_of(stage.visit)]
    assert (names[0], names[-1], len(names)) == (stage.people.lead.name, stage.people.assessor.name, 6)
    assert isinstance(queries.steps_of(stage.visit)[0].at, datetime)
