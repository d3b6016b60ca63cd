"""From findings to a score: which judgement counts, what leaves the score, and the minimum."""

from fractions import Fraction

import pytest

from evaluation.engine.scoring import ENGINE, Evidence, Judgement, LevelBasis, read_scorecard, score, write_scorecard
from evaluation.engine.scoring.indicators import at_level
from standards.framework import Measure, Scale, read_bands
from tests.evaluation.engine.scoring.shapes import (
    CORE,
    DEVELOPMENTAL,
    ESSENTIAL,
    EXCUSED,
    asked,
    counted,
    framework_of,
    levels,
    row_of,
)
from tests.small_edition import SMALL


def score_alone(indicator, evidence):
    """Return the score of an indicator that is alone in its framework."""
    return score(framework_of([[indicator]]), evidence).indicators[indicator.code]


# --- Which judgement counts --------------------------------------------------------------------------------------


def test_an_assessors_word_counts_before_the_hotlines():
    found = score_alone(asked("1.1.1"), Evidence(levels(i1_1_1=3), levels(i1_1_1=1)))
    assert (found.basis, found.level, found.self_level, found.seen_level) == (LevelBasis.ASSESSOR, 1, 3, 1)


def test_an_assessor_may_also_raise_what_the_hotline_said():
    found = score_alone(asked("1.1.1"), Evidence(levels(i1_1_1=1), levels(i1_1_1=3)))
    assert (found.basis, found.level) == (LevelBasis.ASSESSOR, 3)


def test_the_hotlines_word_counts_when_nobody_else_has_spoken():
    found = score_alone(asked("1.1.1"), Evidence(levels(i1_1_1=2), {"1.1.1": Judgement()}))
    assert (found.basis, found.level, found.seen_level) == (LevelBasis.HOTLINE, 2, None)


def test_figures_count_before_the_hotlines_word():
    figures = {"A04": Fraction(85), "A03": Fraction(100)}
    found = score_alone(counted("1.1.1"), Evidence({"1.1.1": Judgement(value=Fraction(99))}, figures=figures))
    assert (found.basis, found.value, found.level, found.self_value) == (LevelBasis.FIGURES, 85, 2, 85)


def test_an_assessors_word_counts_before_figures():
    figures = {"A04": Fraction(85), "A03": Fraction(100)}
    found = score_alone(counted("1.1.1"), Evidence(findings={"1.1.1": Judgement(value=Fraction(70))}, figures=figures))
    assert (found.basis, found.value, found.level, found.self_level) == (LevelBasis.ASSESSOR, 70, 1, 2)


def test_a_number_typed_over_missing_figures_does_not_count():
    found = score_alone(counted("1.1.1"), Evidence({"1.1.1": Judgement(value=Fraction(99))}))
    assert (found.basis, found.value, found.level) == (LevelBasis.MISSING, None, None)


def test_the_card_remembers_both_words_and_that_they_differ():
    indicators = score(
        framework_of([row_of(3)]), Evidence(levels(i1_1_1=3, i1_1_2=2), levels(i1_1_1=1, i1_1_2=2, i1_1_3=0))
    ).indicators
    assert [(i.self_level, i.seen_level, i.differs) for i in indicators.values()] == [
        (3, 1, True),
        (2, 2, False),
        (None, 0, False),
    ]


# --- Missing, not applicable, zero, not scored -------------------------------------------------------------------


def test_missing_not_applicable_zero_and_not_scored_are_four_things():
    framework = framework_of(
        [
            [
                asked("1.1.1"),
                asked("1.1.2", not_applicable=True),
                asked("1.1.3"),
                asked("1.1.4", measure=Measure.NUMERIC),
            ]
        ]
    )
    answers = levels(i1_1_2=EXCUSED, i1_1_3=0, i1_1_4=Judgement(value=Fraction(7)))
    card = score(framework, Evidence(answers))
    assert [(i.code, i.basis, i.level, i.value, i.points, i.of) for i in card.indicators.values()] == [
        ("1.1.1", LevelBasis.MISSING, None, None, 0, 6),
        ("1.1.2", LevelBasis.NOT_APPLICABLE, None, None, 0, 0),
        ("1.1.3", LevelBasis.HOTLINE, 0, None, 0, 6),
        ("1.1.4", LevelBasis.NOT_SCORED, None, 7, 0, 0),
    ]


@pytest.mark.parametrize("who", ["answers", "findings"])
def test_not_applicable_is_missing_where_the_guide_does_not_allow_it(who):
    found = score_alone(asked("1.1.1"), Evidence(**{who: levels(i1_1_1=EXCUSED)}))
    assert (found.basis, found.level, found.points, found.of) == (LevelBasis.MISSING, None, 0, 6)


def test_an_assessor_may_excuse_what_the_hotline_rated():
    found = score_alone(asked("1.1.1", not_applicable=True), Evidence(levels(i1_1_1=3), levels(i1_1_1=EXCUSED)))
    assert (found.basis, found.of, found.self_level, found.seen_level) == (LevelBasis.NOT_APPLICABLE, 0, 3, None)


