"""What may be sent, how much of it, and by whom: asked before a byte of it is read."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, runtime_checkable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]


@runtime_checkable
class TakesFiles(Protocol):
    """A view that `ask_first` decorates: it may be sent a body of so many bytes."""

    longest_body: Callable[[], int]


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

        asking.longest_body = longest  # type: ignore[attr-defined] # makes it one that `TakesFiles`
        return asking

    return decorate
