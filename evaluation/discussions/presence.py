"""Presence of users of the same hotline on the page of a standard, as short-lived entries in the shared cache."""

from collections.abc import Iterable

from django.core.cache import cache

from evaluation.models import Evaluation, User

SECONDS = 12
"""How long a user counts as present after the last signal. A page sends one every 4 seconds, and one when it closes."""


def _key(evaluation: Evaluation, standard: str, person: int) -> str:
    return f"presence:{evaluation.pk}:{standard}:{person}"


def mark_present(evaluation: Evaluation, standard: str, user: User) -> None:
    """Cache that a user has the page open. It is not stored in the database."""
    cache.set(_key(evaluation, standard, user.pk), 1, SECONDS)


def mark_absent(evaluation: Evaluation, standard: str, user: User) -> None:
    cache.delete(_key(evaluation, standard, user.pk))


def find_present_users(evaluation: Evaluation, standard: str, members: Iterable[User], *, but: User) -> list[User]:
    """Return the other members who have the page open, in their order. One cache request; empty without a cache."""
    keys = {_key(evaluation, standard, member.pk): member for member in members if member.pk != but.pk}
    present = cache.get_many(keys)
    return [member for key, member in keys.items() if key in present]
