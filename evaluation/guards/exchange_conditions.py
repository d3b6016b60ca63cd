"""The conditions of the moves of a visit between hotlines."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from evaluation.guards.reasons import Condition, Reason

if TYPE_CHECKING:
    from evaluation.models import Exchange

YEAR = timedelta(days=365)


@Condition
def the_host_offers_and_has_room(exchange: "Exchange") -> Iterator[Reason]:
    """The host still hosts, and has accepted fewer visits within a year than it offers."""
    offer = getattr(exchange.host, "host_offer", None)
    if offer is None:
        yield Reason("host_offers_no_more")
        return
    states = type(exchange).State
    taken = exchange.host.hosted_exchanges.filter(
        state__in=(states.ACCEPTED, states.HELD, states.CLOSED), requested_at__gt=timezone.now() - YEAR
    ).count()
    if taken >= offer.most:
        yield Reason("host_is_full", have=taken, need=offer.most)
