"""The frozen scorecards of an evaluation, and the choice of the latest."""

import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone

if TYPE_CHECKING:
    from evaluation.models.panel.decision import Vote

_LATEST_FIRST = ["-judged_at", "-pk"]


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    """Selects the latest scorecard of an evaluation; of two with the same time, the one with the higher key."""

    def latest_of(self, evaluation: Any) -> "ScorecardQuerySet":
        """Return the latest scorecard of an evaluation, or of an `OuterRef` to one; empty if there is none."""
        return self.filter(evaluation=evaluation).order_by(*_LATEST_FIRST)[:1]

    def latest_of_each(self) -> "ScorecardQuerySet":
        """Return the scorecards in this queryset that are the latest of their evaluation."""
        return self.filter(pk=Subquery(Scorecard.objects.latest_of(OuterRef("evaluation")).values("pk")))


class Scorecard(models.Model):
    """The engine's result with its inputs, as canonical JSON. Frozen: each scoring that is stored creates a new row."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.PROTECT, related_name="scorecards")
    payload = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    input_digest = models.CharField(max_length=64)
    engine = models.CharField(max_length=20)
    proposal = models.CharField(max_length=40)
    """The code of the proposed outcome in the edition."""
    revises = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="revision")
    """The scorecard that was sent to the hotline, if the assessors changed findings after its response."""
    overall_tenths = models.PositiveSmallIntegerField(null=True)
    """The overall score in tenths of a per cent, rounded down, for lists; None if there is no score."""
    judged_at = models.DateTimeField(default=timezone.now)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        ordering = _LATEST_FIRST

    @property
    def sent(self) -> "Scorecard":
        """The scorecard that was sent to the hotline: itself, or the one that it revises."""
        return self.revises or self

    @property
    def counted_votes(self) -> "list[Vote]":
        """The votes that count: those that counted when the decision on it was recorded, or would count now."""
        by_vote = self.decisions.filter(kind__in=self.decisions.model.BY_VOTE)
        decided_at = by_vote.order_by("decided_at").values_list("decided_at", flat=True).first()
        is_open = self.evaluation.state == self.evaluation.State.DECISION and self == self.evaluation.latest_scorecard
        return self.votes.that_count(None if is_open else decided_at)

    @property
    def uncounted_votes(self) -> "list[Vote]":
        """The newest votes of members whose vote does not count, as their role or their declaration does not hold."""
        return self.votes.all().without(self.counted_votes)

    def repeats(self, other: "Scorecard") -> bool:
        """Whether it has the same inputs and engine as another, as after a follow-up that ended without a decision."""
        return (self.input_digest, self.engine) == (other.input_digest, other.engine)
