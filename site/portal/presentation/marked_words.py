"""Marks the words in which two texts differ."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from standards.editions.comparison import Piece, Side, compare_words


def mark_both(before: str, now: str) -> tuple[SafeString, SafeString]:
    """Return both texts, each with the words marked that the other one lacks.

    Both are unmarked if they have no word in common.
    """
    pieces = compare_words(before, now)
    has_common = any(piece.side is Side.BOTH and any(map(str.isalnum, piece.text)) for piece in pieces)
    return (
        _mark((piece for piece in pieces if not piece.is_added), has_common=has_common),
        _mark((piece for piece in pieces if not piece.is_removed), has_common=has_common),
    )


def _mark(pieces: Iterable[Piece], *, has_common: bool) -> SafeString:
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html("<mark>{}</mark>", piece.text)
                if has_common and piece.side is not Side.BOTH and piece.text.strip()
                else piece.text,
            )
            for piece in pieces
        ),
    )
