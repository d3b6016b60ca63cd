"""Measures a year of the network: its next release beside a former one, and the page that everybody sees."""

from typing import TYPE_CHECKING

from tests.bench.timing import measure

if TYPE_CHECKING:
    from tests.bench.measuring import Ground

YEAR = 2023
LAST_TO_COME = 5
"""Hotlines whose file is accepted after the first release."""


def measure_network_year(ground: "Ground") -> None:
    from django.test import Client
    from django.urls import reverse

    from evaluation.crm.publishing.releasing import draft_release, publish

    def draft() -> str:
        return draft_release(YEAR, invented=True).sha256

    first, last = ground.hotlines[:-LAST_TO_COME], ground.hotlines[-LAST_TO_COME:]
    _accept(first, ground)
    measure("draft the first release of a year, 25 hotlines", draft, times=5, warm=1)
    publish(YEAR, invented=True, sha256=draft(), by=ground.mce)
    _accept(last, ground)
    measure("draft its next release, 30 hotlines", draft, times=5, warm=1)
    publish(YEAR, invented=True, sha256=draft(), by=ground.mce)
    address, client = reverse("pages:figures"), Client()

    def read() -> None:
        assert client.get(address).status_code == 200

    measure("public page of figures", read, times=10)


def _accept(hotlines: list, ground: "Ground") -> None:
    """A generated year of each, some of them small, confirmed and accepted."""
    from evaluation.crm.confirming import accept, confirm, explain
    from evaluation.crm.generating import Exports, period
    from evaluation.crm.importing import import_statistics
    from evaluation.models import Role
    from tests import factories

    for number, hotline in enumerate(hotlines):
        coordinator = factories.person(Role.COORDINATOR, hotline=hotline)
        content = Exports(hotline.code, number, 0.9).aggregate(*period(YEAR))
        sent = import_statistics(hotline, content, f"{hotline.code}.csv", by=None)
        explain(sent, ["Invented."] * len(sent.warnings), by=coordinator)
        confirm(sent, coordinator)
        accept(sent, ground.mce)
