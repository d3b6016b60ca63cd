"""SQL by somebody who owns the database."""

from django.db import connection

from standards.frozen import present_triggers, trigger_names


def unguarded(statement: str, *values: object, table: str = "evaluation_step") -> None:
    """What somebody can do who owns the database and has taken the triggers of a table away."""
    with connection.cursor() as cursor:
        for name in sorted(trigger_names(connection.vendor) & present_triggers(connection)):
            if name.startswith(f"frozen_{table}_") or (name, table) == ("chain_of_steps", "evaluation_step"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {name}{on}")
        cursor.execute(statement, values)
