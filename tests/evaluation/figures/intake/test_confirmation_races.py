"""Concurrency: two files of one period are confirmed at the same moment, on both databases."""

import threading
from functools import partial

import pytest
from django.db import transaction

from evaluation.figures.dictionary.items import items
from evaluation.figures.intake.confirmation import explain, recheck
from evaluation.figures.intake.imports import import_statistics
from evaluation.models import StatisticsImport, Step
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal, perform
from tests.evaluation.figures.sheet import Sheet
from tests.evaluation.workflow.racing import at_once
from tests.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)

CALLS = ("A03", "A04", "A05", "A06")


def draft(stage: Stage, name: str, without: tuple[str, ...]) -> StatisticsImport:
    """Return a draft whose warnings are explained, that has not these items."""
    sheet = Sheet()
    for code in without:
        sheet.drop_item(code)
    statistics = import_statistics(stage.hotline, sheet.content, name, None)
    recheck(statistics)
    explain(statistics, ["It is counted so by the system."] * len(statistics.warnings), by=stage.coordinator)
    return statistics


def two_drafts() -> tuple[Stage, StatisticsImport, StatisticsImport]:
    stage = Stage("self_assessment", is_counted=False)
    calls = draft(stage, "calls.csv", tuple(code for code in items() if code not in CALLS))
    return stage, draft(stage, "cases.csv", CALLS), calls


def confirm(statistics: StatisticsImport, stage: Stage) -> Step:
    """Confirm a file whose page named no other one."""
    return perform(StatisticsImport.objects.get(pk=statistics.pk), "confirm", by=stage.coordinator, seen=())


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_files_of_one_period_that_are_confirmed_at_once_the_second_asks_again(attempt: int):
    stage, cases, calls = two_drafts()
    results = at_once(partial(confirm, cases, stage), partial(confirm, calls, stage))
    assert sorted(type(result).__name__ for result in results) == ["Refusal", "Step"], results
    (refused,) = (result.reasons for result in results if isinstance(result, Refusal))
    assert Reason("earlier_files_changed") in refused
    states = sorted(str(StatisticsImport.objects.get(pk=one.pk).state) for one in (cases, calls))
    assert states == ["checked", "confirmed"]


def test_a_confirmation_waits_for_another_in_flight_and_sees_it():
    """The page named no other file, and at the moment of the request none counts yet."""
    stage, cases, calls = two_drafts()
    moved, sent = threading.Event(), threading.Event()

    def first() -> Step:
        with transaction.atomic():
            step = confirm(cases, stage)
            moved.set()
            sent.wait(10)
            threading.Event().wait(0.2)  # the other confirmation has been sent to the database
        return step

    def second() -> Step:
        moved.wait(10)
        sent.set()
        return confirm(calls, stage)

    step, refused = at_once(first, second)
    assert isinstance(step, Step), step
    assert isinstance(refused, Refusal), refused
    assert Reason("earlier_files_changed") in refused.reasons
    again = StatisticsImport.objects.get(pk=calls.pk)
    assert isinstance(perform(again, "confirm", by=stage.coordinator, seen={str(cases.uid)}), Step)
