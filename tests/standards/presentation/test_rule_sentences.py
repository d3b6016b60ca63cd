"""The rule as sentences: every test and method, with the edition's own names, in the active language."""

from datetime import date
from fractions import Fraction

import pytest
from django.utils import translation

from standards.drafts.fields import write_texts
from standards.drafts.frameworks import draft_framework
from standards.editions.files import read_edition
from standards.framework import (
    CONDITION_FIELDS,
    SCOPED,
    Aggregation,
    Bound,
    Condition,
    Domain,
    Framework,
    Indicator,
    Measure,
    Method,
    Obligation,
    Procedure,
    Rule,
    Scale,
    Standard,
    Support,
    Test,
    Wording,
)
from standards.presentation.condition_sentences import describe_condition, describe_passing
from standards.presentation.rule_sentences import (
    describe_excused,
    describe_method,
    describe_methods,
    describe_obligation,
    describe_procedure,
    describe_scale,
    describe_terms,
)
from standards.presentation.symbols import level_mark, outcome_kind, tag_kind
from tests.standards.conftest import EDITIONS, SAMPLE

TEXT = read_edition(EDITIONS / "everything")
EVERYTHING, WORDS = draft_framework(TEXT), write_texts(TEXT)


def sentence_of(test: Test, **values: object) -> str:
    return str(describe_condition(Condition(test, **values), EVERYTHING, WORDS))


