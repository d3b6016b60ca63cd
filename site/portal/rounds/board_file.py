"""The board of a round as a file: the hotlines that match the filter of the address, with their scores by domain."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.engine.scoring import as_tenths
from evaluation.models import Round
from portal.access import find_round
from portal.presentation.tables import Cell, Line, Table, as_file, missing, text
from portal.requests.signed_in import SignedInRequest
from portal.rounds.board import domain_headings, visible_evaluations
from portal.rounds.board_picture import KINDS, as_picture, build_chart
from portal.rounds.board_rows import BoardFilter, BoardRow, read_progress, read_rows
from portal.rounds.heat_map import HeatCell
from standards.models import Texts


@require_safe
def board_file(request: SignedInRequest, uid: UUID, kind: str) -> HttpResponse:
    """Return all rows in the order of the board as a table, `csv` or `xlsx`, or a picture, `svg` or `png`."""
    round_ = find_round(request, uid)
    rows = BoardFilter.read(request.GET).apply(read_rows(round_, visible_evaluations(request.user, round_)))
    if kind in KINDS:
        return as_picture(build_chart(round_, rows), kind, name=round_.name)
    read_progress(rows)
    table = build_table(round_, rows, round_.edition.texts(get_language()))
    return as_file([table], kind, name=round_.name, title=round_.name)


def build_table(round_: Round, rows: Iterable[BoardRow], texts: Texts) -> Table:
    """Return the table of the rows: stage, progress, days, and scores in per cent, rounded down to one decimal."""
    highest_obligation = texts[f"obligation/{round_.edition.framework.rule.highest_obligation.code}"]
    return Table(
        code="board",
        title=_("Domain scores"),
        corner=_("Hotline"),
        columns=[
            *(_("Stage"), _("Answered"), _("Asked"), _("Last day"), _("Days left"), _("Last activity")),
            _("%(obligation)s: short") % {"obligation": highest_obligation},
            *(f"{head['code']} {head['short']}" for head in domain_headings(round_, texts)),
            _("All"),
        ],
        lines=[_line(row) for row in rows],
    )


def _line(row: BoardRow) -> Line:
    evaluation, heat, progress = row.evaluation, row.heat, row.progress
    return Line(
        name=evaluation.hotline.name,
        code=evaluation.hotline.country,
        cells=[
            text(evaluation.get_state_display()),
            _count(progress.answered if progress else None),
            _count(progress.of if progress else None),
            text(date_format(row.due_on) if row.due_on else ""),
            _count(row.days_left),
            text(date_format(row.last_at) if row.last_at else ""),
            _count(heat.short),
            *(_score(cell) for cell in heat.cells),
            _ratio(heat.overall),
        ],
    )


def _count(number: int | None) -> Cell:
    return Cell("") if number is None else Cell(str(number), number)


def _score(cell: HeatCell) -> Cell:
    """Return a score, with a note if it is based on the hotline's answers only."""
    note = _("the hotline’s own word") if cell.is_own else ""
    return _ratio(cell.ratio, note)


def _ratio(ratio: Fraction | None, note: str = "") -> Cell:
    tenths = as_tenths(ratio)
    if tenths is None:
        return missing(_("no data"))
    percent = Decimal(tenths) / 10
    return Cell(str(percent), percent, note)
