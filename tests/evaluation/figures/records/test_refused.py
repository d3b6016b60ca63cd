"""Records that are refused: each problem has row and column, never the content."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as some

from evaluation.figures.dictionary.items import record_fields
from evaluation.figures.formats import Limits, Source
from evaluation.figures.formats.delimited import DelimitedTable
from evaluation.figures.formats.published.header import read_header
from evaluation.figures.problems.file_problems import describe_problem
from evaluation.figures.records import read_records
from tests.evaluation.figures.record_files import (
    ROWS_ABOVE,
    case,
    contact,
    key,
    read_cases,
    read_contacts,
    read_file,
    write_records,
)


def found(reading):
    assert reading.rows == ()
    assert all(describe_problem(problem) for problem in reading.problems)
    return [(problem.code, problem.row, problem.column) for problem in reading.problems]


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("channel", "fax", "code_unknown"),
        ("channel", "Phone_116000", "code_unknown"),
        ("category", "anna@mail.test", "looks_personal"),
        ("language", "0470 12 34 56", "looks_personal"),
        ("language", "2014-05-17", "looks_personal"),
        ("weekday_type", "the girl was last seen at the bus stop near the mill", "text_too_long"),
        ("time_band", "=HYPERLINK(1)", "formula"),
        ("contact_month", "2025-04", "month_outside"),
        ("contact_month", "2024-12", "month_outside"),
        ("contact_month", "02/2025", "month_unreadable"),
        ("contact_month", "2025-13", "month_unreadable"),
        ("contact_month", "2025-02-03", "looks_personal"),
        ("wait_seconds", "3601", "seconds_unreadable"),
        ("wait_seconds", "-1", "seconds_unreadable"),
        ("wait_seconds", "1.5", "seconds_unreadable"),
        ("wait_seconds", "0470123456", "looks_personal"),
        ("interpreter_used", "yes", "not_true_or_false"),
        ("linked_to_case", "", "field_required"),
        ("contact_role", "NA", "field_required"),
        ("contact_type", "", "field_required"),
        ("risk_level", "", "field_required"),
        ("passed_to_police", "NA", "field_required"),
        ("contact_key", "", "key_unreadable"),
        ("contact_key", "20250000000012345", "key_unreadable"),
        ("contact_key", "abcdefghijklmnopqrst", "key_unreadable"),
        ("contact_key", "abc-1", "key_unreadable"),
        ("contact_key", "a1" * 21, "key_unreadable"),
        ("contact_key", "a1" * 40, "key_unreadable"),
        ("contact_key", "anna@mail.test.of.1", "key_unreadable"),
        ("contact_key", "anna-2014-05-17-child", "key_unreadable"),
        ("contact_key", "call-of-0470-12-34-56", "key_unreadable"),
        ("contact_key", "clé-de-personne-1", "key_unreadable"),
        ("contact_key", "key_of_no_contact_1", "key_unreadable"),
        ("contact_key", "-key-of-no-contact-1", "key_unreadable"),
    ],
)
def test_a_wrong_cell_of_a_contact_is_refused_in_its_row_and_column(column, text, code):
    records = [contact(1), contact(2, **{column: text}), contact(3)]
    assert found(read_contacts(*records)) == [(code, ROWS_ABOVE + 2, column)]


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"child_seq": "0"}, "child_unreadable", "child_seq"),
        ({"child_seq": "one"}, "child_unreadable", "child_seq"),
        ({"opened_month": "2025-04"}, "month_outside", "opened_month"),
        ({"opened_month": "2024-12"}, "month_outside", "opened_month"),
        ({"new_in_period": "carried_over"}, "month_not_before", "opened_month"),
        ({"status_end": "open"}, "closed_while_open", "closed_month"),
        ({"closed_month": "2025-04"}, "month_outside", "closed_month"),
        ({"closed_month": "2025-01"}, "closed_before_opened", "closed_month"),
        ({"closed_month": ""}, "field_required", "closed_month"),
        ({"region": ""}, "field_required", "region"),
        ({"country_missing_from": "BEL"}, "code_unknown", "country_missing_from"),
        ({"hague_application": ""}, "field_required", "hague_application"),
        ({"category": "runaway"}, "field_required", "main_reason"),
        ({"category": "migration"}, "field_required", "unaccompanied"),
        ({"outcome": ""}, "field_required", "outcome"),
        ({"found_how": "NA"}, "field_required", "found_how"),
        ({"duration_band": "1-3"}, "code_unknown", "duration_band"),
        ({"harm_type": "physical|bad luck"}, "code_unknown", "harm_type"),
        ({"services": "legal|anna@mail.test"}, "looks_personal", "services"),
        ({"at_risk_only": "1"}, "not_true_or_false", "at_risk_only"),
        ({"case_key": "4701234"}, "key_unreadable", "case_key"),
    ],
)
def test_a_wrong_cell_of_a_case_is_refused_in_its_row_and_column(cells, code, column):
    reading = read_cases(case(case_key=key(1)), case(**cells))
    assert (code, ROWS_ABOVE + 2, column) in found(reading)
    assert {problem.row for problem in reading.problems} == {ROWS_ABOVE + 2}


def test_what_only_some_cases_need_may_be_empty_in_others():
    reading = read_cases(case(category="other", hague_application=""), case(case_key=key(2), category_scope="national"))
    assert reading.problems == ()


def test_a_contact_that_nobody_answered_needs_no_type():
    silent = {"contact_type": "", "category": "", "risk_level": "", "passed_to_police": "", "contact_role": "unknown"}
    assert read_contacts(contact(result="abandoned", **silent)).problems == ()


def test_the_same_key_twice_is_refused_with_the_first_row():
    reading = read_contacts(contact(1), contact(2), contact(1), contact(1))
    assert found(reading) == [("record_twice", row, "contact_key") for row in (ROWS_ABOVE + 3, ROWS_ABOVE + 4)]
    assert [problem.params["first"] for problem in reading.problems] == [ROWS_ABOVE + 1, ROWS_ABOVE + 1]


def test_two_children_of_a_case_are_two_rows_and_the_same_child_is_one():
    assert read_cases(case(), case(child_seq="2")).problems == ()
    assert found(read_cases(case(), case(child_seq="2"), case(child_seq="2"))) == [
        ("child_twice", ROWS_ABOVE + 3, "child_seq")
    ]


@pytest.mark.parametrize(
    ("column", "text"),
    [("category", "other"), ("closed_month", "2025-02"), ("category_scope", "unknown"), ("opened_month", "2025-01")],
)
def test_the_rows_of_a_case_that_contradict_each_other_are_refused(column, text):
    records = [case(), case(case_key=key(2)), case(child_seq="2", **{column: text})]
    assert found(read_cases(*records)) == [("case_contradicts", ROWS_ABOVE + 3, column)]


def test_columns_that_are_unknown_missing_or_there_twice_are_refused():
    names = [*list(record_fields()["contact"])[1:], "child_name", "channel"]
    content = write_records("contact", [], columns=names) + b"," * (len(names) - 1) + b"x\n"
    assert found(read_file(content)) == [
        ("column_unknown", ROWS_ABOVE, str(len(names) - 1)),
        ("column_twice", ROWS_ABOVE, "channel"),
        ("columns_missing", ROWS_ABOVE, None),
    ]


def test_a_file_without_a_row_is_refused():
    assert found(read_contacts()) == [("no_rows", None, None)]


def test_a_hundred_problems_are_enough():
    reading = read_contacts(*(contact(number, channel="fax") for number in range(500)))
    assert len(reading.problems) == 100
    assert reading.problems[-1].params == {"count": 401}
    assert [problem.row for problem in reading.problems[:3]] == [ROWS_ABOVE + 1, ROWS_ABOVE + 2, ROWS_ABOVE + 3]
    assert "401" in describe_problem(reading.problems[-1])


@given(some.one_of(some.uuids(version=4).map(str), some.uuids(version=4).map(lambda made: made.hex)))
def test_a_random_key_is_taken_as_one(made):
    is_mixed = any(letter.isalpha() for letter in made) and any(letter.isdigit() for letter in made)
    assert (read_contacts(contact(contact_key=made)).problems == ()) == is_mixed


def test_an_identifier_of_every_common_kind_is_a_key():
    keys = [str(uuid.UUID(int=7 * 16**31 + 10)), "01HZX3J9W8Q6T4R2B0N5M7K1PC", "c" * 39 + "1"]
    assert read_contacts(*(contact(contact_key=made) for made in keys)).problems == ()


@given(
    some.text(some.characters(exclude_categories=["Cs", "Cc"], exclude_characters='",;|\t'), min_size=1, max_size=30),
    some.sampled_from([name for name in record_fields()["contact"] if name not in ("contact_type", "result")]),
)
def test_no_sentence_repeats_a_cell_of_a_record(text, column):
    marked = f"Zq{text}qZ"
    reading = read_contacts(contact(1), contact(2, **{column: marked}))
    assert {problem.row for problem in reading.problems} == {ROWS_ABOVE + 2}
    assert not [p for p in reading.problems if marked in describe_problem(p) or marked in repr(p.as_data())]


def test_the_same_record_is_found_again_however_far_away():
    class InSmallPieces(DelimitedTable):
        def chunks(self, *, plain=(), size=0):
            for frame in super().chunks(plain=plain):
                yield from (frame.iloc[start : start + 2] for start in range(0, len(frame), 2))

    content = write_records("case", [*(case(case_key=key(number)) for number in range(9)), case(case_key=key(0))])
    opened = InSmallPieces(Source.of_bytes(content, "case.csv"), Limits())
    header, _ = read_header(opened.top)
    progress: list[int] = []
    reading = read_records("case", opened, header, progress.append)
    assert found(reading) == [("child_twice", ROWS_ABOVE + 10, "child_seq")]
    assert progress == [2, 4, 6, 8, 10]
