"""The publication of a decision, the accreditation that it grants, and the sent reminders."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.panel.decision import link_replaced
from evaluation.models.people.permissions import may
from evaluation.models.reasons import Condition, Reason
from evaluation.models.states import StateField, Stateful, transition
from evaluation.models.step import Step

if TYPE_CHECKING:
    from evaluation.models.hotlines import Hotline


@Condition
def it_has_not_ended(accreditation: "Accreditation") -> Iterator[Reason]:
    """The last day has not passed."""
    if accreditation.has_ended:
        yield Reason("has_ended", day=accreditation.valid_until)


def _state_before_expiry(accreditation: "Accreditation") -> str:
    return accreditation.expiry_step.source if accreditation.expiry_step else ""


@Condition
def it_was_valid_when_it_expired(accreditation: "Accreditation") -> Iterator[Reason]:
    """It was valid when it expired."""
    if _state_before_expiry(accreditation) != accreditation.State.VALID:
        yield Reason("expired_suspended")


@Condition
def it_was_suspended_when_it_expired(accreditation: "Accreditation") -> Iterator[Reason]:
    """It was suspended when it expired."""
    if _state_before_expiry(accreditation) != accreditation.State.SUSPENDED:
        yield Reason("expired_valid")


@Condition
def nothing_newer_runs(accreditation: "Accreditation") -> Iterator[Reason]:
    """The hotline has no other running accreditation."""
    if type(accreditation).objects.filter(hotline=accreditation.hotline_id, state__in=accreditation.RUNNING).exists():
        yield Reason("decision_replaced")


@Condition
def the_midterm_check_is_due(accreditation: "Accreditation") -> Iterator[Reason]:
    """The day of the mid-term check has come, the accreditation has not ended, and no check was made in its period."""
    due = accreditation.decision.midterm_day
    if due is None:
        yield Reason("no_midterm", day=accreditation.valid_until)
    elif accreditation.midterm_step is not None:
        yield Reason("already_checked")
    elif accreditation.today < due:
        yield Reason("too_early", day=due)
    elif accreditation.has_ended:
        yield Reason("has_ended", day=accreditation.valid_until)


def first_day_heard_until(accreditation: "Accreditation") -> date:
    """Return the earliest last day to be heard: the hotline has as long as for its response to a draft."""
    return accreditation.today + timedelta(days=accreditation.decision.evaluation.framework.procedure.response_days)


class Extent(models.TextChoices):
    """What is public of a decision: the outcome with its conditions, also a summary, or the whole report."""

    OUTCOME = "outcome", _("The outcome alone")
    SUMMARY = "summary", _("The outcome and a summary")
    WHOLE = "whole", _("The whole report")


class Publication(models.Model):
    """The publication of a decision. Frozen: a pending correction does not retract the former outcome."""

    decision = models.OneToOneField("evaluation.Decision", on_delete=models.PROTECT, related_name="publication")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.decision_id}, {self.at:%Y-%m-%d}"

    @property
    def day(self) -> date:
        """The date of the publication in the round's time zone."""
        return timezone.localdate(self.at, ZoneInfo(self.decision.evaluation.round.time_zone))

    @property
    def extent(self) -> Extent:
        """What of its decision is public now. One query."""
        chosen = self.extents.first()
        return Extent(chosen.extent) if chosen else Extent.OUTCOME


