"""Which files count: the same by every query, now and at an earlier moment."""

from datetime import date

import pytest
from django.utils import timezone

from evaluation.figures.intake.imports import import_statistics
from evaluation.figures.series.counting import counting_imports
from evaluation.figures.series.totals import counting_files
from evaluation.models import Hotline, StatisticsImport, User
from tests import factories
from tests.evaluation.figures.sheet import Sheet

pytestmark = pytest.mark.everywhere  # sums in SQL

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
HALF = {"period_start": date(2025, 1, 1), "period_end": date(2025, 6, 30)}


def counting(hotline: Hotline) -> list[int]:
    """Return the keys of the counting files; the figures and the list of files must agree."""
    (files,) = counting_files([hotline]).values()
    listed = [file.pk for file in counting_imports(hotline.pk, *YEAR)]
    assert [file.statistics_id for file in files] == listed
    return listed


def accept(statistics: StatisticsImport) -> None:
    StatisticsImport.objects.filter(pk=statistics.pk).update(state=StatisticsImport.State.ACCEPTED)


def test_an_accepted_file_makes_room_for_a_confirmed_one_of_its_level_only(hotline: Hotline):
    year = factories.confirmed_figures(hotline, {"A03": 100})
    accept(year)
    contacts = factories.confirmed_figures(hotline, {"A03": 90}, level="contact")
    assert counting(hotline) == [year.pk, contacts.pk]
    half = factories.confirmed_figures(hotline, {"A03": 60}, **HALF)
    assert counting(hotline) == [contacts.pk, half.pk]
    accept(half)
    assert counting(hotline) == [year.pk, contacts.pk, half.pk]


@pytest.mark.parametrize("state", sorted({*StatisticsImport.State} - {*StatisticsImport.COUNTING}))
def test_a_file_in_any_other_state_does_not_count(hotline: Hotline, state: str):
    kept = factories.confirmed_figures(hotline, {"A03": 100})
    StatisticsImport.objects.filter(pk=kept.pk).update(state=state)
    assert counting(hotline) == []


def test_a_superseded_file_counted_at_a_moment_before(hotline: Hotline, coordinator: User):
    first, second = (Sheet().write("A44", value=value).content for value in ("30", "31"))
    before = factories.confirmed(import_statistics(hotline, first, "figures.csv", None), coordinator)
    moment = timezone.now()
    after = factories.confirmed(import_statistics(hotline, second, "figures.csv", None), coordinator)
    assert counting(hotline) == [after.pk]
    assert counting_imports(hotline.pk, *YEAR, at=moment) == [before]
