"""The draft of an edition as PDF: printed by the worker as it reads when somebody asks, and kept until the next time."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from portal.cms.guide import find_source_page
from reports.guide import request_draft
from reports.models import GuidePrinting
from standards.models import EditionPage


@require_POST
def print_draft(_request: HttpRequest, page_id: int) -> HttpResponse:
    """Have the draft printed; a released edition has its PDF on its public page."""
    page = find_source_page(page_id)
    if page.edition:
        return redirect("pages:guide_pdf", page.code)
    request_draft(page)
    return redirect("guide_files", page.pk)


@require_safe
def draft_file(_request: HttpRequest, page_id: int) -> HttpResponseBase:
    """Return what was printed last; without it, lead to where it is asked for."""
    page = find_source_page(page_id)
    printing = find_printing(page)
    if page.edition or printing is None or not printing.pdf:
        return redirect("guide_files", page.pk)
    name = f"practical-guide-draft-{page.code}.pdf"
    return FileResponse(printing.pdf.open("rb"), filename=name, content_type="application/pdf")


def find_printing(page: EditionPage) -> GuidePrinting | None:
    """Return the printing of a draft, if one was ever asked for."""
    return GuidePrinting.objects.filter(draft=page.pk).first()
