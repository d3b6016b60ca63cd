"""Measures on the empty database of this process. Prints one JSON object per line."""

import itertools
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

from tests.bench import floors
from tests.bench.comparison import measure_comparison
from tests.bench.concurrent_imports import measure_during_imports
from tests.bench.edition_files import measure_edition_files
from tests.bench.editions import measure_editions
from tests.bench.engine import measure_engine, measure_many, measure_why
from tests.bench.guide import measure_search
from tests.bench.home import measure_home
from tests.bench.many_answers import measure_among_many
from tests.bench.network import measure_network_year
from tests.bench.pages import measure_pages
from tests.bench.scale import FULL, Scale
from tests.bench.teams import measure_teams
from tests.bench.timing import count_queries, measure, tell, timed
from tests.bench.visits import measure_visit
from tests.bench.workbook import measure_workbook

ROOT = Path(__file__).resolve().parents[2]
USUAL_LEVELS = (3, 2, 3, 1, 3, 2, 3, 3)
"""The levels that assessors find in a good hotline, repeated."""

_FIRST_ANSWER = """
import django
django.setup()
from django.test import Client
assert Client().get("/healthz").status_code == 200
"""


def start_python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@dataclass
class Ground:
    """The rows that are stored before anything is measured."""

    scale: Scale
    edition: Any
    hotlines: list[Any]
    mce: Any
    coordinator: Any
    evaluations: list[Any]
    """The evaluations of the latest round, answered and ready to be submitted."""


def end_self_assessments() -> None:
    """Move open self-assessments on, since a hotline can have only one at a time, and the next round needs it."""
    from evaluation.models import Evaluation

    open_ = Evaluation.objects.filter(state=Evaluation.State.SELF_ASSESSMENT)
    open_.update(state=Evaluation.State.PUBLISHED)


def create_ground(scale: Scale) -> Ground:
    from django.core.management import call_command

    from evaluation.models import Answer, Role
    from standards.editions.page_loader import load_guide
    from standards.editions.release import release
    from tests import factories

    call_command("createcachetable", verbosity=0)
    floors.create_table()
    edition = release(load_guide(scale.guide).page)
    hotlines = [operation.hotline for operation in factories.OperationFactory.create_batch(scale.hotlines)]
    mce = factories.person(Role.MCE_COORDINATOR)
    evaluations = []
    for _ in range(scale.rounds):
        end_self_assessments()
        evaluations = factories.open_round(factories.RoundFactory(edition=edition), hotlines, by=mce)
    coordinator = factories.person(Role.COORDINATOR, hotline=evaluations[0].hotline)
    for code, indicator in edition.framework.indicators.items():
        if not indicator.from_figures:
            fields = factories.at_level(indicator, 2)
            words = f"{code}: what we do, how we know, and since when. " * 4
            Answer.objects.filter(code=code).update(**fields, words=words, version=1, by=coordinator)
    factories.attach_what_is_required(evaluations[0], coordinator)
    return Ground(scale, edition, hotlines, mce, coordinator, evaluations)


def measure_saving(ground: Ground, operation: str = "save one answer", **extra: float) -> None:
    """Measure saving through the whole stack: session, user, permission, state, version, history.

    `extra` is printed, too.
    """
    from django.test import Client
    from django.urls import reverse

    from evaluation.models import Evaluation
    from tests.conftest import open_session

    evaluation = Evaluation.objects.get(pk=ground.evaluations[0].pk)
    client = open_session(Client(headers={"accept": "application/json"}), ground.coordinator)
    framework = ground.edition.framework
    scales = [code for code, indicator in framework.indicators.items() if indicator.measure == "scale"]
    versions = dict(evaluation.answers.filter(code__in=scales[:20]).values_list("code", "version"))
    turns, words = itertools.cycle(versions), itertools.count()

    def save() -> None:
        code = next(turns)
        address = reverse("workspace:save_answer", args=[evaluation.uid, framework.standard_of[code].code, code])
        fields = {"level": "2", "words": f"Said for the {next(words)}th time.", "version": versions[code]}
        response = client.post(address, fields)
        assert response.status_code == 200, response.content
        versions[code] = response.json()["version"]

    times, warm = ground.scale.runs(200), ground.scale.runs(20)
    measure(operation, save, times=times, warm=warm, floor=floors.bare_commit(), **extra)


def measure_reading(ground: Ground) -> None:
    from django.test import Client
    from django.urls import reverse

    from tests.conftest import open_session

    evaluation, framework = ground.evaluations[0], ground.edition.framework
    pages = itertools.cycle(reverse("workspace:answers", args=[evaluation.uid, code]) for code in framework.standards)
    reader = open_session(Client(), ground.coordinator)

    def read() -> None:
        assert reader.get(next(pages)).status_code == 200

    scale, floor = ground.scale, floors.rendering_of(read)
    measure("questionnaire page, one standard", read, times=scale.runs(76), warm=scale.runs(10), floor=floor)


