"""Format a result as plain sentences: outcome, scores, and conditions with their results."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from evaluation.engine.improvement.gains import Plan, next_outcome, smallest_set
from evaluation.engine.scoring import Check, Evidence, IndicatorScore, LevelBasis, OutcomeCheck, Scorecard, as_percent
from standards.framework import Framework, Test, Wording
from standards.presentation.condition_sentences import describe_condition


@dataclass(frozen=True)
class ResultFormatter:
    """A result, with the framework, texts and evidence that are needed to format it."""

    framework: Framework
    texts: Wording
    evidence: Evidence
    card: Scorecard

    def for_outcome(self, code: str) -> "ResultFormatter":
        """Return the formatter of the result that an outcome belongs to: a further result, or the decision."""
        return replace(self, framework=self.framework.for_outcome(code), card=self.card.for_outcome(code))

    def name(self, path: str) -> str:
        """Return a text of the edition on one line; its code if it has none."""
        return " ".join(self.texts.get(path, "").split()) or path.split("/")[1]

    @property
    def examined(self) -> str:
        """The edition's name for the evaluated organisation."""
        return " ".join(self.texts.get("examined", "").split()) or "hotline"

    def titled(self, kind: str, code: str) -> str:
        """Return the code of an outcome or a level, with its name if it has one: `accredited (Accredited)`."""
        name = self.name(f"{kind}/{code}")
        return code if name == code else f"{code} ({name})"

    def titled_code(self, code: str) -> str:
        """Return the code of a group, a domain, a standard or an indicator with its title: `2.1 Daily work`."""
        path = f"domain/{code}/title"
        if code in self.framework.indicators:
            path = f"indicator/{code}/wording"
        elif code in self.framework.standards:
            path = f"standard/{code}/title"
        elif self.framework.find_group(code):
            path = f"group/{code}"
        name = self.name(path)
        return code if name == code else f"{code} {name}"

    def level(self, level: int | None) -> str:
        """Return a level with its name: `level 2 (Largely in place)`."""
        return "no level" if level is None else f"level {self.titled('level', str(level))}"


def format_ratio(ratio: Fraction | None) -> str:
    """Return a score, rounded down and then exact: `79.9 % (2399/3000)`."""
    return "no score" if ratio is None else f"{as_percent(ratio)} % ({ratio})"


def format_number(number: Fraction | int, *, is_up: bool = False) -> str:
    """Return an integer unchanged; another number with at most three decimals, then exact: `0.166 (1/6)`.

    It is rounded down; with `is_up`, for figures of which smaller ones are better, it is rounded up.
    """
    number = Fraction(number)
    if number.denominator == 1:
        return str(number)
    thousandths = (ceil if is_up else floor)(number * 1000)
    places = f"{thousandths % 1000:03}".rstrip("0")
    whole = thousandths // 1000
    return f"{whole}.{places} ({number})" if places else f"{whole} ({number})"


def describe_result(formatter: ResultFormatter) -> Iterator[str]:
    """Yield the lines of the whole result."""
    card = formatter.card
    yield f"{formatter.name('title')} (edition {card.edition}, sha256 {formatter.framework.digest})"
    yield f"Engine {card.engine}, inputs {card.inputs}"
    yield ""
    yield f"Outcome: {describe_outcome(formatter, card.proposal)}"
    yield f"Overall: {format_ratio(card.overall)}"
    yield from _describe_coverage(card)
    yield ""
    if card.groups:
        yield "Groups of domains"
        yield from _table((g.code, format_ratio(g.ratio), formatter.name(f"group/{g.code}")) for g in card.groups)
        yield ""
    yield "Domains"
    yield from _table((d.code, format_ratio(d.ratio), formatter.name(f"domain/{d.code}/title")) for d in card.domains)
    yield ""
    yield "Standards"
    yield from _table(
        (s.code, f"{format_ratio(s.ratio)}{_passing(s.passes)}", formatter.name(f"standard/{s.code}/title"))
        for s in card.standards.values()
    )
    yield ""
    yield "Outcomes, in the order they are tested"
    yield from _describe_outcomes(formatter, card)
    for code, own in card.by_result.items():
        yield ""
        yield f"{formatter.name(f'result/{code}')} ({code}): {describe_outcome(formatter, own.proposal)}"
        yield from _describe_outcomes(formatter, own)
    for result in (formatter, *(formatter.for_outcome(own.proposal.outcome) for own in card.by_result.values())):
        better = next_outcome(result.framework, result.card)
        if better is not None:
            yield ""
            yield from describe_plan(result, better.code)


