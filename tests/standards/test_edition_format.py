"""The reference page of edition files agrees with the reader's declarations, and its examples are valid."""

import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from standards.drafts.fields import LEVELS, OUTCOME_FIELDS, RECOMMENDATION
from standards.editions import entries
from standards.editions.entries import TESTS, TITLE_PAGE, Table
from standards.editions.files import read_edition
from standards.editions.files.entry_reader import EntryReader
from standards.editions.reference import APART, example_files
from standards.framework import Test

PAGE = Path(__file__).parents[2] / "docs" / "edition_files.md"
TABLES = [table for table in vars(entries).values() if isinstance(table, Table)]


def test_the_page_in_the_repository_is_the_one_that_is_written_now() -> None:
    out = StringIO()
    call_command("describe_edition_files", stdout=out)
    assert out.getvalue() == PAGE.read_text(encoding="utf-8"), (
        "./go manage describe_edition_files > docs/edition_files.md"
    )


def test_the_examples_together_are_an_edition_that_passes(tmp_path: Path) -> None:
    (tmp_path / "2027" / "domains").mkdir(parents=True)
    for name, text in example_files().items():
        (tmp_path / "2027" / name).write_text(text, encoding="utf-8")
    out = StringIO()
    call_command("check_edition", tmp_path / "2027", stdout=out)
    assert out.getvalue().splitlines()[-1] == "Nothing is to be corrected."
    assert {outcome.code for outcome in read_edition(tmp_path / "2027").outcomes} == {
        line.split()[1].rstrip(",") for line in out.getvalue().splitlines() if line.startswith("Outcome ")
    }


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.begins)
def test_every_example_is_of_its_kind_and_within_its_bounds(table: Table) -> None:
    written = [entry for entry in table.entries if entry.kind is not dict and not entry.example.startswith("[[")]
    data = tomllib.loads("\n".join(f"{entry.name} = {entry.example}" for entry in written))
    desk = EntryReader()
    desk.take(data, written)
    assert desk.problems == {}


def test_every_entry_is_used_in_the_examples() -> None:
    text = "\n".join(example_files().values())
    data = tomllib.loads(example_files()["edition.toml"])
    assert set(data) == set(TITLE_PAGE.names)
    for table in TABLES:
        for entry in table.entries:
            assert entry.example == '"…"' or entry.name in text or entry.name in APART, (table.begins, entry.name)


def test_every_test_and_every_text_has_its_entry() -> None:
    assert set(TESTS) == set(Test)
    assert set(entries.LEVEL_TEXTS.names) == {*map(str, LEVELS), "yes", "no"}
    assert {f"recommendation_{name}" for name in entries.RECOMMENDATION_TEXTS.names} == set(RECOMMENDATION)
    assert set(entries.OUTCOME.names) == {*OUTCOME_FIELDS, "conditions"}
