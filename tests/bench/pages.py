"""Measures what a public page costs with an empty cache: bytes, requests, and how far it moves while it loads."""

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browsing import CHROMIUM
from tests.page_costs import MOST_BYTES, MOST_REQUESTS, MOST_SHIFT, cost_of, served_as_in_production

ROOT = Path(__file__).resolve().parents[2]


def public_paths() -> dict[str, str]:
    """Return the paths of the measured pages, by name."""
    from django.urls import reverse

    from evaluation.models import Hotline
    from standards.models import StandardPage

    standard = StandardPage.objects.live().filter(locale__language_code="en").first()
    hotline = Hotline.objects.order_by("pk").first()
    assert standard is not None
    assert hotline is not None
    return {
        "home": "/en/",
        "register": reverse("pages:register"),
        "a hotline": reverse("pages:hotline", args=[hotline.code]),
        "a standard of the Guide": standard.get_url(),
        "figures": reverse("pages:figures"),
        "register in Polish": "/pl/register/",
    }


def measure_pages() -> None:
    """Measure the pages with all hotlines loaded: their rows and their map are the longest that visitors see."""
    if not Path(CHROMIUM).exists():
        print(f"What the public pages cost is not measured: {CHROMIUM} is missing.", file=sys.stderr)
        return
    from django.core.management import call_command
    from playwright.sync_api import sync_playwright

    call_command("load_hotlines", str(ROOT / "fixtures" / "hotlines.csv"), stdout=sys.stderr)
    paths = public_paths()
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        # Playwright's loop runs in this thread, which Django would take for async code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with served_as_in_production(Path(folder)) as site:
            for name, path in paths.items():
                cost = cost_of(browser, f"{site}{path}")
                row = {"kilobytes": cost.size / 1000, "requests": cost.requests, "layout_shift": round(cost.shift, 4)}
                most = {"kilobytes": MOST_BYTES / 1000, "requests": MOST_REQUESTS, "layout_shift": MOST_SHIFT}
                print(json.dumps({"operation": f"public page: {name}", **row, "at_most": most}), flush=True)
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
