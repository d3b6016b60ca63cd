"""The bystander: another hotline that stands in the database of every test. And the rows that a test made beside it.

It has an edition, people and two rounds of its own: in the earlier one it was accredited with a condition and appealed;
the later one waits for its response to the second of two scorecards. A query of the product that misses a filter finds
its rows, so that the test of the query fails. Its dates are past or far in the future: no reminder is due, nothing is
late, and nobody but its own people has anything to do. Its assessors and panel members have no role today.
"""

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat

from evaluation.answers.submission import store_submission
from evaluation.models import (
    Appeal,
    EarlierVisit,
    Evaluation,
    Finding,
    Fulfilment,
    Membership,
    Recommendation,
    Round,
    StatisticsImport,
    User,
    Visit,
)
from evaluation.workflow.log import write_step
from portal.demonstration.clock import run_clock
from portal.letters.models import Letter
from reports.models import Printing
from tests.conftest import store_files_in
from tests.factories import (
    SIGNED,
    AppealFactory,
    CommentFactory,
    DecisionFactory,
    FulfilmentFactory,
    IssueFactory,
    PrintingFactory,
    ProofFactory,
    PublicationFactory,
    RecommendationFactory,
    RequirementFactory,
    ResponseFactory,
    RoundFactory,
    released_edition,
    scorecard_of,
    write_answer,
)
from tests.small_edition import SMALL
from tests.stage import PEOPLE, Stage

COUNTRY = "ZY"
"""The country of the hotline. No test and no factory uses it."""
State = Evaluation.State
EDITION = replace(SMALL, code="Z1")
NEVER = date(2099, 12, 31)
BEGAN, RESUMED = datetime(2019, 6, 3, 12, tzinfo=UTC), datetime(2022, 6, 6, 12, tzinfo=UTC)

Row = TypeVar("Row", bound=models.Model)
_FOLDERS: list[TemporaryDirectory[str]] = []
LARGEST: dict[type[models.Model], int] = {}
"""The largest key of each model before the first test."""
is_there = False
"""Whether the scene of the present test has it."""


def new(model: type[Row]) -> "QuerySet[Row]":
    """Return the rows that a test made, without those of the bystander."""
    rows = model._default_manager.all()
    return rows.filter(pk__gt=LARGEST[model]) if is_there and model in LARGEST else rows


def files_of_bystander() -> Path:
    """Return the folder of its files, of which each test has copies."""
    return Path(_FOLDERS[0].name)


@cache
def _read_files() -> tuple[list[Path], list[tuple[Path, int, bytes]]]:
    """Return its folders, each after the one around it, and its files with their modes."""
    root = files_of_bystander()
    paths = [(path, path.relative_to(root)) for path in sorted(root.rglob("*"))]
    files = [(name, path.stat().st_mode, path.read_bytes()) for path, name in paths if path.is_file()]
    return [name for path, name in paths if path.is_dir()], files


def copy_files_of_bystander(place: Path) -> None:
    """Write its files into a new folder. They are read once: thousands of tests have a copy."""
    folders, files = _read_files()
    place.mkdir(exist_ok=True)
    for name in folders:
        (place / name).mkdir(exist_ok=True)
    for name, mode, content in files:
        with os.fdopen(os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)


def bystander() -> None:
    """Set up the scene in which every test begins, unless it names another one."""
    _FOLDERS.append(TemporaryDirectory())  # of this process, which was forked from the one that collected the tests
    with pytest.MonkeyPatch.context() as monkeypatch, transaction.atomic():
        store_files_in(files_of_bystander(), monkeypatch)
        with run_clock(BEGAN) as clock:
            earlier = Stage("decision", country=COUNTRY, framework=EDITION, round=_round(2019, Round.State.CLOSED))
            _furnish(earlier)
            _publish(earlier)
            clock.set(RESUMED)
            people, round_ = earlier.people, _round(2022, Round.State.OPEN)
            later = Stage("report", people, framework=EDITION, round=round_, earlier=earlier)
            _furnish(later)
            _send_draft_twice(later)
            _mark_people(later)
        _write_steps(earlier, "publish", State.DECIDED, State.PUBLISHED)
        _write_steps(later, "propose", State.REPORT, State.RESPONSE)
        write_step(earlier.decision.accreditation, "check_midterm", "valid", by=people.mce)
        connection.run_on_commit.clear()  # as in a test, nothing is sent
    for model in apps.get_models():
        largest = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
        if isinstance(largest, int):
            LARGEST[model] = largest


def _round(year: int, state: str) -> Round:
    return RoundFactory(
        name=f"Bystander's round of {year}",
        edition=released_edition(EDITION, ("en", "fr")),
        state=state,
        opens_on=date(year, 1, 14),
        answers_until=date(year, 4, 1) if state == Round.State.CLOSED else NEVER,
        figures_from=date(year - 1, 1, 1),
        figures_until=date(year - 1, 12, 31),
    )


