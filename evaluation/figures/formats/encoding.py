"""Detect the encoding of a text: UTF-8 or UTF-16 if that can be proved, else the one that fits a language."""

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import cache

from evaluation.figures.dictionary.spelling import words_outside_ascii
from evaluation.figures.formats.source import MEGABYTE, Source, Unreadable
from evaluation.figures.problems.file_problems import Problem

_SAMPLE = 64 * 1024
"""The bytes, from lines with letters outside ASCII, that are analysed."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_OTHER_LETTER = re.compile(rb"[\x80-\xff]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_AROUND = 1000
"""The bytes of a line that are analysed on either side of a letter outside ASCII."""
_CLEARLY = 0.1
"""The lead in coherence by which the best encoding is accepted."""
_LAST_LATIN = "\u024f"
"""Later code points belong to other scripts, whose letters are in no word with ASCII letters."""

_WEST = (
    "äöüß àâæçéèêëîïôœùûüÿ áéíóúëïöüèà áéíñóúü àáâãçéêíóôõú àèéìíîòóùú æøåéó åäöé äöüõšž áðéíóúýþæö çë áéíóú àçèéíïòóúü"
)
_MIDDLE = "ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű ăâîşţ čćđšž çë äöüß"
_BALTIC = "āčēģīķļņšūž ąčęėįšųūž äöüõšž ąćęłńóśźż"
_GREEK = "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ"
_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя абвгдђежзијклљмнњопрстћуфхцчџш абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_ALPHABETS = {
    "cp1252": _WEST,
    "iso8859_15": _WEST,
    "cp1250": _MIDDLE,
    "iso8859_2": _MIDDLE,
    "cp1257": _BALTIC,
    "iso8859_13": _BALTIC,
    "cp1253": _GREEK,
    "iso8859_7": _GREEK,
    "cp1251": _CYRILLIC,
    "iso8859_5": _CYRILLIC,
    "cp1254": "çğıöşüâîû",
}
"""The letters outside ASCII of the languages that each encoding is used for, one word per language."""
_OLDER_ALPHABETS = {
    "cp850": _WEST,
    "cp852": _MIDDLE,
    "cp775": _BALTIC,
    "cp737": _GREEK,
    "cp866": _CYRILLIC,
    "koi8_r": _CYRILLIC,
    "mac_roman": _WEST,
    "mac_latin2": _MIDDLE,
    "mac_greek": _GREEK,
    "mac_cyrillic": _CYRILLIC,
}
"""The same for DOS and older Macs, which are tried if none of the encodings above fits."""
_SIGNS = frozenset("–—\u2018’\u201a“”„«»€…°§№ºª\u00a0")
_LONE_SIGNS = frozenset("Øø")
"""Letters that are signs where they stand alone: `Ø` is a mean."""
_LONE_CAPITALS = frozenset("ÀÁÅÈÉÍÒÓÔÕÖÚŽ")
"""Latin capitals outside ASCII that are a whole word in some language, or the sign of one: `Ž` for female."""
_IN_WORDS = frozenset("’–\u00a0")


def find_encoding(source: Source, longest: int) -> str:
    """Return the encoding of the whole file.

    Raises Unreadable if a character is not text or can be decoded in two ways, or if a line is longer than `longest`
    bytes.
    """
    source.file.seek(0)
    head = source.file.read(2048)
    for mark, name in _MARKS:
        if head.startswith(mark) and not head.startswith(codecs.BOM_UTF32_LE):
            if name == "utf-8":
                break
            return name
    else:
        if (utf16 := _find_utf16(head)) is not None:
            return utf16
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, row, wrong, sample = True, 1, 0, bytearray()
    for block in _blocks(source):
        if (place := block.find(0)) >= 0:
            raise Unreadable(Problem("not_text", row + count_ends(block[:place])))
        if (long_line := _find_long_line(block, longest)) is not None:
            raise Unreadable(Problem("line_too_long", row + count_ends(block[:long_line])))
        if not block.isascii():
            if len(sample) < _SAMPLE:
                sample += _lines_with_letters(block)
            if is_utf8 and not _can_decode(decoder, block):
                is_utf8, wrong = False, row
        elif is_utf8 and decoder.getstate()[0]:
            is_utf8, wrong = False, row
        row += count_ends(block)
    if is_utf8 and not decoder.getstate()[0]:
        return "utf-8"
    return _guess_encoding(bytes(sample[: 2 * _SAMPLE]), _row_of_letter(source, wrong or row))


def count_ends(block: bytes) -> int:
    """Return the number of line ends, of either kind."""
    return block.count(b"\n") or block.count(b"\r")


def _blocks(source: Source) -> Iterator[bytes]:
    source.file.seek(0)
    while block := source.file.read(MEGABYTE):
        yield block


def _find_long_line(block: bytes, longest: int) -> int | None:
    """Return an offset in a line longer than `longest` bytes, or None."""
    for start in range(0, len(block) - longest + 1, longest):
        if block.find(b"\n", start, start + longest) < 0 and block.find(b"\r", start, start + longest) < 0:
            return start
    return None


def _find_utf16(head: bytes) -> str | None:
    """Return the UTF-16 encoding of a text without byte order mark: every second byte of ASCII letters is zero."""
    even, odd, pairs = head[::2].count(0), head[1::2].count(0), len(head) // 2
    if odd * 5 > pairs * 4 and not even:
        return "utf-16-le"
    return "utf-16-be" if even * 5 > pairs * 4 and not odd else None


def _lines_with_letters(block: bytes) -> bytes:
    """Return the first lines of a block that have letters outside ASCII, about `_SAMPLE` bytes."""
    found, place = bytearray(), 0
    while len(found) < _SAMPLE and (letter := _OTHER_LETTER.search(block, place)):
        before, behind = max(place, letter.start() - _AROUND), letter.start() + _AROUND
        start = max(block.rfind(end, before, letter.start()) for end in (b"\n", b"\r"))
        ends = [block.find(end, letter.start(), behind) for end in (b"\n", b"\r")]
        place = min([end for end in ends if end >= 0], default=min(behind, len(block)))
        found += block[before if start < 0 else start + 1 : place] + b"\n"
    return bytes(found)


def _can_decode(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    try:
        decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True


def _row_of_letter(source: Source, row: int) -> int:
    """Return the row of the first letter that is not UTF-8, in the block that begins at `row` or later."""
    passed = 1
    for block in _blocks(source):
        if passed >= row and (place := _find_other(block)) is not None:
            return passed + count_ends(block[:place])
        passed += count_ends(block)
    return row


def _find_other(block: bytes) -> int | None:
    """Return the offset of the first letter that is not UTF-8, ignoring one cut by the end of the block."""
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as other:
        return None if other.reason == "unexpected end of data" else other.start
    return None


def _guess_encoding(sample: bytes, row: int) -> str:
    """Return the only encoding in which the letters of the sample belong to one language.

    If several fit, the one is returned that alone has words of exports, else the most coherent one if it is clearly
    ahead. Raises Unreadable otherwise, with `row`.
    """
    readings: dict[str, str] = {}
    for alphabets in (_ALPHABETS, _OLDER_ALPHABETS):
        for encoding in alphabets if not readings else ():
            text = _decode(sample, encoding)
            if text is not None and _is_written_in(text, alphabets[encoding]) and text not in readings:
                readings[text] = encoding
    if len(readings) == 1:
        return next(iter(readings.values()))
    if known := _only_with_words(readings):
        return known
    if readings and (clear := _most_coherent(sample, readings.values())):
        return clear
    raise Unreadable(Problem("encoding_unclear" if readings else "not_utf8", row))


def _only_with_words(readings: dict[str, str]) -> str | None:
    """Return the encoding whose reading alone has words that are known, among those in which the readings differ."""
    words = {encoding: set(_WORD.findall(text.casefold())) for text, encoding in readings.items()}
    known = {encoding: found & words_outside_ascii() for encoding, found in words.items()}
    every = set.intersection(*known.values()) if known else set()
    with_words = [encoding for encoding, found in known.items() if found - every]
    return with_words[0] if len(with_words) == 1 else None


def _decode(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_written_in(text: str, alphabets: str) -> bool:
    """Whether one language has all these letters, in plausible words."""
    letters: set[str] = set()
    lone: set[str] = set()
    for place, letter in enumerate(text):
        if letter.isascii():
            continue
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        if letter in _SIGNS:
            if letter not in _IN_WORDS and before.isalpha() and after.isalpha():
                return False
            continue
        is_lone = not before.isalpha() and not after.isalpha()
        if is_lone and letter in _LONE_SIGNS:
            continue
        if not letter.isalpha() or (letter.isupper() and (before.islower() or (before.isalpha() and after.islower()))):
            return False
        if is_lone and letter <= _LAST_LATIN and letter.isupper() and letter not in _LONE_CAPITALS:
            return False
        if letter > _LAST_LATIN and (_is_plain_letter(before) or _is_plain_letter(after)):
            return False
        (lone if is_lone and letter > _LAST_LATIN else letters).add(letter.lower())
    if lone and not letters:
        return False  # no word of another script
    return any(letters | lone <= alphabet for alphabet in _alphabets(alphabets))


def _is_plain_letter(text: str) -> bool:
    return text.isascii() and text.isalpha()


@cache
def _alphabets(words: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(word) | frozenset(word.upper().lower()) for word in words.split())


def _most_coherent(sample: bytes, encodings: Iterable[str]) -> str | None:
    """Return the encoding whose letter sequences are most frequent in real text, if it is clearly ahead, or None."""
    from charset_normalizer import from_bytes

    found = sorted(
        ((match.coherence, match.encoding) for match in from_bytes(sample, cp_isolation=list(encodings))), reverse=True
    )
    if found and found[0][0] - (found[1][0] if len(found) > 1 else 0) > _CLEARLY:
        return found[0][1]
    return None
