"""The report of a consultation: participation, the most urgent indicators, the resolutions, and the approvals."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from evaluation.consultation.draft_text import ConsultedText
from evaluation.consultation.overview import (
    Counts,
    count_by_indicator,
    count_resolutions,
    find_participation,
    sum_of,
    visible_comments,
)
from evaluation.models import Consultation, ConsultationComment, Urgency
from evaluation.models.people.permissions import is_allowed
from portal.access import find_consultation, require
from portal.consultation.approvals import find_approvals
from portal.consultation.texts import find_text, shown_texts
from portal.presentation.moments import zoned
from portal.presentation.tables import Cell, Line, Table, as_file, text
from portal.requests.signed_in import SignedInRequest

ROWS_A_PAGE = 50


def _find(request: SignedInRequest, uid: UUID) -> Consultation:
    """Return a consultation whose report the user may read: invited users read it after the consultation has closed."""
    consultation = find_consultation(request, uid)
    if not consultation.is_closed:
        require(request, "consultation.run")
    return consultation


@require_safe
def report(request: SignedInRequest, uid: UUID) -> HttpResponse:
    consultation = _find(request, uid)
    consulted = find_text(consultation)
    counts = count_by_indicator(consultation)
    hotlines, assessors = find_participation(consultation)
    voted_on = sorted(
        (key for key in consulted.indicators if key in counts), key=lambda key: counts[key].weight, reverse=True
    )
    page = Paginator(voted_on, ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = shown_texts(consultation, consulted, [consulted.indicators[key] for key in page])
    may_run = is_allowed("consultation.run", request.user)
    resolutions = count_resolutions(consultation)
    context = {
        "consultation": consultation,
        "may_run": may_run,
        "hotlines": hotlines,
        "assessors": assessors,
        "took_part": sum(bool(one.indicators) for one in (*hotlines, *assessors)),
        "invited": len(hotlines) + len(assessors),
        "total": sum_of(counts, counts),
        "indicators": len(consulted.indicators),
        "resolutions": [(resolution.label, number) for resolution, number in resolutions.items()],
        "rows": [
            {
                "shown": one,
                "url": f"{_address(consultation, consulted, one.indicator.key, may_run)}#i{one.indicator.code}",
                "counts": counts[one.indicator.key],
            }
            for one in shown
        ],
        "page": page,
        "urgencies": [urgency.label for urgency in Urgency],
        "approvals": find_approvals(consultation, request.GET.get("log")) if may_run else None,
    }
    return render(request, "consultation/report.html", context)


def _address(consultation: Consultation, consulted: ConsultedText, key: str, may_run: bool) -> str:
    """Return the address of the page on which the comments on an indicator are answered, or else read."""
    name = "comment_answers" if may_run else "consulted_standard"
    return reverse(f"workspace:{name}", args=[consultation.uid, consulted.standard_of[key].key])


@require_safe
def download(request: SignedInRequest, uid: UUID, kind: str) -> HttpResponse:
    """Return the comments and the votes as CSV or XLSX, in the order of the Guide."""
    consultation = _find(request, uid)
    consulted = find_text(consultation)
    tables = [_comments(request, consultation, consulted), _votes(consultation, consulted)]
    return as_file(tables, kind, name=consultation.name, title=consultation.name)


def _comments(request: SignedInRequest, consultation: Consultation, consulted: ConsultedText) -> Table:
    order = {key: place for place, key in enumerate(consulted.indicators)}
    comments = sorted(visible_comments(consultation, request.user), key=lambda one: (order.get(one.key, 0), one.pk))
    return Table(
        code="comments",
        title=_("Comments"),
        corner=_("Indicator"),
        columns=[
            _("Hotline"),
            _("Person"),
            _("Urgency"),
            _("Comment"),
            _("Written"),
            _("What becomes of it"),
            pgettext("to a comment", "Answer"),
            _("Answered by"),
        ],
        lines=[Line(name=consulted.indicators[one.key].wording, cells=_cells(one), code=one.code) for one in comments],
    )


def _cells(comment: ConsultationComment) -> list[Cell]:
    answer = comment.present_answer
    return [
        text(comment.hotline.name if comment.hotline else _("assessor")),
        text(comment.by.name),
        text(comment.get_urgency_display() or ""),
        text(comment.words),
        text(zoned(comment.at, "SHORT_DATETIME_FORMAT")),
        text(answer.get_resolution_display() if answer else ""),
        text(answer.words if answer else ""),
        text(answer.by.name if answer else ""),
    ]


def _votes(consultation: Consultation, consulted: ConsultedText) -> Table:
    counts = count_by_indicator(consultation)
    return Table(
        code="votes",
        title=_("Votes"),
        corner=_("Indicator"),
        columns=[*(str(urgency.label) for urgency in Urgency), _("Comments"), _("Unresolved")],
        lines=[
            Line(name=one.wording, code=one.code, cells=_numbers(counts.get(one.key, Counts())))
            for one in consulted.indicators.values()
        ],
    )


def _numbers(counts: Counts) -> list[Cell]:
    return [Cell(str(number), number) for number in (*counts.votes, counts.worded, counts.unresolved)]
