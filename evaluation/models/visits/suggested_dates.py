"""The days that the two sides suggest for a study visit."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.models.visits.visit import Visit


class SuggestedDates(models.Model):
    """Days that one side suggests for a visit. `evaluation.visits.dates` is the only writer."""

    class Side(models.TextChoices):
        HOTLINE = "hotline", _("the hotline")
        TEAM = "team", _("the team and Missing Children Europe")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="suggested_dates")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    side = models.CharField(max_length=10, choices=Side.choices)
    words = models.TextField(_("what the other side should know"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    is_open = models.BooleanField(default=True)
    """Whether they can be accepted: until days are agreed, they are withdrawn, or the visit is cancelled."""

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="suggested_dates_end_after_they_start", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
            models.UniqueConstraint(
                fields=["visit", "starts_on", "ends_on", "side"],
                condition=models.Q(is_open=True),
                name="dates_are_suggested_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit}: {self.starts_on} to {self.ends_on}"
