"""Error pages, each with what to do. The text of a form that was sent without a valid session is returned."""

import sys
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language_from_request, gettext, override
from django.views import defaults

from portal.operations.transient import RETRY_AFTER, is_transient
from portal.requests.returned_forms import (
    ReturnedForm,
    is_of_another,
    is_resent,
    is_signature_valid,
    read_form,
    return_form,
)
from portal.requests.stored_files import FileIsMissing
from standards.presentation.reading_language import active_language


def _page_of(request: HttpRequest) -> str:
    """Return the page that contained the form, which may differ from its target."""
    referrer = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    return referrer if is_ours else request.path


def lost_session(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Respond to a form without a valid session: signed out meanwhile, or its CSRF token has expired.

    A page gets the submitted values in a form to send again, if our page sent them. A request of a script gets a small
    notice and the trigger `lost-session`, and its page keeps the text.
    """
    is_signed_in = bool(getattr(request, "user", None) and request.user.is_authenticated)
    lacks_second_factor = reason == "second factor"
    if request.headers.get("HX-Request") or request.headers.get("Accept") == "application/json":
        notice = gettext("Not saved: you are signed out. Sign in again in another tab; your text stays here.")
        response = HttpResponseForbidden(notice, content_type="text/plain; charset=utf-8")
        response.headers["HX-Trigger"] = "lost-session"
        response.headers["HX-Reswap"] = "none"
        return response
    page = _page_of(request)
    form = return_form(request)
    context = {
        "form": form,
        "action": request.get_full_path(),
        "is_signed_in": is_signed_in and not lacks_second_factor,
        "sign_in": page if lacks_second_factor else f"{reverse('account_login')}?{urlencode({'next': page})}",
    }
    language = form.author.language if form.author else ""
    with override(active_language(language)) if language in dict(settings.LANGUAGES) else nullcontext():
        return HttpResponseForbidden(render_to_string("403_csrf.html", context, request))


def refuse_returned_form(request: HttpRequest) -> HttpResponse | None:
    """Return the response to a form of another user, or to a returned form whose signature is invalid; else None."""
    is_invalid = is_of_another(request) or (is_resent(request) and not is_signature_valid(request))
    return lost_session(request) if is_invalid else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(render_to_string("400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show who may do it or when, or redirect to a required declaration."""
    leads_to = getattr(exception, "leads_to", "")
    if not leads_to:
        return _unread(request, 403, {"refusal": getattr(exception, "shown", None)})
    if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
        return redirect(f"{leads_to}?{urlencode({'next': request.get_full_path()})}")
    return HttpResponseForbidden(render_to_string("403.html", {"leads_to": leads_to}, request))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _unread(request, 404, {"is_file": isinstance(exception, FileIsMissing)})


def too_long(request: HttpRequest) -> HttpResponse:
    """Respond to a body that exceeds the limit of its address. None of it was read."""
    return _unread(request, 413)


def _unread(request: HttpRequest, status: int, context: dict[str, Any] | None = None) -> HttpResponse:
    """Return an error page without reading the body, unlike Django's own, which check CSRF."""
    return HttpResponse(render_to_string(f"{status}.html", context, request), status=status)


def broken(request: HttpRequest, *_: Any) -> HttpResponse:
    """Respond to an error of the site or a transient failure, without database and session, which may be the cause."""
    if is_transient(sys.exc_info()[1]):
        # If the profile was not read, the thread still has the language of its last request.
        language = getattr(request, "LANGUAGE_CODE", "") or get_language_from_request(request, check_path=True)
        with override(active_language(language)):
            return unavailable(request)
    return defaults.server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return 503 with `Retry-After`, and the form to send again: the database is unavailable or a disk is full."""
    sentence = gettext("Not saved: the service is away for a moment. Your text stays here; it is tried again.")
    if request.headers.get("HX-Request") or request.headers.get("Accept") == "application/json":
        response = HttpResponse(sentence, content_type="text/plain; charset=utf-8")
        response.headers["HX-Reswap"] = "none"
    else:
        is_form = request.method == "POST"
        context = {
            "is_form": is_form,
            "form": read_form(request) if is_form else ReturnedForm(),
            "action": request.get_full_path(),
            "csrf_token": get_token(request) if is_form else "",
        }
        response = HttpResponse(render_to_string("503.html", context))
    response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
