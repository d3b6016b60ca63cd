"""Comments and votes in a consultation, and the answers to them."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evaluation.answers.judgements import Closed, Saved
from evaluation.models import (
    CommentAnswer,
    CommentVersion,
    Consultation,
    ConsultationComment,
    Urgency,
    User,
)
from evaluation.models.people.permissions import is_allowed

Resolution = CommentAnswer.Resolution


class InvalidComment(ValueError):
    """The comment or the answer is not valid. `code` is `no_such_urgency`, `no_resolution` or `no_reason`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class StaleVersion(Exception):
    """The comment or its answer was changed since the user read it. Nothing was written."""


@transaction.atomic
def save_comment(
    consultation: Consultation,
    key: str,
    code: str,
    *,
    words: str,
    urgency: int | None,
    by: User,
    save_uid: UUID | None = None,
) -> Saved | Closed:
    """Save a user's comment on an indicator. The last save counts, and every version is stored.

    Saving the same values or the same `save_uid` again adds no version. Raises InvalidComment. Returns Closed if the
    consultation is not open, or the user is not invited. Locks the consultation, so that nothing is saved after it
    closes, and the comment, so that it is not answered concurrently.
    """
    words = words.strip()
    if urgency is not None and urgency not in Urgency.values:
        raise InvalidComment("no_such_urgency")
    locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if save_uid and (again := CommentVersion.objects.filter(comment__by=by, save_uid=save_uid).first()):
        return Saved(again.version)
    if not (locked.takes_comments and is_allowed("consultation.comment", by, locked)):
        return Closed()
    comment = locked.comments.select_for_update().filter(by=by, key=key).first()
    if comment is None:
        if not words and urgency is None:
            return Saved(0)
        comment = ConsultationComment(consultation=locked, by=by, key=key, code=code, version=0)
    elif (comment.words, comment.urgency) == (words, urgency):
        return Saved(comment.version)
    elif comment.words == words:  # only the vote changes: an answer to the words stays valid
        answers = CommentAnswer.objects.filter(comment=comment, comment_version=comment.version)
        answers.update(comment_version=comment.version + 1)
    comment.hotline_id = next(iter(locked.hotlines_of(by)), None)
    return Saved(comment.write(words, urgency=urgency, save_uid=save_uid).version)


@transaction.atomic
def answer_comment(
    comment: ConsultationComment,
    *,
    resolution: str,
    words: str,
    comment_version: int,
    version: int,
    by: User,
) -> CommentAnswer:
    """Answer version `comment_version` of a comment, replacing version `version` of the answer; 0 if there is none.

    Raises InvalidComment without a resolution, or for a rejection without a reason. Raises StaleVersion if the current
    versions of the comment or the answer are others.
    """
    words = words.strip()
    if resolution not in Resolution.values:
        raise InvalidComment("no_resolution")
    if resolution == Resolution.REJECTED and not words:
        raise InvalidComment("no_reason")
    locked = ConsultationComment.objects.select_for_update().get(pk=comment.pk)
    answer = CommentAnswer.objects.filter(comment=locked).first()
    if locked.version != comment_version or (answer.version if answer else 0) != version:
        raise StaleVersion
    answer = answer or CommentAnswer(comment=locked, version=0)
    answer.comment_version, answer.resolution, answer.words = comment_version, resolution, words
    answer.version, answer.by, answer.at = version + 1, by, timezone.now()
    answer.save()
    return answer
