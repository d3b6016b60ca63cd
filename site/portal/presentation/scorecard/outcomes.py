"""A scorecard for display: each outcome with its conditions and their results, each domain with its terms."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from evaluation.engine.scoring import Check, Line, OutcomeCheck, Scorecard, as_tenths, is_below, required_domain_line
from evaluation.engine.scoring.explanation import OVERALL, CoverageCount, calculation_of, coverage
from evaluation.result_sentences import describe_check_result
from portal.presentation.numbers import format_percent, percent, threshold
from portal.presentation.scorecard.terms import CalculationView, calculation_view
from standards.framework import Condition, Framework, Test
from standards.models import Texts
from standards.presentation.condition_sentences import describe_condition
from standards.presentation.marking import marked
from standards.presentation.rule_sentences import describe_overall
from standards.presentation.symbols import outcome_kind

Address = Callable[[str], str]
"""Returns the URL of the explanation of a code."""


@dataclass(frozen=True, slots=True)
class Place:
    """A code, the domain on the page that has its terms, and the URL of its explanation."""

    code: str
    domain: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """One condition: its sentence, its result, and the codes concerned."""

    rule: str
    found: str
    holds: bool
    places: tuple[Place, ...]
    mood: str
    """`good`, `stop`, or `soft` for a condition of an undesirable outcome."""
    url: str = ""
    """The URL of the score that was tested, if it is that of a part or the overall one."""


@dataclass(frozen=True, slots=True)
class ShownOutcome:
    """An outcome with its conditions. `kind` is its style."""

    code: str
    kind: str
    name: Any
    months: int
    holds: bool
    is_proposal: bool
    checks: tuple[ShownCheck, ...]
    url: str


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """The heading of a group above its domains. `whole` is the width of its bar, `sentence` its text alternative.

    `is_repeated`: it is above earlier domains already, as the domains of the group do not follow each other in the
    Guide.
    """

    code: str
    title: Any
    ratio: Fraction | None
    self_score: Fraction | None
    url: str
    is_repeated: bool

    @property
    def percent(self) -> str:
        return "" if self.ratio is None else percent(self.ratio)

    @property
    def sentence(self) -> str:
        return describe_ratio(self.ratio, None)

    @property
    def whole(self) -> int | None:
        tenths = as_tenths(self.ratio)
        return None if tenths is None else tenths // 10


@dataclass(frozen=True, slots=True)
class ShownDomain:
    """A domain's row with its terms. `whole` is the width of its bar, `sentence` its text alternative.

    `group` is the group that begins with this domain.
    """

    code: str
    title: Any
    ratio: Fraction | None
    self_score: Fraction | None
    is_below: bool
    sentence: str
    url: str
    account: CalculationView
    standards: tuple[CalculationView, ...]
    group: ShownGroup | None = None

    @property
    def percent(self) -> str:
        return "" if self.ratio is None else percent(self.ratio)

    @property
    def whole(self) -> int | None:
        tenths = as_tenths(self.ratio)
        return None if tenths is None else tenths // 10


@dataclass(frozen=True, slots=True)
class ShownBasis:
    """One count of what the score is based on: how many of how many, and which."""

    words: str
    counted: CoverageCount
    places: tuple[Place, ...]

    @property
    def percent(self) -> str:
        return "" if self.counted.ratio is None else percent(self.counted.ratio)


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A further result, besides the proposal: its outcome, and all outcomes that were tested."""

    code: str
    name: Any
    outcomes: tuple[ShownOutcome, ...]

    @property
    def found(self) -> ShownOutcome:
        return next(outcome for outcome in self.outcomes if outcome.is_proposal)


@dataclass(frozen=True, slots=True)
class ScorecardView:
    """The content of a scorecard page. `line` is the percentage that the best outcome requires of every domain.

    `method` describes how the overall score is computed.
    """

    ratio: Fraction | None
    overall: str
    method: str
    self_score: str
    proposal: ShownOutcome
    outcomes: tuple[ShownOutcome, ...]
    results: tuple[ShownResult, ...]
    domains: tuple[ShownDomain, ...]
    basis: tuple[ShownBasis, ...]
    line: Line | None
    url: str


def _nowhere(_code: str) -> str:
    return ""


def scorecard_view(card: Scorecard, framework: Framework, texts: Texts, address: Address = _nowhere) -> ScorecardView:
    """Return the whole scorecard in the reader's language. `address` returns the URL of a code's explanation."""
    outcomes = show_outcomes(card, framework, texts, address)
    return ScorecardView(
        ratio=card.overall,
        overall=format_percent(card.overall),
        method=describe_overall(framework),
        self_score=format_percent(card.self_score),
        proposal=next(outcome for outcome in outcomes if outcome.is_proposal),
        outcomes=outcomes,
        results=show_results(card, framework, texts, address),
        domains=_show_domains(card, framework, texts, address),
        basis=tuple(_show_basis(part, framework, address) for part in coverage(card)),
        line=required_domain_line(framework.rule),
        url=address(OVERALL),
    )


