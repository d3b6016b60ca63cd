"""Forms that are returned after the session ended, in a real browser: from a page of ours, and from another site's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from evaluation.models import Invitation, Role
from tests.browsing import follow
from tests.factories import person

pytestmark = pytest.mark.django_db(transaction=True)

INVITE = "/work/people/invite/"


def end_sessions(page: Any) -> None:
    """End all sessions, and replace the CSRF token, as signing in again in another tab does."""
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))


def sign_in_again(page: Any, as_user: Callable[..., Any], user: Any) -> None:
    as_user(page, user)
    host = urlsplit(page.url).hostname
    page.context.add_cookies([{"name": "csrftoken", "value": "n" * 32, "domain": host, "path": "/"}])


def type_invitation(page: Any) -> None:
    page.goto(INVITE)
    page.get_by_label("Name", exact=True).fill("Ilze Kalniņa")
    page.get_by_label("E-mail address").fill("ilze@example.org")
    page.get_by_label("Guide editor").check()


def refused(tolerated: list[str]) -> None:
    tolerated += ["status of 403", "asked another host", "net::ERR"]


@pytest.mark.parametrize("site", ["http://127.0.0.1:{port}", "http://localhost:9"])
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_page_of_another_site_has_nothing_sent_by_a_click(
    live: Any, browser_page: Any, as_user: Callable[..., Any], tolerated: list[str], site: str, is_signed_in: bool
):
    """Of another host, whose form has no session cookie, and of another port of this host, whose form has it."""
    refused(tolerated)
    mce = person(Role.MCE_COORDINATOR)
    as_user(browser_page, mce)
    browser_page.goto(INVITE)
    if not is_signed_in:
        end_sessions(browser_page)
    foreign = site.format(port=urlsplit(live.url).port)
    fields = {"name": "Mallory", "email": "mallory@example.org", "role": "mce_coordinator", "rendered_for": mce.uid}
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    form = f'<form method="post" action="{live.url}{INVITE}">{inputs}<button>Win a prize</button></form>'
    browser_page.context.route(f"{foreign}/prize", lambda route: route.fulfill(body=form, content_type="text/html"))
    browser_page.goto(f"{foreign}/prize")
    follow(browser_page.get_by_role("button"))
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Your session ended. Nothing was sent.")
    assert "mallory" not in browser_page.content().casefold()
    expect(browser_page.get_by_role("button", name="Send it again")).to_have_count(0)
    assert not Invitation.objects.exists()


def test_what_was_typed_is_sent_again_by_one_click_after_signing_in(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], tolerated: list[str]
):
    refused(tolerated)
    mce = person(Role.MCE_COORDINATOR)
    as_user(browser_page, mce)
    type_invitation(browser_page)
    end_sessions(browser_page)
    follow(browser_page.get_by_role("main").get_by_role("button"))
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Your session ended. Nothing is lost.")
    expect(browser_page.locator(".read-only")).to_have_text(["ilze@example.org", "Ilze Kalniņa"])
    axe(browser_page)
    sign_in_again(browser_page, as_user, mce)
    follow(browser_page.get_by_role("button", name="Send it again"))
    assert [one.email for one in Invitation.objects.all()] == ["ilze@example.org"]


def test_another_person_sends_nothing_of_the_former(
    browser_page: Any, as_user: Callable[..., Any], tolerated: list[str]
):
    refused(tolerated)
    as_user(browser_page, person(Role.MCE_COORDINATOR))
    type_invitation(browser_page)
    end_sessions(browser_page)
    follow(browser_page.get_by_role("main").get_by_role("button"))
    sign_in_again(browser_page, as_user, person(Role.MCE_COORDINATOR))
    follow(browser_page.get_by_role("button", name="Send it again"))
    expect(browser_page.get_by_text("Somebody else is signed in now.")).to_be_visible()
    assert "ilze" not in browser_page.content()
    assert not Invitation.objects.exists()
