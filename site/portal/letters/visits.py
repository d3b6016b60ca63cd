"""Letters about a study visit: its team, its days, its agenda, its end, to the team, the hotline and MCE."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.guards.permissions import is_allowed
from evaluation.models import Agenda, DeskQuestion, Evaluation, Role, Step, SuggestedDates, User, Visit
from evaluation.visits import dates, interests, planning
from evaluation.workflow import perform
from evaluation.workflow.noted_days import Period
from portal.letters.outbox import address_of, holders_of, people_of, write_letter
from portal.models import Letter
from portal.presentation.visits.agenda import show_agenda, write_days


def _context(visit: Visit, by: User) -> dict[str, Any]:
    present = Visit.objects.select_related("evaluation__hotline", "evaluation__round").prefetch_related("team__user")
    evaluation = present.get(pk=visit.pk).evaluation  # with the team as it is now
    team, uid = evaluation.visit.team.all(), evaluation.uid
    return {
        "visit": visit,
        "evaluation": evaluation,
        "by": by,
        "page": address_of(reverse("workspace:visit", args=[uid])),
        "calendar": address_of(reverse("workspace:visit_calendar", args=[uid])) if visit.starts_on else "",
        "lead": next((member.user.name for member in team if member.is_lead), ""),
        "team": ", ".join(member.user.name for member in team),
    }


def _people_of_hotline(visit: Visit) -> list[User]:
    return people_of(visit.evaluation.hotline)


_WITHOUT_PAGE = ("visit_put_off", "visit_cancelled", "visit_left")
"""The letters that also go to users who may no longer see the visit, without URLs: they need not keep the days free."""


def _write(context: Mapping[str, Any], **recipients: Iterable[User]) -> list[Letter]:
    """Write each letter, by its name, to its recipients who may see the visit, except the user who caused it."""
    letters = []
    for name, people in recipients.items():
        for person in dict.fromkeys(people):
            may_see = is_allowed("evaluation.view", person, context["evaluation"])
            if person.pk == context["by"].pk or not (may_see or name in _WITHOUT_PAGE):
                continue
            addresses = {} if may_see else {"page": "", "calendar": ""}
            letters.append(
                write_letter(to=person, template=f"accounts/letters/{name}", context={**context, **addresses})
            )
    return letters


# --- Its team and its days -------------------------------------------------------------------------------------------


@transaction.atomic
def propose_visit_and_write_letters(
    evaluation: Evaluation,
    *,
    by: User,
    starts_on: date | None = None,
    ends_on: date | None = None,
    words: str = "",
    have_declared: bool = False,
    **wanted: Any,
) -> Visit:
    """Propose a visit, suggest days if they are given, and write to those concerned."""
    former = _team_before(evaluation)
    visit = planning.propose_visit(evaluation, by=by, **wanted)
    if have_declared:
        interests.declare_for_all(visit, by=by)
    team = dates.team_of(visit)
    _write(
        _context(visit, by),
        visit_asked=_to_be_asked(visit, former),
        visit_proposed=_people_of_hotline(visit),
        visit_left=[person for person in former if person not in team],
    )
    if starts_on:
        suggest_dates_and_write_letters(visit, [(starts_on, ends_on or starts_on)], by=by, words=words)
    return visit


def _team_before(evaluation: Evaluation) -> list[User]:
    visit = Visit.objects.filter(evaluation=evaluation).exclude(state=Visit.State.CANCELLED).first()
    return dates.team_of(visit) if visit else []


@transaction.atomic
def arrange_visit_and_write_letters(evaluation: Evaluation, *, by: User, **wanted: Any) -> Visit:
    """Arrange a visit as agreed by telephone, and write to those concerned."""
    former = _team_before(evaluation)
    visit = planning.arrange_visit(evaluation, by=by, **wanted)
    write_visit_letters(visit, former_team=former, by=by)
    return visit


def write_visit_letters(visit: Visit, *, former_team: Sequence[User] = (), by: User) -> list[Letter]:
    """Write the days and the team to the team and to the hotline, and to former team members.

    Members who have not declared yet are asked to.
    """
    team = dates.team_of(visit)
    return _write(
        _context(visit, by),
        visit_team=team,
        visit_hotline=_people_of_hotline(visit),
        visit_asked=_to_be_asked(visit, former_team),
        visit_left=[person for person in former_team if person not in team],
    )


def _to_be_asked(visit: Visit, former_team: Sequence[User]) -> list[User]:
    """Return the new members who have not declared yet."""
    undeclared = visit.team.filter(declared_at=None).select_related("user")
    return [member.user for member in undeclared if member.user not in former_team]


@transaction.atomic
def change_team_and_write_letters(
    visit: Visit, plan: planning.TeamPlan, *, have_declared: bool = False, by: User
) -> None:
    former = dates.team_of(visit)
    perform(visit, "change_team", by=by, wanted=plan)
    if have_declared:
        interests.declare_for_all(visit, by=by)
    write_visit_letters(visit, former_team=former, by=by)


@transaction.atomic
def suggest_dates_and_write_letters(visit: Visit, periods: Sequence[Period], *, by: User, words: str) -> None:
    """Suggest days, and write to the other side."""
    dates.suggest_dates(visit, periods, by=by, words=words)
    is_hotline = dates.side_of(by, visit) == SuggestedDates.Side.HOTLINE
    others = [*dates.team_of(visit), *holders_of(Role.MCE_COORDINATOR)] if is_hotline else _people_of_hotline(visit)
    _write({**_context(visit, by), "days": partial(write_periods, periods), "note": words.strip()}, visit_days=others)


def write_periods(periods: Iterable[Period]) -> str:
    """Return a line for each period, in the active language."""
    return "\n".join(describe_period(*period) for period in periods)


def describe_period(first: date, last: date) -> str:
    """Return a period with its weekdays, in the active language."""
    days = {name: f"{date_format(day, 'l')}, {date_format(day)}" for name, day in (("first", first), ("last", last))}
    return days["first"] if first == last else _("%(first)s to %(last)s") % days


@transaction.atomic
def accept_dates_and_write_letters(suggestion: SuggestedDates, *, by: User) -> None:
    dates.accept_dates(suggestion, by=by)
    write_visit_letters(Visit.objects.get(pk=suggestion.visit_id), former_team=dates.team_of(suggestion.visit), by=by)


@transaction.atomic
def change_dates_and_write_letters(visit: Visit, *, by: User, **wanted: Any) -> None:
    dates.change_dates(visit, by=by, **wanted)
    write_visit_letters(visit, former_team=dates.team_of(visit), by=by)


@transaction.atomic
def step_aside_and_write_letters(visit: Visit, stake: str, *, by: User) -> None:
    """Declare the stake of a member, and write to MCE, which changes the team."""
    interests.step_aside(visit, stake, by=by)
    _write(_context(visit, by), visit_stake=holders_of(Role.MCE_COORDINATOR))


def stop_letter_writer(visit: Visit, *, by: User, note: str) -> Callable[[Step], None]:
    """Return a function that writes to all concerned, within the move, that a visit is put off or cancelled."""

    def write(step: Step) -> None:
        everybody = [*dates.team_of(visit), *_people_of_hotline(visit), *holders_of(Role.MCE_COORDINATOR)]
        letter = {"put_off": "visit_put_off", "cancel": "visit_cancelled"}[step.move]
        _write({**_context(visit, by), "note": note.strip()}, **{letter: everybody})

    return write


# --- Its agenda ------------------------------------------------------------------------------------------------------


@transaction.atomic
def send_agenda(agenda: Agenda, *, by: User) -> list[Letter]:
    """Send the newest version of an agenda to the team and to the hotline. Raises Refusal."""
    visit = agenda.visit
    perform(visit, "send_agenda", by=by, agenda=agenda)
    framework = visit.evaluation.framework
    context = {**_context(visit, by), "agenda": partial(write_days, show_agenda(agenda, visit, framework).days)}
    return _write(context, visit_agenda=[*dates.team_of(visit), *_people_of_hotline(visit)])


# --- The desk review -------------------------------------------------------------------------------------------------


def write_question_letters(visit: Visit, questions: Sequence[DeskQuestion], *, by: User) -> list[Letter]:
    """Write to the hotline that it has questions, and how many."""
    context = _context(visit, by)
    page = address_of(reverse("workspace:questions", args=[visit.evaluation.uid]))
    return _write({**context, "page": page, "number": len(questions)}, desk_questions=_people_of_hotline(visit))


def write_answer_letters(evaluation: Evaluation, *, by: User) -> list[Letter]:
    """Write to the team that every question has an answer."""
    visit = Visit.objects.select_related("evaluation__hotline", "evaluation__round").get(evaluation=evaluation)
    page = address_of(reverse("workspace:desk_review", args=[evaluation.uid]))
    return _write({**_context(visit, by), "page": page}, desk_answers=dates.team_of(visit))