# --- Conditions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (Condition(Test.INCOMPLETE), "At least one indicator that counts is missing."),
        (
            Condition(Test.INCOMPLETE, obligation="must"),
            "At least one indicator of the class “Must” is missing.",
        ),
        (Condition(Test.COMPLETE), "No indicator that counts is missing."),
        (Condition(Test.COMPLETE, obligation="must"), "No indicator of the class “Must” is missing."),
        (Condition(Test.EVERY, level=2), "Every indicator reaches level 2 (Substantial) or better."),
        (
            Condition(Test.EVERY, obligation="must", level=1),
            "Every indicator of the class “Must” reaches level 1 (Full) or better.",
        ),
        (
            Condition(Test.SHARE, level=2, percent=85),
            "At least 85\u00a0% of the indicators reach level 2 (Substantial) or better.",
        ),
        (
            Condition(Test.SHARE, obligation="may", level=2, percent=85),
            "At least 85\u00a0% of the indicators of the class “May” reach level 2 (Substantial) or better.",
        ),
        (Condition(Test.BELOW, level=2, count=0), "No indicator is below level 2 (Substantial) or missing."),
        (
            Condition(Test.BELOW, level=2, count=1),
            "At most 1 indicator is below level 2 (Substantial) or missing.",
        ),
        (
            Condition(Test.BELOW, level=2, count=3),
            "At most 3 indicators are below level 2 (Substantial) or missing.",
        ),
        (
            Condition(Test.BELOW, obligation="must", level=2, count=0),
            "No indicator of the class “Must” is below level 2 (Substantial) or missing.",
        ),
        (
            Condition(Test.BELOW, obligation="must", level=2, count=3),
            "At most 3 indicators of the class “Must” are below level 2 (Substantial) or missing.",
        ),
        (Condition(Test.SCORE, percent=80), "The overall score reaches 80\u00a0%."),
        (
            Condition(Test.SCORE, obligation="must", percent=80, method=Method.WEIGHTED_MEAN),
            "The score of the indicators of the class “Must” reaches 80\u00a0%. "
            "This score is the mean of these indicators, each by the weight of its class.",
        ),
        (
            Condition(Test.SCORE, obligation="must", percent=80, method=Method.MEAN),
            "The score of the indicators of the class “Must” reaches 80\u00a0%. "
            "This score is the mean of these indicators, each counted once.",
        ),
        (
            Condition(Test.SCORE, obligation="must", percent=80, method=Method.SUM),
            "The score of the indicators of the class “Must” reaches 80\u00a0%. "
            "This score is the sum of the points of these indicators, of those that could be had.",
        ),
        (
            Condition(Test.SCORE, obligation="must", percent=80, method=Method.LOWEST),
            "The score of the indicators of the class “Must” reaches 80\u00a0%. "
            "This score stands where the worst of these indicators stands.",
        ),
        (
            Condition(Test.SCORE, domain="D1", percent=80),
            "The score of the domain “Access” reaches 80\u00a0%.",
        ),
        (
            Condition(Test.SCORE, standard="2.1", percent=80),
            "The score of the standard “Supervision” reaches 80\u00a0%.",
        ),
        (
            Condition(Test.SCORE, codes=("1.1.1", "2.1.1"), percent=80),
            "1.1.1, 2.1.1: The score reaches 80\u00a0%. "
            "This score is the share of these indicators that reach level 2 (Substantial) or better.",
        ),
        (
            Condition(Test.EVERY, obligation="should", domain="D2", level=1),
            "Class “Should”, domain “Staff”: Every indicator reaches level 1 (Full) or better.",
        ),
        (
            Condition(Test.COMPLETE, standard="2.1"),
            "Standard “Supervision”: No indicator that counts is missing.",
        ),
        (Condition(Test.DOMAINS, percent=60), "Every domain reaches 60\u00a0%."),
        (Condition(Test.DOMAINS, percent=60, count=1), "At least 1 domain reaches 60\u00a0%."),
        (Condition(Test.STANDARDS, percent=60, count=2), "At least 2 standards reach 60\u00a0%."),
        (Condition(Test.GROUPS, percent=60), "Every group of domains reaches 60\u00a0%."),
        (Condition(Test.GROUPS, percent=60, count=1), "At least 1 group of domains reaches 60\u00a0%."),
        (Condition(Test.GROUPS, percent=60, count=2), "At least 2 groups of domains reach 60\u00a0%."),
        (Condition(Test.SCORE, percent=60, group="G1"), "The score of the group “Prevention” reaches 60\u00a0%."),
        (
            Condition(Test.EVERY, level=1, group="G1"),
            "Group “Prevention”: Every indicator reaches level 1 (Full) or better.",
        ),
        (
            Condition(Test.SCORE, percent=Fraction(200, 3), strictly=True),
            "The overall score reaches more than 66\u00a02/3\u00a0%.",
        ),
        (Condition(Test.DOMAINS, percent=Fraction(133, 2)), "Every domain reaches 66.5\u00a0%."),
        (
            Condition(Test.SHARE, level=2, percent=50, strictly=True),
            "More than 50\u00a0% of the indicators reach level 2 (Substantial) or better.",
        ),
        (
            Condition(Test.AT_LEAST, obligation="must", level=2, count=3),
            "At least 3 indicators of the class “Must” reach level 2 (Substantial) or better.",
        ),
        (
            Condition(Test.FIGURE, codes=("1.1.2",), figure=Bound("<", "10.5")),
            "The figure of 1.1.2 is less than 10.5\u00a0%.",
        ),
        (
            Condition(
                Test.ANY,
                conditions=(Condition(Test.SCORE, percent=90), Condition(Test.EVERY, obligation="must", level=1)),
            ),
            "At least one of these holds: (a) The overall score reaches 90\u00a0%. "
            "(b) Every indicator of the class “Must” reaches level 1 (Full) or better.",
        ),
        (Condition(Test.STANDARDS, percent=60), "Every standard reaches 60\u00a0%."),
        (Condition(Test.FAILING, count=0), "Every standard passes."),
        (Condition(Test.FAILING, count=1), "At most 1 standard does not pass."),
        (Condition(Test.FAILING, count=2), "At most 2 standards do not pass."),
        (Condition(Test.REACHED, outcome="silver"), "What the outcome “Silver” asks for holds as well."),
    ],
)
def test_a_condition_is_told_as_a_whole_sentence(condition: Condition, sentence: str) -> None:
    assert str(describe_condition(condition, EVERYTHING, WORDS)) == sentence


