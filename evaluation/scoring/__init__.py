"""The engine: a framework and what was found -> a scorecard with its reasons. Pure, exact, strictly typed.

Three words never mix here: *missing* (nothing was said), *not applicable* (it leaves the score) and *zero*.
Scores are ratios of integers; nothing is rounded before it is shown.
"""

from evaluation.scoring.targets import required_domain_percent, required_foremost_level, is_below
from evaluation.scoring.codec import read_scorecard, write_scorecard
from evaluation.scoring.engine import input_digest, score_hypothetical, score
from evaluation.scoring.evidence import Evidence, Judgement, Partial, read_evidence, write_evidence
from evaluation.scoring.indicators import requires_observation
from evaluation.scoring.measures import Measured, MissingReason, measure
from evaluation.scoring.rounding import as_percent, as_tenths, smaller_is_better, tenths_as_text, value_as_tenths
from evaluation.scoring.scorecard import (
    ENGINE,
    Check,
    DomainScore,
    IndicatorScore,
    OutcomeCheck,
    Scorecard,
    StandardScore,
    LevelBasis,
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
    "MissingReason",
    "LevelBasis",
    "as_percent",
    "as_tenths",
    "required_domain_percent",
    "required_foremost_level",
    "input_digest",
    "is_below",
    "measure",
    "requires_observation",
    "read_evidence",
    "read_scorecard",
    "score_hypothetical",
    "score",
    "smaller_is_better",
    "tenths_as_text",
    "value_as_tenths",
    "write_evidence",
    "write_scorecard",
]
