"""Measures Today of MCE in networks of three sizes, with something that waits at each stage."""

import time
from collections.abc import Iterable

from tests.bench import floors
from tests.bench.timing import measure

SIZES = (30, 300, 1000)
"""The numbers of hotlines."""


def measure_today(sizes: Iterable[int] = SIZES, *, times: int = 15) -> None:
    """Measure on a database without hotlines; rows are rolled back.

    Times are processor times, as of all pages that grow.
    """
    from django.db import transaction
    from django.test import Client
    from django.urls import reverse

    from tests.bulk_network import create_network
    from tests.conftest import open_session
    from tests.stage import Participants

    smaller = None
    for count in sizes:
        with transaction.atomic():
            people = Participants()
            create_network(count, people.lead)
            client, address = open_session(Client(), people.mce), reverse("workspace:home")

            def read(client: Client = client, address: str = address) -> None:
                assert client.get(address).status_code == 200

            smaller = measure(
                f"Today of MCE, {count} hotlines",
                read,
                times=times,
                floor=floors.rendering_of(read),
                smaller=smaller,
                clock=time.process_time,
            )
            transaction.set_rollback(True)
