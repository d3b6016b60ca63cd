"""The words of several assessors in one text: a paragraph each, which begins with the name of who wrote it."""

from collections.abc import Iterable

from evaluation.models import User

BETWEEN = "\n\n"


def join_words(words: Iterable[tuple[User, str]]) -> str:
    """Return what each wrote in one text, with the names if there are several."""
    each = list(words)
    return BETWEEN.join(text if len(each) == 1 else f"{_head(user)}{text}" for user, text in each)


def leave_out_names(words: str, users: Iterable[User]) -> str:
    """Return a joined text without the names of these users."""
    heads = tuple(_head(user) for user in users)
    parts = words.split(BETWEEN)
    return BETWEEN.join(part.removeprefix(next(filter(part.startswith, heads), "")) for part in parts)


def _head(user: User) -> str:
    return f"{user.name}: "
