"""The sandbox of a what-if for display: each indicator with its choices, and the result before and after."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.engine.improvement.hypothetical import EXCUSED, Change, apply_changes, choices_of
from evaluation.engine.scoring import IndicatorScore, Scorecard, as_tenths, tenths_as_text
from evaluation.engine.scoring.explanation import OVERALL, failed_checks
from portal.presentation.indicators.indicator import ObligationTag, obligation_tag
from portal.presentation.numbers import percent
from portal.presentation.scorecard.outcomes import ShownCheck, ShownOutcome, show_check, show_outcomes, show_results
from standards.framework import Framework, Indicator, Measure
from standards.models import Texts
from standards.presentation.sentences import Passage
from standards.presentation.symbols import level_mark
from standards.presentation.units import format_decimal

Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The current scorecard, the changes, and the hypothetical scorecard."""

    framework: Framework
    texts: Texts
    before: Scorecard
    after: Scorecard
    changes: Mapping[str, Change]
    address: Address


# --- The choices -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One hypothetical level: `value` in the form, `short` on the tile, `label` its meaning."""

    value: str
    short: str
    label: Any
    tint: int | None
    is_as_it_is: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator with its hypothetical levels."""

    code: str
    wording: Passage
    obligation: ObligationTag
    url: str
    choices: tuple[Choice, ...]
    is_missing: bool
    as_it_is: str
    """The current value; empty if it is missing."""
    is_changed: bool


@dataclass(frozen=True, slots=True)
class DomainRows:
    code: str
    title: Passage
    rows: tuple[Row, ...]


def show_rows(sandbox: Sandbox, codes: set[str]) -> list[DomainRows]:
    """Return the indicators of these codes, by domain."""
    found = []
    for domain in sandbox.before.domains:
        rows = tuple(_row(sandbox, score) for score in domain.indicators if score.code in codes)
        if rows:
            found.append(DomainRows(domain.code, sandbox.texts[f"domain/{domain.code}/title"], rows))
    return found


def _row(sandbox: Sandbox, score: IndicatorScore) -> Row:
    framework, texts, chosen = sandbox.framework, sandbox.texts, sandbox.changes.get(score.code)
    as_it_is: Change | None = score.level if score.counts else EXCUSED
    return Row(
        code=score.code,
        wording=texts[f"indicator/{score.code}/wording"],
        obligation=obligation_tag(framework, texts, score.obligation),
        url=sandbox.address(score.code),
        choices=tuple(
            _choice(sandbox, framework.indicators[score.code], change, is_as_it_is=change == as_it_is, chosen=chosen)
            for change in choices_of(framework, score)
        ),
        is_missing=score.is_missing,
        as_it_is="" if as_it_is is None else str(as_it_is),
        is_changed=chosen is not None,
    )


def _choice(
    sandbox: Sandbox, indicator: Indicator, change: Change, *, is_as_it_is: bool, chosen: Change | None
) -> Choice:
    scale, texts = sandbox.framework.scale, sandbox.texts
    label: Passage | str
    if change == EXCUSED:
        short, label, tint = pgettext("short for not applicable", "n/a"), _("not applicable"), None
    elif indicator.measure is Measure.YES_NO:
        yes = change == scale.best
        short, label = (
            (_("Yes"), texts[f"indicator/{indicator.code}/level/yes"])
            if yes
            else (
                _("No"),
                texts[f"indicator/{indicator.code}/level/no"],
            )
        )
        tint = level_mark(scale, change)
    else:
        short, label, tint = str(change), texts[f"level/{change}"], level_mark(scale, change)
    return Choice(str(change), short, label, tint, is_as_it_is, change == chosen)


# --- Before and after --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """A score before and after."""

    code: str
    title: Any
    url: str
    before: str
    after: str
    gain: str
    is_group: bool = False
    """Whether it is the score of a group, shown above its domains."""

    @property
    def is_changed(self) -> bool:
        return bool(self.gain)


@dataclass(frozen=True, slots=True)
class ChangedIndicator:
    """One changed indicator, and its own effect on the overall score."""

    code: str
    wording: Passage
    before: str
    after: str
    gain: str


@dataclass(frozen=True, slots=True)
class OutcomePair:
    """The outcome of a result before and after. `name` is that of a further result, empty for the decision."""

    name: Any
    before: ShownOutcome
    after: ShownOutcome

    @property
    def is_changed(self) -> bool:
        return self.before.code != self.after.code


@dataclass(frozen=True, slots=True)
class SandboxComparison:
    """The result: outcomes and scores before and after, unmet conditions of the aim, changed indicators.

    `outcomes` has the outcome of the decision, then those of the further results.
    """

    outcomes: tuple[OutcomePair, ...]
    overall: Pair
    domains: tuple[Pair, ...]
    failed_checks: tuple[ShownCheck, ...]
    is_reached: bool
    changed: tuple[ChangedIndicator, ...]


def compare(sandbox: Sandbox, aim: str) -> SandboxComparison:
    framework, texts = sandbox.framework, sandbox.texts
    failed = list(failed_checks(sandbox.after.for_outcome(aim), aim)) if aim else []
    return SandboxComparison(
        outcomes=tuple(_outcome_pairs(sandbox)),
        overall=_pair(sandbox, OVERALL, texts["title"], sandbox.before.overall, sandbox.after.overall),
        domains=tuple(_pairs(sandbox)),
        failed_checks=tuple(show_check(check, framework, texts, sandbox.address) for check in failed),
        is_reached=bool(aim) and not failed,
        changed=tuple(_changed(sandbox, code, change) for code, change in sandbox.changes.items()),
    )


def _outcome_pairs(sandbox: Sandbox) -> Iterator[OutcomePair]:
    """Yield the outcomes before and after: that of the decision, then those of the further results."""
    framework, texts = sandbox.framework, sandbox.texts
    cards = (sandbox.before, sandbox.after)
    yield OutcomePair("", *(_found(show_outcomes(card, framework, texts, sandbox.address)) for card in cards))
    results = (show_results(card, framework, texts, sandbox.address) for card in cards)
    for before, after in zip(*results, strict=True):
        yield OutcomePair(before.name, before.found, after.found)


def _found(outcomes: Iterable[ShownOutcome]) -> ShownOutcome:
    return next(outcome for outcome in outcomes if outcome.is_proposal)


def _pairs(sandbox: Sandbox) -> Iterator[Pair]:
    """Yield the scores of the domains, each group before its first domain."""
    opened, texts = sandbox.framework.group_starting_with, sandbox.texts
    groups = {b.code: (b.ratio, a.ratio) for b, a in zip(sandbox.before.groups, sandbox.after.groups, strict=True)}
    for before, after in zip(sandbox.before.domains, sandbox.after.domains, strict=True):
        group = opened[before.code].code if before.code in opened else ""
        if group in groups:  # once, even if its domains are not consecutive
            yield replace(_pair(sandbox, group, texts[f"group/{group}"], *groups.pop(group)), is_group=True)
        yield _pair(sandbox, before.code, texts[f"domain/{before.code}/title"], before.ratio, after.ratio)


def _pair(sandbox: Sandbox, code: str, title: Any, before: Fraction | None, after: Fraction | None) -> Pair:
    return Pair(code, title, sandbox.address(code), percent(before), percent(after), format_gain(before, after))


def _changed(sandbox: Sandbox, code: str, change: Change) -> ChangedIndicator:
    framework, before = sandbox.framework, sandbox.before
    alone = apply_changes(framework, before, {code: change})
    score = before.indicators[code]
    return ChangedIndicator(
        code=code,
        wording=sandbox.texts[f"indicator/{code}/wording"],
        before=_format_level(score.level if score.counts else EXCUSED),
        after=_format_level(change),
        gain=format_gain(before.overall, alone.overall),
    )


def _format_level(level: Change | None) -> str:
    if level is None:
        return _("no data")
    if level == EXCUSED:
        return _("not applicable")
    return _("level %(level)s") % {"level": level}


def format_gain(before: Fraction | None, after: Fraction | None) -> str:
    """Format a difference in percentage points, rounded towards zero: `+0.4`; empty for none."""
    if before == after:
        return ""
    if before is None or after is None:
        return _("a score where there was none") if before is None else _("no score any more")
    gain = after - before
    tenths = as_tenths(abs(gain))
    sign = "+" if gain > 0 else "\N{MINUS SIGN}"
    if not tenths:
        return _("less than %(gain)s") % {"gain": f"{sign}{format_decimal(tenths_as_text(1))}"}
    return f"{sign}{format_decimal(tenths_as_text(tenths))}"
