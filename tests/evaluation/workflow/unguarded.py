"""SQL by somebody who owns the database."""

from django.db import connection

from standards.frozen import present_triggers, trigger_names


def unguarded(statement: str, *values: object) -> None:
    """What somebody can do who owns the database and has taken the triggers away."""
    with connection.cursor() as cursor:
        for name in sorted(trigger_names(connection.vendor) & present_triggers(connection)):
            if name.startswith("frozen_evaluation_step_") or name == "chain_of_steps":
                on = " ON evaluation_step" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {name}{on}")
        cursor.execute(statement, values)
