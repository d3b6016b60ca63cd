"""Properties of the engine for every framework and any findings."""

import json
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256

from hypothesis import assume, given
from hypothesis import strategies as st

from evaluation.engine.improvement.gains import next_outcome
from evaluation.engine.improvement.possible_levels import higher_levels
from evaluation.engine.scoring import (
    Evidence,
    Judgement,
    LevelBasis,
    Scorecard,
    input_digest,
    read_evidence,
    score,
    score_hypothetical,
    write_evidence,
)
from evaluation.engine.scoring.engine import aggregate_scores
from evaluation.engine.scoring.indicators import at_level
from evaluation.engine.scoring.scorecard import NOT_COUNTED
from standards.framework import (
    Aggregation,
    Condition,
    Domain,
    Framework,
    Measure,
    Method,
    Outcome,
    Rule,
    Standard,
    Test,
    canonical,
    find_problems,
    read_framework,
    write_framework,
)
from tests.evaluation.engine.scoring.anything import PERCENTS, asking_everybody, examined, frameworks
from tests.evaluation.engine.scoring.naive import Naive
from tests.evaluation.engine.scoring.shapes import OBLIGATIONS, framework_of, in_turn, row_of

Case = tuple[Framework, Evidence]


def rank_of_outcome(framework: Framework, card: Scorecard) -> int:
    """Return the rank of the best outcome that holds, without those that defer the decision."""
    holding = {check.outcome for check in card.outcomes if check.holds}
    return max(n for n, outcome in enumerate(framework.rule.ranked_outcomes) if outcome.code in holding)


def round_trip(data):
    """Return the data after a round trip through canonical text."""
    return json.loads(canonical(data))


# --- The same as the naive implementation ------------------------------------------------------------------------


@given(frameworks())
def test_what_the_other_promises_are_about_is_a_usable_edition(framework: Framework):
    assert list(find_problems(framework)) == []
    assert read_framework(round_trip(write_framework(framework))) == framework


@given(examined())
def test_the_engine_agrees_with_the_plainest_reckoning(case: Case):
    card, naive = score(*case), Naive(*case)
    places = {LevelBasis.NOT_APPLICABLE: "excused", **dict.fromkeys(NOT_COUNTED - {LevelBasis.NOT_APPLICABLE}, "out")}
    assert {code: (places.get(i.basis, "in"), i.level) for code, i in card.indicators.items()} == {
        code: (found.place, found.level) for code, found in naive.found.items()
    }
    assert {code: standard.ratio for code, standard in card.standards.items()} == naive.standards
    assert {domain.code: domain.ratio for domain in card.domains} == naive.domains
    assert {group.code: group.ratio for group in card.groups} == naive.groups
    assert card.overall == naive.overall
    assert (
        {code: standard.self_score for code, standard in card.standards.items()},
        {domain.code: domain.self_score for domain in card.domains},
        {group.code: group.self_score for group in card.groups},
        card.self_score,
    ) == naive.self_scored
    assert {code: standard.passes for code, standard in card.standards.items()} == {
        code: naive.passes(code) for code in naive.standards
    }
    assert [check.outcome for check in card.outcomes if check.holds] == naive.holding
    assert {result.code: [o.outcome for o in result.outcomes if o.holds] for result in card.results} == naive.results


# --- Better, in another order, nothing, everything ---------------------------------------------------------------


@given(examined(), st.data())
def test_a_better_finding_never_lowers_score_or_outcome(case: Case, data: st.DataObject):
    """An assessor finds a level above the present one, and the figures do not contradict it."""
    framework, evidence = case
    before = score_hypothetical(framework, evidence)
    code = data.draw(st.sampled_from(list(framework.indicators)))
    ways = higher_levels(framework, before.indicators[code], evidence.withheld)
    if not ways:
        return
    raised = at_level(framework, before.indicators[code], data.draw(st.sampled_from(list(ways))))
    after = aggregate_scores(framework, before.indicators | {code: raised})
    for was, then in zip(
        (
            before.overall,
            *(part.ratio for part in (*before.groups, *before.domains)),
            *(s.ratio for s in before.standards.values()),
        ),
        (
            after.overall,
            *(part.ratio for part in (*after.groups, *after.domains)),
            *(s.ratio for s in after.standards.values()),
        ),
        strict=True,
    ):
        assert (was is None) == (then is None)
        assert (then or 0) >= (was or 0)
    assert rank_of_outcome(framework, after) >= rank_of_outcome(framework, before)
    assert len(after.missing) <= len(before.missing)


