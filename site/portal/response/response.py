"""The hotline's response: it reads the draft, accepts or contests each finding, and submits once."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.answers.entered_answers import EnteredAnswer
from evaluation.answers.judgements import Closed
from evaluation.answers.unresolved_texts import Kind, texts_by_code
from evaluation.models import Evaluation
from evaluation.models.people.permissions import is_allowed
from evaluation.response.response import GENERAL_REMARK, accept_findings, respond, take_acceptance_back
from evaluation.workflow import Refusal
from portal.access import find_evaluation
from portal.answers.saving import WHOLE, Changed, TextPage
from portal.answers.words_form import conflicts_of, words_form
from portal.figures.series.provenance import provenance_of
from portal.moves.pages import stages
from portal.presentation.reasons import ShownReason, show_reason
from portal.presentation.refusals import raise_if_forbidden
from portal.presentation.scorecard.decisions import sign_of
from portal.presentation.scorecard.revised import show_revised
from portal.requests.signed_in import SignedInRequest
from portal.response.comparison import FILTERS, DomainComparison, compare_findings, narrow
from portal.response.content import read_draft, read_response


@require_http_methods(["GET", "HEAD", "POST"])
def response(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the response. A plain form sends all of it."""
    if request.method == "POST":
        return PAGE.save_plainly(request, find_evaluation(request, uid, PAGE.right))
    return render_response(request, find_evaluation(request, uid))


def render_response(
    request: SignedInRequest,
    evaluation: Evaluation,
    _standard: str = "",
    *,
    changed: Changed | None = None,
    refused: Sequence[ShownReason] = (),
    accepts_others: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Render the draft with the hotline's remarks; `changed` has conflicts, with the submitted texts."""
    scorecard = evaluation.shown_scorecard
    sent = scorecard if evaluation.state not in _BEFORE else None
    is_theirs = is_allowed("evaluation.answer", request.user, evaluation)
    is_open, last_day = evaluation.state == Evaluation.State.RESPONSE, evaluation.respond_by
    may_write = is_theirs and is_open
    content = read_draft(evaluation) if may_write else read_response(evaluation.heard_scorecard)
    domains = []
    if sent is not None:
        provenance = provenance_of(evaluation, request.user, scorecard=sent)
        domains = compare_findings(evaluation, sent, content=content, provenance=provenance)
    unresolved = texts_by_code(evaluation, Kind.REMARK, request.user)
    changed = changed or {}
    rows = [row for domain in domains for row in domain.rows]
    for row in rows:
        row.form = words_form(row.code, row.draft, unresolved.get(row.code, []), changed.get(row.code, {}))
    narrowed = request.GET.get("show", "")
    return render(
        request,
        "response/response.html",
        {
            "evaluation": evaluation,
            "scorecard": sent,
            "sign": sign_of(evaluation, sent.proposal) if sent is not None else None,
            "stages": stages(evaluation),
            "given": content.response,
            "revised": show_revised(evaluation, sent),
            "first": [row for row in rows if row.comes_first] if may_write else [],
            "domains": [_fold(domain) for domain in narrow(domains, narrowed)],
            "totals": {name: sum(domain.counts[name] for domain in domains) for name in FILTERS},
            "all_count": sum(len(domain.rows) for domain in domains),
            "narrowed": narrowed if narrowed in FILTERS else "",
            "is_open": is_open,
            "is_over": is_open and last_day is not None and evaluation.round.today > last_day,
            "may_write": may_write,
            "may_give": is_open and is_allowed("evaluation.respond", request.user, evaluation),
            "whole": words_form(
                WHOLE, content.drafts.get(GENERAL_REMARK), unresolved.get(GENERAL_REMARK, []), changed.get(WHOLE, {})
            ),
            "contested": sum(row.is_drafted for row in rows),
            "accepted": len(content.accepted),
            "accepts_all": bool(content.accepted) and all(row.is_accepted for row in rows if row.finding),
            "left": sum(bool(row.finding) and not row.is_accepted and not row.is_drafted for row in rows),
            "problems": conflicts_of(Kind.REMARK, changed),
            "kind": Kind.REMARK,
            "refused": refused,
            "accepts_others": accepts_others,
        },
        status=status,
    )


def _fold(domain: DomainComparison) -> DomainComparison:
    """Return the domain, open if it matches a filter, has remarks, or is being edited."""
    is_busy = any(row.form and row.form.is_busy for row in domain.rows)
    is_opened = domain.is_opened or bool(domain.counts["contested"]) or is_busy
    return replace(domain, is_opened=is_opened)


_BEFORE = (
    Evaluation.State.SELF_ASSESSMENT,
    Evaluation.State.DESK_REVIEW,
    Evaluation.State.STUDY_VISIT,
    Evaluation.State.REPORT,
)
"""The stages in which the hotline has no draft to read."""


PAGE = TextPage(
    kind=Kind.REMARK,
    address_name="workspace:response",
    right="evaluation.answer",
    history_right="evaluation.answer",
    written_at=Evaluation.State.RESPONSE,
    read=EnteredAnswer.read_words,
    draw=render_response,
    has_whole=True,
    anchor="r",
)
save = require_POST(PAGE.save)


@require_POST
def accept(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Save the form, then accept the finding whose button was pressed, or take its acceptance back."""
    evaluation = find_evaluation(request, uid, PAGE.right)
    code = request.POST.get("accept") or request.POST.get("take_back", "")
    if code not in evaluation.framework.indicators:
        raise Http404
    if answer := PAGE.save_first(request, evaluation, is_open=False):
        return answer
    if "take_back" in request.POST:
        take_acceptance_back(evaluation, code)
        return HttpResponseRedirect(PAGE.address(evaluation, name=code))
    accepted = accept_findings(evaluation, [code], by=request.user)
    if isinstance(accepted, Closed):
        messages.error(request, PAGE.closed_text(evaluation))
    elif not accepted:
        messages.error(request, _("%(code)s is contested: remove your words and evidence first.") % {"code": code})
    return HttpResponseRedirect(PAGE.address(evaluation, name=code))


@require_POST
def give(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Save the form and submit the hotline's response; it is final."""
    evaluation = find_evaluation(request, uid, "evaluation.respond")
    if answer := PAGE.save_first(request, evaluation, is_open=evaluation.state == PAGE.written_at):
        return answer
    accepts_others = bool(request.POST.get("accept_others"))
    try:
        respond(evaluation, by=request.user, accepts_others=accepts_others)
    except Refusal as refusal:
        raise_if_forbidden(refusal, evaluation)
        evaluation.refresh_from_db()
        refused = [show_reason(reason, evaluation) for reason in refusal.reasons]
        return render_response(request, evaluation, refused=refused, accepts_others=accepts_others, status=409)
    messages.success(
        request,
        _(
            "Your response is given. The assessors answer what you contest, and the panel reads both beside the findings."
        ),
    )
    return HttpResponseRedirect(reverse("workspace:response", args=[uid]))
