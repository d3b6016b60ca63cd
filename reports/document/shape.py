"""The data classes of the document, which is rendered as a PDF, a spreadsheet, data or a page.

A `str` is in the language of the document. A field that can contain a text of the edition or of a person is a
`Passage`, or a `Sentence` of passages, whose `language` is set only if it differs from the document's.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from standards.framework import canonical, digest
from standards.presentation.sentences import Passage, Sentence


@dataclass(frozen=True, slots=True)
class Score:
    """A score in tenths of a per cent, rounded down, and as text. `tenths` is None if there is no score.

    `large` and `small` are the parts of the same text for display in two font sizes: `79.0` and ` %`.
    """

    tenths: int | None
    text: str
    large: str
    small: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The content of a column of an indicator.

    `kind` is one of level, yes, no, value, missing, not_applicable, not_scored, not_asked, open. `open` means that
    assessors need not record a finding: the answer or the figures count. `tint` is the background of a level, from 0
    (darkest) to 3 (lightest).
    """

    kind: str
    level: int | None
    text: Sentence
    tint: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class DatedStep:
    """An event on a day."""

    day: str
    text: Sentence


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition of the best outcome: whether it is met, its result as a phrase, and its sentence."""

    is_met: bool
    strong: str
    text: Sentence


@dataclass(frozen=True, slots=True)
class UnmetCondition:
    """A condition of the best outcome that the hotline does not meet. `remedy` names the recommendations on it."""

    code: str
    text: Sentence
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note on one indicator or standard."""

    code: str
    text: Passage


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between the hotline's answer and the assessors' finding: both levels, both texts."""

    code: str
    levels: Sentence
    assessor: Passage
    hotline: Passage


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    code: str
    wording: Passage
    obligation: str
    obligation_name: Passage
    why: str
    hotline: Mark
    assessor: Mark
    note: Sentence


@dataclass(frozen=True, slots=True)
class StandardRow:
    code: str
    title: Passage
    score: Score
    self_score: Score
    points: int
    of: int
    terms: str
    is_below: bool


@dataclass(frozen=True, slots=True)
class DomainRow:
    code: str
    title: Passage
    score: Score
    self_score: Score
    is_below: bool


@dataclass(frozen=True, slots=True)
class GroupRow:
    code: str
    title: Passage
    score: Score
    self_score: Score


@dataclass(frozen=True, slots=True)
class DomainPart:
    """The pages of a domain. `line_text` compares its score with the one that each domain must reach, if any."""

    code: str
    kicker: str
    title: Passage
    group: GroupRow | None
    """The group that starts with this domain, or None."""
    score: Score
    self_score: Score
    is_below: bool
    basis: str
    self_score_text: str
    line_text: str
    chart_title: str
    standards: tuple[StandardRow, ...]
    indicators: tuple[IndicatorRow, ...]
    seen: tuple[Note, ...]
    good_practice: tuple[Note, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    title: str
    subtitle: str
    facts: tuple[Pair, ...]
    publisher: str


@dataclass(frozen=True, slots=True)
class Demand:
    """A requirement of the accreditation: its deadline, its text, and the indicator concerned, or none."""

    due: str
    code: str
    text: Passage


@dataclass(frozen=True, slots=True)
class Summary:
    title: Sentence
    outcome: str
    outcome_kind: str
    """The kind of the outcome, which decides on its symbol and its style."""
    outcome_name: Passage
    until: str
    decided: str
    proposal: Sentence
    reasons: Passage
    demands: tuple[Demand, ...]
    finding: Sentence
    overall: Score
    method: str
    self_score_text: str
    gates: tuple[Gate, ...]
    target: Sentence
    line: int | str | None
    line_text: str
    chart_title: str
    domains: tuple[DomainRow, ...]
    unmet_title: Sentence
    unmet_conditions: tuple[UnmetCondition, ...]
    unmet_more: str
    does_well: tuple[Note, ...]
    does_well_more: str
    next: tuple[DatedStep, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    number: int
    code: str
    priority: int
    priority_name: str
    state: Sentence
    title: Passage
    text: Passage
    look_for: Passage
    owner: str
    """The name of the person or team; it is not translated. Empty in a version for the public."""
    due: str


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    name: Passage
    validity: str
    conditions: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class FurtherResult:
    """A further result, shown next to the decision: its outcome, the conditions of its best one, and its rule."""

    name: Passage
    outcome: Passage
    outcome_kind: str
    target: Sentence
    gates: tuple[Gate, ...]
    rule: tuple[OutcomeRule, ...]


@dataclass(frozen=True, slots=True)
class FiguresSource:
    name: str
    period: str
    origin: str
    sha256: str


@dataclass(frozen=True, slots=True)
class AnsweredNote:
    """The hotline's remark on one indicator, the assessors' reply, and how it changed the finding."""

    code: str
    text: Passage
    reply: Passage
    change: Sentence | None = None


@dataclass(frozen=True, slots=True)
class ResponsePart:
    """The hotline's response to the draft: a sentence with its day, its text on the whole, and its remarks."""

    summary: str
    words: Passage
    remarks: tuple[AnsweredNote, ...]


@dataclass(frozen=True, slots=True)
class Appendix:
    """The appendix. `parts` are the codes of its sections in order.

    `basis` has the counts that the scores are based on. `proof` has the digests.
    """

    parts: tuple[str, ...]
    rule: tuple[OutcomeRule, ...]
    results: tuple[FurtherResult, ...]
    method: tuple[Sentence, ...]
    levels: tuple[Note, ...]
    basis: tuple[Pair, ...]
    sources: tuple[FiguresSource, ...]
    proof: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report. `labels` are its fixed texts by code, `texts` those that MCE edits.

    `parts` are the codes of the parts after the summary, in order.
    """

    language: str
    title: str
    author: str
    issue: int
    edition: str
    hotline: str
    place: str
    foot: str
    sample: str
    labels: Mapping[str, str]
    texts: Mapping[str, Passage]
    parts: tuple[str, ...]
    cover: Cover
    summary: Summary
    domains: tuple[DomainPart, ...]
    demands: tuple[Demand, ...]
    recommendations: tuple[Recommendation, ...]
    response: ResponsePart
    appendix: Appendix


def write_document(document: Document) -> dict[str, Any]:
    """Return the document as plain data, ready for `canonical`: integers and texts, no floats.

    An empty `group` of a domain and an empty `change` of a remark are left out, so that documents without groups and
    changes keep their digests.
    """
    data = asdict(document)
    for domain in data["domains"]:
        if domain["group"] is None:
            del domain["group"]
    for note in data["response"]["remarks"]:
        if note["change"] is None:
            del note["change"]
    return data


def digest_of(document: Document) -> str:
    """Return the sha256 of the canonical document, whose first digits are in the footer of every page."""
    return digest(canonical(write_document(document)))
