"""Find, show and delete the saved mappings of a hotline's exports."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from evaluation.figures.dictionary.items import code_name
from evaluation.figures.formats import Opened
from evaluation.figures.mapping import ColumnMapping
from evaluation.figures.mapping.column_mapping import AGGREGATE
from evaluation.figures.mapping.saved_mappings import find_nearest, find_saved_mapping, mapping_of, newest_matchings
from evaluation.figures.mapping.words.fields import PARTS, fields_of, list_labels
from evaluation.figures.mapping.words.uses import LIST
from evaluation.models import Hotline, Matching, StatisticsImport
from portal.access import find_hotline, require
from portal.requests.signed_in import SignedInRequest


def find_saved_or_nearest(hotline: Hotline, opened: Opened) -> ColumnMapping | None:
    """Return the mapping saved for these columns, else that of the most similar ones, or None."""
    own = find_saved_mapping(hotline, opened.names)
    if own is not None:
        return mapping_of(own) if own.meaning["columns"] else None
    return find_nearest(opened.names, newest_matchings(hotline))


def shown_matchings(hotline: Hotline) -> list[dict[str, Any]]:
    """Return the context of `figures/mapping/saved_mappings.html`."""
    return [
        {
            "pk": row.pk,
            "level": code_name("level", row.level),
            "columns": ", ".join(_shown_uses(row)),
            "by": row.confirmed_by.name,
            "day": row.confirmed_at,
        }
        for row in newest_matchings(hotline)
    ]


def _shown_uses(row: Matching) -> list[str]:
    """Return the labels of the columns' uses; names and order of the columns are not stored."""
    fields = PARTS if row.level == AGGREGATE else fields_of(row.level)
    uses = {use.removeprefix(LIST) for use in row.meaning["columns"].values()}
    return sorted(str(fields[use].label if use in fields else list_labels().get(use, use)) for use in uses)


@require_POST
def forget_matching(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Delete the mapping of these columns, and earlier ones: the next file will need a new mapping.

    The rows stay because imported files refer to them; only their mapping is emptied.
    """
    hotline = find_hotline(request, code)
    require(request, "statistics.import", StatisticsImport(hotline=hotline))
    known = Matching.objects.filter(hotline=hotline, pk=pk).first()
    if known is not None:
        alike = Matching.objects.filter(hotline=hotline, signature=known.signature)
        alike.update(meaning=ColumnMapping(known.level).as_data())
        messages.success(request, _("Forgotten. The next file with these columns is asked about again."))
    return redirect("workspace:hotline_figures", code)
