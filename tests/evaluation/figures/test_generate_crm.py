"""The command that writes invented exports."""

import itertools
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from evaluation.models import StatisticsImport
from tests.bystander import new
from tests.evaluation.figures.damaged_files import damage

State = StatisticsImport.State


def generate(folder, *arguments: str, years: str = "2025", hotline: str = "116000-XA") -> list[str]:
    """Return the lines of the command's output."""
    out = StringIO()
    call_command("generate_crm", folder, "--hotline", hotline, "--years", years, *arguments, stdout=out)
    return out.getvalue().splitlines()


def contents(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_level_of_every_period_is_written_and_can_be_read(hotline, tmp_path):
    lines = generate(tmp_path / "new" / "exports", "--period", "quarter", years="2024-2025")
    names = {
        f"116000-XA-{level}-{year}-Q{quarter}.csv"
        for level in ("aggregate", "contact", "case")
        for year in (2024, 2025)
        for quarter in (1, 2, 3, 4)
    }
    assert lines[-1] == "24 files written."
    assert {path.rpartition("/")[2] for path in lines[:-1]} == names == set(contents(tmp_path / "new" / "exports"))
    call_command("import_crm", tmp_path, stdout=StringIO())
    assert dict(new(StatisticsImport).values_list("file_name", "state")) == dict.fromkeys(names, State.CHECKED)
    assert not StatisticsImport.objects.exclude(warnings=[]).exists()


def test_of_a_folder_with_damaged_files_only_the_good_ones_are_taken(hotline, tmp_path):
    generate(tmp_path, "--period", "month", "--level", "case", "aggregate")
    good = contents(tmp_path)
    seeds = itertools.count(1_000_000)
    for name, content in good.items():
        damaged = next(d for d in (damage(content, seed) for seed in seeds) if not d.is_harmless)
        (
            tmp_path / f"{name.removesuffix('.csv')}-damaged-{damaged.kind}.{damaged.format.partition('_')[0]}"
        ).write_bytes(damaged.content)
    with pytest.raises(CommandError, match="24 files were refused"):
        call_command("import_crm", tmp_path, stdout=StringIO(), stderr=StringIO())
    assert set(new(StatisticsImport).values_list("file_name", flat=True)) == set(good)


def test_the_same_seed_writes_the_same_files(tmp_path):
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert (
            generate(tmp_path / name, "--seed", seed, "--period", "month", "--level", "case")[-1] == "12 files written."
        )
    first, again, other = (contents(tmp_path / name) for name in "abc")
    assert first == again
    assert not set(first.values()) & set(other.values())


@pytest.mark.parametrize("code", ["116000-BE", "116000-QA", "116000-xa", "XA", "116000-XAB"])
def test_nothing_is_invented_for_a_hotline_that_exists(code, tmp_path):
    with pytest.raises(CommandError) as refused:
        generate(tmp_path / "exports", hotline=code)
    assert str(refused.value) == (
        f"{code} is not the code of an invented hotline. "
        "Write one from 116000-XA to 116000-XZ or from 116000-QM to 116000-QZ."
    )
    assert (refused.value.returncode, list(tmp_path.iterdir())) == (2, [])


@pytest.mark.parametrize("years", ["25", "2025-2023", "2025-", "1999", "last year"])
def test_years_that_are_none_end_the_command(years, tmp_path):
    with pytest.raises(CommandError, match="Write the years as 2025 or as 2023-2025, the earlier one first"):
        generate(tmp_path / "exports", years=years)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_invented_of_a_time_to_come(tmp_path):
    year = timezone.localdate().year
    lines = generate(tmp_path, "--level", "case", "--period", "month", years=f"{year - 1}-{year + 1}")
    assert max(contents(tmp_path)) < f"116000-XA-case-{timezone.localdate():%Y-%m}"
    assert 11 <= len(lines) - 1 < 24


def test_a_folder_that_is_a_file_ends_the_command(tmp_path):
    (tmp_path / "exports").write_bytes(b"")
    with pytest.raises(CommandError, match="The files cannot be written: File exists"):
        generate(tmp_path / "exports")
