"""The number of random walks through a machine. PostgreSQL, where the rules are the same, gets a third of them."""

import os

from django.conf import settings as site_settings
from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("WALKS", "1"))
"""How many times as many as in the ordinary suite: `./go prove walks`."""


def walks(count: int, *, steps: int) -> settings:
    is_sqlite = "sqlite" in site_settings.DATABASES["default"]["ENGINE"]
    return settings(
        max_examples=TIMES * (count if is_sqlite else -(-count // 3)),
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
