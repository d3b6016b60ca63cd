"""Changes by others in an evaluation since a user of its hotline last viewed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.utils import timezone

from evaluation.discussions.discussions import readable_by
from evaluation.models import AnswerVersion, DiscussionComment, Evaluation, LastLook, Step, User
from evaluation.queries import steps_of

STAY = timedelta(minutes=30)
"""The time between two views up to which they belong to one session, in which the same changes stay new."""
WRITTEN_EVERY = timedelta(minutes=5)
"""The minimum time between two writes in a session."""


def record_view(evaluation: Evaluation, user: User, now: datetime | None = None) -> datetime | None:
    """Store that a user views an evaluation. Return the time of their previous session; None in the first.

    One query, and a write every few minutes. Of two concurrent views, one is stored.
    """
    now = now or timezone.now()
    look = LastLook.objects.filter(evaluation=evaluation, user=user).first()
    if look is None:
        LastLook.objects.bulk_create([LastLook(evaluation=evaluation, user=user, at=now)], ignore_conflicts=True)
        return None
    since = look.at if now - look.at > STAY else look.since
    if now - look.at > WRITTEN_EVERY:
        LastLook.objects.filter(pk=look.pk, at=look.at).update(at=now, since=since)
    return since


@dataclass(frozen=True, slots=True)
class Change:
    """The changes of one kind by one user on indicators: `answers`, `evidence`, `comments` or `assigned`."""

    kind: str
    by: User | None
    """None if the user is no longer known."""
    codes: tuple[str, ...]
    count: int
    at: datetime
    """The time of the last change."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes since a time: those by users, and the steps, each newest first."""

    since: datetime
    by_person: tuple[Change, ...] = ()
    steps: tuple[Step, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.by_person or self.steps)


def find_changes(evaluation: Evaluation, user: User, since: datetime, steps: Iterable[Step]) -> Changes:
    """Return the changes by others since a time; `steps` has the steps of the evaluation. A constant number of queries.

    These are versions of answers, evidence that still exists, comments that the user may read, and assignments to the
    user. The steps include moves of the round's deadline.
    """
    rows = [
        *_answers(evaluation, user, since),
        *_evidence(evaluation, user, since),
        *_comments(evaluation, user, since),
        *_assigned(evaluation, user, since),
    ]
    moved = [step for step in steps_of(evaluation.round) if step.move == "move_deadline"]
    new = [step for step in (*steps, *moved) if step.at > since and not _is_by(step, user)]
    return Changes(
        since=since,
        by_person=_by_person(evaluation, rows),
        steps=tuple(sorted(new, key=lambda step: step.at, reverse=True)),
    )


Row = tuple[str, int | None, str, int, datetime]
"""The kind, the key of the user, the indicator code, the number, and the time of the last change."""


def _answers(evaluation: Evaluation, user: User, since: datetime) -> Iterable[Row]:
    changed = evaluation.answers.filter(at__gt=since).values("code")  # limits the history that is read
    versions = AnswerVersion.objects.filter(evaluation_id=evaluation.pk, code__in=changed, version__gt=0, at__gt=since)
    found = versions.exclude(by_id=user.pk).values_list("by_id", "code").annotate(last=Max("at"))
    return (("answers", by, code, 1, at) for by, code, at in found.order_by())


def _evidence(evaluation: Evaluation, user: User, since: datetime) -> Iterable[Row]:
    links = evaluation.evidence.filter(added_at__gt=since).exclude(added_by=user)
    found = links.values_list("added_by", "code").annotate(count=Count("pk"), last=Max("added_at"))
    return (("evidence", *row) for row in found.order_by())


def _comments(evaluation: Evaluation, user: User, since: datetime) -> Iterable[Row]:
    comments = DiscussionComment.objects.filter(
        discussion__evaluation=evaluation,
        discussion__in=readable_by(user),
        written_at__gt=since,
        is_deleted=False,
    ).exclude(by=user)
    found = comments.values_list("by", "discussion__code").annotate(count=Count("pk"), last=Max("written_at"))
    return (("comments", *row) for row in found.order_by())


def _assigned(evaluation: Evaluation, user: User, since: datetime) -> Iterable[Row]:
    found = evaluation.assignments.filter(to=user, at__gt=since).exclude(by=user)
    return (("assigned", by, code, 1, at) for by, code, at in found.values_list("by", "code", "at"))


def _is_by(step: Step, user: User) -> bool:
    words = getattr(step, "words", None)
    return words is not None and words.by_id == user.pk


def _by_person(evaluation: Evaluation, rows: Iterable[Row]) -> tuple[Change, ...]:
    """Return one change per kind and user, newest first, with its indicators in the order of the edition."""
    found: dict[tuple[str, int | None], list[Row]] = {}
    for row in rows:
        found.setdefault((row[0], row[1]), []).append(row)
    people = User.objects.in_bulk({by for _kind, by in found if by is not None})
    places = {code: place for place, code in enumerate(evaluation.framework.indicators)}
    changes = [
        Change(
            kind=kind,
            by=people.get(by) if by is not None else None,
            codes=tuple(sorted({row[2] for row in some}, key=lambda code: places[code])),
            count=sum(row[3] for row in some),
            at=max(row[4] for row in some),
        )
        for (kind, by), some in found.items()
    ]
    return tuple(sorted(changes, key=lambda change: change.at, reverse=True))
