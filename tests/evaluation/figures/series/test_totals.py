"""The totals of confirmed figures in a period, and the indicators that they fill."""

from datetime import date
from fractions import Fraction

import pytest

from evaluation.engine.scoring import Measured, MissingReason, measure
from evaluation.figures.dictionary.items import items
from evaluation.figures.intake.imports import import_statistics
from evaluation.figures.series.totals import cells_over, counting_files, totals_over
from evaluation.models import Role, StatisticsImport
from portal.demonstration.exports import generate
from standards.framework import (
    Domain,
    Formula,
    Framework,
    Indicator,
    Measure,
    MinimumBase,
    Source,
    Standard,
    read_bands,
)
from tests import factories
from tests.evaluation.figures.counted import totals, totals_of_many
from tests.evaluation.figures.sheet import Sheet
from tests.factories import HotlineFactory, person
from tests.small_edition import RULE

pytestmark = pytest.mark.everywhere  # sums in SQL

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
NOTHING = dict.fromkeys(items())


@pytest.fixture
def confirmed(hotline, coordinator):
    """Return `confirmed(content)`, which imports a file and confirms it."""

    def confirmed(content: bytes):
        return factories.confirmed(import_statistics(hotline, content, "figures.csv", None), coordinator)

    return confirmed


def quarter(number: int, year: int = 2025) -> bytes:
    return generate("116000-XA", year, seed=1, quarter=number)


def test_a_confirmed_year_gives_its_totals_exactly(hotline, confirmed):
    sheet = Sheet().write("A08", value="24.25")
    confirmed(sheet.content)
    found = totals(hotline, *YEAR)
    assert set(found) == set(items())
    assert found["A03"] == Fraction(sheet.value("A03"))
    assert found["A08"] == Fraction(97, 4)
    assert found["A21"] == sum(Fraction(row.amount.value) for row in sheet.read().rows if row.item == "A21")


def test_it_takes_two_queries(hotline, confirmed, django_assert_num_queries):
    for number in (1, 2, 3, 4):
        confirmed(quarter(number))
    with django_assert_num_queries(2):
        totals(hotline, *YEAR)


def test_many_hotlines_take_two_queries_and_keep_their_own_figures(hotline, confirmed, django_assert_num_queries):
    confirmed(Sheet().content)
    other, silent = HotlineFactory(country="XB"), HotlineFactory(country="XC")
    theirs = import_statistics(other, generate("116000-XB", 2025, seed=1), "theirs.csv", None)
    factories.confirmed(theirs, person(Role.COORDINATOR, hotline=other))
    with django_assert_num_queries(2):
        found = totals_of_many([hotline, other, silent], *YEAR)
    assert found == {
        hotline.pk: totals(hotline, *YEAR),
        other.pk: totals(other, *YEAR),
        silent.pk: NOTHING,
    }
    assert found[hotline.pk]["A03"] != found[other.pk]["A03"]


def test_figures_that_are_not_confirmed_do_not_count(hotline):
    import_statistics(hotline, Sheet().content, "figures.csv", None)
    assert totals(hotline, *YEAR) == NOTHING


def test_superseded_figures_do_not_count(hotline, confirmed):
    confirmed(Sheet().write("A44", value="30").content)
    confirmed(Sheet().write("A44", value="31").content)
    assert totals(hotline, *YEAR)["A44"] == 31


def test_figures_of_another_hotline_or_time_do_not_count(hotline, confirmed):
    confirmed(Sheet(year=2024).content)
    assert totals(hotline, *YEAR) == NOTHING


def test_a_part_of_a_year_is_not_made_of_a_year(hotline, confirmed):
    confirmed(Sheet().content)
    assert totals(hotline, date(2025, 1, 1), date(2025, 6, 30)) == NOTHING


def test_four_quarters_are_a_year(hotline, confirmed):
    sheets = [Sheet(quarter(number)) for number in (1, 2, 3, 4)]
    for sheet in reversed(sheets):
        confirmed(sheet.content)
    found = totals(hotline, *YEAR)
    assert found["A03"] == sum(Fraction(sheet.value("A03")) for sheet in sheets)
    opened = [sum(row.amount.value for row in sheets[0].read().rows if row.item == "A20")]
    ended = [sum(row.amount.value for row in sheets[3].read().rows if row.item == "A24")]
    assert ([found["A20"]], [found["A24"]]) == (opened, ended)
    assert {code for code, value in found.items() if value is None} == {
        code for code, item in items().items() if item.over_periods == "single" or not item.adds_over_codes
    }


def test_three_quarters_are_no_year(hotline, confirmed):
    for number in (1, 2, 4):
        confirmed(quarter(number))
    assert totals(hotline, *YEAR) == NOTHING


def test_an_item_missing_in_one_quarter_is_missing_in_the_year(hotline, confirmed):
    for number in (1, 2, 3):
        confirmed(quarter(number))
    confirmed(Sheet(quarter(4)).forget("A44").content)
    found = totals(hotline, *YEAR)
    assert found["A44"] is None
    assert found["A45"] is not None


