"""Judgements of an indicator: the hotline's answer and the assessor's finding. Every version is stored."""

import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _


class Judgement(models.Model):
    """One indicator of one evaluation. Its row exists from the start; version 0 means no judgement yet.

    A row at version 0 may hold a judgement carried over from the last evaluation, which nobody has reviewed.

    `evaluation.assessment.judgements.save_row` is the only writer; a trigger copies every version into the history
    table.
    """

    code = models.CharField(_("indicator"), max_length=12)
    level = models.SmallIntegerField(_("level"), null=True)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4, null=True)
    not_applicable = models.BooleanField(_("not applicable"), default=False)
    words = models.TextField(_("in your words"), blank=True)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)
    save_uid = models.UUIDField(null=True)
    """Made by the browser for each save, so that the same save sent twice is kept once."""

    class Meta:
        abstract = True

    @property
    def is_given(self) -> bool:
        """Whether there is a level, a value, or “not applicable”."""
        return self.version > 0 and self.says_something

    @property
    def is_carried(self) -> bool:
        """Whether it was carried over from the last evaluation and does not count until it is reviewed."""
        return self.version == 0 and self.says_something

    @property
    def says_something(self) -> bool:
        return self.not_applicable or self.level is not None or self.value is not None


class JudgementVersion(models.Model):
    """One version of a judgement, written by a database trigger."""

    evaluation_id = models.BigIntegerField()
    code = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    level = models.SmallIntegerField(null=True)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    not_applicable = models.BooleanField()
    words = models.TextField()
    good_practice = models.BooleanField(default=False, db_default=False)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(null=True)
    save_uid = models.UUIDField(null=True)

    class Meta:
        abstract = True


class Answer(Judgement):
    """The hotline's judgement of itself."""

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="answers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "code"], name="one_answer_an_indicator")]


class AnswerVersion(JudgementVersion):
    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation_id", "code", "version"], name="one_answer_a_version")
        ]


class Finding(Judgement):
    """The assessors' judgement: a separate row, never a correction of the answer."""

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="findings")
    good_practice = models.BooleanField(_("good practice"), default=False)
    not_seen = models.BooleanField(_("could not be looked at"), default=False)
    """Its words say why. Where it needs eyes, it counts as missing."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "code"], name="one_finding_an_indicator")]

    @property
    def says_something(self) -> bool:
        return self.not_seen or super().says_something


class FindingVersion(JudgementVersion):
    not_seen = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation_id", "code", "version"], name="one_finding_a_version")
        ]


def private_storage() -> Storage:
    return storages["private"]


def evidence_path(document: "Document", _name: str) -> str:
    return f"evidence/{document.digest[:2]}/{document.digest}"


class Document(models.Model):
    """An uploaded file of a hotline, once per content; answers link to it. Stored privately, under its digest."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hotline = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, related_name="documents")
    digest = models.CharField(max_length=64)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = models.FileField(storage=private_storage, upload_to=evidence_path, max_length=200)
    ends_on = models.DateField(_("in force until"), null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "digest"], name="one_document_a_content")]

    def __str__(self) -> str:
        return self.name


class Evidence(models.Model):
    """The evidence of an answer: a document of the hotline, or a web address."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="evidence")
    code = models.CharField(_("indicator"), max_length=12)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="links")
    address = models.URLField(_("address"), max_length=500, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                name="evidence_is_a_document_or_an_address",
                condition=(models.Q(document__isnull=False, address="") | models.Q(document__isnull=True))
                & ~models.Q(document__isnull=True, address=""),
            ),
            models.UniqueConstraint(
                fields=["evaluation", "code", "document", "address"], name="one_link_to_one_evidence"
            ),
        ]
        indexes = [models.Index(fields=["evaluation", "code"], name="evidence_of_an_answer")]