class PublicExtent(models.Model):
    """The choice of what is public of a published decision. Frozen; the newest row counts.

    The papers that it makes public are those that were printed for this extent before it was chosen.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="extents")
    extent = models.CharField(_("what is public"), max_length=10, choices=Extent.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.publication}: {self.extent}"


class AccreditationState(models.TextChoices):
    """The states of an accreditation; defined here for the constraint of the model."""

    GRANTED = "granted", pgettext_lazy("accreditation", "granted")
    VALID = "valid", pgettext_lazy("accreditation", "valid")
    SUSPENDED = "suspended", pgettext_lazy("accreditation", "suspended")
    WITHDRAWN = "withdrawn", pgettext_lazy("accreditation", "withdrawn")
    EXPIRED = "expired", pgettext_lazy("accreditation", "expired")
    REPLACED = "replaced", pgettext_lazy("accreditation", "replaced by a newer decision")


RUNNING = [AccreditationState.VALID, AccreditationState.SUSPENDED]


Period = tuple[int, date]
"""The key of an evaluation, and the first day of the period of its accreditation."""


class Accreditation(Stateful):
    """The accreditation that a published decision grants to a hotline, from its publication to its end."""

    kind = "accreditation"

    State = AccreditationState

    RUNNING = RUNNING

    hotline = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, related_name="accreditations")
    decision = models.OneToOneField("evaluation.Decision", on_delete=models.PROTECT, related_name="accreditation")
    state = StateField(_("state"), default=State.GRANTED, choices=State.choices)

    class Meta:
        ordering = ["decision__valid_until", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hotline"],
                condition=Q(state__in=RUNNING),
                name="one_running_accreditation_a_hotline",
            )
        ]

    def __str__(self) -> str:
        return f"{self.hotline}, {self.decision.evaluation.round}"

    def of_hotline(self) -> "Hotline":
        return self.hotline

    @property
    def is_valid(self) -> bool:
        return self.state == self.State.VALID

    @property
    def is_suspended(self) -> bool:
        return self.state == self.State.SUSPENDED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    @property
    def is_replaced(self) -> bool:
        return self.state == self.State.REPLACED

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days begin and end."""
        return ZoneInfo(self.decision.evaluation.round.time_zone)

    @property
    def valid_until(self) -> date:
        """Its last day, which each granting decision has."""
        last = self.decision.valid_until
        assert last is not None
        return last

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.zone)

    @property
    def has_ended(self) -> bool:
        """Whether the last day has passed, whether or not the calendar has expired the accreditation yet."""
        return self.today > self.valid_until

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def expiry_step(self) -> Step | None:
        """The last step that expired it, or None."""
        return Step.objects.filter(kind=self.kind, uid=self.uid, move="expire").order_by("-seq").first()

    @property
    def period(self) -> Period:
        """Its period. Accreditations replaced by a correction or after a follow-up visit have the same period."""
        return self.decision.evaluation_id, self.decision.counts_from

    @property
    def midterm_step(self) -> Step | None:
        """The step of the mid-term check of an accreditation in the same period, or None."""
        of_evaluation = self.decision.evaluation.decisions.select_related("accreditation").defer("reasons")
        decisions = link_replaced(of_evaluation)
        begins = decisions[self.decision_id].counts_from
        granted = (getattr(one, "accreditation", None) for one in decisions.values() if one.counts_from == begins)
        own = [accreditation.uid for accreditation in granted if accreditation]
        return Step.objects.filter(kind=self.kind, uid__in=own, move="check_midterm").first()

    @transition(state, State.GRANTED, State.VALID, permission=may("evaluation.publish"), custom={"by_itself": True})
    def begin(self) -> None:
        """Begin the accreditation: the decision is published."""

    @transition(state, State.GRANTED, State.SUSPENDED, permission=may("evaluation.publish"), custom={"by_itself": True})
    def begin_suspended(self) -> None:
        """Begin the accreditation as suspended: the one that it replaces was suspended."""

    @transition(
        state,
        State.VALID,
        State.SUSPENDED,
        conditions=[it_has_not_ended],
        permission=may("accreditation.run"),
        custom={"needs_note": True},
    )
    def suspend(self) -> None:
        """Suspend the accreditation, with the grounds. The register shows it from today, without the grounds."""

    @transition(
        state,
        State.SUSPENDED,
        State.VALID,
        conditions=[it_has_not_ended],
        permission=may("accreditation.run"),
        custom={"needs_note": True},
    )
    def reinstate(self) -> None:
        """Reinstate the accreditation: the grounds of the suspension no longer apply."""

    @transition(
        state,
        State.VALID,
        State.VALID,
        conditions=[the_midterm_check_is_due],
        permission=may("accreditation.run"),
        custom={"needs_note": True},
    )
    def check_midterm(self) -> None:
        """Record the mid-term check of the recommendations."""

    @transition(
        state,
        RUNNING,
        State.WITHDRAWN,
        conditions=[it_has_not_ended],
        permission=may("accreditation.run"),
        custom={"by_itself": True},
    )
    def withdraw(self) -> None:
        """Withdraw the accreditation permanently: the withdrawal is confirmed. The hotline can appeal."""

    @transition(
        state,
        State.WITHDRAWN,
        State.VALID,
        conditions=[nothing_newer_runs],
        permission=may("accreditation.restore"),
        custom={"by_itself": True},
    )
    def restore(self) -> None:
        """Restore the withdrawn accreditation: the appeal against its withdrawal is upheld."""

    @transition(
        state,
        State.WITHDRAWN,
        State.SUSPENDED,
        conditions=[nothing_newer_runs],
        permission=may("accreditation.restore"),
        custom={"by_itself": True},
    )
    def restore_suspended(self) -> None:
        """Restore the withdrawn accreditation, which was suspended: the appeal against its withdrawal is upheld."""

    @transition(
        state, State.WITHDRAWN, State.REPLACED, permission=may("accreditation.restore"), custom={"by_itself": True}
    )
    def restore_replaced(self) -> None:
        """Overturn the withdrawal of an accreditation that a newer one has replaced meanwhile."""

    @transition(
        state,
        RUNNING,
        State.WITHDRAWN,
        conditions=[it_has_not_ended],
        permission=may("accreditation.give_up"),
        custom={"needs_note": True},
    )
    def give_up(self) -> None:
        """Give up the accreditation at the hotline’s request. Only a new round can grant one again."""

    @transition(
        state,
        RUNNING,
        State.EXPIRED,
        permission=may("accreditation.run"),
        custom={"by_itself": True, "by_system": True},
    )
    def expire(self) -> None:
        """End the accreditation: its last day has passed."""

    @transition(
        state,
        State.EXPIRED,
        State.VALID,
        conditions=[it_has_not_ended, it_was_valid_when_it_expired, nothing_newer_runs],
        permission=may("accreditation.run"),
        custom={"needs_note": True, "only_when": it_was_valid_when_it_expired},
    )
    def take_back_expiry(self) -> None:
        """Revert the expiry: it was written before the last day had passed, for instance because of a wrong clock."""

    @transition(
        state,
        State.EXPIRED,
        State.SUSPENDED,
        conditions=[it_has_not_ended, it_was_suspended_when_it_expired, nothing_newer_runs],
        permission=may("accreditation.run"),
        custom={"needs_note": True, "only_when": it_was_suspended_when_it_expired},
    )
    def take_back_expiry_suspended(self) -> None:
        """Revert the expiry of a suspended accreditation: it was written before the last day had passed."""

    @transition(state, RUNNING, State.REPLACED, permission=may("evaluation.publish"), custom={"by_itself": True})
    def replace(self) -> None:
        """Replace the accreditation by the one of a newer published decision."""


