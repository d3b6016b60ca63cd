"""Compute the teams of a round: small problems at once, large ones in the worker. Results are in the shared cache."""

import logging
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.cache import cache
from django_tasks import task

from evaluation.visits.assignment import Assignment, Problem, assign
from standards.framework import canonical, digest

AT_ONCE = 5_000
"""The product of visits and assessors up to which the teams are computed in the request, in about a second."""
TIMEOUT_SECONDS = 24 * 60 * 60
ASKED_SECONDS = 2 * 60
"""The time after which the task is enqueued again if the worker has stored no result."""

log = logging.getLogger(__name__)


def find_teams(problem: Problem) -> Assignment | None:
    """Return the teams, or None while the worker computes them."""
    name = f"teams-1-{digest(canonical(_as_plain(asdict(problem))))[:40]}"
    found: Assignment | None = cache.get(name)
    if found is None and len(problem.needs) * len(problem.assessors) <= AT_ONCE:
        found = _compute(name, problem)
    if found is None and cache.add(f"{name}-asked", True, ASKED_SECONDS):
        cache.set(f"{name}-problem", problem, TIMEOUT_SECONDS)
        compute_teams.enqueue(name)
    return found


@task()
def compute_teams(name: str) -> None:
    """Compute the teams of the problem cached under `name`. If it was evicted, the next page view enqueues it again."""
    problem: Problem | None = cache.get(f"{name}-problem")
    if problem is None:
        log.warning("The teams are not computed: the cache has lost what was asked")
    elif cache.get(name) is None:
        _compute(name, problem)


def _compute(name: str, problem: Problem) -> Assignment:
    found = assign(problem)
    cache.set(name, found, TIMEOUT_SECONDS)
    return found


def _as_plain(value: Any) -> Any:
    """Convert to plain data that is equal for equal problems in every process: sets sorted, dates as strings."""
    if isinstance(value, dict):
        return {key: _as_plain(one) for key, one in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    if isinstance(value, (tuple, list)):
        return [_as_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
