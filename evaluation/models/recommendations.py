"""Recommendations to a hotline, their states, and their proofs."""

import uuid
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.people.permissions import may
from evaluation.models.reasons import Condition, Reason
from evaluation.models.states import StateField, Stateful, transition

if TYPE_CHECKING:
    from evaluation.models.evaluation import Evaluation


@Condition
def a_proof_is_attached(recommendation: "Recommendation") -> Iterator[Reason]:
    """There is a proof: a document, an address, or the reason why there can be neither."""
    if not recommendation.proofs.all():
        yield Reason("no_proof")


@Condition
def no_condition_follows_it(recommendation: "Recommendation") -> Iterator[Reason]:
    """No open condition of the current decision is on the same indicator: its work is shown there, once."""
    if recommendation.code in recommendation.evaluation.open_conditions:
        yield Reason("followed_as_condition")


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def without_dropped(self) -> "RecommendationQuerySet":
        """Exclude the recommendations that the assessors dropped."""
        return self.filter(is_dropped=False)

    def undecided(self) -> "RecommendationQuerySet":
        """Return the outdated and returned drafts that a user must keep or drop."""
        relevance = Recommendation.Relevance
        open_ = self.without_dropped().filter(state=Recommendation.State.DRAFTED)
        return open_.filter(relevance__in=(relevance.OUTDATED, relevance.RETURNED))

    def in_the_plan(self) -> "RecommendationQuerySet":
        """Return the recommendations in the hotline's plan: those that were issued, in any later state."""
        return self.without_dropped().exclude(state=Recommendation.State.DRAFTED)

    def with_the_hotline(self) -> "RecommendationQuerySet":
        """Return the recommendations on which the hotline has work to do; conditions have reminders of their own."""
        state = Recommendation.State
        todo = (state.ISSUED, state.ACCEPTED, state.IN_PROGRESS, state.NOT_VERIFIED)
        return self.communicated().filter(state__in=todo).without_conditions()

    def without_conditions(self) -> "RecommendationQuerySet":
        """Exclude the recommendations that are followed up as a condition of the decision."""
        same = {"requirement__decision__evaluation": OuterRef("evaluation"), "requirement__code": OuterRef("code")}
        fulfilments = apps.get_model("evaluation", "Fulfilment").objects.open()
        return self.exclude(Exists(fulfilments.filter(**same)))

    def communicated(self) -> "RecommendationQuerySet":
        """Return the recommendations that a report contains: those that were issued and not withdrawn."""
        return self.in_the_plan().filter(is_withdrawn=False)


