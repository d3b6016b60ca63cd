"""The command that takes files from disk."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evaluation.crm.generator import generate
from evaluation.crm.spoiling import spoil
from evaluation.models import Figure, StatisticsImport, Step
from tests.evaluation.crm.sheet import Sheet
from tests.factories import HotlineFactory


@pytest.fixture
def put(tmp_path):
    """`put(name, content)` writes a file and gives its path."""

    def put(name: str, content: bytes):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return put


def run(*arguments) -> tuple[str, str, int]:
    """What the command says, what it complains of, and its exit code."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_crm", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}\n", error.returncode
    return out.getvalue(), err.getvalue(), 0


def test_each_file_finds_its_hotline(hotline, put):
    other = HotlineFactory(country="XB")
    paths = [put("a.csv", generate("116000-XA", 2025, seed=1)), put("b.csv", generate("116000-XB", 2025, seed=1))]
    said, complained, code = run(*paths)
    assert said == (
        f"{paths[0]}: read, 116000-XA, 2025-01-01 to 2025-12-31.\n"
        f"{paths[1]}: read, 116000-XB, 2025-01-01 to 2025-12-31.\n"
    )
    assert (complained, code) == ("", 0)
    assert set(StatisticsImport.objects.values_list("hotline", "state")) == {(hotline.pk, "read"), (other.pk, "read")}


def test_a_refused_file_says_every_reason_and_leaves_nothing_while_others_are_read(hotline, put):
    sheet = Sheet()
    calls, children = sheet.row("A03"), sheet.row("A25", "runaway")
    sheet.write("A03", value="-1").write("A25", "runaway", value="many")
    good, bad = put("good.csv", Sheet(year=2024).content), put("bad.csv", sheet.content)
    said, complained, code = run(bad, good)
    assert said == f"{good}: read, 116000-XA, 2024-01-01 to 2024-12-31.\n"
    assert complained == (
        f"{bad}: refused, nothing of it was kept.\n"
        f"  Row {calls}: the value of A03 is below zero. Write a number of at least 0.\n"
        f"  Row {children}: the value of A25 is not a number. Write digits only, NA, or nothing.\n"
        "1 file was refused.\n"
    )
    assert code == 1
    assert StatisticsImport.objects.get().file_name == "good.csv"


def test_a_file_that_is_not_there_is_refused_and_the_next_is_read(hotline, put, tmp_path):
    said, complained, code = run(tmp_path / "none.csv", tmp_path, put("good.csv", Sheet().content))
    assert said.count("read") == 1
    assert complained == (
        f"{tmp_path / 'none.csv'}: refused, nothing of it was kept.\n"
        "  The file cannot be opened: No such file or directory.\n"
        f"{tmp_path}: refused, nothing of it was kept.\n"
        "  The file cannot be opened: Is a directory.\n"
        "2 files were refused.\n"
    )
    assert code == 1


def test_a_large_file_is_refused_without_being_read_whole(hotline, put, settings):
    settings.STATISTICS_MAX_BYTES = 2000
    _said, complained, code = run(put("large.csv", Sheet().content))
    assert "The file is larger than 1 MB." in complained
    assert (code, Figure.objects.count()) == (1, 0)


def test_warnings_are_said_below_the_file(hotline, put):
    path = put("figures.csv", Sheet().drop_item("A22").content)
    said, _complained, code = run(path)
    assert said.split("\n")[1].startswith("  A22 (Reopened cases) is not recorded in full")
    assert code == 0


def test_with_confirm_the_coordinator_of_an_invented_hotline_confirms(hotline, coordinator, put):
    path = put("figures.csv", Sheet().content)
    said, complained, code = run(path, "--confirm")
    assert said.split("\n")[1] == f"{path}: confirmed by {coordinator.name}."
    assert (complained, code) == ("", 0)
    assert StatisticsImport.objects.get().state == "confirmed"
    assert Step.objects.get().words.by == coordinator
    assert run(path, "--confirm")[2] == 0
    assert Step.objects.count() == 1


def test_nobody_confirms_for_a_real_hotline(hotline, coordinator, put):
    hotline.is_invented = False
    hotline.save()
    _said, complained, code = run(put("figures.csv", Sheet().content), "--confirm")
    assert complained.endswith("1 file is not confirmed.\n")
    assert (code, StatisticsImport.objects.get().state) == (1, "read")


def test_a_spoilt_file_is_refused_with_confirm_too(hotline, coordinator, put):
    _said, _complained, code = run(put("bad.csv", spoil(Sheet().content, "truncated")), "--confirm")
    assert (code, StatisticsImport.objects.count(), Step.objects.count()) == (1, 0, 0)
