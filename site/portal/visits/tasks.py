"""What is to be done next about a study visit: planned by turns, begun, recorded and signed off."""

from collections.abc import Iterator, Sequence

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation import queries
from evaluation.models import Agenda, DeskMark, Evaluation, Role, TeamMember, User, Visit
from evaluation.models.people.permissions import is_allowed
from evaluation.visits.dates import Side
from evaluation.visits.desk_review import count_awaited, is_desk_open, unsent_questions
from evaluation.visits.turns import RIGHTS, Turn, at_turn, find_turn, may_declare, open_suggestions
from portal.tasks import (
    Line,
    Listing,
    Pending,
    Stream,
    Task,
    TaskKind,
    TaskSearch,
    Waiting,
    begin_in,
    end_in,
    list_evaluations,
    since_it_came,
)
from portal.visits.shown.days import describe_days

State = Evaluation.State

ARRANGE = Task(
    "visit.arrange",
    "arrange_visit",
    gettext_lazy("Arrange the visit"),
    gettext_lazy("The study visit is arranged next"),
    gettext_lazy("The study visit is arranged next"),
)
TURNS = {
    "propose": Task(
        RIGHTS["propose"],
        "arrange_visit",
        gettext_lazy("Propose the visit"),
        gettext_lazy("Propose the study visit anew"),
        gettext_lazy("The study visit is cancelled"),
    ),
    "change_team": Task(
        RIGHTS["change_team"],
        "change_team",
        gettext_lazy("Change the team"),
        gettext_lazy("Change the team of the study visit"),
        gettext_lazy("Missing Children Europe changes the team of the study visit"),
    ),
    "suggest": Task(
        RIGHTS["suggest"],
        "suggest_dates",
        gettext_lazy("Suggest days"),
        gettext_lazy("Suggest days for the study visit"),
        gettext_lazy("The team and Missing Children Europe suggest days for the study visit"),
    ),
    "answer": Task(
        RIGHTS["answer"],
        "visit",
        gettext_lazy("To the days"),
        gettext_lazy("Accept suggested days, or suggest others"),
        gettext_lazy("The team and Missing Children Europe answer the suggested days"),
    ),
    "declare": Task(
        RIGHTS["declare"],
        "declare_interests",
        gettext_lazy("Declare"),
        gettext_lazy("Declare whether anything ties you to this hotline"),
        gettext_lazy("The team declares whether anything ties it to this hotline"),
    ),
    "send_agenda": Task(
        RIGHTS["send_agenda"],
        "agenda",
        gettext_lazy("To the agenda"),
        gettext_lazy("Write the agenda and send it"),
        gettext_lazy("The study visit is planned, and its agenda is sent next"),
    ),
    "begin": Task(
        RIGHTS["begin"],
        "visit",
        gettext_lazy("To the visit"),
        gettext_lazy("Begin the study visit"),
        gettext_lazy("The study visit is planned"),
    ),
}
"""The tasks of the planning by the code of their turn."""
FOLLOW_UP = Task("evaluation.run", "evaluation", gettext_lazy("To the evaluation"))
READ = Task("visit.observe", "desk_review", gettext_lazy("To the desk review"))
RECORD = Task("visit.observe", "visit", gettext_lazy("To the visit"))
SIGN_OFF = Task("visit.sign_off", "visit", gettext_lazy("To the visit"))


def page_of(code: str, visit: Visit) -> str:
    """Return the URL of the page on which the task of a turn with this code is done."""
    if code == "change_team" and visit.state == Visit.State.PROPOSED:
        code = "propose"  # there are no days yet, and the proposal is changed as a whole
    page = TURNS[code].url(visit.evaluation)
    return f"{page}#dates" if code == "answer" else page


# --- Lists -----------------------------------------------------------------------------------------------------------

_VISITED_IN = (State.DESK_REVIEW, State.STUDY_VISIT)


