"""The scoring engine: a scorecard with its reasons, from a framework and evidence. Pure, exact, strictly typed.

Three cases are distinct: *missing* (no judgement), *not applicable* (left out of the score) and *zero*.
Scores are ratios of integers; they are rounded for display only.
"""

from evaluation.engine.scoring.codec import read_scorecard, write_scorecard
from evaluation.engine.scoring.engine import input_digest, score, score_hypothetical
from evaluation.engine.scoring.evidence import Evidence, Judgement, Partial, read_evidence, write_evidence
from evaluation.engine.scoring.indicators import level_of_judgement, requires_observation
from evaluation.engine.scoring.measures import Measured, MissingReason, measure
from evaluation.engine.scoring.rounding import (
    as_percent,
    as_tenths,
    in_tenths,
    smaller_is_better,
    tenths_as_text,
    value_as_tenths,
)
from evaluation.engine.scoring.scorecard import (
    ENGINE,
    Check,
    DomainScore,
    GroupScore,
    IndicatorScore,
    LevelBasis,
    OutcomeCheck,
    Scorecard,
    StandardScore,
)
from evaluation.engine.scoring.targets import Line, is_below, required_domain_line, required_foremost_level

__all__ = [
    "ENGINE",
    "Check",
    "DomainScore",
    "Evidence",
    "GroupScore",
    "IndicatorScore",
    "Judgement",
    "LevelBasis",
    "Line",
    "Measured",
    "MissingReason",
    "OutcomeCheck",
    "Partial",
    "Scorecard",
    "StandardScore",
    "as_percent",
    "as_tenths",
    "in_tenths",
    "input_digest",
    "is_below",
    "level_of_judgement",
    "measure",
    "read_evidence",
    "read_scorecard",
    "required_domain_line",
    "required_foremost_level",
    "requires_observation",
    "score",
    "score_hypothetical",
    "smaller_is_better",
    "tenths_as_text",
    "value_as_tenths",
    "write_evidence",
    "write_scorecard",
]
