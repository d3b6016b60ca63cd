"""The assessors' replies to the hotline's response: one to each remark, then all are handed to the panel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.answers.entered_answers import EnteredAnswer
from evaluation.answers.unresolved_texts import Kind, texts_by_code
from evaluation.judging.revision import Change, find_changed_findings
from evaluation.models import Evaluation, Finding, Remark, Response, Scorecard, UnresolvedText
from evaluation.models.evaluation import find_replies_of_tied_authors
from evaluation.models.people.permissions import is_allowed
from evaluation.response.replies import may_change, response_to
from evaluation.workflow import Refusal, perform
from portal.access import find_evaluation, require
from portal.answers.saving import Changed, TextPage
from portal.answers.standard_page import problems_of
from portal.answers.words_form import conflicts_of
from portal.moves.pages import stages
from portal.presentation.indicators.indicator import ShownIndicator, show_one_indicator
from portal.presentation.refusals import report_refusal
from portal.presentation.undecided_drafts import warn_of_undecided
from portal.requests.signed_in import SignedInRequest
from portal.response.content import show_remark_proofs


@dataclass(frozen=True, slots=True)
class ShownRemark:
    """The hotline's remark with its evidence, the assessors' finding, and their reply."""

    remark: Remark
    shown: ShownIndicator
    finding: Finding | None
    reply: ShownIndicator
    """The indicator with the reply as its judgement, and the reply's unsaved texts."""
    may_change: bool
    """Whether the reply can change the finding."""
    change: Change | None
    """How the reply changed the finding, once the replies are handed over."""
    proofs: list[dict[str, Any]]
    waits_for_another: bool
    """Whether its author now has a tie to the hotline, so that another assessor must save it as their own."""


@require_http_methods(["GET", "HEAD", "POST"])
def replies(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the remarks and their replies. A plain form sends all replies."""
    evaluation = find_evaluation(request, uid, PAGE.right)
    if request.method == "POST":
        return PAGE.save_plainly(request, evaluation)
    return render_replies(request, evaluation)


def render_replies(
    request: SignedInRequest,
    evaluation: Evaluation,
    _standard: str = "",
    *,
    changed: Changed | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the remarks with their replies; `changed` has conflicts, with the submitted texts."""
    scorecard = evaluation.heard_scorecard
    response = response_to(scorecard)
    unresolved = texts_by_code(evaluation, Kind.REPLY, request.user)
    is_open = evaluation.awaits_replies
    rows = _rows(evaluation, response, scorecard, unresolved, changed or {})
    contested = {row.remark.code for row in rows}
    return render(
        request,
        "response/replies.html",
        {
            "evaluation": evaluation,
            "stages": stages(evaluation),
            "response": response,
            "rows": rows,
            "left": [
                (text, _show_text(evaluation, text))
                for code, texts in unresolved.items()
                if code not in contested
                for text in texts
            ],
            "problems": [
                *conflicts_of("words", changed or {}),
                *problems_of([row.reply for row in rows if not row.reply.is_closed]),
            ],
            "is_open": is_open,
            "may_give": is_open and is_allowed("evaluation.judge", request.user, evaluation),
        },
        status=status,
    )


def _show_text(evaluation: Evaluation, text: UnresolvedText) -> ShownIndicator:
    values: Any = text  # it has the fields of a judgement
    return show_one_indicator(evaluation, text.code, values)


def _rows(
    evaluation: Evaluation,
    response: Response | None,
    scorecard: Scorecard | None,
    unresolved: Mapping[str, list[UnresolvedText]],
    changed: Changed,
) -> list[ShownRemark]:
    texts, framework = evaluation.round.edition.texts(get_language()), evaluation.framework
    changes = find_changed_findings(scorecard)
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    findings = {finding.code: finding for finding in evaluation.findings.select_related("by") if finding.is_given}
    rows = []
    remarks = response.remarks.all() if response else ()
    of_tied_authors = find_replies_of_tied_authors(evaluation, remarks)
    for remark in remarks:
        code, finding = remark.code, findings.get(remark.code)
        reply = show_one_indicator(evaluation, code, remark.reply, texts)
        reply.known_missing = "" if remark.reply.words.strip() else _("say why")
        reply.unresolved = unresolved.get(code, [])
        for name, value in changed.get(code, {}).items():
            setattr(reply, name, value)
        rows.append(
            ShownRemark(
                remark=remark,
                shown=show_one_indicator(evaluation, code, answers[code], texts),
                finding=finding,
                reply=reply,
                may_change=may_change(framework.indicators[code], finding),
                change=changes.get(code),
                proofs=show_remark_proofs(evaluation, remark.proofs.all()),
                waits_for_another=code in of_tied_authors,
            )
        )
    return rows


PAGE = TextPage(
    kind=Kind.REPLY,
    address_name="workspace:replies",
    right="evaluation.reply",
    history_right="evaluation.reply",
    written_at=Evaluation.State.DECISION,
    read=EnteredAnswer.read,
    draw=render_replies,
    anchor="r",
    closed_words=gettext_lazy(
        "This can no longer be changed: the answers are handed to the panel, or the hotline no longer contests it. "
        "Your text is kept until you discard it."
    ),
)
save = require_POST(PAGE.save)


@require_POST
def give(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Save the form and hand the replies to the panel; they are final."""
    evaluation = find_evaluation(request, uid, "evaluation.judge")
    require(request, PAGE.right, evaluation)
    if answer := PAGE.save_first(request, evaluation, is_open=evaluation.awaits_replies):
        return answer
    back = HttpResponseRedirect(PAGE.address(evaluation))
    try:
        perform(evaluation, "answer_remarks", by=request.user)
    except Refusal as refusal:
        report_refusal(request, refusal, evaluation)
        return back
    messages.success(request, _("The panel has your answers, and can vote now."))
    warn_of_undecided(request, evaluation.recommendations.undecided().count())
    return back


urlpatterns = [
    path("evaluations/<uuid:uid>/replies/", replies, name="replies"),
    path("evaluations/<uuid:uid>/replies/give/", give, name="give_replies"),
    path("evaluations/<uuid:uid>/replies/<str:code>/", save, name="save_reply"),
]
