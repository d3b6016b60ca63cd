"""The allowed content of formatted texts. Every formatted text passes through the converter of Wagtail's editor."""

import re

from bs4 import BeautifulSoup
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.whitelist import ALLOWED_URL_SCHEMES, check_url

ALLOWED_URL_SCHEMES[:] = ["http", "https", "mailto", "tel"]  # Wagtail has no setting for it, and allows FTP too

RICH_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
"""The features of the editor for formatted texts."""

_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
"""The key that the converter adds to each block. It is random, and would only serve comments on blocks."""
_EMPTY_AT_THE_END = re.compile(r"(?:<p></p>)+$")
_NEVER_SHOWN = ["script", "style", "template", "noscript", "iframe", "object", "svg", "title", "textarea"]
"""The elements that are removed with their content, as it is not text of the page."""


def find_refused_links(html: str) -> list[str]:
    """Return the addresses of links that `clean_html` removes, as they lead to no web page, e-mail or telephone."""
    links = [str(link["href"]) for link in BeautifulSoup(html, "html.parser")("a", href=True)]
    return [address for address in links if check_url(address) is None]


def clean_html(html: str) -> str:
    """Return a formatted text with only the elements that the editor can write, and with all tags closed."""
    soup = BeautifulSoup(html, "html.parser")
    for element in soup(_NEVER_SHOWN):
        element.decompose()
    converter = ContentstateConverter(RICH_FEATURES)
    cleaned = _BLOCK_KEY.sub("", converter.to_database_format(converter.from_database_format(str(soup))))
    return _EMPTY_AT_THE_END.sub("", cleaned)
