"""Letters about a round: opened, deadline moved, reminder, hotline removed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from evaluation.models import Evaluation, Hotline, Role, Round, User
from portal.letters.outbox import address_of, holders_of, write_letter, write_step_letters
from portal.models import Letter


def _write(template: str, evaluations: Iterable[Evaluation], *, by: User | None, **words: Any) -> list[Letter]:
    """Write the letter to everybody at the hotlines of the evaluations."""
    page = address_of(reverse("workspace:home"))
    return [
        write_letter(
            to=person,
            template=f"accounts/letters/{template}",
            context={"evaluation": evaluation, "by": by, "page": page, **words},
        )
        for evaluation in evaluations
        for person in holders_of(Role.COORDINATOR, Role.CONTRIBUTOR, hotline=evaluation.hotline)
    ]


def write_opening_letters(evaluations: Iterable[Evaluation], *, by: User | None) -> list[Letter]:
    return [letter for evaluation in evaluations for letter in write_step_letters("open", evaluation, by=by)]


def _named(hotlines: Iterable[Hotline]) -> str:
    return ", ".join(hotline.name for hotline in hotlines)


def write_opening_letter_to_mce(
    round_: Round, *, busy: Iterable[Hotline], unreached: Iterable[Hotline]
) -> list[Letter]:
    """Write to MCE that the calendar opened a round, with hotlines left out and those without people."""
    page = address_of(reverse("workspace:board", args=[round_.uid]))
    return [
        write_letter(
            to=person,
            template="accounts/letters/round_opened",
            context={"round": round_, "busy": _named(busy), "unreached": _named(unreached), "page": page},
        )
        for person in holders_of(Role.MCE_COORDINATOR)
    ]


def write_deadline_letters(round_: Round, former: date, *, note: str, by: User) -> list[Letter]:
    """Write the new deadline to each hotline that has not submitted yet and has no later day of its own."""
    open_ = round_.evaluations.filter(state=Evaluation.State.SELF_ASSESSMENT).select_related("hotline", "round")
    waiting = open_.exclude(extended_until__gte=round_.answers_until)
    return _write("deadline", waiting, by=by, former=former, note=note.strip())


def write_extension_letters(evaluation: Evaluation, former: date, *, note: str, by: User) -> list[Letter]:
    """Write to a hotline that it has more time than its round."""
    return _write("deadline", [evaluation], by=by, former=former, note=note.strip())


def write_reminders_to_late_hotlines(evaluations: Iterable[Evaluation], *, note: str, by: User) -> list[Letter]:
    return _write("late", evaluations, by=by, note=note.strip())


def write_removal_letters(evaluation: Evaluation, *, note: str, by: User) -> list[Letter]:
    return _write("removed", [evaluation], by=by, note=note.strip())
