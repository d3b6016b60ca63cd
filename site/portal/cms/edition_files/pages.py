"""The files of an edition in the CMS: a download in each format, and loading one after comparing it with the pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from portal.cms.compare import ShownComparison, pages_of
from portal.cms.edition_files.draft_pdf import find_printing
from portal.cms.guide import find_source_page, may_release, refuse_role
from portal.requests.waiting_files import fetch_waiting, store_waiting
from standards.drafts.fields import EditionText, write_texts
from standards.drafts.frameworks import draft_framework
from standards.editions.comparison import EditionContent, compare_editions
from standards.editions.files import read_uploaded_file
from standards.editions.files.document import write_document
from standards.editions.files.writing import FORMATS
from standards.editions.page_loader import load_edition, lock_edition
from standards.editions.page_reader import read_tree
from standards.framework import MalformedEdition, digest
from standards.limited_process import ParserStopped, run_limited
from standards.models import Edition, EditionPage

LARGEST = 10_000_000
"""In bytes. The workbook of a Guide with a thousand indicators is smaller than a tenth of it."""


@dataclass(frozen=True)
class ComparedFile:
    """The edition of a file, and the digest of the pages that it was compared with."""

    text: EditionText
    compared_with: str


class EditionFileForm(forms.Form):
    """A workbook or a document of one edition."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy(
            "A workbook (XLSX) or a JSON document of this edition. You see what would change before anything is written."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{extension}" for extension in FORMATS)}),
    )

    def __init__(self, page: EditionPage, *args: Any, **kwargs: Any) -> None:
        self.page = page
        self.problems: list[str] = []
        super().__init__(*args, **kwargs)

    def clean_file(self) -> EditionText:
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        extension = Path(upload.name or "").suffix.lower().removeprefix(".")
        if extension not in FORMATS:
            raise forms.ValidationError(_("Choose a file whose name ends in .xlsx or .json."))
        if (upload.size or 0) > LARGEST:
            raise forms.ValidationError(_("This file is too large to be the texts of a Guide."))
        try:
            text, problems = run_limited(read_uploaded_file, upload.read(), f"edition.{extension}")
            self.problems = list(problems)
        except MalformedEdition as malformed:
            self.problems = list(malformed.problems)
        except ParserStopped:
            raise forms.ValidationError(
                _("Reading the file takes too much time or memory. Save it again without what is not of the edition.")
            ) from None
        if self.problems:
            raise forms.ValidationError(_("The file cannot be used yet. What is wrong with it is listed below."))
        if text.code != self.page.code:
            message = _("The file holds edition %(other)s, and this is edition %(code)s.")
            raise forms.ValidationError(message % {"other": text.code, "code": self.page.code})
        if text.language != self.page.source_language:  # it would be loaded into the pages of that language
            message = _("The file is in “%(other)s”, and this edition is written in “%(language)s”.")
            raise forms.ValidationError(message % {"other": text.language, "language": self.page.source_language})
        return text


def _digest(text: EditionText) -> str:
    return digest(write_document(text))


@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the downloads of an edition; on POST, compare a file with the pages. `load_file` loads it."""
    page = find_source_page(page_id)
    if request.method == "POST":
        if not may_release(page, request.user):
            return refuse_role(request, "guide.release")
        if _is_released(page):
            return _refuse_released(request, page)
    form = EditionFileForm(page, request.POST or None, request.FILES or None)
    if form.is_valid():
        return _render(request, page, form, _compare(page, form.cleaned_data["file"]))
    return _render(request, page, form, problems=form.problems)


def _render(
    request: HttpRequest,
    page: EditionPage,
    form: EditionFileForm | None = None,
    compared: Mapping[str, Any] | None = None,
    problems: Iterable[str] = (),
) -> HttpResponse:
    """Render the page with a comparison, or with problems, which are in English and set the status 422."""
    is_released, problems = _is_released(page), list(problems)
    context: dict[str, Any] = {
        "title": _("Files of edition %(code)s") % {"code": page.code},
        "icon": "download",
        "page": page,
        "is_released": is_released,
        "printing": None if is_released else find_printing(page),
        "form": (form or EditionFileForm(page)) if may_release(page, request.user) and not is_released else None,
        "problems": problems,
        **(compared or {}),
    }
    is_refused = problems or (form and form.errors)
    return TemplateResponse(request, "standards/files.html", context, status=422 if is_refused else 200)


def _is_released(page: EditionPage) -> bool:
    return Edition.objects.filter(code=page.code).exists()


def _refuse_released(request: HttpRequest, page: EditionPage) -> HttpResponse:
    messages.error(request, _("A released edition does not change. Load a file into the next edition."))
    return redirect("guide_files", page.pk)


def _compare(page: EditionPage, text: EditionText) -> dict[str, Any]:
    """Return the context of what loading would change, and store the file for an hour."""
    present = read_tree(page).text
    before, now = (EditionContent(draft_framework(one), write_texts(one)) for one in (present, text))
    comparison = compare_editions(before, now)
    pages = pages_of(page)
    shown = ShownComparison(comparison, (page.source_language, text.language), (pages, pages))
    return {
        "digest": store_waiting(page, ComparedFile(text, _digest(present))),
        "is_compared": True,
        "is_same": text == present,
        "is_empty": comparison.is_empty,
        "edition_changes": shown.edition(None),
        "domains": shown.parts(comparison.only(None).domains),
    }


@require_http_methods(["POST"])
def load_file(request: HttpRequest, page_id: int) -> HttpResponse:
    """Load the file that was compared within the last hour, by its token, if the pages are unchanged since then.

    The check and the load are one transaction: nobody else writes or releases the pages meanwhile.
    """
    page = find_source_page(page_id)
    if not may_release(page, request.user):
        return refuse_role(request, "guide.release")
    compared = fetch_waiting(page, request.POST.get("digest", ""), ComparedFile)
    try:
        with transaction.atomic():
            lock_edition(page)
            if _is_released(page):
                return _refuse_released(request, page)
            if compared is None:
                messages.error(request, _("The file is no longer here. Choose it again."))
                return redirect("guide_files", page.pk)
            if _digest(read_tree(page).text) != compared.compared_with:
                message = _("The pages have changed since the file was compared with them. Read it again.")
                messages.error(request, message)
                return redirect("guide_files", page.pk)
            load_edition(compared.text, user=request.user)
    except MalformedEdition as malformed:
        return _render(request, page, problems=malformed.problems)
    messages.success(request, _("The pages of edition %(code)s say what the file says.") % {"code": page.code})
    return redirect("guide_tree", page.pk)


@require_safe
def download(request: HttpRequest, page_id: int, extension: str) -> HttpResponse:
    """Return the pages of an edition as one file."""
    page = find_source_page(page_id)
    if extension not in FORMATS:
        raise Http404
    write, content_type = FORMATS[extension]
    try:
        written = write(read_tree(page).text)
    except MalformedEdition as malformed:
        return _render(request, page, problems=malformed.problems)
    response = HttpResponse(written, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="guide-{page.code}.{extension}"'
    return response
