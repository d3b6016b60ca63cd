"""Measures a year of the network: a release with a former one, and the public page."""

from typing import TYPE_CHECKING

from tests.bench import floors
from tests.bench.timing import measure

if TYPE_CHECKING:
    from tests.bench.measuring import Ground

YEAR = 2023


def measure_network_year(ground: "Ground") -> None:
    from django.test import Client
    from django.urls import reverse

    from evaluation.figures.publishing.release import draft_release, publish

    def draft() -> str:
        return draft_release(YEAR, invented=True).sha256

    scale = ground.scale
    first, last = ground.hotlines[: -scale.last_to_come], ground.hotlines[-scale.last_to_come :]
    runs, floor = scale.runs(5), floors.figures_read(ground.hotlines)
    _accept(first, ground)
    measure(f"draft the first release of a year, {len(first)} hotlines", draft, times=runs, warm=1, floor=floor)
    publish(YEAR, invented=True, sha256=draft(), by=ground.mce)
    _accept(last, ground)
    measure(f"draft its next release, {len(ground.hotlines)} hotlines", draft, times=runs, warm=1, floor=floor)
    publish(YEAR, invented=True, sha256=draft(), by=ground.mce)
    address, client = reverse("pages:figures"), Client()

    def read() -> None:
        assert client.get(address).status_code == 200

    measure("public page of figures", read, times=scale.runs(10), floor=floors.rendering_of(read))


def _accept(hotlines: list, ground: "Ground") -> None:
    """Confirm and accept a generated year for each hotline, some of them small."""
    from evaluation.figures.intake.confirmation import explain
    from evaluation.figures.intake.imports import import_statistics
    from evaluation.models import Role
    from evaluation.workflow import perform
    from portal.demonstration.exports import Exports, period
    from tests import factories

    for number, hotline in enumerate(hotlines):
        coordinator = factories.person(Role.COORDINATOR, hotline=hotline)
        content = Exports(hotline.code, number, 0.9).aggregate(*period(YEAR))
        sent = import_statistics(hotline, content, f"{hotline.code}.csv", by=None)
        explain(sent, ["Invented."] * len(sent.warnings), by=coordinator)
        perform(sent, "confirm", by=coordinator)
        perform(sent, "accept", by=ground.mce)
