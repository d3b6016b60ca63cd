"""Evidence and scorecards as plain data: written, stored as canonical text, read back unchanged."""

import json
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from evaluation.engine.scoring import (
    Evidence,
    Judgement,
    Partial,
    read_evidence,
    read_scorecard,
    score,
    write_evidence,
    write_scorecard,
)
from standards.framework import Bound, Condition, Framework, Outcome, Rule, Test, canonical
from tests.evaluation.engine.scoring.anything import examined, parts
from tests.evaluation.engine.scoring.shapes import EXCUSED, OBLIGATIONS, asked, counted, framework_of, levels, row_of
from tests.small_edition import SMALL

codes = st.sampled_from(["1.1.1", "1.1.2", "2.4.10"])
any_judgement = st.builds(
    Judgement, st.none() | st.integers(0, 3), st.none() | st.fractions(max_denominator=10**6), st.booleans()
)
anything = st.builds(
    Evidence,
    st.dictionaries(codes, any_judgement),
    st.dictionaries(codes, any_judgement),
    st.dictionaries(st.sampled_from(["A03", "A04"]), st.none() | st.fractions(max_denominator=10**6)),
    partial=st.dictionaries(st.sampled_from(["A03", "A04"]), parts),
)


def round_trip(data):
    """Return the data after a round trip through canonical text."""
    return json.loads(canonical(data))


def what_is_given(evidence: Evidence) -> Evidence:
    return Evidence(
        {code: judgement for code, judgement in evidence.answers.items() if judgement.is_given},
        {code: judgement for code, judgement in evidence.findings.items() if judgement.is_given},
        {item: value for item, value in evidence.figures.items() if value is not None},
        partial=evidence.partial,
    )


def test_evidence_is_written_without_what_is_missing():
    evidence = Evidence(
        answers={"1.1.1": Judgement(level=0), "1.1.2": Judgement(), "1.1.3": Judgement(not_applicable=True)},
        findings={"1.1.1": Judgement(value=Fraction(1, 3))},
        figures={"A03": Fraction(0), "A04": None},
    )
    assert write_evidence(evidence) == {
        "on": None,
        "answers": {"1.1.1": {"level": 0}, "1.1.3": {"not_applicable": True}},
        "findings": {"1.1.1": {"value": "1/3"}},
        "figures": {"A03": "0"},
    }


def test_totals_of_a_part_of_the_time_are_written_with_their_months():
    part = Partial(("2025-01", "2025-02"), 12, Fraction(3, 2))
    written = write_evidence(Evidence(partial={"A04": part}))["partial"]
    assert written == {"A04": {"months": ["2025-01", "2025-02"], "of": 12, "value": "3/2"}}


def test_bounds_of_figures_that_are_not_published_are_written_if_there_are_any():
    evidence = Evidence(withheld={"1.1.1": 2}, within={"1.1.1": (">=80",), "1.1.2": ()})
    written = write_evidence(evidence)
    assert written["within"] == {"1.1.1": [">=80"], "1.1.2": []}
    assert read_evidence(round_trip(written)) == evidence
    assert "within" not in write_evidence(Evidence())


@given(anything)
def test_evidence_reads_back_as_it_was_written(evidence: Evidence):
    assert read_evidence(round_trip(write_evidence(evidence))) == what_is_given(evidence)


@given(examined())
def test_a_scorecard_reads_back_as_it_was_written(case: tuple[Framework, Evidence]):
    card = score(*case)
    assert read_scorecard(round_trip(write_scorecard(card))) == card


@given(anything)
def test_kept_evidence_gives_the_same_scorecard_again_even_if_it_contradicts_itself(evidence: Evidence):
    """With a level, a number and “not applicable” at once, the same one of them counts each time."""
    assert score(SMALL, read_evidence(round_trip(write_evidence(evidence)))) == score(SMALL, evidence)


def test_the_proposal_is_the_first_outcome_that_holds():
    card = score(framework_of([row_of(1)]), Evidence({"1.1.1": Judgement(level=3)}))
    assert [(o.outcome, o.holds) for o in card.outcomes] == [
        ("deferred", False),
        ("accredited", True),
        ("conditional", True),
        ("not_accredited", True),
    ]
    assert card.proposal is card.outcomes[1]


def test_a_written_scorecard_is_plain_data():
    written = write_scorecard(score(SMALL, Evidence()))
    every = [i for domain in written["domains"] for standard in domain["standards"] for i in standard["indicators"]]
    assert {(type(indicator["basis"]), type(indicator["disallowed"])) for indicator in every} == {(str, list)}


def test_what_few_scorecards_have_is_written_under_its_name_and_read_back() -> None:
    """A figure that is not published has its bounds, and a “not applicable” that does not count has who stated it."""
    figure = Condition(Test.FIGURE, codes=("1.1.1",), figure=Bound(">=", "80"))
    framework = framework_of(
        [[counted("1.1.1"), asked("1.1.2")]],
        rule=Rule(OBLIGATIONS, (Outcome("top", 36, (figure,)), Outcome("none", 0))),
    )
    card = score(framework, Evidence(levels(i1_1_2=EXCUSED), withheld={"1.1.1": 2}, within={"1.1.1": (">=80",)}))
    written = round_trip(write_scorecard(card))
    first, second = written["domains"][0]["standards"][0]["indicators"]
    assert (first["within"], "within" in second, second["disallowed"]) == ([">=80"], False, ["hotline"])
    assert written["outcomes"][0]["checks"][0]["withheld"] == ["1.1.1"]
    assert read_scorecard(written) == card
