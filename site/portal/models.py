"""The portal's own models: the home page that MCE edits, letters, and the state of background jobs."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from portal.agendas.models import AgendaTemplatePage
from portal.approval.models import IndependentApprovalTask
from portal.handbook.models import CountryPage, HandbookPage, ProcedurePage, TermPage
from portal.handbook.practice import GoodPracticePage
from portal.presentation.register import count_statuses, read_register
from portal.sheets.models import SheetTemplatePage
from standards.presentation.sentences import Passage

__all__ = [
    "AgendaTemplatePage",
    "CalendarRun",
    "CountryPage",
    "GoodPracticePage",
    "HandbookPage",
    "HomePage",
    "IndependentApprovalTask",
    "Letter",
    "LinkCheck",
    "MissingFile",
    "PasswordReset",
    "ProcedurePage",
    "RunningWorker",
    "SheetTemplatePage",
    "TermPage",
]


class HomePage(Page):
    """The front page: the purpose of the network, and links to the register and the Guide."""

    intro = RichTextField(
        _("introduction"),
        blank=True,
        features=["bold", "link", "ul"],
        help_text=_("Two or three short paragraphs, shown under the title."),
    )

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    template = "pages/home.html"
    max_count = 1

    class Meta:
        verbose_name = _("home page")

    @property
    def title_passage(self) -> Passage:
        """The title with its language, which may be another than that of the interface."""
        return Passage(self.title, self.locale.language_code)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context(request, *args, **kwargs),
            "counts": count_statuses(read_register()),
        }


class PasswordReset(models.Model):
    """The nonce that makes the newest reset link valid and all earlier ones invalid."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    nonce = models.UUIDField(default=uuid.uuid4)


class Letter(models.Model):
    """A letter to be sent: written in the transaction of its step, sent by the worker.

    The text of a sent letter is deleted, as it may contain a key. In the demonstration nothing is sent and no text is
    deleted.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="letters", verbose_name=_("to")
    )
    to_address = models.EmailField(_("address"))
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    failure = models.CharField(_("what went wrong"), max_length=100, blank=True)
    """The class of the last error. Its message may contain an address."""

    class Meta:
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["-written_at"], name="letters_newest_first")]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return f"{self.subject} ({self.uid})"


class RunningWorker(models.Model):
    """A worker that runs tasks, and its last heartbeat."""

    name = models.CharField(max_length=32, primary_key=True)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name


class CalendarRun(models.Model):
    """When the calendar last ran: one row."""

    at = models.DateTimeField()
    seal_lines = models.PositiveIntegerField(default=0)
    """The number of lines of the seal file after this run, to detect that its end was cut off."""

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class MissingFile(models.Model):
    """A stored file that could not be read when somebody asked for it. Deleted when it can be read again."""

    name = models.CharField(max_length=200, unique=True)
    field = models.CharField(max_length=100)
    """The field that names it, as `app.Model.field`."""
    address = models.CharField(max_length=300)
    """The path of the page from which it is downloaded."""
    asked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class LinkCheck(models.Model):
    """The result of the last check of an address of another site that texts of the CMS contain."""

    class Outcome(models.TextChoices):
        ALIVE = "alive", _("answers as it should")
        CLOSED = "closed", _("is there, and does not answer a program")
        GONE = "gone", _("is not there any more")
        BROKEN = "broken", _("answers with an error")
        UNREACHABLE = "unreachable", _("cannot be reached")
        SLOW = "slow", _("did not answer in time")
        PRIVATE = "private", _("is not a public address")
        ENDLESS = "endless", _("leads from one address to the next")

    LONGEST = 2000
    """In characters, all of ASCII. An index of PostgreSQL cannot hold more."""

    address = models.CharField(max_length=LONGEST, unique=True)
    asked_at = models.DateTimeField()
    is_waiting = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    status = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        return self.address

    @property
    def is_dead(self) -> bool:
        """Whether readers do not reach the content of the address."""
        return bool(self.outcome) and self.outcome not in (self.Outcome.ALIVE, self.Outcome.CLOSED)
