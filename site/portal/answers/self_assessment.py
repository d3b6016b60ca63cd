"""The self-assessment: one standard per page. Each answer is saved separately; a conflict overwrites no text."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from evaluation import queries
from evaluation.answers.deadline.coverage import cover
from evaluation.answers.entered_answers import EnteredAnswer
from evaluation.answers.evidence.removal import RemovedEvidence
from evaluation.answers.pinned_figures import counts_for
from evaluation.answers.returned_answers import find_unsettled
from evaluation.answers.unresolved_texts import Kind
from evaluation.discussions.discussions import questions_sent_back
from evaluation.models import Audience, Evaluation
from evaluation.models.people.permissions import is_allowed
from portal.access import find_evaluation
from portal.answers.saving import Changed, TextPage
from portal.answers.sharing import sharing_for
from portal.answers.standard_page import (
    asked_in,
    describe_standard,
    find_standard,
    problems_of,
    show_edited_indicators,
)
from portal.answers.standing import watch_answer
from portal.figures.series.benchmark import find_network_figures
from portal.figures.series.provenance import provenance_for
from portal.handbook.library import practices_by_code, public_practices
from portal.presentation.indicators.missing import find_missing
from portal.requests.signed_in import SignedInRequest
from portal.requests.waiting_files import fetch_waiting
from standards.presentation.reading_language import content_language

REMOVED = "removed"
"""The query parameter with the token of removed evidence."""


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: SignedInRequest, uid: UUID, standard: str) -> HttpResponse:
    """Show the page of a standard. A plain form sends all of it."""
    if request.method == "POST":
        return PAGE.save_plainly(request, find_evaluation(request, uid, PAGE.right), standard)
    return render_standard(request, find_evaluation(request, uid), standard)


def render_standard(
    request: SignedInRequest,
    evaluation: Evaluation,
    code: str,
    *,
    changed: Changed | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a standard; `changed` has conflicts and problems, with the submitted values."""
    framework, asked = evaluation.framework, evaluation.asked
    standard = find_standard(evaluation, code)
    described = describe_standard(evaluation, standard, framework.standards)
    texts = described["texts"]
    judgements = {answer.code: answer for answer in evaluation.answers.select_related("by")}
    figures = counts_for(evaluation)
    given = cover(evaluation, judgements.values(), figures).answered_codes
    sharing = sharing_for(evaluation, request.user)
    if not changed and (token := request.GET.get(REMOVED)) and (removed := find_removed(request, evaluation, token)):
        changed = {removed.code: offer_to_restore(evaluation, removed, token)}
    shown = show_edited_indicators(
        request,
        evaluation,
        standard.indicators,
        judgements,
        figures,
        provenance_for(evaluation, standard, request.user),
        kind=Kind.ANSWER,
        changed=changed,
        has_last_round=True,
    )
    may_answer = evaluation.state == Evaluation.State.SELF_ASSESSMENT and is_allowed(
        "evaluation.answer", request.user, evaluation
    )
    came_back = [
        indicator.code
        for indicator in shown
        if any(one.audience == Audience.REVIEW and one.is_open for one in indicator.discussions)
    ]
    sent_back = questions_sent_back(evaluation, came_back) if may_answer and came_back else {}
    unsettled = find_unsettled(evaluation) if may_answer else ()
    network = find_network_figures(evaluation, standard, request.user)
    practices = practices_by_code(public_practices(content_language()), framework)
    removed_files = set(evaluation.evidence_changes.values_list("code", flat=True))
    for indicator in shown:
        is_open = evaluation.is_answer_open(indicator.code)
        indicator.may_answer, indicator.is_fixed = may_answer and is_open, may_answer and not is_open
        indicator.returned = evaluation.returned.get(indicator.code, ())
        indicator.is_unsettled = indicator.code in unsettled
        indicator.sent_back = sent_back.get(indicator.code) if is_open else None
        indicator.network = network.get(indicator.code)
        indicator.practices = practices.get(indicator.code, ())
        if sharing:
            indicator.assignment = sharing.assignments.get(indicator.code)
            indicator.is_late = sharing.is_late(indicator.code, given)
        indicator.has_removed_files = indicator.code in removed_files
    whole = {"assignment_problem": "", "submitted_to": "", "submitted_until": ""} | (changed or {}).get(code, {})
    problem = whole["assignment_problem"]
    domain = described["domain"]
    group = framework.group_of.get(domain.code)
    return render(
        request,
        "answers/answers.html",
        {
            **described,
            "introduction": texts[f"standard/{standard.code}/introduction"],
            "group_title": texts[f"group/{group.code}"] if group else None,
            "siblings": [
                {
                    "code": sibling.code,
                    "title": texts[f"standard/{sibling.code}/title"],
                    "progress": queries.progress_of(framework, asked_in(sibling, asked), given),
                    "with": sharing.names(i.code for i in sibling.indicators) if sharing else "",
                }
                for sibling in domain.standards
            ],
            "progress": queries.progress_of(framework, asked_in(standard, asked), given),
            "highest_obligation": texts[f"obligation/{framework.rule.highest_obligation.code}"],
            "foremost_count": sum(framework.has_highest_obligation(i) for i in asked_in(standard, asked)),
            "indicators": shown,
            "asked_here": asked_in(standard, asked),
            "sharing": sharing,
            "whole": whole,
            "problems": [
                *([{"text": f"{code}: {problem}", "target": f"to-{code}"}] if problem else []),
                *problems_of(shown),
            ],
            "focus_summary": not any(indicator.evidence_problem for indicator in shown),
            "figures_url": reverse("workspace:hotline_figures", args=[evaluation.hotline.country])
            if is_allowed("hotline.view", request.user, evaluation.hotline)
            else "",
            "kind": Kind.ANSWER,
            "may_answer": may_answer,
        },
        status=status,
    )


def find_removed(request: SignedInRequest, evaluation: Evaluation, token: str) -> RemovedEvidence | None:
    """Return the evidence that this user removed within the last hour; None for other users."""
    removed = fetch_waiting(evaluation, token, RemovedEvidence)
    return removed if removed is not None and removed.removed_by == request.user.pk else None


def offer_to_restore(evaluation: Evaluation, removed: RemovedEvidence, token: str) -> dict[str, Any]:
    """Return the template values of an indicator whose evidence was just removed."""
    url = reverse("workspace:restore_evidence", args=[evaluation.uid, removed.code, token])
    return {"removed_evidence": removed, "restore_url": url}


PAGE = TextPage(
    kind=Kind.ANSWER,
    address_name="workspace:answers",
    right="evaluation.answer",
    history_right="evaluation.view",
    written_at=Evaluation.State.SELF_ASSESSMENT,
    read=EnteredAnswer.read,
    draw=render_standard,
    missing=find_missing,
    watch=watch_answer,
    is_by_standard=True,
    closed_words=gettext_lazy(
        "This indicator was not sent back: it stays as submitted. Your text is kept until you discard it."
    ),
)
save = require_POST(PAGE.save)
