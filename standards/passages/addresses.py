"""Find the addresses in a plain or formatted text. Pure."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

_ADDRESS = re.compile(
    r"(?P<web>https?://[^\s<>\"“”„«»]+|\bwww\.[^\s<>\"“”„«»]+)"
    r"|(?:(?<=[\s(])|^)(?P<here>/(?:[a-z]{2}(?:-[a-z]+)?/|documents/)[^\s<>\"“”„«»]*)",
    re.IGNORECASE | re.MULTILINE,
)
_AFTER_IT = ".,;:!?'’”…"
_BRACKETS = {")": "(", "]": "["}

PAGE, DOCUMENT = "page", "document"
"""The kinds of links of Wagtail's editor that refer to an object by its key instead of an address."""


def find_addresses(text: str) -> Iterator[str]:
    """Yield the addresses in a plain text: those with a scheme, with `www.`, and paths of this site.

    Punctuation after an address is not part of it, and neither is a closing bracket that is not opened inside it.
    """
    for match in _ADDRESS.finditer(text):
        address = _without_punctuation(match["web"] or match["here"])
        yield f"https://{address}" if address.lower().startswith("www.") else address


def _without_punctuation(address: str) -> str:
    while address:
        last = address[-1]
        opening = _BRACKETS.get(last)
        if last not in _AFTER_IT and (opening is None or address.count(opening) >= address.count(last)):
            break
        address = address[:-1]
    return address


def find_links(formatted: str) -> Iterator[str]:
    """Yield the addresses of the links in a formatted text as Wagtail stores it.

    A link to a page or a document of the CMS is `page:12` or `document:3`.
    """
    reader = _LinkReader()
    reader.feed(formatted)
    reader.close()
    yield from reader.found


class _LinkReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag != "a":
            return
        if (kind := values.get("linktype")) in (PAGE, DOCUMENT):
            self.found.append(f"{kind}:{values.get('id') or ''}")
        elif address := (values.get("href") or "").strip():
            self.found.append(address)
