"""The file of a published result, with evidence, scorecard and decision, so that anybody can recompute it. Pure.

It contains the whole structure of the edition, levels and values, and whether there were texts and evidence. It never
contains these texts, the name of a person or the name of a document. The conditions that the panel set are public with
their words, last day and present state. Totals too small to be published are left out. If
such a figure counted, its level is in `inputs.withheld`, so that the score can still be computed. If a condition of the
rule tests the figure itself, the bounds that it is within are in `inputs.within`. The scorecard does not contain the
values of these figures, and its input digest is that of the public inputs.

`sha256` is the digest of everything else in the file, in canonical form. `digests` are those of the stored scorecard
and of its stored inputs. These contain the evaluation's unguessable `uid`, so that nobody can derive from a digest what
was left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from evaluation.engine.scoring import (
    Check,
    Evidence,
    IndicatorScore,
    Judgement,
    OutcomeCheck,
    Scorecard,
    input_digest,
    measure,
    write_evidence,
    write_scorecard,
)
from evaluation.figures.publishing.withholding import PublicFigures, withhold
from standards.framework import Bound, Framework, Test, canonical, digest

FORMAT, VERSION = "116000-result", 1


@dataclass(frozen=True, slots=True)
class Hotline:
    code: str
    is_invented: bool


@dataclass(frozen=True, slots=True)
class Examined:
    """The round, and the period of its figures."""

    round: str
    figures_from: date
    figures_until: date


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that the panel set: its words, its last day, and `open`, `extended`, `met` or `not_met`."""

    text: str
    due_on: date
    state: str


@dataclass(frozen=True, slots=True)
class Decided:
    kind: str
    outcome: str
    departs: bool
    decided_on: date
    valid_until: date | None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Result:
    """A published decision with its scorecard, as stored."""

    hotline: Hotline
    examined: Examined
    framework: Framework
    structure: Mapping[str, Any]
    """The structure as it was released, whose digest is that of the edition."""
    evidence: Evidence
    card: Scorecard
    decided: Decided
    scorecard_sha256: str
    inputs_sha256: str


def write_result(result: Result) -> dict[str, Any]:
    """Return the result as plain data, ready for `canonical`, with its own digest."""
    framework = result.framework
    public_figures = withhold(framework, result.evidence.figures, result.evidence.partial)
    evidence = public_evidence(framework, result.evidence, result.card, public_figures)
    card = public_scorecard(result.card, public_figures, evidence, input_digest(framework, evidence))
    decided = result.decided
    return seal(
        {
            "format": FORMAT,
            "version": VERSION,
            "hotline": {"code": result.hotline.code, "invented": result.hotline.is_invented},
            "round": {
                "name": result.examined.round,
                "figures_from": result.examined.figures_from.isoformat(),
                "figures_until": result.examined.figures_until.isoformat(),
            },
            "edition": {
                "code": framework.code,
                "sha256": digest(canonical(result.structure)),
                "structure": result.structure,
            },
            "inputs": write_evidence(evidence),
            "scorecard": write_scorecard(card),
            "decision": {
                "kind": decided.kind,
                "proposal": card.proposal.outcome,
                "outcome": decided.outcome,
                "departs": decided.departs,
                "decided_on": decided.decided_on.isoformat(),
                "valid_until": decided.valid_until.isoformat() if decided.valid_until else None,
                **(
                    {
                        "conditions": [
                            {"text": one.text, "due_on": one.due_on.isoformat(), "state": one.state}
                            for one in decided.conditions
                        ]
                    }
                    if decided.conditions
                    else {}
                ),
            },
            "digests": {"scorecard": result.scorecard_sha256, "inputs": result.inputs_sha256},
        }
    )


def seal(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with the digest of everything else in it."""
    rest = {name: value for name, value in data.items() if name != "sha256"}
    return {**rest, "sha256": digest(canonical(rest))}


# --- What is published ---------------------------------------------------------------------------------------------


def public_evidence(
    framework: Framework, evidence: Evidence, card: Scorecard, public_figures: PublicFigures
) -> Evidence:
    """Return the evidence with the figures that may be published, and with the levels and bounds of the others."""
    levels = dict(evidence.withheld)
    for code in public_figures.withheld:
        indicator = framework.indicators[code]
        value = measure(indicator, evidence.figures, evidence.partial).value
        if value is not None and indicator.is_scored:
            levels[code] = indicator.level_of(value, framework.scale)
    return replace(
        evidence,
        answers=_without_values(framework, evidence.answers, public_figures),
        findings=_without_values(framework, evidence.findings, public_figures),
        figures=public_figures.figures,
        partial=public_figures.partial,
        withheld=levels,
        within=_find_bounds(framework, card, public_figures),
    )


def _find_bounds(framework: Framework, card: Scorecard, public_figures: PublicFigures) -> dict[str, tuple[str, ...]]:
    """Return those bounds of the rule that unpublished figures are within, by indicator."""
    asked: dict[str, dict[str, Bound]] = {}
    for tested in (framework, *framework.by_result.values()):
        for condition in tested.rule.conditions():
            if condition.figure is not None:
                for code in condition.codes:
                    asked.setdefault(code, {})[str(condition.figure)] = condition.figure
    scores = (card.indicators[code] for code in asked if code in public_figures.withheld)
    return {
        score.code: tuple(text for text, bound in sorted(asked[score.code].items()) if bound.holds(score.value))
        for score in scores
        if score.is_asked and score.value is not None
    }


def _without_values(
    framework: Framework, judgements: Mapping[str, Judgement], public_figures: PublicFigures
) -> dict[str, Judgement]:
    """Return the judgements, with the level in place of a value that could reveal an unpublished figure."""
    found = dict(judgements)
    for code in public_figures.withheld & found.keys():
        indicator, judgement = framework.indicators[code], found[code]
        if judgement.value is not None:
            level = indicator.level_of(judgement.value, framework.scale) if indicator.is_scored else None
            found[code] = replace(judgement, value=None, level=level)
    return found


def public_scorecard(card: Scorecard, public_figures: PublicFigures, public: Evidence, inputs: str) -> Scorecard:
    """Return the scorecard without unpublished figures, with the digest of the public inputs."""

    def publish(indicator: IndicatorScore) -> IndicatorScore:
        if indicator.code not in public_figures.withheld:
            return indicator
        return replace(indicator, value=None, self_value=None, within=public.within.get(indicator.code))

    def publish_check(check: Check) -> Check:
        named = check.condition.codes if check.condition.test is Test.FIGURE else ()
        withheld = tuple(code for code in named if code in public.within)
        is_of_one = bool(withheld) and len(named) == 1
        parts = tuple(map(publish_check, check.parts))
        return replace(check, found=None if is_of_one else check.found, parts=parts, withheld=withheld)

    def publish_outcomes(outcomes: Iterable[OutcomeCheck]) -> tuple[OutcomeCheck, ...]:
        return tuple(replace(one, checks=tuple(map(publish_check, one.checks))) for one in outcomes)

    return replace(
        card,
        inputs=inputs,
        domains=tuple(
            replace(
                domain,
                standards=tuple(
                    replace(standard, indicators=tuple(publish(indicator) for indicator in standard.indicators))
                    for standard in domain.standards
                ),
            )
            for domain in card.domains
        ),
        outcomes=publish_outcomes(card.outcomes),
        results=tuple(replace(result, outcomes=publish_outcomes(result.outcomes)) for result in card.results),
    )
