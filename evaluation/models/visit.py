"""The study visit: its team, its dates, its states from planned to signed off, its agenda, and what each recorded."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.guards import conditions as facts
from evaluation.guards import recording_conditions as recording
from evaluation.guards.permissions import may
from evaluation.models.judgements import JudgementVersion, Observed
from evaluation.models.states import StateField, Stateful, transition

if TYPE_CHECKING:
    from evaluation.models.evaluation import Evaluation


class Visit(Stateful):
    kind = "visit"

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        UNDER_WAY = "under_way", _("under way")
        FINDINGS_ENTERED = "findings_entered", _("findings entered")
        SIGNED_OFF = "signed_off", _("signed off")

    class Mode(models.TextChoices):
        ON_SITE = "on_site", _("on site")
        REMOTE = "remote", _("remote")

    ARRANGED = ("starts_on", "ends_on", "mode", "alone_because")
    """The fields that are set when the visit is arranged: the form asks for them, in this order, and the page shows them."""

    evaluation = models.OneToOneField("evaluation.Evaluation", on_delete=models.CASCADE, related_name="visit")
    state = StateField(_("state"), default=State.PLANNED, choices=State.choices)
    mode = models.CharField(_("on site or remote"), max_length=10, choices=Mode.choices, default=Mode.ON_SITE)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    alone_because = models.CharField(_("why one person goes alone"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_visit_ends_after_it_starts", condition=models.Q(ends_on__gte=models.F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.evaluation}"

    def of_evaluation(self) -> "Evaluation":
        return self.evaluation

    @property
    def arranged_visit(self) -> "Visit":
        """Itself; evaluations have the same property."""
        return self

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def lead(self) -> "TeamMember | None":
        return next((member for member in self.team.all() if member.is_lead), None)

    @transition(state, State.PLANNED, State.PLANNED, permission=may("visit.arrange"), custom={"by_form": True})
    def arrange(self) -> None:
        """Arrange the visit, or change the arrangement: its days and its team."""

    @transition(
        state,
        State.PLANNED,
        State.UNDER_WAY,
        conditions=[facts.the_self_assessment_is_accepted, facts.the_team_is_independent],
        permission=may("visit.observe"),
    )
    def begin(self) -> None:
        """Begin the visit: each assessor records what they see, apart from the others."""

    @transition(state, State.UNDER_WAY, State.UNDER_WAY, permission=may("visit.observe"), custom={"by_form": True})
    def finish_recording(self) -> None:
        """Say that one has recorded all. When all of the team have, the findings are entered."""

    @transition(state, State.UNDER_WAY, State.UNDER_WAY, permission=may("visit.observe"), custom={"by_form": True})
    def go_on_recording(self) -> None:
        """Take back that one has finished, until all have."""

    @transition(
        state,
        State.UNDER_WAY,
        State.FINDINGS_ENTERED,
        conditions=[recording.every_assessor_has_finished],
        permission=may("visit.observe"),
        custom={"by_itself": True},
    )
    def enter_findings(self) -> None:
        """Enter the findings on which the assessors agree, and show each what the others recorded."""

    @transition(
        state,
        State.UNDER_WAY,
        State.FINDINGS_ENTERED,
        conditions=[recording.the_lead_has_finished],
        permission=may("visit.sign_off"),
        custom={"needs_note": True, "only_when": recording.the_lead_has_finished},
    )
    def close_recording(self) -> None:
        """Enter the findings without those of the team who have not finished, saying why."""

    @transition(
        state,
        State.FINDINGS_ENTERED,
        State.SIGNED_OFF,
        conditions=[
            facts.every_visit_indicator_has_a_finding,
            facts.every_difference_has_words,
            recording.every_divergence_has_words,
            facts.the_team_is_independent,
        ],
        permission=may("visit.sign_off"),
    )
    def sign_off(self) -> None:
        """Sign off the findings: the lead assessor declares them complete."""

    @transition(
        state, State.SIGNED_OFF, State.FINDINGS_ENTERED, permission=may("evaluation.judge"), custom={"by_itself": True}
    )
    def reopen(self) -> None:
        """Reopen the findings, with the evaluation."""

    @transition(state, State.SIGNED_OFF, State.PLANNED, permission=may("evaluation.run"), custom={"by_itself": True})
    def plan_again(self) -> None:
        """Plan the visit of a deferred evaluation again. The findings are valid until they are changed."""


class TeamMember(models.Model):
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visit_seats")
    is_lead = models.BooleanField(_("lead assessor"), default=False)
    finished_at = models.DateTimeField(null=True)
    """When they said that they have recorded all; None until then, and when they took it back."""

    class Meta:
        ordering = ["-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "user"], name="one_seat_in_a_team"),
            models.UniqueConstraint(fields=["visit"], condition=models.Q(is_lead=True), name="one_lead_in_a_team"),
        ]


class Agenda(models.Model):
    """A version of the agenda of a visit, from 1. Only `evaluation.visits.agendas` writes it.

    A row stays as it is, except that a letter with it is sent once: from then on it is frozen by triggers of the
    database. The template is named as it was when the agenda was begun: later changes of it do not change the agenda.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="agendas")
    version = models.PositiveIntegerField()
    sessions = models.JSONField(_("sessions"), default=list)
    """As `evaluation.visits.agendas.Session` writes itself, in their order."""
    language = models.CharField(_("language"), max_length=10)
    template_name = models.CharField(_("template"), max_length=255)
    template_published_at = models.DateTimeField(null=True)
    """When that version of the template was published; None if it is the one that is shipped."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    """When a letter with it went to the hotline and the team."""

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["visit", "version"], name="one_agenda_a_version")]

    def __str__(self) -> str:
        return f"{self.visit}, {self.version}"


class Observation(Observed):
    """What one assessor saw of one indicator. Until all of the team have finished, nobody else reads it.

    Its row comes with its first save. `evaluation.assessment.judgements.save_row` is the only writer; a trigger copies
    every version into the history table.
    """

    visit = models.ForeignKey("evaluation.Visit", on_delete=models.CASCADE, related_name="observations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="observations")
    strength = models.TextField(_("strength"), blank=True)
    concern = models.TextField(_("concern"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "by", "code"], name="one_observation_an_assessor_and_indicator")
        ]

    def __str__(self) -> str:
        return f"{self.visit}, {self.code}"


class ObservationVersion(JudgementVersion):
    visit_id = models.BigIntegerField()
    by_id = models.BigIntegerField()
    not_seen = models.BooleanField()
    strength = models.TextField()
    concern = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit_id", "by_id", "code", "version"], name="one_observation_a_version")
        ]


class RecordingDevice(models.Model):
    """A device on which an assessor records, and how many of its texts it had not sent when it last said so."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="devices")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    uid = models.UUIDField()
    """Generated by the device."""
    name = models.CharField(_("name"), max_length=60, blank=True)
    unsent = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["by__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "by", "uid"], name="one_row_a_device")]

    def __str__(self) -> str:
        return self.name