@given(examined(), st.data())
def test_a_level_that_counts_is_the_same_whoever_found_it(case: Case, data: st.DataObject):
    """A hypothetical level has the same result as an assessor's finding of that level."""
    framework, evidence = case
    card = score_hypothetical(framework, evidence)
    people_judge = [i for i in framework.indicators.values() if i.measure is not Measure.NUMERIC and not i.formula]
    able = [i.code for i in people_judge if higher_levels(framework, card.indicators[i.code], evidence.withheld)]
    if not able:
        return
    code = data.draw(st.sampled_from(able))
    level = data.draw(st.sampled_from(list(higher_levels(framework, card.indicators[code], evidence.withheld))))
    found = score_hypothetical(
        framework, replace(evidence, findings={**evidence.findings, code: Judgement(level=level)})
    )
    supposed = at_level(framework, card.indicators[code], level)
    assert found.indicators[code] == replace(supposed, seen_level=level)
    assert found.outcomes == aggregate_scores(framework, card.indicators | {code: supposed}).outcomes


@given(examined(), st.data())
def test_order_does_not_matter(case: Case, data: st.DataObject):
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
        *(dict(reversed(part.items())) for part in (evidence.answers, evidence.findings, evidence.figures)),
        dict(reversed(evidence.withheld.items())),
        evidence.on,
        dict(reversed(evidence.partial.items())),
        evidence.traits[::-1],
    )
    one, other = score(framework, evidence), score(mixed, backwards)
    assert (other.overall, other.self_score, other.proposal.outcome) == (
        one.overall,
        one.self_score,
        one.proposal.outcome,
    )
    assert other.indicators == one.indicators
    assert {d.code: d.ratio for d in other.domains} == {d.code: d.ratio for d in one.domains}


@given(frameworks(), st.booleans())
def test_all_not_applicable_gives_no_score_unless_a_share_of_it_stays_in(framework: Framework, is_capped: bool):
    assume(all(obligation.weight for obligation in framework.rule.obligations))
    excusable = replace(
        framework,
        rule=replace(framework.rule, excused_at_most=30 if is_capped else 100, redistributes=False),
        domains=tuple(
            Domain(
                domain.code,
                tuple(
                    Standard(
                        s.code, tuple(replace(i, not_applicable=True, asked_if=()) for i in s.indicators), s.weight
                    )
                    for s in domain.standards
                ),
                domain.weight,
            )
            for domain in framework.domains
        ),
    )
    findings = dict.fromkeys(framework.indicators, Judgement(not_applicable=True))
    card = score(excusable, Evidence(findings=findings))
    assert {i.basis for i in card.indicators.values()} <= {LevelBasis.NOT_APPLICABLE, LevelBasis.NOT_SCORED}
    adds_up = Method.LOWEST not in framework.rule.aggregation.methods
    if not is_capped:
        assert (card.overall, {domain.ratio for domain in card.domains}) == (None, {None})
    elif card.excused and adds_up:
        assert card.overall == 0


@given(examined())
def test_scores_stay_between_the_worst_and_everything(case: Case):
    framework, _evidence = case
    card, scale = score(*case), framework.scale
    worst = min(
        Fraction(scale.points_of(scale.worst, i.points), scale.points_of(scale.best, i.points))
        for i in framework.indicators.values()
    )
    ratios = [card.overall, card.self_score, *(d.ratio for d in card.domains), *(d.self_score for d in card.domains)]
    ratios += [ratio for s in card.standards.values() for ratio in (s.ratio, s.self_score)]
    assert all(ratio is None or min(worst, 0) <= ratio <= 1 for ratio in ratios)
    assert all(i.points <= i.of and i.reached <= i.max_points for i in card.indicators.values())


@given(frameworks())
def test_everything_at_its_best_is_everything(framework: Framework):
    assume(all(obligation.weight for obligation in framework.rule.obligations))
    best = framework.scale.best
    card = score(framework, Evidence(findings={code: Judgement(level=best) for code in framework.indicators}))
    is_scored = any(i.is_scored and card.indicators[code].is_asked for code, i in framework.indicators.items())
    assert card.overall == (1 if is_scored else None)
    assert {i.level for i in card.counted} <= {best}


