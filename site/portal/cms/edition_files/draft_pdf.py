"""A draft edition as PDF: the worker prints the current draft on request, and stores the PDF until the next request."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from portal.cms.guide import find_source_page
from portal.requests.stored_files import open_stored
from reports.guide import request_draft
from reports.models import GuidePrinting
from standards.models import EditionPage


@require_POST
def print_draft(_request: HttpRequest, page_id: int) -> HttpResponse:
    """Queue the printing of a draft; for a released edition, redirect to its PDF on the public site."""
    page = find_source_page(page_id)
    if page.edition:
        return redirect("pages:guide_pdf", page.code)
    request_draft(page)
    return redirect("guide_files", page.pk)


@require_safe
def draft_file(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """Return the PDF that was printed last; without one, redirect to the page on which it is requested."""
    page = find_source_page(page_id)
    printing = find_printing(page)
    if page.edition or printing is None or not printing.pdf:
        return redirect("guide_files", page.pk)
    name = f"practical-guide-draft-{page.code}.pdf"
    return FileResponse(open_stored(printing.pdf, request.path), filename=name, content_type="application/pdf")


def find_printing(page: EditionPage) -> GuidePrinting | None:
    """Return the printing of a draft, or None if none was requested."""
    return GuidePrinting.objects.filter(draft=page.pk).first()
