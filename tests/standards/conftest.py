"""Fixtures of the Guide's tests: a small edition in files, loaded, released and translated."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from evaluation.models import Role
from standards.drafts.fields import RECOMMENDATION, SCALE_LEVELS, YES_NO_LEVELS, write_texts
from standards.editions.page_reader import read_tree
from standards.editions.release import release
from standards.models import DomainPage, Edition, EditionPage, IndicatorPage, StandardPage
from tests.factories import person

EDITIONS = Path(__file__).parent / "editions"
SMALL = EDITIONS / "small"
SAMPLE = Path(__file__).parents[2] / "fixtures" / "practical_guide" / "2026"
INDICATOR_TEXTS = ("wording", "guidance", "evidence", *SCALE_LEVELS, *YES_NO_LEVELS, *RECOMMENDATION)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the files of the small edition, which a test may change."""
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


@pytest.fixture
def rewrite(folder: Path) -> Callable[[str, str, str], None]:
    """Return `rewrite("domains/D01.toml", old, new)`, which replaces the first occurrence of `old`."""

    def rewrite(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return rewrite


@pytest.fixture
def loaded(db: None) -> EditionPage:
    """Return the pages of the small edition: a scene."""
    return EditionPage.objects.get(locale__language_code="en")


def is_as_released(page: EditionPage, edition: Edition) -> bool:
    """Return whether the pages of an edition have the content that was frozen."""
    tree, wording = read_tree(EditionPage.objects.get(pk=page.pk)), edition.texts(edition.source_language)
    return tree.framework == edition.framework and all(str(wording[p]) == t for p, t in write_texts(tree.text).items())


@pytest.fixture
def released(loaded: EditionPage) -> Edition:
    return release(loaded)


@pytest.fixture
def french(db: None) -> EditionPage:
    """Return the pages of the small edition in French, created by hand, each text still in English: a scene."""
    return EditionPage.objects.get(locale__language_code="fr")


@pytest.fixture
def full_edition(db: None) -> EditionPage:
    """Return the pages of the edition that has everything an edition can have: a scene."""
    return EditionPage.objects.get(code="everything")


@pytest.fixture
def editor(client: Client, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, person(Role.GUIDE_EDITOR, email="editor@example.org", name="An editor"))


def _with_word(thing: Any, names: Iterable[str], word: str) -> Any:
    for name in names:
        if text := getattr(thing, name):
            setattr(thing, name, f"{word}{text}")
    return thing


def translate(page: Any, word: str = "fr: ") -> None:
    """Put a word before each text of a page, as if it were translated into another language."""
    names = ("title", "short_title", "introduction", "sample_notice", *SCALE_LEVELS, *INDICATOR_TEXTS)
    _with_word(page, [name for name in dict.fromkeys(names) if hasattr(page, name)], word)
    if isinstance(page, EditionPage):
        page.outcomes = [_with_word(outcome, ["name"], word) for outcome in page.outcomes.all()]
        page.obligations = [_with_word(obligation, ["name"], word) for obligation in page.obligations.all()]
    page.save_revision(clean=False).publish(skip_permission_checks=True)


def translate_all(edition: EditionPage) -> None:
    translate(edition)
    for model in (DomainPage, StandardPage, IndicatorPage):
        for page in model.objects.descendant_of(edition):
            translate(page)
