"""Texts that are not the current version. They are stored for their author until the author resolves them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UnresolvedText(models.Model):
    """A text that lost a conflict, came too late or was replaced.

    Only its author can read it, on every device. It is deleted when the author uses or discards it.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", _("answer")
        FINDING = "finding", _("finding")
        OBSERVATION = "observed", _("observation")
        REMARK = "remark", _("remark")
        REPLY = "reply", _("reply")

    class Reason(models.TextChoices):
        CONFLICT = "conflict", _("somebody else saved first")
        CLOSED = "closed", _("it could no longer be changed")
        REPLACED = "replaced", _("somebody kept their own text in its place")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="unresolved_texts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(_("indicator"), max_length=12, blank=True)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    draft_uid = models.UUIDField()
    """Generated for each rendered form, so that later saves of the same form update the same row."""
    version = models.PositiveIntegerField(default=0)
    """The version of the current text that its author had seen; 0 for none."""
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unresolved_texts")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    """The author of the text that replaced it."""
    level = models.SmallIntegerField(_("level"), null=True)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4, null=True)
    not_applicable = models.BooleanField(_("not applicable"), default=False)
    words = models.TextField(_("in your words"), blank=True)
    good_practice = models.BooleanField(_("good practice"), default=False)
    not_seen = models.BooleanField(_("could not be looked at"), default=False)
    strength = models.TextField(_("strength"), blank=True)
    concern = models.TextField(_("concern"), blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["author", "draft_uid"], name="one_unresolved_text_a_draft")]

    @property
    def is_only_words(self) -> bool:
        """Whether the kind of text has words only."""
        return self.kind == self.Kind.REMARK
