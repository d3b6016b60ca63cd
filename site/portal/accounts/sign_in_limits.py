"""Rate limits of wrong passwords: a growing wait per account and per address, none on a known device.

django-axes stores the failures and asks this handler whether a client must wait. Attempts are counted separately by the
column `user_agent` of its rows, which contains nothing about a browser here: empty for strangers, and the name of the
device for a browser that is known for the account.
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
    """A number of free failures; each further one adds a wait that doubles, up to the longest."""

    free: int
    remembered: timedelta
    first_wait: timedelta = timedelta(minutes=1)
    longest_wait: timedelta = timedelta(minutes=15)

    def wait_ends(self, attempts: QuerySet[AccessAttempt], now: datetime) -> datetime | None:
        """Return when the next password is accepted after these failures; None if at once."""
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
"""Against strangers who guess the password of one account, from any number of addresses."""
ADDRESS = Limit(free=30, remembered=timedelta(hours=1))
"""Against trying many accounts from one address. Higher, as a hotline's office shares one."""
DEVICE = Limit(free=settings.AXES_FAILURE_LIMIT, remembered=settings.AXES_COOLOFF_TIME)
"""Wrong passwords in a known browser. Beyond the limit it counts as a stranger's for a while."""


class CountedRequest(HttpRequest):
    """What django-axes makes of a request before it asks its handler; used as an annotation only, never constructed."""

    axes_attempt_time: datetime
    axes_http_accept: str
    axes_ip_address: str
    axes_locked_out: bool | None
    axes_user_agent: str


class SignInLimits(AxesDatabaseHandler):
    """The handler of django-axes: which failures are counted together, and who must wait."""

    def get_failures(self, request: CountedRequest, credentials: Credentials | None = None) -> int:
        """Return axes's limit if the client must wait, else 0."""
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
        """Forget the failures of this browser after a sign-in. Failures elsewhere stay counted."""
        email = get_client_username(request, credentials)
        here = Q(user_agent="", ip_address=request.axes_ip_address)
        if device := find_device(request, email):
            here |= Q(user_agent=device)
        return AccessAttempt.objects.filter(here, username=email).delete()[0]


def wait_ends(request: CountedRequest, credentials: Credentials | None) -> datetime | None:
    """Return when the next password for this account is accepted in this browser; None if at once."""
    if _trusted_device(request, credentials):
        return None
    now, strangers = request.axes_attempt_time, AccessAttempt.objects.filter(user_agent="")
    ends = [ACCOUNT.wait_ends(strangers.filter(username=get_client_username(request, credentials)), now)]
    if request.axes_ip_address != UNKNOWN:  # which may be shared by many people
        ends.append(ADDRESS.wait_ends(strangers.filter(ip_address=request.axes_ip_address), now))
    return max((end for end in ends if end), default=None)


def _trusted_device(request: CountedRequest, credentials: Credentials | None) -> str | None:
    """Return the name of a device that is known for the account and was not used for guessing, or None."""
    email = get_client_username(request, credentials) or ""
    device = find_device(request, email)
    if device is None:
        return None
    tries = AccessAttempt.objects.filter(username=email, user_agent=device)
    return None if DEVICE.is_used_up(tries, request.axes_attempt_time) else device
