"""Every entry that the files of an edition can have: its kind, its default, what it means, and an example.

The reader takes its kinds and defaults from here, and the reference page is written from here: neither can know an entry
that the other does not. The examples of all tables together are an edition that passes `check_edition`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from standards.drafts.fields import PROCEDURE
from standards.framework import (
    INDICATOR_STRUCTURE,
    INDICATOR_TEXTS,
    LEVELS,
    Aggregation,
    Field,
    Obligation,
    Procedure,
    Test,
    Text,
)
from standards.framework.field import Written

NEEDED = object()
"""The default of what must be written."""
ANY_NUMBER = (0, 9999)
WEIGHTS = (1, 99)
MONTHS = (0, 120)
PERCENT = (0, 100)


@dataclass(frozen=True)
class Entry:
    """One entry of a table. `example` is its value as TOML writes it, or how the table begins that is its value.

    `longest` is the room for a text, and for a list of texts written one after the other; `bounds` are those of a number.
    """

    name: str
    kind: type
    meaning: str
    example: str
    default: Any = NEEDED
    longest: int | None = None
    bounds: tuple[int, int] = ANY_NUMBER

    @property
    def is_needed(self) -> bool:
        return self.default is NEEDED

    @property
    def is_list_of_tables(self) -> bool:
        return self.example.startswith("[[")

    @property
    def begins_table(self) -> bool:
        """Its value is written as tables of their own."""
        return self.kind is dict or self.is_list_of_tables


@dataclass(frozen=True)
class Table:
    """A table of a file: how it begins, what it is, and its entries."""

    begins: str
    meaning: str
    entries: tuple[Entry, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(entry.name for entry in self.entries)

    def entry(self, name: str) -> Entry:
        return next(entry for entry in self.entries if entry.name == name)


_METHODS: Mapping[str, str] = {
    "standard": "How the score of a standard is made of its indicators: `weighted_mean` by the weight of their obligation, "
    "`mean` each counted once, `sum` of their points, `share` of those that reach `level`, `lowest` of them.",
    "domain": "How the score of a domain is made: `mean` of its standards by their weight; any other method takes all its "
    "indicators together.",
    "overall": "How the score of the whole is made: `mean` of the domains by their weight; any other method takes all "
    "indicators together.",
}
_PROCEDURE: Mapping[str, str] = {
    "response_days": "Days in which the hotline may answer the draft report.",
    "quorum": "Members of the panel who must vote.",
    "departing": "Members who must vote for an outcome other than the one proposed.",
    "appeal_days": "Days in which the hotline may appeal, from the day it is told.",
    "deferral_months": "Months within which a deferred hotline hands in what is missing.",
    "midterm_months": "Months from the decision to the check of the recommendations.",
    "reminder_months": "Months before the end of an accreditation at which a reminder comes.",
}

TITLE_PAGE = Table(
    "edition.toml",
    "The title page: what the edition is called, its scale, its rule and its procedure. The entries without brackets stand "
    "before the first table.",
    (
        Entry("code", str, "How the edition is called for good: letters, digits, dots and hyphens.", '"2027"'),
        Entry("title", str, "Its title.", '"Practical Guide for hotline operators, edition 2027"', longest=255),
        Entry("language", str, "The language it is written in, by its code.", '"en"'),
        Entry("introduction", str, "What it is for and what is new in it.", '"What a good hotline does."', ""),
        Entry(
            "examined",
            str,
            "What it calls whom it examines, inside a sentence. Left out: `hotline`.",
            '"hotline"',
            "",
            40,
        ),
        Entry(
            "sample", bool, "Whether the text only stands in for a real Guide. Every page then says so.", "true", False
        ),
        Entry("sample_notice", str, "What the pages of a sample say about it.", '"This text accredits nobody."', ""),
        Entry("scale", dict, "The levels, in a table of their own.", "[scale]"),
        Entry(
            "obligations",
            list,
            "How much the edition insists on an indicator, the most insistent first.",
            "[[obligations]]",
        ),
        Entry("aggregation", dict, "How scores are made, in a table of its own.", "[aggregation]", {}),
        Entry(
            "excused_at_most",
            int,
            "The percentage of a standard that “not applicable” may take out of a score. The rest counts as not reached.",
            "50",
            100,
            bounds=PERCENT,
        ),
        Entry(
            "passing",
            list,
            "The conditions by which each standard passes, for the test `failing`. They are conditions as below, without "
            "`domain`, `standard`, `codes` and `outcome`.",
            '[{ test = "below", level = 2, count = 1 }]',
            [],
        ),
        Entry(
            "procedure", dict, "Periods and numbers of the way to a decision, in a table of its own.", "[procedure]", {}
        ),
        Entry("outcomes", list, "What the panel may decide, in the order in which it is tried.", "[[outcomes]]"),
    ),
)
SCALE = Table(
    "[scale]",
    f"The levels by their number, without a gap: any from {LEVELS[0]} to {LEVELS[-1]}, two at least, each with its name.",
    (
        *(
            Entry(str(level), str, f"The name of level {level}, if the scale has it.", example, "", 60)
            for level, example in zip(
                LEVELS,
                ('"Not in place"', '"Begun"', '"Largely in place"', '"In place and shown"', '"…"', '"…"'),
                strict=True,
            )
        ),
        Entry("falling", bool, "Whether the lowest number is the best level.", "false", False),
        Entry(
            "points",
            list,
            "The points of each level, from the lowest number up, never fewer for a better one. Left out, the worst level "
            "has 0 and each better one has 1 more.",
            "[0, 1, 2, 3]",
            [],
        ),
    ),
)
AGGREGATION = Table(
    "[aggregation]",
    "How scores are made.",
    (
        *(
            Entry(tier, str, meaning, f'"{example}"', getattr(Aggregation(), tier).value)
            for (tier, meaning), example in zip(_METHODS.items(), ("weighted_mean", "mean", "share"), strict=True)
        ),
        Entry("level", int, "The level from which a `share` counts; only where something is a share.", "2", None),
    ),
)
PROCEDURE_TABLE = Table(
    "[procedure]",
    "Periods and numbers of the way to a decision and after it.",
    tuple(
        Entry(name, int, _PROCEDURE[name], str(asdict(Procedure())[name]), asdict(Procedure())[name])
        for name in PROCEDURE
    ),
)
OBLIGATION = Table(
    "[[obligations]]",
    "One class of indicators, by how much the edition insists on it.",
    (
        Entry("code", str, "A short word of small letters and underscores, the same in every language.", '"essential"'),
        Entry("name", str, "What it is called in public.", '"Essential"', longest=60),
        Entry(
            "weight",
            int,
            "How many times such an indicator counts in a mean by weight.",
            "3",
            Obligation("").weight,
            bounds=WEIGHTS,
        ),
        Entry(
            "wanted",
            int,
            "The level it asks for: a recommendation is drafted where it is not reached. Left out, none ever is.",
            "2",
            Obligation("").wanted,
        ),
        Entry(
            "excusable", bool, "Whether its indicators may allow “not applicable”.", "false", Obligation("").excusable
        ),
    ),
)
OUTCOME = Table(
    "[[outcomes]]",
    "One outcome. The first whose conditions all hold is proposed to the panel; the last one has none.",
    (
        Entry(
            "code", str, "A short word of small letters and underscores, the same in every language.", '"accredited"'
        ),
        Entry("name", str, "What it is called in public.", '"Accredited"', longest=60),
        Entry(
            "months", int, "How long the accreditation holds; 0 for an outcome that gives none.", "36", bounds=MONTHS
        ),
        Entry("conditions", list, "Its conditions, each a table in a line.", '[{ test = "score", percent = 80 }]'),
    ),
)
CONDITION = Table(
    "{ test = … }",
    "One condition, as a table in a line. It looks at all scored indicators, or at those that `obligation`, `domain`, "
    "`standard` and `codes` together leave.",
    (
        Entry("test", str, "What must be so: one of the tests below.", '"every"'),
        Entry("obligation", str, "Only the indicators of this obligation, by its code.", '"essential"', ""),
        Entry("domain", str, "Only the indicators of this domain, or its score.", '"D1"', ""),
        Entry("standard", str, "Only the indicators of this standard, or its score.", '"1.1"', ""),
        Entry("codes", list, "Only these indicators.", '["1.1.1", "1.1.2"]', [], 255),
        Entry("level", int, "The level that indicators must reach.", "2", None),
        Entry("count", int, "How many may fall short.", "1", None),
        Entry("percent", int, "The percentage that must be reached, compared exactly.", "80", None, bounds=PERCENT),
        Entry("outcome", str, "Another outcome, by its code.", '"accredited"', ""),
        Entry(
            "method",
            str,
            "How the score of some indicators (by `obligation` or `codes`) is made of them: `weighted_mean`, `mean`, `sum`, "
            "`share` or `lowest`. A release asks for it, because such a choice has no score of its own.",
            '"sum"',
            "",
        ),
    ),
)
TESTS: Mapping[Test, tuple[str, str]] = {
    Test.INCOMPLETE: (
        "Something is missing. An outcome with this test holds the decision up.",
        '{ test = "incomplete", obligation = "essential" }',
    ),
    Test.COMPLETE: ("Nothing is missing.", '{ test = "complete" }'),
    Test.EVERY: ("Every indicator reaches the level; one that is missing does not.", '{ test = "every", level = 1 }'),
    Test.SHARE: (
        "At least the percentage of the indicators reaches the level.",
        '{ test = "share", obligation = "core", level = 2, percent = 75 }',
    ),
    Test.BELOW: (
        "At most so many indicators are below the level or missing.",
        '{ test = "below", level = 2, count = 1 }',
    ),
    Test.SCORE: (
        "The score of the whole, of a domain, of a standard or of some indicators reaches the percentage.",
        '{ test = "score", codes = ["1.1.1", "1.1.2"], percent = 60, method = "sum" }',
    ),
    Test.DOMAINS: ("Each domain that has a score reaches the percentage.", '{ test = "domains", percent = 40 }'),
    Test.STANDARDS: ("Each standard that has a score reaches the percentage.", '{ test = "standards", percent = 50 }'),
    Test.FAILING: (
        "At most so many standards do not pass, by the conditions of `passing`.",
        '{ test = "failing", count = 0 }',
    ),
    Test.REACHED: ("What another outcome asks for holds as well.", '{ test = "reached", outcome = "conditional" }'),
}
"""What each test means, with an example."""

DOMAIN = Table(
    "domains/D01.toml",
    "A file for each domain, named after its code. The entries without brackets stand before the first standard.",
    (
        Entry("code", str, "D and a number from 1 to 99.", '"D1"'),
        Entry("title", str, "Its title.", '"Access"', longest=255),
        Entry("short_title", str, "A title for narrow places.", '"Access"', longest=30),
        Entry("introduction", str, "What it is about.", '"A call is answered."', ""),
        Entry("weight", int, "How many times it counts in a mean of the domains.", "1", 1, bounds=WEIGHTS),
        Entry("standards", list, "Its standards, in their order.", "[[standards]]"),
    ),
)
STANDARD = Table(
    "[[standards]]",
    "One standard of the domain.",
    (
        Entry("code", str, "The number of the domain, a dot, and a number from 1 to 99.", '"1.1"'),
        Entry("title", str, "Its title.", '"Answering"', longest=255),
        Entry("introduction", str, "What it is about.", '"At any hour."', ""),
        Entry(
            "basis",
            list,
            "What it rests on: laws, decisions, other standards.",
            '["Directive (EU) 2018/1972, Article 96"]',
            [],
            120,
        ),
        Entry("weight", int, "How many times it counts in a mean of the standards.", "1", 1, bounds=WEIGHTS),
        Entry("indicators", list, "Its indicators, in their order.", "[[standards.indicators]]"),
    ),
)

# --- An indicator ---------------------------------------------------------------------------------------------------

_STRUCTURE = {field.name: field for field in INDICATOR_STRUCTURE}
_TEXTS = {text.path: text for text in INDICATOR_TEXTS}
_LEFT_OUT: Mapping[type, Any] = {str: "", bool: False, list: [], int: None, date: None}


def _entry(declared: Field | Text, meaning: str, example: str) -> Entry:
    """The entry of what the framework declares."""
    if isinstance(declared, Text):
        return Entry(declared.key, str, meaning, example, "" if declared.table else NEEDED, declared.max_length)
    default = NEEDED if declared.written is Written.ALWAYS else _LEFT_OUT[declared.kind]
    bounds = declared.bounds or ANY_NUMBER
    return Entry(declared.name, declared.kind, meaning, example, default, declared.max_length, bounds)


_INDICATOR: Mapping[str, tuple[str, str]] = {
    "code": ("The code of the standard, a dot, and a number from 1 to 99.", '"1.1.1"'),
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
    "asked_from": ("The day from which it is asked, as a date without quotation marks.", "2027-01-31"),
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
"""What each field and text means, with an example, in the order in which a file has them."""
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
    "4": '"…"',
    "5": '"…"',
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

TABLES = (
    *(TITLE_PAGE, SCALE, AGGREGATION, PROCEDURE_TABLE, OBLIGATION, OUTCOME, CONDITION),
    *(DOMAIN, STANDARD, INDICATOR, LEVEL_TEXTS, RECOMMENDATION_TEXTS),
)
