"""The rule's way from columns and fixed tests to data of the edition, and back: pages, translations, versions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from standards.editions.release import prepare
from standards.models import EditionPage, GuideObligation

BEFORE, AFTER = ("standards", "0002_guide_pages"), ("standards", "0006_asked_anew")

Migrate = Callable[[tuple[str, str]], Any]


@pytest.fixture
def migrate() -> Migrate:
    """`migrate(BEFORE)` brings the database there and gives the models as they were then."""

    def migrate(target: tuple[str, str]) -> Any:
        executor = MigrationExecutor(connection)
        latest = [node for node in executor.loader.graph.leaf_nodes() if node[0] != "standards"]
        executor.migrate([target] if target == BEFORE else [*latest, target])
        executor = MigrationExecutor(connection)
        return executor.loader.project_state([target]).apps

    return migrate


def conditions_of(apps: Any) -> list[tuple[Any, ...]]:
    rows = apps.get_model("standards", "GuideCondition").objects.order_by("outcome__sort_order", "sort_order")
    return list(rows.values_list("outcome__code", "test", "obligation", "level", "count", "percent"))


def versions_of(apps: Any) -> list[dict[str, Any]]:
    found = apps.get_model("wagtailcore", "Revision").objects.filter(content_type__model="editionpage").order_by("pk")
    return [revision.content for revision in found]


@pytest.mark.django_db(transaction=True)
def test_the_rule_goes_back_and_forth(loaded: EditionPage, french: EditionPage, migrate: Migrate) -> None:
    loaded.introduction = "A draft that is not published."
    loaded.save_revision()
    sha256 = prepare_published(loaded)

    old = migrate(BEFORE)
    weights = ("weight_essential", "weight_core", "weight_developmental")
    assert list(old.get_model("standards", "EditionPage").objects.values_list(*weights)) == [(3, 2, 1)] * 2
    english = [
        ("deferred", "incomplete", "essential", None, None, None),
        ("accredited", "every", "essential", 2, None, None),
        ("accredited", "domains", "", None, None, 60),
        ("accredited", "overall", "", None, None, 80),
    ]
    assert sorted(conditions_of(old), key=str) == sorted([*english, *english], key=str)
    for content in versions_of(old):
        assert [content[weight] for weight in weights] == [3, 2, 1]
        assert content["outcomes"][1]["conditions"][2]["test"] == "overall"
        assert "obligations" not in content

    migrate(AFTER)
    assert prepare_published(EditionPage.objects.get(pk=loaded.pk)) == sha256
    draft = EditionPage.objects.get(pk=loaded.pk).latest_revision.as_object()
    assert draft.introduction == "A draft that is not published."
    assert [(o.code, o.weight, o.wanted, o.excusable) for o in draft.obligations.all()] == [
        ("essential", 3, 3, False),
        ("core", 2, 2, True),
        ("developmental", 1, 1, True),
    ]
    draft.save_revision().publish()
    assert GuideObligation.objects.filter(page=loaded.pk).count() == 3
    assert prepare(EditionPage.objects.get(pk=loaded.pk)).sha256 == sha256


def prepare_published(page: EditionPage) -> str:
    """The digest of what is published, whatever waits in a draft."""
    EditionPage.objects.filter(pk=page.pk).update(has_unpublished_changes=False)
    return prepare(page).sha256


@pytest.mark.django_db(transaction=True)
def test_the_old_tests_are_said_with_the_new_ones(loaded: EditionPage, french: EditionPage, migrate: Migrate) -> None:
    old = migrate(BEFORE)
    accredited = old.get_model("standards", "GuideOutcome").objects.get(code="accredited", page=loaded.pk)
    condition = old.get_model("standards", "GuideCondition").objects
    condition.filter(outcome=accredited).delete()
    for place, (test, level, count) in enumerate((("at_most", 1, 3), ("none_at", 0, None))):
        condition.create(
            outcome=accredited, test=test, obligation="essential", level=level, count=count, sort_order=place
        )
    old.get_model("standards", "EditionPage").objects.filter(pk=loaded.pk).update(weight_core=4)
    revision = old.get_model("wagtailcore", "Revision").objects.get(object_id=str(loaded.pk))
    for outcome in revision.content["outcomes"]:
        if outcome["code"] == "accredited":
            outcome["conditions"][0] |= {"test": "at_most", "level": 1, "count": 3}
    revision.save()

    new = migrate(AFTER)
    said = [row for row in conditions_of(new) if row[0] == "accredited" and row[3] and row[5] is None]
    assert ("accredited", "below", "essential", 2, 3, None) in said
    assert ("accredited", "every", "essential", 1, None, None) in said
    draft = EditionPage.objects.get(pk=loaded.pk).latest_revision.as_object()
    first = draft.outcomes.get(code="accredited").conditions.all()[0]
    assert (first.test, first.level, first.count) == ("below", 2, 3)
    rows = GuideObligation.objects.filter(code="core").order_by("locale__language_code")
    assert [(row.locale.language_code, row.weight) for row in rows] == [("en", 4), ("fr", 2)]
    assert rows[0].translation_key == rows[1].translation_key


@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_said_before_is_left_out_on_the_way_back(loaded: EditionPage, migrate: Migrate) -> None:
    outcome = loaded.outcomes.get(code="accredited")
    domains, score = outcome.conditions.get(test="domains"), outcome.conditions.get(test="score")
    outcome.conditions.filter(pk=score.pk).update(test="score", domain="D1")
    outcome.conditions.filter(pk=domains.pk).update(test="share", level=2)
    old = migrate(BEFORE)
    assert conditions_of(old) == [
        ("deferred", "incomplete", "essential", None, None, None),
        ("accredited", "every", "essential", 2, None, None),
    ]
    migrate(AFTER)
