"""The dates at the beginning of a step's note."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.workflow.noted_days import note_days, note_periods, read_noted_periods


@given(st.dates(), st.dates(), st.text())
def test_days_and_note_are_read_as_they_were_written(first: date, second: date, note: str) -> None:
    assert read_noted_periods(note_days(first, second, note)) == ([(first, second)], note.strip())


@given(st.lists(st.tuples(st.dates(), st.dates()), min_size=1, max_size=4), st.text())
def test_so_are_several_periods(periods: list[tuple[date, date]], note: str) -> None:
    assert read_noted_periods(note_periods(periods, note)) == (periods, note.strip())


@pytest.mark.parametrize(
    "note",
    ["", "2026-11-18", "2026-11-18 > soon: why", "2026-11-18 > 2026-11-19; soon: why", "2026-13-40 > 2026-11-18: why"],
)
def test_a_note_that_does_not_begin_with_two_days_has_none(note: str) -> None:
    assert read_noted_periods(note) is None
