"""All formats are equivalent: random editions are read back as they were, as fields and as pages."""

import json
import shutil
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import jsonschema
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from standards.drafts.fields import EditionText, write_texts
from standards.drafts.frameworks import draft_framework
from standards.editions.files import read_edition, read_files
from standards.editions.files.document import write_document
from standards.editions.files.schema import edition_schema
from standards.editions.files.writing import write_edition
from standards.editions.page_loader import load_edition, load_guide
from standards.editions.page_reader import read_tree
from standards.framework import canonical, digest, write_framework
from standards.models import EditionPage, GuidePage
from tests.standards.conftest import EDITIONS, SAMPLE
from tests.standards.files.random_editions import editions

PHASES = [Phase.explicit, Phase.generate]
FORMATS = ("folder", "edition.json", "edition.xlsx")
ALL = [SAMPLE, *sorted(EDITIONS.iterdir())]


def sha256(text: EditionText) -> str:
    return digest(canonical(write_framework(draft_framework(text))))


@pytest.mark.parametrize("name", FORMATS)
@given(text=editions())
@settings(phases=PHASES)
def test_a_random_edition_is_the_same_after_any_format(name: str, text: EditionText) -> None:
    with TemporaryDirectory() as folder:
        write_edition(text, Path(folder) / name)
        read = read_files(Path(folder) / name)
    assert read.text == text
    assert (sha256(read.text), write_texts(read.text)) == (sha256(text), write_texts(text))


@given(text=editions())
@settings(phases=PHASES)
def test_what_the_schema_refuses_of_a_random_edition_the_reader_refuses(text: EditionText) -> None:
    document = write_document(text)
    is_valid = jsonschema.Draft202012Validator(edition_schema()).is_valid(json.loads(document))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "edition.json"
        path.write_text(document, encoding="utf-8")
        assert is_valid or read_files(path).problems


@pytest.mark.django_db
@given(text=editions())
@settings(max_examples=6, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_random_edition_is_the_same_after_pages_and_any_format_and_pages(text: EditionText) -> None:
    with transaction.atomic(), TemporaryDirectory() as folder:
        page = load_edition(text).page
        kept = read_tree(page).text
        assert (kept, sha256(kept)) == (text, sha256(text))
        for name in FORMATS:
            write_edition(kept, Path(folder) / name)
            again = load_edition(read_files(Path(folder) / name).text)
            assert (again.made, again.changed, again.removed) == (0, 0, 0), name
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMATS)
def test_pages_are_the_same_after_each_format_and_loading_twice_changes_nothing(name: str, tmp_path: Path) -> None:
    before = read_tree(load_guide(EDITIONS / "everything").page).text
    call_command("save_guide", "everything", str(tmp_path / name), stdout=StringIO())
    GuidePage.objects.get().delete()
    loaded = load_guide(tmp_path / name)
    assert loaded.made == 1 + sum(1 + len(d.parts) + sum(len(s.parts) for s in d.parts) for d in before.domains)
    assert read_tree(loaded.page).text == before
    again = load_guide(tmp_path / name)
    assert (again.made, again.changed, again.removed, again.unchanged) == (0, 0, 0, loaded.made)


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
@pytest.mark.parametrize("name", FORMATS[1:])
def test_every_edition_in_the_repository_is_the_same_in_one_file(folder: Path, name: str, tmp_path: Path) -> None:
    text = read_edition(folder)
    write_edition(text, tmp_path / name)
    assert read_edition(tmp_path / name) == text
    output = StringIO()
    call_command("check_edition", tmp_path / name, stdout=output)
    first, *_, last = output.getvalue().splitlines()
    assert f" from {name}, " in first
    assert last == "Nothing is to be corrected."


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
def test_saving_over_an_edition_that_did_not_change_leaves_every_byte(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    write_edition(read_edition(folder), copy)
    for path in folder.rglob("*.toml"):
        assert (copy / path.relative_to(folder)).read_bytes() == path.read_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMATS[1:])
def test_a_file_of_another_edition_is_not_written_over(loaded: EditionPage, name: str, tmp_path: Path) -> None:
    write_edition(read_edition(SAMPLE), tmp_path / name)
    before = (tmp_path / name).read_bytes()
    with pytest.raises(CommandError, match=r"holds edition 2026\. Name a new file, or that of small\."):
        call_command("save_guide", loaded.code, str(tmp_path / name))
    assert (tmp_path / name).read_bytes() == before
    (tmp_path / name).write_text("a letter", encoding="utf-8")
    with pytest.raises(CommandError, match="holds something else than an edition that can be read"):
        call_command("save_guide", loaded.code, str(tmp_path / name))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["edition.ods", "edition.toml", "edition.csv"])
def test_a_format_that_is_none_of_them_is_told(loaded: EditionPage, name: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Name a folder, or a file in \.json or \.xlsx\."):
        call_command("save_guide", loaded.code, str(tmp_path / name))


@pytest.mark.django_db
def test_lines_that_a_browser_sent_with_two_characters_are_lines_with_one(loaded: EditionPage, tmp_path: Path) -> None:
    """Browsers send CR and LF at the end of a line."""
    loaded.introduction = "one\r\ntwo"
    loaded.save_revision(clean=False).publish(skip_permission_checks=True)
    for name in FORMATS:
        call_command("save_guide", loaded.code, str(tmp_path / name), stdout=StringIO())
        assert read_edition(tmp_path / name).fields["introduction"] == "one\ntwo"
