"""A discussion of an indicator: inside the hotline, or between the hotline, MCE and the assessors."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.models.evaluation import EvaluationState
from evaluation.models.teamwork.comment import CommentVersionBase, VersionedComment

if TYPE_CHECKING:
    from evaluation.models.evaluation import Evaluation


class Audience(models.TextChoices):
    """Who reads and writes a discussion; the two are never mixed."""

    HOTLINE = "hotline"
    """The people of the hotline."""
    REVIEW = "review"
    """They, MCE and the assessors of the visit, as far as nothing ties them to the hotline."""


STAGES = {
    Audience.HOTLINE: (EvaluationState.SELF_ASSESSMENT,),
    Audience.REVIEW: (
        EvaluationState.DESK_REVIEW,
        EvaluationState.STUDY_VISIT,
        EvaluationState.REPORT,
        EvaluationState.RESPONSE,
    ),
}
"""The stages at which a discussion can begin.

One with the reviewers goes on while a submission is sent back, and can begin about an answer that was sent back itself.
"""


class Discussion(models.Model):
    """The comments on one indicator of one evaluation for one audience. It is no evidence, and no report has it."""

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
        """Whether comments are taken at the present stage of its evaluation."""
        stage, audience = self.evaluation.state, Audience(self.audience)
        if audience is Audience.REVIEW and stage == EvaluationState.SELF_ASSESSMENT:
            return self.pk is not None or self.code in self.evaluation.returned
        return stage in STAGES[audience]


def right_to(audience: str) -> str:
    """Return the right to read and to write the discussions of an audience."""
    return f"discussion.{Audience(audience).value}"


class DiscussionComment(VersionedComment):
    """What one person says in a discussion. Only its author changes or deletes it; every version is kept.

    `evaluation.teamwork.discussions` is the only writer.
    """

    discussion = models.ForeignKey(Discussion, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="discussion_comments")
    written_at = models.DateTimeField(default=timezone.now)
    is_deleted = models.BooleanField(default=False)
    """Its row stays, without words."""

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
    """That a comment asks a person. It asks until the person comments there, says to have read it, or it is resolved.

    Its author can take it back and ask again, for which nobody gets a second letter: the row stays.
    """

    comment = models.ForeignKey(DiscussionComment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentions")
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    """Empty again once the person is asked again."""

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="one_mention_a_comment_and_person")]
        indexes = [
            models.Index(fields=["person"], condition=models.Q(answered_at=None), name="mentions_that_ask"),
        ]
