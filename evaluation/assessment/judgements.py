"""Keeping what people write: one conditional statement a save, so that nothing is overwritten or slips in late."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from evaluation.models import Answer, AnswerVersion, Evaluation, Finding, FindingVersion, User, Visit
from standards.framework import Framework, Measure
from standards.framework.figures import MOST_PERCENT
from standards.framework.units import PERCENT


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of one indicator. Nothing set, without words, takes back what was said."""

    level: int | None = None
    value: Decimal | None = None
    not_applicable: bool = False
    words: str = ""
    good_practice: bool = False
    not_seen: bool = False
    """Of a finding: it could not be looked at, and the words say why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """It is saved, as this version."""

    version: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody saved since `version` was read: `theirs` stands, and the sender still holds what was sent."""

    theirs: Any


@dataclass(frozen=True, slots=True)
class Shut:
    """The thing it belongs to has moved on; nothing can be changed there now."""


class Unfit(ValueError):
    """It does not fit the indicator.

    `code` says why: `no_such_level`, `not_a_number`, `more_than_100_percent`, `exception_not_allowed`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check(framework: Framework, code: str, said: Said) -> None:
    """Raise Unfit unless the indicator can be answered so."""
    indicator = framework.indicators[code]
    if said.not_seen and (said.level is not None or said.value is not None or said.not_applicable):
        raise Unfit("no_such_level")
    if said.not_applicable and not indicator.not_applicable:
        raise Unfit("exception_not_allowed")
    if indicator.measure is Measure.NUMERIC:
        if said.level is not None or not (said.value is None or _can_be_kept(said.value)):
            raise Unfit("not_a_number")
        if indicator.unit == PERCENT and said.value is not None and said.value > MOST_PERCENT:
            raise Unfit("more_than_100_percent")
    elif said.value is not None:
        raise Unfit("no_such_level")
    allowed = framework.scale.levels
    if indicator.measure is Measure.YES_NO:
        allowed = (framework.scale.lowest, framework.scale.highest)
    if said.level is not None and said.level not in allowed:
        raise Unfit("no_such_level")


def _can_be_kept(value: Decimal) -> bool:
    """A number from 0 up that the column holds exactly: what counts is what was typed."""
    return value.is_finite() and 0 <= value < 10**12 and value == round(value, 4)


_JUDGED = ("level", "value", "not_applicable", "words")


@dataclass(frozen=True, slots=True)
class Ledger:
    """The table of a kind of text, its history, and the state of which thing lets it be written."""

    model: type[Model]
    history: type[Model]
    state: str
    fields: tuple[str, ...] = _JUDGED
    gate: str = f"SELECT id FROM {Evaluation._meta.db_table} WHERE id = %(evaluation)s AND state = %(state)s"
    """The row that must be in the state, as SQL that finds it by the evaluation's key."""
    unset: tuple[str, ...] = ()
    """Columns that must be empty in the row that is written."""


_ANSWERS = Ledger(Answer, AnswerVersion, Evaluation.State.SELF_ASSESSMENT)
_FINDINGS = Ledger(
    Finding,
    FindingVersion,
    Visit.State.UNDER_WAY,
    (*_JUDGED, "good_practice", "not_seen"),
    f"SELECT id FROM {Visit._meta.db_table} WHERE evaluation_id = %(evaluation)s AND state = %(state)s "
    f"AND NOT EXISTS (SELECT 1 FROM {Evaluation._meta.db_table} AS examined "
    f"WHERE examined.id = %(evaluation)s AND examined.state = '{Evaluation.State.EXCUSED}')",
)


def keep_answer(
    evaluation: Evaluation, code: str, said: Said, *, version: int, by: User, save_uid: UUID | None = None
) -> Kept | Clash | Shut:
    """Keep the hotline's answer if nobody saved since `version` and the self-assessment is open."""
    if said.not_seen:
        raise Unfit("no_such_level")
    return _keep(_ANSWERS, evaluation, code, said, version=version, by=by, save_uid=save_uid)