def test_an_assessors_not_applicable_that_is_not_allowed_displaces_neither_a_figure_nor_a_word():
    figures = {"A04": Fraction(85), "A03": Fraction(100)}
    found = score_alone(counted("1.1.1"), Evidence(findings=levels(i1_1_1=EXCUSED), figures=figures))
    assert (found.basis, found.level, found.disallowed) == (LevelBasis.FIGURES, 2, (LevelBasis.ASSESSOR,))
    found = score_alone(asked("1.1.1"), Evidence(levels(i1_1_1=3), levels(i1_1_1=EXCUSED)))
    assert (found.basis, found.level, found.seen_level, found.disallowed) == (
        LevelBasis.HOTLINE,
        3,
        None,
        (LevelBasis.ASSESSOR,),
    )
    card = score(framework_of([[asked("1.1.1")]]), Evidence(levels(i1_1_1=EXCUSED), levels(i1_1_1=EXCUSED)))
    assert card.indicators["1.1.1"].disallowed == (LevelBasis.HOTLINE, LevelBasis.ASSESSOR)
    assert read_scorecard(write_scorecard(card)) == card


def test_an_assessor_may_rate_what_the_hotline_called_not_applicable():
    found = score_alone(asked("1.1.1", not_applicable=True), Evidence(levels(i1_1_1=EXCUSED), levels(i1_1_1=0)))
    assert (found.basis, found.level, found.of, found.self_not_applicable) == (LevelBasis.ASSESSOR, 0, 6, True)


def test_figures_may_be_excused_where_the_guide_allows_it():
    figures = {"A04": Fraction(10), "A03": Fraction(100)}
    found = score_alone(counted("1.1.1", not_applicable=True), Evidence(levels(i1_1_1=EXCUSED), figures=figures))
    assert (found.basis, found.value, found.of) == (LevelBasis.NOT_APPLICABLE, None, 0)


def test_figures_stand_where_the_guide_does_not_allow_to_excuse_them():
    figures = {"A04": Fraction(95), "A03": Fraction(100)}
    found = score_alone(counted("1.1.1"), Evidence(levels(i1_1_1=EXCUSED), figures=figures))
    assert (found.basis, found.level, found.self_not_applicable) == (LevelBasis.FIGURES, 3, False)


def test_a_statistic_without_bands_is_shown_and_not_scored():
    figures = {"A04": Fraction(95), "A03": Fraction(100)}
    found = score_alone(counted("1.1.1", bands=""), Evidence(levels(i1_1_1=EXCUSED), {"1.1.1": EXCUSED}, figures))
    assert (found.basis, found.self_level, found.seen_level) == (LevelBasis.NOT_SCORED, None, None)
    assert score_alone(counted("1.1.1", bands=""), Evidence(figures=figures)).value == 95


def test_a_typed_number_gets_its_level_from_the_bands():
    hours = asked("1.1.1", measure=Measure.NUMERIC, bands=read_bands(">=24:3;>=16:2;>=8:1"))
    found = [
        score_alone(hours, Evidence({"1.1.1": Judgement(value=Fraction(v))})).level
        for v in ("24", "23.9", "16", "8", "7")
    ]
    assert found == [3, 2, 2, 1, 0]


# --- From indicators to the whole --------------------------------------------------------------------------------


def test_a_standard_weighs_three_two_one():
    standard = [asked("1.1.1", ESSENTIAL), asked("1.1.2", CORE), asked("1.1.3", DEVELOPMENTAL)]
    card = score(framework_of([standard]), Evidence(levels(i1_1_1=2, i1_1_2=1, i1_1_3=3)))
    assert [(i.points, i.of) for i in card.indicators.values()] == [(6, 9), (2, 6), (3, 3)]
    assert card.domains[0].standards[0].ratio == Fraction(11, 18)


def test_a_domain_is_the_mean_of_its_standards_however_long_they_are():
    framework = framework_of([row_of(3), [asked("1.2.1")]])
    card = score(framework, Evidence(levels(i1_1_1=3, i1_1_2=3, i1_1_3=3, i1_2_1=1)))
    assert card.domains[0].ratio == (1 + Fraction(1, 3)) / 2


def test_the_whole_is_the_mean_of_the_domains_as_one_exact_fraction():
    framework = framework_of([row_of(1)], [row_of(1, domain=2)], [row_of(2, domain=3)])
    card = score(framework, Evidence(levels(i1_1_1=1, i2_1_1=2, i3_1_1=3, i3_1_2=2)))
    assert card.overall == (Fraction(1, 3) + Fraction(2, 3) + Fraction(5, 6)) / 3 == Fraction(11, 18)


