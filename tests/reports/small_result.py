"""A published result, made from a framework and findings without a database."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

from evaluation.engine.scoring import Evidence, Judgement, score
from reports.result.published_file import Decided, Examined, Hotline, Result, write_result
from standards.framework import Framework, canonical, digest, write_framework
from tests.evaluation.engine.scoring.shapes import levels


def published(framework: Framework, evidence: Evidence, outcome: str = "") -> dict[str, Any]:
    """Return the file of a decision after a round trip through JSON; the decided outcome is the proposal by default."""
    card = score(framework, evidence)
    result = Result(
        hotline=Hotline("116000-XA", is_invented=True),
        examined=Examined("Spring 2026", date(2025, 1, 1), date(2025, 12, 31)),
        framework=framework,
        structure=write_framework(framework),
        evidence=evidence,
        card=card,
        decided=Decided(
            kind="first",
            outcome=outcome or card.proposal.outcome,
            departs=bool(outcome),
            decided_on=date(2026, 5, 4),
            valid_until=date(2029, 5, 4),
        ),
        scorecard_sha256=digest("scorecard"),
        inputs_sha256=digest("inputs"),
    )
    return json.loads(canonical(write_result(result)))


FIGURES = {"A03": Fraction(1000), "A04": Fraction(880), "A05": Fraction(40), "A06": Fraction(80)}
ORDINARY = Evidence(
    answers=levels(i1_1_1=3, i1_1_2=2, i1_2_1=3, i9_1_2=3),
    findings={**levels(i1_1_2=1, i3_2_1=2, i9_1_1=3), "3.2.2": Judgement(value=Fraction("16.5"), has_words=True)},
    figures=FIGURES,
    on=date(2026, 1, 12),
)
