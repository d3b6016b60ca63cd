"""The engine: a framework and what was found -> a scorecard with its reasons. Pure, exact, strictly typed.

Three words never mix here: *missing* (nothing was said), *not applicable* (it leaves the score) and *zero*.
Scores are ratios of integers; nothing is rounded before it is shown.
"""

from evaluation.scoring.card import (
    ENGINE,
    Check,
    DomainScore,
    IndicatorScore,
    OutcomeCheck,
    Scorecard,
    StandardScore,
    Why,
    read_scorecard,
    write_scorecard,
)
from evaluation.scoring.engine import score
from evaluation.scoring.evidence import Evidence, Judgement, read_evidence, write_evidence
from evaluation.scoring.measuring import Measured, Trouble, measure
from evaluation.scoring.showing import as_percent, as_tenths, tenths_as_text

__all__ = [
    "ENGINE",
    "Check",
    "DomainScore",
    "Evidence",
    "IndicatorScore",
    "Judgement",
    "Measured",
    "OutcomeCheck",
    "Scorecard",
    "StandardScore",
    "Trouble",
    "Why",
    "as_percent",
    "as_tenths",
    "measure",
    "read_evidence",
    "read_scorecard",
    "score",
    "tenths_as_text",
    "write_evidence",
    "write_scorecard",
]
