"""The condition on the authors of the assessors' replies. A tie counts even if it became known after the reply."""

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
    """No author of a reply has a tie to the hotline today, or may take part in the decision."""
    if found := find_replies_of_tied_authors(evaluation, find_remarks(evaluation)):
        yield Reason("replies_of_tied_authors", codes=found)


def find_replies_of_tied_authors(evaluation: "Evaluation", remarks: "Iterable[Remark]") -> tuple[str, ...]:
    """Return the indicator codes of the replies that need another author. Replies handed to the panel do not count.

    A few queries per author.
    """
    written = {remark.code: remark.reply.by for remark in remarks if remark.reply.by and remark.answer is None}
    authors = {author.pk: author for author in written.values()}
    tied = {key for key, author in authors.items() if _is_tied(author, evaluation)}
    return tuple(code for code, author in written.items() if author.pk in tied)


def _is_tied(author: "User", evaluation: "Evaluation") -> bool:
    return bool(stakes_of(author, evaluation.hotline)) or is_allowed("evaluation.declare", author, evaluation)
