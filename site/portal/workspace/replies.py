"""The assessors' answers to the hotline's response: one to each remark, then all handed to the panel."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation.conditions import every_remark_has_a_reply
from evaluation.judgements import Clash, Kept
from evaluation.models import Evaluation, Finding, Remark, Reply
from evaluation.replying import are_due, find_remarks, find_response, hand_over, keep_reply, reply_of
from evaluation.rules import is_allowed
from evaluation.workflow import Refusal
from portal.workspace.doorway import find_evaluation
from portal.workspace.moves import stages, telling
from portal.workspace.response import answer_script
from portal.workspace.self_assessment import read_version, shut_words
from portal.workspace.typed import read_words
from portal.workspace.wording import blocker


@dataclass(frozen=True, slots=True)
class ShownRemark:
    """What the hotline contests, what the assessors had seen, and their answer. `theirs` and `words` are a clash."""

    remark: Remark
    wording: Any
    finding: Finding | None
    finding_label: Any
    reply: Reply | None
    theirs: Reply | None = None
    words: str = ""
    problem: str = ""


@require_safe
def replies(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _render(request, find_evaluation(request, uid, "evaluation.reply"))


def _render(
    request: HttpRequest, evaluation: Evaluation, *, changed: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The remarks with their answers; `changed` puts a clash or a problem, with the typed words, on one of them."""
    is_open = are_due(evaluation)
    may_give = is_open and is_allowed("evaluation.judge", request.user, evaluation)
    reasons = every_remark_has_a_reply.reasons(evaluation) if may_give else ()
    return render(
        request,
        "workspace/replies.html",
        {
            "evaluation": evaluation,
            "stages": stages(evaluation),
            "response": find_response(evaluation),
            "rows": _rows(evaluation, changed or {}),
            "is_open": is_open,
            "may_give": may_give,
            "blockers": [blocker(reason, evaluation) for reason in reasons],
        },
        status=status,
    )


def _rows(evaluation: Evaluation, changed: dict[str, Any]) -> list[ShownRemark]:
    texts = evaluation.round.edition.texts(get_language())
    findings = {finding.code: finding for finding in evaluation.findings.select_related("by") if finding.is_given}
    rows = []
    for remark in find_remarks(evaluation):
        finding = findings.get(remark.code)
        more = changed if changed.get("code") == remark.code else {}
        rows.append(
            ShownRemark(
                remark=remark,
                wording=texts[f"indicator/{remark.code}/wording"],
                finding=finding,
                finding_label=texts[f"level/{finding.level}"] if finding and finding.level is not None else "",
                reply=reply_of(remark),
                theirs=more.get("theirs"),
                words=more.get("words", ""),
                problem=more.get("problem", ""),
            )
        )
    return rows


@require_POST
def save(request: HttpRequest, uid: UUID, code: str) -> HttpResponse:
    """Keep the words to one remark: a script gets JSON, a plain form its page."""
    evaluation = find_evaluation(request, uid, "evaluation.reply")
    if code not in {remark.code for remark in find_remarks(evaluation)}:
        raise Http404
    words, (version, _save_uid) = read_words(request.POST, "words"), read_version(request)
    result = keep_reply(evaluation, code, words, version=version, by=request.user)
    if request.headers.get("Accept") == "application/json":
        return answer_script(request, result, words)
    match result:
        case Kept():
            return HttpResponseRedirect(f"{reverse('workspace:replies', args=[uid])}#r{code}")
        case Clash(theirs):
            return _render(request, evaluation, changed={"code": code, "theirs": theirs, "words": words}, status=409)
        case _:
            changed = {"code": code, "problem": shut_words(), "words": words}
            return _render(request, evaluation, changed=changed, status=423)


@require_POST
def give(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand the answers to the panel; after that they stand."""
    evaluation = find_evaluation(request, uid, "evaluation.judge")
    back = HttpResponseRedirect(reverse("workspace:replies", args=[uid]))
    try:
        hand_over(evaluation, by=request.user, tell=telling(request, evaluation))
    except Refusal as refusal:
        if refusal.is_forbidden:
            raise PermissionDenied from refusal
        for reason in refusal.reasons:
            line = blocker(reason, evaluation)
            messages.error(request, f"{line.what}. {line.why}".strip())
        return back
    messages.success(request, _("The panel has your answers, and can vote now."))
    return back


urlpatterns = [
    path("evaluations/<uuid:uid>/replies/", replies, name="replies"),
    path("evaluations/<uuid:uid>/replies/give/", give, name="give_replies"),
    path("evaluations/<uuid:uid>/replies/<str:code>/", save, name="save_reply"),
]
