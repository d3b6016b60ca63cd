"""Each change of the Guide is one entry in plain words: the former and the present text."""

import re
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from standards.editions.comparison import Change, EditionContent, Kind, PartChanges, compare_editions
from standards.framework import (
    INDICATOR_STRUCTURE,
    Aggregation,
    Asking,
    Condition,
    Domain,
    Formula,
    Framework,
    Group,
    Indicator,
    Measure,
    Method,
    MinimumBase,
    Obligation,
    Outcome,
    Result,
    Rule,
    Source,
    Standard,
    Support,
    Test,
    Wording,
    read_bands,
)
from standards.framework.indicator import SupportAt
from standards.presentation.sentences import Passage
from standards.public_guide.changes import ChangeReader, ShownChange

RULE = Rule(
    (Obligation("must", 3, 2), Obligation("mild", 1, 1)),
    (Outcome("good", 36, (Condition(Test.SCORE, percent=80),)), Outcome("bad", 0)),
)
NUMBER = Indicator("1.1.1", "must", Measure.NUMERIC, Source.STATISTICS, unit="hours", bands=read_bands("<=2:3"))
NAMES = {
    "obligation/must": "Essential",
    "obligation/mild": "Useful",
    "outcome/good": "Granted",
    "outcome/bad": "Refused",
}
SEAL = Result("seal", (Outcome("sealed", 12, (Condition(Test.COMPLETE),)), Outcome("unsealed", 0)))
NAMES |= {f"level/{level}": f"Step {level}" for level in range(4)}
RAW = re.compile(
    r"\b(must|mild|good|bad|percent|yes_no|statistics|either)\b|\b(na|\d):(words|evidence)|None|\(\)|\d-\d\d-\d"
)
"""Codes of these editions and of the framework, and values in Python's notation."""


def framework(indicator: Indicator = NUMBER, rule: Rule = RULE, **of_standard: Any) -> Framework:
    return Framework("one", (Domain("D1", (Standard("1.1", (indicator,), **of_standard),)),), rule)


def entries(before: Framework, now: Framework, texts: Any = None) -> list[ShownChange]:
    """Return every change as a reader sees it."""
    found = compare_editions(*(EditionContent(one, Wording(NAMES)) for one in (before, now)))
    reader = ChangeReader(found.before, found.now, ("en", "en"), texts and (texts, texts))
    parts: list[PartChanges] = [part for domain in found.domains for part in domain]
    return [
        *map(reader.of_edition, found.changes),
        *(reader.of_part(change, part.before, part.now) for part in parts for change in part.changes),
    ]


OF_INDICATOR: dict[str, Any] = {
    "obligation": "mild",
    "measure": Measure.YES_NO,
    "source": Source.VISIT,
    "evidence_required": True,
    "not_applicable": True,
    "unit": "percent",
    "bands": read_bands("<=4:3"),
    "formula": Formula("A04/A03"),
    "minimum_base": MinimumBase("A03", 20),
    "counts_with": Support.EITHER,
    "counts_at": (SupportAt(0, Support.WORDS), SupportAt(None, Support.EVIDENCE)),
    "least_words": 20,
    "asked_from": date(2027, 7, 1),
    "asked_if": (Asking(trait="own_number"),),
    "points": (0, 2, 6, 9),
    "minimum_months": 6,
}
OF_RULE: dict[str, Any] = {
    "obligations": (Obligation("must", 4, 2), RULE.obligations[1]),
    "outcomes": (replace(RULE.outcomes[0], months=24), RULE.outcomes[1]),
    "aggregation": Aggregation(overall=Method.SUM),
    "excused_at_most": 0,
    "passing": (Condition(Test.EVERY, level=2),),
    "redistributes": True,
}
OF_STANDARD: dict[str, Any] = {"weight": 2, "best": 1, "excused_at_most": 50}


def test_every_field_is_tried() -> None:
    assert OF_INDICATOR.keys() == {field.name for field in INDICATOR_STRUCTURE} - {"code", "key", "asked_anew"}
    assert OF_RULE.keys() == {field.name for field in fields(Rule)}


@pytest.mark.parametrize(
    "other",
    [
        *(framework(replace(NUMBER, **{name: value})) for name, value in OF_INDICATOR.items()),
        *(framework(rule=replace(RULE, **{name: value})) for name, value in OF_RULE.items()),
        *(framework(**{name: value}) for name, value in OF_STANDARD.items()),
        framework(rule=replace(RULE, obligations=RULE.obligations[::-1])),
        framework(rule=replace(RULE, outcomes=RULE.outcomes[::-1])),
        replace(framework(), traits=("own_number",)),
        replace(framework(), results=(SEAL,)),
        replace(framework(), groups=(Group("G1", ("D1",)),)),
    ],
    ids=[
        *(*OF_INDICATOR, *OF_RULE, *(f"standard {name}" for name in OF_STANDARD)),
        *("order", "order of outcomes", "traits", "results", "groups"),
    ],
)
def test_a_change_is_one_entry_in_plain_words(other: Framework) -> None:
    for one, two in ((framework(), other), (other, framework())):
        (change,) = entries(one, two)
        before, now = (" ".join(map(str, lines)) for lines in (change.before, change.now))
        assert before
        assert now
        assert before != now
        assert not change.note
        assert RAW.search(f"{change.label} / {before} / {now}") is None, (change.label, before, now)


