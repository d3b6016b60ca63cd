"""The costs of a page for a first-time visitor: served as in production, measured by a real Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.test.testcases import LiveServerThread

MOST_BYTES = 100_000
MOST_REQUESTS = 15
MOST_SHIFT = 0.05
SLOW_LINE = {"offline": False, "latency": 100, "downloadThroughput": 200_000, "uploadThroughput": 100_000}
"""A slow mobile connection: style sheets and fonts arrive one after the other, which shows layout shifts."""
NOT_OURS = ("admin", "wagtail*", "rest_framework", "taggit", "debug_toolbar", "mfa")
"""Folders of static files that no public page requests and that take long to compress."""
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shifted += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""


@dataclass(frozen=True, slots=True)
class PageCost:
    size: int
    """Bytes over the network, including headers."""
    requests: int
    shift: float
    """How much of the page moved after it was shown: Chromium's layout shift."""

    def beyond(self) -> list[str]:
        """Return a description of each exceeded bound."""
        return [
            f"{what} {measured}, of {most:,} at most"
            for what, measured, most in (
                ("bytes", f"{self.size:,}", MOST_BYTES),
                ("requests", f"{self.requests}", MOST_REQUESTS),
                ("layout shift", f"{self.shift:.3f}", MOST_SHIFT),
            )
            if float(measured.replace(",", "")) > most
        ]


@contextmanager
def served_as_in_production(folder: Path) -> Iterator[str]:
    """Serve the site during the block, with its static files collected, hashed and compressed. Yield its address."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "portal.operations.storage.HashedFilesStorage"}}
    with override_settings(STATIC_ROOT=str(folder), STORAGES=storages, WHITENOISE_USE_FINDERS=False):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=list(NOT_OURS))
        # WhiteNoise serves the files as in production, instead of Django's handler of static files.
        thread = LiveServerThread("127.0.0.1", static_handler=lambda handler: handler)
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        if thread.error:
            raise thread.error
        try:
            yield f"http://127.0.0.1:{thread.port}"
        finally:
            thread.terminate()


def cost_of(browser: Any, address: str) -> PageCost:
    """Open the page in a new profile over a slow connection, and measure until its fonts are loaded."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH_SHIFTS)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    asked: set[str] = set()
    sizes: list[float] = []

    def ask(event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            asked.add(event["requestId"])

    devtools.on("Network.requestWillBeSent", ask)
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_LINE)
    page.goto(address)
    page.evaluate("document.fonts.ready")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    cost = PageCost(int(sum(sizes)), len(asked), page.evaluate("window.shifted"))
    context.close()
    return cost
