"""How far random people walk through a machine. The rules are the same on both databases: PostgreSQL sees fewer walks."""

from django.conf import settings as site_settings
from hypothesis import HealthCheck, settings


def walks(count: int, *, steps: int) -> settings:
    is_sqlite = "sqlite" in site_settings.DATABASES["default"]["ENGINE"]
    return settings(
        max_examples=count if is_sqlite else count // 3,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
