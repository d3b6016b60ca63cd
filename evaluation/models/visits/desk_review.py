"""The desk review of a visit: the assessors' marks on the answers, and their questions with the hotline's answers."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from evaluation.models.evaluation import Evaluation


class DeskMark(models.Model):
    """The mark of one assessor on one indicator. `evaluation.visits.desk_review` is the only writer."""

    class Kind(models.TextChoices):
        AGREE = "agree", pgettext_lazy("mark", "agree")
        ASK = "ask", pgettext_lazy("mark", "ask")
        SEE = "see", pgettext_lazy("mark", "see on site")

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="desk_marks")
    code = models.CharField(_("indicator"), max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("mark"), max_length=10, choices=Kind.choices)
    words = models.TextField(_("note for the team"), blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "code", "by"], name="one_desk_mark_an_indicator_and_person")
        ]


class DeskQuestion(models.Model):
    """A question of an assessor to the hotline, and its answer. `evaluation.visits.desk_review` is the only writer.

    The question can be changed until it is sent, the answer until the visit begins.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="desk_questions")
    code = models.CharField(_("indicator"), max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("question"))
    asked_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    """When it was sent to the hotline; None while it is a draft."""
    answer = models.TextField(_("answer"), blank=True)
    version = models.PositiveIntegerField(default=0)
    """The version of the answer; 0 if there is none."""
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "code", "by"], name="one_desk_question_an_indicator_and_person"
            ),
            models.CheckConstraint(
                name="only_what_was_sent_is_answered", condition=Q(version=0) | Q(sent_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def of_evaluation(self) -> "Evaluation":
        return self.evaluation

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def is_answered(self) -> bool:
        return self.version > 0

    @property
    def is_awaited(self) -> bool:
        """Whether it was sent and is not answered."""
        return self.is_sent and not self.is_answered


class DeskProof(models.Model):
    """A proof of the hotline's answer to a question: a document or a web address."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question = models.ForeignKey(DeskQuestion, on_delete=models.CASCADE, related_name="proofs")
    document = models.ForeignKey(
        "evaluation.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="desk_proofs"
    )
    address = models.URLField(_("address"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_desk_proof_is_a_document_or_an_address",
                condition=Q(document__isnull=False, address="") | (Q(document__isnull=True) & ~Q(address="")),
            ),
            models.UniqueConstraint(
                fields=["question", "document"], condition=Q(document__isnull=False), name="one_desk_proof_a_document"
            ),
            models.UniqueConstraint(
                fields=["question", "address"], condition=~Q(address=""), name="one_desk_proof_an_address"
            ),
        ]

    def __str__(self) -> str:
        return str(self.document or self.address)
