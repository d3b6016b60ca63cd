"""Measures Home of a hotline and a page of its questionnaire, at the usual number of indicators and at many."""

from typing import TYPE_CHECKING, Any

from tests.bench import floors
from tests.bench.engine import enlarged
from tests.bench.timing import measure

if TYPE_CHECKING:
    from tests.bench.measuring import Ground


def measure_home(ground: "Ground") -> None:
    evaluation = ground.evaluations[0]
    _measure_pages(ground, evaluation, ground.coordinator, "")
    larger, coordinator = _enlarged_evaluation(ground)
    _measure_pages(ground, larger, coordinator, f", of {len(larger.framework.indicators):,} indicators")
    larger.delete()


def _enlarged_evaluation(ground: "Ground") -> tuple[Any, Any]:
    """Return a fully answered self-assessment by an edition of many indicators, and its coordinator."""
    from dataclasses import replace

    from evaluation.models import Answer, Role
    from tests import factories

    many = replace(enlarged(ground.edition.framework, ground.scale.many_indicators), code="bench-many")
    hotline = factories.HotlineFactory()
    evaluation = factories.evaluation_of(hotline, round__edition=factories.released_edition(many), round__state="open")
    coordinator = factories.person(Role.COORDINATOR, hotline=hotline)
    factories.write_all_answers(evaluation, 2, Answer, extra={"words": "What we do. " * 16, "by": coordinator})
    return evaluation, coordinator


def _measure_pages(ground: "Ground", evaluation: Any, coordinator: Any, size: str) -> None:
    """Measure Home, and the questionnaire's pages. `size` is the name of an edition that is not the usual one."""
    from django.test import Client
    from django.urls import reverse

    from tests.conftest import open_session

    client = open_session(Client(), coordinator)
    pages = {"Home of a hotline": reverse("workspace:evaluation", args=[evaluation.uid])}
    if size:
        standard = next(iter(evaluation.framework.standards))
        pages["questionnaire page, one standard"] = reverse("workspace:answers", args=[evaluation.uid, standard])
    for name, address in pages.items():

        def read(address: str = address) -> None:
            assert client.get(address).status_code == 200

        measure(f"{name}{size}", read, times=ground.scale.runs(20), floor=floors.rendering_of(read))
