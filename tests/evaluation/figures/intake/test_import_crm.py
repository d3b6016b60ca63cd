"""The command that imports files from disk."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evaluation.figures.formats import Limits
from evaluation.models import StatisticsImport, Step
from portal.demonstration.exports import generate
from tests.bystander import new
from tests.evaluation.figures.damaged_files import spoil
from tests.evaluation.figures.sheet import Sheet
from tests.factories import HotlineFactory, confirmed_figures

BLANK_LINES = (b" " * 60_000 + b"\n") * 100


@pytest.fixture
def put(tmp_path):
    """Return `put(name, content)`, which writes a file and returns its path."""

    def put(name: str, content: bytes):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return put


def run(*arguments) -> tuple[str, str, int]:
    """Return the output, the errors and the exit code of the command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_crm", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}\n", error.returncode
    return out.getvalue(), err.getvalue(), 0


def test_each_file_finds_its_hotline(hotline, put):
    other = HotlineFactory(country="XB")
    paths = [put("a.csv", generate("116000-XA", 2025, seed=1)), put("b.csv", generate("116000-XB", 2025, seed=1))]
    output, errors, code = run(*paths)
    assert output == (
        f"{paths[0]}: read, 116000-XA, 2025-01-01 to 2025-12-31.\n"
        f"{paths[1]}: read, 116000-XB, 2025-01-01 to 2025-12-31.\n"
    )
    assert (errors, code) == ("", 0)
    assert set(new(StatisticsImport).values_list("hotline", "state")) == {
        (hotline.pk, "checked"),
        (other.pk, "checked"),
    }


def test_a_refused_file_says_every_reason_and_leaves_nothing_while_others_are_read(hotline, put):
    sheet = Sheet()
    calls, children = sheet.row("A03"), sheet.row("A25", "runaway")
    sheet.write("A03", value="-1").write("A25", "runaway", value="many")
    good, bad = put("2024.csv", Sheet(year=2024).content), put("bad.csv", sheet.content)
    output, errors, code = run(bad, good)
    assert output == f"{good}: read, 116000-XA, 2024-01-01 to 2024-12-31.\n"
    assert errors == (
        f"{bad}: refused, nothing of it was kept.\n"
        f"  Row {calls}: the value of A03 is below zero. Write a number of at least 0.\n"
        f"  Row {children}: the value of A25 is not a number. Write digits only, NA, or nothing.\n"
        "1 file was refused.\n"
    )
    assert code == 1
    assert new(StatisticsImport).get().file_name == "2024.csv"


def test_a_file_that_is_not_there_is_refused_and_the_next_is_read(hotline, put, tmp_path):
    output, errors, code = run(tmp_path / "none.csv", put("good.csv", Sheet().content))
    assert output.count("read") == 1
    assert errors == (
        f"{tmp_path / 'none.csv'}: refused, nothing of it was kept.\n"
        "  The file cannot be opened: No such file or directory.\n"
        "1 file was refused.\n"
    )
    assert code == 1


def test_a_folder_is_all_its_files_but_those_still_coming(hotline, put, tmp_path):
    (tmp_path / "inner").mkdir()
    paths = [put("2023.csv", Sheet(year=2023).content), put("inner/2024.csv", Sheet(year=2024).content)]
    put(".hidden.csv", Sheet().content)
    put("2025.csv.part", Sheet().content)
    output, errors, code = run(tmp_path)
    assert [line.split(":")[0] for line in output.splitlines() if ": read" in line] == [str(path) for path in paths]
    assert (errors, code, new(StatisticsImport).count()) == ("", 0, 2)


