"""The frozen scorecards of an evaluation, and the choice of the latest."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import cached_property

from evaluation.models.ballot import Tally
from evaluation.models.people.roles import Role
from evaluation.models.people.user import Membership
from evaluation.models.step import Step
from standards.framework import Framework

if TYPE_CHECKING:
    from evaluation.models.panel.decision import Vote, VoteQuerySet

_LATEST_FIRST = ["-judged_at", "-pk"]


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    """Selects the latest scorecard of an evaluation; of two with the same time, the one with the higher key."""

    def latest_of(self, evaluation: Any) -> "ScorecardQuerySet":
        """Return the latest scorecard of an evaluation, or of an `OuterRef` to one; empty if there is none."""
        return self.filter(evaluation=evaluation).order_by(*_LATEST_FIRST)[:1]

    def latest_of_each(self) -> "ScorecardQuerySet":
        """Return the scorecards in this queryset that are the latest of their evaluation."""
        return self.filter(pk=Subquery(Scorecard.objects.latest_of(OuterRef("evaluation")).values("pk")))


def chair_of(votes: "Iterable[Vote]", decided_at: datetime | None) -> int | None:
    """Return the key of the only voter who is the chair, now or at `decided_at`; None if there is none, or several."""
    roles = Membership.objects.held_at(decided_at) if decided_at else Membership.objects.today()
    voters = [vote.user_id for vote in votes]
    chairs = set(roles.filter(role=Role.PANEL_CHAIR, user__in=voters).values_list("user", flat=True))
    return chairs.pop() if len(chairs) == 1 else None


def tally(
    votes: "Iterable[Vote]",
    framework: Framework,
    decided_at: datetime | None,
    *,
    is_last: bool,
    by_favour: tuple[str, ...] = (),
) -> Tally:
    """Return the tally of the votes that count. The chair is the only voter with that role now, or at `decided_at`.

    One query if the edition lets the chair break ties. For `is_last` and `by_favour` see `Tally.of`.
    """
    votes = list(votes)
    chair = chair_of(votes, decided_at) if framework.procedure.chair_breaks_ties else None
    of_chair = next((vote.outcome for vote in votes if vote.user_id == chair), "")
    return Tally.of(
        (vote.outcome for vote in votes), framework, of_chair=of_chair, is_last=is_last, by_favour=by_favour
    )


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
        # The latest one is found in the index alone, as the rows are long.
        indexes = [models.Index(fields=["evaluation", "-judged_at", "-id"], name="latest_scorecard")]

    @property
    def sent(self) -> "Scorecard":
        """The scorecard that was sent to the hotline: itself, or the one that it revises."""
        return self.revises or self

    @cached_property
    def second_vote_from(self) -> datetime | None:
        """When the members began to vote once more on it, because of a tie; None if they did not."""
        if not self.evaluation.framework.procedure.votes_again_on_ties:
            return None
        again = Step.objects.filter(kind=self.evaluation.kind, uid=self.evaluation.uid, move="vote_again")
        again = again.filter(at__gte=self.judged_at)
        if decided_at := self._counted_at:
            again = again.filter(at__lte=decided_at)
        return again.order_by("seq").values_list("at", flat=True).first()

    @property
    def current_votes(self) -> "VoteQuerySet":
        """The votes of the second vote if there is one, else all."""
        votes: VoteQuerySet = self.votes.all()
        return votes.filter(voted_at__gt=self.second_vote_from) if self.second_vote_from else votes

    @property
    def former_votes(self) -> "list[Vote]":
        """The votes that were cleared by the second vote, the newest of each member."""
        if self.second_vote_from is None:
            return []
        return self.votes.filter(voted_at__lte=self.second_vote_from).without([])

    @property
    def _counted_at(self) -> datetime | None:
        """When the decision by vote on it was recorded; None while its votes are those that would count now."""
        by_vote = self.decisions.filter(kind__in=self.decisions.model.BY_VOTE)
        decided_at = by_vote.order_by("decided_at").values_list("decided_at", flat=True).first()
        is_open = self.evaluation.state == self.evaluation.State.DECISION and self == self.evaluation.latest_scorecard
        return None if is_open else decided_at

    @property
    def counted_votes(self) -> "list[Vote]":
        """The votes that count: those that counted when the decision on it was recorded, or would count now."""
        return self.current_votes.that_count(self._counted_at)

    def chair_of(self, votes: "list[Vote]") -> int | None:
        """Return the key of the chair among the voters of `counted_votes`, if the edition lets the chair break ties."""
        breaks_ties = self.evaluation.framework.procedure.chair_breaks_ties
        return chair_of(votes, self._counted_at) if breaks_ties else None

    def tally_of(self, votes: "list[Vote]") -> Tally:
        """Return the tally of `counted_votes`."""
        is_last = self.second_vote_from is not None
        return tally(votes, self.evaluation.framework, self._counted_at, is_last=is_last)

    @property
    def uncounted_votes(self) -> "list[Vote]":
        """The newest votes of members whose vote does not count, as their role or their declaration does not hold."""
        return self.current_votes.without(self.counted_votes)

    def repeats(self, other: "Scorecard") -> bool:
        """Whether it has the same inputs and engine as another, as after a follow-up that ended without a decision."""
        return (self.input_digest, self.engine) == (other.input_digest, other.engine)
