"""What the paper says: facts of one decision -> one frozen document, in one language. Pure, strictly typed.

Every score in it comes from the scorecard, rounded down in the one place that rounds. *Missing*, *not applicable*,
*not scored* and *zero* stay four things down to the last table.
"""

from reports.document.composing import compose
from reports.document.facts import (
    Advice,
    Decided,
    EditionFacts,
    Examined,
    Facts,
    FiguresFile,
    HotlineFacts,
    Kept,
    Seen,
    VisitFacts,
)
from reports.document.shape import (
    Document,
    DomainPart,
    IndicatorRow,
    Mark,
    Passage,
    Score,
    StandardRow,
    digest_of,
    write_document,
)
from reports.document.speech import Speech, Words

__all__ = [
    "Advice",
    "Decided",
    "Document",
    "DomainPart",
    "EditionFacts",
    "Examined",
    "Facts",
    "FiguresFile",
    "HotlineFacts",
    "IndicatorRow",
    "Kept",
    "Mark",
    "Passage",
    "Score",
    "Seen",
    "Speech",
    "StandardRow",
    "VisitFacts",
    "Words",
    "compose",
    "digest_of",
    "write_document",
]