def measure_transitions(ground: Ground) -> None:
    """Measure submitting an evaluation and sending it back, each move separately."""
    from evaluation.models import Answer, Evaluation
    from evaluation.workflow import perform
    from tests.factories import SIGNED

    evaluation = Evaluation.objects.get(pk=ground.evaluations[0].pk)

    def submit() -> None:
        perform(evaluation, "submit", signed=SIGNED, by=ground.coordinator)

    def send_back() -> None:
        perform(evaluation, "send_back", by=ground.mce, note="One more thing.")

    taken = [(timed(submit), timed(send_back)) for _ in range(ground.scale.runs(10) + 2)][2:]
    submitted, sent_back = zip(*taken, strict=True)
    stored = Answer.objects.count()
    floor = floors.bare_commit()
    tell("submit a self-assessment", list(submitted), count_queries(submit), stored, floor=floor)
    tell("send a self-assessment back", list(sent_back), count_queries(send_back), stored, floor=floor)


def measure_report(ground: Ground) -> None:
    from evaluation.engine.improvement.gains import gains
    from evaluation.models import Answer, Evaluation, Finding, Recommendation, Role, Visit
    from evaluation.recommendations.drafting import draft_recommendations
    from evaluation.scorecards import read_inputs, read_result
    from reports.pdf import close_printer, start_printer
    from tests import factories
    from tests.reports.printed import compose_report, print_pdf

    evaluation = Evaluation.objects.get(pk=ground.evaluations[1].pk)
    lead = factories.person(Role.ASSESSOR)
    factories.visit_of(evaluation, lead=lead, state=Visit.State.SIGNED_OFF)
    for number, (code, indicator) in enumerate(evaluation.framework.indicators.items()):
        if not indicator.from_figures:
            fields = factories.at_level(indicator, USUAL_LEVELS[number % len(USUAL_LEVELS)])
            factories.write_answer(evaluation, code, Finding, **fields, words=f"{code}: seen on the visit.", by=lead)
    items = {item for i in evaluation.framework.indicators.values() if i.formula for item in i.formula.items}
    figures = {item: 1000 - 7 * int(item[1:]) for item in sorted(items)}
    factories.confirmed_figures(evaluation.hotline, figures)
    card = factories.scorecard_of(evaluation)
    draft_recommendations(evaluation, read_result(card), gains(evaluation.framework, read_inputs(card)))
    evaluation.recommendations.update(state=Recommendation.State.ISSUED)
    decision = factories.DecisionFactory(scorecard=card)

    def report() -> None:
        print_pdf(compose_report(decision, "en"))

    def load_the_next_press() -> None:
        start_printer()
        time.sleep(ground.scale.pause)  # as a worker does between two reports

    times, floor = ground.scale.runs(3), floors.plain_weasyprint(compose_report(decision, "en"))
    first = [timed(report) for _ in range(times)]
    lowest = [timed(floor.act) for _ in range(times)]
    following = []
    for _ in range(times):
        load_the_next_press()
        following.append(timed(report))
    queries, stored = count_queries(lambda: compose_report(decision, "en")), Answer.objects.count()
    for operation, taken in (
        ("report as PDF, the first of a worker", first),
        ("report as PDF, the worker's next ones", following),
    ):
        tell(operation, taken, queries, stored, floor=floor, floor_times=lowest)
    close_printer()


def measure_opening(ground: Ground) -> None:
    from tests import factories

    rounds = (factories.RoundFactory(edition=ground.edition) for _ in itertools.count())
    measure(
        f"open a round of {len(ground.hotlines)} hotlines",
        lambda: factories.open_round(next(rounds), ground.hotlines, by=ground.mce),
        times=ground.scale.runs(3),
        warm=1,
        before=end_self_assessments,
        floor=floors.inserted_rows(len(ground.hotlines) * len(ground.edition.framework.indicators)),
    )


def measure_everything(scale: Scale) -> None:
    migration = timed(lambda: start_python("manage.py", "migrate", "-v0"))
    tell("migration of an empty database", [migration], None, 0, floor=floors.started_python())
    django.setup()
    from django.db import connection

    from evaluation.models import Evaluation

    ground = create_ground(scale)
    starts = [timed(lambda: start_python("-c", _FIRST_ANSWER)) for _ in range(scale.runs(3))]
    stored = scale.hotlines * scale.rounds * len(ground.edition.framework.indicators)
    tell("cold start, to the first answer", starts, None, stored, floor=floors.started_python())
    measure_saving(ground)
    measure_reading(ground)
    measure_home(ground)
    measure_workbook(ground)
    measure_search(ground)
    measure_engine(ground)
    measure_why(ground)
    measure_teams(ground)
    measure_visit(ground)
    measure_edition_files(ground)
    measure_transitions(ground)
    measure_report(ground)
    measure_opening(ground)
    end_self_assessments()
    measure_many(ground)
    end_self_assessments()
    Evaluation.objects.filter(pk=ground.evaluations[0].pk).update(state=Evaluation.State.SELF_ASSESSMENT)
    measure_network_year(ground)
    measure_comparison(ground)
    measure_during_imports(ground, measure_saving)
    measure_editions(ground)
    measure_saving(ground)  # measured again: it must not get slower as the installation grows
    if scale.is_full and connection.vendor == "sqlite":  # the sizes of pages are the same on each database
        measure_pages()
    measure_among_many(ground, measure_saving)


if __name__ == "__main__":
    measure_everything(FULL)
