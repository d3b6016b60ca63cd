"""Detect personal data, such as a telephone number, and cells that a spreadsheet would execute. Pure."""

import re
import unicodedata
from collections.abc import Iterator

from evaluation.figures.dictionary.spelling import fold, month_words

LONGEST_CELL = 40

_ADDRESS = re.compile(
    r"\S\s{0,3}@|@\w+(?![\w(])|[(\[{]\s*at\s*[)\]}]|https?://|\bwww\."
    r"|\bat\s+[\w-]+\.[a-z]{2,}"
    r"|\b(?:at\s+\S+\s+(?:dot|punkt)|(?:chez|arobase)\s+\S+\s+point|(?:arroba|chiocciola|małpa)\s+\S+\s+(?:p[uo]nto|kropka))"
    r"\s+[a-z]{2,}",
    re.IGNORECASE,
)
"""An e-mail or web address, written or spelt out."""

_BETWEEN = r"(?:\s?[-./_|]\s?|,|\s)"
_YEAR = r"(?:19|20)[0-9]{2}"
_DATE = re.compile(
    rf"(?<![0-9])(?:{_YEAR}\.?{_BETWEEN}[0-9]{{1,2}}{_BETWEEN}[0-9]{{1,2}}"
    rf"|[0-9]{{1,2}}{_BETWEEN}[0-9]{{1,2}}{_BETWEEN}'?(?:[0-9]{{2}}){{1,2}})(?![0-9])"
)
_AROUND = r"[\s.,/-]{0,4}"
_DAY = r"(?<![0-9])[0-9]{1,2}(?:st|nd|rd|th|er|e|a|º)?"
_MONTH = r"([^\W\d_]{1,12})"
_WORDED = (
    re.compile(rf"{_DAY}{_AROUND}(?:(?:of|de|di|d')\s+)?{_MONTH}{_AROUND}(?:del?\s+)?'?({_YEAR}|[0-9]{{2}})(?![0-9])"),
    re.compile(rf"(?<!\w){_MONTH}\.?\s{{0,3}}{_DAY},?\s*({_YEAR})(?![0-9])"),
    re.compile(rf"({_YEAR}){_AROUND}(?:m\.|gada)?\s{{0,3}}{_MONTH}\s{{1,3}}{_DAY}(?![0-9])"),
    re.compile(rf"({_YEAR}){_AROUND}(?:gada\s+)?{_DAY}{_AROUND}{_MONTH}"),
)
"""A day, the name of its month and its year, in any order."""
_ROMAN = re.compile(r"[IVX]{1,4}|[ivx]{2,4}")
_SHORTEST_MONTH = 3

_RUN = re.compile(r"\(?[0-9](?:(?:\s{0,3}[-/._]?\s{0,3}|,|\s{0,3}\([0-9]{1,5}\)\s{0,3}[-/]?|\)\s{0,3})[0-9])*")
_SHORTEST_TELEPHONE = 7
"""The digits from which a number may be a telephone number, unless it is an amount or a list of years."""
_PAIRED_DIGITS = 6
"""The digits of a short telephone number, which is written in pairs."""
_OURS = re.compile(r"(?<![0-9])116[ .-]?000(?![0-9])")
_AMOUNT = re.compile(r"[1-9][0-9]{0,2}(?:([ .,])[0-9]{3})(?:\1[0-9]{3})?")
_LONGEST_AMOUNT = 7
_YEARS = re.compile(rf"{_YEAR}(?:\s?[-/,]\s?{_YEAR})*|(?:{_YEAR}\s?)+")

_TAX_CODE = re.compile(r"(?<!\w)[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z](?!\w)", re.IGNORECASE)
"""The Italian tax code: the only personal number in Europe with too few digits in a row for a telephone number."""

_PERIOD = re.compile(
    r"(?<!\w)(?:[HKQSTW]|KW)\s?[0-9]{1,2}(?:-[0-9]{1,2})?[\s/-]"
    rf"({_YEAR}|[0-9]{{2}})(?:[/-]({_YEAR}|[0-9]{{2}}))?(?!\s?[-./]?[0-9])",
    re.IGNORECASE,
)
"""A quarter, a half or some weeks of a year, which may begin in another month than January."""

_SIGNED = re.compile(r"[-+\u2212][0-9][0-9.,'\u2019 \u00a0\u2009\u202f]*%?")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would execute the cell as a formula. A signed number is not a formula."""
    return text.startswith(("=", "+", "-", "@", "\t", "\r")) and len(text) > 1 and not _SIGNED.fullmatch(text)


def looks_personal(text: str) -> bool:
    """Whether a text, which is neither a code nor a number, has the shape of data about a person."""
    text = _plain(text)
    if _ADDRESS.search(text):
        return True
    if not any(letter.isdigit() for letter in text):
        return False
    text = _PERIOD.sub(_without_period, text)
    return bool(
        _DATE.search(text) or _TAX_CODE.search(text) or _names_a_day(text) or any(map(_is_telephone, _runs(text)))
    )


def _without_period(found: re.Match[str]) -> str:
    """Return an empty string if a period is followed by one year or two consecutive ones; else the text unchanged."""
    first, second = found.groups()
    if second is None:
        return "" if len(first) == 4 else found[0]
    is_next = len(first) >= len(second) and (int(first) + 1) % 100 == int(second) % 100
    return "" if is_next else found[0]


def _plain(text: str) -> str:
    """Return the text with ASCII digits, dashes and blanks, without invisible characters."""
    return text if text.isascii() else "".join(map(_plain_letter, unicodedata.normalize("NFKC", text)))


def _plain_letter(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Nd":
        return str(unicodedata.decimal(letter))
    if kind == "Cf":
        return ""
    stand_ins = {"Pd": "-", "Zs": " ", "Zl": " ", "Zp": " "}
    return {"\u2212": "-", "\u2044": "/", "\u2215": "/", "·": ".", "•": ".", "\u2019": "'"}.get(
        letter, stand_ins.get(kind, letter)
    )


def _names_a_day(text: str) -> bool:
    return any(_is_month(word) for shape in _WORDED for found in shape.finditer(text) for word in found.groups())


def _is_month(word: str) -> bool:
    if _ROMAN.fullmatch(word):
        return True
    folded = fold(word)
    return len(folded) >= _SHORTEST_MONTH and any(month.startswith(folded) for month in month_words())


def _runs(text: str) -> Iterator[str]:
    return (found[0] for found in _RUN.finditer(_OURS.sub("", text)))


def _is_telephone(run: str) -> bool:
    groups = re.findall(r"[0-9]+", run)
    digits = sum(map(len, groups))
    if digits < _SHORTEST_TELEPHONE:
        return digits == _PAIRED_DIGITS and len(groups) >= _PAIRED_DIGITS // 2
    return not (_YEARS.fullmatch(run) or (_AMOUNT.fullmatch(run) and digits <= _LONGEST_AMOUNT))
