"""The condition on who wrote the assessors' replies: a tie counts from when it is known, not from when they wrote."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from evaluation.guards.conditions import find_remarks
from evaluation.guards.permissions import is_allowed
from evaluation.guards.reasons import Condition, Reason
from evaluation.guards.ties import stakes_of

if TYPE_CHECKING:
    from evaluation.models import Evaluation, Remark, User


@Condition
def no_reply_is_of_a_tied_author(evaluation: "Evaluation") -> Iterator[Reason]:
    """Nobody who wrote a reply has a tie to the hotline by now, or may decide on it."""
    if found := find_replies_of_tied_authors(evaluation, find_remarks(evaluation)):
        yield Reason("replies_of_tied_authors", codes=found)


def find_replies_of_tied_authors(evaluation: "Evaluation", remarks: "Iterable[Remark]") -> tuple[str, ...]:
    """Return the indicators whose replies wait for another author; none that was handed to the panel.

    At most a few queries for each author.
    """
    written = {remark.code: remark.reply.by for remark in remarks if remark.reply.by and remark.answer is None}
    authors = {author.pk: author for author in written.values()}
    tied = {key for key, author in authors.items() if _is_tied(author, evaluation)}
    return tuple(code for code, author in written.items() if author.pk in tied)


def _is_tied(author: "User", evaluation: "Evaluation") -> bool:
    return bool(stakes_of(author, evaluation.hotline)) or is_allowed("evaluation.declare", author, evaluation)
