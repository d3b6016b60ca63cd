"""Records give the figures of an independent slow counter, whatever their content and order."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from evaluation.figures.dictionary.items import code_lists, example_of, items, record_fields
from evaluation.figures.dictionary.sums import add_periods
from evaluation.figures.formats import Source, open_file
from evaluation.figures.formats.published.header import read_header
from evaluation.figures.records import DERIVED, read_records
from evaluation.figures.validation.consistency import check
from tests.evaluation.figures.record_files import (
    case,
    contact,
    count_cases,
    count_contacts,
    counted,
    key,
    read_cases,
    read_contacts,
    read_file,
)

ROOT = Path(__file__).resolve().parents[4]


def code(name: str, level: str = "contact", *, may_be_empty: bool = False):
    codes = code_lists()[record_fields()[level][name].list]
    return some.sampled_from([*(codes[:4] if name == "language" else codes), *([""] * may_be_empty)])


@some.composite
def contacts(draw):
    record = {
        "contact_month": draw(some.sampled_from(["2025-01", "2025-02", "2025-03"])),
        "channel": draw(some.one_of(some.just("phone_116000"), code("channel"))),
        "direction": draw(some.one_of(some.just("inbound"), code("direction"))),
        "result": draw(some.one_of(some.just("answered"), code("result"))),
        "wait_seconds": draw(some.one_of(some.integers(0, 60).map(str), some.sampled_from(["", "NA", "3600"]))),
        "language": draw(some.one_of(some.just("fr"), code("language", may_be_empty=True))),
        "contact_role": draw(code("contact_role")),
        "contact_type": draw(some.one_of(some.just("missing_report"), code("contact_type"))),
        "category": draw(code("category")),
        "risk_level": draw(code("risk_level")),
        "passed_to_police": draw(code("passed_to_police")),
        "linked_to_case": draw(code("linked_to_case")),
        "weekday_type": draw(code("weekday_type", may_be_empty=True)),
        "cross_border": draw(some.sampled_from(["true", "FALSE", "", "NA"])),
    }
    if record["result"] != "answered" and draw(some.booleans()):
        record |= {"contact_type": "", "category": "", "risk_level": "NA", "passed_to_police": ""}
    return record


@some.composite
def cases(draw):
    """Draw the children of one case."""
    new = draw(code("new_in_period", "case"))
    opened = draw(some.sampled_from(["2025-01", "2025-02"] if new == "new" else ["2023-12", "2024-11"]))
    is_closed = draw(some.booleans())
    of_all = {
        "opened_month": opened,
        "closed_month": draw(some.sampled_from(["2025-02", "2025-03"])) if is_closed else "",
        "status_end": "closed" if is_closed else "open",
        "new_in_period": new,
        "category": draw(some.one_of(some.just("runaway"), code("category", "case"))),
        "category_scope": draw(code("category_scope", "case")),
        "at_risk_only": draw(some.sampled_from(["false", "false", "false", "true"])),
    }
    children = []
    for number in draw(some.permutations(range(1, draw(some.integers(1, 3)) + 1))):
        harm = draw(some.lists(code("harm_type", "case"), max_size=3))
        child = {name: draw(code(name, "case")) for name in ("sex", "age_band", "region", "main_reason", "outcome")}
        child |= {name: draw(code(name, "case")) for name in ("found_how", "duration_band", "aftercare_offered")}
        child |= {name: draw(code(name, "case")) for name in ("hague_application", "unaccompanied", "police_informed")}
        child |= {name: draw(code(name, "case", may_be_empty=True)) for name in ("missing_from", "repeat_band")}
        child |= {"country_missing_from": "BE", "country_found_or_suspected": "ZZ", "first_risk_level": "low"}
        child |= {"harm_type": "|".join(harm), "manager_assigned_24h": draw(some.sampled_from(["true", "false", ""]))}
        children.append({**of_all, **child, "child_seq": str(number)})
    return children


@given(some.lists(contacts(), min_size=1, max_size=30))
def test_contacts_are_counted_as_a_slow_reader_counts_them(records):
    records = [{**record, "contact_key": key(number)} for number, record in enumerate(records)]
    reading = read_contacts(*records)
    assert reading.problems == ()
    assert (counted(reading.rows), reading.count) == (count_contacts(records), len(records))


@given(some.lists(cases(), min_size=1, max_size=12), some.randoms(use_true_random=False))
def test_cases_are_counted_as_a_slow_reader_counts_them(found, random):
    records = [{**child, "case_key": key(number)} for number, children in enumerate(found) for child in children]
    random.shuffle(records)
    reading = read_cases(*records)
    assert reading.problems == ()
    assert (counted(reading.rows), reading.count) == (count_cases(records), len(records))


@given(some.lists(contacts(), min_size=1, max_size=19), some.lists(cases(), min_size=1, max_size=8))
def test_what_records_add_up_to_never_contradicts_itself(found_contacts, found_cases):
    header, _ = read_header(open_file(Source.of_bytes(example_of("case"), "case.csv")).top)
    for reading in (
        read_contacts(*({**record, "contact_key": key(number)} for number, record in enumerate(found_contacts))),
        read_cases(*({**c, "case_key": key(number)} for number, children in enumerate(found_cases) for c in children)),
    ):
        problems, _ = check(header, reading.rows)
        assert problems == []


@given(some.lists(contacts(), min_size=1, max_size=30))
def test_the_months_of_contacts_add_up_to_all_of_them(records):
    records = [{**r, "contact_key": key(n), "wait_seconds": "7", "language": "fr"} for n, r in enumerate(records)]
    whole = counted(read_contacts(*records).rows)
    months = sorted({record["contact_month"] for record in records})
    parts = [counted(read_contacts(*(r for r in records if r["contact_month"] == month)).rows) for month in months]
    for name, cells in whole.items():
        if name not in ("A08", "A13"):
            assert cells == {c: add_periods(items()[name], [part[name][c] for part in parts]) for c in cells}


def test_what_is_derived_is_what_is_given():
    for level, reading in (("contact", read_contacts(contact())), ("case", read_cases(case()))):
        assert {row.item for row in reading.rows} == set(DERIVED[level])


def test_a_year_of_a_case_that_only_prevents_counts_nothing():
    reading = read_cases(case(at_risk_only="true", hague_application="", outcome="", aftercare_offered=""))
    assert {value for cells in counted(reading.rows).values() for value in cells.values()} == {Decimal(0)}


def test_an_estimated_file_gives_estimated_figures():
    rows = read_contacts(contact(), note="estimated").rows
    assert {(row.quality, row.amount.is_estimated) for row in rows} == {("estimated", True)}


def test_a_channel_without_a_row_is_not_zero_where_some_channels_are_missing():
    figures = counted(read_contacts(contact(), note="partial_channels").rows)
    assert (figures["A11"]["phone_116000",], figures["A11"]["chat",], figures["A15"]["chat",]) == (1, None, None)


def test_columns_that_are_not_always_asked_for_may_be_left_out():
    record = contact()
    del record["wait_seconds"]
    figures = counted(read_contacts(record, columns=list(record)).rows)
    assert (figures["A07"], figures["A08"], figures["A04"]) == ({(): None}, {(): None}, {(): Decimal(1)})


def test_several_codes_stand_in_one_cell_with_either_mark():
    record = case(harm_type="physical; sexual|physical")
    figures = counted(read_cases(record).rows)["A29"]
    assert {codes: value for codes, value in figures.items() if value} == {
        ("parental_abduction", "physical"): 1,
        ("parental_abduction", "sexual"): 1,
    }


def test_the_reader_tells_how_far_it_is():
    progress: list[int] = []
    opened = open_file(Source.of_bytes(example_of("contact"), "contact.csv"))
    header, _ = read_header(opened.top)
    reading = read_records("contact", opened, header, progress.append)
    assert progress[-1] == reading.count > 20


@pytest.mark.parametrize("level", ["contact", "case"])
def test_the_published_example_of_records_is_read_without_a_word(level):
    content = example_of(level)
    reading = read_file(content)
    assert reading.problems == ()
    header, _ = read_header(open_file(Source.of_bytes(content, "example.csv")).top)
    assert (header.level, header.period_start, check(header, reading.rows)) == (level, date(2025, 3, 1), ([], []))
