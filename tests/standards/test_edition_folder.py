"""The folder of an edition: every entry is read, refused with the remedy, or reported as not read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from standards.editions.files import read_edition, read_files
from standards.framework import MalformedEdition
from tests.standards.conftest import SAMPLE

EMPTY = (
    "The file says nothing: it is empty, or all of it is a comment. Write what belongs here; for a domain that is no more, "
    "delete the file."
)
NO_EDITION_FILE = (
    "This file is not read: an edition is edition.toml and the files of its domains, such as domains/D01.toml. "
    "Rename it, or take it out of the folder."
)
NO_DOMAIN_FILE = "This file is not read: a domain’s file is named after its code, such as D01.toml. Rename it, or take it out of the folder."


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(MalformedEdition) as caught:
        read_edition(folder)
    return caught.value.problems


@pytest.mark.parametrize("content", ["", "\n\n", "# The essential domain\n# is written later.\n"])
def test_a_domain_whose_file_says_nothing_does_not_vanish(folder: Path, content: str) -> None:
    (folder / "domains" / "D02.toml").write_text(content, encoding="utf-8")
    assert problems_of(folder) == [f"domains/D02.toml: {EMPTY}"]
    with pytest.raises(CommandError) as caught:
        call_command("score", folder, SAMPLE / "edition.toml")
    assert str(caught.value) == f"domains/D02.toml: {EMPTY}"


def test_a_number_of_too_many_digits_is_told(folder: Path) -> None:
    (folder / "domains" / "D02.toml").write_text(f"weight = {'9' * 5000}\n", encoding="utf-8")
    [problem] = problems_of(folder)
    assert problem.startswith("domains/D02.toml: The file is not TOML: ")


def test_a_title_page_that_says_nothing_is_told(folder: Path) -> None:
    (folder / "edition.toml").write_text("# soon\n", encoding="utf-8")
    assert problems_of(folder) == [f"edition.toml: {EMPTY}"]


def _link(path: Path) -> None:
    path.symlink_to("nowhere.toml")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _write(path: Path) -> None:
    path.write_text('code = "D9"\n', encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "make", "problem"),
    [
        ("domains/D3.tml", _write, NO_DOMAIN_FILE),
        ("domains/D003.toml", _write, NO_DOMAIN_FILE),
        ("domains/d03.toml", _write, NO_DOMAIN_FILE),
        ("domains/D03.TOML", _write, NO_DOMAIN_FILE),
        ("domains/D03.toml~", _write, NO_DOMAIN_FILE),
        ("domains/safety.toml", _write, NO_DOMAIN_FILE),
        ("domains/notes.md", _write, NO_DOMAIN_FILE),
        ("domains/.D03.toml", _write, NO_DOMAIN_FILE),
        ("domains/D03.toml", Path.mkdir, "This is a folder, and is not read. Take it out of the edition’s folder."),
        ("domains/more", Path.mkdir, "This is a folder, and is not read. Take it out of the edition’s folder."),
        ("domains/D03.toml", _link, "This link leads nowhere. Put the file in its place, or delete the link."),
        ("domains/D03.toml", _loop, "This link leads nowhere. Put the file in its place, or delete the link."),
        ("domains/D03.toml", os.mkfifo, "This is no file that can be read. Take it out of the edition’s folder."),
        ("D03.toml", _write, "This file is not read here. Move it to domains/D03.toml."),
        ("edition-old.toml", _write, NO_EDITION_FILE),
        ("edition.toml.bak", _write, NO_EDITION_FILE),
        ("dead", _link, "This link leads nowhere. Put the file in its place, or delete the link."),
        ("domain", Path.mkdir, "The folder of the domains is called “domains”. Rename this one, or take it out."),
        ("Domains", Path.mkdir, "The folder of the domains is called “domains”. Rename this one, or take it out."),
        ("2027", Path.mkdir, "This is a folder, and is not read. Take it out of the edition’s folder."),
    ],
)
def test_what_is_not_read_is_refused_with_the_remedy(
    folder: Path, name: str, make: Callable[[Path], object], problem: str
) -> None:
    make(folder / name)
    assert problems_of(folder) == [f"{name}: {problem}"]


def test_what_nobody_means_as_a_part_of_the_edition_is_named(folder: Path) -> None:
    for name in ("README.md", "findings.json", ".DS_Store", "domains/.DS_Store"):
        (folder / name).write_text("", encoding="utf-8")
    assert read_files(folder).unread == (".DS_Store", "README.md", "findings.json", "domains/.DS_Store")


def test_a_name_that_is_no_text_can_be_printed(folder: Path) -> None:
    (folder / "domains" / os.fsdecode(b"D\xff.toml")).write_text("", encoding="utf-8")
    assert problems_of(folder) == [f"domains/D\ufffd.toml: {NO_DOMAIN_FILE}"]


def test_a_file_is_named_after_its_domain(folder: Path) -> None:
    (folder / "domains" / "D02.toml").rename(folder / "domains" / "D04.toml")
    assert problems_of(folder) == [
        "domains/D04.toml, code: The file is named after D4, and its code is D2. Name it D02.toml, or correct the code."
    ]


def test_a_domain_of_one_digit_may_be_written_with_one(folder: Path) -> None:
    (folder / "domains" / "D02.toml").rename(folder / "domains" / "D2.toml")
    assert [domain.code for domain in read_edition(folder).domains] == ["D1", "D2"]


@pytest.mark.parametrize("make", [Path.mkdir, _link])
def test_a_title_page_that_is_no_file_is_told(folder: Path, make: Callable[[Path], object]) -> None:
    (folder / "edition.toml").unlink()
    make(folder / "edition.toml")
    (problem,) = problems_of(folder)
    assert problem.startswith("edition.toml: This ")


def test_a_title_page_by_another_name_is_told(folder: Path) -> None:
    (folder / "edition.toml").rename(folder / "Edition.toml")
    assert problems_of(folder) == [f"There is no edition.toml in {folder}. Rename “Edition.toml” to edition.toml."]


def test_a_file_in_place_of_the_folder_is_told(folder: Path) -> None:
    path = folder / "edition.toml"
    assert problems_of(path) == [f"{path} is no folder. Name the folder of an edition, not a file of it."]


@pytest.mark.parametrize("make", [_write, _link])
def test_domains_that_are_no_folder_are_told(folder: Path, make: Callable[[Path], object]) -> None:
    (folder / "domains").rename(folder.parent / "elsewhere")
    make(folder / "domains")
    assert problems_of(folder)[0].startswith("domains: This ")


def test_a_byte_order_mark_is_told_with_the_remedy(folder: Path) -> None:
    path = folder / "domains" / "D01.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert problems_of(folder) == [
        "domains/D01.toml: The file begins with a byte-order mark, which TOML does not allow. Save it as UTF-8 without a "
        "byte-order mark (in some editors: “UTF-8”, not “UTF-8 with BOM”)."
    ]
