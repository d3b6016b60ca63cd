"""What the paper says: facts of one decision -> one frozen document, in one language. Pure, strictly typed.

Every score in it comes from the scorecard, rounded down in the one place that rounds. *Missing*, *not applicable*,
*not scored* and *zero* stay four things down to the last table.
"""

from reports.document.composing import compose
from reports.document.facts import (
    Advice,
    Decided,
    Demanded,
    EditionFacts,
    Examined,
    Facts,
    FiguresFile,
    HotlineFacts,
    HowDecided,
    Kept,
    ResponseFacts,
    Seen,
    Told,
    ToldCondition,
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
from reports.document.speech import Speech, Words

__all__ = [
    "Advice",
    "Decided",
    "Demanded",
    "Document",
    "DomainPart",
    "EditionFacts",
    "Examined",
    "Facts",
    "FiguresFile",
    "HotlineFacts",
    "HowDecided",
    "IndicatorRow",
    "Kept",
    "Mark",
    "ResponseFacts",
    "Score",
    "Seen",
    "Speech",
    "StandardRow",
    "Told",
    "ToldCondition",
    "VisitFacts",
    "Words",
    "compose",
    "digest_of",
    "write_document",
]
