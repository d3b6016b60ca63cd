"""Save answers, observations and findings: one conditional UPDATE per save, so that no newer text is overwritten.

Also reads them as of an earlier moment, and restores them to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet, TextChoices
from django.utils import timezone

from evaluation.models import (
    Answer,
    AnswerVersion,
    Evaluation,
    Finding,
    FindingVersion,
    Observation,
    ObservationVersion,
    TeamMember,
    User,
    Visit,
)
from standards.framework import Framework, Measure
from standards.framework.figures import MOST_PERCENT
from standards.framework.units import PERCENT

Judged = TypeVar("Judged", Answer, Finding)
Version = TypeVar("Version", AnswerVersion, FindingVersion)


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """The submitted values for one indicator. The defaults clear the answer."""

    level: int | None = None
    value: Decimal | None = None
    not_applicable: bool = False
    words: str = ""
    good_practice: bool = False
    not_seen: bool = False
    """Only for a finding, an observation or a reply: it could not be looked at, and `words` give the reason."""
    strength: str = ""
    concern: str = ""
    """Only for an observation."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The text is saved as `version`."""

    version: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another save came first: `theirs` is the current row; nothing was written."""

    theirs: Any


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing was written: the state does not allow a change of this text, or only other answers were sent back."""


class InvalidAnswer(ValueError):
    """The values are not valid for the indicator.

    `code` is one of `no_such_level`, `not_a_number`, `more_than_100_percent`, `exception_not_allowed`, `from_figures`
    where figures fill the value, and for entered text `ambiguous_number` and `too_many_decimals`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_VALUE = Answer._meta.get_field("value")
KEPT_DECIMALS: int = _VALUE.decimal_places
MOST_VALUE = Decimal(10) ** (_VALUE.max_digits - KEPT_DECIMALS)
"""The upper bound, exclusive, of entered numbers."""


def validate_answer(framework: Framework, code: str, submitted: AnswerInput) -> None:
    """Raise InvalidAnswer unless the values are valid for the indicator."""
    indicator = framework.indicators[code]
    if submitted.not_seen and (submitted.level is not None or submitted.value is not None or submitted.not_applicable):
        raise InvalidAnswer("no_such_level")
    if submitted.not_applicable and not indicator.not_applicable:
        raise InvalidAnswer("exception_not_allowed")
    if indicator.measure is Measure.NUMERIC:
        if submitted.level is not None or not (submitted.value is None or _is_storable(submitted.value)):
            raise InvalidAnswer("not_a_number")
        if indicator.unit == PERCENT and submitted.value is not None and submitted.value > MOST_PERCENT:
            raise InvalidAnswer("more_than_100_percent")
    elif submitted.value is not None:
        raise InvalidAnswer("no_such_level")
    if submitted.level is not None and submitted.level not in indicator.answer_levels(framework.scale):
        raise InvalidAnswer("no_such_level")


def _is_storable(value: Decimal) -> bool:
    """Whether `value` is a number of at least 0 that the database column stores exactly."""
    return value.is_finite() and 0 <= value < MOST_VALUE and value == round(value, KEPT_DECIMALS)


_JUDGED = ("level", "value", "not_applicable", "words")


_IN_STATE = f"SELECT id FROM {Evaluation._meta.db_table} WHERE id = %(evaluation)s AND state = %(state)s"


@dataclass(frozen=True, slots=True)
class VersionedTable:
    """A table of versioned texts, its history table, and the state in which its rows can be written."""

    model: type[Model]
    history: type[Model]
    state: TextChoices
    fields: tuple[str, ...] = _JUDGED
    gate: str = _IN_STATE
    """SQL that selects the row which must be in the state; no row blocks the save. `%(evaluation)s` is its key."""
    unset: tuple[str, ...] = ()
    """Columns that must be NULL in the row that is written."""


_ANSWERS = VersionedTable(
    Answer,
    AnswerVersion,
    Evaluation.State.SELF_ASSESSMENT,
    gate=f"{_IN_STATE} AND (fixed_codes IS NULL OR "
    "replace(CAST(fixed_codes AS text), '\"' || %(code)s || '\"', '') = CAST(fixed_codes AS text))",
)
"""`Evaluation.is_answer_open` as SQL. PostgreSQL reads the codes again from the locked row."""
_FINDINGS = VersionedTable(
    Finding,
    FindingVersion,
    Visit.State.FINDINGS_ENTERED,
    (*_JUDGED, "good_practice", "not_seen"),
    f"SELECT id FROM {Visit._meta.db_table} WHERE evaluation_id = %(evaluation)s AND state = %(state)s "
    f"AND NOT EXISTS (SELECT 1 FROM {Evaluation._meta.db_table} AS examined "
    f"WHERE examined.id = %(evaluation)s AND examined.state = '{Evaluation.State.EXCUSED}')",
)


_CHANGED_FINDINGS = replace(
    _FINDINGS,
    state=Visit.State.RESPONSE,
    gate=f"SELECT id FROM {Visit._meta.db_table} WHERE evaluation_id = %(evaluation)s AND state = %(state)s",
)


_OBSERVATIONS = VersionedTable(
    Observation,
    ObservationVersion,
    Visit.State.UNDER_WAY,
    ("level", "value", "not_applicable", "words", "good_practice", "not_seen", "strength", "concern"),
    f"SELECT id FROM {Visit._meta.db_table} WHERE id = %(visit_id)s AND state = %(state)s "
    f"AND EXISTS (SELECT 1 FROM {TeamMember._meta.db_table} AS seat "
    "WHERE seat.visit_id = %(visit_id)s AND seat.user_id = %(by_id)s AND seat.finished_at IS NULL) "
    f"AND NOT EXISTS (SELECT 1 FROM {Evaluation._meta.db_table} AS examined "
    f"WHERE examined.id = %(evaluation)s AND examined.state = '{Evaluation.State.EXCUSED}')",
)


def save_answer(
    evaluation: Evaluation, code: str, submitted: AnswerInput, *, version: int, by: User, save_uid: UUID | None = None
) -> Saved | Conflict | Closed:
    """Save the hotline's answer if `version` is current and the self-assessment is open. Raises InvalidAnswer."""
    if submitted.not_seen:
        raise InvalidAnswer("no_such_level")
    is_judged = submitted.level is not None or submitted.value is not None
    if is_judged and evaluation.framework.indicators[code].from_figures:
        raise InvalidAnswer("from_figures")
    return _validate_and_save(_ANSWERS, evaluation, code, submitted, version=version, by=by, save_uid=save_uid)


