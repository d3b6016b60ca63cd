"""The number of random runs of a state machine. PostgreSQL, where the rules are the same, gets a third of them.

The first run takes the simplest way, and the second is often as short: with two, a machine may not move at all.
"""

import os

from django.conf import settings as site_settings
from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("WALKS", "1"))
"""The factor compared with the ordinary suite: `./go prove walks`."""


def walks(count: int, *, steps: int) -> settings:
    is_sqlite = "sqlite" in site_settings.DATABASES["default"]["ENGINE"]
    return settings(
        max_examples=TIMES * (count if is_sqlite else -(-count // 3)),
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
