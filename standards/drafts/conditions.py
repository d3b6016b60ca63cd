"""The conditions of a draft. On a page they are rows in sequence, in files alternatives are inside their condition."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from standards.drafts.fields import Part, Values, read_codes
from standards.framework import CONDITION_FIELDS, Bound, Condition, MalformedEdition, Method, Test, read_percentage

Found = TypeVar("Found")

ALTERNATIVE = "is_alternative"
"""The field of a row that is an alternative of the row “any” above it."""


def fold_rows(rows: Iterable[Values]) -> tuple[Part, ...]:
    """Return the conditions of rows. An alternative becomes a part of the row “any” above it.

    An alternative without such a row remains a condition with the field `ALTERNATIVE`, which `find_unreadable` reports.
    """
    found: list[Part] = []
    for row in rows:
        fields = dict(row)
        is_alternative = fields.pop(ALTERNATIVE, False)
        if is_alternative and found and found[-1].fields["test"] == Test.ANY:
            found[-1] = Part(found[-1].fields, (*found[-1].parts, Part(fields)))
        else:
            found.append(Part(fields | ({ALTERNATIVE: True} if is_alternative else {})))
    return tuple(found)


def unfold_parts(parts: Iterable[Part]) -> Iterator[Values]:
    """Yield the rows of conditions, each before its alternatives. It is the inverse of `fold_rows`."""
    for part in parts:
        yield {ALTERNATIVE: False, **part.fields}
        for alternative in part.parts:
            yield {**alternative.fields, ALTERNATIVE: True}


def places_of_rows(where: str, rows: Iterable[Values]) -> Iterator[str]:
    """Yield the place of each row: `WHERE/NUMBER`, or `WHERE/NUMBER/NUMBER` for an alternative."""
    for number, part in enumerate(fold_rows(rows)):
        yield f"{where}/{number}"
        yield from (f"{where}/{number}/{inner}" for inner, _alternative in enumerate(part.parts))


def draft_condition(part: Part) -> Condition | None:
    """Return a condition without unreadable values; None while its test is not chosen."""
    values = part.fields
    if values["test"] not in tuple(Test):
        return None
    return Condition(
        test=Test(values["test"]),
        obligation=values["obligation"] or None,
        level=values["level"],
        count=values["count"],
        percent=_if_readable(read_percentage, values["percent"]),
        group=values["group"] or None,
        domain=values["domain"] or None,
        standard=values["standard"] or None,
        codes=read_codes(values["codes"]),
        outcome=values["outcome"] or None,
        method=Method(values["method"]) if values["method"] in tuple(Method) else None,
        strictly=bool(values["strictly"]),
        figure=_if_readable(Bound.read, values["figure"]),
        conditions=draft_conditions(part.parts),
    )


def draft_conditions(parts: Iterable[Part]) -> tuple[Condition, ...]:
    return tuple(filter(None, map(draft_condition, parts)))


def _if_readable(read: Callable[[str], Found], text: str) -> Found | None:
    try:
        return read(text) if text else None
    except MalformedEdition:
        return None


def is_whole(condition: Condition) -> bool:
    """Whether a condition has everything that its test requires, so that it can be described as a sentence."""
    own = all(getattr(condition, name) not in (None, ()) for name in CONDITION_FIELDS[condition.test])
    return own and all(map(is_whole, condition.conditions))
