"""The skills of an assessor for study visits, and the days on which the assessor is absent."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_VISITS = 20


class AssessorProfile(models.Model):
    """The profile of an assessor, written by the assessor or by MCE. Without a row, the defaults apply."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assessor_profile", primary_key=True
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    """The languages that the assessor speaks well enough for a visit, as BCP 47 codes."""
    domains = models.JSONField(_("domains"), default=list, blank=True)
    """The permanent keys of the domains that the assessor knows well."""
    can_lead = models.BooleanField(_("can lead a visit"), default=True)
    most_visits = models.PositiveSmallIntegerField(
        _("most visits in a round"), default=2, validators=[MaxValueValidator(MOST_VISITS)]
    )

    def __str__(self) -> str:
        return str(self.user)


class Absence(models.Model):
    """A period in which an assessor cannot visit, with both its first and last day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        ordering = ["starts_on", "ends_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_absence_ends_after_it_starts", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
            models.UniqueConstraint(fields=["user", "starts_on", "ends_on"], name="one_absence_on_the_same_days"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.starts_on} to {self.ends_on}"
