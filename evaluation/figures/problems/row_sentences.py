"""Format the account of a file's rows as translated sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import ngettext


def describe_rows(account: Mapping[str, Any]) -> list[str]:
    """Return sentences for the data of `RowAccount.as_data`: the number of rows, then each count.

    An older import has no account, and gives an empty list.
    """
    return list(_sentences(account)) if account else []


def _sentences(account: Mapping[str, Any]) -> Iterator[str]:
    count = account["in_file"]
    yield ngettext(
        "The file has %(count)d row below the names of its columns.",
        "The file has %(count)d rows below the names of its columns.",
        count,
    ) % {"count": count}
    count = account["read"]
    yield ngettext("%(count)d row is read.", "%(count)d rows are read.", count) % {"count": count}
    if left_out := account.get("left_out"):
        yield ngettext(
            "%(count)d row is left out, as was said when the columns were matched: row %(rows)s.",
            "%(count)d rows are left out, as was said when the columns were matched: rows %(rows)s.",
            left_out["count"],
        ) % _named_rows(left_out)
    if outside := account.get("outside"):
        yield ngettext(
            "%(count)d row is of another time than the file and not read: row %(rows)s.",
            "%(count)d rows are of another time than the file and not read: rows %(rows)s.",
            outside["count"],
        ) % _named_rows(outside)
    if repeated := account.get("repeated"):
        yield ngettext(
            "%(count)d row is the same as one above and not counted again, as was said: row %(rows)s.",
            "%(count)d rows are the same as one above and not counted again, as was said: rows %(rows)s.",
            repeated["count"],
        ) % _named_rows(repeated)
    if count := account["empty"]:
        yield ngettext("%(count)d row is empty.", "%(count)d rows are empty.", count) % {"count": count}


def _named_rows(part: Mapping[str, Any]) -> dict[str, Any]:
    return {"count": part["count"], "rows": format_row_numbers(part["rows"], part["count"])}


def format_row_numbers(rows: list[int] | tuple[int, ...], count: int | None = None) -> str:
    """Return the row numbers as text. A `count` above their number adds an ellipsis."""
    names = ", ".join(map(str, rows))
    return f"{names}, …" if (count or len(rows)) > len(rows) else names
