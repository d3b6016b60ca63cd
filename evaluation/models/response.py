"""The hotline's response to the draft: remarks are drafted one by one, then submitted once and frozen."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.models.scorecard import Scorecard


class DraftRemark(models.Model):
    """A drafted remark on one indicator, or on the whole if `code` is empty."""

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="draft_remarks")
    code = models.CharField(_("indicator"), max_length=12, blank=True)
    words = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "code"], name="one_draft_remark_an_indicator")]


class DraftRemarkVersion(models.Model):
    """One version of a remark while it is drafted. Deleted with the drafts when the response is given."""

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=12, blank=True)
    version = models.PositiveIntegerField()
    words = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    save_uid = models.UUIDField(null=True)
    """Made by the browser for each save, so that the same save sent twice is kept once."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "code", "version"], name="one_draft_remark_a_version")
        ]


class Response(models.Model):
    """The hotline's response to a scorecard and its findings, before the panel decides. Frozen."""

    scorecard = models.OneToOneField(Scorecard, on_delete=models.PROTECT, related_name="response")
    words = models.TextField(_("on the whole"), blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-given_at"]

    @property
    def has_nothing_to_add(self) -> bool:
        return not self.words and not self.remarks.all()


class Remark(models.Model):
    """A remark of a response on an indicator: it contests facts, or adds something. Frozen."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="remarks")
    code = models.CharField(_("indicator"), max_length=12)
    words = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["response", "code"], name="one_remark_an_indicator")]

    @property
    def answer(self) -> "Reply | None":
        """The assessors' reply, or None until it is handed to the panel."""
        return self.reply if self.reply.given_at else None


class Reply(models.Model):
    """The assessors' reply to one remark. Its row exists from the start; version 0 means no reply yet.

    `evaluation.assessment.replies.save_reply` is the only writer; a trigger copies every version into the history
    table. All are handed to the panel with one step, which sets `given_at`; from then on triggers refuse every change.
    """

    remark = models.OneToOneField(Remark, on_delete=models.PROTECT, related_name="reply")
    words = models.TextField(_("answer"), blank=True)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)
    save_uid = models.UUIDField(null=True)
    """Made by the browser for each save, so that the same save sent twice is kept once."""
    given_at = models.DateTimeField(null=True)
    """When it was handed to the panel."""

    class Meta:
        verbose_name_plural = "replies"


class ReplyVersion(models.Model):
    """One version of a reply, written by a database trigger."""

    remark_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    words = models.TextField()
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(null=True)
    save_uid = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["remark_id", "version"], name="one_reply_a_version")]
