"""What came of it: the frozen scorecard."""

import uuid

from django.db import models
from django.utils import timezone


class Scorecard(models.Model):
    """The engine's result with everything that went in, as canonical JSON. Frozen; a new judging writes a new row."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.PROTECT, related_name="scorecards")
    payload = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    input_digest = models.CharField(max_length=64)
    engine = models.CharField(max_length=20)
    proposal = models.CharField(max_length=40)
    """The outcome the rules propose, by its code in the edition."""
    overall_tenths = models.PositiveSmallIntegerField(null=True)
    """The overall score in tenths of a per cent, rounded down, for lists; empty when there is no score."""
    judged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-judged_at"]
        get_latest_by = ["judged_at", "pk"]