def save_finding(
    evaluation: Evaluation, code: str, submitted: AnswerInput, *, version: int, by: User, save_uid: UUID | None = None
) -> Saved | Conflict | Closed:
    """Save the team's finding if `version` is current and the visit is in the state "findings entered".

    Returns Closed for an indicator that a limited visit is not about. Raises InvalidAnswer.
    """
    if not _is_about(evaluation, code):
        return Closed()
    return _validate_and_save(_FINDINGS, evaluation, code, submitted, version=version, by=by, save_uid=save_uid)


def change_finding(finding: Finding, submitted: AnswerInput, *, by: User) -> None:
    """Change a contested finding to the values of the assessors' reply.

    Called in the transaction of the move that hands the replies over, which has locked the visit.
    """
    key = {"evaluation_id": finding.evaluation_id, "code": finding.code}
    saved = save_row(
        _CHANGED_FINDINGS, key, finding.evaluation, submitted, version=finding.version, by=by, save_uid=None
    )
    assert isinstance(saved, Saved), "a contested finding is changed under the lock of its visit"


def save_observation(
    evaluation: Evaluation, code: str, submitted: AnswerInput, *, version: int, by: User, save_uid: UUID | None = None
) -> Saved | Conflict | Closed:
    """Save the observation of `by` if `version` is current and `by` still records. Raises InvalidAnswer."""
    validate_answer(evaluation.framework, code, submitted)
    visit = evaluation.arranged_visit
    if visit is None or not _is_about(evaluation, code):
        return Closed()
    key = {"visit_id": visit.pk, "by_id": by.pk, "code": code}
    is_open = Visit.objects.filter(pk=visit.pk, state=Visit.State.UNDER_WAY, team__user=by, team__finished_at=None)
    if version == 0 and is_open.exists():
        Observation.objects.bulk_create([Observation(**key)], ignore_conflicts=True)
    return save_row(_OBSERVATIONS, key, evaluation, submitted, version=version, by=by, save_uid=save_uid)


def _is_about(evaluation: Evaluation, code: str) -> bool:
    """Whether the visit is about an indicator. Its limits are set before it begins."""
    visit = evaluation.arranged_visit
    return visit is None or visit.is_about(code)


def own_observation(evaluation: Evaluation, code: str, by: User) -> QuerySet[Observation]:
    """Return the observation of `by` on an indicator."""
    return Observation.objects.filter(visit__evaluation=evaluation, by=by, code=code)


def own_observation_versions(evaluation: Evaluation, code: str, by: User) -> QuerySet[ObservationVersion]:
    """Return every version of the observation of `by` on an indicator."""
    visit = Visit.objects.filter(evaluation=evaluation).values("pk")
    return ObservationVersion.objects.filter(visit_id__in=visit, by_id=by.pk, code=code)


def _validate_and_save(
    table_info: VersionedTable,
    evaluation: Evaluation,
    code: str,
    submitted: AnswerInput,
    *,
    version: int,
    by: User,
    save_uid: UUID | None,
) -> Saved | Conflict | Closed:
    validate_answer(evaluation.framework, code, submitted)
    key = {"evaluation_id": evaluation.pk, "code": code}
    return save_row(table_info, key, evaluation, submitted, version=version, by=by, save_uid=save_uid)


