"""Limits of request bodies, by view and user: checked before a byte of the body is read."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, runtime_checkable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from evaluation.answers.workbook.sheets import MOST_BYTES

View = Callable[..., HttpResponseBase]


@runtime_checkable
class TakesFiles(Protocol):
    """A view that `check_right_before_body` decorates. `longest_body` returns the limit of its body in bytes."""

    longest_body: Callable[[], int]


_ENVELOPE = 1024 * 1024
"""The size of a form around its files: other fields and multipart boundaries."""

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
    """Return the declared length of the body. No server reads more of it; without a length it is empty."""
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def longest_form() -> int:
    """Return the limit of a form without files."""
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE + _ENVELOPE


def longest_evidence() -> int:
    """Return somewhat more than the limit of evidence, so that larger files are refused by the form of the page."""
    return 3 * settings.EVIDENCE_MAX_BYTES + _ENVELOPE


def longest_figures() -> int:
    """Return more than the limit of a file of figures, for the same reason. Nothing above that limit is stored."""
    return 2 * settings.STATISTICS_MAX_BYTES + _ENVELOPE


def longest_workbook() -> int:
    """Return more than the limit of the workbook of a self-assessment, for the same reason."""
    return 2 * MOST_BYTES + _ENVELOPE


def check_right_before_body(right: Callable[..., Any], longest: Callable[[], int]) -> Callable[[View], View]:
    """Return a decorator for a view that takes files: `right` raises 404 or 403 before the body is read.

    The body may have at most `longest` bytes. The CSRF check reads the body, so it runs inside the view.
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