def _furnish(stage: Stage) -> None:
    """Create what else an evaluation has once its visit is over."""
    evaluation, people, at = stage.evaluation, stage.people, stage.evaluation.opened_at
    Visit.objects.filter(pk=stage.visit.pk).update(starts_on=at.date(), ends_on=at.date())
    EarlierVisit.objects.create(
        evaluation=evaluation, starts_on=at.date(), ends_on=at.date(), mode=stage.visit.mode, lead=people.lead
    )
    for audience, by in (("hotline", stage.coordinator), ("review", people.lead)):
        discussion = evaluation.discussions.create(
            code="1.1.2", audience=audience, resolved_at=at, resolved_by=stage.coordinator
        )
        discussion.comments.create(by=by, words="What does the bystander do at night?")
    question = evaluation.desk_questions.create(
        code="1.1.2", by=people.lead, words="Who is the bystander?", sent_at=at, answer="Us.",
        answered_by=stage.coordinator, answered_at=at,
    )  # fmt: skip
    question.proofs.create(address="https://example.org/bystander", by=stage.coordinator)
    evaluation.desk_marks.create(code="1.1.2", by=people.lead, kind="look", words="Bystander's rota.", at=at)
    stage.visit.observations.create(by=people.assessor, code="3.2.1", at=at)
    stage.visit.observations.update(
        level=2, words="Bystander's night.", strength="Calm.", concern="Alone.", version=1, save_uid=uuid4()
    )
    stage.hotline.statistics.filter(state=StatisticsImport.State.CONFIRMED).update(
        state=StatisticsImport.State.ACCEPTED
    )
    Letter.objects.create(
        to_user=stage.coordinator, to_address=stage.coordinator.email, subject="Bystander's letter", body="Hello.",
        written_at=at, sent_at=at,
    )  # fmt: skip


def _publish(stage: Stage) -> None:
    """Accredit the hotline with a condition, which it meets, publish that, and uphold the decision on appeal."""
    people, day = stage.people, stage.evaluation.opened_at.date()
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state=State.PUBLISHED)
    CommentFactory(scorecard=stage.scorecard, user=people.panel, words="Bystander's rota, once more.")
    stage.decision = DecisionFactory(
        scorecard=stage.scorecard, outcome="conditional", decided_by=people.panel, decided_on=day, valid_until=NEVER
    )
    requirement = RequirementFactory(decision=stage.decision, text="Name a bystander.", due_on=day)
    FulfilmentFactory(requirement=requirement, state=Fulfilment.State.MET)
    stage.issue = IssueFactory(decision=stage.decision)
    IssueFactory(decision=stage.decision, extent="whole", number=2)
    PrintingFactory(decision=stage.decision, state=Printing.State.DONE, issue=stage.issue, asked_by=people.mce)
    PublicationFactory(decision=stage.decision)
    appeal = AppealFactory(
        decision=stage.decision, lodged_by=stage.coordinator, state=Appeal.State.UPHELD, grounds="Bystander's grounds."
    )
    appeal.declarations.create(user=people.elsewhere, has_stake=False)
    appeal.votes.create(user=people.elsewhere, outcome="conditional", words="Bystander's vote.")
    Recommendation.objects.filter(pk=stage.recommendation.pk).update(state=Recommendation.State.IN_PROGRESS)
    RecommendationFactory(evaluation=stage.evaluation, code="3.2.1", state=Recommendation.State.CLOSED)
    ProofFactory(recommendation=stage.recommendation, document=stage.document, by=stage.coordinator)


def _send_draft_twice(stage: Stage) -> None:
    """Send a draft, which the panel takes back after the response, and another one, whose response is awaited."""
    evaluation = stage.evaluation
    older = scorecard_of(evaluation)
    ResponseFactory(scorecard=older, given_by=stage.coordinator, remarks={"1.1.2": "Look at the bystander again."})
    CommentFactory(scorecard=older, user=stage.people.panel, words="Not yet, bystander.")
    write_answer(evaluation, "1.1.2", Finding, level=2, words="Bystander's shift, seen again.")
    scorecard_of(evaluation)
    RecommendationFactory(evaluation=evaluation)
    Evaluation.objects.filter(pk=evaluation.pk).update(state=State.RESPONSE, respond_by=NEVER)
    evaluation.draft_remarks.create(code="1.1.2", words="The bystander was ill.", by=stage.coordinator)


def _write_steps(stage: Stage, last: str, source: str, target: str) -> None:
    """Write the steps of the submission and of the last move, as of now: the calendar looks at the newest step."""
    evaluation = stage.evaluation
    for name, *ends, by in (
        ("submit", State.SELF_ASSESSMENT, State.DESK_REVIEW, stage.coordinator),
        (last, source, target, stage.people.lead),
    ):
        Evaluation.objects.filter(pk=evaluation.pk).update(state=ends[1])
        evaluation.refresh_from_db()
        step = write_step(evaluation, name, ends[0], by=by, note="Bystander's note.")
        if name == "submit":
            store_submission(evaluation, step, signed=SIGNED)


def _mark_people(stage: Stage) -> None:
    """Give all people names of their own, and end the roles of those who are not of the hotline."""
    everybody = [*(stage.user(name) for name in PEOPLE), stage.coordinator, stage.contributor, stage.neighbour]
    keys = [user.pk for user in everybody]
    User.objects.filter(pk__in=keys).update(name=Concat(Value("Bystander "), F("name")))
    User.groups.through.objects.filter(user__in=keys).delete()
    ended = Membership.objects.filter(user__in=keys, hotline=None)
    ended.update(until=stage.evaluation.opened_at.date(), ended_at=stage.evaluation.opened_at)
