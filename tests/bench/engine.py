"""Measures the engine: one evaluation, a thousand indicators, a thousand hotlines, gains, and explanations."""

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.bench import floors
from tests.bench.concurrent_imports import free_signs
from tests.bench.timing import measure

if TYPE_CHECKING:
    from evaluation.engine.scoring import Evidence
    from standards.framework import Framework
    from tests.bench.measuring import Ground

HALF_WAY = (3, 1, 3, 2, 0, 3, 3, 2)
"""The levels that are found, repeated: of 124 indicators about 60 are below the best level."""


def measure_engine(ground: "Ground") -> None:
    from evaluation.engine import scoring
    from evaluation.engine.improvement.gains import gains, smallest_set
    from evaluation.judging.evidence import gather_evidence
    from evaluation.models import Evaluation
    from tests.factories import score_now

    evaluation = Evaluation.objects.get(pk=ground.evaluations[0].pk)
    framework = ground.edition.framework
    evidence = gather_evidence(evaluation)
    runs, floor = ground.scale.runs, floors.float_score(scoring.score(framework, evidence))
    measure("overall score, the engine alone", lambda: scoring.score(framework, evidence), times=runs(100), floor=floor)
    measure("overall score, from the database", lambda: score_now(evaluation), times=runs(50), floor=floor)
    large = enlarged(framework, ground.scale.many_indicators)
    found = found_half_way(large)
    measure(
        f"overall score, of {len(large.indicators):,} indicators",
        lambda: scoring.score(large, found),
        times=runs(30),
        floor=floors.float_score(scoring.score(large, found)),
    )
    short = found_half_way(framework)
    best = framework.rule.ranked_outcomes[-1].code
    each = floors.float_score(scoring.score(framework, short), times=len(framework.indicators))
    measure(
        "smallest set that reaches the best outcome",
        lambda: smallest_set(framework, short, best),
        times=runs(30),
        floor=each,
    )
    measure("gain of each indicator", lambda: gains(framework, short), times=runs(30), floor=each)


def enlarged(framework: "Framework", indicators: int) -> "Framework":
    """Return the framework with this number of indicators, repeated: ten per standard and a hundred per domain."""
    from dataclasses import replace

    from standards.framework import Domain, Standard

    source = itertools.cycle(framework.indicators.values())
    return replace(
        framework,
        domains=tuple(
            Domain(
                f"D{d}",
                tuple(
                    Standard(f"{d}.{s}", tuple(replace(next(source), code=f"{d}.{s}.{i}") for i in range(10)))
                    for s in range(10)
                ),
            )
            for d in range(indicators // 100)
        ),
    )


def found_half_way(framework: "Framework") -> "Evidence":
    from evaluation.engine.scoring import Evidence, Judgement
    from tests.factories import at_level

    levels = itertools.cycle(HALF_WAY)
    found = {code: at_level(indicator, next(levels)) for code, indicator in framework.indicators.items()}
    return Evidence(findings={code: Judgement(**_exact(fields)) for code, fields in found.items()})


def _exact(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: Fraction(value) if name == "value" else value for name, value in fields.items()}


def measure_why(ground: "Ground") -> None:
    from django.test import Client
    from django.urls import reverse

    from tests.conftest import open_session

    evaluation = ground.evaluations[0]
    reader = open_session(Client(), ground.coordinator)
    framework = ground.edition.framework
    numbers = ["overall", framework.domains[0].code, *framework.standards, *framework.indicators]
    pages = itertools.cycle(reverse("workspace:why", args=[evaluation.uid, code]) for code in numbers)

    def read() -> None:
        assert reader.get(next(pages)).status_code == 200

    floor = floors.rendering_of(read)
    measure(
        "page that says why a number is so", read, times=ground.scale.runs(100), warm=ground.scale.runs(10), floor=floor
    )


def measure_many(ground: "Ground") -> None:
    """Measure scoring a round of many hotlines from the database, with as many queries as for one."""
    from evaluation.engine import scoring
    from evaluation.judging.evidence import gather_evidence_for_many
    from evaluation.models import Answer, Evaluation
    from tests import factories

    free = itertools.islice(free_signs(), ground.scale.many_hotlines - len(ground.hotlines))
    others = [factories.OperationFactory(hotline__country=sign) for sign in free]
    hotlines = [*ground.hotlines, *(operation.hotline for operation in others)]
    opened = factories.open_round(factories.RoundFactory(edition=ground.edition), hotlines, by=ground.mce)
    levels = itertools.cycle(HALF_WAY)
    answers = Answer.objects.filter(evaluation__round=opened[0].round)
    for code, indicator in ground.edition.framework.indicators.items():
        if not indicator.from_figures:
            answers.filter(code=code).update(**factories.at_level(indicator, next(levels)), version=1)

    def judge_all() -> None:
        evaluations = list(Evaluation.objects.filter(round=opened[0].round).select_related("hotline", "round__edition"))
        evidence = gather_evidence_for_many(evaluations)
        for evaluation in evaluations:
            scoring.score(evaluation.framework, evidence[evaluation.pk])

    evaluation = opened[0]
    card = scoring.score(evaluation.framework, gather_evidence_for_many([evaluation])[evaluation.pk])
    floor = floors.float_score(card, times=len(opened))
    measure(f"score a round of {len(opened):,} hotlines", judge_all, times=ground.scale.runs(3), warm=1, floor=floor)