def test_a_standard_and_a_domain_in_which_nothing_applies_are_left_out():
    excusable = {"not_applicable": True}
    framework = framework_of(
        [[asked("1.1.1", **excusable)], [asked("1.2.1")]], [[asked("2.1.1", **excusable)]], [[asked("3.1.1")]]
    )
    card = score(framework, Evidence(levels(i1_1_1=EXCUSED, i1_2_1=3, i2_1_1=EXCUSED, i3_1_1=0)))
    assert [domain.ratio for domain in card.domains] == [1, None, 0]
    assert [standard.ratio for standard in card.domains[0].standards] == [None, 1]
    assert card.overall == Fraction(1, 2)


def test_nothing_applicable_is_no_score_and_not_zero():
    card = score(framework_of([[asked("1.1.1", not_applicable=True)]]), Evidence(levels(i1_1_1=EXCUSED)))
    assert (card.overall, card.self_score, card.proposal.outcome) == (None, None, "not_accredited")


def test_nothing_said_is_zero_and_not_no_score():
    card = score(framework_of([row_of(2)]), Evidence())
    assert (card.overall, card.self_score) == (0, None)


def test_the_hotlines_own_word_is_reckoned_beside_the_score():
    framework = framework_of([[asked("1.1.1", ESSENTIAL), asked("1.1.2"), asked("1.1.3")], [asked("1.2.1")]])
    card = score(framework, Evidence(levels(i1_1_1=3, i1_1_2=2, i1_2_1=1), levels(i1_1_1=0, i1_1_2=0, i1_2_1=0)))
    standards = card.domains[0].standards
    assert [standard.self_score for standard in standards] == [Fraction(13, 15), Fraction(1, 3)]
    assert (card.domains[0].self_score, card.self_score, card.overall) == (Fraction(3, 5), Fraction(3, 5), 0)


def test_a_scale_may_begin_above_zero():
    """The lowest level gives no points, whatever its number, in the score and in the self-score."""
    framework = framework_of([row_of(3)], scale=Scale(1, 5))
    card = score(framework, Evidence(levels(i1_1_1=1, i1_1_2=3)))
    assert [(i.points, i.of) for i in card.indicators.values()] == [(0, 8), (4, 8), (0, 8)]
    assert (card.overall, card.self_score) == (Fraction(1, 6), Fraction(1, 4))


def test_the_card_names_its_edition_and_its_engine():
    card = score(SMALL, Evidence())
    assert (card.edition, card.engine, list(card.indicators)) == ("T1", ENGINE, list(SMALL.indicators))


def test_a_whole_edition_by_hand():
    """The small edition, computed by hand: every measure, every source, one statistic that is only shown."""
    evidence = Evidence(
        answers=levels(i1_1_1=3, i1_1_2=3, i1_2_1=EXCUSED, i3_2_1=3, i3_2_2=Judgement(value=Fraction(16))),
        findings=levels(i1_1_2=2, i3_2_1=1, i9_1_1=EXCUSED, i9_1_2=2),
        figures={"A03": Fraction(1000), "A04": Fraction(800), "A05": Fraction(0), "A06": Fraction(50)},
    )
    card = score(SMALL, evidence)
    assert {s.code: (s.points, s.of) for domain in card.domains for s in domain.standards} == {
        "1.1": (9 + 4, 9 + 6),  # yes, weight 3; level 2, weight 2
        "1.2": (0, 0),  # not applicable
        "3.1": (6, 9),  # 80 % answered: level 2, weight 3; 3.1.3 is only shown
        "3.2": (2 + 4, 6 + 6),  # level 1 and level 2 of 16 hours, weight 2 each
        "9.1": (6, 9),  # level 2, weight 3; 9.1.1 does not apply
    }
    assert [domain.ratio for domain in card.domains] == [Fraction(13, 15), Fraction(7, 12), Fraction(2, 3)]
    assert card.overall == Fraction(127, 180)
    assert card.proposal.outcome == "conditional"


def test_bounds_count_for_a_figure_without_a_value_and_for_nothing_else():
    framework = framework_of([[counted("1.1.1"), counted("1.1.2", "A06/A05"), asked("1.1.3")]])
    within = dict.fromkeys(framework.indicators, (">=80",))
    figures = {"A05": Fraction(100), "A06": Fraction(90)}
    found = score(framework, Evidence(figures=figures, within=within)).indicators
    assert {code: one.within for code, one in found.items()} == {"1.1.1": (">=80",), "1.1.2": None, "1.1.3": None}


def test_at_another_level_the_assessors_have_said_so_and_the_hotline_as_before():
    framework = framework_of([[asked("1.1.1")]])
    both = Evidence(levels(i1_1_1=EXCUSED), levels(i1_1_1=EXCUSED))
    before = score(framework, both).indicators["1.1.1"]
    assert before.disallowed == (LevelBasis.HOTLINE, LevelBasis.ASSESSOR)
    after = at_level(framework, before, 2)
    assert (after.level, after.basis, after.disallowed) == (2, LevelBasis.ASSESSOR, (LevelBasis.HOTLINE,))
