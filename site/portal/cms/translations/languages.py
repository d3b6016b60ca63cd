"""The languages of an edition: the progress of each, a file for its translators, and loading such a file.

The file of a draft changes the pages of its language; that of a released edition is published.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from portal.cms.guide import find_source_page, may_release, refuse_role
from portal.cms.translations.loading import compare_translation
from portal.requests.waiting_files import fetch_waiting, store_waiting
from standards.drafts.fields import write_texts
from standards.editions.languages.reviews import read_language, set_review_requirement
from standards.editions.languages.translation_files import LARGEST, read_translation, write_translation
from standards.editions.languages.unit import TranslationFile
from standards.editions.overview import LanguageProgress, read_progress
from standards.editions.page_reader import read_tree
from standards.editions.release import check_translation, publish_translation
from standards.framework import MalformedEdition
from standards.models import Edition, EditionPage

CONTENT_TYPES = {"po": "text/x-gettext-translation", "xlf": "application/x-xliff+xml"}
"""Content types by the ending of a file name."""


@dataclass(frozen=True)
class LanguageOfEdition:
    """A language of the site: its progress in the pages, and when its wording was published."""

    code: str
    name: str
    progress: LanguageProgress | None
    published_at: datetime | None
    demands_review: bool


class TranslationForm(forms.Form):
    """A file of translators with the texts of one language."""

    file = forms.FileField(
        label=gettext_lazy("The translators’ file"),
        help_text=gettext_lazy("A PO or XLIFF file, such as fr.po or fr.xlf, with every text of the edition."),
    )

    def __init__(self, page: EditionPage, edition: Edition | None, *args: Any, **kwargs: Any) -> None:
        self.page, self.edition = page, edition
        self.problems: list[str] = []
        self.shown: dict[str, Any] = {}
        """The context of a valid file."""
        super().__init__(*args, **kwargs)
        if edition is None:  # a file for a draft may contain only some of its texts
            self.fields["file"].help_text = _("A PO or XLIFF file, such as fr.po or fr.xlf.")

    def clean_file(self) -> TranslationFile:
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST:
            raise forms.ValidationError(_("This file is too large to be the texts of a Guide."))
        try:
            read = read_translation(upload.read().decode("utf-8-sig"))
            if read.language not in dict(settings.LANGUAGES) or read.language == self.page.source_language:
                message = _("The file is in “%(language)s”, which is no further language of this site.")
                raise forms.ValidationError(message % {"language": read.language})
            self.shown = self._check(read)
        except UnicodeDecodeError as unreadable:
            raise forms.ValidationError(_("The file is not written in UTF-8. Save it so.")) from unreadable
        except MalformedEdition as malformed:
            self.problems = list(malformed.problems)
            raise forms.ValidationError(
                _("The file cannot be used yet. What is wrong with it is listed below.")
            ) from malformed
        return read

    def _check(self, read: TranslationFile) -> dict[str, Any]:
        """Return the context of a file. Raises MalformedEdition."""
        if self.edition is None:
            return compare_translation(self.page, read)
        unreviewed = check_translation(self.edition, read)
        digest = store_waiting(self.page, read)
        return {"waiting_name": _name(read.language), "unreviewed": len(unreviewed), "digest": digest}


@require_http_methods(["GET", "POST"])
def languages(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show every language; on POST, read a file of texts, which another POST publishes or loads."""
    page = find_source_page(page_id)
    edition = Edition.objects.filter(code=page.code).first()
    may_load = may_release(page, request.user)
    if request.method == "POST" and not may_load:
        return refuse_role(request, "guide.release")
    form = TranslationForm(page, edition, request.POST or None, request.FILES or None)
    shown = form.shown if form.is_valid() else {}
    context = {
        "title": _("Languages of edition %(code)s") % {"code": page.code},
        "icon": "globe",
        "page": page,
        "edition": edition,
        "languages": list_languages(page, edition),
        "form": form if may_load else None,
        **shown,
    }
    return TemplateResponse(request, "standards/languages.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
def demand_review(request: HttpRequest, page_id: int, language: str) -> HttpResponse:
    """Set whether a language must be reviewed before it is published."""
    page = find_source_page(page_id)
    if not may_release(page, request.user):
        return refuse_role(request, "guide.release")
    if language not in dict(settings.LANGUAGES) or language == page.source_language:
        raise Http404
    set_review_requirement(page, language, demands=request.POST.get("demands") == "1")
    return redirect("guide_languages", page.pk)


@require_http_methods(["POST"])
def publish_file(request: HttpRequest, page_id: int) -> HttpResponse:
    """Publish the texts that were read from a file within the last hour, by their digest."""
    page = find_source_page(page_id)
    edition = Edition.objects.filter(code=page.code).first()
    if edition is None or not may_release(page, request.user):
        return refuse_role(request, "guide.release")
    file = fetch_waiting(page, request.POST.get("digest", ""), TranslationFile)
    if file is None:
        messages.error(request, _("The file is no longer here. Choose it again."))
        return redirect("guide_languages", page.pk)
    try:
        publish_translation(edition, file, user=request.user)
    except MalformedEdition as malformed:
        messages.error(request, " ".join(malformed.problems[:3]))
    else:
        message = _("Edition %(code)s is published in %(language)s.")
        messages.success(request, message % {"code": edition.code, "language": _name(file.language)})
    return redirect("guide_languages", page.pk)


def list_languages(page: EditionPage, edition: Edition | None) -> list[LanguageOfEdition]:
    progress = read_progress(page)
    published = dict(edition.wordings.values_list("language", "published_at")) if edition else {}
    demanding = set(page.language_settings.filter(demands_review=True).values_list("language", flat=True))
    return [
        LanguageOfEdition(code, _name(code), progress.get(code), published.get(code), code in demanding)
        for code, _english in settings.LANGUAGES
        if code != page.source_language
    ]


def _name(code: str) -> str:
    return str(get_language_info(code)["name_translated"])


@require_safe
def translation(request: HttpRequest, page_id: int, language: str, ending: str) -> HttpResponse:
    """Return the file of a language for translators: every text of the edition, with what is translated so far."""
    page = find_source_page(page_id)
    if language not in dict(settings.LANGUAGES) or language == page.source_language:
        raise Http404
    response = HttpResponse(_write_file(page, language, ending), content_type=CONTENT_TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="guide-{page.code}-{language}.{ending}"'
    return response


def _write_file(page: EditionPage, language: str, ending: str) -> str:
    """Return the published texts of a language, else those of its pages, as a file. Untranslated texts are empty."""
    tree = read_tree(page)
    languages, translated = (page.source_language, language), read_language(tree, language)
    if translated is None:
        return write_translation(tree.framework, languages, write_texts(tree.text), {}, ending=ending)
    found = translated.found
    return write_translation(
        *(tree.framework, languages, found.source, found.present, found.outdated),
        reviewed=found.reviewed,
        ending=ending,
    )
