"""What the documents of the repository say of the code, held against it."""

import importlib
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [
    ROOT / "CONTRIBUTING.md",
    ROOT / "docs" / "architecture.md",
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
]


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def resolve(name: str) -> object:
    """The module, or the attribute of one, that a dotted name stands for. Raises ImportError or AttributeError."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[count:]:
            found = getattr(found, attribute)
        return found
    raise ModuleNotFoundError(name)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_name_in_a_document_exists(document):
    names = set(re.findall(r"`((?:standards|evaluation|reports|portal)(?:\.\w+)+)`", document.read_text("utf-8")))
    missing = []
    for name in sorted(names):
        try:
            resolve(name)
        except (ImportError, AttributeError):
            missing.append(name)
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_path_and_link_in_a_document_exists(document):
    made_by_a_recipe = r"`[\w./]+`:\n\n```.*?^```$"
    text = re.sub(made_by_a_recipe, "", document.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    paths = re.findall(r"`((?:standards|evaluation|reports|site|tests|docs|fixtures)/[\w./-]*)`", text)
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    there = [ROOT / path for path in paths] + [document.parent / link for link in links]
    assert [str(path) for path in there if not path.exists()] == []


def test_the_table_of_rooms_in_contributing_is_that_of_the_folders():
    table = read("CONTRIBUTING.md").split("| room | it is about |\n| --- | --- |\n")[1].split("\n\n")[0]
    rooms = [re.match(r"\| `([\w/]+)/` \| \S", line) for line in table.splitlines()]
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))} - {"var"}
    assert {room[1].partition("/")[0] for room in rooms if room} == folders
    assert len([room for room in rooms if room]) == len(rooms) == len(folders)
    assert all((ROOT / room[1]).is_dir() for room in rooms if room)


def test_the_architecture_names_each_room_of_the_evaluation():
    rooms = {path.parent.name for path in (ROOT / "evaluation").glob("*/__init__.py")} - {"management", "migrations"}
    named = set(re.findall(r"`evaluation\.(\w+)", read("docs/architecture.md")))
    assert rooms - named == set()


def test_each_decision_has_its_parts_and_the_readme_leads_to_it():
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:5] for path in records] == [f"{number:04}-" for number in range(1, len(records) + 1)]
    parts = ["Context", "Decision", "Consequences", "What would make us reconsider"]
    for path in records:
        text = path.read_text("utf-8")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == parts, path.name
        title = re.search(r"^# (\d+)\. (.+)$", text, re.MULTILINE)
        assert title is not None
        assert int(title[1]) == int(path.name[:4])
        assert f"[{title[2]}](docs/decisions/{path.name})" in read("README.md")


def test_the_newest_version_of_the_changelog_is_that_of_the_package():
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+)\]? - (\d{4}-\d\d-\d\d)$", read("CHANGELOG.md"), re.MULTILINE)
    days = [date.fromisoformat(day) for _version, day in versions]
    assert versions[0][0] == tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert days == sorted(days, reverse=True)
