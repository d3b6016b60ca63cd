"""The canonical form of data (JSON in UTF-8 and NFC, with sorted keys, without floats and spaces) and its digest."""

import hashlib
import json
import unicodedata
from typing import Any


def canonical(data: Any) -> str:
    """Return `data` as canonical JSON, so that equal data have equal digests. Raises TypeError for a float."""
    _refuse_floats(data)
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return unicodedata.normalize("NFC", text)


def _refuse_floats(data: Any) -> None:
    if isinstance(data, float):
        raise TypeError("A canonical document holds no floats: write an integer, or the decimal as text.")
    if isinstance(data, dict):
        for value in data.values():
            _refuse_floats(value)
    elif isinstance(data, list | tuple):
        for value in data:
            _refuse_floats(value)


def digest(text: str) -> str:
    """Return the sha256 of canonical text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


# --- The permanent key of a domain, a standard or an indicator, which identifies it across editions -------------------

LONGEST_KEY = 32


def drop_redundant_key(part: Any) -> None:
    """Empty the key of a frozen part if it equals the code, so that the canonical form of a part is unique."""
    if part.key == part.code:
        object.__setattr__(part, "key", "")