def _show_basis(part: CoverageCount, framework: Framework, address: Address) -> ShownBasis:
    words = {
        "found": _("Found"),
        "missing": _("Missing"),
        "excused": _("Not applicable"),
        "differing": _("Seen otherwise"),
        "not_asked": _("Not asked yet"),
        "not_asked_here": _("Not asked of this hotline"),
    }[part.name]
    return ShownBasis(words, part, tuple(_place(code, framework, address) for code in part.codes))


def _place(code: str, framework: Framework, address: Address) -> Place:
    return Place(code, framework.domain_of[code].code if code in framework.domain_of else code, address(code))


def _show_domains(card: Scorecard, framework: Framework, texts: Texts, address: Address) -> tuple[ShownDomain, ...]:
    line, groups = required_domain_line(framework.rule), opened_groups(card, framework, texts, address)
    return tuple(
        ShownDomain(
            code=domain.code,
            title=texts[f"domain/{domain.code}/title"],
            ratio=domain.ratio,
            self_score=domain.self_score,
            is_below=is_below(domain.ratio, line),
            sentence=describe_ratio(domain.ratio, line),
            url=address(domain.code),
            account=calculation_view(calculation_of(framework, card, domain.code), card, framework, texts, address),
            standards=tuple(
                calculation_view(calculation_of(framework, card, standard.code), card, framework, texts, address)
                for standard in domain.standards
            ),
            group=groups.get(domain.code),
        )
        for domain in card.domains
    )


def opened_groups(
    card: Scorecard, framework: Framework, texts: Texts, address: Address = _nowhere
) -> dict[str, ShownGroup]:
    """Return the group that begins with each domain, by the code of the domain."""
    scores = {group.code: group for group in card.groups}
    opened = [group.code for group in framework.group_starting_with.values()]
    return {
        domain: ShownGroup(
            code=group.code,
            title=texts[f"group/{group.code}"],
            ratio=scores[group.code].ratio,
            self_score=scores[group.code].self_score,
            url=address(group.code),
            is_repeated=group.code in opened[:place],
        )
        for place, (domain, group) in enumerate(framework.group_starting_with.items())
    }


def describe_ratio(ratio: Fraction | None, line: Line | None) -> str:
    """Return the text of a score's bar, which says so if the score does not reach the line."""
    if line is None or not is_below(ratio, line):
        return percent(ratio)
    if line.strictly:
        text = _("%(percent)s, not above the line of %(line)s")
    else:
        text = _("%(percent)s, below the line of %(line)s")
    return text % {"percent": percent(ratio), "line": threshold(line.percent)}


# --- Outcomes and their conditions -------------------------------------------------------------------------------


def show_outcomes(
    card: Scorecard, framework: Framework, texts: Texts, address: Address = _nowhere
) -> tuple[ShownOutcome, ...]:
    """Return the outcomes in the order of testing."""
    return tuple(
        ShownOutcome(
            code=outcome.outcome,
            kind=outcome_kind(framework, outcome.outcome),
            name=texts[f"outcome/{outcome.outcome}"],
            months=outcome.months,
            holds=outcome.holds,
            is_proposal=outcome.outcome == card.proposal.outcome,
            checks=_show_checks(outcome, framework, texts, address),
            url=address(f"outcome/{outcome.outcome}"),
        )
        for outcome in card.outcomes
    )


def show_results(
    card: Scorecard, framework: Framework, texts: Texts, address: Address = _nowhere
) -> tuple[ShownResult, ...]:
    """Return the further results, in the order of the edition."""
    return tuple(
        ShownResult(code, texts[f"result/{code}"], show_outcomes(own, framework.by_result[code], texts, address))
        for code, own in card.by_result.items()
    )


def _show_checks(outcome: OutcomeCheck, framework: Framework, texts: Texts, address: Address) -> tuple[ShownCheck, ...]:
    return tuple(show_check(check, framework, texts, address) for check in outcome.checks)


def show_check(check: Check, framework: Framework, texts: Texts, address: Address = _nowhere) -> ShownCheck:
    """Return one condition as a sentence, with its result."""
    mood = "good" if check.holds else "stop"
    if check.condition.test is Test.INCOMPLETE:
        mood = "stop" if check.holds else "soft"
    return ShownCheck(
        rule=marked(describe_condition(check.condition, framework, texts)),
        found=describe_check_result(check),
        holds=check.holds,
        places=tuple(_place(code, framework, address) for code in check.codes),
        mood=mood,
        url=address(_scored_part(check.condition)) if _is_of_a_part(check.condition) else "",
    )


def _is_of_a_part(condition: Condition) -> bool:
    """Whether the condition tests the score of a part or the overall one. A choice of indicators has no page."""
    return condition.test is Test.SCORE and not condition.is_choice


def _scored_part(condition: Condition) -> str:
    return condition.standard or condition.domain or OVERALL
