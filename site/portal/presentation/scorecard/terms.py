"""The terms of a score as a table: basis, points, weight and contribution of each line."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evaluation.engine.scoring import IndicatorScore, LevelBasis, Scorecard
from evaluation.engine.scoring.explanation import Calculation, Term
from evaluation.result_sentences import describe_basis
from portal.presentation.numbers import fraction, percent
from standards.framework import Framework, Scale
from standards.models import Texts
from standards.presentation.rule_sentences import describe_score
from standards.presentation.sentences import Passage


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """One line. `score` is the indicator's, if the line is one; else it is a standard or a domain."""

    term: Term
    title: Passage
    url: str
    score: IndicatorScore | None = None
    label: Any = ""

    @property
    def code(self) -> str:
        return self.term.code

    @property
    def percent(self) -> str:
        return percent(self.term.ratio)

    @property
    def whose(self) -> str:
        return describe_basis(self.score.basis) if self.score else ""

    @property
    def is_not_applicable(self) -> bool:
        return self.score is not None and self.score.basis is LevelBasis.NOT_APPLICABLE

    @property
    def is_left_out(self) -> bool:
        """Whether it leaves the score for another reason: not scored, or not asked yet."""
        return self.score is not None and not self.score.counts and not self.is_not_applicable

    @property
    def ratio(self) -> str:
        return fraction(self.term.ratio)

    @property
    def value(self) -> str:
        return fraction(self.term.value)

    @property
    def of(self) -> str:
        return fraction(self.term.of)


@dataclass(frozen=True, slots=True)
class CalculationView:
    """A score with its terms. `beyond_cap` are not applicable points beyond the rule's cap, which stay in the score."""

    code: str
    title: Passage
    url: str
    account: Calculation
    scale: Scale
    sentences: tuple[str, ...]
    terms: tuple[ShownTerm, ...]

    @property
    def ratio(self) -> Fraction | None:
        return self.account.ratio

    @property
    def percent(self) -> str:
        return percent(self.account.ratio)

    @property
    def has_times(self) -> bool:
        """Whether points were converted to one denominator."""
        return any(term.term.counts and term.term.times != 1 for term in self.terms)

    @property
    def extra_columns(self) -> int:
        """How many columns its table has for weights and for the factor to one denominator."""
        return int(self.account.is_weighted) + int(self.has_times)

    @property
    def value(self) -> str:
        return fraction(self.account.value)

    @property
    def of(self) -> str:
        return fraction(self.account.of)

    @property
    def beyond_cap(self) -> str:
        return fraction(self.account.beyond_cap) if self.account.beyond_cap else ""


def calculation_view(
    account: Calculation, card: Scorecard, framework: Framework, texts: Texts, address: Callable[[str], str]
) -> CalculationView:
    return CalculationView(
        code=account.code,
        title=title_of(account.code, framework, texts),
        url=address(account.code),
        account=account,
        scale=framework.scale,
        sentences=describe_score(account.code, account.tier, account.method, framework),
        terms=tuple(_show_term(term, card, framework, texts, address) for term in account.terms),
    )


def _show_term(
    term: Term, card: Scorecard, framework: Framework, texts: Texts, address: Callable[[str], str]
) -> ShownTerm:
    score = card.indicators.get(term.code)
    return ShownTerm(
        term=term,
        title=title_of(term.code, framework, texts),
        url=address(term.code),
        score=score,
        label="" if score is None or score.level is None else texts[f"level/{score.level}"],
    )


def title_of(code: str, framework: Framework, texts: Texts) -> Passage:
    """Return the title of a code: an indicator's question, or the title of a standard, domain, group or edition."""
    if code in framework.indicators:
        return texts[f"indicator/{code}/wording"]
    if code in framework.standards:
        return texts[f"standard/{code}/title"]
    if any(domain.code == code for domain in framework.domains):
        return texts[f"domain/{code}/title"]
    if framework.find_group(code):
        return texts[f"group/{code}"]
    return texts["title"]
