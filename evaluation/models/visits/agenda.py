"""The agenda of a study visit, in versions."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.models.visits.visit import Visit


class Agenda(models.Model):
    """A version of the agenda of a visit, from 1. `evaluation.visits.agendas` is the only writer.

    Only `sent_at` of a row is changed, once; from then on the row is frozen by triggers of the database. The agenda is
    a copy of its template: later changes of the template do not change it.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="agendas")
    version = models.PositiveIntegerField()
    sessions = models.JSONField(_("sessions"), default=list)
    """The results of `evaluation.visits.agendas.Session.write`, in order."""
    language = models.CharField(_("language"), max_length=10)
    template_name = models.CharField(_("template"), max_length=255)
    template_published_at = models.DateTimeField(null=True)
    """When that version of the template was published; None for a template that is shipped with the software."""
    planned_for = models.DateField(null=True)
    """The first day of the visit when the agenda was saved. If it differs from the visit's, the visit was moved."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    """When it was sent to the hotline and the team by letter."""

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["visit", "version"], name="one_agenda_a_version")]

    def __str__(self) -> str:
        return f"{self.visit}, {self.version}"
