"""The directory of hotlines.

A file is loaded as a whole, or every problem is reported by row and nothing is written.
"""

import csv
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from evaluation.directory import COLUMNS, UnreadableDirectory, load_directory, read_directory
from evaluation.models import Hotline, Operation, Operator
from tests.bystander import new
from tests.factories import HotlineFactory

pytestmark = pytest.mark.django_db

GOOD = {
    "country": "Landia",
    "iso2": "XA",
    "hotline_code": "116000-XA",
    "operator": "Find Them",
    "operator_model": "specialised_ngo",
    "operator_model_confidence": "sourced",
    "mce_member": "yes",
    "languages": "en;fr",
    "operates_from": "2012-12",
    "operates_to": "",
    "record": "current",
    "notes": "",
    "sources": "https://example.org/",
}
BEFORE = GOOD | {"operator": "Before", "record": "previous", "operates_from": "2009", "operates_to": "2012-12-01"}
NEIGHBOUR = GOOD | {"country": "Ruritania", "iso2": "XB", "hotline_code": "116000-XB"}


@pytest.fixture
def write(tmp_path):
    def write(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
        path = tmp_path / "hotlines.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def problems_of(path: Path) -> list[str]:
    """Return every problem, asserting that nothing is written."""
    with pytest.raises(UnreadableDirectory) as caught:
        load_directory(path)
    assert [new(model).count() for model in (Hotline, Operator, Operation)] == [0, 0, 0]
    return caught.value.problems


def test_a_file_becomes_hotlines_and_their_operators(write):
    assert load_directory(write(GOOD, BEFORE, NEIGHBOUR)) == 2
    hotline = Hotline.objects.get(code="116000-XA")
    assert (hotline.country, hotline.name, hotline.languages, hotline.mce_member) == ("XA", "Landia", "en fr", True)
    operations = hotline.operations.values_list("operator__name", "since", "until", "is_current", "sources")
    assert list(operations) == [
        ("Find Them", "2012-12", "", True, "https://example.org/"),
        ("Before", "2009", "2012-12-01", False, "https://example.org/"),
    ]
    assert hotline.operation_today.operator.name == "Find Them"
    assert new(Operator).count() == 2


@pytest.mark.parametrize(("cell", "kept"), [("yes", True), ("no", False), ("", None), ("unclear", None)])
def test_an_empty_cell_means_unknown_and_never_no(write, cell, kept):
    load_directory(write(GOOD | {"mce_member": cell}))
    assert new(Hotline).get().mce_member is kept


def test_loading_again_changes_nothing(write):
    path = write(GOOD, BEFORE)
    load_directory(path)
    before = [list(new(model).order_by("pk").values()) for model in (Hotline, Operator, Operation)]
    load_directory(path)
    assert [list(new(model).order_by("pk").values()) for model in (Hotline, Operator, Operation)] == before


def test_a_new_operator_takes_over_and_the_old_one_is_remembered(write):
    load_directory(write(GOOD))
    load_directory(write(GOOD | {"operator": "Afterwards"}))
    assert {o.operator.name: o.is_current for o in new(Operation)} == {"Find Them": False, "Afterwards": True}
    assert new(Hotline).count() == 1


@pytest.mark.parametrize("order", [1, -1])
def test_the_current_row_describes_the_line_wherever_it_stands(write, order):
    rows = [GOOD, BEFORE | {"languages": "de", "mce_member": "no"}][::order]
    load_directory(write(*rows))
    hotline = new(Hotline).get()
    assert (hotline.languages, hotline.mce_member) == ("en fr", True)


def test_a_line_without_a_current_operator_has_none_today(write):
    load_directory(write(BEFORE))
    assert new(Hotline).get().operation_today is None


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"hotline_code": "116000-XC"}, "hotline_code must be 116000- and the country code of iso2."),
        (
            {"iso2": "XAX", "hotline_code": "116000-XAX"},
            "hotline_code must be 116000- and the country code of iso2.",
        ),
        (
            {"operator_model": "charity"},
            "operator_model must be one of specialised_ngo, child_helpline, consortium, public_authority, unknown.",
        ),
        ({"record": "now"}, "record must be current or previous."),
        ({"operator": ""}, "operator is empty. Name the organisation."),
        (
            {"operates_from": "since 2012"},
            "operates_from must be a year, a month or a day: 2012, 2012-12 or 2012-12-01.",
        ),
        ({"operates_to": "12/2012"}, "operates_to must be a year, a month or a day: 2012, 2012-12 or 2012-12-01."),
        ({"country": "L" * 81}, "country is longer than 80 characters. Shorten it."),
        ({"operator": "O" * 201}, "operator is longer than 200 characters. Shorten it."),
        ({"languages": "en;" * 67}, "languages is longer than 200 characters. Shorten it."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_problem_is_named_with_its_row_and_how_to_mend_it(write, changed, problem):
    assert problems_of(write(NEIGHBOUR, GOOD | changed)) == [f"hotlines.csv, row 3: {problem}"]


def test_every_problem_of_every_row_is_named_at_once(write):
    found = problems_of(write(GOOD | {"record": ""}, NEIGHBOUR, GOOD | {"operator": "", "hotline_code": "XA"}))
    assert found == [
        "hotlines.csv, row 2: record must be current or previous.",
        "hotlines.csv, row 4: hotline_code must be 116000- and the country code of iso2.",
        "hotlines.csv, row 4: operator is empty. Name the organisation.",
    ]


def test_two_current_operators_of_one_line_are_a_problem(write):
    found = problems_of(write(GOOD, NEIGHBOUR, GOOD | {"operator": "Another"}))
    assert found == ["hotlines.csv, row 4: 116000-XA is current in row 2 already. One operator runs it now."]


@pytest.mark.everywhere
def test_what_the_database_refuses_leaves_nothing_of_the_file(write):
    HotlineFactory(country="XB", code="116000-QM")
    with pytest.raises(IntegrityError):
        load_directory(write(GOOD, NEIGHBOUR))
    assert [new(model).count() for model in (Hotline, Operator, Operation)] == [1, 0, 0]


def test_every_missing_column_is_named(write):
    left = tuple(column for column in COLUMNS if column not in ("iso2", "record"))
    assert problems_of(write(GOOD, columns=left)) == [
        "hotlines.csv: the column iso2 is missing.",
        "hotlines.csv: the column record is missing.",
    ]


@pytest.mark.parametrize("line", ["Landia,XA,116000-XA", ",".join(["x"] * (len(COLUMNS) + 1))], ids=["short", "long"])
def test_a_row_with_another_number_of_cells_is_named(write, line):
    path = write(NEIGHBOUR)
    path.write_text(path.read_text() + line + "\n")
    message = "has not as many cells as the first row. Give each column one."
    assert problems_of(path) == [f"hotlines.csv, row 3: {message}"]


def test_a_file_in_another_encoding_is_refused(write):
    path = write(GOOD | {"country": "Österreich"})
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))
    assert problems_of(path) == ["hotlines.csv is not written in UTF-8. Save it as CSV in UTF-8."]


