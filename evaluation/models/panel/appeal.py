"""The hotline's appeal against a decision, the ruling on it, and the panel's own correction of a decision."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.ballot import Tally
from evaluation.models.evaluation import no_appeal_is_open
from evaluation.models.panel.decision import Vote, VoteQuerySet
from evaluation.models.people.permissions import may
from evaluation.models.reasons import Condition, Reason
from evaluation.models.scorecards import tally
from evaluation.models.states import StateField, Stateful, transition, wrong_state

if TYPE_CHECKING:
    from evaluation.models.evaluation import Evaluation


@Condition
def the_decision_can_be_contested(appeal: "Appeal") -> Iterator[Reason]:
    """The decision is current, not made on an appeal and not contested before; the appeal is in time, with grounds.

    Against a withdrawal: it is confirmed and not contested before; the appeal is in time, with grounds.
    """
    decision, evaluation, withdrawal = appeal.decision, appeal.evaluation, appeal.withdrawal
    if not appeal.grounds.strip():
        yield Reason("no_grounds")
    if type(appeal)._base_manager.filter(decision=decision, withdrawal=withdrawal).exclude(pk=appeal.pk).exists():
        yield Reason("already_appealed")
    if withdrawal is not None:
        yield from withdrawal.find_reasons_against_appeal()
        return
    if not evaluation.is_decided:
        yield wrong_state(evaluation, *evaluation.DECIDED_AND_LATER)
    if evaluation.decisions.first() != decision:
        yield Reason("decision_replaced")
    if decision.kind == decision.Kind.APPEAL:
        yield Reason("ruled_on_appeal")
    if evaluation.round.today > (last := decision.last_day_to_appeal):
        yield Reason("too_late", day=last)


@Condition
def the_decision_can_be_corrected(correction: "Correction") -> Iterator[Reason]:
    """The decision is current, and no appeal against it is open."""
    evaluation = correction.evaluation
    if not evaluation.is_decided:
        yield wrong_state(evaluation, *evaluation.DECIDED_AND_LATER)
    elif evaluation.decisions.first() != correction.decision:
        yield Reason("decision_replaced")
    yield from no_appeal_is_open.reasons(evaluation)


def _ruling(appeal: "Appeal") -> "Ruling | None":
    return getattr(appeal, "ruling", None)


@Condition
def a_ruling_upholds_it(appeal: "Appeal") -> Iterator[Reason]:
    """The members have ruled: a new decision is written, or the accreditation is reinstated."""
    ruling = _ruling(appeal)
    if ruling is None or not ruling.upholds:
        yield Reason("no_ruling")


@Condition
def a_ruling_dismisses_it(appeal: "Appeal") -> Iterator[Reason]:
    """The members have ruled to uphold the decision or withdrawal."""
    ruling = _ruling(appeal)
    if ruling is None or ruling.upholds:
        yield Reason("no_ruling")


class Appeal(Stateful):
    """The appeal of a hotline against a decision, or against the withdrawal of the accreditation that it granted.

    There is at most one against each. Members who took no part in the contested decision or withdrawal hear it.
    """

    kind = "appeal"

    class State(models.TextChoices):
        WRITTEN = "written", pgettext_lazy("appeal", "written")
        LODGED = "lodged", pgettext_lazy("appeal", "lodged")
        UPHELD = "upheld", pgettext_lazy("appeal", "upheld")
        DISMISSED = "dismissed", pgettext_lazy("appeal", "dismissed")
        WITHDRAWN = "withdrawn", pgettext_lazy("appeal", "withdrawn")

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.PROTECT, related_name="appeals")
    REINSTATED, STANDS = "reinstated", "withdrawn"
    """What a member votes for on an appeal against a withdrawal."""

    decision = models.ForeignKey("evaluation.Decision", on_delete=models.PROTECT, related_name="appeals")
    withdrawal = models.OneToOneField(
        "evaluation.Withdrawal", on_delete=models.PROTECT, null=True, blank=True, related_name="appeal"
    )
    """The contested withdrawal; None if the decision is contested."""
    state = StateField(_("state"), default=State.WRITTEN, choices=State.choices)
    grounds = models.TextField(_("grounds"))
    """Also sealed in the step that lodged the appeal, so that a later change is detected."""
    lodged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lodged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-lodged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(withdrawal=None), name="one_appeal_against_a_decision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.evaluation}"

    def of_evaluation(self) -> "Evaluation":
        return self.evaluation

    @property
    def is_open(self) -> bool:
        return self.state == self.State.LODGED

    @property
    def choices(self) -> tuple[str, ...]:
        """What members can vote for."""
        if self.withdrawal_id is not None:
            return self.REINSTATED, self.STANDS
        return tuple(outcome.code for outcome in self.evaluation.framework.rule.outcomes)

    @property
    def contested(self) -> str:
        """The contested outcome: a vote for it is a vote to dismiss the appeal."""
        return self.decision.outcome if self.withdrawal_id is None else self.STANDS

    @property
    def rule_by(self) -> date:
        """The last day for a ruling, in the round's time zone: the hotline and the panel have the same time."""
        days = self.evaluation.framework.procedure.appeal_days
        return timezone.localdate(self.lodged_at, ZoneInfo(self.evaluation.round.time_zone)) + timedelta(days=days)

    @property
    def is_late(self) -> bool:
        return self.is_open and self.evaluation.round.today > self.rule_by

    @property
    def is_upheld(self) -> bool:
        return self.state == self.State.UPHELD

    @property
    def is_dismissed(self) -> bool:
        return self.state == self.State.DISMISSED

    @transition(
        state,
        State.WRITTEN,
        State.LODGED,
        conditions=[the_decision_can_be_contested],
        permission=may("appeal.lodge"),
        custom={"by_form": True},
    )
    def lodge(self) -> None:
        """Lodge the appeal. Members who took no part in the decision or withdrawal hear it."""

    @transition(state, State.LODGED, State.WITHDRAWN, permission=may("appeal.lodge"), custom={"needs_note": True})
    def withdraw(self) -> None:
        """Withdraw the appeal. The decision or withdrawal is upheld and cannot be contested again."""

    @transition(
        state,
        State.LODGED,
        State.UPHELD,
        conditions=[a_ruling_upholds_it],
        permission=may("appeal.hear"),
        custom={"by_form": True},
    )
    def uphold(self) -> None:
        """Uphold the appeal: a new decision replaces the contested one, or the accreditation is reinstated."""

    @transition(
        state,
        State.LODGED,
        State.DISMISSED,
        conditions=[a_ruling_dismisses_it],
        permission=may("appeal.hear"),
        custom={"by_form": True},
    )
    def dismiss(self) -> None:
        """Dismiss the appeal: the decision or withdrawal is upheld."""

    @cached_property
    def took_part(self) -> set[int]:
        """The keys of the members who took part in a decision on this evaluation, or in another appeal on one.

        For an appeal against a withdrawal, of those who proposed and confirmed it.
        """
        evaluation, withdrawal = self.evaluation, self.withdrawal
        if withdrawal is not None:
            return {pk for pk in (withdrawal.proposed_by_id, withdrawal.confirmed_by_id) if pk is not None}
        decided = evaluation.decisions.values_list("decided_by", "ruling__appeal")
        return {
            *evaluation.declarations.before_the_decision().values_list("user", flat=True),
            *(by for by, ruled in decided if ruled is None or ruled != self.pk),
            *evaluation.scorecards.exclude(votes=None).values_list("votes__user", flat=True),
            *evaluation.corrections.values_list("proposed_by", flat=True),
            *AppealVote.objects.filter(appeal__evaluation=evaluation, appeal__withdrawal=None)
            .exclude(appeal=self.pk)
            .values_list("user", flat=True),
        }

    @property
    def tally(self) -> Tally:
        """The votes that count: the newest of each untied member who took no part in the contested decision."""
        ruled_at = Ruling.objects.filter(appeal=self).values_list("at", flat=True).first()
        by_favour = () if self.withdrawal_id is None else self.choices
        return tally(self.counted_votes, self.evaluation.framework, ruled_at, is_last=True, by_favour=by_favour)

    @property
    def counted_votes(self) -> list[Vote]:
        """The votes that count, or counted when the ruling was recorded, of members who had no part in the decision."""
        ruled_at = Ruling.objects.filter(appeal=self).values_list("at", flat=True).first()
        return [vote for vote in self.votes.that_count(ruled_at) if vote.user_id not in self.took_part]

    @property
    def uncounted_votes(self) -> list[Vote]:
        """The newest votes of members whose vote does not count."""
        return self.votes.all().without(self.counted_votes)


