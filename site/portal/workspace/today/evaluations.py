"""What waits in the stages of an evaluation, and in its visit."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import queries
from evaluation.assessment.returned_answers import find_returned_codes
from evaluation.assessment.rounds import hotlines_without_people
from evaluation.models import Agenda, DeskMark, Evaluation, Round, Visit
from evaluation.visits.desk_review import is_desk_open, unsent_questions
from evaluation.visits.recording import is_recording
from evaluation.visits.turns import may_declare
from portal.presentation.visits.turns import page_of
from portal.workspace.today.source import Desk, Source, Waiting, begin_of, end_of

State = Evaluation.State


def _about(desk: Desk, evaluation: Evaluation, view: str, why: str = "") -> Waiting:
    """Return the row of an evaluation that has waited since it entered its stage."""
    url = reverse(f"workspace:{view}", args=[evaluation.uid])
    return Waiting(evaluation, evaluation.hotline.name, url, desk.came_at(evaluation), why)


def _at(stage: str, view: str) -> Callable[[Desk], Iterator[Waiting]]:
    """Return a finder of the evaluations in a stage, each with the URL of a page."""
    return lambda desk: (_about(desk, evaluation, view) for evaluation in desk.at(stage))


# --- Before the visit ------------------------------------------------------------------------------------------------


def _without_traits(desk: Desk) -> Iterator[Waiting]:
    for evaluation in desk.at(State.SELF_ASSESSMENT):
        if evaluation.framework.traits and evaluation.traits is None:
            why = _("Until then it is asked everything, and cannot submit.")
            yield _about(desk, evaluation, "traits", why)


def _submitted(desk: Desk) -> Iterator[Waiting]:
    submitted = desk.at(State.DESK_REVIEW)
    returned = find_returned_codes(submitted)
    for evaluation in submitted:
        codes = returned.get(evaluation.pk)
        if evaluation.pk in desk.followed_up:
            continue
        why = _("It is submitted again. Sent back were: %(codes)s.") % {"codes": ", ".join(codes)} if codes else ""
        yield _about(desk, evaluation, "submissions" if codes else "evaluation", why)


def _followed_up(desk: Desk) -> Iterator[Waiting]:
    """Yield follow-up visits of accredited hotlines in preparation: most have no new submission."""
    for evaluation in desk.at(State.DESK_REVIEW):
        if evaluation.pk in desk.followed_up:
            why = _("The hotline is accredited. Arrange the visit, then send the team.")
            yield _about(desk, evaluation, "evaluation", why)


def _late(desk: Desk) -> Iterator[Waiting]:
    for evaluation in desk.at(State.SELF_ASSESSMENT):
        last = desk.last_days[evaluation.pk]
        if last is None or last >= evaluation.round.today:
            continue
        url = reverse("workspace:evaluation", args=[evaluation.uid])
        why = _("The last day was %(day)s.") % {"day": date_format(last)}
        yield Waiting(evaluation, evaluation.hotline.name, url, end_of(last, evaluation.round), why, is_late=True)


def _without_last_day(desk: Desk) -> Iterator[Waiting]:
    for evaluation in desk.at(State.SELF_ASSESSMENT):
        if desk.last_days[evaluation.pk] is None:
            yield _about(desk, evaluation, "extend", _("It came back after its last day. Set another."))


def _unreached(desk: Desk) -> Iterator[Waiting]:
    waiting = desk.at(State.SELF_ASSESSMENT, State.RESPONSE)
    unreached = {hotline.pk for hotline in hotlines_without_people(e.hotline for e in waiting)}
    for evaluation in waiting:
        if evaluation.hotline_id in unreached:
            why = _("Nobody has a role there, so that no letter reaches it.")
            yield _about(desk, evaluation, "evaluation", why)


# --- The visit -------------------------------------------------------------------------------------------------------


def _visits(desk: Desk, *states: str) -> Iterator[Visit]:
    return (visit for visit in desk.visits if visit.state in states)


def _not_arranged(desk: Desk) -> Iterator[Waiting]:
    for evaluation in desk.at(State.DESK_REVIEW, State.STUDY_VISIT):
        if evaluation.arranged_visit is None:
            yield _about(desk, evaluation, "arrange_visit", _("It has no day and no team."))
    yield from _with_turn(desk, "propose", _("The visit was cancelled."))
    yield from _with_turn(desk, "change_team", _("Nobody leads the team, or somebody on it has a stake."))


def _with_turn(desk: Desk, code: str, why: str) -> Iterator[Waiting]:
    """Yield the visits whose next step has this code, if it is the user's turn."""
    for visit, turn in desk.turns:
        if turn.code == code and turn.is_of(desk.user, visit):
            yield Waiting(visit, visit.evaluation.hotline.name, page_of(turn, visit), turn.since, why)


