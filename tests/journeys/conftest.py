"""Fixtures of the journeys: the released sample Guide, and users who write on its pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from standards.models import Edition
from tests.browsing import PATIENCE

GUIDE = Path(__file__).parents[2] / "fixtures" / "practical_guide" / "2026"


@pytest.fixture
def sample_edition(live: Any) -> Edition:
    """The sample Guide as a newcomer finds it: loaded from its files and released."""
    from standards.editions.page_loader import load_guide
    from standards.editions.release import release

    return release(load_guide(GUIDE).page)


@pytest.fixture
def page_of(browser: Any, live: Any, as_user: Callable[..., Any]) -> Any:
    """`page_of(user)` is a page of somebody's own device; what it complains about fails the test at its end."""
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
