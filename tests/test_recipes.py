"""The recipe for a page in CONTRIBUTING, followed to the letter: its blocks are added to a copy.

The page is requested, and the tests of the whole site that a new address must pass are run on the copy.
"""

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.test import Client
from django.urls import clear_url_caches

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Block:
    """A block of a recipe: the file that the line before it names, the kind of the block, and its text."""

    path: str
    kind: str
    text: str


def read_recipe(heading: str) -> str:
    return (ROOT / "CONTRIBUTING.md").read_text("utf-8").split(f"### {heading}\n")[1].split("\n### ")[0]


def read_blocks(recipe: str) -> list[Block]:
    found = re.findall(r"`([\w./]+)`:\n\n```(\w+)\n(.*?)^```$", recipe, re.DOTALL | re.MULTILINE)
    return [Block(*one) for one in found]


def apply(diff: str, text: str) -> str:
    """Add the lines of a diff to a text. Every line that stands around them must be there, in one place."""
    for hunk in diff.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] != "+")
        after = "".join(line[1:] for line in lines if line[0] != "-")
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def recipe(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder with the recipe's files, on a site to which they were added."""
    for block in read_blocks(read_recipe("Add a page")):
        path = tmp_path / block.path
        path.parent.mkdir(parents=True, exist_ok=True)
        assert (ROOT / block.path).exists() == (block.kind == "diff")
        path.write_text(
            apply(block.text, (ROOT / block.path).read_text("utf-8")) if block.kind == "diff" else block.text
        )

    import portal.people as package

    names = ("portal.people.operators", "portal.people.urls", "portal.workspace_urls", "recipe_urls", *TESTS)
    for name in names:
        monkeypatch.setitem(sys.modules, name, None)
    people = tmp_path / "site" / "portal" / "people"
    for name in ("operators", "urls"):
        monkeypatch.setattr(package, name, load(f"portal.people.{name}", people / f"{name}.py"), raising=False)
    load("portal.workspace_urls", ROOT / "site" / "portal" / "workspace_urls.py")
    load("recipe_urls", ROOT / "site" / "portal" / "urls.py")
    settings.ROOT_URLCONF = "recipe_urls"
    clear_url_caches()
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path / "site" / "portal" / "templates"]}]
    yield tmp_path
    clear_url_caches()


TESTS = ("recipe_test", "recipe_permissions", "recipe_templates")
"""The modules of tests that are loaded beside those of the site."""


def test_the_page_of_the_recipe_is_shown_to_whom_it_says(recipe: Path, sign_in: Callable[..., Client]):
    module = load("recipe_test", recipe / "tests" / "portal" / "people" / "test_operators.py")
    tests = [test for name, test in vars(module).items() if name.startswith("test_")]
    assert len(tests) == 2
    for test in tests:
        test(Client(), sign_in)


def test_the_page_of_the_recipe_is_in_the_table_of_rights_as_it_is(recipe: Path, sign_in: Callable[..., Client]):
    permissions = load("recipe_permissions", recipe / "tests" / "portal" / "test_permissions.py")
    permissions.test_every_new_address_enters_the_table()
    rows = [row for row in permissions.rows_of(permissions.TABLE) if row.name == "workspace:operators"]
    assert permissions.statuses_of("decided", rows, sign_in) == {row.title: row.codes for row in rows}


def test_another_page_leads_to_the_page_of_the_recipe(recipe: Path, monkeypatch: pytest.MonkeyPatch):
    templates = load("recipe_templates", ROOT / "tests" / "portal" / "look" / "test_templates.py")
    changed = {path.relative_to(recipe) for path in recipe.rglob("*.html")}
    others = [path for path in templates.all_templates() if path.relative_to(ROOT) not in changed]
    monkeypatch.setattr(templates, "all_templates", lambda: [*others, *(recipe / path for path in changed)])
    assert "operators" in templates.literal_ends()
    templates.test_every_address_of_the_workspace_is_written_into_a_page()


def test_the_recipe_says_how_many_files_it_takes():
    """Its blocks are files, and so is each catalogue."""
    recipe = read_recipe("Add a page")
    catalogues = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    assert (len(read_blocks(recipe)), len(catalogues)) == (6, 5)
    assert recipe.strip().startswith("Eleven files")
