"""The days of a study visit: suggested by one side and accepted by the other, or changed as agreed by telephone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evaluation.answers.deadline.timing import give_time_to_complete
from evaluation.models import Evaluation, Role, Step, SuggestedDates, TeamMember, User, Visit
from evaluation.models.day_bounds import BOUNDS
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.reasons import Reason
from evaluation.visits.interests import confirm_declared_team
from evaluation.workflow import Act, perform, register_act
from evaluation.workflow.noted_days import Period, note_days, note_periods

Side = SuggestedDates.Side
MOST_SUGGESTIONS = 10
"""The number of open periods that one side may have at once."""
LONGEST_VISIT = 14
"""In days."""
FURTHEST = timedelta(days=BOUNDS["visit.starts_on"].after)
"""How far ahead a visit may begin. A later day is taken for a typing error."""


def side_of(user: User, visit: Visit) -> str:
    """Return the side of a user: the hotline's side for its coordinators, the team's side for all other users."""
    speaks = visit.evaluation.hotline_id in user.hotlines_as(Role.COORDINATOR)
    return Side.HOTLINE if speaks else Side.TEAM


def lock_evaluation(visit: Visit, _by: User | None) -> None:
    """Lock the evaluation of a visit, before the visit is locked."""
    Evaluation.objects.select_for_update().get(pk=visit.evaluation_id)


def lock_people(people: Iterable[User]) -> None:
    """Lock the rows of these users, so that visits arranged concurrently do not get one user for the same day."""
    keys = [person.pk for person in people]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


# --- Reasons against days --------------------------------------------------------------------------------------------


def find_visit_conflicts(evaluation: Evaluation, team: Iterable[User], starts_on: date, ends_on: date) -> list[Reason]:
    """Return a reason for each other visit of a team member on these days, with its hotline and first day.

    Visits without agreed days do not count.
    """
    seats = TeamMember.objects.filter(
        user__in=list(team), visit__starts_on__lte=ends_on, visit__ends_on__gte=starts_on
    ).exclude(visit__evaluation__state=Evaluation.State.EXCUSED)
    seats = seats.exclude(visit__state__in=(Visit.State.PROPOSED, Visit.State.CANCELLED))
    elsewhere = seats.exclude(visit__evaluation=evaluation).select_related("user", "visit__evaluation__hotline")
    return [
        Reason("member_elsewhere", names=(seat.user.name, seat.visit.evaluation.hotline.name), day=seat.visit.starts_on)
        for seat in elsewhere.order_by("visit__starts_on", "pk")
    ]


def find_days_reasons(visit: Visit, starts_on: date, ends_on: date, *, team: Sequence[User]) -> list[Reason]:
    """Return the reasons against these days: in the past, too far ahead, too long, or a member is on another visit."""
    reasons = []
    stays = visit.agreed_days is not None and visit.agreed_days[0] == starts_on
    if starts_on < visit.evaluation.round.today and not stays:
        reasons.append(Reason("visit_in_the_past", day=starts_on))
    if starts_on > (latest := visit.evaluation.round.today + FURTHEST):
        reasons.append(Reason("visit_too_far", day=latest))
    if ends_on < starts_on:
        reasons.append(Reason("ends_before_it_starts"))
    elif (ends_on - starts_on).days >= LONGEST_VISIT:
        reasons.append(Reason("visit_too_long", need=LONGEST_VISIT))
    return reasons + find_visit_conflicts(visit.evaluation, team, starts_on, ends_on)


def team_of(visit: Visit) -> list[User]:
    return [member.user for member in visit.team.select_related("user")]


# --- Suggesting days -------------------------------------------------------------------------------------------------


def suggest_dates(visit: Visit, periods: Iterable[Period], *, by: User, words: str = "") -> Step:
    """Suggest periods to the other side. Raises Refusal."""
    return perform(visit, "suggest_dates", by=by, periods=tuple(dict.fromkeys(periods)), words=words.strip())


def take_back_dates(suggestion: SuggestedDates, *, by: User) -> Step:
    """Withdraw days that the user's own side suggested. Raises Refusal."""
    return perform(suggestion.visit, "take_back_dates", by=by, suggestion=suggestion)


def _open_periods(visit: Visit, by: User) -> set[Period]:
    """Return the open periods that the side of a user has suggested."""
    found = visit.suggested_dates.filter(is_open=True, side=side_of(by, visit))
    return set(found.values_list("starts_on", "ends_on"))


def _may_be_suggested(
    visit: Visit, *, by: User | None, note: str, periods: Sequence[Period], words: str
) -> list[Reason]:
    if by is None:
        return [no_right("visit.agree", by, visit)]
    if not periods:
        return [Reason("no_dates")]
    if len(_open_periods(visit, by).union(periods)) > MOST_SUGGESTIONS:
        return [Reason("too_many_dates", need=MOST_SUGGESTIONS)]
    team = team_of(visit)
    reasons = [reason for period in periods for reason in find_days_reasons(visit, *period, team=team)]
    return list(dict.fromkeys(reasons))


def _name_periods(_visit: Visit, _note: str, *, periods: Sequence[Period], words: str) -> str:
    return note_periods(periods, words)


