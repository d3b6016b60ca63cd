"""What holds for every framework and whatever was found."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evaluation.scoring import Evidence, Judgement, Why, score
from standards.framework import Framework
from tests.evaluation.scoring.shapes import EXCUSED, better, examined, frameworks
from tests.small_edition import RULE

pytestmark = pytest.mark.once

RANK = {"not_accredited": 0, "conditional": 1, "accredited": 2}


@given(examined(), st.data())
def test_a_better_finding_never_lowers_score_or_outcome(case: tuple[Framework, Evidence], data: st.DataObject):
    framework, evidence = case
    code = data.draw(st.sampled_from(list(framework.indicators)))
    raised = better(framework.indicators[code], evidence.findings[code])
    assume(raised is not None)
    before = score(framework, evidence)
    after = score(framework, replace(evidence, findings={**evidence.findings, code: raised}))
    assert (after.overall is None) == (before.overall is None)
    assert (after.overall or 0) >= (before.overall or 0)
    outcomes = before.proposal.outcome, after.proposal.outcome
    assert ("deferred" in outcomes and len(set(outcomes)) == 1) or RANK[outcomes[1]] >= RANK[outcomes[0]]


@given(examined(), st.data())
def test_order_does_not_matter(case: tuple[Framework, Evidence], data: st.DataObject):
    framework, evidence = case

    def shuffled(things):
        return tuple(data.draw(st.permutations(things)))

    mixed = replace(
        framework,
        domains=shuffled(
            [
                replace(d, standards=shuffled([replace(s, indicators=shuffled(s.indicators)) for s in d.standards]))
                for d in framework.domains
            ]
        ),
    )
    backwards = Evidence(
        *(dict(reversed(part.items())) for part in (evidence.answers, evidence.findings, evidence.figures))
    )
    one, other = score(framework, evidence), score(mixed, backwards)
    assert (other.overall, other.said, other.proposal.outcome) == (one.overall, one.said, one.proposal.outcome)
    assert other.indicators == one.indicators
    assert {d.code: d.ratio for d in other.domains} == {d.code: d.ratio for d in one.domains}


@given(frameworks())
def test_all_not_applicable_gives_no_score(framework: Framework):
    excusable = replace(
        framework,
        domains=tuple(
            replace(
                domain,
                standards=tuple(
                    replace(s, indicators=tuple(replace(i, not_applicable=True) for i in s.indicators))
                    for s in domain.standards
                ),
            )
            for domain in framework.domains
        ),
    )
    card = score(excusable, Evidence(findings=dict.fromkeys(framework.indicators, EXCUSED)))
    assert (card.overall, {domain.ratio for domain in card.domains}) == (None, {None})
    assert {i.why for i in card.indicators.values()} <= {Why.NOT_APPLICABLE, Why.NOT_SCORED}


@given(examined())
def test_scores_stay_between_nothing_and_everything(case: tuple[Framework, Evidence]):
    card = score(*case)
    ratios = [card.overall, card.said, *(d.ratio for d in card.domains), *(d.said for d in card.domains)]
    assert all(ratio is None or 0 <= ratio <= 1 for ratio in ratios)
    assert all(0 <= i.points <= i.of for i in card.indicators.values())


@given(examined())
def test_the_points_of_a_standard_are_those_of_its_indicators(case: tuple[Framework, Evidence]):
    for domain in score(*case).domains:
        for standard in domain.standards:
            assert standard.points == sum(i.points for i in standard.indicators)
            assert standard.of == sum(i.of for i in standard.indicators)


@given(frameworks())
def test_everything_at_its_highest_is_everything(framework: Framework):
    best = {code: Judgement(level=3) for code in framework.indicators}
    card = score(framework, Evidence(findings=best))
    scored = any(i.is_scored for i in framework.indicators.values())
    assert (card.overall, card.proposal.outcome) == (
        (Fraction(1), "accredited") if scored else (None, "not_accredited")
    )
    assert card.proposal.months == RULE.outcome(card.proposal.outcome).months
