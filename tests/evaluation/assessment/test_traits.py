"""The traits of a hotline: unknown until somebody says so, and kept from one evaluation to the next."""

from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from evaluation.assessment.traits import find_said_traits, last_traits
from evaluation.models import Evaluation, Role
from evaluation.workflow import perform
from tests.factories import HotlineFactory, RoundFactory, evaluation_of, person, released_edition
from tests.small_edition import SMALL

pytestmark = pytest.mark.django_db


def test_empty_lists_of_before_become_unknown_where_nobody_said_them() -> None:
    disk = MigrationLoader(None).disk_migrations
    name = next(name for app, name in disk if app == "evaluation" and name.endswith("traits_until_said"))
    migration = import_module(f"evaluation.migrations.{name}")
    unsaid, said, some, submitted, excused = (evaluation_of() for _ in range(5))
    perform(said, "set_traits", by=person(Role.MCE_COORDINATOR), traits=[])
    Evaluation.objects.update(traits=[])
    Evaluation.objects.filter(pk=some.pk).update(traits=["own_number"])
    Evaluation.objects.filter(pk=submitted.pk).update(state=Evaluation.State.DESK_REVIEW)
    Evaluation.objects.filter(pk=excused.pk).update(state=Evaluation.State.EXCUSED)
    migration.forget_what_nobody_said(apps, None)
    kept = Evaluation.objects.in_bulk()
    found = [kept[one.pk].traits for one in (unsaid, said, some, submitted, excused)]
    assert found == [None, [], ["own_number"], [], None]
    migration.write_empty_lists(apps, None)
    assert Evaluation.objects.get(pk=unsaid.pk).traits == []


def test_what_was_said_outlasts_evaluations_by_editions_that_do_not_name_it(django_assert_num_queries) -> None:
    hotline, other = HotlineFactory(), HotlineFactory()
    named = {
        "T7": ("own_number", "across_borders"),
        "T8": (),
        "T9": ("across_borders",),
    }
    frameworks = {code: replace(SMALL, code=code, traits=traits) for code, traits in named.items()}
    rounds = {code: RoundFactory(edition=released_edition(framework)) for code, framework in frameworks.items()}
    for code, traits in (("T7", ["own_number", "across_borders"]), ("T8", []), ("T9", [])):
        evaluation_of(hotline, round=rounds[code], traits=traits, state=Evaluation.State.PUBLISHED)
    evaluation_of(other, round=rounds["T9"], traits=["across_borders"])
    with django_assert_num_queries(2):
        assert last_traits([hotline, other], frameworks["T7"]) == {hotline.pk: ["own_number"]}
    assert find_said_traits([other], frameworks["T7"]) == {other.pk: {"across_borders": True}}
    assert last_traits([hotline, other], frameworks["T9"]) == {hotline.pk: [], other.pk: ["across_borders"]}
    with django_assert_num_queries(0):
        assert last_traits([hotline], frameworks["T8"]) == {}
