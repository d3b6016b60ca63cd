"""Durations in an export: their unit is known or asked for, and an impossible mean wait is refused."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter

from evaluation.figures.formats import Source, open_file
from evaluation.figures.intake.published_format import Reading, read
from evaluation.figures.mapping import ColumnMapping, MappingSuggestion, NumberMarks, match, suggest_mapping
from evaluation.figures.mapping.durations import as_whole_seconds, find_question, read_as, read_seconds
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.figures.validation.waiting_times import find_impossible_waits, find_unusual_waits
from tests.evaluation.figures.own_exports import opened

MARCH = (date(2025, 3, 1), date(2025, 3, 31))


def _asked(found: MappingSuggestion) -> list[tuple[str, str]]:
    return [(asked.word, asked.code) for asked in found.words if asked.list == "unit"]


def _open_words(found: MappingSuggestion) -> list[str]:
    return [question.word for question in found.questions if question.about == "word"]


def _read(export, found: MappingSuggestion, **units: str) -> Reading:
    data = found.mapping.as_data()
    data["codes"] = {**data["codes"], "unit": {**data["codes"].get("unit", {}), **units}}
    mapping = ColumnMapping.from_data(data)
    return read(match(export, mapping, hotline_code="116000-XA", period=MARCH, moment=datetime(2025, 4, 2, tzinfo=UTC)))


def _values(reading: Reading) -> dict[str, str]:
    assert reading.problems == ()
    return {row.item: str(row.amount.value) for row in reading.rows}


@pytest.mark.parametrize(
    ("heading", "cell", "seconds"),
    [
        ("Mean waiting time (s)", "24", "24"),
        ("Mean waiting time (min)", "0.4", "24"),
        ("Średni czas oczekiwania [min]", "0,4", "24"),
        ("Μέσος χρόνος αναμονής (λεπτά)", "1", "60"),
        ("Mean waiting time in hours", "0.01", "36"),
        ("Mean waiting time", "0:00:24", "24"),
        ("Mean waiting time", "24 s", "24"),
        ("Mean waiting time", "1 min 4 sec", "64"),
        ("Mean waiting time (mm:ss)", "1:04", "64"),
        ("A08", "24", "24"),
    ],
)
def test_a_unit_that_the_file_says_is_understood(heading, cell, seconds):
    wide = f"Month;Calls;{heading}\n2025-03;900;{cell}\n".encode()
    found = suggest_mapping(opened(wide))
    assert found.questions == ()
    assert _values(_read(opened(wide), found))["A08"] == seconds
    long = f"Item;Value\nCalls;900\nCalls answered;800\n{heading};{cell}\n".encode()
    found = suggest_mapping(opened(long))
    assert [question for question in found.questions if question.list == "unit"] == []
    assert _values(_read(opened(long), found))["A08"] == seconds


@pytest.mark.parametrize(
    ("cells", "answers"),
    [
        (("0.4", "3"), {"min": "24", "s": None, "h": "1440", "d": None}),
        (("24", "31"), {"s": "24", "min": "1440"}),
        (("1:04", "2:10"), {"m:s": "64", "h:m": None}),
        (("0.000277777", "0.0005"), {"d": "24", "s": None}),
    ],
)
def test_a_unit_that_nothing_says_is_asked_and_never_guessed(cells, answers):
    rows = f"2025-03;900;{cells[0]}\n2025-04;900;{cells[1]}\n"
    export = f"Month;Calls;Mean waiting time\n{rows}".encode()
    found = suggest_mapping(opened(export))
    assert (_asked(found), _open_words(found)) == ([("Mean waiting time", "")], ["Mean waiting time"])
    for unit, seconds in answers.items():
        reading = _read(opened(export), found, **{"Mean waiting time": unit})
        if seconds is None:
            (problem,) = reading.problems
            assert problem.code in ("wait_too_short", "wait_too_long", "too_many_decimals")
        else:
            assert _values(reading)["A08"] == seconds


def test_a_unit_that_was_said_is_remembered_and_asked_again_where_the_cells_changed():
    first = b"Month;Calls;Mean waiting time\n2025-03;900;0.4\n"
    found = suggest_mapping(opened(first))
    mapping = ColumnMapping.from_data({**found.mapping.as_data(), "codes": {"unit": {"Mean waiting time": "min"}}})
    assert suggest_mapping(opened(first.replace(b"0.4", b"0.6")), mapping).questions == ()
    changed = suggest_mapping(opened(first.replace(b"0.4", b"1:30")), mapping)
    assert _open_words(changed) == ["Mean waiting time"]


def test_the_unit_of_figures_under_a_merged_name_is_asked_and_read_before_they_are_put_together():
    calls = "Item;Month;Value\nCalls answered;2025-01;100\n;2025-02;100\n;2025-03;200\n"
    export = opened(f"{calls}Mean waiting time;2025-01;0:00:24\n;2025-02;0.6\n;2025-03;0.8\n".encode())
    found = suggest_mapping(export)
    assert _open_words(found) == ["Mean waiting time"]
    data = found.mapping.as_data()
    data["codes"] |= {"unit": {"Mean waiting time": "min"}}
    data["constants"] |= {"empty_cells": "above"}
    quarter, moment = (date(2025, 1, 1), date(2025, 3, 31)), datetime(2025, 4, 2, tzinfo=UTC)
    matched = match(export, ColumnMapping.from_data(data), hotline_code="116000-XA", period=quarter, moment=moment)
    assert _values(read(matched))["A08"] == "39"


def test_the_code_of_an_item_has_the_unit_of_the_dictionary():
    found = suggest_mapping(opened(b"Month;A03;A08;A02\n2025-03;900;24;744\n"))
    assert _asked(found) == [("A08", "s"), ("A02", "h")]


def _workbook(*waits: object) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Month", "Calls", "Mean waiting time"])
        for place, wait in enumerate(waits):
            sheet.write_row(place + 1, 0, [f"2025-0{place + 3}", 900])
            if isinstance(wait, float):
                sheet.write_number(place + 1, 2, wait)
            else:
                sheet.write_datetime(place + 1, 2, wait, workbook.add_format({"num_format": "h:mm:ss"}))
    return stream.getvalue()


@pytest.mark.parametrize("wait", [time(0, 0, 24), timedelta(seconds=24)])
def test_a_time_cell_of_a_spreadsheet_is_understood(wait):
    export = open_file(Source.of_bytes(_workbook(wait), "export.xlsx"))
    found = suggest_mapping(export)
    assert _open_words(found) == []
    assert _values(_read(export, found))["A08"] == "24"


def test_minutes_that_a_spreadsheet_took_for_hours_are_asked_about():
    content = _workbook(time(3, 25), time(1, 10))
    found = suggest_mapping(open_file(Source.of_bytes(content, "export.xlsx")))
    assert _open_words(found) == ["Mean waiting time"]
    reading = _read(open_file(Source.of_bytes(content, "export.xlsx")), found, **{"Mean waiting time": "m:s:0"})
    assert _values(reading)["A08"] == "205"


def test_a_part_of_a_day_is_asked_about_and_read():
    content = _workbook(24 / 86400)
    found = suggest_mapping(open_file(Source.of_bytes(content, "export.xlsx")))
    reading = _read(open_file(Source.of_bytes(content, "export.xlsx")), found, **{"Mean waiting time": "d"})
    assert _values(reading)["A08"] == "24"


CONTACTS = "Datum;Kanal;Richtung;Ergebnis;Rolle;Kontaktart;Kategorie;Zu Fall;{heading}\n"


def _contacts(heading: str, *waits: str) -> bytes:
    rows = "".join(
        f"{day:02}.03.2025;Telefon 116000;eingehend;angenommen;Polizei;information;Ausreißer;none;"
        f"{waits[day % len(waits)]}\n"
        for day in range(1, 29)
    )
    return (CONTACTS.format(heading=heading) + rows).encode()


def test_waits_of_records_in_minutes_are_asked_about_and_rounded_up():
    export = _contacts("Wartezeit", "0,2", "0,35", "1,5")
    found = suggest_mapping(opened(export))
    assert _open_words(found) == ["Wartezeit"]
    reading = _read(opened(export), found, Wartezeit="min")
    values = _values(reading)
    assert (values["A04"], values["A07"]) == ("28", "9")
    stopped = _read(opened(export), found, Wartezeit="s")
    assert [problem.code for problem in stopped.problems] == ["wait_too_short"]


def test_calls_that_were_all_answered_in_time_ask_for_a_word():
    export = _contacts("Wartezeit in Sekunden", "3", "4", "12")
    reading = _read(opened(export), suggest_mapping(opened(export)))
    assert (reading.problems, "all_in_time" in [warning.code for warning in reading.warnings]) == ((), True)


@pytest.mark.parametrize(
    ("wait", "answered", "in_time", "problems", "warnings"),
    [
        ("24", "100", "80", [], []),
        ("4", "100", "80", [], ["wait_strange"]),
        ("3.9", "100", "80", ["wait_contradicts"], ["wait_strange"]),
        ("1.99", "100", None, ["wait_too_short"], ["wait_strange"]),
        ("2", "100", None, [], ["wait_strange"]),
        ("1", "19", None, [], ["wait_strange"]),
        ("1", "20", None, ["wait_too_short"], ["wait_strange"]),
        ("5.1", "100", None, [], []),
        ("3600", "100", "0", [], []),
        ("3600.1", "100", None, ["wait_too_long"], []),
        ("20", "100", "100", [], ["all_in_time"]),
        ("20.1", "100", "100", ["wait_above"], ["all_in_time"]),
        ("12", "19", "19", [], []),
        ("0", "0", "0", [], []),
        (None, "100", "80", [], []),
    ],
)
def test_a_mean_wait_that_cannot_be_true_is_stopped(wait, answered, in_time, problems, warnings):
    totals = {
        item: None if value is None else Decimal(value)
        for item, value in (("A08", wait), ("A04", answered), ("A07", in_time))
    }
    impossible, strange = list(find_impossible_waits(totals)), list(find_unusual_waits(totals))
    assert [problem.code for problem in impossible] == problems
    assert [problem.code for problem in strange] == warnings
    for problem in (*impossible, *strange):
        assert "second" in describe_problem(problem) or "hour" in describe_problem(problem)


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("1 day, 2:00:00", "", "93600"),
        ("0:00", "", "0"),
        ("0", "", "0"),
        ("1 h 5 min", "", "3900"),
        ("1h 05m", "", "3900"),
        ("1m 05s", "", "65"),
        ("5 min 3 min", "", None),
        ("1.234", "min", None),
        ("3:25", "", None),
        ("3:25", "s", None),
        ("abc", "s", None),
        ("12", "m:s", None),
    ],
)
def test_a_time_is_read_or_not_read(text, unit, seconds):
    read_as = read_seconds(text, unit, NumberMarks())
    assert (read_as is None, read_as) == (seconds is None, None if seconds is None else Decimal(seconds))


@pytest.mark.parametrize(("seconds", "whole"), [("20", 20), ("20.2", 21), ("19.8", 20), ("20.0004", 20), ("0", 0)])
def test_a_wait_is_rounded_up_so_that_in_time_stays_in_time(seconds, whole):
    assert as_whole_seconds(Decimal(seconds)) == whole


@pytest.mark.parametrize(
    ("mean", "formatted"),
    [("12.345", "12.3450"), ("12.345678901234567", "12.3457"), ("12.5", "12.5"), ("12.50", "12.50")],
)
def test_a_mean_with_the_digits_of_a_spreadsheet_is_a_number_of_the_format(mean, formatted):
    assert read_as(mean, "s", "seconds", NumberMarks(".")) == formatted


def test_a_mean_of_months_with_three_decimals_is_no_number_of_thousands():
    export = opened(
        b"Month;Calls answered;Average waiting time (s)\n2025-01;1;10.25\n2025-02;1;10.5\n2025-03;2;10.375\n"
    )
    found = suggest_mapping(export)
    moment = datetime(2025, 4, 2, tzinfo=UTC)
    reading = read(match(export, found.mapping, hotline_code="116000-XA", period=found.period, moment=moment))
    assert _values(reading) == {"A04": "4", "A08": "10.3750"}


def test_zero_needs_no_unit():
    assert find_question(["0", "0.0", "0:00", ""]) == ""


def test_a_clock_where_a_count_is_expected_is_refused_by_row():
    export = b"Item;Value\nCalls;900\nCalls answered;0:12:30\nNew cases;4\n"
    assert _read(opened(export), suggest_mapping(opened(export))).problems == (
        Problem("own_number_unreadable", 3, "Value"),
    )
