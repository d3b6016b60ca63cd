"""A consultation: invited hotlines and assessors comment on a draft edition, and MCE answers their comments."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.discussions.comment import CommentVersionBase, VersionedComment
from evaluation.models.people.permissions import may
from evaluation.models.people.roles import HOTLINE_ROLES, Role
from evaluation.models.reasons import Condition, Reason
from evaluation.models.rounds import ZonedDates
from evaluation.models.states import StateField, Stateful, transition

if TYPE_CHECKING:
    from evaluation.models.people.user import User


@Condition
def the_consultation_begins(consultation: "Consultation") -> Iterator[Reason]:
    """The opening day has come and the last day has not passed, in the consultation's time zone."""
    if consultation.today < consultation.opens_on:
        yield Reason("consultation_opens_later", day=consultation.opens_on)
    yield from the_last_day_is_to_come.reasons(consultation)


@Condition
def the_last_day_is_to_come(consultation: "Consultation") -> Iterator[Reason]:
    """The last day of the consultation has not passed in its time zone."""
    if consultation.today > consultation.closes_on:
        yield Reason("consultation_is_over", day=consultation.closes_on)


@Condition
def somebody_is_invited(consultation: "Consultation") -> Iterator[Reason]:
    """At least one hotline or assessor is invited."""
    if not (consultation.hotlines.exists() or consultation.assessors.exists()):
        yield Reason("nobody_invited")


@Condition
def the_edition_is_a_draft(consultation: "Consultation") -> Iterator[Reason]:
    """The pages of the edition exist, and it is not released."""
    if consultation.page is None or consultation.page.why_frozen():
        yield Reason("edition_is_no_draft", names=(consultation.edition_code,))


class Urgency(models.IntegerChoices):
    """How urgently an indicator must be changed, in the opinion of one user."""

    CAN_WAIT = 1, _("can wait")
    THIS_EDITION = 2, _("change it in this edition")
    BEFORE_RELEASE = 3, _("must not be released so")


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def ended_by_release(self, edition_code: str) -> "ConsultationQuerySet":
        """Return the consultations that the release of an edition ends: prepared or open ones on its draft.

        The code of a draft can change after a consultation was prepared, so its pages count, if they still exist.
        """
        on_its_draft = Q(page__code=edition_code) | Q(page=None, edition_code=edition_code)
        return self.filter(on_its_draft).exclude(state=Consultation.State.CLOSED).order_by("name")


class Consultation(ZonedDates, Stateful):
    """One consultation on a draft edition."""

    kind = "consultation"

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("consultation", "being prepared")
        OPEN = "open", pgettext_lazy("consultation", "open")
        CLOSED = "closed", pgettext_lazy("consultation", "closed")

    name = models.CharField(_("name"), max_length=120, unique=True)
    page = models.ForeignKey(
        "standards.EditionPage",
        on_delete=models.SET_NULL,
        null=True,
        related_name="consultations",
        verbose_name=_("draft edition"),
    )
    """The draft in its source language; None if its pages were deleted since."""
    edition_code = models.CharField(_("edition"), max_length=20)
    state = StateField(_("state"), default=State.DRAFT, choices=State.choices)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("open until"))
    hotlines = models.ManyToManyField("evaluation.Hotline", blank=True, related_name="consultations")
    assessors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="consultations")

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "name"]
        verbose_name = _("consultation")

    def __str__(self) -> str:
        return self.name

    @property
    def closing_day(self) -> date:
        return self.closes_on

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def takes_comments(self) -> bool:
        """Whether comments can be saved: it is open and its last day has not passed, even if it is not closed yet."""
        return self.is_open and self.today <= self.closes_on

    def hotlines_of(self, user: "User") -> list[int]:
        """Return the keys of a user's invited hotlines, by name. The user comments for the first one."""
        theirs = user.hotlines_as(*HOTLINE_ROLES)
        return [hotline.pk for hotline in self.hotlines.all() if hotline.pk in theirs]

    def invites(self, user: "User") -> bool:
        """Whether a user can read and comment: as a member of an invited hotline, or as an invited assessor."""
        if self.is_draft:
            return False
        is_assessor = user.has_role(Role.ASSESSOR) and any(one.pk == user.pk for one in self.assessors.all())
        return is_assessor or bool(self.hotlines_of(user))

    @transition(
        state,
        State.DRAFT,
        State.OPEN,
        conditions=[the_consultation_begins, somebody_is_invited, the_edition_is_a_draft],
        permission=may("consultation.run"),
        custom={"by_system": True},
    )
    def open(self) -> None:
        """Open the consultation: a copy of the draft is stored, and a letter is sent to the invited users."""
        self.opens_on = self.today

    @transition(
        state,
        State.DRAFT,
        State.DRAFT,
        permission=may("consultation.run"),
        custom={"by_system": True, "needs_note": True},
    )
    def discard(self) -> None:
        """Discard a consultation that has not opened. The release of its edition does so, too."""

    @transition(
        state,
        State.OPEN,
        State.OPEN,
        conditions=[the_last_day_is_to_come],
        permission=may("consultation.run"),
        custom={"by_form": True},
    )
    def extend(self) -> None:
        """Move the last day, and invite more hotlines and assessors."""

    @transition(state, State.OPEN, State.CLOSED, permission=may("consultation.run"), custom={"by_system": True})
    def close(self) -> None:
        """Close the consultation: no more comments are accepted, and the invited users can read all of them."""
        self.closes_on = min(self.closes_on, self.today)


