"""The permanent key of a domain, a standard or an indicator, which identifies it across editions."""

from typing import Any

LONGEST_KEY = 32


def drop_usual_key(part: Any) -> None:
    """Empty the key of a frozen part that equals its code, so that each identity is spelled in one way."""
    if part.key == part.code:
        object.__setattr__(part, "key", "")
