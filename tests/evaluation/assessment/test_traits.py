"""The traits of a hotline: unknown until somebody says so, and kept from one evaluation to the next."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from evaluation.models import Evaluation, Role
from evaluation.workflow import perform
from tests.factories import evaluation_of, person

pytestmark = pytest.mark.django_db


def test_empty_lists_of_before_become_unknown_where_nobody_said_them() -> None:
    disk = MigrationLoader(None).disk_migrations
    name = next(name for app, name in disk if app == "evaluation" and name.endswith("traits_until_said"))
    migration = import_module(f"evaluation.migrations.{name}")
    unsaid, said, some, submitted = (evaluation_of() for _ in range(4))
    perform(said, "set_traits", by=person(Role.MCE_COORDINATOR), traits=[])
    Evaluation.objects.update(traits=[])
    Evaluation.objects.filter(pk=some.pk).update(traits=["own_number"])
    Evaluation.objects.filter(pk=submitted.pk).update(state=Evaluation.State.DESK_REVIEW)
    migration.forget_what_nobody_said(apps, None)
    kept = Evaluation.objects.in_bulk()
    assert [kept[one.pk].traits for one in (unsaid, said, some, submitted)] == [None, [], ["own_number"], []]
    migration.write_empty_lists(apps, None)
    assert Evaluation.objects.get(pk=unsaid.pk).traits == []
