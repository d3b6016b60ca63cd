"""The facts that a report is composed from, as immutable values without database rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from evaluation.engine.scoring import Judgement, Measured, Scorecard
from standards.framework import Framework
from standards.presentation.sentences import Sentence


@dataclass(frozen=True, slots=True)
class EditionFacts:
    code: str
    sha256: str
    source_language: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class HotlineFacts:
    """A hotline. `code` is such as 116000-XH. `operator` ran it when the round opened; empty if not recorded."""

    name: str
    code: str
    operator: str
    is_invented: bool


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """The round, and the period of its figures."""

    round: str
    figures_from: date
    figures_until: date


@dataclass(frozen=True, slots=True)
class VisitFacts:
    starts_on: date
    ends_on: date
    is_remote: bool
    lead: str
    team: tuple[str, ...]
    """The names of the team without the lead."""


@dataclass(frozen=True, slots=True)
class FrozenScorecard:
    """The stored scorecard with its digests."""

    card: Scorecard
    sha256: str
    input_digest: str


@dataclass(frozen=True, slots=True)
class RequirementFacts:
    """A requirement of a conditional accreditation: its text, its due day, and the code of its indicator, if any."""

    text: str
    due_on: date
    code: str = ""


class HowDecided(StrEnum):
    """The procedure by which the panel decided."""

    FIRST = "first"
    FOLLOW_UP = "follow_up"
    APPEAL = "appeal"
    CORRECTION = "correction"
    CONDITIONS_MET = "met"
    UNMET = "unmet"
    RESCORED = "rescored"


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """The decision; `replaces` is the day of the decision that it replaces."""

    outcome: str
    reasons: str
    departs: bool
    decided_on: date
    valid_until: date | None
    how: HowDecided = HowDecided.FIRST
    replaces: date | None = None
    demands: tuple[RequirementFacts, ...] = ()
    hand_in_by: date | None = None
    last_day_to_appeal: date | None = None
    """None if the decision cannot be contested."""


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """The assessors' finding on one indicator, without its level."""

    words: str
    good_practice: bool = False
    not_applicable: bool = False


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A finding before and after the assessors' reply."""

    was: Judgement
    now: Judgement


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """The hotline's response to the draft report, with the assessors' replies.

    `words` is its text on the whole report. `remarks`, `replies` and `changes` are by indicator; a change is a finding
    that the assessors changed. `accepted` is the number of findings that the hotline accepts.
    """

    given_on: date
    words: str
    remarks: Mapping[str, str] = field(default_factory=dict)
    replies: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, ChangeFacts] = field(default_factory=dict)
    accepted: int = 0


@dataclass(frozen=True, slots=True)
class RecommendationFacts:
    """A recommendation. `priority` 1 is first, 2 next, 3 when possible."""

    code: str
    priority: int
    title: str
    text: str
    look_for: str
    owner: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """The submission that was examined. The report does not name the signer; the page of the submissions does."""

    submitted_on: date
    is_signed: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class FiguresFile:
    """A file that figures came from, without its content."""

    name: str
    sha256: str
    period_start: date
    period_end: date
    definitions: str
    completeness: str
    source_system: str


@dataclass(frozen=True, slots=True)
class ConditionText:
    """A condition as a sentence, with its result as a phrase."""

    sentence: Sentence
    found: str


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """The edition's rule as sentences in the language of the report. The functions are those that pages use."""

    conditions: Mapping[str, tuple[ConditionText, ...]]
    """The conditions of each outcome, in order, by its code."""
    methods: tuple[str, ...]
    """How scores are made, from the standards up."""
    domain_methods: Mapping[str, str]
    """How the score of each domain is made, by code."""
    overall_method: str
    obligations: Mapping[str, tuple[Sentence, ...]]
    """The weight and the required level of each obligation."""
    askings: Mapping[str, Sentence] = field(default_factory=dict)
    """For each indicator that was not asked of this hotline: of which hotlines it is asked."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one decision for a report in `language` with issue number `issue`."""

    language: str
    issue: int
    address: str
    """The address at which a reader verifies the report, without scheme; empty without a public page."""
    edition: EditionFacts
    framework: Framework
    hotline: HotlineFacts
    examined: RoundFacts
    visit: VisitFacts | None
    scorecard: FrozenScorecard
    decision: DecisionFacts
    rule_texts: RuleTexts
    answers: Mapping[str, str] = field(default_factory=dict)
    """The texts of the hotline's answers, by indicator."""
    findings: Mapping[str, FindingFacts] = field(default_factory=dict)
    figures: Mapping[str, Measured] = field(default_factory=dict)
    """The figures with their terms, by indicator."""
    withheld: frozenset[str] = frozenset()
    """The indicators whose counts are too small to publish."""
    response: ResponseFacts | None = None
    recommendations: tuple[RecommendationFacts, ...] = ()
    files: tuple[FiguresFile, ...] = ()
    extent: str = ""
    """Empty for the report of the hotline; `summary` or `whole` for a version for the public."""
    submission: SubmissionFacts | None = None
