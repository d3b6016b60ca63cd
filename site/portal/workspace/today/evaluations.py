"""What waits in the stages of an evaluation, and in its visit."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.assessment import replies
from evaluation.assessment.returned_answers import find_returned_codes
from evaluation.assessment.rounds import hotlines_without_people
from evaluation.models import Agenda, Evaluation, Round, Visit
from evaluation.visits.recording import is_recording
from portal.workspace.today.source import Desk, Source, Waiting, begin_of, end_of

State = Evaluation.State


def _about(desk: Desk, evaluation: Evaluation, view: str, why: str = "") -> Waiting:
    """Return what waits since the evaluation came into its stage."""
    url = reverse(f"workspace:{view}", args=[evaluation.uid])
    return Waiting(evaluation, evaluation.hotline.name, url, desk.came_at(evaluation), why)


def _at(stage: str, view: str) -> Callable[[Desk], Iterator[Waiting]]:
    """Return a finder of the evaluations in a stage, each with its page."""
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
        why = _("It is submitted again. Sent back were: %(codes)s.") % {"codes": ", ".join(codes)} if codes else ""
        yield _about(desk, evaluation, "submissions" if codes else "evaluation", why)


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
    for evaluation in desk.at(State.DESK_REVIEW, State.STUDY_VISIT):
        visit = evaluation.arranged_visit
        if visit is not None and visit.state in states:
            visit.evaluation = evaluation
            yield visit


def _not_arranged(desk: Desk) -> Iterator[Waiting]:
    for evaluation in desk.at(State.DESK_REVIEW, State.STUDY_VISIT):
        visit = evaluation.arranged_visit
        if visit is None:
            yield _about(desk, evaluation, "visit", _("It has no day and no team."))
        elif visit.lead is None:
            yield _about(desk, evaluation, "visit", _("Nobody leads the team."))


def _without_agenda(desk: Desk) -> Iterator[Waiting]:
    planned = list(_visits(desk, Visit.State.PLANNED))
    written = set(Agenda.objects.filter(visit__in=[visit.pk for visit in planned]).values_list("visit", flat=True))
    for visit in planned:
        if visit.pk not in written:
            why = _("The visit begins on %(day)s.") % {"day": date_format(visit.starts_on)}
            yield _about(desk, visit.evaluation, "agenda", why)


def _to_begin(desk: Desk) -> Iterator[Waiting]:
    for visit in _visits(desk, Visit.State.PLANNED):
        evaluation = visit.evaluation
        if evaluation.state == State.STUDY_VISIT and evaluation.round.today >= visit.starts_on:
            yield _on_visit(visit, _("It was to begin on %(day)s.") % {"day": date_format(visit.starts_on)})


def _to_record(desk: Desk) -> Iterator[Waiting]:
    for visit in _visits(desk, Visit.State.UNDER_WAY):
        if is_recording(visit, desk.user):
            yield _on_visit(visit, _("The visit began on %(day)s.") % {"day": date_format(visit.starts_on)})


def _to_sign_off(desk: Desk) -> Iterator[Waiting]:
    for visit in _visits(desk, Visit.State.FINDINGS_ENTERED):
        if visit.evaluation.round.today > visit.ends_on:
            since = end_of(visit.ends_on, visit.evaluation.round)
            why = _("The visit ended on %(day)s.") % {"day": date_format(visit.ends_on)}
            yield replace(_on_visit(visit, why), since=since)


def _on_visit(visit: Visit, why: str) -> Waiting:
    """Return what waits since the visit began."""
    evaluation = visit.evaluation
    url = reverse("workspace:visit", args=[evaluation.uid])
    return Waiting(visit, evaluation.hotline.name, url, begin_of(visit.starts_on, evaluation.round), why)


# --- After the visit -------------------------------------------------------------------------------------------------


def _without_response(desk: Desk) -> Iterator[Waiting]:
    for evaluation in desk.at(State.RESPONSE):
        last = evaluation.respond_by
        if last is not None and evaluation.round.today > last:
            url = reverse("workspace:evaluation", args=[evaluation.uid])
            why = _("The hotline had until %(day)s.") % {"day": date_format(last)}
            yield Waiting(evaluation, evaluation.hotline.name, url, end_of(last, evaluation.round), why, is_late=True)


def _without_replies(desk: Desk) -> Iterator[Waiting]:
    due = replies.find_due(Evaluation.objects.all())
    for evaluation in desk.at(State.DECISION):
        if evaluation.pk in due:
            why = _("The hotline contests what was found. The panel votes when it has the answers.")
            yield _about(desk, evaluation, "replies", why)


def _rounds_to_close(_desk: Desk) -> Iterator[Waiting]:
    over = (State.PUBLISHED, State.EXCUSED)
    under_way = Evaluation.objects.exclude(state__in=over).values("round")
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
        "visits", gettext_lazy("Visits to arrange"), gettext_lazy("Arrange the visit"), "visit.arrange", _not_arranged
    ),
    Source(
        "agendas", gettext_lazy("Agendas to write"), gettext_lazy("Write the agenda"), "visit.plan", _without_agenda
    ),
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
