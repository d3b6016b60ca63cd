"""What waits in the stages of an evaluation, and in its visit."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import queries
from evaluation.answers.deadline.timing import with_last_day
from evaluation.answers.returned_answers import find_returned_codes
from evaluation.models import Agenda, DeskMark, Evaluation, Role, Round, TeamMember, Visit
from evaluation.rounds.planning import without_people
from evaluation.visits.dates import Side
from evaluation.visits.desk_review import unsent_questions
from evaluation.visits.turns import at_turn, open_suggestions
from portal.today.source import Desk, Listing, Pending, Source, Stream, Waiting, begin_in, end_in
from portal.visits.shown.turns import page_of
from standards.models import Edition

State = Evaluation.State
Evaluations = QuerySet[Evaluation]
Find = Callable[[Desk], Iterable[Stream]]


def list_evaluations(
    find: Find,
    describe: Callable[[Evaluation, Pending], Waiting],
    *stages: str,
    visit_states: tuple[str, ...] = (),
) -> Listing:
    """Return a listing of evaluations in these stages, each of which is described by itself."""

    def read(desk: Desk, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
        for one in pending:
            yield one.key, describe(desk.shown[one.key], one)

    return Listing(find, read, stages, visit_states, is_about_evaluations=True)


def about(evaluation: Evaluation, pending: Pending, view: str, why: str = "", *, is_late: bool = False) -> Waiting:
    """Return the row of an evaluation, with the URL of a page about it."""
    url = reverse(f"workspace:{view}", args=[evaluation.uid])
    return Waiting(evaluation, evaluation.hotline.name, url, pending.since, why, is_late=is_late)


def since_it_came(desk: Desk, evaluations: Evaluations) -> Evaluations:
    """Return those of the evaluations that the desk is about, each with the time since when it is in its stage."""
    return desk.among(evaluations).annotate(since=queries.came_at())


# --- Before the visit ------------------------------------------------------------------------------------------------


def _find_without_traits(desk: Desk) -> Iterator[Stream]:
    editions = [edition for edition in Edition.objects.defer("structure") if edition.framework.traits]
    if editions:
        found = since_it_came(desk, queries.run_by(desk.user))
        yield Stream(found.filter(state=State.SELF_ASSESSMENT, traits=None, round__edition__in=editions))


def _describe_without_traits(evaluation: Evaluation, pending: Pending) -> Waiting:
    return about(evaluation, pending, "traits", _("Until then it is asked everything, and cannot submit."))


def _find_submitted(desk: Desk) -> Iterator[Stream]:
    found = since_it_came(desk, queries.run_by(desk.user))
    yield Stream(found.filter(~queries.followed_up(), state=State.DESK_REVIEW))


def _read_submitted(desk: Desk, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    returned = find_returned_codes(desk.shown[one.key] for one in pending)
    for one in pending:
        codes = returned.get(one.key)
        why = _("It is submitted again. Sent back were: %(codes)s.") % {"codes": ", ".join(codes)} if codes else ""
        yield one.key, about(desk.shown[one.key], one, "submissions" if codes else "evaluation", why)


def _find_followed_up(desk: Desk) -> Iterator[Stream]:
    """Yield follow-up visits of accredited hotlines in preparation: most have no new submission."""
    found = since_it_came(desk, queries.run_by(desk.user))
    yield Stream(found.filter(queries.followed_up(), state=State.DESK_REVIEW))


def _describe_followed_up(evaluation: Evaluation, pending: Pending) -> Waiting:
    why = _("The hotline is accredited. Arrange the visit, then send the team.")
    return about(evaluation, pending, "evaluation", why)


def _open_with_last_day(desk: Desk) -> QuerySet[Any]:
    open_ = queries.run_by(desk.user).filter(state=State.SELF_ASSESSMENT)
    return with_last_day(desk.among(open_), desk.zones)


def _find_late(desk: Desk) -> Iterator[Stream]:
    open_ = _open_with_last_day(desk).annotate(since=F("last_day"))
    yield from desk.by_day(lambda zone, today: open_.filter(round__time_zone=zone, last_day__lt=today), end_in)


def _describe_late(evaluation: Evaluation, pending: Pending) -> Waiting:
    why = _("The last day was %(day)s.") % {"day": date_format(pending.day)}
    return about(evaluation, pending, "evaluation", why, is_late=True)


def _find_without_last_day(desk: Desk) -> Iterator[Stream]:
    yield Stream(_open_with_last_day(desk).filter(last_day=None).annotate(since=queries.came_at()))


def _describe_without_last_day(evaluation: Evaluation, pending: Pending) -> Waiting:
    return about(evaluation, pending, "extend", _("It came back after its last day. Set another."))


def _find_unreached(desk: Desk) -> Iterator[Stream]:
    waiting = Evaluation.objects.filter(without_people(), state__in=(State.SELF_ASSESSMENT, State.RESPONSE))
    yield Stream(since_it_came(desk, waiting))


def _describe_unreached(evaluation: Evaluation, pending: Pending) -> Waiting:
    return about(evaluation, pending, "evaluation", _("Nobody has a role there, so that no letter reaches it."))


# --- The visit -------------------------------------------------------------------------------------------------------


_VISITED_IN = (State.DESK_REVIEW, State.STUDY_VISIT)


def _with_visit(desk: Desk, evaluations: Evaluations) -> Evaluations:
    """Return those that prepare or make a visit, each with the time since when the visit is in its state."""
    found = desk.among(evaluations).filter(state__in=_VISITED_IN)
    return found.annotate(since=queries.state_since(Visit.kind, "visit__uid"))


def _on_visit(evaluation: Evaluation, pending: Pending, url: str, why: str) -> Waiting:
    return Waiting(evaluation.visit, evaluation.hotline.name, url, pending.since, why)


def _find_not_arranged(desk: Desk) -> Iterator[Stream]:
    """Yield evaluations without a visit, then cancelled visits, then those whose team cannot go on."""
    arranged = queries.run_by(desk.user)
    yield Stream(since_it_came(desk, arranged).filter(state__in=_VISITED_IN, visit=None))
    if Visit.State.CANCELLED in desk.visit_states:
        yield Stream(_with_visit(desk, arranged).filter(at_turn("propose")))
    if not desk.visit_states.isdisjoint((*Visit.BEFORE_IT_BEGINS, *Visit.HELD)):
        yield Stream(_with_visit(desk, arranged).filter(at_turn("change_team")))


def _describe_not_arranged(evaluation: Evaluation, pending: Pending) -> Waiting:
    visit = evaluation.arranged_visit
    if visit is None:
        return about(evaluation, pending, "arrange_visit", _("It has no day and no team."))
    if visit.state == Visit.State.CANCELLED:
        return _on_visit(evaluation, pending, page_of("propose", visit), _("The visit was cancelled."))
    why = _("Nobody leads the team, or somebody on it has a stake.")
    return _on_visit(evaluation, pending, page_of("change_team", visit), why)


def _find_without_days(desk: Desk) -> Iterator[Stream]:
    """Yield visits for which nobody has suggested days, then those whose newest suggestion the other side made.

    As in `side_of`, a user speaks for the hotlines whose coordinator they are.
    """
    speaks = Q(hotline__in=desk.user.hotlines_as(Role.COORDINATOR))
    planned = _with_visit(desk, queries.agreed_by(desk.user))
    yield Stream(planned.filter(~speaks, at_turn("suggest")))
    suggested = planned.filter(at_turn("answer")).annotate(
        side=Subquery(open_suggestions().values("side")[:1]), since=Subquery(open_suggestions().values("at")[:1])
    )
    yield Stream(suggested.filter((speaks & Q(side=Side.TEAM)) | (~speaks & Q(side=Side.HOTLINE))))


def _describe_without_days(evaluation: Evaluation, pending: Pending) -> Waiting:
    if pending.stream == 0:
        url = page_of("suggest", evaluation.visit)
        return _on_visit(evaluation, pending, url, _("Nobody has suggested any days."))
    return _on_visit(evaluation, pending, page_of("answer", evaluation.visit), _("The hotline has suggested days."))


def _find_undeclared(desk: Desk) -> Iterator[Stream]:
    """Yield the planned visits for which the user has not declared. Members can declare as soon as they are proposed."""
    own = TeamMember.objects.filter(visit__evaluation=OuterRef("pk"), user=desk.user, declared_at=None)
    planned = _with_visit(desk, queries.observed_by(desk.user))
    suggested_at = Subquery(open_suggestions().values("at")[:1])
    since = Case(When(at_turn("answer"), then=suggested_at), default=queries.state_since(Visit.kind, "visit__uid"))
    yield Stream(planned.filter(Exists(own), visit__state__in=Visit.BEFORE_IT_BEGINS).annotate(since=since))


def _describe_undeclared(evaluation: Evaluation, pending: Pending) -> Waiting:
    url = reverse("workspace:declare_interests", args=[evaluation.uid])
    return _on_visit(evaluation, pending, url, _("The visit goes on when everybody on the team has declared."))


def _find_without_agenda(desk: Desk) -> Iterator[Stream]:
    planned = _with_visit(desk, queries.verified_by(desk.user)).filter(visit__state__in=Visit.WITH_DAYS)
    is_written = Exists(Agenda.objects.filter(visit__evaluation=OuterRef("pk")))
    yield Stream(planned.filter(Q(~is_written) | Q(visit__state=Visit.State.TEAM_CONFIRMED)))


def _describe_without_agenda(evaluation: Evaluation, pending: Pending) -> Waiting:
    first = evaluation.visit.starts_on
    assert first is not None  # its days are agreed
    why = _("The visit begins on %(day)s.") % {"day": date_format(first)}
    return _on_visit(evaluation, pending, reverse("workspace:agenda", args=[evaluation.uid]), why)


def _find_to_read(desk: Desk) -> Iterator[Stream]:
    """Yield the future visits whose questions are not sent, or for which the user has marked no answers."""
    ahead = _with_visit(desk, queries.observed_by(desk.user)).filter(visit__state__in=Visit.BEFORE_IT_BEGINS)
    is_unsent = Exists(unsent_questions().filter(evaluation=OuterRef("pk")))
    is_marked = Exists(DeskMark.objects.filter(evaluation=OuterRef("pk"), by=desk.user))
    yield Stream(ahead.filter(Q(is_unsent) | Q(~is_marked)))


def _read_to_read(desk: Desk, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
    unsent = unsent_questions().filter(evaluation__in=[one.key for one in pending])
    keys = set(unsent.values_list("evaluation", flat=True))
    for one in pending:
        evaluation = desk.shown[one.key]
        why = _("Questions of the team are not sent yet.") if one.key in keys else _("You have marked nothing yet.")
        yield one.key, _on_visit(evaluation, one, reverse("workspace:desk_review", args=[evaluation.uid]), why)


def _find_to_begin(desk: Desk) -> Iterator[Stream]:
    planned = (Visit.State.TEAM_CONFIRMED, Visit.State.AGENDA_SENT)
    found = desk.among(queries.observed_by(desk.user)).filter(state=State.STUDY_VISIT, visit__state__in=planned)
    begun = found.annotate(since=F("visit__starts_on"))
    yield from desk.by_day(lambda zone, today: begun.filter(round__time_zone=zone, since__lte=today), begin_in)


def _describe_to_begin(evaluation: Evaluation, pending: Pending) -> Waiting:
    why = _("It was to begin on %(day)s.") % {"day": date_format(pending.day)}
    return _on_visit(evaluation, pending, reverse("workspace:visit", args=[evaluation.uid]), why)


def _find_to_record(desk: Desk) -> Iterator[Stream]:
    """Yield the visits under way on which the user has not finished, as in `is_recording`."""
    own = TeamMember.objects.filter(visit__evaluation=OuterRef("pk"), user=desk.user, finished_at=None)
    found = _with_visit(desk, queries.observed_by(desk.user)).filter(Exists(own), visit__state=Visit.State.UNDER_WAY)
    begun = found.annotate(since=F("visit__starts_on"))
    yield from desk.by_day(lambda zone, _today: begun.filter(round__time_zone=zone), begin_in)


def _describe_to_record(evaluation: Evaluation, pending: Pending) -> Waiting:
    why = _("The visit began on %(day)s.") % {"day": date_format(pending.day)}
    return _on_visit(evaluation, pending, reverse("workspace:visit", args=[evaluation.uid]), why)


def _find_to_sign_off(desk: Desk) -> Iterator[Stream]:
    entered = _with_visit(desk, queries.observed_by(desk.user, as_lead=True))
    found = entered.filter(visit__state=Visit.State.FINDINGS_ENTERED).annotate(since=F("visit__ends_on"))
    yield from desk.by_day(lambda zone, today: found.filter(round__time_zone=zone, since__lt=today), end_in)


def _describe_to_sign_off(evaluation: Evaluation, pending: Pending) -> Waiting:
    why = _("The visit ended on %(day)s.") % {"day": date_format(pending.day)}
    return _on_visit(evaluation, pending, reverse("workspace:visit", args=[evaluation.uid]), why)


# --- After the visit -------------------------------------------------------------------------------------------------


def _find_to_score(desk: Desk) -> Iterator[Stream]:
    yield Stream(since_it_came(desk, queries.judged_by(desk.user)).filter(state=State.REPORT))


def _describe_to_score(evaluation: Evaluation, pending: Pending) -> Waiting:
    return about(evaluation, pending, "scorecard")


def _find_without_response(desk: Desk) -> Iterator[Stream]:
    waiting = desk.among(queries.run_by(desk.user)).filter(state=State.RESPONSE).annotate(since=F("respond_by"))
    yield from desk.by_day(lambda zone, today: waiting.filter(round__time_zone=zone, since__lt=today), end_in)


def _describe_without_response(evaluation: Evaluation, pending: Pending) -> Waiting:
    why = _("The hotline had until %(day)s.") % {"day": date_format(pending.day)}
    return about(evaluation, pending, "evaluation", why, is_late=True)


def _find_without_replies(desk: Desk) -> Iterator[Stream]:
    yield Stream(since_it_came(desk, queries.replied_by(desk.user)).filter(queries.awaiting_replies()))


def _describe_without_replies(evaluation: Evaluation, pending: Pending) -> Waiting:
    why = _("The hotline contests what was found. The panel votes when it has the answers.")
    return about(evaluation, pending, "replies", why)


def _rounds_to_close(_desk: Desk) -> Iterator[Waiting]:
    over = (State.PUBLISHED, State.EXCUSED)
    under_way = Evaluation.objects.exclude(state__in=over).exclude(queries.followed_up()).values("round")
    for round_ in Round.objects.filter(state=Round.State.OPEN).exclude(pk__in=under_way):
        url = reverse("workspace:board", args=[round_.uid])
        yield Waiting(round_, round_.name, url, None, _("Every outcome is published, or the hotline excused."))


SOURCES = (
    Source(
        "late",
        gettext_lazy("Late self-assessments"),
        gettext_lazy("To the evaluation"),
        "evaluation.run",
        list_evaluations(_find_late, _describe_late, State.SELF_ASSESSMENT),
    ),
    Source(
        "undated",
        gettext_lazy("Last days to set"),
        gettext_lazy("Give more time"),
        "evaluation.run",
        list_evaluations(_find_without_last_day, _describe_without_last_day, State.SELF_ASSESSMENT),
    ),
    Source(
        "traits",
        gettext_lazy("Traits to be stated"),
        gettext_lazy("State the traits"),
        "evaluation.run",
        list_evaluations(_find_without_traits, _describe_without_traits, State.SELF_ASSESSMENT),
    ),
    Source(
        "unreached",
        gettext_lazy("Hotlines without people"),
        gettext_lazy("To the evaluation"),
        "people.invite",
        list_evaluations(_find_unreached, _describe_unreached, State.SELF_ASSESSMENT, State.RESPONSE),
    ),
    Source(
        "review",
        gettext_lazy("Submitted self-assessments"),
        gettext_lazy("Read"),
        "evaluation.run",
        Listing(_find_submitted, _read_submitted, (State.DESK_REVIEW,), is_about_evaluations=True),
    ),
    Source(
        "follow_ups",
        gettext_lazy("Follow-up visits to prepare"),
        gettext_lazy("To the evaluation"),
        "evaluation.run",
        list_evaluations(_find_followed_up, _describe_followed_up, State.DESK_REVIEW),
    ),
    Source(
        "visits",
        gettext_lazy("Visits to arrange"),
        gettext_lazy("Arrange the visit"),
        "visit.arrange",
        list_evaluations(_find_not_arranged, _describe_not_arranged, *_VISITED_IN),
    ),
    Source(
        "days",
        gettext_lazy("Days of visits to agree on"),
        gettext_lazy("To the days"),
        "visit.agree",
        list_evaluations(
            _find_without_days, _describe_without_days, *_VISITED_IN, visit_states=(Visit.State.PROPOSED,)
        ),
    ),
    Source(
        "interests",
        gettext_lazy("Interests to declare"),
        gettext_lazy("Declare"),
        "visit.step_aside",
        list_evaluations(_find_undeclared, _describe_undeclared, *_VISITED_IN, visit_states=Visit.BEFORE_IT_BEGINS),
    ),
    Source(
        "agendas",
        gettext_lazy("Agendas to write and send"),
        gettext_lazy("Write the agenda"),
        "visit.plan",
        list_evaluations(_find_without_agenda, _describe_without_agenda, *_VISITED_IN, visit_states=Visit.WITH_DAYS),
    ),
    Source(
        "desk",
        gettext_lazy("Answers to read"),
        gettext_lazy("To the desk review"),
        "visit.observe",
        Listing(_find_to_read, _read_to_read, _VISITED_IN, Visit.BEFORE_IT_BEGINS, is_about_evaluations=True),
    ),
    Source(
        "begin",
        gettext_lazy("Visits to begin"),
        gettext_lazy("To the visit"),
        "visit.observe",
        list_evaluations(_find_to_begin, _describe_to_begin, State.STUDY_VISIT, visit_states=Visit.WITH_DAYS),
    ),
    Source(
        "record",
        gettext_lazy("Findings to record"),
        gettext_lazy("To the visit"),
        "visit.observe",
        list_evaluations(_find_to_record, _describe_to_record, *_VISITED_IN, visit_states=(Visit.State.UNDER_WAY,)),
    ),
    Source(
        "findings",
        gettext_lazy("Findings to sign off"),
        gettext_lazy("To the visit"),
        "visit.sign_off",
        list_evaluations(
            _find_to_sign_off, _describe_to_sign_off, *_VISITED_IN, visit_states=(Visit.State.FINDINGS_ENTERED,)
        ),
    ),
    Source(
        "reports",
        gettext_lazy("Findings to score"),
        gettext_lazy("To the scorecard"),
        "evaluation.judge",
        list_evaluations(_find_to_score, _describe_to_score, State.REPORT),
    ),
    Source(
        "responses",
        gettext_lazy("Responses that did not come"),
        gettext_lazy("Go on without"),
        "evaluation.run",
        list_evaluations(_find_without_response, _describe_without_response, State.RESPONSE),
    ),
    Source(
        "replies",
        gettext_lazy("Remarks to answer"),
        gettext_lazy("To its remarks"),
        "evaluation.reply",
        list_evaluations(_find_without_replies, _describe_without_replies, State.DECISION),
    ),
    Source("rounds", gettext_lazy("Rounds to close"), gettext_lazy("To the round"), "round.open", _rounds_to_close),
)
