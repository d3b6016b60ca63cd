"""A copy, a revision, a translation and a restored version never touch the rows of another page.

This is tested for each child relation of each page type; a new one is covered as soon as it exists.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.models import COMMENTS_RELATION_NAME, Locale, Page, TranslatableMixin, get_page_models
from wagtail_localize.models import TranslationSource
from wagtail_localize.operations import translate_object

from standards.models import EditionPage, GuideCondition, GuideOutcome
from standards.models.rows import Row, WithRows
from tests.standards.models.cms import form_of, send

pytestmark = pytest.mark.django_db

Model = type[models.Model]


def relations_of(model: Model) -> Iterator[tuple[str, Model, Model, str]]:
    """Yield each child relation with its path, the parent's model, the rows' model and the column of the parent."""
    for relation in get_all_child_relations(model):
        name, rows = relation.get_accessor_name(), relation.related_model
        if name == COMMENTS_RELATION_NAME:
            continue  # Wagtail neither copies nor restores comments
        yield name, model, rows, relation.field.attname
        if issubclass(rows, ClusterableModel):
            yield from ((f"{name}.{inner}", *found) for inner, *found in relations_of(rows))


PAGE_TYPES = [model for model in get_page_models() if list(relations_of(model))]
RELATIONS = [(model, *relation) for model in PAGE_TYPES for relation in relations_of(model)]


@pytest.fixture
def pages(full_edition: EditionPage) -> dict[Model, Page]:
    """Return a page of each type, with a row in each of its relations."""
    return {model: _fullest(model) for model in PAGE_TYPES}


def _fullest(model: Model) -> Page:
    names = {path for path, *_others in relations_of(model)}
    for page in model.objects.order_by("path"):
        if {row[0] for row in rows_of(page)} == names:
            return page
    raise AssertionError(f"No page of the edition “everything” has a row of each kind: {model.__name__}, {names}")


def rows_of(page: Page, *, is_whole: bool = True) -> list[tuple[str, Any]]:
    """Return all rows of a page in the database: complete, or without keys."""
    return list(_rows(type(page), [page.pk], is_whole))


def _rows(model: Model, parents: list[int], is_whole: bool, path: str = "") -> Iterator[tuple[str, Any]]:
    for relation in get_all_child_relations(model):
        name, rows, key = relation.get_accessor_name(), relation.related_model, relation.field
        if name == COMMENTS_RELATION_NAME:
            continue
        for parent in parents:
            found = list(rows._base_manager.filter(**{key.name: parent}).order_by("sort_order", "pk"))
            for row in found:
                yield f"{path}{name}", _all_values(row) if is_whole else _values_without_keys(row)
            if issubclass(rows, ClusterableModel):
                yield from _rows(rows, [row.pk for row in found], is_whole, f"{path}{name}.")


def _all_values(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _values_without_keys(row: models.Model) -> dict[str, Any]:
    own = {"id", "locale_id", "translation_key"} | {
        field.attname for field in row._meta.fields if isinstance(field, ParentalKey)
    }
    return {name: value for name, value in _all_values(row).items() if name not in own}


def publish_latest(page: Page) -> None:
    """Publish the latest revision, as the button “Publish” of an unchanged draft does."""
    page = page.specific_class.objects.get(pk=page.pk)
    page.get_latest_revision_as_object().save_revision(clean=False).publish(skip_permission_checks=True)


# --- Every relation is covered --------------------------------------------------------------------------------------


def test_there_are_relations_to_prove() -> None:
    assert "outcomes.conditions" in {path for _page, path, *_others in RELATIONS}


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: f"{relation[0].__name__}.{relation[1]}")
def test_every_row_and_every_page_with_rows_keeps_to_itself(relation: tuple[Any, ...]) -> None:
    page, path, _parent, rows, _key = relation
    assert issubclass(page, WithRows)
    assert issubclass(rows, Row)
    if "." in path:  # Wagtail gives only the rows of the page itself a language and a new translation key
        assert not issubclass(rows, TranslatableMixin)


# --- Copying --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copy_revisions", "order"),
    [
        pytest.param(True, (0, 1, 2), marks=pytest.mark.long),
        (True, (2, 1, 0)),
        pytest.param(True, (1, 0, 2), marks=pytest.mark.long),
        (False, (2, 0, 1)),
    ],
    ids=str,
)
@pytest.mark.parametrize("model", PAGE_TYPES)
def test_copies_and_their_source_are_published_in_any_order(
    pages: dict[Model, Page], model: Model, copy_revisions: bool, order: tuple[int, ...]
) -> None:
    source = pages[model]
    before, content = rows_of(source), rows_of(source, is_whole=False)
    first = source.copy(update_attrs={"slug": "first"}, keep_live=False, copy_revisions=copy_revisions)
    second = first.copy(update_attrs={"slug": "second"}, keep_live=False, copy_revisions=copy_revisions)
    for place in order:
        publish_latest((source, first, second)[place])
        assert [rows_of(page, is_whole=False) for page in (source, first, second)] == [content] * 3
    assert rows_of(source) == before
    for page in (first, second):
        for revision in page.revisions.all():
            draft = revision.as_object()
            draft.slug = page.slug
            draft.save_revision(clean=False).publish(skip_permission_checks=True)
            assert (rows_of(source), rows_of(page, is_whole=False)) == (before, content)


@pytest.mark.parametrize("model", PAGE_TYPES)
def test_a_tree_that_is_copied_twice_leaves_its_source_alone(pages: dict[Model, Page], model: Model) -> None:
    edition = EditionPage.objects.ancestor_of(pages[model], inclusive=True).get()
    before = [(page.pk, rows_of(page.specific)) for page in edition.get_descendants(inclusive=True)]
    for slug in ("first", "second"):
        copied = edition.copy(recursive=True, update_attrs={"slug": slug}, keep_live=True)
        for page in copied.get_descendants(inclusive=True):
            publish_latest(page)
    assert [(page.pk, rows_of(page.specific)) for page in edition.get_descendants(inclusive=True)] == before


@pytest.mark.parametrize("model", PAGE_TYPES)
def test_a_mirror_follows_its_source_with_rows_of_its_own(pages: dict[Model, Page], model: Model) -> None:
    source = pages[model]
    before, content = rows_of(source), rows_of(source, is_whole=False)
    alias = source.create_alias(update_slug="alias")
    for _again in range(2):
        publish_latest(source)
        assert (rows_of(source), rows_of(alias, is_whole=False)) == (before, content)


# --- Restoring ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted({relation[1] for relation in RELATIONS}))
@pytest.mark.parametrize("is_copy", [False, True])
def test_rows_that_were_taken_away_come_back_with_the_old_version(
    pages: dict[Model, Page], path: str, is_copy: bool
) -> None:
    source = next(page for model, page in pages.items() if path in dict(rows_of(page)))
    content = rows_of(source, is_whole=False)
    publish_latest(source)
    page = source.copy(update_attrs={"slug": "copied"}, keep_live=False) if is_copy else source
    old = page.get_latest_revision()
    before = rows_of(source)
    emptied = type(page).objects.get(pk=page.pk)
    setattr(emptied, path.partition(".")[0], [])
    emptied.save_revision(clean=False).publish(skip_permission_checks=True)
    assert path not in dict(rows_of(page))
    for _again in range(2):
        old.as_object().save_revision(clean=False, previous_revision=old).publish(skip_permission_checks=True)
        assert rows_of(page, is_whole=False) == content
    if is_copy:
        assert rows_of(source) == before


def test_an_editor_goes_back_to_the_version_a_copy_began_with(editor: Client, pages: dict[Model, Page]) -> None:
    source = pages[EditionPage]
    before = rows_of(source)
    copied = source.copy(update_attrs={"slug": "copied", "code": "copied"}, keep_live=True)
    first = copied.revisions.order_by("pk").first()
    form = form_of(editor, copied)
    assert send(editor, copied, {**form, "outcomes-0-name": "Another"}).status_code == 302
    back = reverse("wagtailadmin_pages:revisions_revert", args=[copied.pk, first.pk])
    assert editor.get(back).status_code == 200
    answer = send(editor, copied, {**form, "revision": str(first.pk), "code": "copied"})
    assert answer.status_code == 302
    assert rows_of(source) == before
    assert [row for path, row in rows_of(EditionPage.objects.get(pk=copied.pk), is_whole=False)] == [
        row for path, row in rows_of(source, is_whole=False)
    ]


# --- Translating ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", PAGE_TYPES)
def test_a_translation_has_rows_of_its_own(
    pages: dict[Model, Page], model: Model, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    source, locale = pages[model], Locale.objects.get(language_code="fr")
    before, content = rows_of(source), rows_of(source, is_whole=False)
    Page.objects.get(depth=2).copy_for_translation(locale)
    for page in Page.objects.filter(depth__gt=2).order_by("path"):
        translate_object(page.specific, [locale])
    translated = source.get_translation(locale).specific
    kept = TranslationSource.objects.get(object_id=source.translation_key)
    for _again in range(2):
        publish_latest(source)
        kept.update_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            kept.create_or_update_translation(locale, fallback=True)
        publish_latest(translated)
        assert (rows_of(source), rows_of(translated, is_whole=False)) == (before, content)
    assert {row["locale_id"] for _path, row in rows_of(translated) if "locale_id" in row} <= {locale.pk}


# --- Rows under another parent --------------------------------------------------------------------------------------


def test_a_row_saved_under_another_parent_is_a_new_row(pages: dict[Model, Page]) -> None:
    condition = GuideCondition.objects.order_by("pk").first()
    other = GuideOutcome.objects.exclude(pk=condition.outcome_id).first()
    moved = GuideCondition.objects.get(pk=condition.pk)
    moved.outcome = other
    moved.save()
    assert moved.pk != condition.pk
    assert GuideCondition.objects.get(pk=condition.pk).outcome_id == condition.outcome_id


def test_a_row_is_saved_anew_in_its_own_place(pages: dict[Model, Page]) -> None:
    condition = GuideCondition.objects.order_by("pk").first()
    condition.percent = "77"
    condition.save()
    assert GuideCondition.objects.get(pk=condition.pk).percent == "77"


def test_the_content_of_a_revision_is_not_changed_by_reading_it(pages: dict[Model, Page]) -> None:
    source = pages[EditionPage]
    revision = source.copy(update_attrs={"slug": "copied"}).get_latest_revision()
    content = deepcopy(revision.content)
    revision.as_object()
    assert revision.content == content
