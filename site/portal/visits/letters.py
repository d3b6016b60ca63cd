"""Letters about a study visit: its team, its days, its agenda, its end, to the team, the hotline and MCE."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.models import DeskQuestion, Evaluation, Role, SuggestedDates, User, Visit
from evaluation.models.people.permissions import is_allowed
from evaluation.visits.dates import side_of, team_of
from evaluation.workflow import MoveMade
from evaluation.workflow.noted_days import Period
from portal.letters.declaration import (
    CALENDAR,
    NOTE,
    PAGE,
    THEIR_REASONS,
    THEIR_WORDS,
    Letter,
    declare_letters,
    names_of,
)
from portal.letters.outbox import Values, address_of, write_letter
from portal.letters.recipients import holders_of, mce_and_lead, people_of
from portal.visits.shown.agenda import show_agenda, write_days

THE_TEAM = _("Lead assessor: %(lead)s. Team: %(team)s.")
DAYS_AND_TEAM = ("{days}\n", THE_TEAM)
ADDRESSES = NOTE | {"page", "calendar"}
"""Placeholders without a value for users who may no longer see the visit; `calendar` also for one without days."""

# --- Values ----------------------------------------------------------------------------------------------------------


def _values_of(visit: Visit, by: User | None) -> dict[str, Any]:
    present = Visit.objects.select_related("evaluation__hotline", "evaluation__round").prefetch_related("team__user")
    evaluation = present.get(pk=visit.pk).evaluation  # with the team as it is now
    team, uid = evaluation.visit.team.all(), evaluation.uid
    page = address_of(reverse("workspace:visit", args=[uid]))
    calendar = address_of(reverse("workspace:visit_calendar", args=[uid])) if visit.starts_on else ""
    return {
        **names_of(evaluation),
        "by": by.name if by else "",
        "name": by.name if by else "",
        "page": lambda reader: page if is_allowed("evaluation.view", reader, evaluation) else "",
        "calendar": lambda reader: calendar if is_allowed("evaluation.view", reader, evaluation) else "",
        "days": lambda _reader: _describe_days(visit, evaluation),
        "lead": next((member.user.name for member in team if member.is_lead), ""),
        "team": ", ".join(member.user.name for member in team),
    }


def _values(made: MoveMade) -> Values:
    return {**_values_of(made.thing, made.by), "note": made.note.strip()}


def _describe_days(visit: Visit, evaluation: Evaluation) -> str:
    """Return the agreed days as a line, in the active language."""
    assert visit.starts_on is not None  # such a letter is written when days are agreed on
    assert visit.ends_on is not None
    values = {
        "day": date_format(visit.starts_on),
        "first": date_format(visit.starts_on),
        "last": date_format(visit.ends_on),
        "zone": evaluation.round.clock_on(visit.starts_on),
        "mode": visit.get_mode_display(),
    }
    if visit.starts_on == visit.ends_on:
        return gettext("Day: %(day)s, time zone %(zone)s (%(mode)s).") % values
    return gettext("Days: %(first)s to %(last)s, time zone %(zone)s (%(mode)s).") % values


def _values_of_suggestion(made: MoveMade) -> Values:
    periods = made.needs["periods"]
    return {"days": lambda _reader: write_periods(periods), "note": made.needs["words"].strip()}


def write_periods(periods: Iterable[Period]) -> str:
    """Return a line for each period, in the active language."""
    return "\n".join(describe_period(*period) for period in periods)


def describe_period(first: date, last: date) -> str:
    """Return a period with its weekdays, in the active language."""
    days = {name: f"{date_format(day, 'l')}, {date_format(day)}" for name, day in (("first", first), ("last", last))}
    return days["first"] if first == last else gettext("%(first)s to %(last)s") % days


def _values_of_agenda(made: MoveMade) -> Values:
    agenda, visit = made.needs["agenda"], made.thing
    framework = visit.evaluation.framework
    return {"agenda": lambda _reader: write_days(show_agenda(agenda, visit, framework).days)}


# --- Recipients ------------------------------------------------------------------------------------------------------


def _who_see(made: MoveMade, people: Iterable[User]) -> list[User]:
    """Return those who may see the visit: a letter about it has the name of the hotline."""
    return [person for person in people if is_allowed("evaluation.view", person, made.thing.evaluation)]


def _hotline(made: MoveMade) -> list[User]:
    return _who_see(made, people_of(made.thing.evaluation.hotline))


def _mce(made: MoveMade) -> list[User]:
    return _who_see(made, holders_of(Role.MCE_COORDINATOR))


def _team(made: MoveMade) -> list[User]:
    return _who_see(made, team_of(made.thing))


def _team_and_hotline(made: MoveMade) -> list[User]:
    return [*_team(made), *_hotline(made)]


def _everybody(made: MoveMade) -> list[User]:
    """Return also the members of the team who may no longer see the visit: they need not keep the days free."""
    hotline = people_of(made.thing.evaluation.hotline)
    return [*team_of(made.thing), *hotline, *holders_of(Role.MCE_COORDINATOR)]


def _mce_and_lead(made: MoveMade) -> list[User]:
    return mce_and_lead(made.thing.evaluation)


def _other_side(made: MoveMade) -> list[User]:
    assert made.by is not None  # only users suggest days
    if side_of(made.by, made.thing) == SuggestedDates.Side.HOTLINE:
        return [*_team(made), *_mce(made)]
    return _hotline(made)


def _read_team(visit: Visit) -> list[User]:
    """Return the team before the move; nobody if the visit is cancelled and proposed again."""
    return [] if visit.state == Visit.State.CANCELLED else team_of(visit)


def _new_members(made: MoveMade) -> list[User]:
    """Return the new members who have not declared yet."""
    undeclared = made.thing.team.filter(declared_at=None).select_related("user")
    return _who_see(made, (member.user for member in undeclared if member.user not in made.before))


def _former_members(made: MoveMade) -> list[User]:
    team = team_of(made.thing)
    return [person for person in made.before if person not in team]


def _are_to_declare(made: MoveMade) -> bool:
    return not made.needs["wanted"].have_declared


def _has_days(made: MoveMade) -> bool:
    return made.thing.agreed_days is not None


def _has_no_days(made: MoveMade) -> bool:
    """Whether the days are agreed on with the hotline later."""
    return not (_has_days(made) or made.needs["wanted"].are_days_agreed)


def _scorecard_page(made: MoveMade, _reader: User) -> str:
    return address_of(reverse("workspace:scorecard", args=[made.thing.evaluation.uid]))


# --- The letters -----------------------------------------------------------------------------------------------------

declare_letters(
    "visits",
    Letter(
        name="visit_asked",
        moves=("propose", "change_team"),
        to=_new_members,
        when=_are_to_declare,
        subject=_("%(hotline)s: you are proposed for the study visit"),
        body=(
            _(
                "You are proposed for the team of the study visit at %(hotline)s in the round %(round)s. Declare on its "
                "page whether something ties you to this hotline. The visit goes on when everybody on the team has "
                "declared."
            ),
            THE_TEAM,
            PAGE,
        ),
    ),
    Letter(
        name="visit_proposed",
        moves=("propose", "change_team"),
        to=_hotline,
        when=_has_no_days,
        subject=_("%(hotline)s: a study visit is proposed"),
        body=(
            _(
                "A study visit at %(hotline)s is proposed for the round %(round)s. Its days are agreed on with you: "
                "accept days that are suggested, or suggest others, on its page."
            ),
            THE_TEAM,
            PAGE,
        ),
    ),
    Letter(
        name="visit_days",
        moves=("suggest_dates",),
        to=_other_side,
        values=_values_of_suggestion,
        subject=_("%(hotline)s: days are suggested for the study visit"),
        body=(
            _(
                "%(by)s suggests these days for the study visit at %(hotline)s in the round %(round)s. Accept some of "
                "them, or suggest others, on the page of the visit."
            ),
            "{days}",
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="visit_put_off",
        moves=("put_off",),
        to=_everybody,
        subject=_("%(hotline)s: the study visit is put off"),
        body=(
            _(
                "%(by)s has put off the study visit at %(hotline)s in the round %(round)s. You need not keep the days; "
                "both sides agree on others on its page."
            ),
            THEIR_REASONS,
            PAGE,
            CALENDAR,
        ),
        optional=ADDRESSES,
    ),
    Letter(
        name="visit_cancelled",
        moves=("cancel",),
        to=_everybody,
        subject=_("%(hotline)s: the study visit is cancelled"),
        body=(
            _("The study visit at %(hotline)s in the round %(round)s is cancelled. You need not keep the days."),
            THEIR_REASONS,
            PAGE,
            CALENDAR,
        ),
        optional=ADDRESSES,
    ),
    Letter(
        name="visit_stake",
        moves=("step_aside",),
        to=_mce,
        subject=_("%(hotline)s: somebody on the team has declared a stake"),
        body=(
            _(
                "%(name)s is on the team of the study visit at %(hotline)s in the round %(round)s and has declared a "
                "stake in the hotline. The visit goes on when the team is changed."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="visit_team",
        moves=("change_team", "agree_dates", "change_dates"),
        to=_team,
        when=_has_days,
        subject=_("%(hotline)s: the days of your study visit"),
        body=(
            _(
                "You are on the team of the study visit at %(hotline)s in the round %(round)s. It is arranged as "
                "follows; this letter takes the place of earlier ones."
            ),
            DAYS_AND_TEAM,
            PAGE,
            CALENDAR,
        ),
    ),
    Letter(
        name="visit_hotline",
        moves=("change_team", "agree_dates", "change_dates"),
        to=_hotline,
        when=_has_days,
        subject=_("%(hotline)s: the days of the study visit"),
        body=(
            _(
                "A team visits %(hotline)s in the round %(round)s. The visit is arranged as follows; this letter "
                "takes the place of earlier ones."
            ),
            DAYS_AND_TEAM,
            PAGE,
            CALENDAR,
        ),
    ),
    Letter(
        name="visit_agenda",
        moves=("send_agenda",),
        to=_team_and_hotline,
        values=_values_of_agenda,
        subject=_("%(hotline)s: the agenda of the study visit"),
        body=(
            _(
                "This is the agenda of the study visit at %(hotline)s in the round %(round)s; it takes the place of "
                "earlier ones. Times are local times at the hotline."
            ),
            "{agenda}",
            PAGE,
            CALENDAR,
        ),
    ),
    Letter(
        name="desk_questions",
        subject=_("%(hotline)s: questions before the study visit"),
        body=(
            _(
                "The team of the study visit at %(hotline)s in the round %(round)s has read your self-assessment and "
                "has questions. How many: %(number)s. Answer them before the visit begins, with evidence if there is any."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="desk_answers",
        subject=_("%(hotline)s: your questions are answered"),
        body=(
            _(
                "Every question that the team of the study visit at %(hotline)s in the round %(round)s has sent is "
                "answered. Read the answers in the desk review."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="visit_left",
        moves=("propose", "change_team"),
        to=_former_members,
        subject=_("%(hotline)s: you are no longer on the team"),
        body=(
            _(
                "You are no longer on the team of the study visit at %(hotline)s in the round %(round)s. You need "
                "not keep the days."
            ),
        ),
    ),
    machine=Visit,
    values=_values,
    read_before={"propose": _read_team, "change_team": _read_team},
)

declare_letters(
    "evaluations",
    Letter(
        name="sign_off",
        moves=("sign_off",),
        to=_mce_and_lead,
        page=_scorecard_page,
        subject=_("The findings about %(hotline)s are signed off"),
        body=(
            _(
                "The findings about %(hotline)s in the round %(round)s are signed off. The recommendations are "
                "drafted: edit them if need be, then score the findings and send the draft to the hotline."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    machine=Visit,
    values=_values,
)


# --- The desk review -------------------------------------------------------------------------------------------------


def write_question_letters(visit: Visit, questions: Sequence[DeskQuestion], *, by: User) -> None:
    """Write to the hotline that it has questions, and how many."""
    page = address_of(reverse("workspace:questions", args=[visit.evaluation.uid]))
    values = {**_values_of(visit, by), "page": page, "number": len(questions)}
    for person in people_of(visit.evaluation.hotline):
        if person != by:
            write_letter("desk_questions", values, to=person)


def write_answer_letters(evaluation: Evaluation, *, by: User) -> None:
    """Write to the members of the team who may see it that every question has an answer."""
    visit = Visit.objects.select_related("evaluation__hotline", "evaluation__round").get(evaluation=evaluation)
    values = {**_values_of(visit, by), "page": address_of(reverse("workspace:desk_review", args=[evaluation.uid]))}
    for person in team_of(visit):
        if person != by and is_allowed("evaluation.view", person, visit.evaluation):
            write_letter("desk_answers", values, to=person)
