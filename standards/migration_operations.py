"""Operations of our migrations: create several models at once, and delete pages when a migration is reversed."""

from typing import Any

from django.db.migrations.operations import RunPython
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import CreateModel
from django.db.migrations.state import ProjectState, StateApps
from django.db.models import F


class CreateModels(Operation):
    """Does what each `CreateModel` does, and builds only the new model classes of the migration state.

    For each new model Django builds the classes of all related models again, transitively. Everything here is related to
    `User`, so that one table would cost as much as all models of the project. A class that only gains a reverse relation
    need not be built again: Django's own application registry adds it to the existing class, too.
    """

    serialization_expand_args = ["models"]

    def __init__(self, models: list[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        apps: StateApps | None = state.__dict__.pop("apps", None)  # a cached property, built when it is next accessed
        for model in self.models:
            model.state_forwards(app_label, state)
        if apps and _is_of_its_models(apps):
            apps.render_multiple([state.models[app_label, model.name_lower] for model in self.models])
            state.__dict__["apps"] = apps

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create models {', '.join(model.name for model in self.models)}"


def _is_of_its_models(apps: StateApps) -> bool:
    """Return whether the classes look for their relations in this registry: those of a cloned one look in the original."""
    return all(model._meta.apps is apps for model in apps.get_models(include_auto_created=True))


def delete_pages_on_reverse(app_label: str, *names: str) -> RunPython:
    """Return the operation that deletes all pages of these models when it is reversed, before their tables go.

    Only the tables would go with the models: the tree would keep a half of each page that nobody can open or delete.
    """

    def delete(apps: Any, editor: Any) -> None:
        tree = apps.get_model("wagtailcore", "Page").objects
        for name in names:
            pages = apps.get_model(app_label, name).objects
            for path in pages.values_list("path", flat=True):
                tree.filter(path=path[:-4]).update(numchild=F("numchild") - 1)
            pages.all().delete()
        models = [name.lower() for name in names]
        apps.get_model("wagtailcore", "Revision").objects.filter(content_type__model__in=models).delete()
        editor.connection.check_constraints()  # PostgreSQL drops no table with checks that are still to come

    return RunPython(RunPython.noop, delete)