class AppealDeclaration(models.Model):
    """A member's declaration of ties to the hotline, made before voting on an appeal. Frozen."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="declarations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    has_stake = models.BooleanField()
    reason = models.CharField(_("what ties you to this hotline"), max_length=300, blank=True)
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["declared_at", "pk"]


class AppealVoteQuerySet(VoteQuerySet):
    of_evaluation = "appeal__evaluation"

    @property
    def declarations(self) -> models.QuerySet[AppealDeclaration]:
        return AppealDeclaration.objects.filter(appeal=OuterRef("appeal"))


class AppealVote(models.Model):
    """A member's vote for an outcome on an appeal. A vote for the contested outcome is a vote to dismiss it. Frozen."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=40)
    words = models.TextField(_("why"))
    voted_at = models.DateTimeField(default=timezone.now)

    objects = AppealVoteQuerySet.as_manager()

    class Meta:
        ordering = ["voted_at", "pk"]


class Ruling(models.Model):
    """The ruling on an appeal, with reasons. Frozen."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="ruling")
    decision = models.OneToOneField("evaluation.Decision", on_delete=models.PROTECT, null=True, related_name="ruling")
    """The new decision if an appeal against a decision is upheld, otherwise None."""
    reinstates = models.BooleanField(default=False)
    """Whether an appeal against a withdrawal is upheld."""
    reasons = models.TextField(_("reasons"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.appeal}"

    @property
    def upholds(self) -> bool:
        """Whether the appeal is upheld."""
        return self.decision_id is not None or self.reinstates


class CorrectionState(models.TextChoices):
    """The states of a correction; defined here for the constraint of the model."""

    WRITTEN = "written", pgettext_lazy("correction", "written")
    PROPOSED = "proposed", pgettext_lazy("correction", "proposed")
    CONFIRMED = "confirmed", pgettext_lazy("correction", "confirmed")
    DROPPED = "dropped", pgettext_lazy("correction", "dropped")


class Correction(Stateful):
    """A correction of a decision: one member proposes it and a second confirms it. Then a new decision is created."""

    kind = "correction"

    State = CorrectionState

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.PROTECT, related_name="corrections")
    decision = models.ForeignKey("evaluation.Decision", on_delete=models.PROTECT, related_name="corrections")
    """The decision to be replaced."""
    scorecard = models.ForeignKey("evaluation.Scorecard", on_delete=models.PROTECT, related_name="+")
    """The scorecard of the corrected decision."""
    state = StateField(_("state"), default=State.WRITTEN, choices=State.choices)
    outcome = models.CharField(_("decision"), max_length=40)
    reasons = models.TextField(_("reasons"))
    requirements = models.JSONField(default=list)
    """The requirements of the corrected outcome: text, deadline and indicator of each, as the decision stores them."""
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation"],
                condition=Q(state=CorrectionState.PROPOSED),
                name="one_proposed_correction_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.evaluation}"

    def of_evaluation(self) -> "Evaluation":
        return self.evaluation

    @transition(
        state,
        State.WRITTEN,
        State.PROPOSED,
        conditions=[the_decision_can_be_corrected],
        permission=may("evaluation.decide"),
        custom={"by_form": True},
    )
    def propose(self) -> None:
        """Propose the correction to a second member."""

    @transition(
        state,
        State.PROPOSED,
        State.CONFIRMED,
        conditions=[the_decision_can_be_corrected],
        permission=may("evaluation.decide"),
        custom={"by_form": True},
    )
    def confirm(self) -> None:
        """Confirm the correction: another decision replaces the former one."""

    @transition(state, State.PROPOSED, State.DROPPED, permission=may("evaluation.decide"), custom={"needs_note": True})
    def drop(self) -> None:
        """Drop the correction: the decision is unchanged."""