def _write_suggestions(visit: Visit, step: Step, *, periods: Sequence[Period], words: str) -> None:
    """Store the periods that are not among the open suggestions of this side."""
    by = step.words.by
    assert by is not None  # checked by _may_be_suggested
    side, present = side_of(by, visit), _open_periods(visit, by)
    SuggestedDates.objects.bulk_create(
        SuggestedDates(visit=visit, starts_on=first, ends_on=last, side=side, words=words, by=by, at=step.at)
        for first, last in periods
        if (first, last) not in present
    )


def close_suggestions(visit: Visit) -> None:
    """Close all suggestions for the visit, so that none can be accepted any more."""
    visit.suggested_dates.filter(is_open=True).update(is_open=False)


def _may_be_taken_back(visit: Visit, *, by: User | None, note: str, suggestion: SuggestedDates) -> list[Reason]:
    present = visit.suggested_dates.filter(pk=suggestion.pk, is_open=True).first()
    if present is None:
        return [Reason("dates_not_open")]
    return [] if by and present.side == side_of(by, visit) else [Reason("dates_of_the_other_side")]


def _name_suggestion(_visit: Visit, _note: str, *, suggestion: SuggestedDates) -> str:
    return note_periods([(suggestion.starts_on, suggestion.ends_on)], "")


def _close_suggestion(visit: Visit, _step: Step, *, suggestion: SuggestedDates) -> None:
    visit.suggested_dates.filter(pk=suggestion.pk).update(is_open=False)


register_act(
    Visit.kind,
    "take_back_dates",
    act=Act(check=_may_be_taken_back, note=_name_suggestion, run=_close_suggestion),
)
register_act(
    Visit.kind,
    "suggest_dates",
    act=Act(lock=lock_evaluation, check=_may_be_suggested, note=_name_periods, run=_write_suggestions),
)


# --- Agreeing on days, and changing them -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreement:
    """The days on which both sides agree: those of `suggestion`, or those agreed by telephone with `agreed_with`."""

    starts_on: date
    ends_on: date
    suggestion: SuggestedDates | None = None
    agreed_with: str = ""


def accept_dates(suggestion: SuggestedDates, *, by: User) -> Step:
    """Accept days that the other side suggested. Raises Refusal."""
    agreement = Agreement(suggestion.starts_on, suggestion.ends_on, suggestion)
    return perform(suggestion.visit, "agree_dates", by=by, wanted=agreement)


def change_dates(visit: Visit, starts_on: date, ends_on: date, *, agreed_with: str, reason: str, by: User) -> Step:
    """Change the days of a visit to others on which both sides have agreed, with the reason. Raises Refusal."""
    return perform(
        visit, "change_dates", by=by, note=reason, wanted=Agreement(starts_on, ends_on, agreed_with=agreed_with)
    )


def _find_consent_reasons(visit: Visit, by: User | None, wanted: Agreement) -> list[Reason]:
    """Return why the other side has not agreed. A user cannot accept the suggestion of their own side."""
    if wanted.suggestion is None:
        if not is_allowed("visit.arrange", by, visit):
            return [no_right("visit.arrange", by, visit)]
        return [] if wanted.agreed_with.strip() else [Reason("nobody_agreed")]
    present = visit.suggested_dates.filter(pk=wanted.suggestion.pk, is_open=True).first()
    if present is None:
        return [Reason("dates_not_open")]
    return [Reason("own_dates")] if by is None or present.side == side_of(by, visit) else []


def _may_be_agreed(visit: Visit, *, by: User | None, note: str, wanted: Agreement) -> list[Reason]:
    team = team_of(visit)
    lock_people(team)
    days = find_days_reasons(visit, wanted.starts_on, wanted.ends_on, team=team)
    return _find_consent_reasons(visit, by, wanted) + days


def _note_agreement(_visit: Visit, note: str, *, wanted: Agreement) -> str:
    words = ". ".join(part for part in (wanted.agreed_with.strip(), note.strip()) if part)
    return note_days(wanted.starts_on, wanted.ends_on, words)


def _set_days(visit: Visit, *, by: User | None, wanted: Agreement) -> None:
    visit.starts_on, visit.ends_on = wanted.starts_on, wanted.ends_on
    close_suggestions(visit)


def _confirm_team(visit: Visit, step: Step, *, wanted: Agreement) -> None:
    """Confirm the team if every member has declared already."""
    confirm_declared_team(visit, step)


register_act(
    Visit.kind,
    "agree_dates",
    act=Act(lock=lock_evaluation, check=_may_be_agreed, note=_note_agreement, prepare=_set_days, run=_confirm_team),
)
register_act(
    Visit.kind,
    "change_dates",
    act=Act(lock=lock_evaluation, check=_may_be_agreed, note=_note_agreement, prepare=_set_days),
)


def _find_other_visits(evaluation: Evaluation, *, by: User | None, note: str) -> list[Reason]:
    """Return reasons for other visits on the same days that team members accepted while the hotline was excused."""
    visit = evaluation.arranged_visit
    if visit is None or visit.agreed_days is None:
        return []
    team = team_of(visit)
    lock_people(team)
    return find_visit_conflicts(evaluation, team, *visit.agreed_days)


register_act(Evaluation.kind, "readmit", act=Act(check=_find_other_visits, prepare=give_time_to_complete))
