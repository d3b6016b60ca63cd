"""The sheets of a visit that a user may read: their own rows while they record, all of the team's once they compare."""

from collections.abc import Mapping, Sequence

from django.utils.safestring import SafeString

from evaluation.models import User, Visit
from evaluation.visits.recording import READABLE_IN
from evaluation.visits.sheets.results import compute_result
from evaluation.visits.sheets.rows import ReadSheet, open_sheets, read_sheets
from evaluation.visits.sheets.templates import Kind, SheetTemplate
from portal.visits.sheet_templates.reader import find_templates
from portal.visits.shown.sheets import describe_links
from standards.framework import Framework


def readable_sheets(visit: Visit, user: User) -> Mapping[str, ReadSheet]:
    """Return the sheets that a user may read, by kind; sheets without rows are left out. Two queries."""
    return read_sheets(visit, by=None if visit.state in READABLE_IN else user)


def list_sheets(read: Mapping[str, ReadSheet]) -> list[tuple[Kind, int]]:
    """Return each kind of sheet with the number of the rows that were read."""
    return [(kind, len(read[kind].rows) if kind in read else 0) for kind in Kind]


def find_current(visit: Visit) -> Mapping[str, SheetTemplate]:
    """Return, by kind, the template of a new row: that of the sheet if the visit has begun one, else the current one.

    Two queries.
    """
    begun = {sheet.kind: SheetTemplate.read(sheet.template) for sheet in open_sheets(visit)}
    return {**find_templates(), **begun}


def results_by_indicator(framework: Framework, read: Mapping[str, ReadSheet]) -> Mapping[str, Sequence[SafeString]]:
    """Return the results of the sheets that belong to each indicator, by code."""
    return describe_links(framework, map(compute_result, read.values()))
