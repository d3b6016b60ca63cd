"""Printed reports, frozen with their digests, the Guide as PDF, and the background jobs that print them."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def private_storage() -> Storage:
    return storages["private"]


def issue_path(issue: "Issue", _name: str) -> str:
    return f"reports/{issue.uid}.pdf"


class Issue(models.Model):
    """One printed report: the document it was composed from and the PDF, each with its digest. Frozen.

    `extent` is empty for the report of the hotline and the panel, which never becomes public. Otherwise it is a version
    for the public, `summary` or `whole`, which names nobody of the hotline.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey("evaluation.Decision", on_delete=models.PROTECT, related_name="issues")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    extent = models.CharField(max_length=10, blank=True, default="")
    document = models.TextField()
    """The composed document as canonical JSON."""
    document_sha256 = models.CharField(max_length=64)
    pdf = models.FileField(storage=private_storage, upload_to=issue_path, max_length=200)
    pdf_sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    printed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-printed_at"]
        constraints = [models.UniqueConstraint(fields=["decision", "language", "number"], name="one_issue_a_number")]

    def __str__(self) -> str:
        return f"{self.uid}"


LOST_AFTER = timedelta(minutes=3)
"""The time without progress after which a printing counts as lost with its worker."""
LATE_AFTER = timedelta(minutes=1)
"""The time that a printing may wait for a worker before its page reports that none may be running."""


class PrintState(models.TextChoices):
    """The stages of printing a document."""

    WAITING = "waiting", _("waiting for the printer")
    COMPOSING = "composing", _("putting the report together")
    DRAWING = "drawing", _("drawing the charts")
    SETTING = "setting", _("setting the pages")
    DONE = "done", _("printed")
    FAILED = "failed", _("not printed")


class PrintJob(models.Model):
    """A document that the worker prints: its stage, or the reason of its failure."""

    State = PrintState

    lost_after = LOST_AFTER

    state = models.CharField(max_length=10, choices=PrintState.choices, default=PrintState.WAITING)
    failure = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    @property
    def is_running(self) -> bool:
        return self.state not in (self.State.DONE, self.State.FAILED)

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_late(self) -> bool:
        return self.is_waiting and self.changed_at < timezone.now() - LATE_AFTER

    @property
    def is_lost(self) -> bool:
        return self.is_running and not self.is_waiting and self.changed_at < timezone.now() - self.lost_after

    def report_stage(self, stage: str) -> None:
        self.state = stage
        self.save(update_fields=["state", "changed_at"])

    def fail(self, code: str) -> None:
        """Mark the printing as failed. `code` is the reason."""
        self.state, self.failure = self.State.FAILED, code
        self.save(update_fields=["state", "failure", "changed_at"])


class Printing(PrintJob):
    """A report that the worker prints: its stage and its result."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey("evaluation.Decision", on_delete=models.CASCADE, related_name="printings")
    language = models.CharField(max_length=10)
    extent = models.CharField(max_length=10, blank=True, default="")
    issue = models.ForeignKey(Issue, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-asked_at"]


FAILED_FOR = timedelta(hours=1)
"""The time after a failure within which a reader's request does not start another attempt."""


class PrintedFile(PrintJob):
    """A page that the worker prints and stores as a PDF, in the field `pdf` of the subclass.

    `html_sha256` is the digest of the printed page, by which a changed layout is detected.
    """

    lost_after = timedelta(minutes=12)
    """More than the timeout of printing a page, `reports.pdf.GUIDE_SECONDS`."""

    html_sha256 = models.CharField(max_length=64, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def try_again_at(self) -> datetime:
        """The time from which a failed printing may be requested again."""
        return self.changed_at + FAILED_FOR

    @property
    def may_be_retried(self) -> bool:
        """Whether it was lost with its worker, or failed longer than `FAILED_FOR` ago."""
        has_failed = self.state == self.State.FAILED and self.try_again_at < timezone.now()
        return self.is_lost or has_failed


class GuidePrinting(PrintedFile):
    """An edition of the Guide as PDF in one language. It is printed once, as a released wording never changes.

    A draft is printed on each request, with its text at that time.
    """

    wording = models.OneToOneField(
        "standards.EditionWording", on_delete=models.PROTECT, null=True, related_name="printing"
    )
    draft = models.OneToOneField("standards.EditionPage", on_delete=models.CASCADE, null=True, related_name="printing")
    pdf = models.FileField(storage=private_storage, upload_to="guide/", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wording__isnull=True) ^ models.Q(draft__isnull=True), name="of_a_wording_or_a_draft"
            )
        ]


class AnswersPrinting(PrintedFile):
    """The answers of a submission as PDF in one language. It is printed once, as a frozen copy never changes."""

    submission = models.ForeignKey("evaluation.Submission", on_delete=models.CASCADE, related_name="printings")
    language = models.CharField(max_length=10)
    pdf = models.FileField(storage=private_storage, upload_to="answers/", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "language"], name="one_printing_of_answers_a_language")
        ]


class TextVersion(models.Model):
    """A version of an editable text in one language. Rows are only added; the one with the highest number counts.

    Without forms, the text is the default again. A row without a number was set aside, as somebody else had saved a
    version in the meantime. `against` holds the forms of the source language at that time; in a row of the source
    language, the default forms.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=100)
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField(null=True)
    forms = models.JSONField(default=list)
    against = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["key", "language", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.key} {self.language} {self.number or '–'}"
