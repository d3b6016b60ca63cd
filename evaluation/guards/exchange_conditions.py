"""The conditions of the moves of a visit between hotlines."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from evaluation.guards.reasons import Condition, Reason

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from evaluation.models import Exchange

YEAR = timedelta(days=365)


def visits_within_a_year(exchanges: "QuerySet[Exchange]") -> "QuerySet[Exchange]":
    """Return the accepted visits among some, held or not, that were requested within a year."""
    states = exchanges.model.State
    accepted = (states.ACCEPTED, states.HELD, states.CLOSED)
    return exchanges.filter(state__in=accepted, requested_at__gt=timezone.now() - YEAR)


@Condition
def the_host_offers_and_has_room(exchange: "Exchange") -> Iterator[Reason]:
    """The host still hosts, and has accepted fewer visits within a year than it offers."""
    offer = getattr(exchange.host, "host_offer", None)
    if offer is None:
        yield Reason("host_offers_no_more")
        return
    taken = visits_within_a_year(exchange.host.hosted_exchanges.all()).count()
    if taken >= offer.most:
        yield Reason("host_is_full", have=taken, need=offer.most)
