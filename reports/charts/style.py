"""What charts have in common: the colours of the paper, and the measures of a chart on a page."""

import re
from functools import cache
from pathlib import Path

PAPER = Path(__file__).parent.parent / "templates" / "reports" / "paper.css"
TOKEN = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})\b")

WIDTH, SIZE = 320.0, 13.0
"""Of a chart on a page, and the size of its letters."""


@cache
def tokens() -> dict[str, str]:
    """The colours by their names, read from the style sheet of the paper."""
    return dict(TOKEN.findall(PAPER.read_text()))
