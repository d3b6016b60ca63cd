"""The fields of a level as a schema of pandera. It asks each distinct text of a column once, whatever the rows."""

from collections.abc import Callable
from functools import cache
from threading import Lock
from types import ModuleType
from typing import Any

from evaluation.crm.dictionary.items import RecordField, record_fields
from evaluation.crm.records.cells import WRONG, measure

_IMPORTING = Lock()


def _pandera() -> ModuleType:
    """pandera, imported when it is first needed and by one thread alone.

    Its modules import each other, so that two threads that need it at the same time would wait for each other.
    """
    with _IMPORTING:
        import pandera.pandas

        return pandera


def schema_category(category: object) -> str:
    """A category as text: pandas makes numbers of categories that are all numbers."""
    return str(int(category)) if isinstance(category, float) and category.is_integer() else str(category)


@cache
def schema_of(level: str) -> Any:
    """One column a field. Keys are no categories and are looked at elsewhere."""
    pandera = _pandera().pandas
    return pandera.DataFrameSchema(
        {
            field.name: pandera.Column(
                "category" if field.type != "key" else None,
                pandera.Check(_holds(field), error="not in the format") if field.type != "key" else None,
                required=field.is_required,
            )
            for field in record_fields()[level].values()
        },
        strict=True,
        unique_column_names=True,
    )


def _holds(field: RecordField) -> Callable[[Any], bool]:
    """Whether every distinct text is one that the field may say: one answer for the column, so that no cell is told."""

    def holds(series: Any) -> bool:
        return all(measure(field, schema_category(category)) != WRONG for category in series.cat.categories)

    return holds


def fits(level: str, frame: Any) -> bool:
    """Whether a chunk has the form of its level. What pandera says about one that has not is dropped: it holds cells."""
    try:
        schema_of(level).validate(frame, lazy=True, inplace=True)
    except _pandera().errors.SchemaErrors:
        return False
    return True
