"""The scores of a round by domain as a picture, SVG or PNG, for the hotlines that match the board's filter."""

from collections.abc import Iterable
from fractions import Fraction

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from evaluation.engine.scoring import as_tenths
from evaluation.models import Round
from portal.rounds.board_rows import BoardRow
from portal.rounds.heat_map import heat_step
from reports.charts.heat import HeatMap, HeatMapCell

KINDS = {"svg": "image/svg+xml", "png": "image/png"}


def as_picture(chart: HeatMap, kind: str, *, name: str) -> HttpResponse:
    """Return the chart as a file, `svg` or `png`."""
    content = chart.draw_once() if kind == "svg" else chart.draw_png_once()
    response = HttpResponse(content, content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)}.{kind}"'
    return response


def build_chart(round_: Round, rows: Iterable[BoardRow]) -> HeatMap:
    """Return the heat map of the rows: scores in whole per cent, in the background colours of the table."""
    day = date_format(round_.today)
    return HeatMap(
        columns=[*(domain.code for domain in round_.edition.framework.domains), _("All")],
        rows=[(row.evaluation.hotline.country, _cells(row)) for row in rows],
        grounds=[_("below 40"), _("40 to 60"), _("60 to 80"), _("80 and more")],
        notes=[
            _("In whole per cent, rounded down. In bold what an assessor saw, else the hotline’s own word."),
            f"– {_('no data')}",
        ],
        title=f"{round_.name}: {_('Domain scores')}, {day}",
        name="heat",
    )


def _cells(row: BoardRow) -> list[HeatMapCell]:
    cells, overall = row.heat.cells, row.heat.overall
    return [
        *(_cell(cell.ratio, is_strong=not cell.is_own) for cell in cells),
        _cell(overall, is_strong=not any(cell.is_own for cell in cells)),
    ]


def _cell(ratio: Fraction | None, *, is_strong: bool) -> HeatMapCell:
    tenths = as_tenths(ratio)
    if tenths is None:
        return HeatMapCell("–", None)
    return HeatMapCell(str(tenths // 10), heat_step(tenths), is_strong)
