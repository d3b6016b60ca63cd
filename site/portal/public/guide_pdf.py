"""The whole Guide as PDF. Each published language is printed once, when it is first requested, and stored as a file."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from portal.public.guide import reader_language
from portal.requests.stored_files import open_stored
from reports.guide import request_guide
from reports.models import GuidePrinting
from standards.models import Edition, EditionWording
from standards.presentation.reading_language import active_language
from standards.public_guide.reader import Reading


class PublicRequest(HttpRequest):
    """A request of anybody, perhaps sent by htmx."""

    htmx: HtmxDetails


def _find_wording(code: str) -> EditionWording:
    """Return the wording in which an edition is shown to the reader. Raises Http404."""
    edition = get_object_or_404(Edition, code=code)
    wordings = {wording.language: wording for wording in edition.wordings.select_related("edition").defer("payload")}
    return wordings.get(reader_language()) or wordings[edition.source_language]


@require_safe
def progress(request: PublicRequest, code: str) -> HttpResponse:
    """Request the PDF and show its progress; once it is printed, redirect to it.

    A request of htmx gets a link instead: a browser that saves the file instead of showing it stays on this page.
    """
    wording = _find_wording(code)
    printing = request_guide(wording)
    with override(active_language(wording.language)):
        address = reverse("pages:guide_file", args=[code])
    if printing.pdf and not request.htmx:
        return redirect(address)
    edition = Reading.of(wording.edition, reader_language()).edition()
    template = "pdf_progress.html" if request.htmx else "standards/pdf_page.html"
    context = {"edition": edition, "printing": printing, "address": address, "has_page": True}
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def file(request: HttpRequest, code: str) -> HttpResponseBase:
    """Return the PDF in the reader's language; while there is none, redirect to the page of its progress."""
    wording = _find_wording(code)
    printing = GuidePrinting.objects.filter(wording=wording).exclude(pdf="").first()
    if printing is None or wording.language != reader_language():
        return redirect("pages:guide_pdf", code)
    name = f"practical-guide-{code}-{wording.language}.pdf"
    response = FileResponse(open_stored(printing.pdf, request.path), filename=name, content_type="application/pdf")
    response["ETag"] = f'"{printing.pdf_sha256}"'
    return response
