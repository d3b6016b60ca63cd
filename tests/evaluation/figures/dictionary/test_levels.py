"""Totals and records of the same period: one of them counts, no formula mixes them, and a difference is reported."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.engine.scoring import measure
from evaluation.figures.dictionary.items import items
from evaluation.figures.dictionary.levels import ALWAYS, LEVELS, choose_levels, formulas_of, needed_with
from evaluation.figures.dictionary.sums import NO_CODES
from evaluation.figures.intake.changes import Change, Difference, cells_in, changes
from evaluation.figures.intake.imports import import_statistics
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.figures.series.months import counts_of_many
from evaluation.figures.series.totals import cells_over, counting_files
from evaluation.models import Role, StatisticsImport
from evaluation.workflow import perform
from standards.drafts.frameworks import draft_framework
from standards.editions.files import read_edition
from standards.framework import Domain, Formula, Framework, Indicator, Measure, Source, Standard
from tests.evaluation.edition_results import SAMPLE
from tests.evaluation.engine.scoring.shapes import counted
from tests.evaluation.figures.counted import totals
from tests.evaluation.figures.record_files import contact, write_records
from tests.evaluation.figures.sheet import Sheet
from tests.factories import confirmed, confirmed_figures, person, released_edition
from tests.small_edition import ESSENTIAL, SMALL

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
QUARTER = (date(2025, 1, 1), date(2025, 3, 31))

GUIDE = draft_framework(read_edition(SAMPLE))
FORMULAS = formulas_of(GUIDE)
IN_FORMULAS = sorted({item for formula in FORMULAS for item in formula})
givens = st.dictionaries(
    st.sampled_from(LEVELS), st.dictionaries(st.sampled_from(IN_FORMULAS), st.integers(1, 12), min_size=1)
)
editions = st.lists(
    st.lists(st.sampled_from(sorted(items())), min_size=2, max_size=4, unique=True).map(tuple), max_size=12
).map(lambda asked: tuple(dict.fromkeys((*ALWAYS, *asked))))
"""Random formulas of an edition."""
any_givens = st.dictionaries(
    st.sampled_from(LEVELS), st.dictionaries(st.sampled_from(sorted(items())), st.integers(1, 12), min_size=1)
)
standings = st.dictionaries(st.sampled_from(LEVELS), st.integers(0, 1))


@given(st.one_of(st.just(FORMULAS), editions), st.one_of(givens, any_givens), standings)
def test_no_formula_of_any_edition_is_made_of_two_levels_where_one_has_all_of_it(formulas, given_, standing):
    chosen = choose_levels(given_, formulas, standing)
    for formula in formulas:
        if any(own.keys() >= set(formula) for own in given_.values()):
            levels = {chosen.get(item) for item in formula}
            assert len(levels) == 1 or None in levels


@given(givens, standings)
def test_nothing_stands_behind_what_is_accepted_less(given_, standing):
    chosen = choose_levels(given_, FORMULAS, standing)
    for item, level in chosen.items():
        has = [one for one, own in given_.items() if item in own]
        assert standing.get(level, 0) == max(standing.get(one, 0) for one in has)


@given(st.sampled_from(LEVELS), st.sets(st.sampled_from(IN_FORMULAS)))
def test_a_level_that_is_alone_gives_all_it_has(level, own):
    assert choose_levels({level: dict.fromkeys(own, 12)}, FORMULAS) == dict.fromkeys(own, level)


def test_what_is_needed_to_know_the_level_of_an_item_is_read_with_it():
    assert needed_with(["A16"], FORMULAS) == {"A15", "A16"}
    assert needed_with(["A08"], FORMULAS) == {"A03", "A04", "A05", "A06", "A07", "A08"}
    assert needed_with(["A44"], FORMULAS) == {"A44"}


@pytest.fixture(autouse=True)
def sample(request: pytest.FixtureRequest) -> None:
    """Put the sample edition in force."""
    if "hotline" in request.fixturenames:
        request.getfixturevalue("db")
        released_edition(GUIDE)


# --- What counts -----------------------------------------------------------------------------------------------------

TYPED = {"A03": 4800, "A04": 4300, "A05": 100, "A06": 400, "A15": 192, "A16": 180}
SEEN = {"A03": 192365, "A04": 150000, "A05": 365, "A06": 42000, "A15": 11250}


def accepted(hotline, figures, **details) -> StatisticsImport:
    kept = confirmed_figures(hotline, figures, **details)
    StatisticsImport.objects.filter(pk=kept.pk).update(state=StatisticsImport.State.ACCEPTED)
    return kept


def test_accepted_totals_stay_until_the_records_are_accepted_too(hotline):
    accepted(hotline, TYPED)
    records = confirmed_figures(hotline, SEEN, level="contact")
    assert totals(hotline, *YEAR)["A03"] == 4800
    StatisticsImport.objects.filter(pk=records.pk).update(state=StatisticsImport.State.ACCEPTED)
    assert totals(hotline, *YEAR)["A03"] == 192365


def test_a_correction_of_accepted_records_counts_at_once_beside_accepted_totals(hotline):
    accepted(hotline, TYPED)
    accepted(hotline, SEEN, level="contact")
    confirmed_figures(hotline, SEEN | {"A03": 192366}, level="contact")
    assert totals(hotline, *YEAR)["A03"] == 192366


def test_records_that_correct_a_part_of_what_was_accepted_are_no_correction_of_the_whole(hotline):
    accepted(hotline, TYPED)
    accepted(hotline, SEEN, level="contact", period_start=QUARTER[0], period_end=QUARTER[1])
    confirmed_figures(hotline, SEEN, level="contact")
    assert totals(hotline, *YEAR)["A03"] == 4800


@pytest.mark.parametrize("accept_both", [True, False])
def test_text_contacts_in_time_are_a_share_of_those_that_the_same_level_counts(hotline, accept_both):
    keep = accepted if accept_both else confirmed_figures
    keep(hotline, TYPED)
    keep(hotline, SEEN, level="contact")
    found = measure(counted("2.4.2", "A16/A15"), totals(hotline, *YEAR))
    assert (found.value, found.terms) == (Fraction(18000, 192), {"A16": 180, "A15": 192})


def test_a_formula_that_no_level_has_whole_is_put_together(hotline):
    accepted(hotline, {"A16": 180})
    accepted(hotline, {"A15": 192}, level="contact")
    assert measure(counted("2.4.2", "A16/A15"), totals(hotline, *YEAR)).value == Fraction(18000, 192)


def _edition_with(text: str) -> Framework:
    """Return an edition with another formula."""
    measured = Indicator("5.1.1", ESSENTIAL, Measure.NUMERIC, Source.STATISTICS, unit="percent", formula=Formula(text))
    return replace(SMALL, code="T9", domains=(*SMALL.domains, Domain("D5", (Standard("5.1", (measured,)),))))


@pytest.mark.parametrize("way", ["examined", "in force"])
def test_a_formula_that_only_an_edition_writes_is_made_of_one_level(hotline, way):
    """The formula is alerts per appeal: no formula of the sample has both items."""
    accepted(hotline, {"A45": 40, "A44": 100})
    accepted(hotline, {"A45": 90}, level="case")
    accepted(hotline, {"A44": 700}, level="contact")
    framework = _edition_with("A45/A44")
    if way == "examined":
        found = counts_of_many([hotline], *YEAR, framework)[hotline.pk].figures
    else:
        assert totals(hotline, *YEAR)["A45"] == 90
        released_edition(framework)
        found = totals(hotline, *YEAR)
    assert (found["A45"], found["A44"]) == (40, 100)


def test_one_item_asked_alone_is_of_the_level_that_gives_it_among_all(hotline):
    accepted(hotline, {"A15": 192, "A16": 180})
    accepted(hotline, {"A15": 11250}, level="contact")
    alone = counting_files([hotline], only={"A15"})[hotline.pk]
    whole = counting_files([hotline])[hotline.pk]
    assert cells_over(alone, *YEAR)["A15"] == cells_over(whole, *YEAR)["A15"] == {("", ""): 192}


def test_the_cells_are_those_of_the_level_that_gives_the_total(hotline):
    accepted(hotline, TYPED)
    confirmed_figures(hotline, SEEN, level="contact")
    files = counting_files([hotline])[hotline.pk]
    cells, sums = cells_over(files, *YEAR), totals(hotline, *YEAR)
    assert {item: of_item["", ""] for item, of_item in cells.items()} == {
        i: n for i, n in sums.items() if n is not None
    }


def test_the_mean_wait_of_quarters_is_weighted_by_their_calls(hotline):
    for first, last, calls, wait in ((1, 3, 10, 20), (4, 6, 30, 40), (7, 9, 0, None), (10, 12, 20, "30.5")):
        end = date(2025, last, 31 if last in (3, 12) else 30)
        confirmed_figures(hotline, {"A04": calls, "A08": wait}, period_start=date(2025, first, 1), period_end=end)
    exact = Fraction(10 * 20 + 30 * 40 + 20 * 61 // 2, 60)
    assert totals(hotline, *YEAR)["A08"] == exact
    assert measure(counted("3.1.4", "A08", unit="seconds"), totals(hotline, *YEAR)).value == exact


# --- Warnings --------------------------------------------------------------------------------------------------------


def quarter_of_calls(calls: int) -> bytes:
    return write_records("contact", [contact(number) for number in range(calls)])


def differing(statistics: StatisticsImport) -> list[str]:
    return [w["item"] for w in statistics.warnings if w["code"] == "differs_between_levels"]


def test_records_that_differ_from_the_totals_of_the_same_time_ask_for_a_word(hotline, coordinator):
    counts = dict.fromkeys(("A03", "A04", "A07", "A09", "A10", "A33", "A34"), 200)
    confirmed_figures(hotline, counts, period_start=QUARTER[0], period_end=QUARTER[1])
    assert differing(import_statistics(hotline, quarter_of_calls(200), "same.csv", None)) == []
    assert differing(import_statistics(hotline, quarter_of_calls(202), "near.csv", None)) == []
    far = import_statistics(hotline, quarter_of_calls(203), "far.csv", None)
    assert differing(far) == ["A03", "A04", "A07", "A09", "A10", "A33", "A34"]
    assert describe_problem(Problem.from_data(far.warnings[-7])) == (
        "A03 (Calls received on 116000) is 203 and differs by more than 1\u00a0% from the 200 that already count for this "
        "time from another kind of file (Totals per period). Say why, or send a corrected file."
    )


def test_totals_that_differ_from_the_records_of_the_same_time_ask_for_a_word(hotline, coordinator):
    confirmed_figures(hotline, {"A03": 1}, level="contact")
    calls = str(Sheet().value("A03"))
    statistics = import_statistics(hotline, Sheet().content, "totals.csv", None)
    assert statistics.warnings == [
        {"code": "differs_between_levels", "item": "A03", "params": {"level": "contact", "now": calls, "then": "1"}},
    ]


def test_the_month_that_completes_a_year_of_records_is_held_against_the_totals_of_the_year(hotline):
    confirmed_figures(hotline, {"A03": 5000})
    for first, last, day in ((4, 6, 30), (7, 9, 30), (10, 12, 31)):
        period = {"period_start": date(2025, first, 1), "period_end": date(2025, last, day)}
        confirmed_figures(hotline, {"A03": 100}, level="contact", **period)
    assert differing(import_statistics(hotline, quarter_of_calls(100), "q1.csv", None)) == ["A03"]


def test_totals_confirmed_meanwhile_ask_for_a_word_before_the_records_are_confirmed(hotline, coordinator):
    records = import_statistics(hotline, quarter_of_calls(20), "records.csv", None)
    before = len(records.warnings)
    confirmed_figures(hotline, {"A03": 10}, period_start=QUARTER[0], period_end=QUARTER[1])
    confirmed(records, coordinator)
    assert differing(records) == ["A03"]
    assert len(records.explanations) == before + 1


def test_what_other_levels_say_now_is_shown_beside_a_new_file(hotline):
    typed = accepted(hotline, {"A03": 4800, "A44": 3}, period_start=QUARTER[0], period_end=QUARTER[1])
    records = import_statistics(hotline, quarter_of_calls(20), "records.csv", None)
    found = changes(records, cells_in(records))
    assert (found.earlier, found.neighbours) == ([], [typed])
    assert found.found == [Change("A03", Difference(NO_CODES, 4800, 20))]


def test_a_correction_is_compared_with_its_own_level_where_that_counts(hotline, coordinator):
    first = confirmed(import_statistics(hotline, quarter_of_calls(20), "first.csv", None), coordinator)
    typed = confirmed_figures(hotline, {"A03": 25}, period_start=QUARTER[0], period_end=QUARTER[1])
    second = import_statistics(hotline, quarter_of_calls(21), "second.csv", None)
    found = changes(second, cells_in(second))
    assert (found.earlier, found.neighbours) == ([first], [typed])
    assert {change.item: (change.total.before, change.total.now) for change in found.found}["A03"] == (20, 21)


def test_confirmed_records_change_no_accepted_total_and_count_once_accepted(hotline, coordinator):
    mce = person(Role.MCE_COORDINATOR)
    typed = confirmed_figures(hotline, {"A03": 4800}, period_start=QUARTER[0], period_end=QUARTER[1])
    perform(typed, "accept", by=mce)
    records = confirmed(import_statistics(hotline, quarter_of_calls(20), "records.csv", None), coordinator)
    assert totals(hotline, *QUARTER)["A03"] == 4800
    perform(records, "accept", by=mce)
    assert totals(hotline, *QUARTER)["A03"] == 20
    assert set(items()) == set(totals(hotline, *QUARTER))


def test_nothing_is_confirmed_while_a_difference_between_levels_is_unexplained(hotline, coordinator):
    from evaluation.workflow import Refusal

    confirmed_figures(hotline, {"A03": 4800}, period_start=QUARTER[0], period_end=QUARTER[1])
    records = import_statistics(hotline, quarter_of_calls(20), "records.csv", None)
    with pytest.raises(Refusal):
        perform(records, "confirm", by=coordinator)
