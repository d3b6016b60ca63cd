"""Normalise the words in the cells of a workbook, so that changes by a spreadsheet program count as no difference."""

import re

_ESCAPED = re.compile(r"_x((?i:00[01][0-9A-F]|FFF[EF]))_")
"""Characters that XML cannot contain, as workbooks escape them; LibreOffice writes lower-case digits."""


def clean_words(words: str) -> str:
    """Return the words with Unix line ends, unescaped and stripped of surrounding whitespace."""
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), words).replace("\x00", "")
    return plain.replace("\r\n", "\n").replace("\r", "\n").strip()
