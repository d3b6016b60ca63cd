"""The history of migrations: nothing is missing, people come first, and it goes back as well as forth."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, StateApps
from wagtail.models import Locale, Page, Revision

from evaluation.models import Evaluation, User
from portal.handbook.models import HandbookPage, TermPage
from portal.public.models import HomePage
from portal.visits.agenda_templates.models import AgendaTemplatePage
from standards.frozen import present_triggers, trigger_names
from standards.migration_operations import CreateModels
from standards.models import EditionPage, GuidePage
from tests.stage import Stage
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
def test_people_come_before_the_guide() -> None:
    before = MigrationLoader(None).graph.forwards_plan(("evaluation", "0001_people"))
    assert {app for app, _ in before} & {"standards", "wagtailcore", "reports", "portal"} == set()


@pytest.mark.django_db(transaction=True)
def test_our_migrations_go_back_with_a_whole_story_and_forth_again() -> None:
    Stage.minimal("published")
    people = sorted(User.objects.values_list("uid", "email"))
    tables = set(connection.introspection.table_names())
    home = HomePage.objects.get()
    home.add_child(instance=AgendaTemplatePage(title="Remote")).save_revision()
    handbook = home.add_child(instance=HandbookPage(title="Handbook"))
    handbook.add_child(instance=TermPage(title="Runaway", definition="A child who left.")).save_revision()
    guide = home.add_child(instance=GuidePage(title="Guide"))
    guide.add_child(instance=EditionPage(title="First", code="first")).save_revision()
    for app, target in BACK:
        call_command("migrate", app, target, verbosity=0)
    left = {name for name in connection.introspection.table_names() if name.partition("_")[0] in OURS}
    assert left == {"evaluation_user", "evaluation_user_groups", "evaluation_user_user_permissions", "portal_cache"}
    assert sorted(User.objects.values_list("uid", "email")) == people
    assert Page.objects.values_list("pk", "content_type__model", "numchild").get(depth__gt=1) == (home.pk, "page", 0)
    assert not Revision.objects.exists()
    assert Locale.objects.count() == 1
    call_command("migrate", verbosity=0)
    assert set(connection.introspection.table_names()) == tables
    assert present_triggers(connection) == trigger_names(connection.vendor)
    assert HomePage.objects.values_list("pk", "title").get() == (home.pk, home.title)
    assert Locale.objects.count() == 6
    assert not Evaluation.objects.exists()
    Stage.minimal("published")
    assert Evaluation.objects.get().state == "published"


@pytest.mark.django_db
def test_a_migration_of_many_tables_builds_only_the_classes_of_these(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a `CreateModel` for each table, an empty database takes half as long again."""
    loader = MigrationLoader(None)
    built: list[str] = []
    render = ModelState.render

    def count(model: ModelState, apps: object) -> object:
        built.append(model.name_lower)
        return render(model, apps)

    monkeypatch.setattr(ModelState, "render", count)
    counted = set()
    for key, migration in loader.graph.nodes.items():
        created = [operation for operation in migration.operations if isinstance(operation, CreateModels)]
        if key[0] in OURS and created:
            state = loader.project_state(key, at_end=False)
            assert state.apps is not None  # as when it is migrated
            built.clear()
            after = migration.mutate_state(state, preserve=False)
            assert "apps" in vars(after)
            assert sorted(built) == sorted(model.name_lower for operation in created for model in operation.models)
            counted.add(key[0])
    assert counted == set(OURS)


@pytest.mark.django_db
@pytest.mark.parametrize("app", OURS)
def test_the_classes_of_a_state_are_related_as_if_they_were_all_built_anew(app: str) -> None:
    """Also in a copy of the state, whose classes look for their relations in the original."""
    loader = MigrationLoader(None)
    (leaf,) = loader.graph.leaf_nodes(app)
    migration = loader.graph.nodes[leaf]
    state = loader.project_state(leaf, at_end=False)
    assert state.apps is not None
    in_copy = relations_of(migration.mutate_state(state).apps)
    extended = migration.mutate_state(state, preserve=False)
    anew = relations_of(StateApps([], extended.models))
    assert relations_of(extended.apps) == anew
    assert in_copy == anew


def relations_of(apps: StateApps) -> dict[str, set[tuple[str, str]]]:
    """Return the relations to each model, as its class sees them: the model and the name of the field."""
    return {
        model._meta.label: {
            (found.related_model._meta.label, found.field.name) for found in model._meta.related_objects
        }
        for model in apps.get_models(include_auto_created=True)
    }


@pytest.mark.django_db(transaction=True)
def test_a_database_of_another_history_is_refused_with_what_to_do() -> None:
    MigrationRecorder(connection).record_unapplied("standards", "0002_guide")
    with pytest.raises(CommandError, match=r"(?s)other migrations than those of this version.*`rm -r var`"):
        call_command("migrate", verbosity=0, skip_checks=False)
