"""The engine: a framework and what was found -> a scorecard with its reasons. Pure, exact, strictly typed.

Three words never mix here: *missing* (nothing was said), *not applicable* (it leaves the score) and *zero*.
Scores are ratios of integers; nothing is rounded before it is shown.
"""

from evaluation.scoring.aims import domain_line, foremost_level, is_below
from evaluation.scoring.codec import read_scorecard, write_scorecard
from evaluation.scoring.engine import input_digest, rehearse, score
from evaluation.scoring.evidence import Evidence, Judgement, Partial, read_evidence, write_evidence
from evaluation.scoring.indicators import needs_eyes
from evaluation.scoring.measures import Measured, Trouble, measure
from evaluation.scoring.rounding import as_percent, as_tenths, smaller_is_better, tenths_as_text, value_as_tenths
from evaluation.scoring.scorecard import (
    ENGINE,
    Check,
    DomainScore,
    IndicatorScore,
    OutcomeCheck,
    Scorecard,
    StandardScore,
    Why,
)

__all__ = [
    "ENGINE",
    "Check",
    "DomainScore",
    "Evidence",
    "IndicatorScore",
    "Judgement",
    "Measured",
    "OutcomeCheck",
    "Partial",
    "Scorecard",
    "StandardScore",
    "Trouble",
    "Why",
    "as_percent",
    "as_tenths",
    "domain_line",
    "foremost_level",
    "input_digest",
    "is_below",
    "measure",
    "needs_eyes",
    "read_evidence",
    "read_scorecard",
    "rehearse",
    "score",
    "smaller_is_better",
    "tenths_as_text",
    "value_as_tenths",
    "write_evidence",
    "write_scorecard",
]
