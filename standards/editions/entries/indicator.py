"""The entries of an indicator, derived from its declaration in the framework."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from standards.editions.entries.entry import ANY_NUMBER, NEEDED, Entry, Table
from standards.framework import INDICATOR_STRUCTURE, INDICATOR_TEXTS, LEVELS, Field, Text
from standards.framework.field import Written

_STRUCTURE = {field.name: field for field in INDICATOR_STRUCTURE}
_TEXTS = {text.path: text for text in INDICATOR_TEXTS}
_LEFT_OUT: Mapping[type, Any] = {str: "", bool: False, list: [], int: None, date: None}


def _entry(declared: Field | Text, meaning: str, example: str) -> Entry:
    """Return the entry of a declared field or text."""
    if isinstance(declared, Text):
        return Entry(declared.key, str, meaning, example, "" if declared.table else NEEDED, declared.max_length)
    default = NEEDED if declared.written is Written.ALWAYS else _LEFT_OUT[declared.kind]
    bounds = declared.bounds or ANY_NUMBER
    return Entry(
        *(declared.name, declared.kind, meaning, example, default, declared.max_length, bounds),
        choices=declared.choices,
    )


_INDICATOR: Mapping[str, tuple[str, str]] = {
    "code": ("The code of the standard, a dot, and a number from 1 to 99.", '"1.1.1"'),
    "key": (
        "By what the indicator is known from one edition to the next, if its code changes. Left out, the code.",
        '"1.1.1"',
    ),
    "wording": ("What is asked.", '"Calls are answered at any hour."'),
    "guidance": ("How it is meant and looked at.", '"Nights and holidays count."'),
    "obligation": ("One of the edition’s obligations, by its code.", '"essential"'),
    "measure": (
        "How it is answered: `scale` by a level, `yes_no` (yes is the best level, no the worst), `numeric` by a number.",
        '"scale"',
    ),
    "source": (
        "Where the evidence comes from: `documents`, `visit`, `statistics` (figures fill it), `system` (MCE’s own records).",
        '"documents"',
    ),
    "evidence": ("What shows it.", '"The rota of a month"'),
    "evidence_required": ("Whether a document or an address must be attached.", "false"),
    "not_applicable": ("Whether a hotline may say, with a reason, that it does not apply.", "false"),
    "counts_with": (
        "What the hotline’s word must come with before it counts: `words`, `evidence` or `either`.",
        '"either"',
    ),
    "counts_at": (
        "The same for single levels, and for “not applicable”, where it differs: `nothing`, `words`, `evidence` or `either`.",
        '"0:words;3:evidence;na:either"',
    ),
    "least_words": ("How many words must explain an answer that counts only with words.", "10"),
    "asked_from": ("The day from which it is asked, as a date without quotation marks.", "2027-01-31"),
    "asked_if": (
        "Of which hotlines it is asked, if not of all: alternatives separated by semicolons. Each is a trait of the "
        "edition, or an earlier answer: `1.1.2>=3` at level 3 or better, `1.1.2=0,3` at one of these levels.",
        '"own_number;1.1.2>=3;1.1.2=0,3"',
    ),
    "unit": ("The unit of its number: `percent`, `hours`, `minutes`, `seconds`, `days` or a word.", '"percent"'),
    "bands": (
        "Which number gives which level, the first that holds: `comparison bound : level`, separated by semicolons. "
        "What is in none has the worst level. `report_only`: shown and not scored.",
        '">=90:3;>=80:2;>=60:1"',
    ),
    "formula": (
        "An item of the statistics or a ratio of items. For a `numeric` indicator it gives the number; for another one "
        "the level above which nobody’s word counts.",
        '"A04/A03"',
    ),
    "minimum_base": ("How many cases there must be before the figure counts.", '"A03>=20"'),
    "minimum_months": ("From how many recorded months on the figure counts. Left out: all.", "10"),
    "asked_anew": (
        "Whether it means something else than in the edition before, so that no answer to that one is carried over.",
        "false",
    ),
    "points": ("Points that replace those of the scale for this indicator.", "[0, 1, 2, 3]"),
}
"""The meaning of each field and text, with an example, in the order of a file."""
_RECOMMENDATION: Mapping[str, tuple[str, str]] = {
    "title": ("What to do, in a line.", '"Answer at any hour"'),
    "text": ("What to do, in full.", '"Fill the gaps of the rota."'),
    "look_for": ("By what one sees that it is done.", '"A rota without gaps"'),
}
_LEVELS: Mapping[str, str] = {
    "0": '"By day only"',
    "1": '"Evenings too"',
    "2": '"Nearly always"',
    "3": '"Always"',
    **{str(level): '"…"' for level in LEVELS[4:]},
    "yes": '"It is so"',
    "no": '"It is not so"',
}

INDICATOR = Table(
    "[[standards.indicators]]",
    "One indicator of the standard that stands before it.",
    (
        *(_entry(_STRUCTURE.get(name) or _TEXTS[name], *words) for name, words in _INDICATOR.items()),
        Entry("levels", dict, "What each level means here.", "[standards.indicators.levels]", {}),
        Entry(
            "recommendation",
            dict,
            "What is recommended where it falls short.",
            "[standards.indicators.recommendation]",
            {},
        ),
    ),
)
LEVEL_TEXTS = Table(
    "[standards.indicators.levels]",
    "What each level means for an indicator: by number for `scale`, `yes` and `no` for `yes_no`, none for `numeric`.",
    tuple(
        _entry(_TEXTS[f"level/{key}"], f"What level {key} means." if key.isdigit() else f"What {key} means.", example)
        for key, example in _LEVELS.items()
    ),
)
RECOMMENDATION_TEXTS = Table(
    "[standards.indicators.recommendation]",
    "What is recommended where an indicator does not reach the level its obligation asks for.",
    tuple(_entry(_TEXTS[f"recommendation/{key}"], *words) for key, words in _RECOMMENDATION.items()),
)
