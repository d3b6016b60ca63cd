"""Checks of the addresses of other sites in texts of the CMS."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
