"""What may be sent, how much of it, and by whom: asked before a byte of it is read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]
GetResponse = Callable[[HttpRequest], HttpResponseBase]

_ENVELOPE = 1024 * 1024
"""What stands around the files of a form: its other fields, the borders between its parts."""

CMS_UPLOADS = frozenset(
    [
        "wagtaildocs:add",
        "wagtaildocs:add_multiple",
        "wagtaildocs:edit",
        "wagtailimages:add",
        "wagtailimages:add_multiple",
        "wagtailimages:edit",
    ]
)


def length_of(request: HttpRequest) -> int:
    """How long the body says it is. No server reads more of it; without a length it is empty."""
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def longest_form() -> int:
    """What a form without files may take."""
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE + _ENVELOPE


def longest_evidence() -> int:
    """Somewhat more than is taken, so that what is too big is refused with the page and its other words."""
    return 3 * settings.EVIDENCE_MAX_BYTES + _ENVELOPE


def longest_figures() -> int:
    """The same for a file of figures, of which nothing beyond the limit is kept."""
    return 2 * settings.STATISTICS_MAX_BYTES + _ENVELOPE


def ask_first(right: Callable[..., Any], longest: Callable[[], int]) -> Callable[[View], View]:
    """For a view that takes files: `right` raises 404 or 403 before the body is read, of which at most `longest` is.

    The check against forged requests reads the body, so the view does that itself, inside.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                right(request, *args, **kwargs)
            return view(request, *args, **kwargs)

        asking.longest_body = longest  # type: ignore[attr-defined]
        return asking

    return decorate


class BodyMiddleware:
    """Refuses a body that is longer than its address may take, and an address that no database could look for.

    Stands before whatever reads a body.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        from portal import errors  # noqa: PLC0415 - it asks here how long a body is

        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("an address with a NUL, which PostgreSQL keeps in no text")
        if not (request.META.get("CONTENT_LENGTH") or "0").isdecimal():
            raise BadRequest("a length of the body that is no number, where Django expects one")
        if request.path_info.startswith("/api/"):
            return None  # it asks for the key first, and then counts while it reads
        if length_of(request) <= self._longest(request, view):
            return None
        if request.path_info.startswith("/work/") and not request.user.is_authenticated:
            return errors.lost_session(request, "signed out")
        return errors.too_long(request)

    @staticmethod
    def _longest(request: HttpRequest, view: Any) -> int:
        """Strangers send forms only; who may not use the CMS sends it nothing bigger either."""
        if not request.user.is_authenticated:
            return longest_form()
        if longest := getattr(view, "longest_body", None):
            return longest()
        is_cms_upload = request.resolver_match is not None and request.resolver_match.view_name in CMS_UPLOADS
        if is_cms_upload and request.user.has_perm("wagtailadmin.access_admin"):
            return longest_evidence()
        return longest_form()
