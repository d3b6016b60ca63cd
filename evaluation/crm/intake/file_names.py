"""What a file of figures is called here: as it came if each word of its name is about files; else a name of ours.

A name that somebody typed may be a child's. Of a name that is not kept nothing is, not even its digest: names are few.
"""

import re
from datetime import date
from pathlib import PurePath

from evaluation.crm.dictionary.spelling import fold, month_words
from evaluation.crm.formats.published.header import months_of
from evaluation.crm.mapping.words.vocabulary import file_words

_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".ods", ".json")
_SHAPE = re.compile(r"\w[\w .,()+-]{0,99}")
"""Letters that everybody sees, and nothing that a spreadsheet or a shell would run."""
_COPY = re.compile(r"\s*\([1-9]\)$|\bv[1-9]\b", re.IGNORECASE)
_YEAR = "20[0-9]{2}"
_PART = "(?:0?[1-9]|1[0-2]|[qtk][1-4])"
_WHEN = re.compile(rf"(?:{_YEAR}(?: ?(?:{_PART}|{_YEAR}))?|{_PART} ?{_YEAR}|[qtk][1-4])?")
"""A year, a quarter or a month; never a day, which may be somebody's birthday."""
_MARK = 8


def acceptable_name(came_as: str, hotline_code: str) -> str:
    """The name that a file came with, without its folders, or nothing where any of it may be about a person."""
    name = PurePath(came_as.replace("\\", "/")).name
    stem, ending = PurePath(name).stem, PurePath(name).suffix.lower()
    if ending not in _ENDINGS or not _SHAPE.fullmatch(stem):
        return ""
    number, _, country = hotline_code.lower().partition("-")
    told = [word for word in fold(_COPY.sub("", stem)).split() if word not in (number, country)]
    numbers = " ".join(word for word in told if not word.isalpha())
    words = [word for word in told if word.isalpha() and word not in file_words()]
    if not words:
        return name if _WHEN.fullmatch(numbers) else ""
    is_month = len(words) == 1 and words[0] in month_words()
    return name if is_month and re.fullmatch(f"(?:{_YEAR})?", numbers) else ""


def name_unread(hotline_code: str, day: date, mark: str) -> str:
    """For a file of which nothing is known yet. `mark` sets it apart, such as the first letters of its digest."""
    return f"{hotline_code} {day} {mark[:_MARK]}"


def name_read(hotline_code: str, start: date, end: date, level: str) -> str:
    """For a file whose period and level are known."""
    part = {1: f"-{start:%m}", 3: f"-Q{(start.month + 2) // 3}"}.get(months_of(start, end), "")
    return f"{hotline_code} {start.year}{part} {level}"
