"""What a formatted text may have. Whatever way it comes in, it passes through the converter of the editor."""

import re

from bs4 import BeautifulSoup
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

RICH_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
"""The features of the editor for formatted texts."""

_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
"""What the converter gives each block. It is another one each time, and nothing here comments on blocks."""
_EMPTY_AT_THE_END = re.compile(r"(?:<p></p>)+$")
_NEVER_SHOWN = ["script", "style", "template", "noscript", "iframe", "object", "svg", "title", "textarea"]
"""Elements whose content is no text of the page."""


def clean_html(html: str) -> str:
    """Return formatted text with only what the editor can write, each tag closed."""
    soup = BeautifulSoup(html, "html.parser")
    for element in soup(_NEVER_SHOWN):
        element.decompose()
    converter = ContentstateConverter(RICH_FEATURES)
    cleaned = _BLOCK_KEY.sub("", converter.to_database_format(converter.from_database_format(str(soup))))
    return _EMPTY_AT_THE_END.sub("", cleaned)
