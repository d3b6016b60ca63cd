"""The team of a study visit, and the addresses with which people read their visits in a calendar."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.models.visits.visit import Visit


class TeamMember(models.Model):
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visit_seats")
    is_lead = models.BooleanField(_("lead assessor"), default=False)
    declared_at = models.DateTimeField(null=True)
    """When the member declared to have no stake in this hotline; None before."""
    finished_at = models.DateTimeField(null=True)
    """When the member finished recording; None before, and after continuing it."""

    class Meta:
        ordering = ["-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "user"], name="one_seat_in_a_team"),
            models.UniqueConstraint(fields=["visit"], condition=models.Q(is_lead=True), name="one_lead_in_a_team"),
        ]


class CalendarSubscription(models.Model):
    """The secret address with which a calendar reads the visits of a person. Only a digest of the token is stored."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_subscription", primary_key=True
    )
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.user)