@pytest.mark.long
@pytest.mark.parametrize("arguments", [[], ["--dry-run"]], ids=["kept", "dry"])
def test_a_table_in_text_may_be_larger_than_what_is_taken_from_outside(hotline, put, arguments):
    path = put("large.csv", Sheet().content)
    with path.open("ab") as file:
        for _ in range(1 + Limits().bytes // len(BLANK_LINES)):
            file.write(BLANK_LINES)
    output, errors, code = run(path, *arguments)
    path.unlink()
    assert output.startswith(f"{path}: ")
    wrong = [line for line in errors.splitlines() if " rows, " not in line]  # the progress of a long import
    assert (wrong, code, new(StatisticsImport).count()) == ([], 0, not arguments)


def test_an_export_of_its_own_says_what_to_do(hotline, put):
    path = put("own.csv", "Mois;Appels;Réponses\n2025-01;120;110\n".encode())
    _output, errors, code = run(path, "--hotline", hotline.code)
    assert errors == (
        f"{path}: refused, nothing of it was kept.\n"
        "  The file has columns of its own that nobody of 116000-XA has matched, or rows that leave something open. "
        "Upload it on the site and say what is asked there; from then on such files are understood.\n"
        "1 file was refused.\n"
    )
    assert code == 1
    _output, errors, code = run(path)
    assert "--hotline" in errors
    assert code == 1


def test_a_hotline_that_is_not_here_ends_the_command(hotline, put):
    output, errors, code = run(put("good.csv", Sheet().content), "--hotline", "116000-ZZ")
    assert (output, errors, code) == ("", "No hotline here has the code 116000-ZZ.\n", 2)


def test_a_dry_run_says_what_would_change_and_writes_nothing(hotline, coordinator, put):
    run(put("first.csv", Sheet().content), "--confirm")
    before = new(StatisticsImport).values_list("pk", "state", "file_name")
    kept = list(before)
    sheet = Sheet()
    was = sheet.value("A02")
    path = put("second.csv", sheet.write("A02", value="9000").content)
    output, errors, code = run(path, "--dry-run")
    lines = output.splitlines()
    assert lines[0] == f"{path}: can be read, 116000-XA, 2025-01-01 to 2025-12-31."
    assert lines[1:3] == ["  The file has 519 rows below the names of its columns.", "  519 rows are read."]
    assert lines[3].endswith("figures found.")
    assert lines[4] == "  It would take the place of 1 file that counts now:"
    assert f"    A02: {was} > 9000" in lines
    assert "  A02 is 9,000, and the period has 8,760 hours." in output
    assert (errors, code, list(before)) == ("", 0, kept)


def test_a_dry_run_says_what_other_levels_count_for_the_same_time(hotline, put):
    confirmed_figures(hotline, {"A03": 1}, level="contact", file_name="rows.csv")
    sheet = Sheet()
    output, _errors, _code = run(put("totals.csv", sheet.content), "--dry-run")
    lines = output.splitlines()
    assert lines[4] == "  For the same time these count too, and stay: rows.csv"
    assert lines[5] == f"    A03: 1 > {sheet.value('A03')}"
    assert lines[6].startswith("  A03 (Calls received on 116000) is 3,506 and differs by more than 1")


def test_a_file_that_breaks_the_reader_says_its_kind_only(hotline, put, monkeypatch):
    def quoting(text, *_args, **_kwargs):
        raise ValueError(f"cannot read {''.join(text)}")

    path = put("bad.csv", Sheet().write("A03", value="Jane").content)
    monkeypatch.setattr("csv.reader", quoting)
    output, errors, code = run(path)
    assert errors.splitlines()[1] == "  Reading broke off: ValueError."
    assert (output, code, new(StatisticsImport).count()) == ("", 1, 0)


def test_warnings_are_said_below_the_file(hotline, put):
    path = put("figures.csv", Sheet().drop_item("A22").content)
    output, _errors, code = run(path)
    assert output.split("\n")[1].startswith("  A22 (Reopened cases) is not recorded in full")
    assert code == 0


def test_with_confirm_the_coordinator_of_an_invented_hotline_confirms(hotline, coordinator, put):
    path = put("figures.csv", Sheet().content)
    output, errors, code = run(path, "--confirm")
    assert output.split("\n")[1] == f"{path}: confirmed by {coordinator.name}."
    assert (errors, code) == ("", 0)
    assert new(StatisticsImport).get().state == "confirmed"
    assert list(new(Step).order_by("seq").values_list("move", "words__by")) == [
        ("pass_checks", None),
        ("confirm", coordinator.pk),
    ]
    assert run(path, "--confirm")[2] == 0
    assert new(Step).count() == 2


def test_nobody_confirms_for_a_real_hotline(hotline, coordinator, put):
    hotline.is_invented = False
    hotline.save()
    _output, errors, code = run(put("figures.csv", Sheet().content), "--confirm")
    assert errors.endswith("1 file is not confirmed.\n")
    assert (code, new(StatisticsImport).get().state) == (1, "checked")


def test_a_spoilt_file_is_refused_with_confirm_too(hotline, coordinator, put):
    _output, _errors, code = run(put("bad.csv", spoil(Sheet().content, "truncated")), "--confirm")
    assert (code, new(StatisticsImport).count(), new(Step).count()) == (1, 0, 0)


def test_a_file_in_the_published_format_with_a_column_more_is_told_which(hotline, put):
    lines = [line for line in generate("116000-XA", 2025, seed=1).decode().split("\n") if line and line[0] != "#"]
    more = "\n".join([f"{lines[0]},remark", *(f"{line}," for line in lines[1:])])
    errors = run(put("more.csv", more.encode()), "--hotline", "116000-XA")[1]
    assert "Column 11, counted from the left" in errors
    assert "columns of its own" not in errors
    headed = generate("116000-XA", 2025, seed=1).decode().replace(lines[0], f"{lines[0]},remark")
    headed = "\n".join(f"{line}," if line in lines[1:] else line for line in headed.split("\n"))
    assert "Column 11, counted from the left" in run(put("headed.csv", headed.encode()))[1]
