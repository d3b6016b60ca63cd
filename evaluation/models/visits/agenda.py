"""The agenda of a study visit, in versions."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.models.visits.visit import Visit


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
    planned_for = models.DateField(null=True)
    """The first day of the visit when it was saved: after a move it is an agenda for other days."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    """When a letter with it went to the hotline and the team."""

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["visit", "version"], name="one_agenda_a_version")]

    def __str__(self) -> str:
        return f"{self.visit}, {self.version}"
