"""A scorecard in words: each outcome with the conditions it asks and what was found, each domain with its terms."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.scoring import (
    Check,
    DomainScore,
    IndicatorScore,
    OutcomeCheck,
    Scorecard,
    StandardScore,
    Why,
    as_tenths,
)
from portal.workspace.wording import obligation_words
from standards.framework import Framework, Obligation, Test


@dataclass(frozen=True, slots=True)
class Place:
    """A code and the domain on the page where its terms are."""

    code: str
    domain: str


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """One condition: the sentence of the rule, what was found, and the places it is about."""

    rule: str
    found: str
    holds: bool
    places: tuple[Place, ...]
    mood: str
    """`good`, `stop`, or `soft` for a condition that nobody wants to hold."""


@dataclass(frozen=True, slots=True)
class ShownOutcome:
    code: str
    name: Any
    months: int
    holds: bool
    is_proposal: bool
    checks: tuple[ShownCheck, ...]


@dataclass(frozen=True, slots=True)
class ShownScore:
    """One indicator in the table of terms: its level, whose word it is, weight and points."""

    score: IndicatorScore
    wording: Any
    label: Any
    whose: str

    @property
    def is_not_applicable(self) -> bool:
        return self.score.why is Why.NOT_APPLICABLE

    @property
    def is_not_scored(self) -> bool:
        return self.score.why is Why.NOT_SCORED


@dataclass(frozen=True, slots=True)
class ShownStandard:
    code: str
    title: Any
    points: int
    of: int
    percent: str
    indicators: tuple[ShownScore, ...]


@dataclass(frozen=True, slots=True)
class ShownDomain:
    """A domain's row with its terms. `whole` is the width of its bar, `sentence` the bar for the ear."""

    code: str
    title: Any
    percent: str
    whole: int | None
    said: str
    is_below: bool
    sentence: str
    standards: tuple[ShownStandard, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """What a scorecard page says. `line` is the percentage that the best outcome asks of every domain."""

    overall: str
    said: str
    proposal: ShownOutcome
    outcomes: tuple[ShownOutcome, ...]
    domains: tuple[ShownDomain, ...]
    line: int
    method: str


def say_percent(ratio: Fraction | None) -> str:
    """A ratio as the number of its per cent in the reader's language, rounded down: `79.9`; no score says nothing."""
    tenths = as_tenths(ratio)
    return "" if tenths is None else number_format(Decimal(tenths) / 10, 1)


def domain_line(framework: Framework) -> int:
    """The percentage the rule asks of every domain, the highest where several outcomes ask one; 0 when none does."""
    lines = [
        condition.percent or 0
        for outcome in framework.rule.outcomes
        for condition in outcome.conditions
        if condition.test is Test.DOMAINS
    ]
    return max(lines, default=0)


def explain(card: Scorecard, framework: Framework, texts: Any) -> Explained:
    line = domain_line(framework)
    outcomes = tuple(_show_outcome(outcome, card, texts) for outcome in card.outcomes)
    return Explained(
        overall=say_percent(card.overall),
        said=say_percent(card.said),
        proposal=next(outcome for outcome in outcomes if outcome.is_proposal),
        outcomes=outcomes,
        domains=tuple(_show_domain(domain, texts, line) for domain in card.domains),
        line=line,
        method=_method(framework),
    )


def _method(framework: Framework) -> str:
    """How a domain's number comes about, in words."""
    weights = framework.rule.weights
    return _(
        "A domain is the mean of its standards; a standard is the weighted mean of its indicators, divided by "
        "%(highest)d. Essential weighs %(essential)d, core %(core)d, developmental %(developmental)d. What an assessor "
        "saw counts before what was counted, and that before the hotline’s own word. What does not apply is left out; "
        "what is missing counts as 0."
    ) % {
        "highest": framework.scale.highest,
        "essential": weights[Obligation.ESSENTIAL],
        "core": weights[Obligation.CORE],
        "developmental": weights[Obligation.DEVELOPMENTAL],
    }


def _show_domain(domain: DomainScore, texts: Any, line: int) -> ShownDomain:
    tenths = as_tenths(domain.ratio)
    percent = say_percent(domain.ratio)
    is_below = tenths is not None and tenths < line * 10
    words = _("%(percent)s per cent, below the %(line)d per cent line") if is_below else _("%(percent)s per cent")
    return ShownDomain(
        code=domain.code,
        title=texts[f"domain/{domain.code}/title"],
        percent=percent,
        whole=None if tenths is None else tenths // 10,
        said=say_percent(domain.said),
        is_below=is_below,
        sentence=words % {"percent": percent, "line": line},
        standards=tuple(_show_standard(standard, texts) for standard in domain.standards),
    )


def _show_standard(standard: StandardScore, texts: Any) -> ShownStandard:
    return ShownStandard(
        code=standard.code,
        title=texts[f"standard/{standard.code}/title"],
        points=standard.points,
        of=standard.of,
        percent=say_percent(standard.ratio),
        indicators=tuple(
            ShownScore(
                score=indicator,
                wording=texts[f"indicator/{indicator.code}/wording"],
                label="" if indicator.level is None else texts[f"level/{indicator.level}"],
                whose=whose_word(indicator.why),
            )
            for indicator in standard.indicators
        ),
    )


def whose_word(why: Why) -> str:
    return {
        Why.ASSESSOR: _("assessor"),
        Why.FIGURES: _("figures"),
        Why.HOTLINE: _("hotline"),
        Why.NOT_APPLICABLE: "",
        Why.MISSING: _("missing, counts as 0"),
        Why.NOT_SCORED: "",
    }[why]


def _show_outcome(outcome: OutcomeCheck, card: Scorecard, texts: Any) -> ShownOutcome:
    return ShownOutcome(
        code=outcome.outcome,
        name=texts[f"outcome/{outcome.outcome}"],
        months=outcome.months,
        holds=outcome.holds,
        is_proposal=outcome.outcome == card.proposal.outcome,
        checks=tuple(_show_check(check, card) for check in outcome.checks),
    )


def _counted(check: Check) -> str:
    return ngettext("%(count)d indicator", "%(count)d indicators", len(check.codes)) % {"count": len(check.codes)}


def _show_check(check: Check, card: Scorecard) -> ShownCheck:
    """One condition as a sentence, with what was found beside it."""
    condition = check.condition
    values = {
        "obligation": obligation_words(condition.obligation) if condition.obligation else _("scored"),
        "level": condition.level,
        "count": condition.count,
        "percent": condition.percent,
    }
    match condition.test:
        case Test.INCOMPLETE:
            rule, found = _("Something %(obligation)s is missing") % values, _counted(check)
        case Test.EVERY:
            rule = _("Every %(obligation)s indicator reaches at least level %(level)s") % values
            found = _("%(found)s short of it") % {"found": _counted(check)}
        case Test.AT_MOST:
            rule = _("At most %(count)s %(obligation)s indicators are at level %(level)s") % values
            found = _counted(check)
        case Test.NONE_AT:
            rule = _("No %(obligation)s indicator is at level %(level)s or missing") % values
            found = _counted(check)
        case Test.DOMAINS:
            rule = _("Every domain reaches at least %(percent)s\u00a0%%") % values
            found = ngettext("%(count)d domain below it", "%(count)d domains below it", len(check.codes)) % {
                "count": len(check.codes)
            }
        case _:
            rule = _("The whole reaches at least %(percent)s\u00a0%%") % values
            found = _("no score") if card.overall is None else f"{say_percent(card.overall)}\u00a0%"
    domains = {i.code: domain.code for domain in card.domains for s in domain.standards for i in s.indicators}
    places = tuple(Place(code, domains.get(code, code)) for code in check.codes)
    mood = "good" if check.holds else "stop"
    if condition.test is Test.INCOMPLETE:
        mood = "stop" if check.holds else "soft"
    return ShownCheck(rule=rule, found=found, holds=check.holds, places=places, mood=mood)
