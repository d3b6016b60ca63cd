"""The conditions of exchange visits between hotlines, and of good practice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from evaluation.guards.reasons import Condition, Reason

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from evaluation.models import Exchange, GoodPractice

# --- Exchange visits --------------------------------------------------------------------------------------------------

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


# --- Good practice ----------------------------------------------------------------------------------------------------


@Condition
def the_note_is_published_good_practice(practice: "GoodPractice") -> Iterator[Reason]:
    """The finding is still marked as good practice, and a decision on its evaluation is published."""
    if not practice.finding.good_practice:
        yield Reason("no_good_practice")
    if not practice.evaluation.decisions.filter(publication__isnull=False).exists():
        yield Reason("outcome_not_published")


@Condition
def the_practice_has_a_text(practice: "GoodPractice") -> Iterator[Reason]:
    """The title, the summary and the text are not blank."""
    if not all(getattr(practice, name).strip() for name in practice.TEXTS):
        yield Reason("practice_incomplete")


@Condition
def the_consent_is_to_this_text(practice: "GoodPractice") -> Iterator[Reason]:
    """The newest consent is to the current text."""
    consent = practice.last_consent
    if consent is None or consent.sha256 != practice.digest:
        yield Reason("text_changed")
