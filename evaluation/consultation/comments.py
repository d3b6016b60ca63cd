"""Comments and votes in a consultation, and the answers to them."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evaluation.assessment.judgements import Closed, Saved
from evaluation.guards.permissions import is_allowed
from evaluation.models import (
    CommentAnswer,
    CommentVersion,
    Consultation,
    ConsultationComment,
    Urgency,
    User,
)

Resolution = CommentAnswer.Resolution


class InvalidComment(ValueError):
    """The values are not valid. `code` is `no_such_urgency`, `no_resolution` or `no_reason`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Overtaken(Exception):
    """The comment or its answer changed since the person read it; nothing was written."""


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
    """Save what a person says on an indicator; the later of two saves counts, and every version is kept.

    Saving the same again, or the same `save_uid`, adds no version. Raises InvalidComment. Returns Closed if no comment
    is taken, or from somebody who is not invited. The consultation is locked, so that nothing is saved after it closed;
    the comment too, so that nobody answers it meanwhile.
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
    elif comment.words == words:  # an answer to these words stays the answer to them
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
    """Answer the version `comment_version` of a comment, in place of version `version` of the answer; 0 if there is none.

    Raises InvalidComment without a resolution, or if a rejection gives no reason; Overtaken if the comment or the answer
    is another version by now.
    """
    words = words.strip()
    if resolution not in Resolution.values:
        raise InvalidComment("no_resolution")
    if resolution == Resolution.REJECTED and not words:
        raise InvalidComment("no_reason")
    locked = ConsultationComment.objects.select_for_update().get(pk=comment.pk)
    answer = CommentAnswer.objects.filter(comment=locked).first()
    if locked.version != comment_version or (answer.version if answer else 0) != version:
        raise Overtaken
    answer = answer or CommentAnswer(comment=locked, version=0)
    answer.comment_version, answer.resolution, answer.words = comment_version, resolution, words
    answer.version, answer.by, answer.at = version + 1, by, timezone.now()
    answer.save()
    return answer
