"""What came of it: the frozen scorecard, the panel's decision, the recommendations."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from evaluation.models.states import Stateful
from evaluation.rules import may


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


class Decision(models.Model):
    """What the panel decided, and why. Frozen; a correction is another decision, with its own step."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.PROTECT, related_name="decisions")
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("decision"), max_length=40)
    reasons = models.TextField(_("reasons"))
    departs = models.BooleanField()
    """Other than what the rules propose."""
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    valid_until = models.DateField(null=True)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-decided_at"]
        get_latest_by = ["decided_at", "pk"]


class Recommendation(Stateful):
    """What the hotline is asked to do about one indicator, drafted from the Guide and edited by the assessors."""

    kind = "recommendation"

    class State(models.TextChoices):
        DRAFTED = "drafted", _("drafted")
        ISSUED = "issued", _("issued")

    class Priority(models.IntegerChoices):
        FIRST = 1, pgettext_lazy("priority", "first")
        NEXT = 2, pgettext_lazy("priority", "next")
        WHEN_POSSIBLE = 3, pgettext_lazy("priority", "when possible")

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="recommendations")
    code = models.CharField(_("indicator"), max_length=12)
    state = FSMField(_("state"), default=State.DRAFTED, choices=State.choices, protected=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NEXT)
    title = models.CharField(_("what to do"), max_length=120)
    text = models.TextField(_("how"), blank=True)
    look_for = models.TextField(_("what we will look for"), blank=True)
    owner = models.CharField(_("who"), max_length=120, blank=True)
    due_on = models.DateField(_("by"), null=True, blank=True)
    is_dropped = models.BooleanField(default=False)
    """Left out by the assessors; kept, so that drafting again does not bring it back."""

    class Meta:
        ordering = ["priority", "pk"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "code"], name="one_recommendation_an_indicator")]

    def __str__(self) -> str:
        return self.title

    @transition(state, State.DRAFTED, State.ISSUED, permission=may("evaluation.decide"), custom={"by_itself": True})
    def issue(self):
        """Issue the recommendation with the panel's decision."""