def test_an_empty_file_misses_every_column(tmp_path):
    path = tmp_path / "hotlines.csv"
    path.write_text("")
    assert len(problems_of(path)) == len(COLUMNS)


def test_a_byte_order_mark_is_no_problem(write):
    path = write(GOOD)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_directory(path) == 1


def test_the_directory_of_the_project_can_be_loaded():
    path = settings.BASE_DIR / "fixtures" / "hotlines.csv"
    assert load_directory(path) == len({row["hotline_code"] for row in read_directory(path)}) == 32


# --- The command -------------------------------------------------------------------------------------------------


def test_the_command_says_how_many(write, capsys):
    call_command("load_hotlines", write(GOOD, NEIGHBOUR))
    assert capsys.readouterr().out == "2 hotlines are in the directory.\n"


def test_the_command_says_what_is_wrong(write, tmp_path):
    with pytest.raises(CommandError, match=r"^Nothing was loaded\.\nhotlines\.csv, row 2: record must be"):
        call_command("load_hotlines", write(GOOD | {"record": ""}))
    with pytest.raises(CommandError, match=r"^There is no file .*nowhere\.csv\.$"):
        call_command("load_hotlines", tmp_path / "nowhere.csv")
    with pytest.raises(CommandError, match=r"cannot be read: Is a directory\.$"):
        call_command("load_hotlines", tmp_path)


def test_a_column_with_the_time_zone_may_be_added(write):
    columns = (*COLUMNS, "time_zone")
    load_directory(write(GOOD | {"time_zone": "Atlantic/Canary"}, columns=columns))
    assert new(Hotline).get().zone == "Atlantic/Canary"
    with pytest.raises(UnreadableDirectory, match="which is no time zone"):
        load_directory(write(GOOD | {"time_zone": "Europe/Atlantis"}, columns=columns))
