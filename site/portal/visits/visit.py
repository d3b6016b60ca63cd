"""The page of a study visit: whose turn it is, its days, team, agenda and moves; and the list of visits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import BooleanField, Case, ExpressionWrapper, Prefetch, Q, When, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation import queries
from evaluation.judging.evidence import update_draft_recommendations
from evaluation.models import Agenda, DeskMark, Evaluation, LateRow, Role, Step, SuggestedDates, User, Visit
from evaluation.models.answers.judgements import needs_a_finding
from evaluation.models.people.permissions import is_allowed
from evaluation.models.visits.visit import VisitState, the_evaluation_awaits_its_visit, the_team_cannot_go_on
from evaluation.visits.agendas import is_agenda_open, is_for_other_days, newest_agenda
from evaluation.visits.dates import side_of
from evaluation.visits.desk_review import count_questions
from evaluation.visits.limits import in_order
from evaluation.visits.sheets.rows import ReadSheet
from portal.access import find_evaluation, find_visit
from portal.answers.standard_page import asked_in
from portal.moves.pages import OfferedMove, Stage, offered_moves, perform_move, shown_steps, stages
from portal.moves.stored_notes import pop_note
from portal.presentation.moves import words_of
from portal.presentation.undecided_drafts import report_drafting
from portal.requests.signed_in import SignedInRequest, keep_for_assessor
from portal.visits.letters import describe_period
from portal.visits.recording.progress import show_recording, standard_view
from portal.visits.sheets.reading import list_sheets, readable_sheets, results_by_indicator
from portal.visits.shown.agenda import ShownAgenda, show_agenda
from portal.visits.shown.days import countries_of, describe_days, describe_free_days
from portal.visits.shown.follow_up import lines_of_follow_up
from portal.visits.tasks import lines_of_turn

ROWS_A_PAGE = 25
"""Rows of the list of visits."""
_TO_COME = ("i-wait", "wait")
_MARKS: dict[str, tuple[str, str]] = {
    **dict.fromkeys((Visit.State.SIGNED_OFF, Visit.State.CLOSED), ("i-good", "check")),
    Visit.State.CANCELLED: ("soft", "stop"),
}
"""The class and the icon of a visit in a list, by its state."""
AT_THE_TOP = ("starts_on", "ends_on", "mode", "only_codes")
"""The fields that are shown at the top of a visit's page or in a sentence of their own."""


