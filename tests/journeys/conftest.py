"""Fixtures of the journeys: the released sample Guide, pages of several users, and a device that is killed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from standards.models import Edition
from tests.browsing import CHROMIUM, PATIENCE
from tests.stage import Stage

GUIDE = Path(__file__).parents[2] / "fixtures" / "practical_guide" / "2026"


@pytest.fixture
def sample_edition(live: Any) -> Edition:
    """Load the sample Guide from its files, release it, and return the edition."""
    from standards.editions.page_loader import load_guide
    from standards.editions.release import release

    return release(load_guide(GUIDE).page)


@pytest.fixture
def page_of(browser: Any, live: Any, as_user: Callable[..., Any]) -> Any:
    """Return `page_of(user)`, a page of the user's own device. Errors in the browser fail the test at its end."""
    contexts, complaints = [], []

    def page_of(user: Any) -> Any:
        context = browser.new_context(base_url=live.url, locale="en-GB", timezone_id="Europe/Brussels")
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: complaints.append(f"uncaught: {error.error}"))
        contexts.append(context)
        return as_user(context.new_page(), user)

    yield page_of
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def start_device(
    browser: Any, live: Any, sign_in: Callable[..., Client], stage: Stage, tmp_path: Path
) -> Iterator[Callable[..., Any]]:
    """Return a function that starts a browser with a persistent profile, signed in as a user.

    The user is by default the assessor of `stage`.
    """
    name = settings.SESSION_COOKIE_NAME
    contexts = []

    def start(user: Any = None) -> Any:
        cookie = sign_in(Client(), user or stage.people.assessor).cookies[name].value
        arguments = [
            "--no-sandbox",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ]
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=CHROMIUM, args=arguments, base_url=live.url
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": name, "value": cookie, "url": live.url}])
        contexts.append(context)
        return context.new_page()

    yield start
    contexts[-1].close()
