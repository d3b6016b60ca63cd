"""The assignments of indicators to the hotline's people, for the pages of the self-assessment."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.answers.deadline.timing import last_day_so_far
from evaluation.discussions.assignments import (
    InvalidAssignment,
    answered_by_people,
    find_assignments,
    members_of,
    names_of,
)
from evaluation.models import Assignment, Evaluation, Membership, User
from evaluation.models.people.permissions import is_allowed
from standards.framework import Indicator


@dataclass(frozen=True)
class Sharing:
    """The people of a hotline and their assignments in an open self-assessment, for one user. Two queries."""

    evaluation: Evaluation
    user: User
    members: list[User]
    assignments: Mapping[str, Assignment]

    @property
    def may_assign(self) -> bool:
        return is_allowed("evaluation.assign", self.user, self.evaluation)

    def names(self, codes: Iterable[str]) -> str:
        return ", ".join(names_of(self.assignments, codes))

    def people(self, codes: Iterable[str]) -> list[User]:
        """Return the members who have any of the indicators, each once, by name."""
        having = {self.assignments[code].to_id for code in codes if code in self.assignments}
        return [member for member in self.members if member.pk in having]

    @cached_property
    def answered(self) -> set[str]:
        """The codes of the indicators that people answer."""
        return answered_by_people(self.evaluation)

    def is_mine(self, code: str) -> bool:
        """Return whether the indicator is assigned to the user and answered by people."""
        return code in self.answered and code in self.assignments and self.assignments[code].to_id == self.user.pk

    def is_late(self, code: str, given: Iterable[str]) -> bool:
        """Return whether the indicator has no answer and the day of its assignment has passed."""
        return (
            code not in given
            and code in self.answered
            and code in self.assignments
            and self.assignments[code].is_late(self.evaluation.round.today)
        )


def sharing_for(evaluation: Evaluation, user: User) -> Sharing | None:
    """Return the assignments for a user of the hotline; None for others, and if the self-assessment is submitted."""
    if not (evaluation.is_open and is_allowed("evaluation.answer", user, evaluation)):
        return None
    members = members_of(evaluation.hotline)
    return Sharing(evaluation, user, members, find_assignments(evaluation, members))


def read_person(text: str, members: Iterable[User]) -> User | None:
    """Return the chosen member, or None for nobody. Raises InvalidAssignment."""
    if not text:
        raise InvalidAssignment("no_choice")
    if text == NOBODY:
        return None
    try:
        uid = UUID(text)
    except ValueError as wrong:
        raise InvalidAssignment("not_of_the_hotline") from wrong
    for member in members:
        if member.uid == uid:
            return member
    raise InvalidAssignment("not_of_the_hotline")


NOBODY = "nobody"
"""The choice that removes an assignment."""


def read_day(text: str) -> date | None:
    """Return the submitted day, or None. Raises InvalidAssignment."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as wrong:
        raise InvalidAssignment("no_day") from wrong


def describe_invalid_assignment(invalid: InvalidAssignment, evaluation: Evaluation) -> str:
    """Return the message for an invalid assignment."""
    return {
        "nothing_chosen": _("Choose at least one standard."),
        "no_choice": _("Choose who is to answer."),
        "not_of_the_hotline": _("This person is not of your hotline any more. Choose somebody else."),
        "no_day": _("This is not a day of the calendar. Write it as in 2026-11-24."),
        "day_is_over": _("This day is over. Choose a later one, or none."),
        "day_after_the_last": _("The self-assessment is to be submitted by %(day)s. Choose an earlier day, or none.")
        % {"day": date_format(last_day_so_far(evaluation))},
        "day_too_late": _("This day is too far ahead. Look at the year, and give an earlier day."),
        "not_permitted": _("Only a coordinator of your hotline gives away what somebody else has."),
    }[invalid.code]


@dataclass(frozen=True, slots=True)
class Left:
    """How many indicators a member has left; `url` leads to the list of them and is empty for other users."""

    person: User
    role: str
    count: int
    url: str


def count_left(
    sharing: Sharing, memberships: Iterable[Membership], unanswered: list[Indicator]
) -> tuple[list[Left], int]:
    """Return how many indicators each member has left, and how many unanswered ones are assigned to nobody."""
    codes = [indicator.code for indicator in unanswered]
    having = Counter(sharing.assignments[code].to_id for code in codes if code in sharing.assignments)
    page = reverse("workspace:indicators", args=[sharing.evaluation.uid])
    people = [
        Left(
            person=membership.user,
            role=membership.get_role_display(),
            count=having[membership.user_id],
            url=f"{page}?show=unanswered&show=mine" if membership.user_id == sharing.user.pk else "",
        )
        for membership in memberships
    ]
    return people, len(codes) - sum(having.values())
