"""The pages of the editable texts in the CMS: all of them, and one in one language with its history."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from evaluation.models.people.permissions import is_allowed
from portal.cms.guide import refuse_role
from portal.texts.editing import files
from portal.texts.editing.agendas import list_edited_agendas, list_edited_sheets
from portal.texts.editing.forms import TextForm
from portal.texts.editing.overview import (
    State,
    describe_state,
    list_groups,
    list_languages,
    name_group,
    name_language,
    name_order,
    page_of,
    state_of,
)
from portal.texts.editing.preview import show_preview
from reports.models import TextVersion
from reports.texts.declaration import Kind, Text, source_language, text_of
from reports.texts.reading import edited_texts
from reports.texts.writing import Conflict, save_text
from standards.editions.comparison import Kind as ChangeKind
from standards.editions.comparison import compare_words
from standards.presentation.reading_language import content_language
from standards.public_guide.changes import ShownChange

RIGHT = "texts.edit"
_PARTS_OF_A_LETTER = {"subject": gettext_lazy("Subject"), "body": gettext_lazy("Letter")}


@require_http_methods(["GET", "POST"])
def texts(request: HttpRequest) -> HttpResponse:
    """List the texts; on POST, read a translators' file and write what it changes."""
    if not is_allowed(RIGHT, request.user):
        return refuse_role(request, RIGHT)
    form = files.FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        count = files.write_translations(form.translations, form.cleaned_data["file"].language, by=request.user)
        messages.success(request, _("Texts that were written from the file: %(count)s.") % {"count": count})
        return redirect("texts")
    query, state = " ".join(request.GET.get("q", "").split()), request.GET.get("state", "")
    context = {
        "title": _("Texts"),
        "icon": "edit",
        "groups": list_groups(query, state),
        "query": query,
        "state": state,
        "states": [(one.value, describe_state(one)) for one in (State.DEFAULT, State.EDITED, State.BEHIND)],
        "form": form,
        "agendas": None if query or state else list_edited_agendas(),
        "sheets": None if query or state else list_edited_sheets(),
        "files": [(code, name_language(code)) for code, _name in settings.LANGUAGES if code != source_language()],
    }
    return TemplateResponse(request, "texts/texts.html", context, status=422 if form.errors else 200)


@require_safe
def translation_file(request: HttpRequest, language: str, ending: str) -> HttpResponse:
    """Return the file of a language for translators: every text, with what is translated so far."""
    if not is_allowed(RIGHT, request.user):
        return refuse_role(request, RIGHT)
    if language not in dict(settings.LANGUAGES) or language == source_language():
        raise Http404
    response = HttpResponse(files.write_file(language, ending), content_type=files.CONTENT_TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="texts-{language}.{ending}"'
    return response


# --- One text --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A row of the history, with its changes word by word. `is_default`: it restored the default."""

    row: TextVersion
    is_default: bool
    words: SafeString


@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Show a text in a language; on POST, save it or restore the default."""
    if not is_allowed(RIGHT, request.user):
        return refuse_role(request, RIGHT)
    found = _find(key, language)
    edited = edited_texts()
    version = edited.version(key, language)
    shown = list(version.forms) or found.default_forms(language)
    form = TextForm(found, language, request.POST or None, shown=shown, seen=version.number)
    theirs: TextVersion | None = None
    if form.is_valid():
        saved = save_text(found, language, form.forms, seen=form.cleaned_data["seen"], by=request.user)
        if not isinstance(saved, Conflict):
            sentence = (
                _("The default is back.") if not saved.version.forms else _("The text is saved. Readers see it now.")
            )
            messages.success(request, sentence)
            return redirect("texts_text", key, language)
        theirs = saved.theirs
        form.data = {**request.POST.dict(), "seen": str(theirs.number)}
    status = 409 if theirs else 422 if form.errors else 200
    return TemplateResponse(request, "texts/text.html", _context(found, language, form, theirs), status=status)


@require_POST
def preview(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Return the submitted text as its readers get it, or its problems. Saves nothing."""
    if not is_allowed(RIGHT, request.user):
        raise PermissionDenied
    found = _find(key, language)
    form = TextForm(found, language, request.POST, shown=found.default_forms(language), seen=0)
    context: dict[str, Any] = {"form": form}
    if form.is_valid() and form.forms and found.kind is not Kind.ORDER:
        context["preview"] = show_preview(found, language, form.forms)
    return TemplateResponse(request, "texts/_preview.html", context)


def _find(key: str, language: str) -> Text:
    try:
        found = text_of(key)
    except KeyError:
        raise Http404 from None
    if language not in found.languages:
        raise Http404
    return found


def _context(found: Text, language: str, form: TextForm, theirs: TextVersion | None) -> dict[str, Any]:
    edited = edited_texts()
    version, source = edited.version(found.key, language), list(edited.source_forms(found))
    state = state_of(found, language, edited)
    default = found.default_forms(language)
    is_source = language == source_language()
    context: dict[str, Any] = {
        "title": name_group(found.group),
        "letter": _letter(found, language),
        "icon": "edit",
        "text": found,
        "language": language,
        "language_name": name_language(language),
        "languages": list_languages(found, edited),
        "is_missing": state is State.MISSING,
        "form": form,
        "is_order": found.kind is Kind.ORDER,
        "is_rich": found.kind is Kind.RICH,
        "default": _as_lines(found, default),
        "source": [] if is_source else _as_lines(found, source),
        "source_language": source_language(),
        "is_edited": bool(version.forms),
        "page": page_of(found),
        "placeholders": found.values(),
        "optional": sorted(found.optional & found.names),
        "preview": ""
        if found.kind is Kind.ORDER or not any(shown := form.forms or list(version.read) or default) or form.errors
        else show_preview(found, language, shown),
        "history": _history(found, language),
        "theirs": theirs,
    }
    if state is State.BEHIND:
        now = default if is_source else source
        context["changed"] = _words(found, list(version.against), now, source_language())
    if theirs:
        context["difference"] = _words(found, theirs.forms or default, form.forms or default, language)
    return context


def _letter(found: Text, language: str) -> dict[str, Any]:
    """Return the subject of a text's letter, and the pages of its two texts; empty for texts of no letter."""
    letter, _dot, part = found.key.rpartition(".")
    if not letter.startswith("letters.") or part not in _PARTS_OF_A_LETTER:
        return {}
    return {
        "subject": edited_texts().message(text_of(f"{letter}.subject"), content_language()),
        "parts": [
            {
                "label": label,
                "url": reverse("texts_text", args=[f"{letter}.{one}", language]),
                "is_current": one == part,
            }
            for one, label in _PARTS_OF_A_LETTER.items()
        ],
    }


def _as_lines(found: Text, forms: list[str]) -> list[str]:
    return [name_order(found, forms[0])] if found.kind is Kind.ORDER else forms


def _words(found: Text, before: list[str], now: list[str], language: str) -> SafeString:
    """Return the difference of two versions, word by word."""
    former, present = ("\n".join(_as_lines(found, forms)) for forms in (before, now))
    return ShownChange(ChangeKind.REWORDED, "", compare_words(former, present), language).words


def _history(found: Text, language: str) -> list[ShownVersion]:
    """Return the saved versions of a text in a language, the newest first."""
    default = found.default_forms(language)
    shown, former = [], default
    for row in TextVersion.objects.filter(key=found.key, language=language).select_related("by").order_by("pk"):
        forms = row.forms or default
        shown.append(ShownVersion(row, not row.forms, _words(found, former, forms, language)))
        if row.number:
            former = forms
    return shown[::-1]
