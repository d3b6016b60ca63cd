"""What an assessor records on a visit: saved for them alone, while they have not finished."""

from uuid import UUID

from django.db.models import QuerySet

from evaluation.assessment.judgements import (
    AnswerInput,
    Closed,
    Conflict,
    Saved,
    VersionedTable,
    save_row,
    validate_answer,
)
from evaluation.models import Evaluation, Observation, ObservationVersion, TeamMember, User, Visit

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


def save_observation(
    evaluation: Evaluation, code: str, submitted: AnswerInput, *, version: int, by: User, save_uid: UUID | None = None
) -> Saved | Conflict | Closed:
    """Save what `by` saw if `version` is current and they still record. Raises InvalidAnswer."""
    validate_answer(evaluation.framework, code, submitted)
    visit = evaluation.arranged_visit
    if visit is None:
        return Closed()
    key = {"visit_id": visit.pk, "by_id": by.pk, "code": code}
    is_open = Visit.objects.filter(pk=visit.pk, state=Visit.State.UNDER_WAY, team__user=by, team__finished_at=None)
    if version == 0 and is_open.exists():
        Observation.objects.bulk_create([Observation(**key)], ignore_conflicts=True)
    return save_row(_OBSERVATIONS, key, evaluation, submitted, version=version, by=by, save_uid=save_uid)


def own_observation(evaluation: Evaluation, code: str, by: User) -> QuerySet[Observation]:
    """Return what `by` recorded of an indicator."""
    return Observation.objects.filter(visit__evaluation=evaluation, by=by, code=code)


def own_observation_versions(evaluation: Evaluation, code: str, by: User) -> QuerySet[ObservationVersion]:
    """Return every version of that."""
    visit = Visit.objects.filter(evaluation=evaluation).values("pk")
    return ObservationVersion.objects.filter(visit_id__in=visit, by_id=by.pk, code=code)
