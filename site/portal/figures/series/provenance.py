"""The origin of an evaluation's figures: as one line, as rows of a table, and by file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.figures.dictionary.items import code_name
from evaluation.figures.series.provenance import Origin, Origins, qualities_of, read_origins
from evaluation.figures.series.totals import CountedFile
from evaluation.figures.series.trends import Grain, Moment, Period, period_at
from evaluation.models import Evaluation, Hotline, Scorecard, StatisticsImport, User
from evaluation.models.people.permissions import is_allowed
from portal.figures.series.queries import address_of, format_period
from portal.presentation.tables import Line, Table, missing, text
from reports.fact_reader import imports_for
from standards.framework import Formula, Framework, Standard

DIGITS = 8
"""How many digits of a digest a line has; the list of files has all."""
MOST_DIGESTS = 4

Digests = Mapping[int, str]
"""The digests of files, by their key."""


def read_digests(files: Iterable[CountedFile]) -> Digests:
    known = StatisticsImport.objects.filter(pk__in={file.statistics_id for file in files})
    return dict(known.values_list("pk", "file_digest"))


# --- In one line -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Provenance:
    """The origin of an evaluation's figures; `may_view` if the user may open the pages of single numbers."""

    hotline: Hotline
    origins: Origins
    digests: Digests
    may_view: bool

    def line(self, items: Collection[str]) -> str:
        return describe_origin(self.origins.of(items), self.digests)

    def address(self, item: str) -> str:
        """Return the URL of the page of one number; empty for users who may not see it."""
        period = Period(self.origins.start, self.origins.end)
        return address_of(self.hotline, item, period) if self.may_view else ""


def provenance_of(evaluation: Evaluation, user: User, *, scorecard: Scorecard | None = None) -> Provenance:
    """Return the origin of the figures that count now, or when a scorecard was stored. A constant number of queries."""
    period = evaluation.round
    imports = imports_for(evaluation, at=scorecard.judged_at if scorecard else None)
    return Provenance(
        evaluation.hotline,
        Origins(
            read_origins(imports, items_counted(evaluation.framework), evaluation.framework),
            period.figures_from,
            period.figures_until,
        ),
        {one.pk: one.file_digest for one in imports},
        is_allowed("statistics.view", user, evaluation.hotline),
    )


def provenance_for(evaluation: Evaluation, standard: Standard, user: User) -> Provenance | None:
    """Return the origin for a standard, without digests; None, without a query, if it uses no figures."""
    if not any(one.formula for one in standard.indicators):
        return None
    return replace(provenance_of(evaluation, user), digests={})


@dataclass(frozen=True, slots=True)
class ShownOrigin:
    """An indicator filled from figures: the line about their origin, and the page of each term."""

    code: str
    line: str
    terms: tuple[tuple[str, str], ...]
    """Pairs of item and URL; the URL is empty for users who may not see the page."""


def show_origins(framework: Framework, provenance: Provenance) -> list[ShownOrigin]:
    """Return every indicator with a formula that the files have items of."""
    shown = [
        ShownOrigin(one.code, provenance.line(one.formula.items), _terms(one.formula, provenance))
        for one in framework.indicators.values()
        if one.formula
    ]
    return [origin for origin in shown if origin.line]


def _terms(formula: Formula, provenance: Provenance) -> tuple[tuple[str, str], ...]:
    return tuple((item, provenance.address(item)) for item in formula.items)


def items_counted(framework: Framework) -> set[str]:
    """Return the items of every formula of an edition."""
    return {item for one in framework.indicators.values() if one.formula for item in one.formula.items}


def describe_origin(origin: Origin, digests: Digests) -> str:
    """Return the origin as `2025 · definitions 1.0 · Complete · Measured · sha256 e600a1b2…`; empty without a file.

    Without `digests`, the line ends before them.
    """
    if not origin.files:
        return ""
    parts = [
        format_time(origin.start, origin.end),
        _("definitions %(versions)s") % {"versions": ", ".join(origin.definitions)},
        _names("completeness_note", origin.coverage),
        _names("quality", origin.qualities),
        _format_digests(origin.files, digests) if digests else "",
    ]
    return " · ".join(filter(None, parts))


def format_time(start: date, end: date) -> str:
    """Format a whole year, quarter or month by its name, any other period by its days."""
    for grain in Grain:
        period = period_at(start, grain)
        if (period.start, period.end) == (start, end):
            return format_period(period)
    return f"{date_format(start, 'SHORT_DATE_FORMAT')} – {date_format(end, 'SHORT_DATE_FORMAT')}"


def _names(codes: str, found: Iterable[str]) -> str:
    return ", ".join(str(code_name(codes, code)) for code in found)


def _format_digests(files: Sequence[CountedFile], digests: Digests) -> str:
    known = [digests[file.statistics_id] for file in files]
    shown = ", ".join(f"{digest[:DIGITS]}…" for digest in known[:MOST_DIGESTS])
    label = f"sha256 {shown}"
    more = len(known) - MOST_DIGESTS
    if more <= 0:
        return label
    return ngettext("%(told)s and %(more)d file more", "%(told)s and %(more)d files more", more) % {
        "told": label,
        "more": more,
    }


# --- Rows below a table ----------------------------------------------------------------------------------------------


def origin_lines(moments: Sequence[Moment], items: Collection[str], digests: Digests) -> list[Line]:
    """Return rows with the definitions, the coverage, the quality and the files of some items, by period."""
    origins = [
        Origins(moment.files, moment.period.start, moment.period.end, with_parts=True).of(items) for moment in moments
    ]
    rows: dict[str, list[str]] = {
        _("Definitions"): [", ".join(origin.definitions) for origin in origins],
        _("Coverage"): [_names("completeness_note", origin.coverage) for origin in origins],
        _("Quality"): [_names("quality", origin.qualities) for origin in origins],
        _("Source files"): [_format_digests(origin.files, digests) if origin.files else "" for origin in origins],
    }
    return [Line(name, [text(words) if words else missing("") for words in cells]) for name, cells in rows.items()]


# --- By file ---------------------------------------------------------------------------------------------------------


def sources_table(files: Iterable[tuple[Hotline, CountedFile]], digests: Digests) -> Table:
    """Return the table of the files behind a page or a download."""
    lines = [
        Line(
            hotline.name,
            [
                text(format_time(file.start, file.end)),
                text(StatisticsImport.Level(file.level).label),
                text(file.definitions),
                text(_names("completeness_note", [file.completeness] if file.completeness else [])),
                text(_names("quality", _qualities(file))),
                text(_("yes") if file.is_accepted else _("not yet")),
                text(digests[file.statistics_id]),
            ],
            code=hotline.country,
        )
        for hotline, file in files
    ]
    columns: list[Any] = [
        *(_("Period"), _("Level"), _("Definitions"), _("Coverage"), _("Quality"), _("Accepted")),
        "SHA-256",
    ]
    return Table("sources", _("The files behind these numbers"), _("Hotline"), columns, lines)


def _qualities(file: CountedFile) -> list[str]:
    return qualities_of(amount for cells in file.cells.values() for amount in cells.values())