class Recommendation(Stateful):
    """A recommendation on one indicator, drafted from the Guide and edited by the assessors.

    It belongs to the evaluation: another decision does not change issued recommendations.
    """

    kind = "recommendation"

    class State(models.TextChoices):
        DRAFTED = "drafted", pgettext_lazy("recommendation", "drafted")
        ISSUED = "issued", pgettext_lazy("recommendation", "issued")
        CONTESTED = "contested", pgettext_lazy("recommendation", "contested")
        ACCEPTED = "accepted", pgettext_lazy("recommendation", "accepted")
        IN_PROGRESS = "in_progress", pgettext_lazy("recommendation", "in progress")
        EVIDENCE_SUBMITTED = "evidence_submitted", pgettext_lazy("recommendation", "evidence submitted")
        NOT_VERIFIED = "not_verified", pgettext_lazy("recommendation", "not verified")
        VERIFIED = "verified", pgettext_lazy("recommendation", "verified")
        CLOSED = "closed", pgettext_lazy("recommendation", "closed")

    class Priority(models.IntegerChoices):
        FIRST = 1, pgettext_lazy("priority", "first")
        NEXT = 2, pgettext_lazy("priority", "next")
        WHEN_POSSIBLE = 3, pgettext_lazy("priority", "when possible")

    class Relevance(models.TextChoices):
        """Whether the findings require a draft: the last result of drafting, and a user's decision on it."""

        CURRENT = "current", pgettext_lazy("draft", "called for")
        OUTDATED = "outdated", pgettext_lazy("draft", "no longer called for")
        KEPT = "kept", pgettext_lazy("draft", "kept, though no longer called for")
        RETURNED = "returned", pgettext_lazy("draft", "called for again")
        REMOVED = "removed", pgettext_lazy("draft", "removed")

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="recommendations")
    code = models.CharField(_("indicator"), max_length=12)
    state = StateField(_("state"), default=State.DRAFTED, choices=State.choices)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NEXT)
    title = models.CharField(_("what to do"), max_length=120)
    text = models.TextField(_("how"), blank=True)
    look_for = models.TextField(_("what we will look for"), blank=True)
    owner = models.CharField(_("who"), max_length=120, blank=True)
    due_on = models.DateField(_("by"), null=True, blank=True)
    """If empty on a draft, it is set when the recommendation is issued, by the priority."""
    is_dropped = models.BooleanField(default=False)
    """Whether the assessors dropped it. The row is kept, so that drafting does not create it again."""
    relevance = models.CharField(
        _("relevance"), max_length=10, choices=Relevance.choices, default=Relevance.CURRENT, editable=False
    )
    """`OUTDATED`: the findings no longer require it, but a user edited it and must keep or drop it.

    `RETURNED`: a user dropped it, and there is a new reason for it. `REMOVED`: it is no longer required, and no user
    had edited it.
    """
    suggested_priority = models.PositiveSmallIntegerField(
        choices=Priority.choices, default=Priority.NEXT, editable=False
    )
    """The priority set by drafting. If `priority` differs, a user chose it, and drafting does not change it."""
    level = models.SmallIntegerField(null=True, editable=False)
    """The level of its indicator when it was last drafted; None if no level counted."""
    place = models.PositiveSmallIntegerField(default=0, editable=False)
    """The position of its indicator in the Guide when it was last drafted."""
    is_withdrawn = models.BooleanField(default=False)
    """Whether it was closed because MCE accepted the hotline's objection, not because the work is done."""
    is_needed = models.BooleanField(default=False)
    """Whether it was in the smallest set of improvements that reaches the next better outcome, when it was drafted."""
    gain = models.PositiveIntegerField(default=0)
    """The gain of the overall score if only this indicator reaches the required level, when it was drafted.

    In millionths, rounded down.
    """
    practices = models.ManyToManyField("evaluation.Finding", blank=True, related_name="lent_to")
    """Findings with good practice of other hotlines that are shared with this recommendation."""

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "-is_needed", "-gain", "place", "pk"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "code"], name="one_recommendation_an_indicator")]
        indexes = [models.Index(fields=["state", "evaluation"], name="recommendations_by_state")]

    def __str__(self) -> str:
        return self.title

    def of_evaluation(self) -> "Evaluation":
        return self.evaluation

    @property
    def is_settled(self) -> bool:
        """Whether it is verified or closed, so that nothing is due."""
        return self.state in SETTLED

    def is_overdue(self, today: date) -> bool:
        """Whether the deadline has passed and the work is not verified. Not a state."""
        return (
            self.due_on is not None and self.due_on < today and self.state != self.State.DRAFTED and not self.is_settled
        )

    def usual_date(self, start: date) -> date:
        """Return the default deadline by priority, counted from `start`."""
        day: date = start + relativedelta(months=USUAL_MONTHS[self.Priority(self.priority)])
        return day

    @transition(state, State.DRAFTED, State.ISSUED, permission=may("evaluation.decide"), custom={"by_itself": True})
    def issue(self) -> None:
        """Issue the recommendation with the panel's decision."""
        if self.due_on is None:
            self.due_on = self.usual_date(self.evaluation.round.today)

    @transition(
        state,
        State.ISSUED,
        State.ACCEPTED,
        conditions=[no_condition_follows_it],
        permission=may("recommendation.answer"),
    )
    def accept(self) -> None:
        """Accept the recommendation: the hotline will implement it."""

    @transition(
        state,
        State.ISSUED,
        State.CONTESTED,
        conditions=[no_condition_follows_it],
        permission=may("recommendation.answer"),
        custom={"needs_note": True},
    )
    def contest(self) -> None:
        """Contest it, with reasons. Missing Children Europe answers."""

    @transition(
        state,
        State.CONTESTED,
        State.ISSUED,
        permission=may("recommendation.run"),
        custom={"needs_note": True},
    )
    def insist(self) -> None:
        """Insist on it, with reasons. The hotline can accept or contest it again."""

    @transition(
        state,
        State.CONTESTED,
        State.CLOSED,
        permission=may("recommendation.run"),
        custom={"needs_note": True},
    )
    def withdraw(self) -> None:
        """Withdraw it: the hotline's objection is right."""
        self.is_withdrawn = True

    @transition(
        state,
        State.ACCEPTED,
        State.IN_PROGRESS,
        conditions=[no_condition_follows_it],
        permission=may("recommendation.work"),
    )
    def start(self) -> None:
        """Start working on it."""

    @transition(
        state,
        State.IN_PROGRESS,
        State.EVIDENCE_SUBMITTED,
        conditions=[a_proof_is_attached, no_condition_follows_it],
        permission=may("recommendation.work"),
        custom={"needs_note": True},
    )
    def submit_evidence(self) -> None:
        """Submit the evidence, with what was done. An independent person reviews it."""

    @transition(
        state,
        State.EVIDENCE_SUBMITTED,
        State.VERIFIED,
        permission=may("recommendation.verify"),
    )
    def verify(self) -> None:
        """Verify it: the recommendation is implemented."""

    @transition(
        state,
        State.EVIDENCE_SUBMITTED,
        State.NOT_VERIFIED,
        permission=may("recommendation.verify"),
        custom={"needs_note": True},
    )
    def refuse(self) -> None:
        """Send it back, with what is still missing."""

    @transition(
        state,
        State.NOT_VERIFIED,
        State.IN_PROGRESS,
        conditions=[no_condition_follows_it],
        permission=may("recommendation.work"),
    )
    def resume(self) -> None:
        """Resume the work on what is still missing."""

    @transition(
        state,
        [
            State.ISSUED,
            State.CONTESTED,
            State.ACCEPTED,
            State.IN_PROGRESS,
            State.EVIDENCE_SUBMITTED,
            State.NOT_VERIFIED,
        ],
        State.VERIFIED,
        permission=may("evaluation.decide"),
        custom={"by_itself": True},
    )
    def settle_by_condition(self) -> None:
        """Verify it: the panel ruled that the condition on the same indicator is met."""

    @transition(state, State.VERIFIED, State.CLOSED, permission=may("recommendation.run"))
    def close(self) -> None:
        """Close it: nothing is left to do."""


