"""The entries of the file of a domain, and of the standards in it."""

from standards.editions.entries.entry import PERCENT, WEIGHTS, Entry, Table
from standards.framework import LONGEST_KEY


def key_entry(kind: str, example: str) -> Entry:
    meaning = f"By what the {kind} is known from one edition to the next, if its code changes. Left out, the code."
    return Entry("key", str, meaning, f'"{example}"', "", LONGEST_KEY)


def _of_score(parts: str) -> tuple[Entry, ...]:
    best = (
        f"How many of its {parts} count: its score is then the mean of the best ones, each counted once. Left out: all."
    )
    excused = "The percentage that “not applicable” may take out of its score, where it is not that of the edition."
    return (
        Entry("best", int, best, "1", None, bounds=(1, 99)),
        Entry("excused_at_most", int, excused, "25", None, bounds=PERCENT),
    )


DOMAIN = Table(
    "domains/D01.toml",
    "A file for each domain, named after its code. The entries without brackets stand before the first standard.",
    (
        Entry("code", str, "D and a number from 1 to 99.", '"D1"'),
        key_entry("domain", "D1"),
        Entry("title", str, "Its title.", '"Access"', longest=255),
        Entry("short_title", str, "A title for narrow places.", '"Access"', longest=30),
        Entry("introduction", str, "What it is about.", '"A call is answered."', ""),
        Entry("weight", int, "How many times it counts in a mean of the domains.", "1", 1, bounds=WEIGHTS),
        *_of_score("standards"),
        Entry("standards", list, "Its standards, in their order.", "[[standards]]"),
    ),
)
STANDARD = Table(
    "[[standards]]",
    "One standard of the domain.",
    (
        Entry("code", str, "The number of the domain, a dot, and a number from 1 to 99.", '"1.1"'),
        key_entry("standard", "1.1"),
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
        *_of_score("indicators"),
        Entry("indicators", list, "Its indicators, in their order.", "[[standards.indicators]]"),
    ),
)
