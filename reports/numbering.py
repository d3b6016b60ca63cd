"""The number in the footer of a report: the first digits of its document's digest, in groups of four."""

import re

DIGITS = 16


def printed_number(sha256: str) -> str:
    first = sha256[:DIGITS]
    return " ".join(first[place : place + 4] for place in range(0, len(first), 4))


def read_number(text: str) -> str:
    """Return the digits of an entered number, without spaces or the word sha256; empty if it is no such number."""
    digits = re.sub(r"^sha-?256", "", re.sub(r"[\s:]", "", text.lower()))
    return digits if re.fullmatch(rf"[0-9a-f]{{{DIGITS},64}}", digits) else ""