@require_safe
def visit(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the page of a visit: its state, and the user's actions."""
    evaluation = find_evaluation(request, uid, reads=("visit__team__user",))
    arranged = getattr(evaluation, "visit", None)
    context: dict[str, Any] = {
        "evaluation": evaluation,
        "visit": arranged,
        "stages": stages(evaluation),
        "may_arrange": is_allowed("visit.arrange", request.user, evaluation),
        "stored_note": pop_note(request),
        "late_note": pop_note(request, form="late"),
    }
    if arranged:
        context |= _show(arranged, request.user)
    return render(request, "visits/visit.html", context)


def _show(arranged: Visit, user: User) -> dict[str, Any]:
    """Return the context of the page of a visit."""
    may_view = is_allowed("visit.view", user, arranged)
    if may_view:
        prefetch_related_objects([arranged.evaluation], "answers", "findings")
        if arranged.has_begun:
            prefetch_related_objects([arranged], Prefetch("late_rows", LateRow.objects.select_related("by")))
    rows = readable_sheets(arranged, user) if may_view else {}
    sent, awaited = count_questions(arranged.evaluation)
    newest = newest_agenda(arranged)
    is_awaited = the_evaluation_awaits_its_visit(arranged)
    is_before = not arranged.has_begun and is_awaited
    countries = countries_of(arranged)
    steps = queries.steps_of(arranged)
    moves = [*offered_moves(arranged, user), *(_moves_by_form(arranged, user) if is_awaited else ())]
    # once it has begun, these are rare: recording comes first
    steps_back = [move for move in moves if arranged.has_begun and move.is_open and move.words.leads_back]
    return {
        "way": _way_of(arranged, steps),
        "team": [(member, countries.get(member.user.country, "")) for member in arranged.team.all()],
        "days": describe_days(arranged),
        "is_agreed": arranged.agreed_days is not None,
        "free": describe_free_days(*arranged.agreed_days, countries) if is_before and arranged.agreed_days else [],
        "has_calendar": arranged.starts_on is not None,
        "acts": [*lines_of_follow_up(arranged.evaluation, user), *lines_of_turn(arranged, user)] if is_awaited else [],
        "suggested": _show_suggestions(arranged, user, countries)
        if is_before and arranged.state == Visit.State.PROPOSED
        else None,
        "may_agree": is_allowed("visit.agree", user, arranged),
        "moves": [move for move in moves if move not in steps_back],
        "steps_back": steps_back,
        "limited": in_order(arranged),
        "earlier": _show_earlier(arranged.evaluation),
        "details": _details(arranged) if may_view else [],
        "see": _find_marked(arranged.evaluation, rows) if may_view else [],
        "questions": sent and is_allowed("visit.read_questions", user, arranged),
        "awaited": awaited,
        "domains": _to_be_seen(arranged.evaluation, _seen_codes(arranged, user)) if may_view else [],
        "standard_view": standard_view(arranged, user),
        "recording": show_recording(arranged, user) if may_view else None,
        "sheets": list_sheets(rows) if may_view and arranged.has_begun else [],
        "agenda": _show_agenda(newest, arranged, may_view=may_view),
        "is_for_other_days": newest is not None and is_before and is_for_other_days(newest, arranged),
        "may_plan": is_agenda_open(arranged) and is_allowed("visit.plan", user, arranged),
        "may_view": may_view,
        "is_before": is_before,
        "is_cancelled": arranged.state == Visit.State.CANCELLED,
        "steps": shown_steps(steps),
    }


def _show_earlier(evaluation: Evaluation) -> list[tuple[str, str, str]]:
    """Return the days, the team and the indicators of each earlier visit that was held, the newest first.

    The lead comes first; the indicators are empty if the visit was about all.
    """
    found = []
    for held in evaluation.earlier_visits.select_related("lead").prefetch_related("team"):
        team = sorted(held.team.all(), key=lambda person: (person != held.lead, person.pk))
        names = ", ".join(person.name for person in team)
        found.append((describe_days(held), names, ", ".join(held.only_codes)))
    return found


def _way_of(arranged: Visit, steps: Iterable[Step]) -> list[Stage]:
    """Return the states of a visit in their order, past ones with the day of entry; none if it is cancelled.

    `steps` are those of the visit, newest first.
    """
    way: list[VisitState] = [state for state in Visit.State if state != Visit.State.CANCELLED]
    if arranged.state == Visit.State.CANCELLED:
        return []
    entered: dict[str, Step] = {}
    for step in steps:
        if step.source != step.target:
            entered.setdefault(step.target, step)
    now = way.index(Visit.State(arranged.state))
    return [
        Stage(
            capfirst(str(state.label)),
            index < now,
            index == now,
            date_format(timezone.localtime(entered[state].at), "SHORT_DATE_FORMAT")
            if index <= now and state in entered
            else "",
        )
        for index, state in enumerate(way)
    ]


def _moves_by_form(arranged: Visit, user: User) -> list[OfferedMove]:
    """Return the moves of MCE that have their own pages, while the visit has days and is not over."""
    if not is_allowed("visit.arrange", user, arranged):
        return []
    pages = {}
    if arranged.state in Visit.WITH_DAYS or (arranged.state in Visit.HELD and the_team_cannot_go_on(arranged)):
        pages["change_team"] = "workspace:change_team"
    if arranged.state in Visit.WITH_DAYS:
        pages["change_dates"] = "workspace:move_dates"
    uid = arranged.evaluation.uid
    return [
        OfferedMove(name, words_of(arranged, name), (), url=reverse(page, args=[uid])) for name, page in pages.items()
    ]


def _show_suggestions(arranged: Visit, user: User, countries: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the open suggestions of days of both sides, each with the URL to accept it or take it back."""
    own = side_of(user, arranged)
    may_agree = is_allowed("visit.agree", user, arranged)
    return [
        {
            "suggested": one,
            "days": describe_period(one.starts_on, one.ends_on),
            "free": describe_free_days(one.starts_on, one.ends_on, countries),
            "side": SuggestedDates.Side(one.side).label,
            "is_own": one.side == own,
            "url": reverse(name, args=[arranged.evaluation.uid, one.uid]) if may_agree else "",
        }
        for one in arranged.suggested_dates.filter(is_open=True).select_related("by")
        for name in ("workspace:take_back_dates" if one.side == own else "workspace:accept_dates",)
    ]


def _details(arranged: Visit) -> list[tuple[object, Any]]:
    """Return the other fields of the arrangement, with their labels and values."""
    names = {field.name: field.verbose_name for field in Visit._meta.fields}
    return [
        (names[name], value) for name in Visit.ARRANGED if name not in AT_THE_TOP and (value := getattr(arranged, name))
    ]


def _show_agenda(newest: Agenda | None, arranged: Visit, *, may_view: bool) -> ShownAgenda | None:
    """Return the agenda, if both sides have agreed on days; for the team and MCE it links to the findings."""
    if newest is None or arranged.agreed_days is None:
        return None
    uid = arranged.evaluation.uid

    def url_of(standard: str) -> str:
        return reverse("workspace:findings", args=[uid, standard]) if may_view else ""

    return show_agenda(newest, arranged, arranged.evaluation.framework, url_of=url_of)


def _find_marked(evaluation: Evaluation, read: Mapping[str, ReadSheet]) -> list[tuple[str, str, Any, Sequence[str]]]:
    """Return the indicators that a member of the team marked to be seen on site, in the order of the Guide.

    Each has its code, the code of its standard, its wording, and the results of the sheets.
    """
    texts, framework = evaluation.round.edition.texts(get_language()), evaluation.framework
    results = results_by_indicator(framework, read)
    marked = set(evaluation.desk_marks.filter(kind=DeskMark.Kind.SEE).values_list("code", flat=True))
    return [
        (code, framework.standard_of[code].code, texts[f"indicator/{code}/wording"], results.get(code, ()))
        for code in framework.indicators
        if code in marked and code in evaluation.examined
    ]


def _seen_codes(arranged: Visit, user: User) -> set[str] | None:
    """Return the indicators with a finding, or those that the user has recorded while the assessors record.

    None for other users meanwhile: nobody sees the progress of another assessor.
    """
    if arranged.state != Visit.State.UNDER_WAY:
        return {finding.code for finding in arranged.evaluation.findings.all() if finding.is_given}
    if not is_allowed("visit.observe", user, arranged):
        return None
    return {seen.code for seen in arranged.observations.filter(by=user) if seen.is_given}


def _to_be_seen(evaluation: Evaluation, found: set[str] | None) -> list[dict[str, Any]]:
    """Return the domains and standards with the number of indicators that need a finding, and of those `found`.

    A limited visit has only its own standards. The progress is None if `found` is None.
    """
    texts = evaluation.round.edition.texts(get_language())
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    domains = []
    for domain in evaluation.framework.domains:
        standards = []
        for standard in domain.standards:
            examined = asked_in(standard, evaluation.examined)
            if evaluation.visit.only_codes and not examined:
                continue
            needed = [indicator for indicator in examined if needs_a_finding(indicator, answers.get(indicator.code))]
            standards.append(
                {
                    "code": standard.code,
                    "title": texts[f"standard/{standard.code}/title"],
                    "is_needed": bool(needed),
                    "progress": None if found is None else queries.progress_of(evaluation.framework, needed, found),
                }
            )
        if standards:
            domains.append({"code": domain.code, "title": texts[f"domain/{domain.code}/title"], "standards": standards})
    return domains


@require_safe
def visits(request: SignedInRequest) -> HttpResponse:
    """List the visits of the user's own teams, or all for MCE: those without days, future ones, past ones, newest first."""
    visited = queries.visible_to(request.user).filter(visit__isnull=False)
    sees_all = request.user.has_role(Role.MCE_COORDINATOR)
    if not sees_all:
        visited = visited.filter(visit__team__user=request.user)
    is_over = Q(visit__state__in=(*Visit.AFTER_SIGN_OFF, Visit.State.CANCELLED))
    has_no_days = Q(visit__state=Visit.State.PROPOSED)  # those of the visit before a follow-up are still in the row
    is_follow_up = ExpressionWrapper(queries.followed_up(), BooleanField())
    shown = (
        visited.annotate(is_follow_up=is_follow_up)
        .select_related("hotline", "round", "visit")
        .order_by(
            Case(When(is_over, then=1), default=0),
            Case(When(~(is_over | has_no_days), then="visit__starts_on")).asc(nulls_first=True),
            Case(When(is_over, then="visit__starts_on")).desc(nulls_last=True),
            *("hotline__recorded_name", "pk"),
        )
    )
    page = Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "evaluations": page,
        "rows": [(one, _describe_agreed(one.visit), _MARKS.get(one.visit.state, _TO_COME)) for one in page],
        "sees_all": sees_all,
        "describes_self": request.user.has_role(Role.ASSESSOR),
    }
    return keep_for_assessor(request, render(request, "visits/visits.html", context))


def _describe_agreed(visit: Visit) -> str:
    """Return the days on which both sides agreed, or that there are none yet. Nothing for a cancelled visit."""
    if visit.state == Visit.State.PROPOSED:
        return _("days not agreed on yet")
    return describe_days(visit) if visit.agreed_days else ""


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    arranged = find_visit(request, uid, "evaluation.view")
    answer = perform_move(request, arranged, name, back_to=reverse("workspace:visit", args=[uid]))
    if name == "sign_off":
        drafting = update_draft_recommendations(
            Evaluation.objects.get(pk=arranged.evaluation_id)
        )  # empty if the move was refused
        report_drafting(request, drafting)
    return answer


urlpatterns = [
    path("evaluations/<uuid:uid>/visit/", visit, name="visit"),
    path("evaluations/<uuid:uid>/visit/move/<str:name>/", make_move, name="move_visit"),
    path("visits/", visits, name="visits"),
]
