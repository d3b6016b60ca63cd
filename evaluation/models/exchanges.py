"""Exchange visits between hotlines: the offer of a host, and a visit from its request to its report."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models.people.permissions import may
from evaluation.models.reasons import Condition, Reason
from evaluation.models.states import StateField, Stateful, transition

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from evaluation.models.hotlines import Hotline


YEAR = timedelta(days=365)


def visits_within_a_year(exchanges: "QuerySet[Exchange]") -> "QuerySet[Exchange]":
    """Filter visits that were accepted, held or not, and were requested within the last year."""
    states = exchanges.model.State
    accepted = (states.ACCEPTED, states.HELD, states.CLOSED)
    return exchanges.filter(state__in=accepted, requested_at__gt=timezone.now() - YEAR)


@Condition
def the_host_offers_and_has_room(exchange: "Exchange") -> Iterator[Reason]:
    """The host still has an offer, and has accepted fewer visits within a year than offered."""
    offer = getattr(exchange.host, "host_offer", None)
    if offer is None:
        yield Reason("host_offers_no_more")
        return
    taken = visits_within_a_year(exchange.host.hosted_exchanges.all()).count()
    if taken >= offer.most:
        yield Reason("host_is_full", have=taken, need=offer.most)


class HostOffer(models.Model):
    """The offer of a hotline to host others. They can see the indicators in which its published outcome is strong."""

    MOST = 6

    hotline = models.OneToOneField("evaluation.Hotline", on_delete=models.CASCADE, related_name="host_offer")
    most = models.PositiveSmallIntegerField(
        _("hotlines a year"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST)],
        help_text=_("At most so many hotlines visit you in a year."),
    )
    domains = models.JSONField(default=list)
    """The permanent keys of the domains for which it hosts."""
    languages = models.JSONField(default=list)
    """The codes of the languages in which it hosts."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)


class ExchangeState(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("exchange", "requested")
    ACCEPTED = "accepted", pgettext_lazy("exchange", "accepted")
    DECLINED = "declined", pgettext_lazy("exchange", "declined")
    CANCELLED = "cancelled", pgettext_lazy("exchange", "cancelled")
    HELD = "held", pgettext_lazy("exchange", "held")
    CLOSED = "closed", pgettext_lazy("exchange", "closed")


OPEN = (ExchangeState.REQUESTED, ExchangeState.ACCEPTED)
"""The states before a visit takes place."""
OVER = (ExchangeState.HELD, ExchangeState.CLOSED)
"""The states after a visit took place."""


class Exchange(Stateful):
    """A visit of one hotline to another, for indicators in which the first is weak and the other is strong."""

    kind = "exchange"

    State = ExchangeState

    LONGEST = 4000

    visitor = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, related_name="exchanges")
    host = models.ForeignKey("evaluation.Hotline", on_delete=models.PROTECT, related_name="hosted_exchanges")
    state = StateField(_("state"), default=State.REQUESTED, choices=State.choices)
    levels = models.JSONField(default=dict)
    """The visitor's level before the visit, or None, by the permanent key of each indicator of the visit."""
    message = models.TextField(_("what you would like to see"), max_length=LONGEST)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    held_on = models.DateField(_("day of the visit"), null=True, blank=True)
    report = models.TextField(_("what you take home"), max_length=LONGEST, blank=True)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = _("exchange")
        constraints = [
            models.UniqueConstraint(
                fields=["visitor", "host"],
                condition=Q(state__in=OPEN),
                name="one_open_exchange_of_two_hotlines",
            ),
            models.CheckConstraint(condition=~Q(visitor=F("host")), name="no_hotline_visits_itself"),
            models.CheckConstraint(
                condition=~Q(state__in=OVER) | (Q(held_on__isnull=False) & ~Q(report="")),
                name="a_held_exchange_has_its_day_and_report",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visitor} > {self.host}"

    def of_hotline(self) -> "Hotline":
        return self.visitor

    @property
    def is_over(self) -> bool:
        """Whether the visit took place."""
        return self.state in OVER

    def set_held(self, day: date, report: str) -> None:
        self.held_on, self.report = day, report.strip()

    @transition(
        state,
        State.REQUESTED,
        State.ACCEPTED,
        conditions=[the_host_offers_and_has_room],
        permission=may("exchange.host"),
    )
    def accept(self) -> None:
        """Accept the visit."""

    @transition(state, State.REQUESTED, State.DECLINED, permission=may("exchange.host"), custom={"needs_note": True})
    def decline(self) -> None:
        """Decline the visit, with the reason."""

    @transition(state, State.ACCEPTED, State.HELD, permission=may("exchange.visit"), custom={"by_form": True})
    def hold(self) -> None:
        """Store the day of the visit and the visitor's report."""

    @transition(state, State.HELD, State.CLOSED, permission=may("exchange.host"))
    def close(self) -> None:
        """Close the exchange: the host has read the report."""

    @transition(
        state,
        (State.REQUESTED, State.ACCEPTED),
        State.CANCELLED,
        permission=may("exchange.cancel"),
        custom={"needs_note": True},
    )
    def cancel(self) -> None:
        """Cancel the visit, with the reason."""
