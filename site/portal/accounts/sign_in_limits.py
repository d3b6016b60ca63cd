"""How often a password may be wrong: a slow-down for each account and each address, and none on a known device.

django-axes keeps the failures and asks this handler whether somebody has to wait. Three counts are kept apart, by what
stands in the column `user_agent` of its rows, which holds nothing about a browser here: tries of strangers (empty), and
tries in a browser that is known for the account (the name of the device).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum
from django.http import HttpRequest

from portal.accounts.known_devices import find_device
from portal.operations.client_address import UNKNOWN

Credentials = dict[str, Any]
"""What somebody signs in with, by the names of django-axes."""

_log = structlog.get_logger("portal.sign_in")


@dataclass(frozen=True)
class Limit:
    """So many wrong passwords are free; after each further one comes a wait that doubles, up to the longest."""

    free: int
    remembered: timedelta
    first_wait: timedelta = timedelta(minutes=1)
    longest_wait: timedelta = timedelta(minutes=15)

    def wait_ends(self, attempts: QuerySet[AccessAttempt], now: datetime) -> datetime | None:
        """When the next password is looked at, after these failures; None when it is at once."""
        found = self._count(attempts, now)
        if (over := (found["failures"] or 0) - self.free) < 0:
            return None
        ends = found["last"] + min(self.first_wait * 2 ** min(over, 10), self.longest_wait)
        return ends if ends > now else None

    def is_used_up(self, attempts: QuerySet[AccessAttempt], now: datetime) -> bool:
        return (self._count(attempts, now)["failures"] or 0) >= self.free

    def _count(self, attempts: QuerySet[AccessAttempt], now: datetime) -> dict[str, Any]:
        recent = attempts.filter(attempt_time__gt=now - self.remembered)
        return recent.aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))


ACCOUNT = Limit(free=settings.AXES_FAILURE_LIMIT, remembered=settings.AXES_COOLOFF_TIME)
"""Strangers who guess the password of one account, from however many addresses."""
ADDRESS = Limit(free=30, remembered=timedelta(hours=1))
"""Whoever tries many accounts from one address. A hotline's office shares one, so it is wider."""
DEVICE = Limit(free=settings.AXES_FAILURE_LIMIT, remembered=settings.AXES_COOLOFF_TIME)
"""Wrong passwords in a known browser. After these it counts as a stranger's for a while."""


class CountedRequest(HttpRequest):
    """What django-axes makes of a request before it asks its handler; used as an annotation only, never constructed."""

    axes_attempt_time: datetime
    axes_http_accept: str
    axes_ip_address: str
    axes_locked_out: bool | None
    axes_user_agent: str


class SignInLimits(AxesDatabaseHandler):
    """The handler of django-axes: what is counted together, and who has to wait."""

    def get_failures(self, request: CountedRequest, credentials: Credentials | None = None) -> int:
        """What axes compares with its limit: the limit itself while somebody has to wait, else nothing."""
        return settings.AXES_FAILURE_LIMIT if wait_ends(request, credentials) else 0

    def user_login_failed(
        self, sender: Any, credentials: Credentials, request: CountedRequest | None = None, **kwargs: Any
    ) -> None:
        if request is None:
            return
        request.axes_user_agent = _trusted_device(request, credentials) or ""
        request.axes_http_accept = ""
        reason = "slowed down" if request.axes_locked_out else "credentials"
        _log.warning("sign-in failed", reason=reason, address=request.META["REMOTE_ADDR"])
        super().user_login_failed(sender, credentials, request, **kwargs)

    def reset_user_attempts(  # type: ignore[override] # axes gives it no other request
        self, request: CountedRequest, credentials: Credentials | None = None
    ) -> int:
        """Somebody came in: forget what they mistyped here. What others guessed elsewhere stays counted."""
        email = get_client_username(request, credentials)
        here = Q(user_agent="", ip_address=request.axes_ip_address)
        if device := find_device(request, email):
            here |= Q(user_agent=device)
        return AccessAttempt.objects.filter(here, username=email).delete()[0]


def wait_ends(request: CountedRequest, credentials: Credentials | None) -> datetime | None:
    """When the next password for this account is looked at in this browser; None when it is at once."""
    if _trusted_device(request, credentials):
        return None
    now, strangers = request.axes_attempt_time, AccessAttempt.objects.filter(user_agent="")
    ends = [ACCOUNT.wait_ends(strangers.filter(username=get_client_username(request, credentials)), now)]
    if request.axes_ip_address != UNKNOWN:  # which stands for many people
        ends.append(ADDRESS.wait_ends(strangers.filter(ip_address=request.axes_ip_address), now))
    return max((end for end in ends if end), default=None)


def _trusted_device(request: CountedRequest, credentials: Credentials | None) -> str | None:
    """The name of the device, where this browser is known for the account and was not used for guessing."""
    email = get_client_username(request, credentials) or ""
    device = find_device(request, email)
    if device is None:
        return None
    tries = AccessAttempt.objects.filter(username=email, user_agent=device)
    return None if DEVICE.is_used_up(tries, request.axes_attempt_time) else device
