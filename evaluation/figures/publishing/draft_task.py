"""Compute the draft of a release in the worker, once for all who wait for it. Its tables are in the shared cache."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import Error, InterfaceError, OperationalError
from django.utils import timezone
from django_tasks import task

from evaluation.figures.publishing.release import Draft, DraftSource, draft_release, find_kept_draft
from standards.framework import canonical, digest

ASKED_SECONDS = 10 * 60
"""The time after which the task is enqueued again if the worker has stored no result."""
FAILED_SECONDS = 24 * 60 * 60
LATE_AFTER = timedelta(minutes=1)
"""The time that the task may wait for a worker before the page reports that none may be running."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Computing:
    """A draft that waits for the worker, is being computed, or could not be computed; stored in the cache."""

    version: str
    """The digest of what it is computed from."""
    asked_at: datetime
    has_begun: bool = False
    has_failed: bool = False

    @property
    def is_late(self) -> bool:
        return not self.has_begun and self.asked_at < timezone.now() - LATE_AFTER


def version_of(source: DraftSource) -> str:
    return digest(canonical(source.version))[:40]


def find_draft(source: DraftSource) -> Draft | Computing:
    """Return the draft, or how far the worker is with it; without either, ask the worker.

    The draft is computed here if that takes no time, or if no cache answers, in which the worker could store it.
    """
    if source.is_trivial:
        return source.draft(source.tabulate())
    if found := find_kept_draft(source):
        return found
    asked = Computing(version_of(source), timezone.now())
    try:
        is_first = cache.add(_key(asked.version), asked, ASKED_SECONDS)
        known: Computing = cache.get(_key(asked.version)) or asked
    except (Error, OSError) as failure:
        log.warning("The cache does not answer: %s", failure)
        return source.draft(source.tabulate())
    if is_first:
        compute_draft.enqueue(source.year, source.is_invented, asked.version)
    return known


def forget_failure(source: DraftSource) -> None:
    """Let the next `find_draft` ask the worker again, if the draft could not be computed."""
    key = _key(version_of(source))
    if (known := cache.get(key)) and known.has_failed:
        cache.delete(key)


@task()
def compute_draft(year: int, is_invented: bool, version: str) -> None:
    """Compute the present draft of a year. Any error is stored for the page, which offers to try again."""
    _note(version, has_begun=True)
    try:
        draft_release(year, invented=is_invented)
    except (OperationalError, InterfaceError):
        raise  # transient: the worker runs the task again
    except Exception:
        mark_draft_failed(year, is_invented, version)
        raise
    cache.delete(_key(version))


def mark_draft_failed(_year: int, _is_invented: bool, version: str) -> None:
    """Store that a draft was not computed, also when its task will not be run again."""
    _note(version, has_failed=True)


def _note(version: str, *, has_begun: bool = False, has_failed: bool = False) -> None:
    known: Computing = cache.get(_key(version)) or Computing(version, timezone.now())
    now = replace(known, has_begun=has_begun, has_failed=has_failed)
    cache.set(_key(version), now, FAILED_SECONDS if has_failed else ASKED_SECONDS)


def _key(version: str) -> str:
    return f"release-draft-asked-{version}"
