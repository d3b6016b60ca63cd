"""Discussions of an indicator: within the hotline, or between the hotline, MCE and the assessors."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.models.discussions.comment import CommentVersionBase, VersionedComment
from evaluation.models.evaluation import EvaluationState

if TYPE_CHECKING:
    from evaluation.models.evaluation import Evaluation


class Audience(models.TextChoices):
    """Who can read and write a discussion. Each audience has its own discussion of an indicator."""

    HOTLINE = "hotline"
    """The users of the hotline."""
    REVIEW = "review"
    """The users of the hotline, and MCE and the assessors of the visit without a tie to the hotline."""


STAGES = {
    Audience.HOTLINE: (EvaluationState.SELF_ASSESSMENT,),
    Audience.REVIEW: (
        EvaluationState.DESK_REVIEW,
        EvaluationState.STUDY_VISIT,
        EvaluationState.REPORT,
        EvaluationState.RESPONSE,
    ),
}
"""The stages in which a discussion can begin.

A discussion with the reviewers can continue while a self-assessment is sent back, and can begin on an answer that is
sent back itself.
"""


class Discussion(models.Model):
    """The comments on one indicator of one evaluation for one audience. Not used as evidence or in reports."""

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.PROTECT, related_name="discussions")
    code = models.CharField(_("indicator"), max_length=12)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "code", "audience"], name="one_discussion_an_indicator_and_audience"
            ),
            models.CheckConstraint(
                condition=models.Q(audience__in=Audience.values), name="a_discussion_has_one_of_two_audiences"
            ),
        ]

    def of_evaluation(self) -> "Evaluation":
        return self.evaluation

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None

    @property
    def right(self) -> str:
        """The right to read it and to write in it."""
        return right_to(self.audience)

    @property
    def takes_comments(self) -> bool:
        """Whether comments can be added in the current stage of its evaluation."""
        stage, audience = self.evaluation.state, Audience(self.audience)
        if audience is Audience.REVIEW and stage == EvaluationState.SELF_ASSESSMENT:
            return self.pk is not None or self.code in self.evaluation.returned
        return stage in STAGES[audience]


def right_to(audience: str) -> str:
    """Return the right to read and to write the discussions of an audience."""
    return f"discussion.{Audience(audience).value}"


class DiscussionComment(VersionedComment):
    """A comment of one user in a discussion. Only its author can change or delete it; every version is stored.

    `evaluation.discussions.discussions` is the only writer.
    """

    discussion = models.ForeignKey(Discussion, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="discussion_comments")
    written_at = models.DateTimeField(default=timezone.now)
    is_deleted = models.BooleanField(default=False)
    """Whether it was deleted. The row is kept, without words."""

    class Meta:
        ordering = ["written_at", "pk"]

    @property
    def is_edited(self) -> bool:
        return self.version > 1 and not self.is_deleted


class DiscussionCommentVersion(CommentVersionBase):
    comment = models.ForeignKey(DiscussionComment, on_delete=models.PROTECT, related_name="versions")

    class Meta(CommentVersionBase.Meta):
        constraints = [models.UniqueConstraint(fields=["comment", "version"], name="one_discussion_comment_a_version")]


class Mention(models.Model):
    """A mention of a user in a comment.

    It is open until the user comments in the discussion, marks it as read, or the discussion is resolved. The author of
    the comment can withdraw and repeat it. The row is kept, so that no second letter is sent.
    """

    comment = models.ForeignKey(DiscussionComment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentions")
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    """None, also after the mention was repeated."""

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="one_mention_a_comment_and_person")]
        indexes = [
            models.Index(fields=["person"], condition=models.Q(answered_at=None), name="mentions_that_ask"),
        ]
