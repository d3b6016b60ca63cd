"""The story of one hotline's evaluation, from its first answer to its present state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import translation

from evaluation.answers.returned_answers import send_answers_back
from evaluation.judging import evidence as judging
from evaluation.models import Agenda, Evaluation, User, Visit
from evaluation.visits.agendas import save_agenda, write_agenda
from evaluation.visits.dates import accept_dates
from evaluation.visits.interests import declare_interests
from evaluation.visits.planning import propose_visit
from evaluation.workflow import perform
from portal.demonstration import panel
from portal.demonstration.answers import Character, answer
from portal.demonstration.calendar import (
    ACCEPTED,
    ANSWERED,
    ARRANGED,
    BEGINS,
    DECIDED,
    READ,
    REPLIED,
    RESPONDED,
    SCORED,
    SIGNED_OFF,
    SUBMITTED,
    VOTED,
    Plan,
)
from portal.demonstration.clock import Clock, at
from portal.demonstration.hotlines import State
from portal.demonstration.plan import follow, plan_days
from portal.demonstration.planning.desk_review import answer_first, mark_and_ask
from portal.demonstration.visits import record, record_and_agree
from portal.visits.agenda_templates.beginning import begin_agenda, language_of_hotline
from portal.visits.agenda_templates.reader import list_templates
from reports.texts.signed_declaration import read_declaration
from standards.presentation.reading_language import active_language

RETURNED = {
    "1.3.2": "The share is the one of the year before.",
    "5.1.2": "The procedure that you speak of is not among the papers. Please add it.",
    "8.3.2": "The same procedure: which one is it?",
}
"""The answers that are sent back to the hotline, with the reasons."""
WITHOUT_FIGURES = "The telephone system was replaced in the summer, and its export is not ready."
"""Why a hotline submits although figures are missing."""
SENT_BACK, EXCUSED, REMARKED = "QM", "XG", "XR"
EVIDENCE_CORRECTED_LATE = "XN"
"""The evaluation on which the panel does not agree."""
_STAGES = list(State)


@dataclass
class Participants:
    """The people of an evaluation."""

    coordinator: User
    contributor: User
    mce: User
    team: tuple[User, ...]
    members: Sequence[User]


def reload(evaluation: Evaluation) -> Evaluation:
    """Return the evaluation as stored now, without cached properties."""
    return Evaluation.objects.get(pk=evaluation.pk)


def lead(
    clock: Clock, plan: Plan, evaluation: Evaluation, who: Character, cast: Participants, *, today: date, earlier: bool
) -> Iterator[datetime]:
    """Perform the steps of one evaluation, as far as its line defines."""
    line, comes_to = plan.line, _STAGES.index(plan.line.reaches)
    submits = plan.day(SUBMITTED) if line.reaches is not State.SELF_ASSESSMENT or line.visited else today
    begins = plan.opened + timedelta(days=BEGINS)
    authors = (cast.coordinator, cast.contributor)
    yield from answer(clock, who, evaluation, authors, begins, submits - timedelta(days=3))
    if line.country == EXCUSED and line.reaches is State.EXCUSED:
        yield at(today - timedelta(days=48), 11, 30)
        note = "The operator gives the line back at the end of the year; its successor joins the next round."
        perform(evaluation, "excuse", by=cast.mce, note=note)
        return
    if line.reaches is State.SELF_ASSESSMENT and line.country != SENT_BACK:
        return
    yield at(submits, 15, 12)
    with translation.override(active_language(cast.coordinator.language)):
        signed = replace(read_declaration(evaluation), without_figures=WITHOUT_FIGURES)
    perform(evaluation, "submit", by=cast.coordinator, signed=signed)
    if line.country == SENT_BACK:
        yield at(submits + timedelta(days=14), 10, 5)
        note = "Please look at three of them again; the rest reads well."
        send_answers_back(evaluation, RETURNED, by=cast.mce, note=note)
        return
    if comes_to < _STAGES.index(State.STUDY_VISIT):
        return
    yield from _visit(clock, plan, evaluation, who, cast)
    if comes_to < _STAGES.index(State.REPORT):
        return
    yield at(plan.day(SIGNED_OFF), 17, 20)
    perform(Visit.objects.get(evaluation=evaluation), "sign_off", by=cast.team[0])
    if comes_to < _STAGES.index(State.RESPONSE):
        return
    yield at(plan.day(SCORED), 11, 45)
    judging.judge(reload(evaluation), by=cast.mce)
    plan_days(evaluation, who, plan.day(DECIDED), earlier=earlier)
    if line.reaches is State.RESPONSE and line.country != REMARKED:
        return
    yield at(plan.day(RESPONDED) if line.reaches is not State.RESPONSE else today - timedelta(days=4), 14, 30)
    panel.type_remarks(reload(evaluation), who, cast.coordinator)
    if comes_to < _STAGES.index(State.DECISION):
        return
    clock.wait(25)
    panel.give_response(reload(evaluation), cast.coordinator)
    yield at(plan.day(REPLIED), 13, 40)
    panel.answer_remarks(clock, reload(evaluation), who, cast.team[0], rises=line.reaches is State.DECISION)
    yield from _outcome(clock, plan, evaluation, who, cast, earlier=earlier)


def _plan_agenda(visit: Visit, *, by: User) -> None:
    """Save the agenda that the first template begins with, and send it."""
    template = list_templates(language_of_hotline(visit.evaluation.hotline))[0].template
    agenda = write_agenda(
        begin_agenda(visit, template),
        language=template.language,
        template=template.name,
        published_at=template.published_at,
        by=by,
    )
    saved = save_agenda(visit, agenda, seen=0)
    assert isinstance(saved, Agenda)  # there is no concurrent save
    perform(visit, "send_agenda", by=by, agenda=saved)


def _visit(clock: Clock, plan: Plan, evaluation: Evaluation, who: Character, cast: Participants) -> Iterator[datetime]:
    """Agree on the visit, accept the self-assessment, begin, and record findings as far as the line defines."""
    yield at(plan.day(ARRANGED), 9, 40)
    visit = propose_visit(
        reload(evaluation),
        lead=cast.team[0],
        members=list(cast.team[1:]),
        mode=Visit.Mode.ON_SITE,
        starts_on=plan.visit,
        ends_on=plan.last_day,
        by=cast.mce,
    )
    clock.wait(70)
    accept_dates(visit.suggested_dates.get(), by=cast.coordinator)
    for member in cast.team:
        clock.wait(25)
        declare_interests(Visit.objects.get(evaluation=evaluation), [member], by=member)
    yield at(plan.day(ACCEPTED), 10, 30)
    perform(evaluation, "accept", by=cast.mce)
    _plan_agenda(Visit.objects.get(evaluation=evaluation), by=cast.team[0])
    if plan.line.reaches is State.STUDY_VISIT:
        yield at(plan.day(READ), 11)
        mark_and_ask(reload(evaluation), cast.team)
        yield at(plan.day(ANSWERED), 16)
        answer_first(reload(evaluation), cast.coordinator)
    yield at(plan.visit, 9)
    perform(Visit.objects.get(evaluation=evaluation), "begin", by=cast.team[0])
    moments = (at(plan.visit, 9, 30), at(plan.visit, 14), at(plan.last_day, 9, 15), at(plan.last_day, 13, 30))
    if plan.line.reaches is State.STUDY_VISIT:
        yield from record(clock, who, reload(evaluation), cast.team, moments, part=0.4)
    else:
        yield from record_and_agree(clock, who, reload(evaluation), cast.team, moments)


def _outcome(
    clock: Clock, plan: Plan, evaluation: Evaluation, who: Character, cast: Participants, *, earlier: bool
) -> Iterator[datetime]:
    """Vote, decide, and follow up."""
    line = plan.line
    if line.reaches is State.DECISION and line.country != EVIDENCE_CORRECTED_LATE:
        return
    yield at(plan.day(VOTED), 9, 50)
    if line.reaches is State.DECISION:
        panel.deliberate(clock, reload(evaluation), who, cast.members[:4])
        return
    members = cast.members[:3]
    yield from panel.decide(clock, reload(evaluation), who, members, at(plan.day(DECIDED), 14))
    yield from follow(
        *(clock, evaluation, who),
        coordinator=cast.coordinator,
        mce=cast.mce,
        decided=plan.day(DECIDED),
        earlier=earlier,
    )
