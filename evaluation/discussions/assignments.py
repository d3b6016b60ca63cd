"""Assignments of indicators: made by the hotline's coordinator, or taken over or given back by its users."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from evaluation.answers.deadline.timing import last_day_so_far
from evaluation.answers.judgements import Closed
from evaluation.models import HOTLINE_ROLES, Assignment, Evaluation, Hotline, Membership, User
from evaluation.models.day_bounds import find_day_reasons
from evaluation.models.people.permissions import is_allowed
from standards.framework import Framework


class InvalidAssignment(ValueError):
    """The assignment is not valid.

    `code` is `nothing_chosen`, `not_of_the_hotline`, `day_is_over`, `day_after_the_last`, `day_too_late`
    or `not_permitted`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Assigned:
    """The indicators that are assigned as requested; for some of them the assignment may not have changed."""

    codes: tuple[str, ...]


def members_of(hotline: Hotline) -> list[User]:
    """Return the active users with a role in a hotline today, by name. One query."""
    today = Membership.objects.today().filter(role__in=HOTLINE_ROLES, hotline=hotline)
    return list(User.objects.filter(pk__in=today.values("user"), is_active=True).order_by("name", "pk"))


def find_assignments(evaluation: Evaluation, members: Iterable[User]) -> dict[str, Assignment]:
    """Return the assignments to these members, by indicator code; without those of users who left. One query."""
    by_key = {member.pk: member for member in members}
    found = {row.code: row for row in evaluation.assignments.order_by("pk") if row.to_id in by_key}
    for row in found.values():
        row.to = by_key[row.to_id]
    return found


def answered_by_people(evaluation: Evaluation) -> set[str]:
    """Return the codes of the asked indicators that users answer: those that are not filled from figures alone.

    A whole standard can be assigned with its other indicators, which may be asked after another answer.
    """
    return {code for code, one in evaluation.asked.items() if one.not_applicable or not one.from_figures}


@transaction.atomic
def assign(
    evaluation: Evaluation, codes: Iterable[str], *, to: User | None, until: date | None = None, by: User
) -> Assigned | Closed:
    """Assign indicators to a user of the hotline, to be answered by the day `until`; or delete their assignment.

    A user with the right to answer may assign indicators to themselves, which keeps the day unless another is given,
    and delete their own assignments. All other changes require the right to assign. A repeated assignment sends no
    second letter. Raises InvalidAssignment. Returns Closed unless the self-assessment is open. Locks the evaluation.
    """
    wanted = tuple(code for code in evaluation.framework.indicators if code in set(codes))
    if not wanted:
        raise InvalidAssignment("nothing_chosen")
    if not Evaluation.objects.select_for_update(no_key=True).get(pk=evaluation.pk).is_open:
        return Closed()
    former = {row.code: row for row in evaluation.assignments.filter(code__in=wanted)}
    if not is_allowed("evaluation.assign", by, evaluation):
        is_own = to == by or (to is None and all(row.to_id == by.pk for row in former.values()))
        if not (is_own and is_allowed("evaluation.answer", by, evaluation)):
            raise InvalidAssignment("not_permitted")
    if to is None:
        evaluation.assignments.filter(code__in=wanted).delete()
        return Assigned(wanted)
    if not is_allowed("evaluation.answer", to, evaluation):
        raise InvalidAssignment("not_of_the_hotline")
    if until is not None:
        _check_day(evaluation, until)
    rows = []
    for code in wanted:
        row = former.get(code)
        day = row.until if row and until is None and to == by else until
        if row and (row.to_id, row.until) == (to.pk, day):
            continue
        is_notified = to == by or (row is not None and row.to_id == to.pk and row.told_at is not None)
        told_at = timezone.now() if is_notified else None
        rows.append(Assignment(evaluation=evaluation, code=code, to=to, until=day, by=by, told_at=told_at))
    Assignment.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["evaluation", "code"],
        update_fields=["to", "until", "by", "at", "told_at"],
    )
    return Assigned(wanted)


def _check_day(evaluation: Evaluation, until: date) -> None:
    """Raise InvalidAssignment for a day in the past, or after the self-assessment's last day if that is not past."""
    today, last = evaluation.round.today, last_day_so_far(evaluation)
    if until < today:
        raise InvalidAssignment("day_is_over")
    if today <= last < until:
        raise InvalidAssignment("day_after_the_last")
    if any(find_day_reasons("assignment.until", until, today)):
        raise InvalidAssignment("day_too_late")


# --- Unanswered assignments ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """The unanswered indicators of a user, in the order of the Guide, and how many have the highest obligation."""

    codes: tuple[str, ...]
    highest_count: int


def share_of(
    user: User, framework: Framework, assignments: Mapping[str, Assignment], unanswered: Iterable[str]
) -> Share:
    """Return the user's share of the unanswered indicators."""
    codes = tuple(code for code in unanswered if code in assignments and assignments[code].to_id == user.pk)
    return Share(codes, sum(framework.has_highest_obligation(framework.indicators[code]) for code in codes))


def names_of(assignments: Mapping[str, Assignment], codes: Iterable[str]) -> list[str]:
    """Return the distinct names of the users to whom these indicators are assigned, sorted."""
    return sorted({assignments[code].to.name for code in codes if code in assignments})
