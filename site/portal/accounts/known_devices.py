"""Browsers in which somebody signed in before: a signed cookie, as OWASP describes "device cookies".

The cookie grants nothing. It only distinguishes a user's own browser from strangers who guess the password: the limits
of strangers do not apply there. It lists the accounts of a shared computer, each as a hash of its address.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from evaluation.models import normalise_email

COOKIE = "known_device"
PATH = "/accounts/"
KEPT_FOR = timedelta(days=365)
MOST_ACCOUNTS = 8

_SALT = "portal.accounts.known_devices"


def find_device(request: HttpRequest, email: str) -> str | None:
    """Return the name of this browser for the account of `email`; None if nobody has signed in to it here."""
    return _read(request).get(_hash(email))


def remember_device(request: HttpRequest, email: str) -> None:
    """Mark this browser as known for the account of `email`, with the response to this request."""
    devices = _read(request)
    name = devices.pop(_hash(email), None) or secrets.token_urlsafe(12)
    latest = [*devices.items(), (_hash(email), name)][-MOST_ACCOUNTS:]
    request.known_devices = dict(latest)  # type: ignore[attr-defined] # for `KnownDeviceMiddleware`


def _hash(email: str) -> str:
    return salted_hmac(_SALT, normalise_email(email), algorithm="sha256").hexdigest()[:16]


def _read(request: HttpRequest) -> dict[str, str]:
    if hasattr(request, "known_devices"):
        return dict(request.known_devices)
    try:
        devices: dict[str, str] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return {}
    return devices


class KnownDeviceMiddleware:
    """Sets the cookie of a browser in which somebody has just signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if hasattr(request, "known_devices"):
            response.set_cookie(
                COOKIE,
                signing.dumps(request.known_devices, salt=_SALT),
                max_age=KEPT_FOR,
                path=PATH,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