def _without_days(desk: Desk) -> Iterator[Waiting]:
    yield from _with_turn(desk, "suggest", _("Nobody has suggested any days."))
    yield from _with_turn(desk, "answer", _("The hotline has suggested days."))


def _undeclared(desk: Desk) -> Iterator[Waiting]:
    for visit, turn in desk.turns:
        if may_declare(visit, desk.user):
            url = reverse("workspace:declare_interests", args=[visit.evaluation.uid])
            why = _("The visit goes on when everybody on the team has declared.")
            yield Waiting(visit, visit.evaluation.hotline.name, url, turn.since, why)


def _without_agenda(desk: Desk) -> Iterator[Waiting]:
    planned = list(_visits(desk, *Visit.WITH_DAYS))
    written = set(Agenda.objects.filter(visit__in=[visit.pk for visit in planned]).values_list("visit", flat=True))
    for visit in planned:
        if visit.pk not in written or visit.state == Visit.State.TEAM_CONFIRMED:
            url = reverse("workspace:agenda", args=[visit.evaluation.uid])
            why = _("The visit begins on %(day)s.") % {"day": _first_day(visit)}
            yield Waiting(visit, visit.evaluation.hotline.name, url, desk.visits_moved_at.get(visit.uid), why)


def _first_day(visit: Visit) -> str:
    return date_format(visit.agreed_days[0]) if visit.agreed_days else ""


def _to_begin(desk: Desk) -> Iterator[Waiting]:
    for visit in _visits(desk, Visit.State.TEAM_CONFIRMED, Visit.State.AGENDA_SENT):
        evaluation, days = visit.evaluation, visit.agreed_days
        if evaluation.state == State.STUDY_VISIT and days and evaluation.round.today >= days[0]:
            yield _on_visit(visit, days[0], _("It was to begin on %(day)s.") % {"day": date_format(days[0])})


def _to_read(desk: Desk) -> Iterator[Waiting]:
    """Yield the future visits for which the user has marked no answers, or whose questions are not sent."""
    ahead = [visit for visit in desk.visits if is_desk_open(visit)]
    keys = [visit.evaluation_id for visit in ahead]
    marked = set(DeskMark.objects.filter(evaluation__in=keys, by=desk.user).values_list("evaluation", flat=True))
    unsent = set(unsent_questions(keys).values_list("evaluation", flat=True))
    for visit in ahead:
        why = ""
        if visit.evaluation_id in unsent:
            why = _("Questions of the team are not sent yet.")
        elif visit.evaluation_id not in marked:
            why = _("You have marked nothing yet.")
        if why:
            url = reverse("workspace:desk_review", args=[visit.evaluation.uid])
            since = desk.visits_moved_at.get(visit.uid)
            yield Waiting(visit, visit.evaluation.hotline.name, url, since, why)


def _to_record(desk: Desk) -> Iterator[Waiting]:
    for visit in _visits(desk, Visit.State.UNDER_WAY):
        if (days := visit.agreed_days) and is_recording(visit, desk.user):
            yield _on_visit(visit, days[0], _("The visit began on %(day)s.") % {"day": date_format(days[0])})


def _to_sign_off(desk: Desk) -> Iterator[Waiting]:
    for visit in _visits(desk, Visit.State.FINDINGS_ENTERED):
        days = visit.agreed_days
        if days and visit.evaluation.round.today > days[1]:
            since = end_of(days[1], visit.evaluation.round)
            why = _("The visit ended on %(day)s.") % {"day": date_format(days[1])}
            yield replace(_on_visit(visit, days[0], why), since=since)


def _on_visit(visit: Visit, first: date, why: str) -> Waiting:
    """Return the row of a visit that has waited since a day."""
    evaluation = visit.evaluation
    url = reverse("workspace:visit", args=[evaluation.uid])
    return Waiting(visit, evaluation.hotline.name, url, begin_of(first, evaluation.round), why)


