"""Statements that would change the rows of a frozen table, each of which the database refuses."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model


def assert_frozen(model: type[Model]) -> None:
    """Assert that no statement changes the rows of a table. It must have at least one row."""
    table = model._meta.db_table
    connection.check_constraints()  # PostgreSQL does not truncate a table with deferred constraints to check
    before = list(model._base_manager.order_by("pk").values())
    assert before
    for statement in _statements(table):
        with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert list(model._base_manager.order_by("pk").values()) == before, statement


def _statements(table: str) -> list[str]:
    everywhere = [f"UPDATE {table} SET id = id + 1000", f"UPDATE {table} SET id = id", f"DELETE FROM {table}"]
    if connection.vendor == "sqlite":
        return [
            *everywhere,
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            f"UPDATE OR REPLACE {table} SET id = id",
            f"INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT (id) DO UPDATE SET id = id",
        ]
    return [
        *everywhere,
        f"TRUNCATE {table} CASCADE",
        f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id",
    ]
