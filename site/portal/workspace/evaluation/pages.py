"""Home, and one hotline's evaluation: its stage, its open reasons, its steps."""

from collections.abc import Container
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from evaluation import queries
from evaluation.assessment.pinned_figures import counts_for
from evaluation.assessment.timing import find_pace
from evaluation.guards.permissions import is_allowed
from evaluation.guards.roles import HOTLINE_ROLES, TODAY_ROLES
from evaluation.models import Evaluation, Role
from evaluation.teamwork.assignments import share_of
from portal.presentation.indicators.figure import measured_codes
from portal.workspace.access import find_evaluation
from portal.workspace.assessment.evidence.listing import lapsing_context
from portal.workspace.assessment.sharing import sharing_for
from portal.workspace.evaluation.changes import changes_for, describe_changes
from portal.workspace.evaluation.deadline import describe_deadline
from portal.workspace.evaluation.first_actions import first_acts
from portal.workspace.evaluation.next_actions import next_acts
from portal.workspace.evaluation.standing import standing_of
from portal.workspace.evaluation.traits import traits_context
from portal.workspace.figures.corrections import corrections_context
from portal.workspace.moves import offered_moves, perform_move, shown_steps, stages, step_letter_writer
from portal.workspace.recommendations.rows import due_soonest
from portal.workspace.requests import SignedInRequest
from portal.workspace.stored_notes import pop_note
from portal.workspace.today.pages import render_today
from standards.framework import Domain, Indicator


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """The start page: Today for the people of the network, and for a hotline its running evaluation."""
    user = request.user
    listed = Evaluation.objects.filter(hotline__in=user.hotlines_as(*HOTLINE_ROLES))
    own = list(queries.for_pages(listed).order_by("-round__opens_on", "hotline__name"))
    if user.has_role(*TODAY_ROLES):
        return render_today(request, own)
    if len(own) == 1:
        return redirect("workspace:evaluation", own[0].uid)
    if user.has_role(Role.GUIDE_EDITOR) and not own:
        return redirect("wagtailadmin_home")
    return render(
        request,
        "workspace/evaluation/home.html",
        {"evaluations": own, "due": due_soonest(own), "first_acts": first_acts(own, user)},
    )


@require_safe
def overview(request: SignedInRequest, uid: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid)
    user = request.user
    if evaluation.is_open:  # several conditions read them, and the progress
        prefetch_related_objects([evaluation], "answers", "evidence")
    framework, asked = evaluation.framework, evaluation.asked
    given = queries.given_codes([evaluation]).get(evaluation.pk, set())
    given |= measured_codes(framework, counts_for(evaluation))
    texts = evaluation.round.edition.texts(get_language())
    visit = getattr(evaluation, "visit", None)
    moves = offered_moves(evaluation, user, texts)
    sharing = sharing_for(evaluation, user)
    unanswered = [indicator for indicator in asked.values() if _is_open(indicator, given)]
    share = sharing and share_of(user, framework, sharing.assignments, [i.code for i in unanswered])
    next_open = asked[share.codes[0]] if share and share.codes else next(iter(unanswered), None)
    follows = any(is_allowed(f"recommendation.{right}", user, evaluation) for right in ("work", "run"))
    due = due_soonest([evaluation]) if follows else []
    steps = queries.steps_of(evaluation, *([visit] if visit else []))
    changes = changes_for(evaluation, user, steps)
    people = evaluation.hotline.memberships.today().select_related("user").order_by("-role", "user__name")
    return render(
        request,
        "workspace/evaluation/evaluation.html",
        {
            "evaluation": evaluation,
            "visit": visit,
            "stages": stages(evaluation),
            "moves": moves,
            "standing": standing_of(evaluation, user, people, texts),
            "stored_note": pop_note(request),
            "progress": queries.progress_of(framework, asked.values(), given),
            "domains": [
                {
                    "code": domain.code,
                    "title": texts[f"domain/{domain.code}/title"],
                    "progress": progress,
                    "first": _first_open(domain, asked, given),
                    "with": sharing.names(i.code for i in domain.indicators) if sharing else "",
                }
                for domain, progress in queries.progress_by_domain(framework, asked, given)
            ],
            "foremost": texts[f"obligation/{framework.rule.foremost.code}"],
            "first_acts": first_acts([evaluation], user),
            "next_acts": next_acts(evaluation, user),
            **corrections_context(evaluation, user, pop_note(request, form="corrections")),
            "sharing": sharing,
            "share": share,
            "next_open": next_open,
            "next_standard": next_open and framework.standard_of[next_open.code],
            **lapsing_context(evaluation, user),
            **traits_context(evaluation, user, texts),
            "framework": framework,
            "texts": texts,
            "people": people,
            "team": visit.team.select_related("user") if visit else (),
            "changes": describe_changes(changes, evaluation, texts) if changes else [],
            "changed_since": changes.since if changes else None,
            "deadline": describe_deadline(evaluation, find_pace(evaluation, steps, unanswered))
            if evaluation.is_open
            else None,
            "steps": shown_steps(steps),
            "may_answer": is_allowed("evaluation.answer", user, evaluation)
            and evaluation.state == Evaluation.State.SELF_ASSESSMENT,
            "due": due,
            "may_extend": evaluation.is_open and is_allowed("evaluation.run", user, evaluation),
            "has_plan": bool(due) or evaluation.state in (Evaluation.State.DECIDED, Evaluation.State.PUBLISHED),
            "may_arrange": is_allowed("visit.arrange", user, evaluation),
            "may_see_figures": is_allowed("hotline.view", user, evaluation.hotline),
            "may_deliberate": is_allowed("evaluation.deliberate", user, evaluation),
            "may_print": is_allowed("evaluation.print", user, evaluation),
            "states": Evaluation.State,
        },
    )


def _is_open(indicator: Indicator, given: set[str]) -> bool:
    return indicator.is_scored and not indicator.from_figures and indicator.code not in given


def _first_open(domain: Domain, asked_indicators: Container[str], given: set[str]) -> str:
    """Return the first standard of the domain with something to do, else its first."""
    for standard in domain.standards:
        if any(i.code in asked_indicators and _is_open(i, given) for i in standard.indicators):
            return standard.code
    return domain.standards[0].code


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    evaluation = find_evaluation(request, uid)
    return perform_move(
        request,
        evaluation,
        name,
        back_to=reverse("workspace:evaluation", args=[uid]),
        notify=step_letter_writer(request, evaluation),
    )
