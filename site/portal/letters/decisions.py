"""Letters after a decision: about appeals, corrections, accreditations, and due dates."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone

from evaluation.due_dates import DAYS_BEFORE, DAYS_LATE, Due
from evaluation.guards.permissions import is_allowed
from evaluation.models import (
    Accreditation,
    Appeal,
    Correction,
    Evaluation,
    Hotline,
    Reminder,
    Role,
    Step,
    User,
    Withdrawal,
)
from portal.letters.conditions import write_condition_date_letters
from portal.letters.evaluations import list_open
from portal.letters.outbox import (
    address_of,
    holders_of,
    lead_of,
    may_contest,
    mce_and_lead,
    people_of,
    words_of_decision,
    write_letter,
)
from portal.models import Letter


def _the_hotline(hotline: Hotline) -> list[User]:
    return people_of(hotline, Role.COORDINATOR)


def _recipients(evaluation: Evaluation) -> list[User]:
    """Return the hotline's people, MCE and the lead assessor, each once."""
    people = (*_the_hotline(evaluation.hotline), *holders_of(Role.MCE_COORDINATOR), *lead_of(evaluation))
    return list(dict.fromkeys(people))


def _write(
    template: str, people: Iterable[User], path: str, words: Mapping[str, Any], *, by: User | None
) -> list[Letter]:
    return [
        write_letter(
            to=person,
            template=f"accounts/letters/{template}",
            context={"by": by, "page": address_of(path), "may_appeal": _may_contest(person, words), **words},
        )
        for person in people
        if by is None or person.pk != by.pk
    ]


def _may_contest(person: User, words: Mapping[str, Any]) -> bool:
    return "evaluation" in words and may_contest(person, words["evaluation"])


def write_appeal_letters(step: Step, appeal: Appeal, *, by: User) -> list[Letter]:
    """Write to the hotline, MCE and the lead; for a new appeal, also to the members who may hear it."""
    if appeal.withdrawal is not None:
        return _write_letters_on_appealed_withdrawal(step, appeal, by=by)
    evaluation = appeal.evaluation
    decision = evaluation.decisions.all()[0]
    words = {"appeal": appeal, "evaluation": evaluation, "note": step.words.note, **words_of_decision(decision)}
    path = reverse("workspace:appeal", args=[appeal.uid])
    work = reverse("workspace:evaluation", args=[evaluation.uid])
    lead = lead_of(evaluation)
    others = [person for person in _recipients(evaluation) if person not in lead]
    template = f"appeal_{step.move}"
    # The lead is notified of an appeal and its result, without a link to its pages.
    letters = _write(template, others, path, words, by=by)
    letters += _write(template, lead, work, words, by=by)
    if step.move == "lodge":
        hearing = [m for m in holders_of(Role.PANEL_MEMBER) if is_allowed("appeal.declare", m, appeal)]
        letters += _write("appeal_hear", hearing, path, words, by=by)
    return letters


def _write_letters_on_appealed_withdrawal(step: Step, appeal: Appeal, *, by: User) -> list[Letter]:
    """Write to the hotline's coordinators and MCE; for a new appeal, also to the members who may hear it."""
    evaluation = appeal.evaluation
    words = {"evaluation": evaluation, "note": step.words.note}
    path = reverse("workspace:appeal", args=[appeal.uid])
    letters = _write(f"withdrawal/{step.move}", _hotline_and_mce(evaluation), path, words, by=by)
    if step.move == "lodge":
        hearing = [m for m in holders_of(Role.PANEL_MEMBER) if is_allowed("appeal.declare", m, appeal)]
        letters += _write("withdrawal/hear", hearing, path, words, by=by)
    return letters


def _hotline_and_mce(evaluation: Evaluation) -> list[User]:
    return list(dict.fromkeys((*_the_hotline(evaluation.hotline), *holders_of(Role.MCE_COORDINATOR))))


def write_withdrawal_letters(step: Step, withdrawal: Withdrawal, *, by: User) -> list[Letter]:
    """Write to the hotline's coordinators and MCE about a move of a withdrawal; about a statement to MCE alone."""
    evaluation = withdrawal.evaluation
    words: dict[str, Any] = {
        "evaluation": evaluation,
        "note": step.words.note,
        "day": withdrawal.heard_until,
        "date": withdrawal.takes_effect_on,
    }
    if step.move == "confirm":
        zone = withdrawal.accreditation.zone
        given_on = timezone.localdate(withdrawal.stated_at, zone) if withdrawal.stated_at else None
        words |= {"day": withdrawal.last_day_to_appeal, "date": given_on}
    people = holders_of(Role.MCE_COORDINATOR) if step.move == "answer" else _hotline_and_mce(evaluation)
    path = reverse("workspace:withdrawal", args=[withdrawal.uid])
    return _write(f"withdrawal/{step.move}", people, path, words, by=by)


