"""The facts of a small report with one of everything, and its document as stored in golden/small_report.json.

After an intended change of the document write the file again, and read the difference: `./go manage shell -c "from
tests.reports.small_report import rewrite_golden; rewrite_golden()"`.
"""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from evaluation.engine.scoring import Evidence, Judgement, measure, score
from reports.document import (
    DecisionFacts,
    Document,
    EditionFacts,
    Facts,
    FiguresFile,
    FindingFacts,
    FrozenScorecard,
    HotlineFacts,
    HowDecided,
    RecommendationFacts,
    RequirementFacts,
    ResponseFacts,
    RoundFacts,
    SubmissionFacts,
    VisitFacts,
    compose,
    write_document,
)
from reports.fact_reader import read_rule_texts
from reports.language import GettextLocale
from standards.framework import Wording
from standards.models import Texts
from tests.small_edition import SMALL, wording_of

GOLDEN = Path(__file__).parent / "golden" / "small_report.json"

FIGURES = {"A03": Fraction(1000), "A04": Fraction(880), "A05": Fraction(40), "A06": Fraction(80)}
EVIDENCE = Evidence(
    answers={
        "1.1.1": Judgement(level=3),
        "1.1.2": Judgement(level=0),
        "1.2.1": Judgement(not_applicable=True),
        "3.2.2": Judgement(value=Fraction(17)),
        "9.1.1": Judgement(level=3),
        "9.1.2": Judgement(level=2),
    },
    findings={
        "1.2.1": Judgement(not_applicable=True),
        "9.1.1": Judgement(level=0),
        "9.1.2": Judgement(level=2),
    },
    figures=FIGURES,
)
"""Zero at 1.1.2, not applicable at 1.2.1, not scored at 3.1.3, missing at 3.2.1, and a difference at 9.1.1."""


def small_facts(evidence: Evidence = EVIDENCE, texts: Texts | None = None, **other: Any) -> Facts:
    card, language = score(SMALL, evidence), other.get("language", "en")
    facts = Facts(
        language="en",
        issue=1,
        address="quality.example/register/XH/",
        edition=EditionFacts("T1", "e" * 64, "en", is_sample=True),
        framework=SMALL,
        hotline=HotlineFacts("Havenland", "116000-XH", "Beacon Foundation", is_invented=True),
        examined=RoundFacts("Round 2026", date(2025, 1, 1), date(2025, 12, 31)),
        visit=VisitFacts(date(2026, 5, 18), date(2026, 5, 19), False, "Rūta Žukaitė", ("Ελένη Παππά", "Димитър Колев")),
        scorecard=FrozenScorecard(card, "c" * 64, "d" * 64),
        rule_texts=read_rule_texts(SMALL, card, texts or small_texts(language), language),
        decision=DecisionFacts(
            card.proposal.outcome,
            "Families are met well.",
            False,
            date(2026, 9, 14),
            None,
            how=HowDecided.APPEAL,
            replaces=date(2026, 8, 3),
            demands=(
                RequirementFacts("Keep the record for half a year.", date(2027, 6, 1), "9.1.1"),
                RequirementFacts("Write to every partner.", date(2027, 1, 15)),
            ),
        ),
        answers={"9.1.1": "We do this on every shift."},
        findings={
            "1.2.1": FindingFacts("There is no such line in this country.", not_applicable=True),
            "9.1.1": FindingFacts("No record of it was found."),
            "9.1.2": FindingFacts("One page in English opens each file.", good_practice=True),
        },
        figures={
            code: measure(i, evidence.figures, evidence.partial)
            for code, i in SMALL.indicators.items()
            if i.from_figures
        },
        response=ResponseFacts(
            *(date(2026, 7, 3), "We thank the team."),
            remarks={"9.1.1": "The record is kept at the desk."},
            replies={"9.1.1": "We asked for it there and got none."},
        ),
        recommendations=(
            RecommendationFacts(
                "9.1.1", 2, "Keep a record", "Write it down.", "Two dated notes", "Ilze", date(2027, 3, 31)
            ),
            RecommendationFacts("1.1.2", 1, "Say who answers", "Name two people.", "The names", "", None),
        ),
        files=(
            FiguresFile("XH_2025.csv", "f" * 64, date(2025, 1, 1), date(2025, 12, 31), "1.0", "complete", "own_system"),
        ),
        submission=SubmissionFacts(date(2026, 3, 27), is_signed=True, sha256="a" * 64),
    )
    return replace(facts, **other)


def small_texts(language: str = "en") -> Texts:
    source = Wording(wording_of(SMALL))
    return Texts(language, Wording(wording_of(SMALL, language)), "en", source)


def small_document(facts: Facts | None = None, texts: Texts | None = None) -> Document:
    facts = facts or small_facts()
    return compose(facts, texts or small_texts(), GettextLocale(facts.language))


def write_golden(document: Document) -> str:
    return json.dumps(write_document(document), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def rewrite_golden() -> None:
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(write_golden(small_document()))