def _passing(passes: bool | None) -> str:
    return {True: ", passes", False: ", does not pass", None: ""}[passes]


def _describe_outcomes(formatter: ResultFormatter, card: Scorecard) -> Iterator[str]:
    for outcome in card.outcomes:
        yield f"  {describe_outcome(formatter, outcome)}: {'holds' if outcome.holds else 'does not hold'}"
        for check in outcome.checks:
            yield f"    {describe_check(formatter, check)}"


def describe_outcome(formatter: ResultFormatter, outcome: OutcomeCheck) -> str:
    """Return an outcome with its name and validity: `accredited (Accredited, 36 months)`."""
    period = f", {outcome.months} months" if outcome.months else ""
    return f"{outcome.outcome} ({formatter.name(f'outcome/{outcome.outcome}')}{period})"


def _describe_coverage(card: Scorecard) -> Iterator[str]:
    found = len(card.counted) - len(card.missing)
    yield f"Found: {found} of {len(card.counted)} that count"
    yield from _list_codes("Missing", card.missing)
    yield from _list_codes("Not applicable", card.excused)
    not_asked = [i for i in card.indicators.values() if i.basis is LevelBasis.NOT_ASKED_HERE]
    yield from _list_codes("Not asked here", not_asked)


def _list_codes(label: str, indicators: Iterable[IndicatorScore]) -> Iterator[str]:
    if codes := [indicator.code for indicator in indicators]:
        yield f"{label}: {', '.join(codes)}"


def _table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows as aligned columns with two blanks in between."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def describe_check(formatter: ResultFormatter, check: Check, *, with_codes: bool = True) -> str:
    """Return one condition with its result, the number found, and the codes of its check."""
    sentence = describe_condition(check.condition, formatter.framework, formatter.texts)
    return f"{'yes' if check.holds else 'no '}  {sentence}{_found(check)}{_codes(check) if with_codes else ''}"


def _found(check: Check) -> str:
    match check.condition.test:
        case Test.SCORE | Test.SHARE:
            return f" Found: {format_ratio(check.found)}."
        case Test.FIGURE if check.withheld:
            return f" Not published: {', '.join(check.withheld)}."
        case Test.FIGURE if len(check.condition.codes) == 1:
            return f" Found: {'nothing' if check.found is None else format_number(check.found)}."
        case Test.ANY:
            holding = [str(number) for number, part in enumerate(check.parts, 1) if part.holds]
            return f" Holding: {', '.join(holding) or 'none'}."
        case _:
            return ""


def _codes(check: Check) -> str:
    """Return the codes of a check with their label; an empty string without codes."""
    return f" {label_of_codes(check)}: {', '.join(check.codes)}." if check.codes else ""


def label_of_codes(check: Check) -> str:
    """Return the label of the codes of a check: those that are missing, or those that fail it."""
    if check.condition.test in (Test.INCOMPLETE, Test.COMPLETE):
        return "Missing"
    return "Short" if check.holds else "In the way"


def describe_plan(formatter: ResultFormatter, target: str) -> Iterator[str]:
    """Yield the lines of the smallest set of improvements that reaches an outcome."""
    plan = smallest_set(formatter.framework, formatter.evidence, target)
    name = f"{target} ({formatter.name(f'outcome/{target}')})"
    if plan is None:
        yield f"Nothing that can be improved reaches {name}."
    elif not plan.improvements:
        yield f"Nothing needs to improve for {name}."
    else:
        yield f"{_how_small(plan)} that reaches {name}:"
        yield from _table(
            (
                improvement.code,
                f"from {'nothing found' if improvement.level_from is None else f'level {improvement.level_from}'} "
                f"to level {improvement.level_to}",
                formatter.name(f"indicator/{improvement.code}/wording"),
            )
            for improvement in plan.improvements
        )


def _how_small(plan: Plan) -> str:
    return (
        "The smallest set of improvements"
        if plan.is_proven
        else "A small set of improvements, perhaps not the smallest,"
    )
