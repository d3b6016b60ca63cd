"""The colours and the font of charts, and the size of a chart on a page."""

import re
from functools import cache
from pathlib import Path

PAPER = Path(__file__).parent.parent / "templates" / "reports" / "paper.css"
TOKEN = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})\b")

FAMILY = "Source Sans 3"
WIDTH, SIZE = 320.0, 13.0
"""The width of a chart on a page, and its font size."""


@cache
def tokens() -> dict[str, str]:
    """Return the colours by name, read from the style sheet of the report."""
    return dict(TOKEN.findall(PAPER.read_text()))
