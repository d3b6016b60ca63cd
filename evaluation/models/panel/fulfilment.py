"""The fulfilment of a condition that the panel set: its evidence, its check, and the panel's ruling on it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.evaluation import no_appeal_is_open, no_correction_is_open
from evaluation.models.people.permissions import may
from evaluation.models.reasons import Condition, Reason
from evaluation.models.states import StateField, Stateful, transition, wrong_state

if TYPE_CHECKING:
    from evaluation.models.evaluation import Evaluation
    from evaluation.models.recommendations import Recommendation


@Condition
def it_is_asked(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """The decision that sets it is current, and its accreditation, if it has begun, runs and has not ended."""
    decision = fulfilment.requirement.decision
    accreditation = getattr(decision, "accreditation", None)
    if getattr(decision, "replaced_by", None) is not None or (accreditation and not accreditation.is_running):
        yield Reason("condition_is_over")
    elif decision.valid_until is not None and decision.evaluation.round.today > decision.valid_until:
        yield Reason("has_ended", day=decision.valid_until)


@Condition
def the_panel_does_not_decide_anew(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """The panel has not taken the decision up again because of an unmet condition."""
    if fulfilment.evaluation.state == fulfilment.evaluation.State.DECISION:
        yield Reason("panel_decides_anew")


@Condition
def evidence_is_added(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """There is a proof: a document, an address, or the reason why there can be neither."""
    if not fulfilment.proofs.exists():
        yield Reason("no_proof")


@Condition
def there_is_something_to_check(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """The hotline has sent evidence, or a follow-up visit that began after the decision has been signed off."""
    if fulfilment.state == fulfilment.State.EVIDENCE_SENT:
        return
    evaluation = fulfilment.evaluation
    visit = evaluation.arranged_visit
    if evaluation.followed_up is None or visit is None or visit.state != visit.State.SIGNED_OFF:
        yield Reason("nothing_to_check")


@Condition
def it_seems_met(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """The check found that it seems to be met."""
    if not fulfilment.seems_met:
        yield Reason("check_says_not_met")


@Condition
def the_evaluation_is_decided(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """No follow-up visit and no new decision of the panel is under way."""
    evaluation = fulfilment.evaluation
    if not evaluation.is_decided:
        yield wrong_state(evaluation, *evaluation.DECIDED_AND_LATER)


@Condition
def no_appeal_suspends_it(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """No appeal against the decision is open: until the ruling, the condition does not fall due."""
    yield from no_appeal_is_open.reasons(fulfilment.evaluation)


@Condition
def no_correction_replaces_it(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """No correction of the decision is proposed, which may change the condition."""
    yield from no_correction_is_open.reasons(fulfilment.evaluation)


PANEL_MAY_RULE = (the_evaluation_is_decided, no_appeal_suspends_it, no_correction_replaces_it)
"""The conditions of each ruling of the panel on a condition that it set."""


class FulfilmentQuerySet(models.QuerySet["Fulfilment"]):
    def asked(self) -> "FulfilmentQuerySet":
        """Return those of current decisions whose accreditation, if it has begun, runs. See `it_is_asked`."""
        running = self.model._meta.apps.get_model("evaluation", "Accreditation").RUNNING
        begun = "requirement__decision__accreditation"
        runs = Q(**{begun: None}) | Q(**{f"{begun}__state__in": running})
        return self.filter(runs, requirement__decision__replaced_by=None)

    def open(self) -> "FulfilmentQuerySet":
        """Return the asked ones that are not met."""
        return self.asked().exclude(state=Fulfilment.State.MET)

    def for_pages(self) -> "FulfilmentQuerySet":
        """Load what pages and letters show, without the structure of the edition."""
        decision = "requirement__decision"
        return self.select_related(
            *(
                f"{decision}__{path}"
                for path in ("evaluation__hotline", "evaluation__round__edition", "accreditation", "replaced_by")
            )
        ).defer(f"{decision}__evaluation__round__edition__structure", f"{decision}__reasons")


class Fulfilment(Stateful):
    """The fulfilment of one condition of a decision. A correction of the decision takes it over."""

    kind = "fulfilment"

    class State(models.TextChoices):
        SET = "set", pgettext_lazy("condition", "set")
        EVIDENCE_SENT = "evidence_sent", pgettext_lazy("condition", "evidence sent")
        CHECKED = "checked", pgettext_lazy("condition", "checked")
        MET = "met", pgettext_lazy("condition", "met")
        NOT_MET = "not_met", pgettext_lazy("condition", "not met")
        EXTENDED = "extended", pgettext_lazy("condition", "extended")

    WITH_THE_HOTLINE = (State.SET, State.EXTENDED)
    """The states in which the hotline must send evidence before the due day."""

    requirement = models.OneToOneField("evaluation.Requirement", on_delete=models.PROTECT, related_name="fulfilment")
    state = StateField(_("state"), default=State.SET, choices=State.choices)
    due_on = models.DateField(_("by"))
    """The day of the decision, or a later one to which the panel extended it."""
    seems_met = models.BooleanField(null=True, editable=False)
    """What the last check found; None before a check."""
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = FulfilmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state"], name="fulfilments_by_state")]

    def __str__(self) -> str:
        return self.requirement.text

    def of_evaluation(self) -> "Evaluation":
        return self.evaluation

    @property
    def evaluation(self) -> "Evaluation":
        return self.requirement.decision.evaluation

    @property
    def is_met(self) -> bool:
        return self.state == self.State.MET

    @property
    def is_extended(self) -> bool:
        return self.due_on != self.requirement.due_on

    @property
    def is_asked(self) -> bool:
        """Whether it is still asked: its decision is current, and the accreditation has not ended."""
        return it_is_asked(self)

    def is_late(self, today: date) -> bool:
        """Whether the hotline has sent nothing by the due day, or the panel must rule on what is not met."""
        return self.state == self.State.NOT_MET or (self.state in self.WITH_THE_HOTLINE and self.due_on < today)

    @property
    def recommendation(self) -> "Recommendation | None":
        """The issued recommendation on the same indicator, which this condition follows up."""
        code = self.requirement.code
        return self.evaluation.recommendations.communicated().filter(code=code).first() if code else None

    @transition(
        state,
        [State.SET, State.EXTENDED, State.NOT_MET],
        State.EVIDENCE_SENT,
        conditions=[it_is_asked, the_panel_does_not_decide_anew, evidence_is_added],
        permission=may("recommendation.work"),
        custom={"needs_note": True},
    )
    def send(self) -> None:
        """Send the evidence, with what was done. An independent person checks it."""

    @transition(
        state,
        State.EVIDENCE_SENT,
        State.SET,
        conditions=[it_is_asked],
        permission=may("recommendation.verify"),
        custom={"needs_note": True},
    )
    def send_back(self) -> None:
        """Send the evidence back to the hotline, with what is missing. The due day stays."""

    @transition(
        state,
        [State.SET, State.EXTENDED, State.EVIDENCE_SENT],
        State.CHECKED,
        conditions=[it_is_asked, there_is_something_to_check],
        permission=may("recommendation.verify"),
        custom={"by_form": True, "needs_note": True},
    )
    def record_check(self) -> None:
        """Record whether the condition seems to be met, by the evidence or a follow-up visit. The panel rules on it."""

    @transition(
        state,
        State.CHECKED,
        State.EVIDENCE_SENT,
        conditions=[it_is_asked],
        permission=may("recommendation.verify"),
        custom={"needs_note": True},
    )
    def withdraw_check(self) -> None:
        """Withdraw the check, with the reason: it is checked again."""

    @transition(
        state,
        State.CHECKED,
        State.MET,
        conditions=[it_is_asked, it_seems_met, *PANEL_MAY_RULE],
        permission=may("evaluation.decide"),
        custom={"needs_note": True},
    )
    def meet(self) -> None:
        """Rule that the condition is met. With the last one, the outcome becomes what the edition says."""

    @transition(
        state,
        State.CHECKED,
        State.NOT_MET,
        conditions=[it_is_asked, *PANEL_MAY_RULE],
        permission=may("evaluation.decide"),
        custom={"needs_note": True},
    )
    def fail(self) -> None:
        """Rule that the condition is not met. The panel may extend it or decide anew."""

    @transition(
        state,
        [State.EXTENDED, State.CHECKED, State.NOT_MET],
        State.EXTENDED,
        conditions=[it_is_asked, *PANEL_MAY_RULE],
        permission=may("evaluation.decide"),
        custom={"by_form": True, "needs_note": True},
    )
    def extend(self) -> None:
        """Extend the condition to a later day, with the reason. Another person checked, extended or ruled on it last."""

    @transition(
        state,
        [State.SET, State.EXTENDED],
        State.NOT_MET,
        conditions=[it_is_asked, no_appeal_suspends_it],
        permission=may("evaluation.run"),
        custom={"by_itself": True, "by_system": True},
    )
    def run_out(self) -> None:
        """End the time for the evidence: the due day has passed, and the panel rules."""


@dataclass(frozen=True, slots=True)
class PublicCondition:
    """A condition as the public sees it: evidence and its check are not public."""

    text: str
    code: str
    due_on: date
    stored: str
    """The stored state; empty if there is none."""

    @property
    def state(self) -> str:
        """The state in the published file: `met`, `not_met`, `extended` or `open`."""
        public = (Fulfilment.State.MET, Fulfilment.State.NOT_MET, Fulfilment.State.EXTENDED)
        return self.stored if self.stored in public else "open"

    @property
    def is_met(self) -> bool:
        return self.stored == Fulfilment.State.MET

    @property
    def is_unmet(self) -> bool:
        return self.stored == Fulfilment.State.NOT_MET

    @property
    def is_extended(self) -> bool:
        return self.stored == Fulfilment.State.EXTENDED


class FulfilmentProof(models.Model):
    """A proof that a condition is met: a document, an address, or words if there can be neither."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.CASCADE, related_name="proofs")
    document = models.ForeignKey(
        "evaluation.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="fulfilment_proofs"
    )
    address = models.URLField(_("address"), max_length=500, blank=True)
    words = models.TextField(_("what it shows"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_proof_of_a_condition_is_one_thing",
                condition=Q(document__isnull=False, address="")
                | (Q(document__isnull=True) & ~Q(address=""))
                | (Q(document__isnull=True, address="") & ~Q(words="")),
            ),
            models.UniqueConstraint(
                fields=["fulfilment", "document"],
                condition=Q(document__isnull=False),
                name="one_proof_of_a_condition_a_document",
            ),
            models.UniqueConstraint(
                fields=["fulfilment", "address"], condition=~Q(address=""), name="one_proof_of_a_condition_an_address"
            ),
        ]

    def __str__(self) -> str:
        return str(self.document or self.address or self.words)