def _with_visit(search: TaskSearch, evaluations: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    """Return those that prepare or make a visit, each with the time since when the visit is in its state."""
    found = search.among(evaluations).filter(state__in=_VISITED_IN)
    return found.annotate(since=queries.state_since(Visit.kind, "visit__uid"))


def _of_turn(code: str, evaluation: Evaluation, pending: Pending, why: str) -> Waiting:
    name, url = evaluation.hotline.name, page_of(code, evaluation.visit)
    return Waiting(evaluation.visit, name, url, pending.since, why, act=TURNS[code].act)


def _find_followed_up(search: TaskSearch) -> Iterator[Stream]:
    """Yield follow-up visits of accredited hotlines in preparation: most have no new submission."""
    found = since_it_came(search, queries.run_by(search.user))
    yield Stream(found.filter(queries.followed_up(), state=State.DESK_REVIEW))


def _find_not_arranged(search: TaskSearch) -> Iterator[Stream]:
    """Yield evaluations without a visit, then cancelled visits, then those whose team cannot go on."""
    arranged = queries.run_by(search.user)
    yield Stream(since_it_came(search, arranged).filter(state__in=_VISITED_IN, visit=None))
    if Visit.State.CANCELLED in search.visit_states:
        yield Stream(_with_visit(search, arranged).filter(at_turn("propose")))
    if not search.visit_states.isdisjoint((*Visit.BEFORE_IT_BEGINS, *Visit.HELD)):
        yield Stream(_with_visit(search, arranged).filter(at_turn("change_team")))


def _read_not_arranged(search: TaskSearch, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    for one in pending:
        evaluation = search.shown[one.key]
        visit = evaluation.arranged_visit
        if visit is None:
            yield one.key, ARRANGE.waiting(evaluation, one.since, _("It has no day and no team."))
        elif visit.state == Visit.State.CANCELLED:
            yield one.key, _of_turn("propose", evaluation, one, _("The visit was cancelled."))
        else:
            why = _("Nobody leads the team, or somebody on it has a stake.")
            yield one.key, _of_turn("change_team", evaluation, one, why)


def _find_without_days(search: TaskSearch) -> Iterator[Stream]:
    """Yield visits for which nobody has suggested days, then those whose newest suggestion the other side made.

    As in `side_of`, a user speaks for the hotlines whose coordinator they are.
    """
    speaks = Q(hotline__in=search.user.hotlines_as(Role.COORDINATOR))
    planned = _with_visit(search, queries.agreed_by(search.user))
    yield Stream(planned.filter(~speaks, at_turn("suggest")))
    suggested = planned.filter(at_turn("answer")).annotate(
        side=Subquery(open_suggestions().values("side")[:1]), since=Subquery(open_suggestions().values("at")[:1])
    )
    yield Stream(suggested.filter((speaks & Q(side=Side.TEAM)) | (~speaks & Q(side=Side.HOTLINE))))


def _read_without_days(search: TaskSearch, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    for one in pending:
        code, why = (
            ("suggest", _("Nobody has suggested any days."))
            if one.stream == 0
            else ("answer", _("The hotline has suggested days."))
        )
        yield one.key, _of_turn(code, search.shown[one.key], one, why)


def _find_undeclared(search: TaskSearch) -> Iterator[Stream]:
    """Yield the planned visits for which the user has not declared. Members can declare as soon as they are proposed."""
    own = TeamMember.objects.filter(visit__evaluation=OuterRef("pk"), user=search.user, declared_at=None)
    planned = _with_visit(search, queries.observed_by(search.user))
    suggested_at = Subquery(open_suggestions().values("at")[:1])
    since = Case(When(at_turn("answer"), then=suggested_at), default=queries.state_since(Visit.kind, "visit__uid"))
    yield Stream(planned.filter(Exists(own), visit__state__in=Visit.BEFORE_IT_BEGINS).annotate(since=since))


def _find_without_agenda(search: TaskSearch) -> Iterator[Stream]:
    planned = _with_visit(search, queries.verified_by(search.user)).filter(visit__state__in=Visit.WITH_DAYS)
    is_written = Exists(Agenda.objects.filter(visit__evaluation=OuterRef("pk")))
    yield Stream(planned.filter(Q(~is_written) | Q(visit__state=Visit.State.TEAM_CONFIRMED)))


def _why_without_agenda(evaluation: Evaluation, _pending: Pending) -> str:
    first = evaluation.visit.starts_on
    assert first is not None  # its days are agreed
    return _("The visit begins on %(day)s.") % {"day": date_format(first)}


def _find_to_read(search: TaskSearch) -> Iterator[Stream]:
    """Yield the future visits whose questions are not sent, or for which the user has marked no answers."""
    ahead = _with_visit(search, queries.observed_by(search.user)).filter(visit__state__in=Visit.BEFORE_IT_BEGINS)
    is_unsent = Exists(unsent_questions().filter(evaluation=OuterRef("pk")))
    is_marked = Exists(DeskMark.objects.filter(evaluation=OuterRef("pk"), by=search.user))
    yield Stream(ahead.filter(Q(is_unsent) | Q(~is_marked)))


def _read_to_read(search: TaskSearch, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    unsent = unsent_questions().filter(evaluation__in=[one.key for one in pending])
    keys = set(unsent.values_list("evaluation", flat=True))
    for one in pending:
        why = _("Questions of the team are not sent yet.") if one.key in keys else _("You have marked nothing yet.")
        yield one.key, READ.waiting(search.shown[one.key], one.since, why)


def _find_to_begin(search: TaskSearch) -> Iterator[Stream]:
    planned = (Visit.State.TEAM_CONFIRMED, Visit.State.AGENDA_SENT)
    found = search.among(queries.observed_by(search.user)).filter(state=State.STUDY_VISIT, visit__state__in=planned)
    begun = found.annotate(since=F("visit__starts_on"))
    yield from search.by_day(lambda zone, today: begun.filter(round__time_zone=zone, since__lte=today), begin_in)


def _find_to_record(search: TaskSearch) -> Iterator[Stream]:
    """Yield the visits under way on which the user has not finished, as in `is_recording`."""
    own = TeamMember.objects.filter(visit__evaluation=OuterRef("pk"), user=search.user, finished_at=None)
    found = _with_visit(search, queries.observed_by(search.user)).filter(
        Exists(own), visit__state=Visit.State.UNDER_WAY
    )
    begun = found.annotate(since=F("visit__starts_on"))
    yield from search.by_day(lambda zone, _today: begun.filter(round__time_zone=zone), begin_in)


def _find_to_sign_off(search: TaskSearch) -> Iterator[Stream]:
    entered = _with_visit(search, queries.observed_by(search.user, as_lead=True))
    found = entered.filter(visit__state=Visit.State.FINDINGS_ENTERED).annotate(since=F("visit__ends_on"))
    yield from search.by_day(lambda zone, today: found.filter(round__time_zone=zone, since__lt=today), end_in)


TASKS = (
    TaskKind(
        "follow_ups",
        gettext_lazy("Follow-up visits to prepare"),
        FOLLOW_UP,
        list_evaluations(
            FOLLOW_UP,
            _find_followed_up,
            lambda *_given: _("The hotline is accredited. Arrange the visit, then send the team."),
            State.DESK_REVIEW,
        ),
    ),
    TaskKind(
        "visits",
        gettext_lazy("Visits to arrange"),
        ARRANGE,
        Listing(_find_not_arranged, _read_not_arranged, _VISITED_IN, is_about_evaluations=True),
    ),
    TaskKind(
        "days",
        gettext_lazy("Days of visits to agree on"),
        TURNS["answer"],
        Listing(
            _find_without_days, _read_without_days, _VISITED_IN, (Visit.State.PROPOSED,), is_about_evaluations=True
        ),
    ),
    TaskKind(
        "interests",
        gettext_lazy("Interests to declare"),
        TURNS["declare"],
        list_evaluations(
            TURNS["declare"],
            _find_undeclared,
            lambda *_given: _("The visit goes on when everybody on the team has declared."),
            *_VISITED_IN,
            visit_states=Visit.BEFORE_IT_BEGINS,
        ),
    ),
    TaskKind(
        "agendas",
        gettext_lazy("Agendas to write and send"),
        TURNS["send_agenda"],
        list_evaluations(
            TURNS["send_agenda"],
            _find_without_agenda,
            _why_without_agenda,
            *_VISITED_IN,
            visit_states=Visit.WITH_DAYS,
        ),
    ),
    TaskKind(
        "desk",
        gettext_lazy("Answers to read"),
        READ,
        Listing(_find_to_read, _read_to_read, _VISITED_IN, Visit.BEFORE_IT_BEGINS, is_about_evaluations=True),
    ),
    TaskKind(
        "begin",
        gettext_lazy("Visits to begin"),
        TURNS["begin"],
        list_evaluations(
            TURNS["begin"],
            _find_to_begin,
            lambda _visited, pending: _("It was to begin on %(day)s.") % {"day": date_format(pending.day)},
            State.STUDY_VISIT,
            visit_states=Visit.WITH_DAYS,
        ),
    ),
    TaskKind(
        "record",
        gettext_lazy("Findings to record"),
        RECORD,
        list_evaluations(
            RECORD,
            _find_to_record,
            lambda _visited, pending: _("The visit began on %(day)s.") % {"day": date_format(pending.day)},
            *_VISITED_IN,
            visit_states=(Visit.State.UNDER_WAY,),
        ),
    ),
    TaskKind(
        "findings",
        gettext_lazy("Findings to sign off"),
        SIGN_OFF,
        list_evaluations(
            SIGN_OFF,
            _find_to_sign_off,
            lambda _visited, pending: _("The visit ended on %(day)s.") % {"day": date_format(pending.day)},
            *_VISITED_IN,
            visit_states=(Visit.State.FINDINGS_ENTERED,),
        ),
    ),
)


# --- Lines -----------------------------------------------------------------------------------------------------------


def lines_of_visit(evaluation: Evaluation, user: User) -> list[Line]:
    """Return the lines of an evaluation that prepares or makes a visit: open questions, and what the visit waits for."""
    return [*_questions(evaluation, user), _line_of_state(evaluation, user)]


def lines_of_turn(visit: Visit, user: User) -> list[Line]:
    """Return the line of the turn for the page of a visit, and one for a member who may declare before their turn.

    Nothing if there is no turn: see `find_turn`.
    """
    turn = _turn_of(visit)
    if turn is None:
        return []
    lines = [_line_of_turn(turn, visit, user)]
    if turn.code != "declare" and may_declare(visit, user):
        lines.append(TURNS["declare"].own_line(visit.evaluation))
    return lines


def _turn_of(visit: Visit) -> Turn | None:
    prefetch_related_objects([visit], Prefetch("team", TeamMember.objects.select_related("user")))
    return find_turn(visit)


def _questions(evaluation: Evaluation, user: User) -> Iterator[Line]:
    """Yield the line about questions of the desk review that the hotline has yet to answer."""
    count = count_awaited(evaluation) if is_desk_open(evaluation.arranged_visit) else 0
    if not count:
        return
    url = reverse("workspace:questions", args=[evaluation.uid])
    if not is_allowed("evaluation.answer", user, evaluation):
        words = ngettext("The hotline answers %(n)d question", "The hotline answers %(n)d questions", count)
        yield Line(what=words % {"n": count}, url=url)
        return
    words = ngettext("The team of the visit asks %(n)d question", "The team of the visit asks %(n)d questions", count)
    yield Line(
        what=words % {"n": count},
        why=_("Answer before the visit begins, with evidence if there is any."),
        url=url,
        act=_("Answer"),
        kind="info",
    )


def _line_of_state(evaluation: Evaluation, user: User) -> Line:
    """Return the line about the state of the visit and whose turn it is."""
    visit = evaluation.arranged_visit
    if visit is None:
        return ARRANGE.line(evaluation, user, _("Missing Children Europe names the team and the days."))
    url = reverse("workspace:visit", args=[evaluation.uid])
    if turn := _turn_of(visit):
        return _line_of_turn(turn, visit, user, url)
    what = {
        Visit.State.UNDER_WAY: _("The study visit is under way"),
        Visit.State.FINDINGS_ENTERED: _("The assessors agree on their findings"),
        Visit.State.SIGNED_OFF: _("The findings are signed off"),
    }[Visit.State(visit.state)]
    return Line(what=what, why=describe_days(visit), url=url)


def _line_of_turn(turn: Turn, visit: Visit, user: User, url_of_others: str = "") -> Line:
    task = TURNS[turn.code]
    since = _("Since %(when)s.") % {"when": date_format(timezone.localtime(turn.since))} if turn.since else ""
    why = " ".join(part for part in (_why(turn, visit), since) if part)
    if turn.is_of(user, visit) and (turn.code != "begin" or _may_begin(visit)):
        return task.own_line(visit.evaluation, why, url=page_of(turn.code, visit), is_main=True)
    waits = task.waits
    if turn.code == "answer" and turn.side == Side.HOTLINE:
        waits = _("The hotline answers the suggested days")
    return Line(what=str(waits), why=why, url=url_of_others)


def _may_begin(visit: Visit) -> bool:
    first = visit.agreed_days[0] if visit.agreed_days else None
    evaluation = visit.evaluation
    return first is not None and evaluation.state == State.STUDY_VISIT and first <= evaluation.round.today


def _why(turn: Turn, visit: Visit) -> str:
    if turn.code == "propose":
        return _("Missing Children Europe can propose it anew.")
    if turn.code == "change_team":
        return _("Nobody leads it, or somebody on it has a stake in this hotline.")
    if turn.code == "declare" and turn.people:
        return _("Not declared yet: %(names)s.") % {"names": ", ".join(person.name for person in turn.people)}
    return f"{describe_days(visit)}." if visit.agreed_days else ""
