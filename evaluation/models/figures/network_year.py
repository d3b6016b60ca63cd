"""A year of the network, and each release of its figures."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.people.permissions import may
from evaluation.models.states import StateField, Stateful, transition


class NetworkYear(Stateful):
    """The figures of the network in one year, of the real or of the invented hotlines. Its releases are public."""

    kind = "network_year"

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("year of the network", "not public yet")
        PUBLIC = "public", pgettext_lazy("year of the network", "public")
        RETRACTED = "retracted", pgettext_lazy("year of the network", "taken from the site")

    year = models.PositiveSmallIntegerField(_("year"))
    is_invented = models.BooleanField(default=False)
    state = StateField(_("state"), default=State.WAITING, choices=State.choices)

    class Meta:
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["year", "is_invented"], name="a_year_of_the_network_once")]

    def __str__(self) -> str:
        return f"{self.year}"

    @property
    def is_public(self) -> bool:
        return self.state == self.State.PUBLIC

    @transition(
        state,
        [State.WAITING, State.PUBLIC, State.RETRACTED],
        State.PUBLIC,
        permission=may("statistics.publish"),
        custom={"by_form": True},
    )
    def publish(self) -> None:
        """Publish a release of the year. It is public and cannot be changed."""

    @transition(state, State.PUBLIC, State.RETRACTED, permission=may("statistics.publish"), custom={"needs_note": True})
    def retract(self) -> None:
        """Remove the year from the site, with a reason. It may be published again."""


class NetworkRelease(models.Model):
    """The published figures of a year and their input. Frozen: suppression compares the next release with it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    network_year = models.ForeignKey(NetworkYear, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveSmallIntegerField()
    document = models.TextField()
    """The public file of the release, byte for byte."""
    sha256 = models.CharField(max_length=64)
    basis = models.TextField()
    """The confidential input of each hotline: suppression compares the next release with it."""
    basis_sha256 = models.CharField(max_length=64)
    released_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["network_year", "number"], name="one_release_a_number")]

    def __str__(self) -> str:
        return f"{self.network_year}, {self.number}"
