"""Compose the document of a report from the facts of one decision, in one language. Pure, strictly typed.

Every score in it comes from the scorecard, rounded down by the function that rounds all scores. *Missing*, *not
applicable*, *not scored* and *zero* remain four different values in every table.
"""

from reports.document.composer import GuideTexts, ReportLocale
from reports.document.composing import compose
from reports.document.facts import (
    ChangeFacts,
    ConditionText,
    DecisionFacts,
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
    RuleTexts,
    SubmissionFacts,
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

__all__ = [
    "ChangeFacts",
    "ConditionText",
    "DecisionFacts",
    "Document",
    "DomainPart",
    "EditionFacts",
    "Facts",
    "FiguresFile",
    "FindingFacts",
    "FrozenScorecard",
    "GuideTexts",
    "HotlineFacts",
    "HowDecided",
    "IndicatorRow",
    "Mark",
    "RecommendationFacts",
    "ReportLocale",
    "RequirementFacts",
    "ResponseFacts",
    "RoundFacts",
    "RuleTexts",
    "Score",
    "StandardRow",
    "SubmissionFacts",
    "VisitFacts",
    "compose",
    "digest_of",
    "write_document",
]