def write_correction_letters(step: Step, correction: Correction, *, by: User) -> list[Letter]:
    """Write about a proposal to the members who may confirm it; about a corrected decision to all others concerned."""
    evaluation = correction.evaluation
    words: dict[str, Any] = {"correction": correction, "evaluation": evaluation, "note": correction.reasons}
    if step.move == "propose":
        path = reverse("workspace:correction", args=[evaluation.uid])
        confirming = [m for m in holders_of(Role.PANEL_MEMBER) if is_allowed("evaluation.declare", m, evaluation)]
        return _write("correction_propose", confirming, path, words, by=by)
    decision = evaluation.decisions.all()[0]
    words |= words_of_decision(decision)
    path = reverse("workspace:scorecard", args=[evaluation.uid])
    return _write("correction_confirm", _recipients(evaluation), path, words, by=by)


def write_accreditation_letters(step: Step, accreditation: Accreditation, *, by: User) -> list[Letter]:
    """Write to the hotline, MCE and the lead about a move of an accreditation, with its note."""
    words = {
        "accreditation": accreditation,
        "hotline": accreditation.hotline,
        "evaluation": accreditation.decision.evaluation,
        "note": step.words.note,
    }
    people = _recipients(accreditation.decision.evaluation)
    path = reverse("workspace:accreditation", args=[accreditation.uid])
    return _write(f"accreditation_{step.move}", people, path, words, by=by)


def write_date_letters(due: Due) -> list[Letter]:
    """Write about a due date to the hotline's coordinators and MCE.

    Reminders of the last day of a self-assessment or a response go to all users of the hotline; that a self-assessment
    was missed goes to MCE and the lead. Users can decline those about self-assessments. Weeks after a last day, the
    hotline's coordinators are reminded, and from the second time on MCE and the lead.
    """
    evaluation, about = due.evaluation, due.about
    if due.fulfilment:
        return write_condition_date_letters(due, due.fulfilment)
    if due.withdrawal:
        path = reverse("workspace:withdrawal", args=[due.withdrawal.uid])
        is_to_be_heard = about == Reminder.About.HEARING
        people = _the_hotline(evaluation.hotline) if is_to_be_heard else holders_of(Role.MCE_COORDINATOR)
        return _write(f"date_{about}", people, path, {"evaluation": evaluation, "day": due.due_on}, by=None)
    if due.missed:
        return _write_late_letters(due, due.missed)
    everybody = people_of(evaluation.hotline)
    page = "response" if about in (Reminder.About.RESPOND, Reminder.About.RESPONSE) else "evaluation"
    path = reverse(f"workspace:{page}", args=[evaluation.uid])
    if due.accreditation:
        path = reverse("workspace:accreditation", args=[due.accreditation.uid])
    words = {"due": due, "evaluation": evaluation, "hotline": evaluation.hotline}
    if about in DAYS_BEFORE or about == Reminder.About.SLIPPED:
        concerned = everybody if about in DAYS_BEFORE else list(dict.fromkeys(mce_and_lead(evaluation)))
        people = [one for one in concerned if about not in one.declined_reminders]
        template = "date_submit" if about in DAYS_BEFORE else "date_slipped"
        return _write(template, people, path, {**words, "open": partial(list_open, evaluation)}, by=None)
    if about == Reminder.About.RESPOND:
        return _write("date_respond", everybody, path, words, by=None)
    people = list(dict.fromkeys((*_the_hotline(evaluation.hotline), *holders_of(Role.MCE_COORDINATOR))))
    return _write(f"date_{about}", people, path, words, by=None)


_LATE = {
    Reminder.About.STILL_OPEN: ("late", "date_slipped", "evaluation"),
    Reminder.About.NO_RESPONSE: ("date_response", "date_response", "response"),
    Reminder.About.PLAN: ("date_plan", "date_plan", "plan"),
}
"""By reminder of a missed day, the letter to the hotline, the one to MCE, and the page."""


def _write_late_letters(due: Due, missed: date) -> list[Letter]:
    evaluation = due.evaluation
    to_hotline, to_mce, page = _LATE[due.about]
    words = {
        "due": replace(due, due_on=missed),
        "day": missed,
        "evaluation": evaluation,
        "hotline": evaluation.hotline,
        "open": partial(list_open, evaluation),
    }
    path = reverse(f"workspace:{page}", args=[evaluation.uid])
    letters = _write(to_hotline, _the_hotline(evaluation.hotline), path, words, by=None)
    if due.days_late > DAYS_LATE[0]:
        letters += _write(to_mce, dict.fromkeys(mce_and_lead(evaluation)), path, words, by=None)
    return letters
