"""The explanation of a number for any reader: its terms, the larger numbers that it is part of, its conditions."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from evaluation.engine.scoring import DomainScore, GroupScore, Scorecard, StandardScore
from evaluation.engine.scoring.explanation import OVERALL, calculation_of, relevant_conditions
from portal.presentation.numbers import format_exactly
from portal.presentation.scorecard.outcomes import ShownCheck, ShownOutcome, show_check, show_outcomes
from portal.presentation.scorecard.terms import CalculationView, calculation_view, title_of
from standards.framework import Framework
from standards.models import Texts
from standards.presentation.condition_sentences import describe_passing
from standards.presentation.marking import marked
from standards.presentation.symbols import outcome_kind

Address = Callable[[str], str]

OUTCOME = "outcome/"


@dataclass(frozen=True, slots=True)
class Breadcrumb:
    """A larger number that this one is part of."""

    code: str
    title: Any
    url: str


@dataclass(frozen=True, slots=True)
class DecidingCondition:
    """A condition on the number, and its outcome."""

    outcome: str
    kind: str
    name: Any
    url: str
    check: ShownCheck
    is_blocking: bool


@dataclass(frozen=True, slots=True)
class TestedNumber:
    """An outcome among the others, in the order of testing."""

    number: int
    shown: ShownOutcome
    is_this: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """The data for every part of the page."""

    framework: Framework
    card: Scorecard
    texts: Texts
    address: Address

    def crumbs(self, code: str) -> list[Breadcrumb]:
        """Return the larger numbers that it is part of, the overall score first."""
        framework = self.framework
        is_outside_overall = framework.find_group(code) and not framework.rule.aggregation.of_groups
        above = [] if code == OVERALL or code.startswith(OUTCOME) or is_outside_overall else [OVERALL]
        domain = framework.domain_of[code].code if code in framework.domain_of else code
        if domain in framework.group_of:
            above.append(framework.group_of[domain].code)
        if domain != code:
            above.append(domain)
        if code in framework.standard_of:
            above.append(framework.standard_of[code].code)
        return [Breadcrumb(over, title_of(over, framework, self.texts), self.address(over)) for over in above]

    def account(self, code: str) -> CalculationView | None:
        if code in self.framework.indicators:
            return None
        account = calculation_of(self.framework, self.card, code)
        return calculation_view(account, self.card, self.framework, self.texts, self.address)

    def decides(self, code: str) -> list[DecidingCondition]:
        """Return the conditions on the number, in the order of testing."""
        return [
            DecidingCondition(
                outcome=concern.outcome,
                kind=outcome_kind(self.framework.for_outcome(concern.outcome), concern.outcome),
                name=self.texts[f"outcome/{concern.outcome}"],
                url=self.address(f"{OUTCOME}{concern.outcome}"),
                check=show_check(concern.check, self.framework, self.texts, self.address),
                is_blocking=concern.is_blocking,
            )
            for concern in relevant_conditions(self.framework, self.card, code)
        ]

    def passing(self, code: str) -> list[SafeString]:
        """Return the conditions by which a standard passes, if the rule has any."""
        if code not in self.framework.standards:
            return []
        return [marked(describe_passing(c, self.framework, self.texts)) for c in self.framework.rule.passing]

    def tested(self, code: str) -> Iterator[TestedNumber]:
        """Yield every outcome of the same result in the order of testing, this one marked."""
        framework, card = self.framework.for_outcome(code), self.card.for_outcome(code)
        for number, shown in enumerate(show_outcomes(card, framework, self.texts, self.address), start=1):
            yield TestedNumber(number, shown, shown.code == code)


def is_known(code: str, framework: Framework) -> bool:
    """Whether an edition has a number of this code."""
    if code.startswith(OUTCOME):
        return code.removeprefix(OUTCOME) in framework.outcome_codes
    parts = {part.code for part in (*framework.parts, *framework.groups)}
    return code == OVERALL or code in framework.indicators or code in parts


def describe(reader: Reader, code: str) -> dict[str, Any]:
    """Return the context of the page of a code."""
    if code.startswith(OUTCOME):
        outcome = code.removeprefix(OUTCOME)
        tested = list(reader.tested(outcome))
        return {
            "code": code,
            "title": reader.texts[f"outcome/{outcome}"],
            "crumbs": reader.crumbs(code),
            "tested": tested,
            "outcome": next(test.shown for test in tested if test.is_this),
            "before": next((test.shown for test in tested if test.shown.holds), None),
        }
    account = reader.account(code)
    return {
        "code": code,
        "title": title_of(code, reader.framework, reader.texts),
        "crumbs": reader.crumbs(code),
        "account": account,
        "exactly": format_exactly(account.ratio) if account else "",
        "decides": reader.decides(code),
        "passing": reader.passing(code),
        "passes": reader.card.standards[code].passes if code in reader.card.standards else None,
        "self_score": _self_score_of(reader.card, code),
        "is_overall": code == OVERALL,
        "scale": reader.framework.scale,
    }


def _self_score_of(card: Scorecard, code: str) -> Any:
    """Return the same number from the hotline's own answers alone."""
    if code == OVERALL:
        return card.self_score
    parts: Iterable[GroupScore | DomainScore | StandardScore] = (*card.groups, *card.domains, *card.standards.values())
    return next((part.self_score for part in parts if part.code == code), None)