def test_a_year_that_misses_a_part_has_no_total_and_nothing_for_the_network(hotline):
    kept = factories.confirmed_figures(hotline, {"A03": 100}, completeness="partial_period")
    factories.FigureFactory(statistics=kept, item="A24", dim1="category", dim1_value="runaway", value=3)
    assert totals(hotline, *YEAR) == NOTHING
    StatisticsImport.objects.filter(pk=kept.pk).update(state=StatisticsImport.State.ACCEPTED)
    assert counting_files([hotline], accepted_only=True)[hotline.pk] == []
    (files,) = counting_files([hotline]).values()
    assert cells_over(files, *YEAR) == {}
    shown = totals_over(files, *YEAR, with_parts=True)
    assert {item: total for item, total in shown.items() if total is not None} == {"A03": 100}
    assert cells_over(files, *YEAR, with_parts=True)["A24"] == {("runaway", ""): 3}


def test_whole_records_stand_before_totals_that_miss_a_part(hotline):
    factories.confirmed_figures(hotline, {"A03": 100}, completeness="partial_period", level="contact")
    factories.confirmed_figures(hotline, {"A03": 120})
    (files,) = counting_files([hotline]).values()
    assert totals_over(files, *YEAR, with_parts=True)["A03"] == totals(hotline, *YEAR)["A03"] == 120


def test_a_file_that_was_estimated_has_only_estimates(hotline):
    factories.confirmed_figures(hotline, {"A03": 100, "A04": None}, completeness="estimated")
    (files,) = counting_files([hotline]).values()
    (file,) = files
    assert {item: cells["", ""].is_estimated for item, cells in file.cells.items()} == {"A03": True, "A04": False}


def test_zero_stays_zero(hotline, confirmed):
    confirmed(Sheet().write("A44", value="0").content)
    assert totals(hotline, *YEAR)["A44"] == 0


# --- Indicators --------------------------------------------------------------------------------------------------


def indicator(code: str, formula: str, unit: str = "percent", base: str = "", source: Source = Source.STATISTICS):
    return Indicator(
        code,
        "core",
        Measure.NUMERIC,
        source,
        unit=unit,
        bands=read_bands(">=90:3"),
        formula=Formula(formula),
        minimum_base=MinimumBase.read(base),
    )


FRAMEWORK = Framework(
    code="F1",
    rule=RULE,
    domains=(
        Domain(
            "D1",
            (
                Standard(
                    "1.1",
                    (
                        indicator("1.1.1", "A04/(A03-A05)"),
                        indicator("1.1.2", "A08", unit="seconds"),
                        indicator("1.1.3", "A57/A56", base="A56>=20"),
                        indicator("1.1.4", "A04/A03", source=Source.VISIT),
                        Indicator("1.1.5", "core", Measure.SCALE),
                    ),
                ),
            ),
        ),
    ),
)


def measured(hotline) -> dict[str, Measured]:
    """Return the measured value of each indicator that is computed from the totals."""
    figures = totals(hotline, *YEAR)
    return {i.code: measure(i, figures) for i in FRAMEWORK.indicators.values() if i.from_figures}


def test_indicators_are_measured_from_the_totals_with_their_terms(hotline, confirmed):
    sheet = Sheet()
    sheet.write("A56", value="19").write("A57", value="19")
    confirmed(sheet.content)
    found = measured(hotline)
    assert list(found) == ["1.1.1", "1.1.2", "1.1.3"]
    received, answered, short = (Fraction(sheet.value(item)) for item in ("A03", "A04", "A05"))
    assert found["1.1.1"].value == 100 * answered / (received - short)
    assert found["1.1.1"].terms == {"A04": answered, "A03": received, "A05": short}
    assert found["1.1.2"].value == Fraction(sheet.value("A08"))
    assert (found["1.1.3"].value, found["1.1.3"].missing_reason) == (None, MissingReason.BASE_TOO_SMALL)


def test_a_missing_item_gives_no_measure_and_not_zero(hotline, confirmed):
    confirmed(Sheet().forget("A05").content)
    found = measured(hotline)["1.1.1"]
    assert (found.value, found.missing_reason) == (None, MissingReason.ITEM_MISSING)


def test_what_was_counted_from_records_is_taken_before_what_was_typed_as_a_total(hotline):
    typed = {"A03": 100, "A44": 5}
    factories.confirmed_figures(hotline, typed, level="aggregate")
    factories.confirmed_figures(hotline, {"A03": 97}, level="contact")
    found = totals(hotline, *YEAR)
    assert (found["A03"], found["A44"]) == (97, 5)


def test_records_of_some_months_do_not_take_the_place_of_a_whole_year(hotline):
    factories.confirmed_figures(hotline, {"A03": 100}, level="aggregate")
    factories.confirmed_figures(
        hotline, {"A03": 9}, level="contact", period_start=date(2025, 1, 1), period_end=date(2025, 1, 31)
    )
    assert totals(hotline, *YEAR)["A03"] == 100


def test_cells_are_added_over_the_files_that_fill_the_time(hotline):
    for first, last, value in ((1, 6, "3"), (7, 12, "4")):
        statistics = factories.confirmed_figures(
            hotline, {"A44": 1}, period_start=date(2025, first, 1), period_end=date(2025, last, 30 if last == 6 else 31)
        )
        for code, count in (("runaway", value), ("migration", None)):
            factories.FigureFactory(
                statistics=statistics, item="A21", dim1="category", dim1_value=code, value=count, quality="measured"
            )
    (files,) = counting_files([hotline]).values()
    found = cells_over(files, *YEAR)
    assert found == {"A44": {("", ""): 2}, "A21": {("runaway", ""): 7, ("migration", ""): None}}
    assert cells_over(files, YEAR[0], date(2026, 12, 31)) == {}
