"""The search of the CMS: the database's own, which on SQLite fails on a quotation mark within a word."""

from typing import Any

from modelsearch.backends import database


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name that Wagtail's settings take
    """Return the backend of this database, with quotation marks read as spaces."""
    backend = database.SearchBackend(params)
    for name in ("search", "autocomplete"):
        setattr(backend, name, _without_quotation_marks(getattr(backend, name)))
    return backend


def _without_quotation_marks(find: Any) -> Any:
    def found(query: Any, *args: Any, **options: Any) -> Any:
        return find(query.replace('"', " ").strip() if isinstance(query, str) else query, *args, **options)

    return found
