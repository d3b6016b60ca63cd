"""Every basis of a level and every reason for a missing figure is told in the words of each place."""

from fractions import Fraction
from gettext import NullTranslations

import pytest

from evaluation.engine.scoring import LevelBasis, Measured, MissingReason, Partial
from evaluation.result_texts import MissingFigureTexts, basis_texts, missing_figure_texts
from standards.framework import Formula, Indicator, Measure, MinimumBase

ENGLISH = NullTranslations()
RATE = Indicator(
    "1.1.1",
    "core",
    Measure.NUMERIC,
    formula=Formula("A04/A03"),
    minimum_base=MinimumBase("A03", 20),
    minimum_months=9,
)


def test_each_basis_has_a_name_a_reason_and_words_for_results_from_files_of_its_own():
    texts = [basis_texts(basis, ENGLISH) for basis in LevelBasis]
    for name in ("name", "reason", "english"):
        told = [getattr(text, name) for text in texts]
        assert all(told)
        assert len(set(told)) == len(LevelBasis)


def test_the_report_says_why_a_level_counts_where_its_marks_do_not():
    told = {basis for basis in LevelBasis if basis_texts(basis, ENGLISH).in_report}
    assert told == {
        LevelBasis.CAPPED,
        LevelBasis.NOT_APPLICABLE,
        LevelBasis.MISSING,
        LevelBasis.UNSUPPORTED,
        LevelBasis.NOT_SEEN,
    }


@pytest.mark.parametrize(
    ("reason", "in_report", "in_cell"),
    [
        (MissingReason.ITEM_MISSING, "Not recorded: A04.", "A04 is not recorded"),
        (
            MissingReason.NOTHING_TO_DIVIDE_BY,
            "Nothing to count in this period: no figure.",
            "nothing to divide by",
        ),
        (MissingReason.BASE_TOO_SMALL, "Fewer than 20 cases in A03: no figure.", "too few to tell"),
        (MissingReason.TOO_FEW_MONTHS, "Recorded for 2 months, at least 9 are asked for: no figure.", ""),
        (MissingReason.MONTHS_DIFFER, "Its items were recorded for different months: no figure.", ""),
    ],
)
def test_each_reason_is_told_on_a_page_in_the_report_and_in_a_cell(reason, in_report: str, in_cell: str):
    part = Partial(("2025-01", "2025-02"), 12, Fraction(7))
    measured = Measured(None, {"A04": None, "A03": Fraction(7)}, reason, {"A03": part})
    texts = missing_figure_texts(RATE, measured, ENGLISH)
    assert texts.sentence.endswith(".")
    assert (texts.in_report, texts.in_cell) == (in_report, in_cell)


def test_a_figure_that_is_there_has_no_such_text():
    assert missing_figure_texts(RATE, Measured(Fraction(90), {}), ENGLISH) == MissingFigureTexts()
