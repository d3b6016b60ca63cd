"""Letters about good practice: to the hotline, to Missing Children Europe, and to users who asked a question."""

from collections.abc import Callable

from django.urls import reverse

from evaluation.guards.permissions import is_allowed
from evaluation.models import GoodPractice, PracticeQuestion, Role, User
from portal.letters.outbox import address_of, holders_of, people_of, write_letter
from portal.models import Letter


def _mce(_practice: GoodPractice) -> list[User]:
    return holders_of(Role.MCE_COORDINATOR)


def _coordinators(practice: GoodPractice) -> list[User]:
    return people_of(practice.hotline, Role.COORDINATOR)


_RECIPIENTS: dict[str, Callable[[GoodPractice], list[User]]] = {
    "ask": _coordinators,
    "consent": _mce,
    "refuse": _mce,
    "publish": _coordinators,
    "take_down": _coordinators,
    "withdraw": _mce,
}
"""The recipients of a step's letter, by the name of the move."""


def write_practice_letters(move: str, practice: GoodPractice, *, by: User, note: str = "") -> list[Letter]:
    """Write to those concerned by a step, except its user. Call in the transaction of the move."""
    concerned = _RECIPIENTS[move](practice) if move in _RECIPIENTS else []
    return [_write(move, practice, person, note=note) for person in concerned if person.pk != by.pk]


def write_question_letters(question: PracticeQuestion) -> list[Letter]:
    """Write to the hotline that somebody asks a question about its good practice."""
    people = people_of(question.practice.hotline)
    name = question.hotline.name
    return [_write("question", question.practice, one, note=question.words, by=name) for one in people]


def write_answer_letters(question: PracticeQuestion) -> list[Letter]:
    """Write to the user who asked, if they may still read the practice: it is shared, and their account is active."""
    people = [question.by] if is_allowed("practice.view", question.by, question.practice) else []
    return [_write("answer", question.practice, one, note=question.answer) for one in people]


def _write(letter: str, practice: GoodPractice, to: User, *, note: str, by: str = "") -> Letter:
    page = address_of(reverse("workspace:practice", args=[practice.uid]))
    context = {"practice": practice, "by": by, "note": note.strip(), "page": page}
    return write_letter(to=to, template=f"accounts/letters/practice_{letter}", context=context)
