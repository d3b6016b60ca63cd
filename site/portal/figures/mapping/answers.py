"""The user's answers about the columns of an export, read from the form, and the choices offered."""

import hashlib
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.figures.dictionary.items import Item, code_lists, code_name, items
from evaluation.figures.formats import TableLayout
from evaluation.figures.formats.published.header import is_version
from evaluation.figures.mapping import Answers, ColumnMapping, NumberMarks, Period, WordQuestion
from evaluation.figures.mapping.column_mapping import AGGREGATE, LEFT_OUT, LEVELS, LONG, WIDE
from evaluation.figures.mapping.durations import CHOICES
from evaluation.figures.mapping.tables.row_answers import OF_PERIOD, ROW_ANSWERS
from evaluation.figures.mapping.words.fields import PARTS, Kind, fields_of, list_labels
from evaluation.figures.mapping.words.uses import LIST, TOTAL, find_field, split_figure
from evaluation.models import StatisticsImport
from portal.presentation.numbers import named_unit
from standards.presentation.units import unit_words

Choices = list[tuple[str, Any]]
Groups = list[tuple[str, Choices]]

SUBMITTED = "="
"""Prefix of a word's code, to distinguish an empty code from no answer."""

LAYOUT = ("sheet", "names", "last")
"""The names of the values of a `TableLayout` in addresses and forms."""


def word_field(name: str, word: str) -> str:
    """Return the name of a word's field: a digest, which contains no word of the file."""
    return "word_" + hashlib.sha256(f"{name}\0{word}".encode()).hexdigest()[:12]


# --- Reading ---------------------------------------------------------------------------------------------------------


def read_mapping(post: Mapping[str, str], names: tuple[str, ...]) -> ColumnMapping:
    """Return the mapping of the columns without that of the words. An invalid choice counts as no answer."""
    level = post.get("level", "")
    level = level if level in LEVELS else AGGREGATE
    shape = post.get("shape", "")
    columns, ignored = {}, []
    for number, name in enumerate(names, start=1):
        use = _read_use(post, number)
        if use == LEFT_OUT:
            ignored.append(name)
        elif find_field(level, use):
            columns[name] = use
    decimal, order = post.get("marks", ""), post.get("order", "")
    return ColumnMapping(
        level=level,
        shape=(shape if shape in (LONG, WIDE) else LONG) if level == AGGREGATE else "",
        columns=columns,
        ignored=tuple(ignored),
        marks=NumberMarks(decimal if decimal in (".", ",") else ""),
        date_order=order if order in ("dmy", "mdy") else "",
        constants=dict(_read_constants(post, level)),
    )


def _read_use(post: Mapping[str, str], number: int) -> str:
    use = post.get(f"use_{number}", "")
    if split_figure(use):
        if post.get(f"part_{number}_1") == TOTAL:
            return f"{use}:{TOTAL}" if split_figure(f"{use}:{TOTAL}") else use
        parts = (post.get(f"part_{number}_{place}", "") for place in (1, 2))
        whole = ":".join([use, *(part for part in parts if part)])
        return whole if split_figure(whole) else use
    return use


def _read_constants(post: Mapping[str, str], level: str) -> Iterator[tuple[str, str]]:
    if is_version(definitions := post.get("definition_set", "").strip()):
        yield "definition_set", definitions
    for name, codes in ROW_ANSWERS.items():
        if (code := post.get(name, "")) in codes:
            yield name, code
    for name in ("source_system", "completeness_note"):
        if (code := post.get(name, "")) in code_lists()[name]:
            yield name, code
    if level != AGGREGATE:
        for name in fields_of(level):
            code = post.get(f"same_{name}", "")
            if code and code in dict(missing_choices(level, name)):
                yield name, code


def read_answers(post: Mapping[str, str]) -> Answers:
    """Return a function that returns the submitted code for a word, or None; it does not validate the code."""

    def answer(name: str, word: str) -> str | None:
        code = post.get(word_field(name, word), "")
        return code.removeprefix(SUBMITTED) if code.startswith(SUBMITTED) else None

    return answer


def read_confirmed_columns(post: Mapping[str, str], names: tuple[str, ...]) -> set[int]:
    """Return the numbers of the columns that the user confirmed to contain no names of people."""
    return {number for number in range(1, len(names) + 1) if f"vouched_{number}" in post}


def read_period(post: Mapping[str, str]) -> Period | None:
    """Return a month, a quarter or a year, from `m01`, `q1` or `year`."""
    which, year = post.get("period", ""), post.get("year", "")
    if not re.fullmatch(r"20[0-9]{2}", year):
        return None
    first, last = {"year": (1, 12), **{f"q{n}": (3 * n - 2, 3 * n) for n in range(1, 5)}}.get(which, (0, 0))
    if re.fullmatch(r"m(0[1-9]|1[0-2])", which):
        first = last = int(which[1:])
    return (date(int(year), first, 1), date(int(year), last, monthrange(int(year), last)[1])) if first else None


def write_period(period: Period | None) -> tuple[str, str]:
    """Return the two form values of a period; the inverse of `read_period`."""
    if period is None:
        return "", ""
    start, end = period
    length = end.month - start.month + 1
    return {12: "year", 3: f"q{(start.month + 2) // 3}"}.get(length, f"m{start.month:02d}"), str(start.year)


