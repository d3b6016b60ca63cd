"""MCE's decisions on pairs of indicators of two editions. Rows are only added; the latest of a pair counts."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from standards.framework import LONGEST_KEY


class MappingDecision(models.Model):
    """The confirmation or rejection of a pair, by the codes of the editions and the permanent keys of the indicators.

    The editions may be drafts. `questions` is the digest of both questions at that time.
    """

    before = models.CharField(max_length=20)
    now = models.CharField(max_length=20)
    before_key = models.CharField(max_length=LONGEST_KEY)
    now_key = models.CharField(max_length=LONGEST_KEY)
    is_confirmed = models.BooleanField()
    questions = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["before", "now"], name="mapping_of_editions")]

    def __str__(self) -> str:
        return f"{self.before} {self.before_key}, {self.now} {self.now_key}"
