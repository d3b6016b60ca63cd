"""What the paper says: facts of one decision -> one frozen document, in one language. Pure, strictly typed.

Every score in it comes from the scorecard, rounded down in the one place that rounds. *Missing*, *not applicable*,
*not scored* and *zero* stay four things down to the last table.
"""

from reports.document.composing import compose
from reports.document.facts import (
    RecommendationFacts,
    DecisionFacts,
    RequirementFacts,
    EditionFacts,
    RoundFacts,
    Facts,
    FiguresFile,
    HotlineFacts,
    HowDecided,
    FrozenScorecard,
    ResponseFacts,
    FindingFacts,
    RuleTexts,
    ConditionText,
    VisitFacts,
)
from reports.document.shape import (
    Document,
    DomainPart,
    IndicatorRow,
    Mark,
    Score,
    StandardRow,
    digest_of,
    write_document,
)
from reports.document.composer import ReportLocale, GuideTexts

__all__ = [
    "RecommendationFacts",
    "DecisionFacts",
    "RequirementFacts",
    "Document",
    "DomainPart",
    "EditionFacts",
    "RoundFacts",
    "Facts",
    "FiguresFile",
    "HotlineFacts",
    "HowDecided",
    "IndicatorRow",
    "FrozenScorecard",
    "Mark",
    "ResponseFacts",
    "Score",
    "FindingFacts",
    "ReportLocale",
    "StandardRow",
    "RuleTexts",
    "ConditionText",
    "VisitFacts",
    "GuideTexts",
    "compose",
    "digest_of",
    "write_document",
]
