"""A file becomes figures: checked outside any transaction, written in one short one, counted once confirmed."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath

from django.conf import settings
from django.db import IntegrityError, transaction

from evaluation.conditions import Reason
from evaluation.crm.adding import Amount, Codes, add_codes, add_periods
from evaluation.crm.checking import cells_of, compare
from evaluation.crm.dictionary import NOT_APPLICABLE, items
from evaluation.crm.header import Header, months_of
from evaluation.crm.problems import Problem
from evaluation.crm.reading import Reading, read
from evaluation.models import Figure, Hotline, StatisticsImport, Step, User
from evaluation.rules import is_allowed
from evaluation.scoring import Measured, measure
from evaluation.workflow import Refusal, move
from standards.framework import Framework


class UnreadableStatistics(Exception):
    """The file is refused and nothing of it is kept. `problems` say what and where, `reading` holds the rest."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(problem.code for problem in self.problems))


def import_statistics(hotline: Hotline | None, content: bytes, name: str, by: User | None) -> StatisticsImport:
    """Read a file of `hotline` and keep its figures; they count once they are confirmed.

    Without a hotline, the file says whose it is. The same file twice gives the same import. `by` None is the system.
    Raises UnreadableStatistics with every problem, and Refusal for somebody without the right.
    """
    if hotline is not None:
        _demand_right(by, hotline)
    reading = read(content, name, max_bytes=settings.STATISTICS_MAX_BYTES)
    header = reading.header
    if reading.problems or header is None:
        raise UnreadableStatistics(reading.problems)
    hotline = _find_hotline(hotline, header)
    _demand_right(by, hotline)
    file_digest = hashlib.sha256(content).hexdigest()
    known = StatisticsImport.objects.filter(hotline=hotline, file_digest=file_digest)
    if (same := known.first()) is not None:
        return same
    noticed = (*reading.warnings, *compare(cells_of(reading.rows), _read_period_before(hotline, header)))
    statistics = StatisticsImport(
        hotline=hotline,
        period_start=header.period_start,
        period_end=header.period_end,
        definitions=header.definition_set,
        completeness=header.completeness_note,
        source_system=header.source_system,
        file_name=PurePath(name.replace("\\", "/")).name[-200:],
        file_digest=file_digest,
        warnings=[problem.as_data() for problem in noticed],
        uploaded_by=by,
    )
    try:
        _write(statistics, reading)
    except IntegrityError:
        # somebody else sent the same file at the same moment
        return known.get()
    return statistics


def _find_hotline(hotline: Hotline | None, header: Header) -> Hotline:
    if hotline is None:
        hotline = Hotline.objects.filter(code=header.hotline_code).first()
        if hotline is None:
            raise UnreadableStatistics([Problem("hotline_unknown")])
    if header.hotline_code != hotline.code:
        raise UnreadableStatistics([Problem("other_hotline")])
    return hotline


def _demand_right(by: User | None, hotline: Hotline) -> None:
    if by is not None and not is_allowed("statistics.import", by, StatisticsImport(hotline=hotline)):
        raise Refusal("import", [Reason("not_permitted")])


@transaction.atomic
def _write(statistics: StatisticsImport, reading: Reading) -> None:
    statistics.save(force_insert=True)
    Figure.objects.bulk_create(
        Figure(
            statistics=statistics,
            item=row.item,
            dim1=row.dim1,
            dim1_value=row.dim1_value,
            dim2=row.dim2,
            dim2_value=row.dim2_value,
            value=row.amount.value,
            quality=row.quality,
        )
        for row in reading.rows
    )


def confirm(statistics: StatisticsImport, by: User, note: str = "") -> Step:
    """Confirm the figures; every confirmed file of the hotline for a part of the same time makes room."""
    with transaction.atomic():
        # One confirmation of a hotline at a time, so that two files for the same time cannot both stay.
        Hotline.objects.select_for_update().get(pk=statistics.hotline_id)
        step = move(statistics, "confirm", by=by, note=note)
        overlapping = StatisticsImport.objects.filter(
            hotline_id=statistics.hotline_id,
            state=StatisticsImport.State.CONFIRMED,
            period_start__lte=statistics.period_end,
            period_end__gte=statistics.period_start,
        ).exclude(pk=statistics.pk)
        for earlier in overlapping:
            move(earlier, "supersede", by=None)
    return step


# --- What confirmed figures say ----------------------------------------------------------------------------------

_Cells = dict[str, dict[Codes, Amount]]
_Files = list[tuple[date, date, _Cells]]


def _read_confirmed(hotlines: Iterable[Hotline], **period: date) -> dict[int, _Files]:
    """The confirmed files of each hotline, by its key, with their figures, in the order of time. One query."""
    hotlines = list(hotlines)
    rows = (
        Figure.objects.filter(
            statistics__hotline__in=hotlines, statistics__state=StatisticsImport.State.CONFIRMED, **period
        )
        .order_by("statistics__period_start", "statistics_id")
        .values_list(
            "statistics__hotline_id",
            "statistics_id",
            "statistics__period_start",
            "statistics__period_end",
            "item",
            "dim1_value",
            "dim2_value",
            "value",
            "quality",
        )
    )
    found: dict[int, dict[int, tuple[date, date, _Cells]]] = {hotline.pk: {} for hotline in hotlines}
    for hotline, key, start, end, item, first, second, value, quality in rows:
        cells = found[hotline].setdefault(key, (start, end, {}))[2]
        cells.setdefault(item, {})[first, second] = Amount(value, not_applicable=quality == NOT_APPLICABLE)
    return {hotline: list(files.values()) for hotline, files in found.items()}


def _read_period_before(hotline: Hotline, header: Header) -> _Cells:
    """The confirmed figures of the period that ends where this one starts, if it is as long: a year, quarter, month."""
    last_day = header.period_start - timedelta(days=1)
    months = months_of(header.period_start, header.period_end)
    for start, end, cells in _read_confirmed([hotline], statistics__period_end=last_day)[hotline.pk]:
        if months_of(start, end) == months:
            return cells
    return {}


def totals(hotline: Hotline, start: date, end: date) -> dict[str, Fraction | None]:
    """Every item of the dictionary from `start` to `end`, exact; None where a part was not recorded.

    The confirmed files must fill the time without a gap: three quarters are no year. One query.
    """
    return totals_of_many([hotline], start, end)[hotline.pk]


def totals_of_many(hotlines: Iterable[Hotline], start: date, end: date) -> dict[int, dict[str, Fraction | None]]:
    """The same for several hotlines, by key. One query for any number of them."""
    confirmed = _read_confirmed(hotlines, statistics__period_start__gte=start, statistics__period_end__lte=end)
    return {hotline: _add_up(files, start, end) for hotline, files in confirmed.items()}


def _add_up(files: _Files, start: date, end: date) -> dict[str, Fraction | None]:
    if not _fills(files, start, end):
        return dict.fromkeys(items())
    return {
        code: _exact(add_periods(item, [add_codes(item, cells.get(code, {})) for _start, _end, cells in files]))
        for code, item in items().items()
    }


def _fills(files: _Files, start: date, end: date) -> bool:
    expected = start
    for file_start, file_end, _cells in files:
        if file_start != expected:
            return False
        expected = file_end + timedelta(days=1)
    return expected == end + timedelta(days=1)


def _exact(number: Decimal | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def measures(framework: Framework, figures: Mapping[str, Fraction | None]) -> dict[str, Measured]:
    """What the figures say about each indicator that they fill, by its code."""
    return {
        indicator.code: measure(indicator, figures)
        for indicator in framework.indicators.values()
        if indicator.from_figures
    }
