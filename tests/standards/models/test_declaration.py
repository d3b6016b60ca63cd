"""The declaration of an indicator and of entries of files agrees with the columns of the pages."""

from datetime import date

import pytest
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.admin.panels.group import PanelGroup

from standards.editions import entries
from standards.editions.entries import ANY_NUMBER, Table
from standards.framework import INDICATOR_STRUCTURE, INDICATOR_TEXTS, Field, Text
from standards.models import (
    DomainPage,
    EditionPage,
    GuideCondition,
    GuideGroup,
    GuideObligation,
    GuideOutcome,
    GuideResult,
    GuideTrait,
    IndicatorPage,
    StandardPage,
)

COLUMNS: dict[type, tuple[type[models.Field], ...]] = {
    str: (models.CharField, models.TextField),
    bool: (models.BooleanField,),
    int: (models.PositiveSmallIntegerField,),
    date: (models.DateField,),
    list: (models.CharField,),
}
PAGES: tuple[tuple[Table, type[models.Model], str], ...] = (
    (entries.TITLE_PAGE, EditionPage, ""),
    (entries.SCALE, EditionPage, "level_"),
    (entries.OBLIGATION, GuideObligation, ""),
    (entries.OUTCOME, GuideOutcome, ""),
    (entries.TRAIT, GuideTrait, ""),
    (entries.GROUP, GuideGroup, ""),
    (entries.RESULT, GuideResult, ""),
    (entries.CONDITION, GuideCondition, ""),
    (entries.DOMAIN, DomainPage, ""),
    (entries.STANDARD, StandardPage, ""),
    (entries.INDICATOR, IndicatorPage, ""),
    (entries.LEVEL_TEXTS, IndicatorPage, "level_"),
    (entries.RECOMMENDATION_TEXTS, IndicatorPage, "recommendation_"),
)
"""The columns of each table of a file, and how their names begin."""
SHAPED = {"code", "obligation", "language", "formula", "points", "group", "domain", "standard", "outcome"}
"""Texts whose form bounds them, so that no length is declared."""


def column(name: str, model: type[models.Model] = IndicatorPage) -> models.Field:
    return model._meta.get_field(name)


@pytest.mark.parametrize("field", INDICATOR_STRUCTURE, ids=lambda field: field.name)
def test_a_page_has_the_column_that_a_field_declares(field: Field) -> None:
    found = column(field.name)
    assert isinstance(found, COLUMNS[field.kind])
    assert {str(value) for value, _ in found.choices or () if value} == set(field.choices)
    if field.max_length:
        assert found.max_length == field.max_length
    if field.bounds:
        limits = {type(check): check.limit_value for check in found.validators}
        assert (limits[MinValueValidator], limits[MaxValueValidator]) == field.bounds


@pytest.mark.parametrize("text", INDICATOR_TEXTS, ids=lambda text: text.name)
def test_a_page_has_the_column_that_a_text_declares(text: Text) -> None:
    found = column(text.name)
    assert isinstance(found, models.CharField if text.max_length else models.TextField)
    assert found.max_length == text.max_length
    assert found.blank == bool(text.table)


def test_a_page_has_no_column_that_nothing_declares() -> None:
    declared = {field.name for field in (*INDICATOR_STRUCTURE, *INDICATOR_TEXTS)}
    assert {field.name for field in IndicatorPage._meta.local_fields} - {"page_ptr"} == declared


def test_an_editor_is_shown_every_declared_field() -> None:
    declared = {field.name for field in (*INDICATOR_STRUCTURE, *INDICATOR_TEXTS)}
    assert sorted(_shown(IndicatorPage.edit_handler.children[:3])) == sorted(declared)


def _shown(panels: list[Panel]) -> list[str]:
    fields = [panel.field_name for panel in panels if isinstance(panel, FieldPanel)]
    return fields + [name for panel in panels if isinstance(panel, PanelGroup) for name in _shown(panel.children)]


def test_a_file_has_an_entry_for_everything_declared() -> None:
    plain = [text.key for text in INDICATOR_TEXTS if not text.table]
    assert sorted(entries.INDICATOR.names) == sorted(
        [*(field.name for field in INDICATOR_STRUCTURE), *plain, "levels", "recommendation"]
    )
    for table, group in ((entries.LEVEL_TEXTS, "level"), (entries.RECOMMENDATION_TEXTS, "recommendation")):
        assert list(table.names) == [text.key for text in INDICATOR_TEXTS if text.table == group]


@pytest.mark.parametrize(("table", "model", "start"), PAGES, ids=lambda value: getattr(value, "begins", ""))
def test_what_a_file_may_say_has_room_in_its_column(table: Table, model: type[models.Model], start: str) -> None:
    columns = {field.name: field for field in model._meta.get_fields() if not field.is_relation}
    compared = []
    for entry in table.entries:
        found = columns.get(start + entry.name)
        if found is None or entry.begins_table:
            continue
        if entry.kind in (str, list) and entry.name not in SHAPED and not found.choices:
            compared.append((entry.name, entry.longest, found.max_length))
        elif entry.kind is int and entry.bounds != ANY_NUMBER:
            highest = [check.limit_value for check in found.validators if isinstance(check, MaxValueValidator)]
            compared += [(entry.name, entry.bounds[1], limit) for limit in highest]
    assert compared
    assert [name for name, declared, room in compared if declared != room] == []
