"""Queues checks of the addresses of other sites, and stores the result of each with its time."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django_tasks import task

from portal.cms.link_checks.fetching import ascii_address, check_address
from portal.cms.link_checks.models import LinkCheck

LOST_AFTER = timedelta(hours=1)
"""An address that is not checked by then is queued again."""
FORGOTTEN_AFTER = timedelta(days=400)
MOST = 1000
"""The number of addresses that are queued at once."""
NEVER = datetime.min.replace(tzinfo=UTC)


def stored_address(address: str) -> str:
    """Return the address as it is stored and requested: in ASCII, or only escaped if it is malformed."""
    try:
        return ascii_address(address)
    except ValueError:
        return iri_to_uri(address)


def is_too_long(address: str) -> bool:
    """Whether an address is too long to be stored, and so is never checked."""
    return len(stored_address(address)) > LinkCheck.LONGEST


def read_checks(addresses: Iterable[str]) -> dict[str, LinkCheck]:
    """Return the stored checks of some addresses, by the address as it is written in a text. One query."""
    stored = {address: stored_address(address) for address in addresses}
    found = {check.address: check for check in LinkCheck.objects.filter(address__in=set(stored.values()))}
    return {address: found[key] for address, key in stored.items() if key in found}


@transaction.atomic
def ask_for_checks(addresses: Iterable[str]) -> int:
    """Queue a check of the addresses that are not waiting for one, and return how many were queued.

    At most `MOST` at once: first those that were never requested, then those whose last request is the oldest.
    """
    now = timezone.now()
    LinkCheck.objects.filter(asked_at__lt=now - FORGOTTEN_AFTER).delete()
    stored = {stored_address(address) for address in addresses if not is_too_long(address)}
    known = {check.address: check for check in LinkCheck.objects.filter(address__in=stored)}
    last = {address: known[address].asked_at if address in known else NEVER for address in stored}
    free = (a for a in stored if a not in known or not known[a].is_waiting or last[a] < now - LOST_AFTER)
    wanted = sorted(free, key=lambda address: (last[address], address))[:MOST]
    LinkCheck.objects.bulk_create([LinkCheck(address=one, asked_at=now) for one in wanted], ignore_conflicts=True)
    is_free = Q(is_waiting=False) | Q(asked_at__lt=now - LOST_AFTER)
    asked = list(LinkCheck.objects.select_for_update().filter(is_free, address__in=wanted).values_list("pk", flat=True))
    LinkCheck.objects.filter(pk__in=asked).update(asked_at=now, is_waiting=True)
    if asked:
        check_links.enqueue(now.isoformat())
    return len(asked)


@task(priority=-50)
def check_links(asked_at: str, after: int = 0) -> None:
    """Check the next address that was queued at `asked_at`, store the result, and queue this task for the one after it.

    Each address is a task of its own, so that all other waiting tasks run before it. `after` is the primary key of the
    address before. An address that was queued again meanwhile has a later `asked_at` and is left to that run.
    """
    waiting = LinkCheck.objects.filter(asked_at=datetime.fromisoformat(asked_at), is_waiting=True)
    check = waiting.filter(pk__gt=after).order_by("pk").first()
    if check is None:
        return
    try:
        answer = check_address(check.address)
        LinkCheck.objects.filter(pk=check.pk).update(
            checked_at=timezone.now(), is_waiting=False, outcome=answer.outcome, status=answer.status
        )
    finally:  # an address whose check fails does not stop the checks of the others
        check_links.enqueue(asked_at, check.pk)
