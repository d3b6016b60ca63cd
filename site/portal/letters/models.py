"""The outbox: letters that are written and sent."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """A letter to be sent: written in the transaction of its step, sent by the worker.

    The text of a sent letter is deleted, as it may contain a key. In the demonstration nothing is sent and no text is
    deleted.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="letters", verbose_name=_("to")
    )
    to_address = models.EmailField(_("address"))
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    failure = models.CharField(_("what went wrong"), max_length=100, blank=True)
    """The class of the last error. Its message may contain an address."""

    class Meta:
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["-written_at"], name="letters_newest_first")]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return f"{self.subject} ({self.uid})"