@pytest.mark.parametrize(
    ("other", "label", "now"),
    [
        (framework(replace(NUMBER, unit="percent")), "Unit", "per cent"),
        (framework(replace(NUMBER, asked_from=date(2027, 7, 1))), "Asked from", "Asked from 1 July 2027 on."),
        (framework(best=1), "Only the best", "Its score is that of its best part."),
        (framework(weight=0), "Weight", "0"),
        (
            framework(excused_at_most=0),
            "How much may be excused here",
            "What does not apply counts as not reached, and so does what is missing.",
        ),
        (framework(rule=replace(RULE, outcomes=RULE.outcomes[::-1])), "Order of the outcomes", "Refused → Granted"),
    ],
)
def test_what_stands_there_now_is_said(other: Framework, label: str, now: str) -> None:
    assert [(change.label, change.now) for change in entries(framework(), other)] == [(label, (now,))]


def test_how_scores_are_made_is_one_entry_with_what_differs() -> None:
    rule = replace(RULE, aggregation=Aggregation(overall=Method.SUM), excused_at_most=0, redistributes=True)
    (change,) = entries(framework(), framework(rule=rule))
    assert (len(change.before), len(change.now)) == (2, 2)


def test_without_another_word_an_entry_says_so() -> None:
    before = replace(RULE, redistributes=True)
    (change,) = entries(framework(rule=before), framework(rule=replace(before, excused_at_most=50)))
    assert (change.before, change.now) == ((), ())
    page = render_to_string("standards/_shown_changes.html", {"changes": [change]})
    assert "<dd>Changed, without an effect on what is written here.</dd>" in page


def test_what_is_asked_anew_is_a_note() -> None:
    (change,) = entries(framework(), framework(replace(NUMBER, asked_anew=True)))
    assert (change.label, change.note) == ("Asked anew", "It means something else now.")


def test_names_in_a_label_keep_their_language() -> None:
    texts = {path: Passage(name, "fr") for path, name in NAMES.items()}
    (change,) = entries(framework(), framework(rule=replace(RULE, outcomes=OF_RULE["outcomes"])), texts)
    assert change.label == 'Outcome “<span lang="fr">Granted</span>”'
    content = EditionContent(framework(), Wording(NAMES))
    reader = ChangeReader(content, content, ("en", "en"), (texts, texts))
    renamed = reader.of_edition(Change(Kind.REWORDED, "obligation/must", "Essential", "Basic", is_text=True))
    assert renamed.label == 'Name of the class “<span lang="fr">Essential</span>”'


# --- Groups of domains ------------------------------------------------------------------------------------------------

FIRST, SECOND = Group("G1", ("D1",)), Group("G2", ("D2",), 2)


def grouped(*groups: Group) -> Framework:
    one = framework()
    (domain,) = one.domains
    other = replace(domain, code="D2", standards=(replace(domain.standards[0], code="2.1", indicators=(OTHER,)),))
    return replace(one, domains=(domain, other), groups=groups)


OTHER = replace(NUMBER, code="2.1.1")


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (
            grouped(FIRST, SECOND),
            grouped(SECOND, FIRST),
            [("Order of the groups of domains", "Prevention → Response", "Response → Prevention")],
        ),
        (
            grouped(FIRST, SECOND),
            grouped(replace(FIRST, domains=("D1", "D2"))),
            [
                ("Group of domains “Prevention”", "nothing", "D2 Aftercare"),
                ("Group of domains “Response”", "D2 Aftercare It counts 2 times.", "nothing"),
                ("Moved to another group", "Response", "Prevention"),
            ],
        ),
        (
            grouped(FIRST, SECOND),
            grouped(FIRST, replace(SECOND, weight=1)),
            [("Group of domains “Response”", "It counts 2 times.", "nothing")],
        ),
    ],
)
def test_what_happens_to_groups_is_told_by_name(
    before: Framework, now: Framework, expected: list[tuple[str, str, str]]
) -> None:
    names = {**NAMES, "group/G1": "Prevention", "group/G2": "Response", "domain/D2/title": "Aftercare"}
    found = compare_editions(*(EditionContent(one, Wording(names)) for one in (before, now)))
    reader = ChangeReader(found.before, found.now, ("en", "en"))
    changes = [*map(reader.of_edition, found.changes)]
    changes += [
        reader.of_part(change, part.before, part.now)
        for domain in found.domains
        for part in domain
        for change in part.changes
    ]
    plain = [(c.label, *(" ".join(map(str, lines)) for lines in (c.before, c.now))) for c in changes]
    assert [tuple(strip_tags(str(words)) for words in change) for change in plain] == expected


def test_a_renamed_group_shows_its_words() -> None:
    one = grouped(FIRST, SECOND)
    names = [
        {**NAMES, "group/G1": name, "group/G2": "Response"} for name in ("Prevention", "Before a child is missing")
    ]
    found = compare_editions(*(EditionContent(one, Wording(each)) for each in names))
    (change,) = found.changes
    shown = ChangeReader(found.before, found.now, ("en", "en")).of_edition(change)
    assert strip_tags(str(shown.label)) == "Name of the group “Before a child is missing”"
    assert "Prevention" in shown.words
