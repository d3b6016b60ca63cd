"""The frozen scorecards of an evaluation, and which of them is the latest."""

import uuid
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone

_LATEST_FIRST = ["-judged_at", "-pk"]


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    """The latest scorecard of an evaluation: where two were kept at the same moment, the one kept last."""

    def latest_of(self, evaluation: Any) -> "ScorecardQuerySet":
        """The latest one of an evaluation, or of an `OuterRef` to one; empty where none is kept."""
        return self.filter(evaluation=evaluation).order_by(*_LATEST_FIRST)[:1]

    def latest_of_each(self) -> "ScorecardQuerySet":
        """The latest one of each evaluation that these scorecards are about."""
        return self.filter(pk=Subquery(Scorecard.objects.latest_of(OuterRef("evaluation")).values("pk")))


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

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        ordering = _LATEST_FIRST
