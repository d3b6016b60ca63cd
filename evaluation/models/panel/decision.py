"""The panel's work: declarations of ties, votes, comments, and decisions with their requirements."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.panel.fulfilment import Fulfilment, PublicCondition
from evaluation.models.people.roles import Role
from evaluation.models.people.user import Membership, Stake
from evaluation.models.scorecards import Scorecard
from evaluation.models.visits.earlier_visit import EarlierVisit
from evaluation.models.visits.team import TeamMember


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def before_the_decision(self) -> "DeclarationQuerySet":
        """Return the declarations made before the last decision by vote, or before the one to come.

        Those made while a decision stands are made only to read it. Nothing is compared with the time of a decision
        that does not exist: in SQL, that matches no row.
        """
        voted = Decision.objects.filter(evaluation=OuterRef("evaluation"), kind__in=Decision.BY_VOTE)
        stands = Q(evaluation__state__in=self.model._meta.apps.get_model("evaluation", "Evaluation").DECIDED_AND_LATER)
        return self.filter(~stands | Exists(voted.filter(decided_at__gte=OuterRef("declared_at"))))


class Declaration(models.Model):
    """A member's declaration of ties to the hotline, made before reading the report. Frozen; the newest one counts."""

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.PROTECT, related_name="declarations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="declarations")
    has_stake = models.BooleanField()
    reason = models.CharField(_("what ties you to this hotline"), max_length=300, blank=True)
    declared_at = models.DateTimeField(default=timezone.now)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        ordering = ["declared_at", "pk"]


class VoteQuerySet(models.QuerySet["Vote"]):
    of_evaluation = "scorecard__evaluation"
    """The lookup from a vote to its evaluation."""

    def of_entitled_members(self, moment: datetime | None = None) -> "VoteQuerySet":
        """Return the votes of those who are panel members, without a tie, whose declaration holds: now, or then."""
        hotline, voter = OuterRef(f"{self.of_evaluation}__hotline"), OuterRef("user")
        roles = Membership.objects.held_at(moment) if moment else Membership.objects.today()
        declared_by_then = Q(declared_at__lte=moment) if moment else Q()
        begun = Membership.objects.filter(user=voter, hotline=hotline, since__lte=timezone.localdate(moment))
        seats = TeamMember.objects.filter(user=voter, visit__evaluation=OuterRef(self.of_evaluation))
        earlier = EarlierVisit.objects.filter(team=voter, evaluation=OuterRef(self.of_evaluation))
        declared = self.declarations.filter(declared_by_then, user=voter).order_by("-declared_at", "-pk")
        return (
            self.exclude(user__country=F(f"{self.of_evaluation}__hotline__country"))
            .exclude(Exists(begun))
            .exclude(Exists(Stake.objects.filter(declared_by_then, user=voter, hotline=hotline)))
            .exclude(Exists(seats))
            .exclude(Exists(earlier))
            .filter(Exists(roles.filter(user=voter, role=Role.PANEL_MEMBER)))
            .annotate(is_tied=Subquery(declared.values("has_stake")[:1]))
            .filter(is_tied=False)
        )

    @property
    def declarations(self) -> models.QuerySet[Any]:
        """The declarations on which these votes depend."""
        return Declaration.objects.filter(evaluation=OuterRef(self.of_evaluation))

    def that_count(self, decided_at: datetime | None = None) -> list["Vote"]:
        """Return the newest vote of each member whose vote counts, in chronological order.

        It counts if the member's role and declaration hold when the decision is recorded: now, or at `decided_at`.
        """
        entitled = self.of_entitled_members(decided_at)
        if decided_at is None:
            entitled = entitled.filter(user__is_active=True)
        return newest_of_each(entitled.select_related("user").order_by("voted_at", "pk"))

    def without(self, counted: Iterable["Vote"]) -> list["Vote"]:
        """Return the newest vote of each member who has none among the counted votes."""
        others = self.exclude(user__in=[vote.user_id for vote in counted])
        return newest_of_each(others.select_related("user").order_by("voted_at", "pk"))


def newest_of_each(votes: Iterable["Vote"]) -> list["Vote"]:
    """Return the last vote of each member, from votes in chronological order."""
    newest = {vote.user_id: vote for vote in votes}
    return sorted(newest.values(), key=lambda vote: (vote.voted_at, vote.pk))


class Vote(models.Model):
    """A member's vote for an outcome, with reasons. Frozen; a member can vote again."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="votes")
    outcome = models.CharField(_("outcome"), max_length=40)
    words = models.TextField(_("why"))
    voted_at = models.DateTimeField(default=timezone.now)

    objects = VoteQuerySet.as_manager()

    class Meta:
        ordering = ["voted_at", "pk"]


class Comment(models.Model):
    """A member's comment for the other members, without a vote. Frozen."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="comments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(pgettext_lazy("noun", "comment"))
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["written_at", "pk"]