def read_layout(values: Mapping[str, str]) -> TableLayout | None:
    """Return where the user chose the table to be, from an address or a form; None without a row of names."""
    sheet, names, last = (
        int(text) if re.fullmatch(r"[0-9]{1,7}", text := values.get(name, "")) else 0 for name in LAYOUT
    )
    return TableLayout(sheet or 1, names, last) if names else None


def address_of_layout(page: str, found: StatisticsImport, layout: TableLayout | None) -> str:
    """Return the address of a page of the file with the layout, which `read_layout` reads."""
    address = reverse(page, args=[found.uid])
    if layout is None:
        return address
    return f"{address}?{urlencode(dict(zip(LAYOUT, astuple(layout), strict=True)))}"


# --- Choosing --------------------------------------------------------------------------------------------------------


def uses(level: str, shape: str) -> Groups:
    """Return the possible uses of a column, in groups."""
    nothing = ("", [("", _("Choose")), (LEFT_OUT, _("Leave this column out"))])
    if level != AGGREGATE:
        return [nothing, (_("Fields"), [(name, wanted.label) for name, wanted in fields_of(level).items()])]
    wanted = ("period", "year", "quality") if shape == WIDE else tuple(PARTS)
    found: Groups = [nothing, (_("Parts of the table"), [(name, PARTS[name].label) for name in wanted])]
    if shape == WIDE:
        dividing = {dimension for item in items().values() for dimension in item.dimensions}
        labels = list_labels()
        found.append((_("Figures"), figures()))
        found.append(
            (_("Divides the figures beside it"), [(LIST + n, labels.get(n, n)) for n in labels if n in dividing])
        )
    return found


def figures() -> Choices:
    """Return the figures as choices, each with its unit."""
    return [(code, _describe_figure(item)) for code, item in items().items()]


def _describe_figure(item: Item) -> str:
    params = {"code": item.code, "figure": item.name, "unit": unit_words(item.unit)}
    return _("%(code)s %(figure)s, in %(unit)s") % params if named_unit(item) else f"{item.code} {item.name}"


def codes(name: str) -> Choices:
    if name == "boolean":
        return [("true", _("Yes")), ("false", _("No"))]
    return [(code, code_name(name, code)) for code in code_lists().get(name, ())]


def parts(dimension: str, place: int) -> Choices:
    """Return the codes that may divide a figure; before the first ones, that it is a total."""
    total = [(TOTAL, _("Only the total: its parts are not recorded"))] if place == 1 else []
    return [*total, *codes(dimension)]


def answers(question: WordQuestion, level: str) -> Groups:
    """Return the possible codes of a word, in groups."""
    groups: Groups = [("", [("", _("Choose"))])]
    if question.of in CHOICES:
        return [*groups, ("", [(SUBMITTED + code, _units()[code]) for code in CHOICES[question.of]])]
    if question.of in ("value", "rows"):
        months = [(str(number), name) for number, name in dates.MONTHS.items()]
        values = [("", _("not recorded")), ("NA", _("not applicable"))] if question.of == "value" else months
    elif question.of == "item":
        values = [*figures(), *_divided_figure(question.code)]
    else:
        values = codes(question.of)
    special: Choices = []
    if level == AGGREGATE and question.of not in ("value", "quality"):
        special.append((LEFT_OUT, _("Leave these rows out")))
    elif level != AGGREGATE and question.of != "value":
        special.append(("", _("not recorded")))
    for group in (special, values):
        groups.append(("", [(SUBMITTED + code, label) for code, label in group]))
    return groups


def _units() -> dict[str, Any]:
    """Return the possible formats of times."""
    return {
        "s": _("In seconds"),
        "min": _("In minutes: 1.5 is 1 minute 30 seconds"),
        "h": _("In hours: 1.5 is 1 hour 30 minutes"),
        "d": _("As a part of a day, as spreadsheets keep times: 0.5 is 12 hours"),
        "m:s": _("Minutes and seconds: 3:25 is 3 minutes 25 seconds"),
        "h:m": _("Hours and minutes: 3:25 is 3 hours 25 minutes"),
        "h:m:s": _("Hours, minutes and seconds: 3:25:00 is 3 hours 25 minutes"),
        "m:s:0": _("Minutes and seconds, as a spreadsheet took them for hours: 3:25:00 is 3 minutes 25 seconds"),
    }


def _divided_figure(use: str) -> Choices:
    """Return the choice for a suggestion such as `A11:chat`, which is not in the list of figures."""
    figure = split_figure(use)
    if figure is None or not figure[1]:
        return []
    item = items()[figure[0]]
    parts = ", ".join(str(code_name(d, c)) for d, c in zip(item.dimensions, figure[1], strict=False))
    return [(use, f"{_describe_figure(item)}: {parts}")]


def periods() -> Groups:
    months = [(f"m{number:02d}", name) for number, name in dates.MONTHS.items()]
    quarters = [(f"q{n}", _("Quarter %(number)d") % {"number": n}) for n in range(1, 5)]
    return [
        ("", [("", _("Choose")), ("year", pgettext("period of a file", "The whole year"))]),
        (_("Quarters"), quarters),
        (_("Months"), months),
    ]


def missing_choices(level: str, name: str) -> Choices:
    """Return the possible constant values of a required field without a column."""
    wanted = fields_of(level)[name]
    if name in ("contact_month", "closed_month"):
        return [("", _("Choose")), (OF_PERIOD, _("The month of the file"))]
    if wanted.kind not in (Kind.CODE, Kind.BOOLEAN):
        return []
    return [("", _("Choose")), *codes(wanted.list or "boolean")]
