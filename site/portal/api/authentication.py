"""Authentication of case systems by API key, with a rate limit per key."""

import threading

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from evaluation.figures.intake.api_keys import find_key
from evaluation.models import SystemKey

SENT_AN_HOUR = "60/h"
ASKED_AN_HOUR = "1200/h"


class Denial(Exception):
    """Ends the request with a status, a code and a sentence."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(code)
        self.status, self.code, self.sentence = status, code, sentence


def unknown_key() -> Denial:
    return Denial(
        401,
        "key_unknown",
        _("This key is not known, has ended or is out of date. A coordinator makes a new one on the site."),
    )


class KeyedRequest(HttpRequest):
    """A request that `ByKey` let in; used as an annotation only, never constructed."""

    auth: SystemKey


class ByKey(HttpBearer):
    """`Authorization: Bearer` with the token of a key that a coordinator created on the site."""

    def authenticate(self, request: HttpRequest, token: str) -> SystemKey:
        key = find_key(token)
        if key is None:
            raise unknown_key()
        return key


class PerKey(SimpleRateThrottle, threading.local):
    """The limit of requests per hour and key. Has state per request, so each thread has an instance."""

    def __init__(self, scope: str, rate: str) -> None:
        self.scope = scope
        super().__init__(rate)

    def get_cache_key(self, request: HttpRequest) -> str:
        return self.cache_format % {"scope": self.scope, "ident": request.auth.pk}  # type: ignore[attr-defined] # set by ninja
