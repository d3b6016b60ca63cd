"""Error pages, each with what to do. The text of a form that was sent without a valid session is returned."""

import re
import secrets
import sys
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language_from_request, gettext, override
from django.views import defaults

from portal.operations.transient import RETRY_AFTER, is_transient
from portal.requests.bodies import length_of, longest_form
from portal.requests.uploads import ignore_files
from standards.presentation.reading_language import active_language

_NEVER_SHOWN = re.compile(r"password|token|secret|^(code|resend|confirmed|signed)$", re.IGNORECASE)
"""Fields that are not returned: secrets, the confirmation of a decision, a signature."""

_UNREADABLE = (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError)
"""The exceptions raised when a form is read: too many parts, too much data, or no form at all."""

_CARRIED = re.compile(r"(version|was|draft_uid|save_uid|resolves|owner)(-.*)?")
"""Hidden fields that accompany a text."""

RESEND = "resend"
"""The field that identifies a returned form after signing in again, together with a cookie."""

_SIGNER = Signer(salt="portal.requests.errors.resend")


ANOTHER_PERSON = "another person"
"""The reason against a form whose page was rendered for another user."""


def _form_values(request: HttpRequest) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the submitted values without secrets, and the fields with files, which must be chosen again."""
    if length_of(request) > longest_form():
        return [], []
    ignore_files(request)
    try:
        lists, files = list(request.POST.lists()), list(request.FILES)
    except _UNREADABLE:
        return [], []
    if request.path_info.startswith("/accounts/"):
        return [], files
    return [(name, value) for name, values in lists if not _NEVER_SHOWN.search(name) for value in values], files


def _page_of(request: HttpRequest) -> str:
    """Return the page that contained the form, which may differ from its target."""
    referrer = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    return referrer if is_ours else request.path


def lost_session(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Respond to a form without a valid session: signed out meanwhile, or its CSRF token has expired.

    A page gets all submitted values in a form to send again. A request of a script gets a small notice and the trigger
    `lost-session`, and its page keeps the text.
    """
    is_signed_in = bool(getattr(request, "user", None) and request.user.is_authenticated)
    lacks_second_factor = reason == "second factor"
    is_another = reason == ANOTHER_PERSON
    if request.headers.get("HX-Request") or request.headers.get("Accept") == "application/json":
        notice = gettext("Not saved: you are signed out. Sign in again in another tab; your text stays here.")
        response = HttpResponseForbidden(notice, content_type="text/plain; charset=utf-8")
        response.headers["HX-Trigger"] = "lost-session"
        response.headers["HX-Reswap"] = "none"
        return response
    page = _page_of(request)
    fields, files = _form_values(request)
    if is_another:
        fields = []
    browser = request.COOKIES.get(settings.RESEND_COOKIE_NAME) or secrets.token_urlsafe(16)
    context = {
        "fields": [(name, value) for name, value in fields if not _CARRIED.fullmatch(name)],
        "carried": [(name, value) for name, value in fields if _CARRIED.fullmatch(name)],
        "resend": _SIGNER.signature(f"{browser} {request.get_full_path()}"),
        "is_another": is_another,
        "action": request.get_full_path(),
        "files": files,
        "is_signed_in": is_signed_in and not lacks_second_factor,
        "sign_in": page if lacks_second_factor else f"{reverse('account_login')}?{urlencode({'next': page})}",
    }
    response = HttpResponseForbidden(render_to_string("403_csrf.html", context, request))
    if fields:
        secure = request.is_secure()
        response.set_cookie(
            settings.RESEND_COOKIE_NAME, browser, max_age=3600, httponly=True, samesite="Strict", secure=secure
        )
    return response


def is_resent_form(request: HttpRequest) -> bool:
    """Whether this is the form that `lost_session` returned to this very browser, sent again.

    Signing in rotates the CSRF token, and so invalidates that of the form. Instead, the form must come from a page of
    this host, with a cookie that no other host can set and its signature for the one address.
    """
    browser, address = request.COOKIES.get(settings.RESEND_COOKIE_NAME, ""), request.get_full_path()
    origin = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    if (origin.scheme, origin.netloc) != (request.scheme, request.get_host()):
        return False
    if not browser or request.content_type != "application/x-www-form-urlencoded":
        return False
    try:
        _SIGNER.unsign(f"{browser} {address}{_SIGNER.sep}{request.POST.get(RESEND, '')}")
    except BadSignature:
        return False
    return True


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
    return _unread(request, 404)


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
            "fields": _form_values(request)[0] if is_form else [],
            "action": request.get_full_path(),
            "csrf_token": get_token(request) if is_form else "",
        }
        response = HttpResponse(render_to_string("503.html", context))
    response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