@given(frameworks(), st.data())
def test_missing_has_the_points_of_the_worst_but_reaches_nothing(framework: Framework, data: st.DataObject):
    """Scores without any answer equal those with the worst answers, but only the latter reach the worst level."""
    worst = framework.scale.worst
    every = Condition(Test.EVERY, level=worst)
    framework = asking_everybody(framework)
    asked = replace(framework, rule=replace(framework.rule, outcomes=(Outcome("all", 1, (every,)), Outcome("none", 0))))
    judged = Judgement(level=worst, has_words=True, has_evidence=True)
    answered = score(asked, Evidence(dict.fromkeys(framework.indicators, judged)))
    silent = score(asked, Evidence())
    by_points = framework.rule.aggregation.methods.count(Method.SHARE) == 0
    people = {code for code, i in framework.indicators.items() if not i.from_figures}
    if people == set(framework.indicators) and by_points:
        assert silent.overall == answered.overall
    assert all(i.is_missing and i.level is None for i in silent.counted)
    assert [o.holds for o in silent.outcomes] == [not silent.counted, True]
    assert all(answered.indicators[i.code].level == worst for i in answered.counted if i.code in people)


# --- Exactly at the threshold ------------------------------------------------------------------------------------


@given(
    st.sampled_from([p for p in PERCENTS if 0 < p < 100 and isinstance(p, int)]),
    st.integers(1, 40),
    st.sampled_from(list(Method)[:4]),
)
def test_a_score_at_the_line_reaches_it_and_one_point_less_does_not(percent: int, times: int, method: Method):
    """Of 100 × `times` points: exactly the percentage, one less, one more."""
    rule = Rule(
        OBLIGATIONS,
        (Outcome("top", 1, (Condition(Test.SCORE, percent=percent),)), Outcome("none", 0)),
        Aggregation(method, method, method, level=1 if method is Method.SHARE else None),
    )
    indicators = row_of(100)
    framework = replace(framework_of([indicators], rule=rule), scale=replace(framework_of([]).scale, highest=times))

    def score_points(points: int) -> Scorecard:
        """Return the scorecard with these points: as many indicators at the best as fit, one with the rest."""
        full, rest = divmod(points, times)
        if method is Method.SHARE:
            full, rest = divmod(points, 1)
        levels = [times] * full + [rest] * (full < 100)
        return score(framework, Evidence(in_turn(indicators, *levels, *[0] * (100 - len(levels)))))

    line = percent * (1 if method is Method.SHARE else times)
    cards = [score_points(points) for points in (line - 1, line, line + 1)]
    assert [card.proposal.outcome for card in cards] == ["none", "top", "top"]
    assert cards[1].overall == Fraction(percent, 100)


# --- Stored and read again ---------------------------------------------------------------------------------------


@given(examined())
def test_kept_evidence_gives_the_same_scorecard_and_digest_again(case: Case):
    framework, evidence = case
    again = read_evidence(round_trip(write_evidence(evidence)))
    same = read_framework(round_trip(write_framework(framework)))
    assert score(same, again) == score(framework, evidence)
    whole = canonical({"edition": framework.digest, "evidence": write_evidence(evidence)})
    assert input_digest(same, again) == sha256(whole.encode()).hexdigest()
    assert score(framework, evidence).inputs == input_digest(framework, evidence)


@given(examined(), st.data())
def test_whatever_counts_changes_the_digest(case: Case, data: st.DataObject):
    framework, evidence = case
    code = data.draw(st.sampled_from(list(framework.indicators)))
    other = {**evidence.answers, code: Judgement(level=17)}
    assert input_digest(framework, replace(evidence, answers=other)) != input_digest(framework, evidence)


@given(examined())
def test_the_next_outcome_is_one_rung_up(case: Case):
    framework, evidence = case
    card = score_hypothetical(framework, evidence)
    ranked_outcomes = framework.rule.ranked_outcomes
    found = next_outcome(framework, card)
    reached = rank_of_outcome(framework, card)
    assert found == (ranked_outcomes[reached + 1] if reached + 1 < len(ranked_outcomes) else None)
    assert card.inputs == ""
    assert replace(score(framework, evidence), inputs="") == card
