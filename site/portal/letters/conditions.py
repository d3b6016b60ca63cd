"""Letters about a condition that the panel set: its moves, its last day, and the panel's new decision."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from evaluation.due_dates import DAYS_BEFORE_CONDITION, Due
from evaluation.guards.permissions import is_allowed
from evaluation.models import Evaluation, Fulfilment, Role, Step, User
from evaluation.workflow.noted_days import read_noted_periods
from portal.letters.outbox import address_of, holders_of, lead_of, people_of, write_letter
from portal.models import Letter


def _hotline(evaluation: Evaluation) -> list[User]:
    return people_of(evaluation.hotline)


def _checkers(evaluation: Evaluation) -> list[User]:
    """Return MCE's people without a tie, and the lead."""
    mce = [one for one in holders_of(Role.MCE_COORDINATOR) if is_allowed("recommendation.verify", one, evaluation)]
    return [*mce, *lead_of(evaluation)]


def _panel(evaluation: Evaluation) -> list[User]:
    """Return the members without a tie, who declared it or may still declare it."""
    return [one for one in holders_of(Role.PANEL_MEMBER) if is_allowed("evaluation.declare", one, evaluation)]


def _everybody(evaluation: Evaluation) -> list[User]:
    return [*_hotline(evaluation), *_checkers(evaluation), *_panel(evaluation)]


_RECIPIENTS: dict[str, Callable[[Evaluation], Iterable[User]]] = {
    "send": _checkers,
    "send_back": _hotline,
    "record_check": _panel,
    "meet": lambda e: [*_hotline(e), *_checkers(e)],
    "meet_last": _everybody,
    "fail": _everybody,
    "extend": lambda e: [*_hotline(e), *_checkers(e)],
    "date_condition": _hotline,
    "date_condition_late": _everybody,
}
"""The recipients of each letter. A move without an entry has no letter."""


def _write(letter: str, evaluation: Evaluation, path: str, words: dict[str, Any], *, by: User | None) -> list[Letter]:
    template = letter if letter.startswith("date_") else f"condition/{letter}"
    edition = evaluation.round.edition
    return [
        write_letter(
            to=person,
            template=f"accounts/letters/{template}",
            context={
                **words,
                "evaluation": evaluation,
                "by": by,
                "page": address_of(path),
                "outcome": edition.texts(person.language)[f"outcome/{words['outcome']}"] if "outcome" in words else "",
            },
        )
        for person in dict.fromkeys(_RECIPIENTS[letter](evaluation))
        if by is None or person.pk != by.pk
    ]


def write_condition_letters(step: Step, fulfilment: Fulfilment, *, by: User) -> list[Letter]:
    """Write to those concerned by a move of a condition, except its user. Call in the transaction of the move."""
    evaluation = Evaluation.objects.select_related("hotline", "round__edition").get(pk=fulfilment.evaluation.pk)
    noted = read_noted_periods(step.words.note)
    words = {
        "condition": fulfilment.requirement.text,
        "day": fulfilment.due_on,
        "note": noted[1] if noted else step.words.note,
    }
    letter, newest = step.move, evaluation.current_decision
    if step.move == "meet" and newest is not None and newest.kind == newest.Kind.CONDITIONS_MET:
        letter = "meet_last"
        words |= {"day": newest.valid_until, "outcome": newest.outcome}
    path = reverse("workspace:condition", args=[fulfilment.uid])
    return _write(letter, evaluation, path, words, by=by) if letter in _RECIPIENTS else []


def write_condition_date_letters(due: Due, fulfilment: Fulfilment) -> list[Letter]:
    """Write about the last day of a condition: to the hotline before it, to everybody concerned when it has passed."""
    letter = "date_condition" if due.about in DAYS_BEFORE_CONDITION else "date_condition_late"
    words = {"condition": fulfilment.requirement.text, "day": due.due_on, "days": (due.due_on - due.day).days}
    path = reverse("workspace:condition", args=[fulfilment.uid])
    return _write(letter, due.evaluation, path, words, by=None)
