"""SQL by the owner of the database."""

from django.db import connection

from standards.frozen import present_triggers, trigger_names


def unguarded(statement: str, *values: object, table: str = "evaluation_step") -> None:
    """Execute a statement after dropping the triggers of a table, as the owner of the database can."""
    with connection.cursor() as cursor:
        for name in sorted(trigger_names(connection.vendor) & present_triggers(connection)):
            if name.startswith(f"frozen_{table}_") or (name, table) == ("chain_of_steps", "evaluation_step"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {name}{on}")
        cursor.execute(statement, values)
