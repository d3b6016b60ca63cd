"""Post a form of an act that shows its letters first, and post it again as the page with the letters does."""

from typing import Any

from django.test import Client

from portal.requests.returned_forms import LETTERS_SHOWN


def post_as_shown(client: Client, address: str, given: dict[str, Any] | None = None, **how: Any) -> Any:
    """Return the response to the second post; to the first one if that shows no letters."""
    page = client.post(address, given or {}, **how)
    shown = page.context.get("shown") if page.context and page.context.get("field") == LETTERS_SHOWN else None
    return client.post(address, {**(given or {}), LETTERS_SHOWN: shown}, **how) if shown else page