@pytest.mark.parametrize("test", Test)
@pytest.mark.parametrize(
    "scope", [{}, {"obligation": "must"}, {"domain": "D1"}, {"standard": "1.1", "codes": ("1.1.1",)}]
)
def test_every_condition_can_be_told_and_leaves_no_place_open(test: Test, scope: dict[str, object]) -> None:
    values = {
        "level": 2,
        "count": 2,
        "percent": 60,
        "outcome": "silver",
        "codes": ("1.1.2",),
        "figure": Bound(">=", "8"),
        "conditions": (Condition(Test.COMPLETE), Condition(Test.SCORE, percent=60)),
    }
    asked = {name: values[name] for name in CONDITION_FIELDS[test]}
    sentence = sentence_of(test, **asked, **(scope if test in SCOPED else {}))
    assert sentence.endswith(".")
    assert "None" not in sentence
    assert "%(" not in sentence


def test_the_conditions_of_a_standard_speak_of_the_standard() -> None:
    assert [str(describe_passing(condition, EVERYTHING, WORDS)) for condition in EVERYTHING.rule.passing] == [
        "Every indicator of the class “Must” reaches level 3 (Partial) or better.",
        "At most 1 indicator is below level 2 (Substantial) or missing.",
        "The score of the standard reaches 50\u00a0%.",
    ]


def test_a_name_that_is_not_written_yet_is_told_by_its_code() -> None:
    condition = Condition(Test.EVERY, obligation="must", level=2)
    sentence = describe_condition(condition, EVERYTHING, Wording())
    assert str(sentence) == "Every indicator of the class “must” reaches level 2 or better."


def test_the_sentences_are_in_the_language_that_is_active(monkeypatch: pytest.MonkeyPatch) -> None:
    with translation.override("fr"):
        catalogue = translation.trans_real.catalog()._catalog._catalogs[0]
        monkeypatch.setitem(catalogue, "Every standard passes.", "Chaque standard est rempli.")
        assert sentence_of(Test.FAILING, count=0) == "Chaque standard est rempli."
    assert sentence_of(Test.FAILING, count=0) == "Every standard passes."


# --- Scores ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", ["standard", "domain", "overall"])
def test_every_method_is_told_apart_in_every_tier(tier: str) -> None:
    sentences = [describe_method(method, tier, EVERYTHING) for method in Method]
    assert len(set(sentences)) == len(Method)
    assert all(sentence.endswith(".") and "%(" not in sentence for sentence in sentences)


def test_the_methods_of_an_edition_are_told_from_the_standards_up() -> None:
    assert describe_methods(EVERYTHING) == (
        "A standard is the sum of the points of its indicators, of those that could be had.",
        "A domain is the mean of its standards, each by its own weight.",
        "A group stands where the lowest of its domains stands.",
        "The overall score is the share of all indicators that reach level 2 or better.",
        "What does not apply is left out, up to 25\u00a0% of a standard. What goes beyond that, and what is missing, "
        "counts as not reached.",
    )


def test_weights_are_told_only_where_they_differ() -> None:
    sample = draft_framework(read_edition(SAMPLE))
    assert describe_methods(sample)[1:3] == (
        "A domain is the mean of its standards.",
        "The overall score is the mean of the domains.",
    )
    assert describe_method(Method.MEAN, "overall", EVERYTHING) == (
        "The overall score is the mean of the domains, each by its own weight."
    )


@pytest.mark.parametrize(
    ("percent", "sentence"),
    [
        (100, "What does not apply is left out. What is missing counts as not reached."),
        (0, "What does not apply counts as not reached, and so does what is missing."),
    ],
)
def test_what_does_not_apply_is_told(percent: int, sentence: str) -> None:
    rule = Rule(EVERYTHING.rule.obligations, EVERYTHING.rule.outcomes, excused_at_most=percent)
    assert describe_excused(Framework("x", EVERYTHING.domains, rule, EVERYTHING.scale)) == sentence


def test_a_falling_scale_says_which_end_is_the_best() -> None:
    assert tuple(map(str, describe_scale(EVERYTHING, WORDS))) == (
        "The best level is 1 (Full), the worst is 4 (None).",
        "Yes counts as the best level, no as the worst.",
    )


