"""The delivery of a file of figures: the spool, saved column mappings, and API keys."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SpooledFile(models.Model):
    """A file that waits to be read: encrypted on disk, with the key in this row. Both are deleted within minutes."""

    class Phase(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("reading a file", "Waiting for its turn")
        OPENING = "opening", pgettext_lazy("reading a file", "Opening the file")
        READING = "reading", pgettext_lazy("reading a file", "Reading the rows")
        CHECKING = "checking", pgettext_lazy("reading a file", "Checking the figures")

    statistics = models.OneToOneField("evaluation.StatisticsImport", on_delete=models.CASCADE, related_name="spooled")
    path = models.CharField(max_length=300)
    """The path below `settings.STATISTICS_SPOOL_ROOT`."""
    key = models.BinaryField(max_length=32)
    size = models.PositiveBigIntegerField()
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.WAITING)
    rows_read = models.PositiveBigIntegerField(default=0)
    share = models.PositiveSmallIntegerField(default=0)
    """The part of the file that is read, in per cent."""
    changed_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.path


class Matching(models.Model):
    """The mapping of the columns and words of a hotline's own export, as confirmed by a user of the hotline.

    A changed mapping is a new row. The newest row per `signature`, the digest of the column names, is used.
    """

    hotline = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, related_name="matchings")
    signature = models.CharField(max_length=64)
    level = models.CharField(max_length=10)
    meaning = models.JSONField()
    """`evaluation.figures.mapping.ColumnMapping` as plain data."""
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-confirmed_at", "-pk"]
        indexes = [models.Index(fields=["hotline", "signature"])]


class SystemKey(models.Model):
    """The API key with which a hotline's case system sends figures. Only a digest of the token is stored."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hotline = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, related_name="system_keys")
    name = models.CharField(_("name"), max_length=60)
    token_digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField(_("valid until"))
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name
