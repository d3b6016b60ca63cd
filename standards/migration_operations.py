"""Operations of our migrations: create several models at once, and delete pages when a migration is reversed."""

from typing import Any

from django.db.migrations.operations import RunPython
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import CreateModel
from django.db.migrations.state import ProjectState, StateApps
from django.db.models import F


class CreateModels(Operation):
    """The operation that runs several `CreateModel`, and builds only the new model classes of the migration state.

    For each new model, Django rebuilds the classes of all related models, transitively. As every model here is related
    to `User`, each new table would rebuild all classes of the project. A class that only gains a reverse relation need
    not be rebuilt, as Django's app registry adds the relation to the existing class.
    """

    serialization_expand_args = ["models"]

    def __init__(self, models: list[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        apps: StateApps | None = state.__dict__.pop("apps", None)  # a cached property, built on the next access
        for model in self.models:
            model.state_forwards(app_label, state)
        if apps is not None and _is_original(apps):
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


def _is_original(apps: StateApps) -> bool:
    """Whether the registry of the classes is this one. Those of a cloned registry refer to the original one."""
    return all(model._meta.apps is apps for model in apps.get_models(include_auto_created=True))


class RunPythonOnReverse(RunPython):
    """A `RunPython` that does nothing forwards: Django would build the model classes of the state even for its noop."""

    def __init__(self, reverse_code: Any) -> None:
        super().__init__(RunPython.noop, reverse_code)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        pass


def delete_pages_on_reverse(app_label: str, *names: str) -> RunPython:
    """Return an operation that deletes all pages of these models when it is reversed, before their tables are dropped.

    Reversing `CreateModel` drops only the tables of the models. Their rows in Wagtail's page tree would remain, and
    nobody could open or delete them.
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
        editor.connection.check_constraints()  # PostgreSQL drops no table with pending constraint checks

    return RunPythonOnReverse(delete)
