"""Who has the page of a standard open now: short-lived entries of the shared cache, for people of the same hotline."""

from collections.abc import Iterable

from django.core.cache import cache

from evaluation.models import Evaluation, User

SECONDS = 75
"""How long somebody is on a page after the last sign; a page gives one every 30 seconds."""


def _key(evaluation: Evaluation, standard: str, person: int) -> str:
    return f"presence:{evaluation.pk}:{standard}:{person}"


def note_presence(evaluation: Evaluation, standard: str, user: User) -> None:
    """Note that a person has the page open. Nothing of it is stored besides the entry."""
    cache.set(_key(evaluation, standard, user.pk), 1, SECONDS)


def who_is_here(evaluation: Evaluation, standard: str, members: Iterable[User], *, but: User) -> list[User]:
    """Return the other members who have the page open, in their order. One look into the cache; nobody without one."""
    keys = {_key(evaluation, standard, member.pk): member for member in members if member.pk != but.pk}
    present = cache.get_many(keys)
    return [member for key, member in keys.items() if key in present]
