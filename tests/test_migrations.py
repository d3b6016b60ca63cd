"""The history of migrations: nothing is missing, people come first, and it goes back as well as forth."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState
from wagtail.models import Locale, Page

from evaluation.models import Evaluation, User
from portal.models import HomePage
from standards.create_models import CreateModels
from standards.frozen import present_triggers, trigger_names
from tests.evaluation.stages import stage
from tests.test_house_rules import OURS

BACK = (("portal", "zero"), ("reports", "zero"), ("evaluation", "0001_people"), ("standards", "zero"))
"""As far back as people: everything else stands on them, and Wagtail's own migrations do not go back."""


@pytest.mark.django_db
def test_no_migration_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check_changes=True, dry_run=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out, pytrace=False)


@pytest.mark.django_db  # a migration of wagtail-localize asks the database when it is imported
@pytest.mark.once
def test_people_come_before_the_guide() -> None:
    before = MigrationLoader(None).graph.forwards_plan(("evaluation", "0001_people"))
    assert {app for app, _ in before} & {"standards", "wagtailcore", "reports", "portal"} == set()


@pytest.mark.django_db(transaction=True)
def test_our_migrations_go_back_with_a_whole_story_and_forth_again() -> None:
    stage("published")
    people = sorted(User.objects.values_list("uid", "email"))
    tables = set(connection.introspection.table_names())
    home = HomePage.objects.get()
    for app, target in BACK:
        call_command("migrate", app, target, verbosity=0)
    left = {name for name in connection.introspection.table_names() if name.partition("_")[0] in OURS}
    assert left == {"evaluation_user", "evaluation_user_groups", "evaluation_user_user_permissions", "portal_cache"}
    assert sorted(User.objects.values_list("uid", "email")) == people
    assert Page.objects.values_list("pk", "content_type__model").get(depth=2) == (home.pk, "page")
    assert Locale.objects.count() == 1
    call_command("migrate", verbosity=0)
    assert set(connection.introspection.table_names()) == tables
    assert present_triggers(connection) == trigger_names(connection.vendor)
    assert HomePage.objects.values_list("pk", "title").get() == (home.pk, home.title)
    assert Locale.objects.count() == 6
    assert not Evaluation.objects.exists()
    stage("published")
    assert Evaluation.objects.get().state == "published"


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.parametrize("app", OURS)
def test_the_classes_of_the_state_are_built_once_for_the_tables_of_a_migration(
    app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = MigrationLoader(None)
    together = {
        key: migration
        for key, migration in loader.graph.nodes.items()
        if key[0] == app and any(isinstance(operation, CreateModels) for operation in migration.operations)
    }
    assert together
    built: list[str] = []
    render = ModelState.render

    def count(self: ModelState, apps: object) -> object:
        built.append(self.name_lower)
        return render(self, apps)

    for key, migration in together.items():
        state = loader.project_state(loader.graph.node_map[key].parents, at_end=True)
        assert state.apps is not None
        monkeypatch.setattr(ModelState, "render", count)
        after = migration.mutate_state(state)
        assert len(after.apps.get_models(include_auto_created=False)) >= len(after.models)
        monkeypatch.undo()
        assert len(built) == len(after.models)
        built.clear()


@pytest.mark.django_db(transaction=True)
def test_a_database_of_another_history_is_refused_with_what_to_do() -> None:
    MigrationRecorder(connection).record_unapplied("standards", "0002_guide")
    with pytest.raises(CommandError, match=r"(?s)other migrations than those of this version.*`rm -r var`"):
        call_command("migrate", verbosity=0, skip_checks=False)