def save_row(
    table_info: VersionedTable,
    key: dict[str, Any],
    evaluation: Evaluation,
    submitted: AnswerInput,
    *,
    version: int,
    by: User,
    save_uid: UUID | None,
) -> Saved | Conflict | Closed:
    """Write the row with the columns `key` if it still has `version` and the gate allows it. The row must exist."""
    values: dict[str, Any] = {
        **{name: getattr(submitted, name) for name in table_info.fields},
        "by_id": by.pk,
        "at": timezone.now(),
        "save_uid": save_uid.hex if save_uid and connection.vendor == "sqlite" else save_uid,
    }
    if values.get("value") is not None:
        values["value"] = str(submitted.value)
    gate = {"evaluation": evaluation.pk, "state": table_info.state.value}
    with connection.cursor() as cursor:
        cursor.execute(_update(table_info, key, values), values | key | gate | {"version": version})
        row = cursor.fetchone()
    if row:
        return Saved(row[0])
    return _result_of_failed_save(table_info, key, gate, save_uid)


def _update(table_info: VersionedTable, key: Iterable[str], values: Iterable[str]) -> str:
    """Return an UPDATE statement that also checks the version and the gate's state.

    On PostgreSQL it locks the gate's row, so that a concurrent submission either includes the answer or rejects it.
    """
    table = table_info.model._meta.db_table
    setting = ", ".join(f"{name} = %({name})s" for name in values)
    conditions = [f"{table}.{name} = %({name})s" for name in (*key, "version")]
    where = " AND ".join([*conditions, *(f"{table}.{name} IS NULL" for name in table_info.unset)])
    if connection.vendor == "postgresql":
        return (
            f"WITH gate AS ({table_info.gate} FOR NO KEY UPDATE) UPDATE {table} SET version = version + 1, {setting} "
            f"FROM gate WHERE {where} RETURNING version"
        )
    return (
        f"UPDATE {table} SET version = version + 1, {setting} WHERE {where} AND EXISTS ({table_info.gate}) "
        "RETURNING version"
    )


def _result_of_failed_save(
    table_info: VersionedTable, key: dict[str, Any], gate: dict[str, Any], save_uid: UUID | None
) -> Saved | Conflict | Closed:
    """Return Saved for a repeated save, Closed if the state does not allow it, else Conflict."""
    if save_uid:
        again = table_info.history._base_manager.filter(**key, save_uid=save_uid)
        if (saved_version := again.values_list("version", flat=True).first()) is not None:
            return Saved(saved_version)
    with connection.cursor() as cursor:
        cursor.execute(table_info.gate, gate | key)
        if cursor.fetchone() is None:
            return Closed()
    open_rows = table_info.model._base_manager.filter(**key, **dict.fromkeys(table_info.unset))
    current = open_rows.select_related("by").first()
    return Conflict(current) if current else Closed()


def create_blank_answers(evaluations: list[Evaluation], model: type[Judged]) -> None:
    """Create an empty row at version 0 for each indicator of each evaluation."""
    model.objects.bulk_create(
        [
            model(evaluation=evaluation, code=code)
            for evaluation in evaluations
            for code in evaluation.framework.indicators
        ],
        batch_size=500,
    )


# --- Reading and restoring earlier versions ---------------------------------------------------------------------------


def judgements_at(history: type[Version], evaluation: Evaluation, at: datetime) -> dict[str, Version]:
    """Return the versions that were current at `at`, by indicator code; rows without a version are left out. One query.

    A restored version has the time of the version that it restores, so it is also found for that time.
    """
    versions = history._default_manager.filter(evaluation_id=evaluation.pk, at__lte=at)
    return {version.code: version for version in versions.order_by("version")}


def restore_judgements(evaluation: Evaluation, *, at: datetime) -> None:
    """Restore the answers and findings of an evaluation to their state at `at`, each as a new version.

    Called in the transaction of a move that closes both for writing. Later versions stay in the history. A restored
    version has the author and the time of the one that it restores; a row that was blank becomes blank with the current
    time.
    """
    _restore(Answer, judgements_at(AnswerVersion, evaluation, at), _ANSWERS.fields, evaluation)
    _restore(Finding, judgements_at(FindingVersion, evaluation, at), _FINDINGS.fields, evaluation)


def _restore(model: Any, earlier: dict[str, Any], fields: tuple[str, ...], evaluation: Evaluation) -> None:
    for row in model.objects.filter(evaluation=evaluation, version__gt=0):
        was = earlier.get(row.code)
        if was is not None and was.version == row.version:
            continue
        source = was or model(at=timezone.now())
        values = {name: getattr(source, name) for name in (*fields, "by_id", "at")}
        model.objects.filter(pk=row.pk).update(version=row.version + 1, save_uid=None, **values)
