"""Choose the stored name of a file of figures: the original if all its words are about files, else a generated one.

The original name may contain a child's name. Nothing of a rejected name is stored, not even a digest: names can be
guessed.
"""

import re
from datetime import date
from pathlib import PurePath

from evaluation.figures.dictionary.spelling import fold, month_words
from evaluation.figures.formats.published.header import months_of
from evaluation.figures.mapping.words.vocabulary import file_words

_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json")
_SHAPE = re.compile(r"\w[\w .,()+-]{0,99}")
"""Visible characters that no spreadsheet or shell would execute."""
_COPY = re.compile(r"\s*\([1-9]\)$|\bv[1-9]\b", re.IGNORECASE)
_YEAR = "20[0-9]{2}"
_PART = "(?:0?[1-9]|1[0-2]|[qtk][1-4])"
_WHEN = re.compile(rf"(?:{_YEAR}(?: ?(?:{_PART}|{_YEAR}))?|{_PART} ?{_YEAR}|[qtk][1-4])?")
"""A year, a quarter or a month; never a day, which may be somebody's birthday."""
_MARK = 8


def acceptable_name(original_name: str, hotline_code: str) -> str:
    """Return the name without folders, or an empty string if a part of it may be about a person."""
    name = PurePath(original_name.replace("\\", "/")).name
    stem, ending = PurePath(name).stem, PurePath(name).suffix.lower()
    if ending not in _ENDINGS or not _SHAPE.fullmatch(stem):
        return ""
    number, _, country = hotline_code.lower().partition("-")
    name_words = [word for word in fold(_COPY.sub("", stem)).split() if word not in (number, country)]
    numbers = " ".join(word for word in name_words if not word.isalpha())
    words = [word for word in name_words if word.isalpha() and word not in file_words()]
    if not words:
        return name if _WHEN.fullmatch(numbers) else ""
    is_month = len(words) == 1 and words[0] in month_words()
    return name if is_month and re.fullmatch(f"(?:{_YEAR})?", numbers) else ""


def name_unread(hotline_code: str, day: date, mark: str) -> str:
    """Return a name for a file that is not read yet. `mark`, such as its digest, makes the name distinct."""
    return f"{hotline_code} {day} {mark[:_MARK]}"


def name_read(hotline_code: str, start: date, end: date, level: str) -> str:
    """Return a name for a file whose period and level are known."""
    part = {1: f"-{start:%m}", 3: f"-Q{(start.month + 2) // 3}"}.get(months_of(start, end), "")
    return f"{hotline_code} {start.year}{part} {level}"
