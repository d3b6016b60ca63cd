"""Pages into files and back: the same edition, whatever it contains."""

import errno
import io
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from standards.drafts.fields import CONDITION_FIELDS, INDICATOR_FIELDS
from standards.drafts.frameworks import draft_framework
from standards.editions.files import read_edition
from standards.editions.files.toml.writer import write_folder
from standards.editions.page_loader import load_guide
from standards.editions.page_reader import read_tree
from standards.editions.release import prepare
from standards.framework import LEVELS, MalformedEdition, canonical, digest, write_framework
from standards.models import EditionPage, GuidePage
from tests.standards.conftest import EDITIONS, SAMPLE

EVERYTHING = EDITIONS / "everything"


def save(page: EditionPage, folder: Path) -> str:
    output = StringIO()
    call_command("save_guide", page.code, str(folder), stdout=output)
    return output.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "folder",
    [
        pytest.param(SAMPLE, id="the sample"),
        pytest.param(EVERYTHING, id="everything", marks=pytest.mark.everywhere),
    ],
)
def test_an_edition_is_the_same_after_pages_files_and_pages(folder: Path, tmp_path: Path) -> None:
    page = load_guide(folder).page
    before = prepare(page)
    files = tmp_path / "edition"
    save(page, files)
    GuidePage.objects.get().delete()
    after = prepare(load_guide(files).page)
    assert (after.sha256, after.texts, after.structure) == (before.sha256, before.texts, before.structure)


@pytest.mark.django_db
def test_pages_hold_all_that_files_say(db: None) -> None:
    page = load_guide(EVERYTHING).page
    text = read_edition(EVERYTHING)
    assert read_tree(page).text == text
    assert prepare(page).sha256 == digest(canonical(write_framework(draft_framework(text))))


def test_everything_means_everything() -> None:
    """Everything that a framework can contain is in the edition at least once, and not with its default."""
    text = read_edition(EVERYTHING)
    indicators = [indicator for _, standard in text.standards for indicator in standard.parts]
    conditions = [*text.passing, *(condition for outcome in text.outcomes for condition in outcome.parts)]
    levels_beyond = {f"level_{level}" for level in LEVELS if level not in text.levels}
    assert {name for part in indicators for name, value in part.fields.items() if value} == (
        set(INDICATOR_FIELDS) - levels_beyond
    )
    assert {name for part in conditions for name, value in part.fields.items() if value} == set(CONDITION_FIELDS)
    usual = draft_framework(read_edition(SAMPLE))
    framework = draft_framework(text)
    for name in ("scale", "procedure", "rule"):
        assert getattr(framework, name) != getattr(usual, name)
    assert {part.weight for part in (*framework.domains, *framework.standards.values())} == {1, 2, 3}
    assert framework.rule.excused_at_most == 25


@pytest.mark.django_db
def test_the_command_says_what_it_wrote_and_takes_away_what_is_no_more(loaded: EditionPage, tmp_path: Path) -> None:
    written = tmp_path / "written"
    (written / "domains").mkdir(parents=True)
    (written / "domains" / "D07.toml").write_text('code = "D7"', encoding="utf-8")
    assert save(loaded, written) == f"Edition small is written into {written}: 3 files.\n"
    assert sorted(path.name for path in written.rglob("*.toml")) == ["D01.toml", "D02.toml", "edition.toml"]
    with pytest.raises(CommandError, match=r"^There is no edition 2099 among the pages"):
        call_command("save_guide", "2099", str(tmp_path))


@pytest.mark.django_db
def test_another_edition_is_not_written_over(loaded: EditionPage, tmp_path: Path) -> None:
    folder = tmp_path / "2026"
    shutil.copytree(SAMPLE, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*.toml")}
    with pytest.raises(CommandError, match=r"holds edition 2026\. Name an empty folder, or that of small\."):
        call_command("save_guide", loaded.code, str(folder))
    (folder / "edition.toml").write_text("not TOML", encoding="utf-8")
    with pytest.raises(CommandError, match="holds an edition whose code cannot be read"):
        call_command("save_guide", loaded.code, str(folder))
    assert {path: path.read_bytes() for path in folder.rglob("D*.toml")} == {
        path: content for path, content in before.items() if path.name != "edition.toml"
    }


def test_two_domains_of_one_code_are_not_written_into_one_file(tmp_path: Path) -> None:
    text = read_edition(EVERYTHING)
    with pytest.raises(MalformedEdition, match=f"Two domains have the code “{text.domains[0].code}”"):
        write_folder(replace(text, domains=(text.domains[0], *text.domains)), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_written_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, text = tmp_path / "2026", read_edition(SAMPLE)
    write_folder(text, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    write = io.open

    def fill_the_disk(path: Any, mode: str = "r", *more: Any, **options: Any) -> Any:
        if "w" in mode and Path(path).name.startswith("D01"):
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return write(path, mode, *more, **options)

    monkeypatch.setattr("io.open", fill_the_disk)
    with pytest.raises(OSError, match="No space left"):
        write_folder(replace(text, domains=text.domains[:1], fields=text.fields | {"title": "Another title"}), folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.django_db
def test_a_file_in_the_way_is_told(loaded: EditionPage, tmp_path: Path) -> None:
    (tmp_path / "domains").write_text("a file", encoding="utf-8")
    for place in (tmp_path, tmp_path / "domains"):
        with pytest.raises(CommandError, match=r"cannot be written: .*Name a folder that is empty or not there yet"):
            call_command("save_guide", loaded.code, str(place))
