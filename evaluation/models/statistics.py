"""Figures from the CRM: aggregates only, each with its file, period and definition. No person, no case, ever."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from evaluation.models.states import Stateful
from evaluation.rules import may


class StatisticsImport(Stateful):
    """One file of a hotline, read and checked as a whole. Its figures count once the hotline confirms them."""

    kind = "statistics"

    class State(models.TextChoices):
        READ = "read", _("read, waiting for the hotline")
        CONFIRMED = "confirmed", _("confirmed by the hotline")
        SUPERSEDED = "superseded", _("superseded by a later file")

    hotline = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, related_name="statistics")
    state = FSMField(_("state"), default=State.READ, choices=State.choices, protected=True)
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("until"))
    definitions = models.CharField(_("definitions"), max_length=20)
    completeness = models.CharField(_("completeness"), max_length=20)
    source_system = models.CharField(_("source system"), max_length=20)
    file_name = models.CharField(_("file"), max_length=200)
    file_digest = models.CharField(max_length=64)
    warnings = models.JSONField(default=list)
    """Codes and parameters of what the checks noticed, never a cell of the file."""
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-period_end", "-uploaded_at"]
        constraints = [
            models.UniqueConstraint(fields=["hotline", "file_digest"], name="one_import_a_file"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @transition(state, State.READ, State.CONFIRMED, permission=may("statistics.confirm"))
    def confirm(self):
        """Confirm the figures: from now on they count."""

    @transition(
        state,
        [State.READ, State.CONFIRMED],
        State.SUPERSEDED,
        permission=may("statistics.confirm"),
        custom={"by_itself": True},
    )
    def supersede(self):
        """Put a later file for the same period in its place."""


class Figure(models.Model):
    """One number of one file. `value` empty means not recorded, which is never zero."""

    statistics = models.ForeignKey(StatisticsImport, on_delete=models.CASCADE, related_name="figures")
    item = models.CharField(max_length=3)
    dim1 = models.CharField(max_length=20, blank=True)
    dim1_value = models.CharField(max_length=40, blank=True)
    dim2 = models.CharField(max_length=20, blank=True)
    dim2_value = models.CharField(max_length=40, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    quality = models.CharField(max_length=12)

    class Meta:
        ordering = ["item", "dim1_value", "dim2_value"]
        constraints = [
            models.UniqueConstraint(
                fields=["statistics", "item", "dim1_value", "dim2_value"], name="one_figure_for_one_cell"
            )
        ]
