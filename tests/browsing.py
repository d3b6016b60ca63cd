"""Waits of browser tests: until elements exist and layout is stable."""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

_SHELL, _WHOLE = "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"
CHROMIUM = os.environ.get("CHROMIUM") or (_SHELL if Path(_SHELL).exists() else _WHOLE)
"""The browser of the system. Its shell draws pages as the whole does, without the windows: a quarter less to compute."""

SCRIPTS_RUN_ONCE = "--js-flags=--no-turbofan --no-maglev --always-sparkplug"
"""Compile scripts simply: a page of a test is gone before the time spent on optimising them is earned back."""

PATIENCE = 30_000
"""How long a test waits for what must come, in ms: as long as a busy machine may need."""

WIDTHS = [390, pytest.param(1280, marks=pytest.mark.long)]
"""The widths of pages of the CMS that a test looks at, in px: on a desk, the journeys of editors see them too."""

QUIET = """async () => {
    const passing = document.getAnimations().filter(one => one.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(passing.map(one => one.finished));
    return document.querySelector('.htmx-request') === null && !window.jQuery?.timers.length;
}"""
"""Whether no animation runs, of the style sheets or of Wagtail's jQuery, and htmx waits for no response."""


def follow(control: Any, key: str = "") -> None:
    """Click what leads to another page, or press a key on it, and wait until that page is there as a whole.

    A click by itself is over as soon as the first bytes of the next page have come.
    """
    with control.page.expect_event("load"):
        if key:
            control.press(key)
        else:
            control.click()


def wait_until(page: Any, condition: str, argument: Any = None) -> None:
    """Wait until a function of the page returns true. Playwright's own waiting loads a script into the page first."""
    if not page.evaluate(condition, argument):
        page.wait_for_function(condition, arg=argument)


def settle(page: Any) -> None:
    """Wait until a page is there as a whole, moves no more, and no part of it is being fetched."""
    page.wait_for_load_state()
    wait_until(page, QUIET)


def in_each_appearance(page: Any, *widths: int) -> Iterator[tuple[int, bool]]:
    """Give the page each theme and width, in px. Yield the width, and whether this is not the first appearance.

    What does not depend on colours and sizes need be looked at in the first only. The page follows without being opened
    again.
    """
    for number, (theme, width) in enumerate(product(("light", "dark"), widths)):
        page.emulate_media(color_scheme=theme)
        wait_until(page, "theme => document.documentElement.dataset.bsTheme === theme", theme)
        resize(page, {"width": width, "height": 900})
        yield width, number > 0


def resize(page: Any, size: dict[str, int]) -> None:
    """Give the window another size, and wait until the page has noticed."""
    page.set_viewport_size(size)
    wait_until(page, "width => innerWidth === width", size["width"])


def unfold(page: Any, code: str) -> None:
    """Open an indicator of the questionnaire, if it is shut."""
    shut = page.locator(f'[data-fold="{code}"]:not([open]) > summary')
    if shut.count():
        shut.click()


def sign_and_submit(page: Any) -> None:
    """Go from the page of a self-assessment to its declaration, sign it, and wait until it is submitted."""
    follow(page.get_by_role("link", name="Sign and submit"))
    page.get_by_role("checkbox", name="have read this declaration").check()
    follow(page.get_by_role("button", name="Sign and submit"))
    page.locator(".notice.good", has_text="Signed and submitted").wait_for()
