"""A user's unresolved texts: listed on every page, and used or discarded by their author."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation.answers.judgements import Conflict, InvalidAnswer, Saved
from evaluation.answers.unresolved_texts import Kind, make_current, texts_of
from evaluation.models import UnresolvedText, User
from evaluation.models.people.permissions import is_allowed
from portal.answers import self_assessment
from portal.answers.saving import WHOLE, Fields, TextPage, read_submission
from portal.presentation.form_values import describe_invalid_answer
from portal.presentation.indicators.indicator import show_one_indicator
from portal.presentation.refusals import refuse
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form
from portal.response import replies, response
from portal.visits.recording import findings, observations

PAGES = {
    page.kind: page for page in (self_assessment.PAGE, findings.PAGE, observations.PAGE, response.PAGE, replies.PAGE)
}
"""The page on which each kind of text is written."""


def page_of(text: UnresolvedText) -> TextPage:
    return PAGES[Kind(text.kind)]


def address_of(text: UnresolvedText) -> str:
    """Return the URL of the page, with the fragment, on which an unresolved text is resolved."""
    page = page_of(text)
    return page.address(text.evaluation, page.standard_of(text.evaluation, text.code), text.code or WHOLE)


def find_text(request: SignedInRequest, uid: UUID) -> UnresolvedText:
    """Return an unresolved text of the user. Raises Http404 for those of others."""
    return get_object_or_404(texts_of(request.user), uid=uid)


@require_safe
def show(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Redirect to the page that resolves the text; show it alone to an author who may no longer read that page."""
    text = find_text(request, uid)
    if _may_read_page(request.user, text):
        return HttpResponseRedirect(address_of(text))
    values: Any = text  # it has the fields of a judgement
    shown = None if text.is_only_words else show_one_indicator(text.evaluation, text.code, values)
    return render(request, "unresolved/own_text.html", {"text": text, "shown": shown})


@require_POST
def use_text(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Make the text the current one. Other values of the page are saved too."""
    text = find_text(request, uid)
    if not _may_write(request.user, text):
        raise refuse(request.user, page_of(text).right, text.evaluation)
    if refusal := refuse_foreign_form(request) or _save_page(request, text):
        return refusal
    place = address_of(text)
    version = read_submission(Fields(request.POST, f"{uid}")).version
    try:
        is_saved = not texts_of(request.user).filter(pk=text.pk).exists()  # saved by its own form on the same page
        match Saved(version) if is_saved else make_current(text, version=version):
            case Saved():
                messages.success(request, _("Your text stands now."))
            case Conflict():
                place = f"{place.partition('#')[0]}#u{text.uid}"
            case _:
                messages.error(request, page_of(text).closed_text(text.evaluation))
    except InvalidAnswer as invalid:  # the indicator's limits were narrower when it was entered
        messages.error(request, describe_invalid_answer(invalid))
    return HttpResponseRedirect(place)


@require_POST
def discard_text(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Delete the text. Other values of the page are saved, unless a script sends the request."""
    text = find_text(request, uid)
    if refusal := refuse_foreign_form(request):
        return refusal
    place = address_of(text) if _may_read_page(request.user, text) else reverse("workspace:home")
    is_by_script = request.headers.get("Accept") == "application/json"
    if (
        not is_by_script
        and _may_write(request.user, text)
        and (problems := _save_page(request, text, without=text.draft_uid))
    ):
        return problems
    text.delete()
    return JsonResponse({"discarded": True}) if is_by_script else HttpResponseRedirect(place)


def _may_read_page(user: User, text: UnresolvedText) -> bool:
    return is_allowed(page_of(text).history_right, user, text.evaluation)


def _may_write(user: User, text: UnresolvedText) -> bool:
    return is_allowed(page_of(text).right, user, text.evaluation)


def _save_page(request: SignedInRequest, text: UnresolvedText, *, without: UUID | None = None) -> HttpResponse | None:
    """Save the other values of the page's plain form; return the page with its problems, or None."""
    page = page_of(text)
    evaluation = page.find(request, text.evaluation.uid, page.right)
    standard = page.standard_of(evaluation, text.code)
    changed = page.save_form(request, evaluation, standard, without=without)
    return page.show(request, evaluation, standard, changed) if changed else None


@require_safe
def session(request: SignedInRequest) -> JsonResponse:
    """Return the signed-in user and a CSRF token, with which a page that was left open can continue."""
    return JsonResponse({"person": str(request.user.uid), "token": get_token(request)})