class ConsultationText(models.Model):
    """The copy of the draft from when the consultation opened. Frozen, so that comments refer to an unchanged text."""

    consultation = models.OneToOneField(Consultation, on_delete=models.PROTECT, related_name="text")
    content = models.JSONField()
    """In the format of `evaluation.consultation.draft_text`."""
    copied_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("text of a consultation")


class ConsultationCommentQuerySet(models.QuerySet["ConsultationComment"]):
    def given(self) -> "ConsultationCommentQuerySet":
        """Return the comments with words or a vote. A comment that was emptied keeps its row."""
        return self.exclude(words="", urgency=None)

    def worded(self) -> "ConsultationCommentQuerySet":
        return self.exclude(words="")

    def unresolved(self) -> "ConsultationCommentQuerySet":
        """Return the comments with words whose current version has no answer."""
        return self.filter(UNRESOLVED)


UNRESOLVED = ~Q(words="") & (Q(answer=None) | ~Q(answer__comment_version=F("version")))


class ConsultationComment(VersionedComment):
    """The comment of one user on one indicator: words, a vote on its urgency, or both.

    Only its author can change it. `evaluation.consultation.comments.save_comment` is the only writer, and stores every
    version.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consultation_comments")
    hotline = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, null=True, related_name="+")
    """The hotline for which the user wrote the current version; None for an assessor."""
    key = models.CharField(max_length=32)
    """The permanent key of the indicator."""
    code = models.CharField(_("indicator"), max_length=12)
    """Its code in the text of the consultation."""
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency.choices, null=True)

    objects = ConsultationCommentQuerySet.as_manager()

    class Meta:
        ordering = ["code", "at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "by", "key"], name="one_comment_a_person_and_indicator"),
            models.CheckConstraint(
                condition=Q(urgency=None) | Q(urgency__in=Urgency.values), name="urgency_is_one_of_three"
            ),
        ]
        indexes = [models.Index(fields=["consultation", "key"], name="comments_of_an_indicator")]

    @property
    def is_given(self) -> bool:
        """Whether it has words or a vote, as in `given`."""
        return bool(self.words or self.urgency)

    @property
    def is_unresolved(self) -> bool:
        return bool(self.words) and self.present_answer is None

    @property
    def present_answer(self) -> "CommentAnswer | None":
        """The answer to the current version, or None."""
        answer = self.any_answer
        return answer if answer and answer.comment_version == self.version else None

    @property
    def any_answer(self) -> "CommentAnswer | None":
        """The answer to any version, or None."""
        return getattr(self, "answer", None)


class CommentVersion(CommentVersionBase):
    comment = models.ForeignKey(ConsultationComment, on_delete=models.PROTECT, related_name="versions")
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, null=True)

    class Meta(CommentVersionBase.Meta):
        constraints = [models.UniqueConstraint(fields=["comment", "version"], name="one_comment_a_version")]


class CommentAnswer(models.Model):
    """The answer of Missing Children Europe to a comment, and the resolution."""

    class Resolution(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("comment", "accepted")
        REJECTED = "rejected", pgettext_lazy("comment", "rejected")
        NOTED = "noted", pgettext_lazy("comment", "noted")

    comment = models.OneToOneField(ConsultationComment, on_delete=models.PROTECT, related_name="answer")
    comment_version = models.PositiveIntegerField()
    """The version of the comment that is answered."""
    resolution = models.CharField(_("what becomes of it"), max_length=10, choices=Resolution.choices)
    words = models.TextField(_("answer"), blank=True)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(resolution="rejected") | ~Q(words=""), name="a_rejected_comment_has_a_reason"
            )
        ]


def counts_of() -> dict[str, Count]:
    """Return aggregates of comments: the numbers with words and unresolved, and the votes for each urgency."""
    return {
        "worded": Count("pk", filter=~Q(words="")),
        "unresolved": Count("pk", filter=UNRESOLVED),
        **{f"votes_{urgency.value}": Count("pk", filter=Q(urgency=urgency)) for urgency in Urgency},
    }
