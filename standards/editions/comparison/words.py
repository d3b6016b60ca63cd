"""The difference of two texts, word by word. Pure.

The compared tokens are words, white space and punctuation marks, so that a reader sees which words changed, not which
letters. Both texts can be restored from their difference.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_TOKENS = re.compile(r"(?:\w|[\u0300-\u036f])+|\s+|.", re.DOTALL)
"""A word with its combining accents, white space, or a mark."""
_MOST_TOKENS = 4_000
"""The limit of a word-by-word comparison. A longer text is shown as replaced between its equal ends."""
_LEAST_IN_COMMON = 0.35
"""The share of equal words below which a text is shown as replaced, as scattered equal words would confuse a reader."""


class Side(StrEnum):
    """The text, or texts, that a piece is from."""

    BOTH = "both"
    BEFORE = "before"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of one text or of both."""

    side: Side
    text: str

    @property
    def is_removed(self) -> bool:
        return self.side is Side.BEFORE

    @property
    def is_added(self) -> bool:
        return self.side is Side.NOW


def compare_words(before: str, now: str) -> tuple[Piece, ...]:
    """Return the pieces of both texts in order. A removed piece comes before the one that replaces it."""
    former, present = _TOKENS.findall(before), _TOKENS.findall(now)
    start = _equal_at_start(former, present)
    end = _equal_at_start(former[start:][::-1], present[start:][::-1])
    middle = former[start : len(former) - end], present[start : len(present) - end]
    return tuple(
        _joined(
            (
                Piece(Side.BOTH, "".join(former[:start])),
                *_compare(*middle, replaces=not start and not end),
                Piece(Side.BOTH, "".join(former[len(former) - end :])),
            )
        )
    )


def _equal_at_start(former: list[str], present: list[str]) -> int:
    count = 0
    for one, other in zip(former, present, strict=False):
        if one != other:
            break
        count += 1
    return count


def _compare(former: list[str], present: list[str], *, replaces: bool) -> Iterator[Piece]:
    """Yield the pieces of two lists of tokens.

    With `replaces`, lists with little in common are shown as replaced as a whole.
    """
    whole = (Piece(Side.BEFORE, "".join(former)), Piece(Side.NOW, "".join(present)))
    if max(len(former), len(present)) > _MOST_TOKENS:
        yield from whole
        return
    matcher = SequenceMatcher(None, former, present, autojunk=False)
    blocks = [
        block
        for block in matcher.get_matching_blocks()
        if any(not token.isspace() for token in former[block.a : block.a + block.size])
    ]
    words = sum(_count_words(tokens) for tokens in (former, present))
    shared = 2 * sum(_count_words(former[block.a : block.a + block.size]) for block in blocks)
    if replaces and shared < _LEAST_IN_COMMON * words:
        yield from whole
        return
    at, at_present = 0, 0
    for block in blocks:
        yield Piece(Side.BEFORE, "".join(former[at : block.a]))
        yield Piece(Side.NOW, "".join(present[at_present : block.b]))
        yield Piece(Side.BOTH, "".join(former[block.a : block.a + block.size]))
        at, at_present = block.a + block.size, block.b + block.size
    yield Piece(Side.BEFORE, "".join(former[at:]))
    yield Piece(Side.NOW, "".join(present[at_present:]))


def _count_words(tokens: Iterable[str]) -> int:
    return sum(token[0].isalnum() for token in tokens)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces without empty ones, and with adjacent pieces of one side joined."""
    waiting: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if waiting and waiting.side is piece.side:
            waiting = Piece(piece.side, waiting.text + piece.text)
            continue
        if waiting:
            yield waiting
        waiting = piece
    if waiting:
        yield waiting
