"""Middleware: request log, policies by area, the reader's language and time zone, the second factor."""

import zoneinfo
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, MiddlewareNotUsed, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import urlencode

from portal.accounts import adapters
from portal.operations import checks, logs
from portal.requests import errors
from portal.requests.bodies import CMS_UPLOADS, TakesFiles, length_of, longest_evidence, longest_form
from reports.texts.reading import cached_texts
from standards.presentation.reading_language import active_language, content_language

GetResponse = Callable[[HttpRequest], HttpResponseBase]

PRODUCT_AREAS = ("/work/", "/api/", "/accounts/", "/healthz", "/cms/", "/i18n/", "/documents/", "/dev/")
"""Addresses without a language prefix. All others are public and in the language of their prefix."""

PRIVATE_AREAS = ("/work/", "/accounts/", "/api/")
"""Pages that a shared computer must not show after signing out, and responses that no proxy may cache."""

CMS_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
"""Wagtail's scripts are files; its editors set inline styles. Third parties are excluded too."""

CMS_INLINE_POLICY = CMS_POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")

CMS_WITH_INLINE_SCRIPTS = frozenset(
    [
        "wagtailadmin_explore_root",
        "wagtailadmin_explore",
        "wagtailadmin_pages:add",
        "wagtailadmin_pages:edit",
        "wagtailadmin_pages:move",
        "wagtailadmin_pages:history",
        "wagtailadmin_pages:revisions_revert",
        "wagtailadmin_pages:type_use",
        "wagtailadmin_reports:site_history",
        "wagtailadmin_reports:aging_pages",
        "wagtailadmin_reports:locked_pages",
        "wagtail_localize:submit_page_translation",
    ]
)
"""The pages with inline scripts of Wagtail, for its calendars, choosers and rows, without a nonce."""


class TextsMiddleware:
    """Checks at most once per request whether an editable text has changed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with cached_texts():
            return self.get_response(request)


class RequestLogMiddleware:
    """Logs one line per request: route, status, duration. Never parameters or input."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = perf_counter()
        with logs.bind_context(request_id=logs.request_id(request)) as names:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = names["request_id"]
            logs.log_request(request, response.status_code, perf_counter() - started)
        return response


class AreaPolicyMiddleware:
    """Sets headers by area: the CMS's looser content policy, no caching of private pages, no device access."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith("/cms/"):
            has_code = request.resolver_match and request.resolver_match.view_name in CMS_WITH_INLINE_SCRIPTS
            response.headers.setdefault("Content-Security-Policy", CMS_INLINE_POLICY if has_code else CMS_POLICY)
        if request.path_info.startswith(PRIVATE_AREAS) and "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_store=True)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=(), usb=()")
        return response


class PublicGZipMiddleware(GZipMiddleware):
    """Compresses public pages. Private ones have secrets, which the length of a compressed response could reveal."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith(PRODUCT_AREAS):
            return response
        return super().process_response(request, response)


class DemonstrationMiddleware:
    """Restricts the demonstration, whose sign-ins are shown on the screen, to the local machine."""

    def __init__(self, get_response: GetResponse) -> None:
        checks.refuse_to_serve()
        if not settings.DEMONSTRATION:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/accounts/") and not adapters.is_from_this_machine(request):
            return errors.forbidden(request, PermissionDenied())
        return self.get_response(request)


class AreaLocaleMiddleware(LocaleMiddleware):
    """Uses the language of the user's profile on product pages, and keeps their 404 responses.

    Django's own would redirect every unknown address to the public pages in the reader's language.
    """

    def process_request(self, request: HttpRequest) -> None:
        if not request.path_info.startswith(PRODUCT_AREAS):
            super().process_request(request)
            translation.activate(active_language(translation.get_language()))
        else:
            translation.activate(active_language(adapters.language_of(request)))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not request.path_info.startswith(PRODUCT_AREAS):
            with translation.override(content_language()):  # addresses begin with it
                return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", content_language())
        return response


class ReaderTimeZoneMiddleware:
    """Uses the reader's time zone on product pages, the network's on public pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with timezone.override(self._zone(request)):
            return self.get_response(request)

    @staticmethod
    def _zone(request: HttpRequest) -> zoneinfo.ZoneInfo | None:
        reader = adapters.signed_in_user(request) if request.path_info.startswith(PRODUCT_AREAS) else None
        if reader is None:
            return None
        try:
            return zoneinfo.ZoneInfo(reader.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return None


class SecondFactorMiddleware:
    """Requires the second factor first from users who need one, however they signed in.

    It checks what was proved in the session, not whether the user has a second factor, so a session from another
    sign-in page has no access. A form that was being sent when the session was lost is returned afterwards.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponseBase | None:
        user = adapters.signed_in_user(request)
        if user is None:
            if request.method == "POST" and request.path_info.startswith("/work/"):
                return errors.lost_session(request, "signed out")
            return None
        if adapters.has_second_factor(request) or not adapters.must_use_second_factor(user):
            return None
        if request.resolver_match and request.resolver_match.view_name in adapters.SECOND_FACTOR_PAGES:
            return None
        if request.method not in ("GET", "HEAD") or request.headers.get("HX-Request"):
            return errors.lost_session(request, "second factor")
        there = resolve_url(adapters.second_factor_page(user))
        return redirect(f"{there}?{urlencode({'next': request.get_full_path()})}")


class ReturnedFormMiddleware:
    """Refuses a form that was rendered for another user, and a returned form that its author did not send again.

    Must be after the CSRF middleware, whose check applies to these forms as to all others. A returned form has no files,
    so only such bodies are read here: views read those with files, and of scripts, themselves.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if request.method != "POST" or not request.path_info.startswith(("/work/", "/cms/")):
            return None
        is_form = request.content_type == "application/x-www-form-urlencoded"
        return errors.refuse_returned_form(request) if is_form else None


class BodyMiddleware:
    """Refuses a body that exceeds the limit of its address, and an address that no database could look up.

    Must be before all middleware that reads the body.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("an address with a NUL, which PostgreSQL keeps in no text")
        if not (request.META.get("CONTENT_LENGTH") or "0").isdecimal():
            raise BadRequest("a length of the body that is no number, where Django expects one")
        if request.path_info.startswith("/api/"):
            return None  # the API checks the key first, and then counts while it reads
        if length_of(request) <= self._longest(request, view):
            return None
        if request.path_info.startswith("/work/") and not request.user.is_authenticated:
            return errors.lost_session(request, "signed out")
        return errors.too_long(request)

    @staticmethod
    def _longest(request: HttpRequest, view: Any) -> int:
        """Return the limit.

        Anonymous users send forms only; without access to the CMS nobody sends it larger bodies.
        """
        if not request.user.is_authenticated:
            return longest_form()
        if isinstance(view, TakesFiles):
            return view.longest_body()
        is_cms_upload = request.resolver_match is not None and request.resolver_match.view_name in CMS_UPLOADS
        if is_cms_upload and request.user.has_perm("wagtailadmin.access_admin"):
            return longest_evidence()
        return longest_form()