class Reminder(models.Model):
    """A sent reminder of a date. Frozen, and unique per object and date, so that no letter is sent twice."""

    class About(models.TextChoices):
        ENDS = "ends", _("the accreditation ends")
        ENDED = "ended", _("the accreditation has ended")
        MIDTERM = "midterm", _("the mid-term check is due")
        DEFERRAL = "deferral", _("the deferral is over")
        RESPOND = "respond", _("3 days before the last day of the response")
        RESPONSE = "response", _("the response is overdue")
        SUBMIT_30 = "submit_30", _("30 days before the last day of the self-assessment")
        SUBMIT_14 = "submit_14", _("14 days before the last day of the self-assessment")
        SUBMIT_3 = "submit_3", _("3 days before the last day of the self-assessment")
        CONDITION_60 = "condition_60", _("60 days before the last day of a condition")
        CONDITION_30 = "condition_30", _("30 days before the last day of a condition")
        CONDITION_7 = "condition_7", _("7 days before the last day of a condition")
        CONDITION_LATE = "condition_late", _("when the last day of a condition has passed without evidence")
        SLIPPED = "slipped", _("when a hotline has not submitted its self-assessment in time")
        STILL_OPEN = "still_open", _("weeks after the last day of a self-assessment that was not submitted")
        NO_RESPONSE = "no_response", _("weeks after the last day of a response that was not given")
        PLAN = "plan", _("weeks after the last day of a recommendation without evidence")
        HEARING = "hearing", _("3 days before the last day to be heard on a withdrawal")
        WITHDRAWAL = "withdrawal", _("when a withdrawal can be confirmed")

    about = models.CharField(max_length=20, choices=About.choices)
    uid = models.UUIDField()
    """The `uid` of the accreditation, decision or evaluation that has the date."""
    due_on = models.DateField()
    occasion = models.PositiveSmallIntegerField(default=1)
    """1, and one more for each expiry that was reverted, or reminder that a wrong clock sent too early."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["about", "uid", "due_on", "occasion"], name="one_reminder_of_a_date"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.due_on}"
