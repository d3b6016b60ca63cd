"""Words in the cells of a workbook: what a spreadsheet changes in them is no difference."""

import re

_ESCAPED = re.compile(r"_x((?i:00[01][0-9A-F]|FFF[EF]))_")
"""Characters that XML cannot hold, as workbooks write them: LibreOffice in small letters."""


def clean_words(words: str) -> str:
    """Return the words with plain ends of lines, without blanks around them and without escapes of characters."""
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), words).replace("\x00", "")
    return plain.replace("\r\n", "\n").replace("\r", "\n").strip()
