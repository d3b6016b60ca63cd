"""Visits between hotlines of the demonstration: the hosts, one visit that took place, and one that was requested."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from evaluation.exchanges.visits import matches_of, offer_to_host, request_exchange
from evaluation.models import Exchange, Hotline, Role, User
from evaluation.workflow import perform
from portal.demonstration.clock import at
from portal.exchanges.letters import write_request_letters
from portal.handbook.keys import newest_framework
from portal.letters.recipients import people_of
from portal.presentation.tiles import place_of

HOSTS = {"XZ": 2, "XV": 1, "XP": 2, "XL": 1, "XU": 1}
"""The hotlines that host, and how many a year."""
BEGUN = 60
"""Days since they offered to."""
MOST_KEYS = 3

_WISH = (
    "Two of us would come for two days in spring. We would like to sit beside a shift, and to see the papers behind it."
)
_REPORT = (
    "We sat beside two shifts and read five closed files together. We take home the page that ends each shift, and a "
    "fixed day for the talk after a serious case. The first change is made before summer."
)


def exchange_visits(today: date) -> Iterator[datetime]:
    """Let hotlines offer to host, and two others request a visit at their best match. One of the visits takes place."""
    yield at(today - timedelta(days=BEGUN), 9)
    framework = newest_framework()
    domains = [domain.permanent_key for domain in framework.domains] if framework else []
    for country, most in HOSTS.items():
        for hotline in Hotline.objects.filter(country=country):
            languages = list(dict.fromkeys([*hotline.language_codes, "en"]))
            offer_to_host(hotline, most=most, domains=domains, languages=languages, by=_coordinator(hotline))
    yield at(today - timedelta(days=25), 11)
    held = _request("XY")
    if held is not None:
        _move(held, "accept", held.host)
        yield at(today - timedelta(days=6), 16)
        _move(held, "hold", held.visitor, day=today - timedelta(days=8), report=_REPORT)
    yield at(today - timedelta(days=3), 10)
    _request("QO")


def _coordinator(hotline: Hotline) -> User:
    return people_of(hotline, Role.COORDINATOR)[0]


@transaction.atomic
def _request(country: str) -> Exchange | None:
    """Request a hotline's visit at its best match, with letters. Return None without a match or a hotline."""
    visitor = Hotline.objects.filter(country=country).first()
    match = next(iter(matches_of(visitor, place_of)), None) if visitor else None
    if visitor is None or match is None:
        return None
    host, by = Hotline.objects.get(country=match.host), _coordinator(visitor)
    keys = sorted(match.gains, key=lambda key: -match.gains[key])[:MOST_KEYS]
    exchange = request_exchange(visitor, host, keys, _WISH, by=by)
    write_request_letters(exchange)
    return exchange


def _move(exchange: Exchange, name: str, side: Hotline, **needs: Any) -> None:
    perform(exchange, name, by=_coordinator(side), **needs)
