"""Good practice for the public library: its public text, the hotline's consent, thanks and questions."""

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.people.permissions import may
from evaluation.models.reasons import Condition, Reason
from evaluation.models.states import StateField, Stateful, transition
from standards.framework import canonical, digest

if TYPE_CHECKING:
    from evaluation.models.evaluation import Evaluation
    from evaluation.models.hotlines import Hotline


@Condition
def the_note_is_published_good_practice(practice: "GoodPractice") -> Iterator[Reason]:
    """The finding is still marked as good practice, and a decision on its evaluation is published."""
    if not practice.finding.good_practice:
        yield Reason("no_good_practice")
    if not practice.evaluation.decisions.filter(publication__isnull=False).exists():
        yield Reason("outcome_not_published")


@Condition
def the_practice_has_a_text(practice: "GoodPractice") -> Iterator[Reason]:
    """The title, the summary and the text are not blank."""
    if not all(getattr(practice, name).strip() for name in practice.TEXTS):
        yield Reason("practice_incomplete")


@Condition
def the_consent_is_to_this_text(practice: "GoodPractice") -> Iterator[Reason]:
    """The newest consent is to the current text."""
    consent = practice.last_consent
    if consent is None or consent.sha256 != practice.digest:
        yield Reason("text_changed")


class GoodPractice(Stateful):
    """A good practice of one hotline, based on a finding of its assessors.

    The text is public only while the hotline consents to exactly this text. `evaluation.practices` writes
    it; the portal's handbook shows it.
    """

    kind = "good_practice"

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("good practice", "being written")
        ASKED = "asked", pgettext_lazy("good practice", "consent asked")
        CONSENTED = "consented", pgettext_lazy("good practice", "consented")
        REFUSED = "refused", pgettext_lazy("good practice", "refused")
        PUBLISHED = "published", pgettext_lazy("good practice", "published")
        WITHDRAWN = "withdrawn", pgettext_lazy("good practice", "consent withdrawn")

    LONGEST_TITLE = 120
    TEXTS = ("title", "summary", "text")
    """The public fields, in the order of the form."""

    finding = models.OneToOneField("evaluation.Finding", on_delete=models.PROTECT, related_name="practice")
    key = models.CharField(max_length=32)
    """The permanent key of its indicator."""
    state = StateField(_("state"), default=State.PROPOSED, choices=State.choices)
    title = models.CharField(
        _("title"), max_length=LONGEST_TITLE, help_text=_("What the hotline does, in a few words.")
    )
    summary = models.CharField(
        _("summary"), max_length=300, help_text=_("One or two sentences, for lists and search results.")
    )
    text = models.TextField(
        _("text"),
        max_length=6000,
        help_text=_(
            "How it is done, so that another hotline can do it too. Everybody can read this: no names of persons, no "
            "case that somebody could recognise, no internal numbers."
        ),
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("good practice")
        indexes = [models.Index(fields=["state", "key"], name="practices_by_state_and_key")]

    def __str__(self) -> str:
        return self.title

    def of_evaluation(self) -> "Evaluation":
        return self.finding.evaluation

    @property
    def evaluation(self) -> "Evaluation":
        return self.finding.evaluation

    @property
    def hotline(self) -> "Hotline":
        return self.finding.evaluation.hotline

    @property
    def is_shared(self) -> bool:
        """Whether users of every hotline may read it."""
        return self.state == self.State.PUBLISHED

    @property
    def content(self) -> dict[str, Any]:
        """The public content, in the order of the page."""
        return {
            "hotline": self.hotline.code,
            "indicator": self.key,
            **{name: "\n".join(getattr(self, name).splitlines()) for name in self.TEXTS},
        }

    @property
    def digest(self) -> str:
        """The digest of the public content. A consent refers to one digest."""
        return digest(canonical(self.content))

    @property
    def last_consent(self) -> "PracticeConsent | None":
        """The newest consent, to any version of the text, or None. Uses prefetched consents."""
        return max(self.consents.all(), key=lambda consent: consent.pk, default=None)

    @transition(
        state,
        (State.PROPOSED, State.ASKED, State.CONSENTED, State.REFUSED, State.WITHDRAWN),
        State.PROPOSED,
        permission=may("practice.write"),
        custom={"by_form": True},
    )
    def revise(self) -> None:
        """Change the text. The hotline must consent again, whatever it consented to before."""

    @transition(
        state,
        State.PROPOSED,
        State.ASKED,
        conditions=[the_note_is_published_good_practice, the_practice_has_a_text],
        permission=may("practice.write"),
    )
    def ask(self) -> None:
        """Ask the hotline for its consent to the current text."""

    @transition(state, State.ASKED, State.CONSENTED, permission=may("practice.consent"), custom={"by_form": True})
    def consent(self) -> None:
        """Consent to the text: the coordinator has read and signs it."""

    @transition(state, State.ASKED, State.REFUSED, permission=may("practice.consent"), custom={"needs_note": True})
    def refuse(self) -> None:
        """Refuse the consent, with what would have to change."""

    @transition(
        state,
        State.CONSENTED,
        State.PUBLISHED,
        conditions=[the_consent_is_to_this_text],
        permission=may("practice.publish"),
    )
    def publish(self) -> None:
        """Publish the good practice in the library."""

    @transition(
        state, State.PUBLISHED, State.CONSENTED, permission=may("practice.publish"), custom={"needs_note": True}
    )
    def take_down(self) -> None:
        """Remove the good practice from the library. The consent is kept."""

    @transition(state, (State.CONSENTED, State.PUBLISHED), State.WITHDRAWN, permission=may("practice.consent"))
    def withdraw(self) -> None:
        """Withdraw the consent: the good practice is no longer public, in any language."""


class PracticeConsent(models.Model):
    """A signed consent: the text that the coordinator read, and its digest. Frozen by triggers."""

    practice = models.ForeignKey(GoodPractice, on_delete=models.PROTECT, related_name="consents")
    step = models.OneToOneField("evaluation.Step", on_delete=models.PROTECT, related_name="practice_consent")
    """The step of the consent, which seals the user."""
    content = models.JSONField()
    """The value of `GoodPractice.content` at that time."""
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]


class PracticeThanks(models.Model):
    """The thanks of one user, counted once per user. They can be withdrawn."""

    practice = models.ForeignKey(GoodPractice, on_delete=models.CASCADE, related_name="thanks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "by"], name="one_thanks_a_person")]


class PracticeQuestion(models.Model):
    """A question of a user of another hotline, and its answer. Only signed-in users can read them."""

    LONGEST = 2000

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(GoodPractice, on_delete=models.CASCADE, related_name="questions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    hotline = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, related_name="+")
    """The hotline for which the user asks."""
    words = models.TextField(_("question"), max_length=LONGEST)
    at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("answer"), max_length=LONGEST, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    """The user who hid it from other hotlines; None while it is shown."""

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="an_answer_has_its_author_and_time",
            )
        ]