class Decision(models.Model):
    """The panel's decision and its reasons. Frozen: a correction is another decision with its own step."""

    class Kind(models.TextChoices):
        FIRST = "first", pgettext_lazy("kind of decision", "decision of the panel")
        FOLLOW_UP = "follow_up", pgettext_lazy("kind of decision", "decision after a follow-up visit")
        APPEAL = "appeal", pgettext_lazy("kind of decision", "decision on an appeal")
        CORRECTION = "correction", pgettext_lazy("kind of decision", "correction")
        CONDITIONS_MET = "met", pgettext_lazy("kind of decision", "outcome after all conditions were met")
        UNMET = "unmet", pgettext_lazy("kind of decision", "decision after a condition was not met")
        RESCORED = "rescored", pgettext_lazy("kind of decision", "decision after scoring again")

    BY_VOTE = (Kind.FIRST, Kind.FOLLOW_UP, Kind.UNMET, Kind.RESCORED)
    """The kinds on which the panel votes. Each has its own scorecard."""
    REVIEWS = (Kind.FOLLOW_UP, Kind.UNMET, Kind.RESCORED)
    """The kinds that review an accreditation, and never prolong it."""
    KEEPS_DAYS = (Kind.CORRECTION, Kind.CONDITIONS_MET)
    """The kinds that keep the days of the decision that they replace."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.PROTECT, related_name="decisions")
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.FIRST)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    outcome = models.CharField(_("decision"), max_length=40)
    reasons = models.TextField(_("reasons"))
    departs = models.BooleanField()
    """Whether it differs from the proposed outcome."""
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    valid_until = models.DateField(null=True)
    hand_in_by = models.DateField(null=True)
    """The deadline for what is missing, if the decision is deferred; otherwise None."""
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-decided_at", "-pk"]

    @property
    def is_by_a_counted_voter(self) -> bool:
        """Whether its author voted on its scorecard, and the vote counts."""
        return any(vote.user_id == self.decided_by_id for vote in self.scorecard.counted_votes)

    @property
    def voted(self) -> "Decision":
        """The last decision by vote when it was made: itself, or the decision that was contested or corrected."""
        if self.kind in self.BY_VOTE:
            return self
        earlier = Decision.objects.filter(evaluation=self.evaluation_id, decided_at__lte=self.decided_at)
        return earlier.filter(kind__in=self.BY_VOTE).select_related("scorecard").first() or self

    @property
    def heard_scorecard(self) -> Scorecard:
        """The scorecard that was sent to the panel with the hotline's response.

        `scorecard` may be a newer one, for a correction after scoring again, and for a decision on an appeal.
        """
        return self.voted.scorecard

    @property
    def corrected(self) -> "Decision":
        """The original decision of a chain of corrections and met conditions; itself if it begins a chain."""
        if self.kind in self.KEEPS_DAYS and self.replaces is not None:
            return self.replaces.corrected
        return self

    @property
    def followed_up(self) -> "Decision | None":
        """The decision whose accreditation this decision reviews, such as after a follow-up visit, or None.

        For an appeal against a decision after a follow-up visit, and for its correction, it is the same one.
        """
        earlier = self.replaces
        if earlier is None or self.kind == self.Kind.FIRST:
            return None
        if self.kind not in self.REVIEWS:
            return earlier.followed_up
        while earlier is not None and earlier.valid_until is None:  # that decision was a deferral
            earlier = earlier.replaces
        return earlier

    @property
    def counts_from(self) -> date:
        """The first day of its period: that of the decision that it corrects, or whose accreditation it reviews."""
        followed = self.followed_up
        return followed.counts_from if followed else self.corrected.decided_on

    def find_fulfilments(self) -> list[Fulfilment]:
        """Return what became of each of its conditions, by the due day. One query."""
        found = []
        for requirement in self.requirements.select_related("fulfilment"):
            requirement.decision = self
            if (fulfilment := getattr(requirement, "fulfilment", None)) is not None:
                fulfilment.requirement = requirement
                found.append(fulfilment)
        return sorted(found, key=lambda one: (one.due_on, one.pk))

    @cached_property
    def public_conditions(self) -> list[PublicCondition]:
        """The conditions as the public sees them; of an outcome after met conditions, those of the former one. Cached.

        Evidence and its check are not public. A condition that a correction has taken over is open here until the
        correction is published.
        """
        source = self.replaces if self.kind == self.Kind.CONDITIONS_MET and self.replaces is not None else self
        if not self.evaluation.framework.rule.sets_conditions(source.outcome):
            return []
        found = []
        for requirement in source.requirements.select_related("fulfilment"):
            fulfilment = getattr(requirement, "fulfilment", None)
            state = fulfilment.state if fulfilment else ""
            due_on = fulfilment.due_on if fulfilment else requirement.due_on
            found.append(PublicCondition(requirement.text, requirement.code, due_on, state))
        return sorted(found, key=lambda one: one.due_on)

    @property
    def last_day_to_appeal(self) -> date:
        """The last day, in the round's time zone, on which the hotline may contest the decision."""
        return self.decided_on + timedelta(days=self.evaluation.framework.procedure.appeal_days)

    @property
    def midterm_day(self) -> date | None:
        """The day from which the mid-term check is due; None if the accreditation ends by then, or there is none."""
        day = self.counts_from + relativedelta(months=self.evaluation.framework.procedure.midterm_months)
        return day if self.valid_until is not None and day < self.valid_until else None

    @property
    def reminder_day(self) -> date:
        """The day on which the reminder of the end of the accreditation is sent."""
        day: date = self.valid_until - relativedelta(months=self.evaluation.framework.procedure.reminder_months)
        return day


def link_replaced(decisions: Iterable[Decision]) -> dict[int, Decision]:
    """Return the decisions by key, and set `replaces` of each to the instance among them.

    Reading the periods of linked decisions makes no query then.
    """
    found = {decision.pk: decision for decision in decisions}
    for decision in found.values():
        if decision.replaces_id in found:
            decision.replaces = found[decision.replaces_id]
    return found


class Requirement(models.Model):
    """A requirement of an accreditation with conditions, with its deadline. Created with the decision, and frozen."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="requirements")
    text = models.TextField(_("condition"))
    due_on = models.DateField(_("by"))
    code = models.CharField(_("indicator"), max_length=12, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
