"""Invisible characters in a text: control characters, and line ends that only some programs recognise."""

import re
import unicodedata

OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""Characters at which `str.splitlines` splits, besides LF and CR."""
_REFUSED = ("Cc", "Cs", "Zl", "Zp")
"""The Unicode categories of control characters, surrogates, line separators and paragraph separators."""


def find_control_character(text: str) -> str:
    """Return the code point of the first character that pages cannot show or PostgreSQL cannot store, as `U+0007`.

    It is empty if there is none. LF and the tab are allowed.
    """
    found = next((c for c in text if c not in "\n\t" and unicodedata.category(c) in _REFUSED), "")
    return f"U+{ord(found):04X}" if found else ""


def with_plain_lines(text: str) -> str:
    """Return a text with LF in place of any other line end."""
    return OTHER_LINE_ENDS.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n"))
