"""The languages of an edition: how far each is, a file for its translators, and its texts from such a file."""

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
from portal.requests.waiting_files import keep, take
from standards.drafts.fields import write_texts
from standards.editions.languages.progress import read_languages
from standards.editions.languages.translation_files import LARGEST, read_translation, write_translation
from standards.editions.languages.unit import TranslationFile
from standards.editions.overview import LanguageProgress, read_progress
from standards.editions.page_reader import read_tree
from standards.editions.release import check_translation, publish_translation
from standards.framework import MalformedEdition, parse_wording
from standards.models import Edition, EditionPage

CONTENT_TYPES = {"po": "text/x-gettext-translation", "xlf": "application/x-xliff+xml"}
"""By the ending of a file's name."""


@dataclass(frozen=True)
class LanguageOfEdition:
    """A language of the site: its progress in the pages, and since when its wording is published."""

    code: str
    name: str
    progress: LanguageProgress | None
    published_at: datetime | None


class TranslationForm(forms.Form):
    """A file of translators with the texts of one language."""

    file = forms.FileField(
        label=gettext_lazy("The translators’ file"),
        help_text=gettext_lazy("A PO or XLIFF file, such as fr.po or fr.xlf, with every text of the edition."),
    )

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        self.edition = edition
        self.problems: list[str] = []
        super().__init__(*args, **kwargs)

    def clean_file(self) -> TranslationFile:
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST:
            raise forms.ValidationError(_("This file is too large to be the texts of a Guide."))
        try:
            read = read_translation(upload.read().decode("utf-8-sig"))
            if read.language not in dict(settings.LANGUAGES) or read.language == self.edition.source_language:
                message = _("The file is in “%(language)s”, which is no further language of this site.")
                raise forms.ValidationError(message % {"language": read.language})
            check_translation(self.edition, read)
        except UnicodeDecodeError as unreadable:
            raise forms.ValidationError(_("The file is not written in UTF-8. Save it so.")) from unreadable
        except MalformedEdition as malformed:
            self.problems = list(malformed.problems)
            raise forms.ValidationError(
                _("The file cannot be used yet. What is wrong with it is listed below.")
            ) from malformed
        return read


@require_http_methods(["GET", "POST"])
def languages(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show every language; a POST reads a file of texts, which a second one publishes."""
    page = find_source_page(page_id)
    edition = Edition.objects.filter(code=page.code).first()
    if request.method == "POST" and not (edition and may_release(page, request.user)):
        return refuse_role(request, "guide.release")
    form = TranslationForm(edition, request.POST or None, request.FILES or None) if edition else None
    waiting: TranslationFile | None = None
    if form and form.is_valid():
        waiting = form.cleaned_data["file"]
    context = {
        "title": _("Languages of edition %(code)s") % {"code": page.code},
        "icon": "globe",
        "page": page,
        "edition": edition,
        "languages": list_languages(page, edition),
        "form": form if edition and may_release(page, request.user) else None,
        "waiting": waiting,
        "waiting_name": _name(waiting.language) if waiting else "",
        "digest": keep(page, waiting) if waiting else "",
    }
    return TemplateResponse(request, "standards/languages.html", context, status=422 if form and form.errors else 200)


@require_http_methods(["POST"])
def publish_file(request: HttpRequest, page_id: int) -> HttpResponse:
    """Publish the texts that were read from a file within the last hour, by their digest."""
    page = find_source_page(page_id)
    edition = Edition.objects.filter(code=page.code).first()
    if edition is None or not may_release(page, request.user):
        return refuse_role(request, "guide.release")
    file = take(page, request.POST.get("digest", ""), TranslationFile)
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
    return [
        LanguageOfEdition(code, _name(code), progress.get(code), published.get(code))
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
    """The frozen texts of a released edition, else those of its pages. What is not translated yet is left open."""
    edition = Edition.objects.filter(code=page.code).first()
    wordings = dict(edition.wordings.values_list("language", "payload")) if edition else {}
    tree = read_tree(page)
    framework = edition.framework if edition else tree.framework
    languages = page.source_language, language
    source = parse_wording(wordings[page.source_language]) if edition else write_texts(tree.text)
    if payload := wordings.get(language):
        return write_translation(framework, languages, source, parse_wording(payload), ending=ending)
    found = read_languages(tree).get(language)
    if found is None:
        return write_translation(framework, languages, source, {}, ending=ending)
    texts = {path: text for path, text in found.texts.items() if path not in found.same}
    return write_translation(framework, languages, source, texts, found.stale, ending=ending)