def keep_finding(
    evaluation: Evaluation, code: str, said: Said, *, version: int, by: User, save_uid: UUID | None = None
) -> Kept | Clash | Shut:
    """Keep an assessor's finding if nobody saved since `version` and the visit is under way."""
    return _keep(_FINDINGS, evaluation, code, said, version=version, by=by, save_uid=save_uid)


def _keep(
    ledger: Ledger, evaluation: Evaluation, code: str, said: Said, *, version: int, by: User, save_uid: UUID | None
) -> Kept | Clash | Shut:
    check(evaluation.framework, code, said)
    key = {"evaluation_id": evaluation.pk, "code": code}
    return save_row(ledger, key, evaluation, said, version=version, by=by, save_uid=save_uid)


def save_row(
    ledger: Ledger,
    key: dict[str, Any],
    evaluation: Evaluation,
    said: Said,
    *,
    version: int,
    by: User,
    save_uid: UUID | None,
) -> Kept | Clash | Shut:
    """Write the row that `key` names, by column, if it still has `version` and may be written; the row exists."""
    values: dict[str, Any] = {
        **{name: getattr(said, name) for name in ledger.fields},
        "by_id": by.pk,
        "at": timezone.now(),
        "save_uid": save_uid.hex if save_uid and connection.vendor == "sqlite" else save_uid,
    }
    if values.get("value") is not None:
        values["value"] = str(said.value)
    gate = {"evaluation": evaluation.pk, "state": ledger.state.value}
    with connection.cursor() as cursor:
        cursor.execute(_update(ledger, key, values), values | key | gate | {"version": version})
        row = cursor.fetchone()
    if row:
        return Kept(row[0])
    return _why_not(ledger, key, gate, save_uid)


def _update(ledger: Ledger, key: Iterable[str], values: Iterable[str]) -> str:
    """One statement: the version must be the one read, and the gate must be open while it is written.

    PostgreSQL locks the gate's row with it, so that a submit in flight either sees the answer or shuts it out.
    """
    table = ledger.model._meta.db_table
    setting = ", ".join(f"{name} = %({name})s" for name in values)
    conditions = [f"{table}.{name} = %({name})s" for name in (*key, "version")]
    where = " AND ".join([*conditions, *(f"{table}.{name} IS NULL" for name in ledger.unset)])
    if connection.vendor == "postgresql":
        return (
            f"WITH gate AS ({ledger.gate} FOR NO KEY UPDATE) UPDATE {table} SET version = version + 1, {setting} "
            f"FROM gate WHERE {where} RETURNING version"
        )
    return (
        f"UPDATE {table} SET version = version + 1, {setting} WHERE {where} AND EXISTS ({ledger.gate}) "
        "RETURNING version"
    )


def _why_not(ledger: Ledger, key: dict[str, Any], gate: dict[str, Any], save_uid: UUID | None) -> Kept | Clash | Shut:
    """The same save sent twice is kept once; else the gate is shut, or somebody was quicker."""
    if save_uid:
        again = ledger.history._base_manager.filter(**key, save_uid=save_uid)
        if (kept := again.values_list("version", flat=True).first()) is not None:
            return Kept(kept)
    with connection.cursor() as cursor:
        cursor.execute(ledger.gate, gate)
        if cursor.fetchone() is None:
            return Shut()
    open_rows = ledger.model._base_manager.filter(**key, **dict.fromkeys(ledger.unset))
    theirs = open_rows.select_related("by").first()
    return Clash(theirs) if theirs else Shut()


def lay_out(evaluations: list[Evaluation], model: type[Answer] | type[Finding]) -> None:
    """Lay out one empty row an indicator, at version 0, for each evaluation."""
    model.objects.bulk_create(
        [
            model(evaluation=evaluation, code=code)
            for evaluation in evaluations
            for code in evaluation.framework.indicators
        ],
        batch_size=500,
    )
