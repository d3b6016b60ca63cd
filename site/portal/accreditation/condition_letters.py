"""Letters about a condition that the panel set: its moves, its last day, and the panel's new decision."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.due_dates import DAYS_BEFORE_CONDITION, Due
from evaluation.models import Decision, Evaluation, Fulfilment, Role, User
from evaluation.models.people.permissions import is_allowed
from evaluation.workflow import MoveMade
from evaluation.workflow.noted_days import read_noted_periods
from portal.letters.declaration import PAGE, THEIR_REASONS, THEIR_WORDS, Letter, declare_letters, names_of
from portal.letters.outbox import Values, address_of, write_letter
from portal.letters.recipients import holders_of, lead_of, panel_of, people_of
from reports.texts.declaration import Example

CONDITION = (_("The condition:"), "\n{condition}")
_EXAMPLES: dict[str, Example] = {"condition": "4.1.2", "days": 30, "outcome": _("Accredited")}


def _values_of(fulfilment: Fulfilment) -> dict[str, Any]:
    return {
        **names_of(fulfilment.evaluation),
        "condition": fulfilment.requirement.text,
        "day": fulfilment.due_on,
        "page": address_of(reverse("workspace:condition", args=[fulfilment.uid])),
    }


def _values(made: MoveMade) -> Values:
    noted = read_noted_periods(made.sealed)
    return {**_values_of(made.thing), "note": noted[1] if noted else made.sealed}


def _newest_decision(made: MoveMade) -> Decision | None:
    """Return the decision of the evaluation, which the move may have replaced."""
    decision: Decision | None = Evaluation.objects.get(pk=made.thing.evaluation.pk).current_decision
    return decision


def _is_last(made: MoveMade) -> bool:
    """Whether all conditions of the decision are met now."""
    newest = _newest_decision(made)
    return newest is not None and newest.kind == Decision.Kind.CONDITIONS_MET


def _is_not_last(made: MoveMade) -> bool:
    return not _is_last(made)


def _values_of_newest(made: MoveMade) -> Values:
    newest = _newest_decision(made)
    assert newest is not None
    edition = made.thing.evaluation.round.edition
    return {
        "day": newest.valid_until,
        "outcome": lambda reader: edition.texts(reader.language)[f"outcome/{newest.outcome}"],
    }


# --- Recipients ------------------------------------------------------------------------------------------------------


def _people(made: MoveMade) -> list[User]:
    return people_of(made.thing.evaluation.hotline)


def _checking(made: MoveMade) -> list[User]:
    return _checkers(made.thing.evaluation)


def _panel(made: MoveMade) -> list[User]:
    return panel_of(made.thing.evaluation)


def _people_and_checkers(made: MoveMade) -> list[User]:
    return [*_people(made), *_checking(made)]


def _concerned(made: MoveMade) -> list[User]:
    return _everybody(made.thing.evaluation)


def _checkers(evaluation: Evaluation) -> list[User]:
    """Return MCE's people without a tie, and the lead."""
    mce = [one for one in holders_of(Role.MCE_COORDINATOR) if is_allowed("recommendation.verify", one, evaluation)]
    return [*mce, *lead_of(evaluation)]


def _everybody(evaluation: Evaluation) -> list[User]:
    return [*people_of(evaluation.hotline), *_checkers(evaluation), *panel_of(evaluation)]


# --- The letters -----------------------------------------------------------------------------------------------------

declare_letters(
    "accreditations",
    Letter(
        name="condition_send",
        moves=("send",),
        to=_checking,
        subject=_("%(hotline)s: evidence for a condition"),
        body=(
            _("%(hotline)s sent evidence that a condition of the panel is met. Check it and record what you see."),
            CONDITION,
            THEIR_WORDS,
            PAGE,
        ),
        examples=_EXAMPLES,
    ),
    Letter(
        name="condition_send_back",
        moves=("send_back",),
        to=_people,
        subject=_("%(hotline)s: the evidence for a condition is sent back"),
        body=(
            _("The evidence is not complete. Add what is missing and send it by %(day)s."),
            CONDITION,
            THEIR_WORDS,
            PAGE,
        ),
        examples=_EXAMPLES,
    ),
    Letter(
        name="condition_record_check",
        moves=("record_check",),
        to=_panel,
        subject=_("%(hotline)s: the panel rules on a condition"),
        body=(
            _("A condition of %(hotline)s was checked. A member of the panel rules whether it is met."),
            CONDITION,
            THEIR_WORDS,
            PAGE,
        ),
        examples=_EXAMPLES,
    ),
    Letter(
        name="condition_meet",
        moves=("meet",),
        to=_people_and_checkers,
        when=_is_not_last,
        subject=_("%(hotline)s: a condition is met"),
        body=(_("The panel ruled that a condition of %(hotline)s is met."), CONDITION, THEIR_REASONS, PAGE),
        examples=_EXAMPLES,
    ),
    Letter(
        name="condition_meet_last",
        moves=("meet",),
        to=_concerned,
        when=_is_last,
        values=_values_of_newest,
        subject=_("%(hotline)s: all conditions are met"),
        body=(
            _(
                "All conditions of %(hotline)s are met. The outcome is now “%(outcome)s”, until %(day)s as before. The "
                "register shows it once Missing Children Europe publishes it."
            ),
            CONDITION,
            THEIR_REASONS,
            PAGE,
        ),
        examples=_EXAMPLES,
    ),
    Letter(
        name="condition_fail",
        moves=("fail",),
        to=_concerned,
        subject=_("%(hotline)s: a condition is not met"),
        body=(
            _(
                "The panel ruled that a condition of %(hotline)s is not met. The panel may extend it or decide anew. The "
                "hotline can still send evidence until then."
            ),
            CONDITION,
            THEIR_REASONS,
            PAGE,
        ),
        examples=_EXAMPLES,
    ),
    Letter(
        name="condition_extend",
        moves=("extend",),
        to=_people_and_checkers,
        subject=_("%(hotline)s: the last day of a condition is now %(day)s"),
        body=(
            _("The panel moved the last day of a condition of %(hotline)s to %(day)s."),
            CONDITION,
            THEIR_REASONS,
            PAGE,
        ),
        examples=_EXAMPLES,
    ),
    Letter(
        name="date_condition",
        subject=_("%(hotline)s: a condition is due on %(day)s"),
        body=(
            _(
                "Evidence for a condition of %(hotline)s can be sent until %(day)s, 23:59 %(zone)s time. Days left: "
                "%(days)s."
            ),
            CONDITION,
            PAGE,
        ),
        examples=_EXAMPLES,
    ),
    Letter(
        name="date_condition_late",
        subject=_("%(hotline)s: a condition is overdue"),
        body=(
            _(
                "No evidence came by %(day)s for a condition of %(hotline)s. The panel extends it or decides anew. The "
                "hotline can still send evidence until then."
            ),
            CONDITION,
            PAGE,
        ),
        examples=_EXAMPLES,
    ),
    machine=Fulfilment,
    values=_values,
)


def write_condition_date_letters(due: Due, fulfilment: Fulfilment) -> None:
    """Write about the last day of a condition: to the hotline before it, to everybody concerned when it has passed."""
    evaluation = due.evaluation
    is_before = due.about in DAYS_BEFORE_CONDITION
    people = people_of(evaluation.hotline) if is_before else _everybody(evaluation)
    values = {
        **_values_of(fulfilment),
        "day": due.due_on,
        "days": (due.due_on - due.day).days,
        "zone": evaluation.round.clock,
    }
    for person in dict.fromkeys(people):
        write_letter("date_condition" if is_before else "date_condition_late", values, to=person)
