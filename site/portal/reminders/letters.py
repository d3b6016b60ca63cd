"""Letters about due dates: reminders before a day, and what follows when it has passed."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from evaluation.due_dates import DAYS_BEFORE, DAYS_LATE, Due
from evaluation.models import Reminder, Role, User
from portal.accreditation.condition_letters import write_condition_date_letters
from portal.evaluation.letters import list_open
from portal.letters.declaration import PAGE, STILL_OPEN, Letter, declare_letters, names_of
from portal.letters.outbox import address_of, write_letter
from portal.letters.recipients import coordinators_and_mce, holders_of, mce_and_lead, people_of

SWITCH_OFF = _("You can switch such reminders off on the page of your account.")

declare_letters(
    "rounds",
    Letter(
        name="date_submit",
        subject=ngettext_lazy(
            "%(round)s: %(number)s day is left for the self-assessment, until %(day)s",
            "%(round)s: %(number)s days are left for the self-assessment, until %(day)s",
            "number",
        ),
        body=(
            _(
                "The self-assessment of %(hotline)s in the round %(round)s can be submitted until %(day)s, 23:59 "
                "(time zone %(zone)s)."
            ),
            STILL_OPEN,
            _("A coordinator of the hotline signs and submits it."),
            PAGE,
            SWITCH_OFF,
        ),
        optional=frozenset(("open",)),
        counted="number",
    ),
    Letter(
        name="date_slipped",
        subject=_("%(hotline)s has not submitted its self-assessment"),
        body=(
            _(
                "The last day of the self-assessment of %(hotline)s in the round %(round)s was %(day)s, and it has not "
                "been submitted. Missing Children Europe can write to the hotline, or move the last day."
            ),
            STILL_OPEN,
            PAGE,
            SWITCH_OFF,
        ),
        optional=frozenset(("open",)),
    ),
)

declare_letters(
    "accreditations",
    Letter(
        name="date_hearing",
        subject=_("%(hotline)s: the time to be heard ends on %(day)s"),
        body=(
            _(
                "The withdrawal of the accreditation of %(hotline)s is proposed. The hotline can give its statement until "
                "%(day)s, 23:59 (time zone %(zone)s)."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="date_withdrawal",
        subject=_("%(hotline)s: the withdrawal can be confirmed"),
        body=(
            _(
                "The withdrawal of the accreditation of %(hotline)s is proposed, and since %(day)s it can be confirmed. A "
                "second coordinator confirms it or drops it."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="date_respond",
        subject=_("%(hotline)s: the time to respond ends on %(day)s"),
        body=(
            _(
                "%(hotline)s can respond to the draft of the round %(round)s until %(day)s, 23:59 (time zone %(zone)s). Say "
                "where the facts are wrong, or that you have nothing to add. After that the panel may decide without your "
                "word."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="date_response",
        subject=_("%(hotline)s: the response is overdue"),
        body=(
            _(
                "%(hotline)s could respond to the draft report until %(day)s. Missing Children Europe may go on to "
                "the panel without a response now."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="date_plan",
        subject=_("%(hotline)s: the plan is overdue"),
        body=(
            _(
                "Recommendations in the plan of %(hotline)s are overdue, the first since %(day)s. Send evidence of what "
                "is done, or write to Missing Children Europe if something stands in the way."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="date_deferral",
        subject=_("%(hotline)s: the time to hand in what is missing is over"),
        body=(
            _(
                "The panel deferred its decision about %(hotline)s. What is missing had to be handed in by "
                "%(day)s. Missing Children Europe takes the evaluation up again, or opens a new one."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="date_midterm",
        subject=_("%(hotline)s: the mid-term check is due"),
        body=(
            _(
                "The mid-term check of the accreditation of %(hotline)s has been due since %(day)s: Missing "
                "Children Europe looks at what has become of the recommendations."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="date_ends",
        subject=_("%(hotline)s: the accreditation ends on %(day)s"),
        body=(
            _(
                "The accreditation of %(hotline)s ends on %(day)s. For a renewal Missing Children Europe takes the "
                "hotline into a round; its self-assessment then starts from its last answers."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="date_ended",
        subject=_("%(hotline)s: the accreditation has ended"),
        body=(
            _(
                "The accreditation of %(hotline)s ended on %(day)s. The register says so. A new round can bring "
                "another one."
            ),
            PAGE,
        ),
    ),
)


def write_date_letters(due: Due) -> None:
    """Write about a due date to the hotline's coordinators and MCE.

    Reminders of the last day of a self-assessment or a response go to all users of the hotline; that a self-assessment
    was missed goes to MCE and the lead. Users can decline those about self-assessments. Weeks after a last day, the
    hotline's coordinators are reminded, and from the second time on MCE and the lead.
    """
    evaluation, about = due.evaluation, due.about
    if due.fulfilment:
        write_condition_date_letters(due, due.fulfilment)
        return
    if due.withdrawal:
        path = reverse("workspace:withdrawal", args=[due.withdrawal.uid])
        is_to_be_heard = about == Reminder.About.HEARING
        people = _coordinators(due) if is_to_be_heard else holders_of(Role.MCE_COORDINATOR)
        _write(f"date_{about}", people, due, path)
        return
    if due.missed:
        _write_late_letters(due, due.missed)
        return
    everybody = people_of(evaluation.hotline)
    page = "response" if about in (Reminder.About.RESPOND, Reminder.About.RESPONSE) else "evaluation"
    path = reverse(f"workspace:{page}", args=[evaluation.uid])
    if due.accreditation:
        path = reverse("workspace:accreditation", args=[due.accreditation.uid])
    if about in DAYS_BEFORE or about == Reminder.About.SLIPPED:
        concerned = everybody if about in DAYS_BEFORE else mce_and_lead(evaluation)
        people = [one for one in concerned if about not in one.declined_reminders]
        _write("date_submit" if about in DAYS_BEFORE else "date_slipped", people, due, path)
    elif about == Reminder.About.RESPOND:
        _write("date_respond", everybody, due, path)
    else:
        _write(f"date_{about}", coordinators_and_mce(evaluation), due, path)


_LATE = {
    Reminder.About.STILL_OPEN: ("late", "date_slipped", "evaluation"),
    Reminder.About.NO_RESPONSE: ("date_response", "date_response", "response"),
    Reminder.About.PLAN: ("date_plan", "date_plan", "plan"),
}
"""By reminder of a missed day, the letter to the hotline, the one to MCE, and the page."""


def _write_late_letters(due: Due, missed: date) -> None:
    to_hotline, to_mce, page = _LATE[due.about]
    path = reverse(f"workspace:{page}", args=[due.evaluation.uid])
    _write(to_hotline, _coordinators(due), due, path, missed)
    if due.days_late > DAYS_LATE[0]:
        _write(to_mce, mce_and_lead(due.evaluation), due, path, missed)


def _coordinators(due: Due) -> list[User]:
    return people_of(due.evaluation.hotline, Role.COORDINATOR)


def _write(name: str, people: Iterable[User], due: Due, path: str, missed: date | None = None) -> None:
    values = _values_of(due, path, missed or due.due_on)
    for person in dict.fromkeys(people):
        write_letter(name, values, to=person)


def _values_of(due: Due, path: str, day: date) -> Mapping[str, Any]:
    evaluation = due.evaluation
    return {
        **names_of(evaluation),
        "day": day,
        "date": day,
        "number": due.days,
        "zone": evaluation.round.clock_on(day),
        "open": lambda _reader: list_open(evaluation),
        "note": "",
        "page": address_of(path),
    }
