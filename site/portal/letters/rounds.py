"""Letters about a round: opened, deadline moved, reminder, hotline removed."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse

from evaluation.assessment.deadline.timing import last_days_of
from evaluation.models import HOTLINE_ROLES, Evaluation, Hotline, Membership, Role, Round, User
from portal.letters.evaluations import list_open
from portal.letters.outbox import address_of, holders_of, people_of, write_letter, write_step_letters
from portal.models import Letter


def _write(template: str, evaluations: Iterable[Evaluation], *, by: User | None, **words: Any) -> list[Letter]:
    """Write the letter to everybody at the hotlines of the evaluations."""
    evaluations = list(evaluations)
    last_days = last_days_of(evaluations)
    return [
        write_letter(
            to=person,
            template=f"accounts/letters/{template}",
            context={
                "evaluation": evaluation,
                "by": by,
                "page": _page_of(evaluation),
                "day": last_days.get(evaluation.pk),
                "open": partial(list_open, evaluation),
                **words,
            },
        )
        for evaluation in evaluations
        for person in people_of(evaluation.hotline)
    ]


def _page_of(evaluation: Evaluation) -> str:
    return address_of(reverse("workspace:evaluation", args=[evaluation.uid]))


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
    """Write to each hotline that has not submitted yet and whose last day is the new deadline of the round."""
    open_ = round_.evaluations.filter(state=Evaluation.State.SELF_ASSESSMENT).select_related("hotline", "round")
    waiting = list(open_.exclude(extended_until__gte=round_.answers_until))
    last_days = last_days_of(waiting)
    waiting = [evaluation for evaluation in waiting if last_days[evaluation.pk] == round_.answers_until]
    return _write("deadline", waiting, by=by, former=former, note=note.strip())


def write_extension_letters(extended: Iterable[tuple[Evaluation, date]], *, note: str, by: User) -> list[Letter]:
    """Write to these hotlines that they have more time than their round. `extended` has their former last days."""
    return [
        letter
        for evaluation, former in extended
        for letter in _write("deadline", [evaluation], by=by, former=former, note=note.strip())
    ]


def write_reminders_to_late_hotlines(evaluations: Iterable[Evaluation], *, note: str, by: User) -> list[Letter]:
    return _write("late", evaluations, by=by, note=note.strip())


WORD = "accounts/letters/word_to_hotlines"


def words_of(evaluation: Evaluation, note: str) -> dict[str, Any]:
    """Return the context of a letter with MCE's own words."""
    return {"evaluation": evaluation, "note": note.strip(), "page": _page_of(evaluation)}


def readers_at(evaluations: Iterable[Evaluation]) -> list[tuple[Evaluation, User]]:
    """Return everybody who has a role at one of the hotlines today, each with its evaluation. One query."""
    by_hotline = {evaluation.hotline_id: evaluation for evaluation in evaluations}
    there = Membership.objects.today().filter(
        hotline__in=list(by_hotline), role__in=HOTLINE_ROLES, user__is_active=True
    )
    found = {(one.hotline_id, one.user_id): one for one in there.select_related("user").order_by("hotline", "user")}
    return [(by_hotline[one.hotline_id], one.user) for one in found.values() if one.hotline_id is not None]


def write_words_to_hotlines(evaluations: Iterable[Evaluation], *, note: str) -> list[Letter]:
    """Write MCE's own words to every user of the hotlines. The text around them is in each reader's language."""
    return [
        write_letter(to=person, template=WORD, context=words_of(evaluation, note))
        for evaluation, person in readers_at(evaluations)
    ]


def write_removal_letters(evaluation: Evaluation, *, note: str, by: User) -> list[Letter]:
    home = address_of(reverse("workspace:home"))
    return _write("removed", [evaluation], by=by, note=note.strip(), page=home)
