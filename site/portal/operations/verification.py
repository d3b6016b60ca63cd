"""Verifies an installation: step log, released editions, triggers, and the file of every row that names one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.apps import apps
from django.db import connection
from django.db.models import FileField, Model

from evaluation.models import Step
from evaluation.workflow import verify_chain
from portal.operations.log_seal import SealFile, compare_chain
from portal.operations.released_texts import EDITION, WORDING, compare_text, read_released_texts
from standards import frozen


def find_problems() -> Iterator[str]:
    """Yield every problem as a sentence."""
    for problem in verify_log(SealFile((), ())).problems:
        yield f"What was recorded is not as it was written: {problem}"
    for name in sorted(frozen.trigger_names(connection.vendor) - frozen.present_triggers(connection)):
        yield f"The trigger {name} is missing, disabled or emptied. `manage.py migrate` puts it back."
    yield from missing_files()


@dataclass(frozen=True, slots=True)
class VerifiedLog:
    """The result: a sentence for each problem, with codes and numbers only, and the number of steps read."""

    problems: tuple[str, ...]
    steps: int
    chains: int
    seals: int


def verify_log(seal: SealFile, *, sealed_until: datetime | None = None) -> VerifiedLog:
    """Verify every chain and every released text by itself and against the seal.

    The seal must contain each step and each release before `sealed_until`.
    """
    problems, unsealed = list(seal.problems), 0
    sealed, seen, count = seal.sealed, 0, 0
    steps = Step.objects.select_related("words__by").order_by("kind", "uid", "seq", "pk").iterator(chunk_size=2000)
    for (kind, uid), found in groupby(steps, key=lambda step: (step.kind, str(step.uid))):
        chain = list(found)
        seen, count = seen + 1, count + len(chain)
        problems += verify_chain(chain)
        known = sealed.pop((kind, uid), {})
        if known:
            problems += compare_chain((kind, uid), {step.seq: step.digest for step in chain}, known)
        late = [
            step.seq for step in chain if sealed_until and step.at < sealed_until and step.seq > max(known, default=0)
        ]
        unsealed += bool(late)
        if late and seal.lines:
            problems.append(
                f"{kind} {uid}: the seal file lacks step {max(late)}, which is older than the last run of `keep_dates`. "
                "The file was cut, or the step was inserted."
            )
    if unsealed and not seal.lines:
        problems.append(
            f"The seal file is missing or empty: {unsealed} of its chains moved before the last run of `keep_dates`, which seals "
            "them. Verify against a copy with --file."
        )
    for text in read_released_texts():
        problems += compare_text(text, sealed.pop((text.kind, text.name), {}), sealed_until if seal.lines else None)
    for (kind, name), known in sealed.items():
        if kind in (EDITION, WORDING):
            problems.append(f"{kind} {name}: it is gone, and the seal has it.")
        else:
            problems += compare_chain((kind, name), {}, known)
    return VerifiedLog(tuple(problems), count, seen, len(seal.lines))


def missing_files() -> Iterator[str]:
    """Yield files that a row names and that do not exist.

    Files of temporary rows are skipped. They are deleted daily, so that a backup may contain the row and not the file;
    the code that reads them handles a missing file.
    """
    for model, field in file_fields():
        if getattr(model, "is_temporary", False):
            continue
        for name in _names_in(model, field):
            if not field.storage.exists(name):
                yield f"{model._meta.label} names the file {name}, which is not there."


def file_fields() -> Iterator[tuple[type[Model], FileField]]:
    """Yield every field that names a stored file, with its model."""
    for model in _stored_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                yield model, field


def stored_names() -> Iterator[str]:
    """Yield the name of every stored file of a row."""
    for model, field in file_fields():
        yield from _names_in(model, field)


def _names_in(model: type[Model], field: FileField) -> Iterator[str]:
    names = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
    yield from names.iterator(chunk_size=2000)


def tables() -> list[str]:
    """Return the tables of every model."""
    return [model._meta.db_table for model in _stored_models()]


def count_rows() -> dict[str, int]:
    """Return the number of rows of each table."""
    return {model._meta.db_table: model._base_manager.count() for model in _stored_models()}


def _stored_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
