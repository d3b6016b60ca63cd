"""Adapters of authentication: passwords, the second factor, invitations only, and the CMS's groups."""

import ipaddress
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication  # it has no public API for this
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_language_cookie

from evaluation.models import SECOND_FACTOR_ROLES, Role, User, normalise_email
from evaluation.models.people.permissions import is_allowed
from portal.accounts import sign_in_limits
from portal.letters import outbox
from portal.operations.client_address import UNKNOWN

REAUTHENTICATION_SECONDS = 5 * 60
"""Seconds after signing in without another prompt for the password."""

SECOND_FACTOR_PAGES = {
    "mfa_activate_totp",
    "mfa_reauthenticate",
    "account_reauthenticate",
    "account_logout",
    "set_language",
    "healthz",
}
"""The pages available without a required second factor. Recovery codes and password changes are not included."""

CMS_GROUPS = {Role.GUIDE_EDITOR: "Guide editors", Role.MCE_COORDINATOR: "MCE coordinators"}
"""Wagtail's groups, by role. `signals` grants their permissions."""


# --- The request ---------------------------------------------------------------------------------------------------


def signed_in_user(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def is_from_this_machine(request: HttpRequest | None) -> bool:
    """Whether a request comes from a loopback address, and not through a proxy."""
    if request is None or "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def language_of(request: HttpRequest) -> str:
    """Return the language of the user's profile; for an anonymous user, the one chosen before or the browser's."""
    if user := signed_in_user(request):
        try:
            return translation.get_supported_language_variant(user.language)
        except LookupError:
            return settings.LANGUAGE_CODE
    return translation.get_language_from_request(request)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Set the language of this browser, and of the profile of a signed-in user."""
    chosen = request.POST.get("language", "")
    user = signed_in_user(request)
    if user and chosen in dict(settings.LANGUAGES):
        user.language = chosen
        user.save(update_fields=["language"])
    return set_language_cookie(request)


# --- Password and lockout ------------------------------------------------------------------------------------------


class PasswordBackend(ModelBackend):
    """Authenticates by e-mail address and password. Users of a demonstration can sign in on the local machine only."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        email = normalise_email(username or kwargs.get("email") or "")
        if not email or password is None:
            return None
        user = User.objects.filter(email=email).first()
        if user is None:
            User().set_password(password)  # takes the same time for an unknown address
            return None
        if not user.check_password(password) or not self.user_can_authenticate(user):
            return None
        if user.is_demonstration and not is_from_this_machine(request):
            return None
        return user

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        is_invented = isinstance(user, User) and user.is_demonstration
        return super().user_can_authenticate(user) and (settings.DEMONSTRATION or not is_invented)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Grant access to the CMS by today's role, whichever groups the user was in at sign-in."""
        if perm == "wagtailadmin.access_admin" and not is_allowed("guide.edit", user_obj):
            return False
        return super().has_perm(user_obj, perm, obj)


def locked_out(
    request: sign_in_limits.CountedRequest,
    _response: HttpResponse | None,
    credentials: sign_in_limits.Credentials | None = None,
) -> HttpResponse:
    """Return the page for too many wrong passwords, with the time of the next attempt; for unknown addresses too."""
    until = sign_in_limits.wait_ends(request, credentials) or timezone.now()
    return render(request, "accounts/locked_out.html", {"until": until}, status=429)


# --- allauth -------------------------------------------------------------------------------------------------------


class InvitedOnly(DefaultAccountAdapter):
    """Disables signing up; keeps addresses unique; sends every letter through our outbox."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This address and this password do not belong together. Check both."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link was used already or is too old. Ask for a new one."),
        "too_many_login_attempts": _("There were too many tries. Wait a few minutes."),
        "rate_limited": _("There were too many tries. Wait a few minutes."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address found by the middleware, for rate limits. allauth's own refuses clients without one."""
        return request.META["REMOTE_ADDR"] or UNKNOWN

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Disable allauth's rate limit: axes counts wrong passwords, and its page shows when the wait is over."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Pass the normalised address to axes under the name that it counts by."""
        email = normalise_email(credentials.get("email", ""))
        return super().authenticate(request, **credentials | {"email": email, settings.AXES_USERNAME_FORM_FIELD: email})

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Do not ask again for the password soon after signing in."""
        signed_in_at = self.request.session.get("signed_in_at", 0)
        return time.time() - signed_in_at > REAUTHENTICATION_SECONDS and super().is_reauthentication_required(
            app=app, **kwargs
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write to the outbox, in the user's language. Unknown addresses get no letter."""
        to = context.get("user") or get_user_model().objects.filter(email=normalise_email(email)).first()
        if to is None:
            return
        name, time = template_prefix.rpartition("/")[2], context.get("timestamp")
        values = {"time": lambda _reader: date_format(timezone.localtime(time), "DATETIME_FORMAT")}
        outbox.write_letter(name, values, to=to, is_urgent=True)


class SecondFactor(DefaultMFAAdapter):
    """allauth's second factor, with our texts."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or it was used already. Wait for the next one and type that."),
    }


# --- The second factor ---------------------------------------------------------------------------------------------


def must_use_second_factor(user: User) -> bool:
    """Whether a current role requires a second factor; roles are read once per request."""
    return not settings.DEMONSTRATION and needs_second_factor(user)


def needs_second_factor(user: User) -> bool:
    return user.has_role(*SECOND_FACTOR_ROLES)


def has_second_factor(request: HttpRequest) -> bool:
    """Whether a second factor was used in this session. Reads the session, never the database."""
    records = get_authentication_records(request, signed_in_user(request))
    return any(record.get("method") == "mfa" for record in records)


def remember_second_factor(request: HttpRequest, authenticator: Authenticator) -> None:
    """Count the confirmed first code of a new device as a second factor."""
    record_authentication(request, signed_in_user(request), "mfa", id=authenticator.pk, type=authenticator.type)


def forget_second_factor(request: HttpRequest) -> None:
    """Remove the second factor from the session when its device is removed."""
    records = get_authentication_records(request, signed_in_user(request))
    records[:] = [record for record in records if record.get("method") != "mfa"]
    request.session.modified = True


def second_factor_page(user: User) -> str:
    """Return the address of the code form, or of the setup for a user without a device."""
    return "mfa_reauthenticate" if is_mfa_enabled(user) else "mfa_activate_totp"


# --- The CMS's groups ----------------------------------------------------------------------------------------------


def sync_groups(user: User) -> None:
    """Set a user's Wagtail groups by today's roles."""
    roles = set(user.memberships.today().values_list("role", flat=True))
    wanted = {name for role, name in CMS_GROUPS.items() if role in roles}
    present = set(user.groups.filter(name__in=CMS_GROUPS.values()).values_list("name", flat=True))
    if wanted != present:
        user.groups.remove(*Group.objects.filter(name__in=present - wanted))
        user.groups.add(*Group.objects.filter(name__in=wanted - present))
