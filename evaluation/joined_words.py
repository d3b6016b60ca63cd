"""Join the words of several assessors in one text: one paragraph each, which begins with the author's name.

Texts that the system adds, such as labels, are in the source language of the edition, as the report assumes for the
words themselves, and not in the language of the user who makes the move.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from django.utils.translation import override

from evaluation.models import Evaluation, User
from standards.presentation.reading_language import active_language

BETWEEN = "\n\n"


def in_language_of_record(evaluation: Evaluation) -> AbstractContextManager[None]:
    """Activate the language in which findings are stored: the source language of the edition."""
    return override(active_language(evaluation.round.edition.source_language))


def join_words(words: Iterable[tuple[User, str]]) -> str:
    """Return the words of all users in one text, with their names if there are several."""
    each = list(words)
    return BETWEEN.join(text if len(each) == 1 else f"{_head(user)}{text}" for user, text in each)


def leave_out_names(words: str, users: Iterable[User]) -> str:
    """Return a joined text without the names of these users at the beginning of paragraphs."""
    heads = tuple(_head(user) for user in users)
    parts = words.split(BETWEEN)
    return BETWEEN.join(part.removeprefix(next(filter(part.startswith, heads), "")) for part in parts)


def _head(user: User) -> str:
    return f"{user.name}: "