SETTLED = (Recommendation.State.VERIFIED, Recommendation.State.CLOSED)
"""The states in which nothing is due."""

USUAL_MONTHS = {
    Recommendation.Priority.FIRST: 3,
    Recommendation.Priority.NEXT: 6,
    Recommendation.Priority.WHEN_POSSIBLE: 12,
}
"""The number of months from the decision to the deadline.

`FIRST` ends well before the shortest validity (12 months), so that its effect is visible by then; `WHEN_POSSIBLE` ends
half a year before the mid-term check (18 months).
"""


class Proof(models.Model):
    """A proof for a recommendation: a document, an address, or words if there can be neither."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="proofs")
    document = models.ForeignKey(
        "evaluation.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="proofs"
    )
    address = models.URLField(_("address"), max_length=500, blank=True)
    words = models.TextField(_("what it shows"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_proof_is_one_thing",
                condition=Q(document__isnull=False, address="")
                | (Q(document__isnull=True) & ~Q(address=""))
                | (Q(document__isnull=True, address="") & ~Q(words="")),
            ),
            models.UniqueConstraint(
                fields=["recommendation", "document"],
                condition=Q(document__isnull=False),
                name="one_proof_a_document",
            ),
            models.UniqueConstraint(
                fields=["recommendation", "address"], condition=~Q(address=""), name="one_proof_an_address"
            ),
        ]

    def __str__(self) -> str:
        return str(self.document or self.address or self.words)
