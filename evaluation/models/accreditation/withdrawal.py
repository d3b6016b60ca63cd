"""The withdrawal of an accreditation for good: proposed with a ground, the hotline is heard, a second person confirms."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.accreditation.accreditation import first_day_heard_until, it_has_not_ended
from evaluation.models.people.permissions import may
from evaluation.models.reasons import Condition, Reason
from evaluation.models.states import StateField, Stateful, transition

if TYPE_CHECKING:
    from evaluation.models.evaluation import Evaluation
    from evaluation.models.hotlines import Hotline
    from evaluation.models.people.user import User


WORDS_OF_SUBSTANCE = 20
"""The minimum number of different words in a text of substance, such as the ground of a withdrawal."""


def words_of_substance(text: str) -> set[str]:
    """Return the different words of a text, case-folded. A single or a repeated letter is no word."""
    return {word for word in re.findall(r"\w+", text.casefold()) if len(set(word)) > 1}


@Condition
def its_accreditation_runs(withdrawal: "Withdrawal") -> Iterator[Reason]:
    """The accreditation is valid or suspended, and its last day has not passed."""
    accreditation = withdrawal.accreditation
    if not accreditation.is_running:
        yield Reason("accreditation_runs_no_more")
    else:
        yield from it_has_not_ended.reasons(accreditation)


@Condition
def its_ground_has_substance(withdrawal: "Withdrawal") -> Iterator[Reason]:
    """The ground has enough different words."""
    have = len(words_of_substance(withdrawal.ground))
    if have < WORDS_OF_SUBSTANCE:
        yield Reason("thin_ground", have=have, need=WORDS_OF_SUBSTANCE)


@Condition
def its_days_leave_time_to_be_heard(withdrawal: "Withdrawal") -> Iterator[Reason]:
    """The hotline has time to be heard, and it takes effect after that and before the accreditation ends."""
    accreditation = withdrawal.accreditation
    first, last = first_day_heard_until(accreditation), accreditation.valid_until
    if first >= last:
        yield Reason("no_time_to_be_heard", day=last)
    elif not first <= withdrawal.heard_until < last:
        yield Reason("heard_outside", day=first, last=last - timedelta(days=1))
    elif not withdrawal.heard_until < withdrawal.takes_effect_on <= last:
        yield Reason("takes_effect_outside", day=withdrawal.heard_until + timedelta(days=1), last=last)


@Condition
def a_statement_is_written(withdrawal: "Withdrawal") -> Iterator[Reason]:
    """The hotline has written its statement."""
    if not withdrawal.statement.strip():
        yield Reason("no_statement")


@Condition
def its_day_has_come(withdrawal: "Withdrawal") -> Iterator[Reason]:
    """The day has come on which it takes effect, after the last day to be heard."""
    if withdrawal.accreditation.today < withdrawal.takes_effect_on:
        yield Reason("time_to_be_heard", day=withdrawal.heard_until, last=withdrawal.takes_effect_on)


class WithdrawalState(models.TextChoices):
    """The states of a withdrawal; defined here for the constraint of the model."""

    WRITTEN = "written", pgettext_lazy("withdrawal", "written")
    PROPOSED = "proposed", pgettext_lazy("withdrawal", "proposed, the hotline is asked")
    HEARD = "heard", pgettext_lazy("withdrawal", "the hotline has given its statement")
    CONFIRMED = "confirmed", pgettext_lazy("withdrawal", "confirmed")
    DROPPED = "dropped", pgettext_lazy("withdrawal", "dropped")


OPEN = [WithdrawalState.PROPOSED, WithdrawalState.HEARD]


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    def waiting(self) -> "WithdrawalQuerySet":
        """Return the open ones whose accreditation still runs."""
        running = self.model._meta.apps.get_model("evaluation", "Accreditation").RUNNING
        return self.filter(state__in=OPEN, accreditation__state__in=running)

    def for_pages(self) -> "WithdrawalQuerySet":
        """Load what pages and letters show, without the structure of the edition."""
        evaluation = "accreditation__decision__evaluation"
        return self.select_related(
            "accreditation__hotline", f"{evaluation}__hotline", f"{evaluation}__round__edition", "proposed_by"
        ).defer(f"{evaluation}__round__edition__structure", "accreditation__decision__reasons")


class Withdrawal(Stateful):
    """A proposed or confirmed withdrawal of an accreditation. It is kept with its ground and the hotline's statement."""

    kind = "withdrawal"

    State = WithdrawalState

    OPEN = OPEN

    accreditation = models.ForeignKey("evaluation.Accreditation", on_delete=models.PROTECT, related_name="withdrawals")
    state = StateField(_("state"), default=State.WRITTEN, choices=State.choices)
    ground = models.TextField(_("ground"))
    """Also sealed in the step that proposed it, and as the note of the step that withdraws the accreditation."""
    heard_until = models.DateField(_("last day to be heard"))
    takes_effect_on = models.DateField(_("takes effect on"))
    """The first day on which it can be confirmed. It takes effect when it is confirmed."""
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    statement = models.TextField(_("statement"), blank=True)
    """The hotline's words. Until it gives its statement, they are a draft that only its coordinators read."""
    version = models.PositiveIntegerField(default=0, editable=False)
    """The number of saves of the draft, so that two people do not overwrite each other."""
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    stated_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    """When it was confirmed or dropped. Since then it is frozen."""

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["accreditation"], condition=Q(state__in=OPEN), name="one_open_withdrawal_an_accreditation"
            )
        ]

    def __str__(self) -> str:
        return str(self.accreditation)

    def of_hotline(self) -> "Hotline":
        return self.accreditation.hotline

    @property
    def evaluation(self) -> "Evaluation":
        return self.accreditation.decision.evaluation

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_proposed(self) -> bool:
        return self.state == self.State.PROPOSED

    @property
    def is_confirmed(self) -> bool:
        return self.state == self.State.CONFIRMED

    @property
    def is_dropped(self) -> bool:
        return self.state == self.State.DROPPED

    @property
    def is_given(self) -> bool:
        """Whether the hotline has given its statement."""
        return self.stated_at is not None

    @property
    def is_waiting(self) -> bool:
        """Whether it is open and its accreditation still runs."""
        return self.is_open and its_accreditation_runs(self)

    @property
    def can_be_confirmed(self) -> bool:
        """Whether its day has come, so that a second person may confirm it."""
        return self.is_waiting and its_day_has_come(self)

    @property
    def last_day_to_appeal(self) -> date | None:
        """The last day of an appeal against it; None until it is confirmed."""
        if not self.is_confirmed or self.closed_at is None:
            return None
        confirmed_on = timezone.localdate(self.closed_at, self.accreditation.zone)
        return confirmed_on + timedelta(days=self.evaluation.framework.procedure.appeal_days)

    def is_proposed_by(self, user: "User") -> bool:
        return self.proposed_by_id == user.pk

    def find_reasons_against_appeal(self) -> Iterator[Reason]:
        """Yield the reasons why it cannot be appealed against: it is not confirmed, or the time has passed."""
        last = self.last_day_to_appeal
        if last is None:
            yield Reason("withdrawal_is_not_confirmed")
        elif self.accreditation.today > last:
            yield Reason("too_late", day=last)

    @transition(
        state,
        State.WRITTEN,
        State.PROPOSED,
        conditions=[
            its_accreditation_runs,
            its_ground_has_substance,
            its_days_leave_time_to_be_heard,
        ],
        permission=may("accreditation.run"),
        custom={"by_form": True},
    )
    def propose(self) -> None:
        """Propose the withdrawal. The hotline is asked for its statement."""

    @transition(
        state,
        State.PROPOSED,
        State.HEARD,
        conditions=[its_accreditation_runs, a_statement_is_written],
        permission=may("withdrawal.answer"),
        custom={"by_form": True},
    )
    def answer(self) -> None:
        """Give the hotline's statement. It cannot be changed afterwards."""

    @transition(
        state,
        OPEN,
        State.CONFIRMED,
        conditions=[its_accreditation_runs, its_day_has_come],
        permission=may("withdrawal.confirm"),
        custom={"by_form": True},
    )
    def confirm(self) -> None:
        """Confirm the withdrawal as the second person: the accreditation is withdrawn. The hotline can appeal."""
        self.closed_at = timezone.now()

    @transition(state, OPEN, State.DROPPED, permission=may("accreditation.run"), custom={"needs_note": True})
    def drop(self) -> None:
        """Drop the withdrawal, with the reason: the accreditation is unchanged."""
        self.closed_at = timezone.now()
