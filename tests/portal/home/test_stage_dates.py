"""The dates on the rail: when a stage ended, the days of the visit, and until when the present one lasts."""

from datetime import date, timedelta

import pytest

from evaluation import queries
from evaluation.models import Evaluation, Role
from evaluation.workflow import write_step
from portal.home.stage_dates import notes_of_stages
from portal.home.what_next import lines_of_stage
from portal.moves.pages import stages
from tests.bystander import new
from tests.factories import TeamMemberFactory, VisitFactory, evaluation_of, person
from tests.follow_ups import CODE, Followed

pytestmark = pytest.mark.django_db

State = Evaluation.State
UNTIL = date(2027, 3, 31)


def evaluation_at(state: str, *moves: tuple[str, str, str], **details: date) -> Evaluation:
    """Return an evaluation with a step for each move: its name, and the states before and after it."""
    evaluation = evaluation_of(state=state, **details)
    for name, source, target in moves:
        Evaluation.objects.filter(pk=evaluation.pk).update(state=target)
        write_step(Evaluation.objects.get(pk=evaluation.pk), name, source, by=None, note="Flooded.")
    Evaluation.objects.filter(pk=evaluation.pk).update(state=state)
    return Evaluation.objects.get(pk=evaluation.pk)


def notes(evaluation: Evaluation) -> dict[str, str]:
    steps = queries.steps_of(evaluation)
    return {stage.label: stage.note for stage in stages(evaluation, notes_of_stages(
        evaluation, steps, evaluation.arranged_visit, UNTIL if evaluation.is_open else None
    )) if stage.note}  # fmt: skip


SUBMITTED = ("submit", "self_assessment", "desk_review")
ACCEPTED = ("accept", "desk_review", "study_visit")


def today(evaluation: Evaluation) -> str:
    day = evaluation.round.today
    return f"{day.day} {day:%b} {day.year}"


def test_an_open_self_assessment_has_its_last_day_and_the_days_of_the_visit():
    evaluation = evaluation_at("self_assessment", SUBMITTED, ("send_back", "desk_review", "self_assessment"))
    assert notes(evaluation) == {"Self-assessment": "to 31 Mar 2027"}
    VisitFactory(evaluation=evaluation, starts_on=date(2027, 5, 18), ends_on=date(2027, 5, 19))
    evaluation = new(Evaluation).get()
    assert notes(evaluation)["Study visit"] == "18 May 2027 – 19 May 2027"


def test_a_stage_that_is_over_has_the_day_on_which_it_was_left():
    evaluation = evaluation_at("study_visit", SUBMITTED, ACCEPTED, ("set_traits", "study_visit", "study_visit"))
    VisitFactory(evaluation=evaluation, starts_on=date(2027, 5, 18), ends_on=date(2027, 5, 18))
    evaluation = new(Evaluation).get()
    day = today(evaluation)
    assert notes(evaluation) == {"Self-assessment": day, "Desk review": day, "Study visit": "18 May 2027"}


def test_the_response_has_its_last_day_and_a_decided_evaluation_the_day_of_its_decision():
    assert notes(evaluation_at("response", respond_by=UNTIL)) == {"Response": "to 31 Mar 2027"}
    decided = evaluation_at("decided", ("decide", "decision", "decided"))
    assert notes(decided) == {"Decision": today(decided), "Decided": today(decided)}
    assert notes(evaluation_at("excused")) == {}


# --- What happens next -----------------------------------------------------------------------------------------------


def next_of(evaluation: Evaluation) -> list[tuple[str, str]]:
    acts = lines_of_stage(evaluation, person(), queries.steps_of(evaluation))
    return [(act.what, act.why) for act in acts]


def test_after_the_submission_the_hotline_reads_what_happens_next_and_when():
    evaluation = evaluation_at("desk_review", SUBMITTED)
    (reads, when), arranged = next_of(evaluation)
    assert reads == "Missing Children Europe reads the self-assessment"
    assert when.startswith("Submitted ")
    assert arranged == ("The study visit is arranged next", "Missing Children Europe names the team and the days.")
    first = date(2027, 5, 18)
    VisitFactory(evaluation=evaluation, starts_on=first, ends_on=first + timedelta(days=1))
    assert next_of(new(Evaluation).get())[1] == (
        "Missing Children Europe changes the team of the study visit",
        "Nobody leads it, or somebody on it has a stake in this hotline.",
    )
    TeamMemberFactory(visit=evaluation.visit, user=person(Role.ASSESSOR), is_lead=True)
    assert next_of(new(Evaluation).get())[1] == (
        "The study visit is planned, and its agenda is sent next",
        "18 May 2027 to 19 May 2027.",
    )
    new(Evaluation).update(state=State.STUDY_VISIT)
    evaluation.visit.__class__.objects.update(state="under_way", ends_on=first)
    assert next_of(new(Evaluation).get()) == [("The study visit is under way", "18 May 2027")]


def test_an_excused_hotline_reads_why():
    excused = evaluation_at("excused", ("excuse", "self_assessment", "excused"))
    assert next_of(excused) == [
        ("The hotline is excused from this round", "“Flooded.” Nothing is to be done; what was written stays.")
    ]


def test_a_follow_up_that_ended_without_a_decision_leaves_the_dates_of_the_decision(monkeypatch: pytest.MonkeyPatch):
    followed = Followed(monkeypatch)
    decided = {"Decision": "2 Mar 2026", "Decided": "2 Mar 2026", "Published": "2 Mar 2026"}
    assert notes(followed.evaluation) == {"Study visit": "2 Mar 2026 – 4 Mar 2026", **decided}
    followed.follow_up(date(2026, 6, 1))
    followed.begin_visit(CODE)
    assert notes(followed.evaluation) == {"Desk review": "1 Jun 2026", "Study visit": "1 Jun 2026"}
    followed.record()
    followed.finish()
    followed.end()
    assert notes(followed.evaluation) == decided
    followed.follow_up(date(2026, 7, 1))
    assert notes(followed.evaluation) == {}
