"""Whether an installation is whole: its step log, its triggers, and the file behind every row that names one."""

from collections.abc import Iterator
from itertools import groupby

from django.apps import apps
from django.db import connection
from django.db.models import FileField, Model

from evaluation.models import Step
from evaluation.workflow import verify_chain
from standards import frozen


def find_faults() -> Iterator[str]:
    """Everything that is wrong, a sentence each."""
    yield from _broken_chains()
    for name in sorted(frozen.trigger_names(connection.vendor) - frozen.present_triggers(connection)):
        yield f"The trigger {name} is missing, disabled or emptied. `manage.py migrate` puts it back."
    yield from missing_files()


def _broken_chains() -> Iterator[str]:
    steps = Step.objects.select_related("words").order_by("kind", "uid", "seq").iterator(chunk_size=2000)
    for _thing, chain in groupby(steps, key=lambda step: (step.kind, step.uid)):
        for problem in verify_chain(chain):
            yield f"The step log is not as it was written: {problem}."


def missing_files() -> Iterator[str]:
    """Files that a row names and that are not where they should be."""
    for model, field in file_fields():
        for name in _names_in(model, field):
            if not field.storage.exists(name):
                yield f"{model._meta.label} names the file {name}, which is not there."


def file_fields() -> Iterator[tuple[type[Model], FileField]]:
    """Every field that names a stored file, with its model."""
    for model in _stored_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                yield model, field


def stored_names() -> Iterator[str]:
    """The name of every stored file that a row names."""
    for model, field in file_fields():
        yield from _names_in(model, field)


def _names_in(model: type[Model], field: FileField) -> Iterator[str]:
    names = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
    yield from names.iterator(chunk_size=2000)


def tables() -> list[str]:
    """The tables of every model."""
    return [model._meta.db_table for model in _stored_models()]


def count_rows() -> dict[str, int]:
    """The number of rows of each of them."""
    return {model._meta.db_table: model._base_manager.count() for model in _stored_models()}


def _stored_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
