"""Structured logs: one JSON object per line. The only personal data is the uid of the signed-in user.

A failed sign-in is logged with its address, so that a server can block it.
"""

import re
import traceback
import uuid
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from django.http import HttpRequest
from structlog.typing import Processor

Event = MutableMapping[str, Any]

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_SECRETS = (
    (re.compile(r"[^\s\"'<>()=,;:]+@[^\s\"'<>()=,;:]+"), "[address]"),
    (re.compile(r"(/accounts/(?:invitation|password/reset/key)/)[^\s\"'?]+"), r"\1[key]"),
    (re.compile(r"(?<=[\w/])\?[^\s\"']+"), "?[query]"),
)
"""Secrets that other libraries may log: addresses, keys in a path, query strings."""


def remove_personal_data(_logger: Any, _method: str, event: Event) -> Event:
    """Remove e-mail addresses, keys and query strings from every text of a record."""
    return {name: _cleaned(value) if isinstance(value, str) else value for name, value in event.items()}


def _cleaned(text: str) -> str:
    for pattern, stand_in in _SECRETS:
        text = pattern.sub(stand_in, text)
    return text


def add_traceback_place(_logger: Any, _method: str, event: Event) -> Event:
    """Replace an exception by its class and its stack. Its message may quote user input and is left out."""
    failure = event.pop("exc_info", None)
    if isinstance(failure, tuple) and failure[0] is not None:
        event["exception"] = failure[0].__name__
        event["where"] = [
            f"{Path(frame.filename).parent.name}/{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(failure[2])[-12:]
        ]
        event["event"] = event.get("event", "").partition("\n")[0]
    event.pop("stack_info", None)
    return event


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
FOREIGN_PROCESSORS = _SHARED
"""For the records of Django and other libraries."""
JSON_PROCESSORS = [
    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
    add_traceback_place,
    remove_personal_data,
    structlog.processors.JSONRenderer(),
]
"""For every record, at the end."""

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=False,
)

_log = structlog.get_logger("portal.requests")


def request_id(request: HttpRequest) -> str:
    """Return the id from a proxy, if it looks like one; else a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


@contextmanager
def bind_context(**names: str) -> Iterator[dict[str, str]]:
    """Add `names` to every record logged within the block."""
    with structlog.contextvars.bound_contextvars(**names):
        yield names


def log_request(request: HttpRequest, status: int, seconds: float) -> None:
    """Log a request. Makes no query: the user is included only if the view loaded it."""
    match = getattr(request, "resolver_match", None)
    person = getattr(request, "_cached_user", None)
    _log.info(
        "request",
        method=request.method,
        route=(match.view_name or match.route) if match else None,
        status=status,
        ms=round(seconds * 1000, 1),
        user=str(person.uid) if person is not None and person.is_authenticated else None,
    )
