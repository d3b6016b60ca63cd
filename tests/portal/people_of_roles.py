"""Helpers of sign-in tests: users who can sign in, and their second factor."""

import re

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from evaluation.models import User
from tests.factories import PASSWORD

HALF_MINUTE = 60_000_000
"""The half minute since 1970 whose codes the apps show, so that none expires between generating and typing it."""


def type_password(client: Client, user: User, password: str = PASSWORD, **extra):
    """Sign in on the page, with address and password."""
    return client.post("/accounts/login/", {"login": user.email, "password": password}, **extra)


def give_device(user: User) -> str:
    """Set up an authenticator app with recovery codes. Return its key."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code_of(secret: str, steps: int = 0) -> str:
    """Return the code that the app shows in the half minute of the tests, or some steps later."""
    return format_hotp_value(hotp_value(secret, HALF_MINUTE + steps))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def follow_reset_link(client: Client, letter: str, password: str):
    """Set a new password with the link of a letter. Return the last page."""
    link = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", letter).group(1)
    page = client.get(link, follow=True)
    if not page.redirect_chain:
        return page
    return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password}, follow=True)
