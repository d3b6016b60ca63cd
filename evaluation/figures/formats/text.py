"""Stream a text of any encoding as blocks of whole lines in UTF-8."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass

from evaluation.figures.formats.source import Limits, Source, Unreadable
from evaluation.figures.problems.file_problems import Problem

QUOTE = b'"'
_UNREADABLE = "\N{REPLACEMENT CHARACTER}".encode()
"""The character in place of one that could not be decoded."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole rows, each ending with a line feed."""

    row: int
    """The number of the first one."""
    content: bytes
    rows: int
    is_last: bool


class Text:
    """The text of a file."""

    def __init__(self, source: Source, encoding: str, limits: Limits) -> None:
        self.source, self.encoding, self.limits = source, encoding, limits

    def blocks(self, size: int, *, first: int | None = None) -> Iterator[Block]:
        """Yield blocks of about `size` bytes, the first of about `first`. A line break in quotation marks ends no row.

        Raises Unreadable for a character that is not text, a line that is too long, or an open quotation mark.
        """
        row, rest, least = 1, b"", 2 * self.limits.line
        for piece, is_last in self._pieces(max(size, least), max(size if first is None else first, least)):
            content = rest + piece
            if is_last and content and not content.endswith(b"\n"):
                content += b"\n"
            if self.encoding != "utf-8":
                _require_letters(piece, content, row)
            end, rows = self._measure(content, row, is_last=is_last)
            self._require_short(content, row)
            rest = content[end:]
            if rows:
                yield Block(row, content if end == len(content) else content[:end], rows, is_last)
            row += rows

    def _pieces(self, size: int, first: int) -> Iterator[tuple[bytes, bool]]:
        """Yield parts of the text in UTF-8 with line feeds, and whether each is the last."""
        decoder = codecs.getincrementaldecoder(self.encoding)(errors="replace")
        file, place, carried, is_first = self.source.file, 0, b"", True
        while True:
            # Seek each time, so that two iterations over the same file do not disturb each other.
            file.seek(place)
            raw = file.read(size if place else first)
            place += len(raw)
            piece = carried + (raw if self.encoding == "utf-8" else decoder.decode(raw, final=not raw).encode())
            carried = b""
            if is_first and piece:
                piece, is_first = piece.removeprefix(codecs.BOM_UTF8), False
            if raw and piece.endswith(b"\r"):
                piece, carried = piece[:-1], b"\r"
            if b"\r" in piece:
                piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            yield piece, not raw
            if not raw:
                return

    def _measure(self, content: bytes, row: int, *, is_last: bool) -> tuple[int, int]:
        """Return the offset after the last whole row, and the number of whole rows. Raises Unreadable."""
        if QUOTE not in content:
            return content.rfind(b"\n") + 1, content.count(b"\n")
        place, rows, end, is_open = 0, 0, 0, False
        for line in io.BytesIO(content):
            if not line.endswith(b"\n"):
                break
            place += len(line)
            if line.count(QUOTE) % 2:
                is_open = not is_open
            if not is_open:
                rows, end = rows + 1, place
            elif place - end > self.limits.line:
                raise Unreadable(Problem("quotation_open", row + rows))
        if is_open and (is_last or len(content) - end > self.limits.line):
            raise Unreadable(Problem("quotation_open", row + rows))
        return end, rows

    def _require_short(self, content: bytes, row: int) -> None:
        """Raise Unreadable for a line longer than the limit. Searches in strides, without splitting."""
        start, longest = 0, self.limits.line
        while len(content) - start > longest:
            next_end = content.rfind(b"\n", start, start + longest)
            if next_end < 0:
                raise Unreadable(Problem("line_too_long", row + content.count(b"\n", 0, start)))
            start = next_end + 1


def _require_letters(piece: bytes, content: bytes, row: int) -> None:
    for mark, code in ((b"\0", "not_text"), (_UNREADABLE, "not_utf8")):
        if mark in piece:
            raise Unreadable(Problem(code, row + content.count(b"\n", 0, content.index(mark))))
