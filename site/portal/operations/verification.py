"""Verifies an installation: step log, frozen rows, released editions, triggers, and the file that each row names."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import FileField, Model, QuerySet

from evaluation.models import Evaluation, Figure, StatisticsImport, Step
from evaluation.models.figures.statistics import FIGURE, digest_of_figures
from evaluation.models.states import Stateful
from evaluation.workflow import MACHINES, verify_chain
from portal.operations.log_seal import ROW, Chain, SealFile, compare_chain
from portal.operations.models import CalendarRun
from portal.operations.released_texts import EDITION, ONLY, WORDING, compare_text, read_released_texts
from reports.models import Issue
from standards import frozen
from standards.models import SealedRow


def find_problems() -> Iterator[str]:
    """Yield every problem as a sentence."""
    for problem in verify_log(SealFile((), ())).problems:
        yield f"What was recorded is not as it was written: {problem}"
    for name in sorted(frozen.trigger_names(connection.vendor) - frozen.present_triggers(connection)):
        yield f"The trigger {name} is missing, disabled or emptied. `manage.py migrate` puts it back."
    yield from missing_files()


@dataclass(frozen=True, slots=True)
class VerifiedLog:
    """The result: a sentence for each problem, with codes and numbers only, and the number of steps and rows read."""

    problems: tuple[str, ...]
    steps: int
    chains: int
    rows: int
    seals: int


def verify_log(seal: SealFile, *, sealed_until: datetime | None = None) -> VerifiedLog:
    """Verify every chain, every row under the seal and every released text by itself and against the seal.

    The seal must contain each step and each release before `sealed_until`.
    """
    problems, unsealed = list(seal.problems), 0
    sealed, seen, count = seal.sealed, 0, 0
    targets: dict[Chain, str] = {}
    steps = Step.objects.select_related("words__by").order_by("kind", "uid", "seq", "pk").iterator(chunk_size=2000)
    for (kind, uid), found in groupby(steps, key=lambda step: (step.kind, str(step.uid))):
        chain = list(found)
        seen, count = seen + 1, count + len(chain)
        problems += verify_chain(chain)
        targets[kind, uid] = chain[-1].target
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
    lines = CalendarRun.objects.values_list("seal_lines", flat=True).first() if sealed_until else None
    if lines and 0 < len(seal.lines) < lines and not seal.problems:
        problems.append(
            f"The seal file has {len(seal.lines)} lines, and had {lines} after the last run of `keep_dates`. Its end was cut off."
        )
    for text in read_released_texts():
        problems += compare_text(text, sealed.pop((text.kind, text.name), {}), sealed_until if seal.lines else None)
    problems += _find_wrong_states(targets)
    problems += _find_wrong_figures()
    problems += _find_wrong_reports()
    differences = list(frozen.find_differences(connection))
    rows = SealedRow.objects.order_by("table_name", "row_id").values_list("table_name", "row_id", "sha256")
    read = 0
    for table, row_id, sha256 in rows.iterator(chunk_size=2000):
        read += 1
        known = sealed.pop((ROW, f"{table}/{row_id}"), {})
        if known and known.get(ONLY) != sha256:
            differences.append(frozen.Difference(table, row_id, REPLACED))
    for (kind, name), known in sealed.items():
        if kind == ROW:
            table, _, key = name.rpartition("/")
            differences.append(frozen.Difference(table, int(key) if key.isdecimal() else 0, LOST))
        elif kind in (EDITION, WORDING):
            problems.append(f"{kind} {name}: it is gone, and the seal has it.")
        else:
            problems += compare_chain((kind, name), {}, known)
    problems += describe_differences(differences)
    return VerifiedLog(tuple(problems), count, seen, read, len(seal.lines))


REPLACED = "its digest is not the one that was sealed. It was changed or replaced after it was sealed."
LOST = "its digest is gone, and the seal has it."


def _find_wrong_states(targets: Mapping[Chain, str]) -> Iterator[str]:
    """Yield the objects whose state is not the one to which their last step led. One query for each machine."""
    for machine in MACHINES:
        things: QuerySet[Any] = machine._base_manager.order_by("pk")
        for uid, state in things.values_list("uid", "state").iterator(chunk_size=2000):
            if state != (led := targets.get((machine.kind, str(uid)), state)):
                yield f"{machine.kind} {uid}: its state is {state}, and its last step led to {led}."


def _find_wrong_figures() -> Iterator[str]:
    """Yield the imports whose figures are not those that were confirmed. Two queries."""
    rows = Figure.objects.order_by("statistics_id").values_list("statistics_id", *FIGURE).iterator(chunk_size=2000)
    actual = {key: digest_of_figures(row[1:] for row in found) for key, found in groupby(rows, lambda row: row[0])}
    nothing = digest_of_figures(())
    for key, uid, sha256 in StatisticsImport.objects.order_by("pk").values_list("pk", "uid", "figures_sha256"):
        if (sha256 or nothing) != actual.get(key, nothing):
            yield f"{StatisticsImport.kind} {uid}: its figures are not those that were confirmed."


def _find_wrong_reports() -> Iterator[str]:
    """Yield the printed reports whose file is another one. A missing or unreadable file is no problem of this kind."""
    for issue in Issue.objects.order_by("pk").only("uid", "pdf", "pdf_sha256"):
        try:
            with issue.pdf.open("rb") as file:
                actual = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            continue
        if actual != issue.pdf_sha256:
            yield f"report {issue.uid}: its file is not the one that was printed."


def describe_differences(differences: Collection[frozen.Difference]) -> Iterator[str]:
    """Yield a sentence for each difference, with the object to which the row belongs. One query for each table."""
    models = {model._meta.db_table: model for model in _stored_models()}
    by_table: dict[str, list[frozen.Difference]] = defaultdict(list)
    for difference in differences:
        by_table[difference.table].append(difference)
    for table, found in by_table.items():
        model = models.get(table)
        name = model._meta.verbose_name if model else table
        owners = _owners(model, [one.row_id for one in found]) if model else {}
        for one in found:
            of = f" of {owners[one.row_id]}" if one.row_id in owners else ""
            yield f"{name} {one.row_id}{of}: {one.happened}"


def _owners(model: type[Model], keys: list[int]) -> dict[int, str]:
    """Return the kind and the uid of the object to which each row belongs, where there is one."""
    rows = model._base_manager.filter(pk__in=keys)
    if path := _path_to_object(model):
        names, machine = path
        return {key: f"{machine.kind} {uid}" for key, uid in rows.values_list("pk", "__".join((*names, "uid")))}
    if any(field.name == "evaluation_id" for field in model._meta.concrete_fields):  # a history has no foreign keys
        of = dict(rows.values_list("pk", "evaluation_id"))
        uids = dict(Evaluation.objects.filter(pk__in=of.values()).values_list("pk", "uid"))
        return {key: f"{Evaluation.kind} {uids[one]}" for key, one in of.items() if one in uids}
    return {}


def _path_to_object(model: type[Model]) -> tuple[tuple[str, ...], type[Stateful]] | None:
    """Return the shortest path of foreign keys from a row to an object with a state: its names, and the machine."""
    waiting: list[tuple[tuple[str, ...], type[Model]]] = [((), model)]
    seen: set[type[Model]] = set()
    for names, at in waiting:  # grows meanwhile
        if issubclass(at, Stateful):
            return names, at
        for field in at._meta.concrete_fields:
            to = field.related_model
            if to is not None and to not in seen and not field.null:
                seen.add(to)
                waiting.append(((*names, field.name), to))
    return None


def missing_files() -> Iterator[str]:
    """Yield files that a row names and that do not exist.

    Files of temporary rows are skipped. They are deleted daily, so that a backup may contain the row and not the file;
    the code that reads them handles a missing file.
    """
    for model, field in file_fields():
        if getattr(model, "is_temporary", False):
            continue
        for name in names_in(model, field):
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
        yield from names_in(model, field)


def names_in(model: type[Model], field: FileField) -> Iterator[str]:
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