def test_an_obligation_says_what_it_means() -> None:
    sample = read_edition(SAMPLE)
    framework, words = draft_framework(sample), write_texts(sample)
    told_of = [describe_obligation(obligation, framework, words) for obligation in framework.rule.obligations]
    assert [tuple(map(str, sentences)) for sentences in told_of] == [
        (
            "Each counts 3 times.",
            "Level 3 (In place and shown) or better is asked for.",
            "It applies to every hotline.",
        ),
        (
            "Each counts 2 times.",
            "Level 2 (Largely in place) or better is asked for.",
            "It may be “not applicable”.",
        ),
        (
            "Each counts once.",
            "Level 1 (Started, or on paper only) or better is asked for.",
            "It may be “not applicable”.",
        ),
    ]


def test_a_weight_that_nothing_uses_is_not_told() -> None:
    assert tuple(map(str, describe_obligation(Obligation("may", 7), EVERYTHING, WORDS))) == (
        "No level is asked for.",
        "It may be “not applicable”.",
    )


def test_the_procedure_is_told_in_the_order_of_the_way() -> None:
    assert describe_procedure(Procedure(response_days=1, quorum=5, departing=4, deferral_months=1)) == (
        "The hotline has 1 day to answer the draft report.",
        "At least 5 members of the panel vote.",
        "An outcome other than the proposed one needs the votes of 4 members, and a written reason.",
        "The hotline may appeal within 30 days of being told.",
        "Where the decision is deferred, what is missing is handed in within 1 month.",
        "The recommendations are checked 18 months after the decision.",
        "A reminder comes 9 months before the accreditation ends.",
        "A decision waits 3 days from the first vote for members who declared and have not voted.",
        "If no outcome has more than half of the votes, the less favourable one holds.",
        "If the outcome is no accreditation, it is not public.",
    )


def test_the_terms_of_an_indicator_are_told() -> None:
    assert [describe_terms(indicator) for indicator in EVERYTHING.indicators.values()] == [
        (
            "The hotline’s answer counts only with words that explain it or with evidence.",
            "For level 4, it counts only with words that explain it.",
            "For “not applicable”, it counts only with words that explain it or with evidence.",
            "Words that explain it are at least 12 words long.",
            "It is judged by people, and by no more than what the statistics show.",
            "Its figures count from 9 months on, if all its items were recorded for the same months.",
            "Its points, from the lowest number of the scale up: 9, 3, 1, 0.",
        ),
        (),
        ("The hotline’s answer counts only with words that explain it.", "Asked from 1 July 2027 on."),
        ("The hotline’s answer counts only with evidence.",),
    ]
    plain = Indicator("1.1.1", "may", Measure.SCALE, counts_with=Support.NOTHING, asked_from=date(2027, 7, 1))
    assert describe_terms(plain) == ("Asked from 1 July 2027 on.",)


# --- Drawing --------------------------------------------------------------------------------------------------------


def with_obligations(count: int) -> Framework:
    rule = Rule(tuple(Obligation(f"class_{n}") for n in range(count)), (), Aggregation())
    return Framework("x", (Domain("D1", (Standard("1.1", ()),)),), rule)


def test_obligations_are_drawn_by_their_place() -> None:
    framework = with_obligations(4)
    assert [tag_kind(framework, f"class_{n}") for n in range(4)] == [
        *("essential", "core", "developmental", "developmental")
    ]
    assert tag_kind(framework, "unknown") == "developmental"


@pytest.mark.parametrize(
    ("scale", "marks"),
    [
        (Scale(), [0, 1, 2, 3]),
        (Scale(1, 4, falling=True), [3, 2, 1, 0]),
        (Scale(0, 1), [0, 3]),
        (Scale(0, 2), [0, 1, 3]),
        (Scale(0, 5), [0, 1, 1, 2, 2, 3]),
    ],
)
def test_levels_are_drawn_by_how_good_they_are(scale: Scale, marks: list[int]) -> None:
    assert [level_mark(scale, level) for level in scale.levels] == marks


def test_outcomes_are_drawn_by_what_they_give() -> None:
    assert {outcome.code: outcome_kind(EVERYTHING, outcome.code) for outcome in EVERYTHING.rule.outcomes} == {
        "held_up": "deferred",
        "gold": "accredited",
        "silver": "conditional",
        "no_medal": "not_accredited",
    }
