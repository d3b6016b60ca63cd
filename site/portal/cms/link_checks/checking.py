"""Queues checks of addresses of other sites, and stores what they answered, with the time."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django_tasks import task

from portal.cms.link_checks.fetching import ascii_address, check_address
from portal.models import LinkCheck

LOST_AFTER = timedelta(hours=1)
"""An address that is not checked by then is queued again."""
FORGOTTEN_AFTER = timedelta(days=400)
MOST = 1000
"""Addresses that are queued at once."""


def stored_address(address: str) -> str:
    """Return the address as it is stored and asked; one that is malformed as it is escaped."""
    try:
        return ascii_address(address)
    except ValueError:
        return iri_to_uri(address)


def read_checks(addresses: Iterable[str]) -> dict[str, LinkCheck]:
    """Return what is stored of some addresses, by address as it stands in a text. One query."""
    stored = {address: stored_address(address) for address in addresses}
    found = {check.address: check for check in LinkCheck.objects.filter(address__in=set(stored.values()))}
    return {address: found[key] for address, key in stored.items() if key in found}


@transaction.atomic
def ask_for_checks(addresses: Iterable[str]) -> int:
    """Queue a check of each address that does not wait for one. Return how many were queued."""
    now = timezone.now()
    LinkCheck.objects.filter(asked_at__lt=now - FORGOTTEN_AFTER).delete()
    stored = set(map(stored_address, addresses))
    wanted = sorted(address for address in stored if len(address) <= LinkCheck.LONGEST)[:MOST]
    LinkCheck.objects.bulk_create([LinkCheck(address=one, asked_at=now) for one in wanted], ignore_conflicts=True)
    is_free = Q(is_waiting=False) | Q(asked_at__lt=now - LOST_AFTER)
    asked = list(LinkCheck.objects.select_for_update().filter(is_free, address__in=wanted).values_list("pk", flat=True))
    LinkCheck.objects.filter(pk__in=asked).update(asked_at=now, is_waiting=True)
    for key in asked:
        check_link.enqueue(key)
    return len(asked)


@task(priority=-50)
def check_link(key: int) -> None:
    """Check an address and store its answer. Everything else that waits for the worker comes before."""
    check = LinkCheck.objects.filter(pk=key).first()
    if check is None or not check.is_waiting:
        return
    answer = check_address(check.address)
    LinkCheck.objects.filter(pk=key).update(
        checked_at=timezone.now(), is_waiting=False, outcome=answer.outcome, status=answer.status
    )