# --- After the visit -------------------------------------------------------------------------------------------------


def _without_response(desk: Desk) -> Iterator[Waiting]:
    for evaluation in desk.at(State.RESPONSE):
        last = evaluation.respond_by
        if last is not None and evaluation.round.today > last:
            url = reverse("workspace:evaluation", args=[evaluation.uid])
            why = _("The hotline had until %(day)s.") % {"day": date_format(last)}
            yield Waiting(evaluation, evaluation.hotline.name, url, end_of(last, evaluation.round), why, is_late=True)


def _without_replies(desk: Desk) -> Iterator[Waiting]:
    for evaluation in desk.load(queries.awaiting_replies()):
        why = _("The hotline contests what was found. The panel votes when it has the answers.")
        yield _about(desk, evaluation, "replies", why)


def _rounds_to_close(_desk: Desk) -> Iterator[Waiting]:
    over = (State.PUBLISHED, State.EXCUSED)
    under_way = Evaluation.objects.exclude(state__in=over).exclude(queries.followed_up()).values("round")
    for round_ in Round.objects.filter(state=Round.State.OPEN).exclude(pk__in=under_way):
        url = reverse("workspace:board", args=[round_.uid])
        yield Waiting(round_, round_.name, url, None, _("Every outcome is published, or the hotline excused."))


SOURCES = (
    Source("late", gettext_lazy("Late self-assessments"), gettext_lazy("To the evaluation"), "evaluation.run", _late),
    Source(
        "undated",
        gettext_lazy("Last days to set"),
        gettext_lazy("Give more time"),
        "evaluation.run",
        _without_last_day,
    ),
    Source(
        "traits",
        gettext_lazy("Traits to be stated"),
        gettext_lazy("State the traits"),
        "evaluation.run",
        _without_traits,
    ),
    Source(
        "unreached",
        gettext_lazy("Hotlines without people"),
        gettext_lazy("To the evaluation"),
        "people.invite",
        _unreached,
    ),
    Source(
        "review",
        gettext_lazy("Submitted self-assessments"),
        gettext_lazy("Read"),
        "evaluation.run",
        _submitted,
    ),
    Source(
        "follow_ups",
        gettext_lazy("Follow-up visits to prepare"),
        gettext_lazy("To the evaluation"),
        "evaluation.run",
        _followed_up,
    ),
    Source(
        "visits", gettext_lazy("Visits to arrange"), gettext_lazy("Arrange the visit"), "visit.arrange", _not_arranged
    ),
    Source(
        "days", gettext_lazy("Days of visits to agree on"), gettext_lazy("To the days"), "visit.agree", _without_days
    ),
    Source(
        "interests",
        gettext_lazy("Interests to declare"),
        gettext_lazy("Declare"),
        "visit.step_aside",
        _undeclared,
    ),
    Source(
        "agendas",
        gettext_lazy("Agendas to write and send"),
        gettext_lazy("Write the agenda"),
        "visit.plan",
        _without_agenda,
    ),
    Source("desk", gettext_lazy("Answers to read"), gettext_lazy("To the desk review"), "visit.observe", _to_read),
    Source("begin", gettext_lazy("Visits to begin"), gettext_lazy("To the visit"), "visit.observe", _to_begin),
    Source("record", gettext_lazy("Findings to record"), gettext_lazy("To the visit"), "visit.observe", _to_record),
    Source(
        "findings", gettext_lazy("Findings to sign off"), gettext_lazy("To the visit"), "visit.sign_off", _to_sign_off
    ),
    Source(
        "reports",
        gettext_lazy("Findings to score"),
        gettext_lazy("To the scorecard"),
        "evaluation.judge",
        _at(State.REPORT, "scorecard"),
    ),
    Source(
        "responses",
        gettext_lazy("Responses that did not come"),
        gettext_lazy("Go on without"),
        "evaluation.run",
        _without_response,
    ),
    Source(
        "replies",
        gettext_lazy("Remarks to answer"),
        gettext_lazy("To its remarks"),
        "evaluation.reply",
        _without_replies,
    ),
    Source("rounds", gettext_lazy("Rounds to close"), gettext_lazy("To the round"), "round.open", _rounds_to_close),
)
