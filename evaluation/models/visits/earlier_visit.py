"""An earlier visit of an evaluation, which was held, or begun and cancelled, before the visit was planned again."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from evaluation.models.visits.visit import Visit


class EarlierVisit(models.Model):
    """The days and the team of a visit, stored when it is planned again, or cancelled after it began. Frozen.

    Its team members have assessed the hotline, and cannot decide on it after a later visit either.
    """

    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.PROTECT, related_name="earlier_visits")
    starts_on = models.DateField()
    ends_on = models.DateField()
    mode = models.CharField(max_length=10, choices=Visit.Mode.choices)
    only_codes = models.JSONField(default=list)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="earlier_visits")
    """All members, including the lead."""
    kept_at = models.DateTimeField(default=timezone.now)
    """When the visit was planned again or cancelled."""

    class Meta:
        ordering = ["-kept_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.evaluation}: {self.starts_on} to {self.ends_on}"
