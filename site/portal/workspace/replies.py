"""The assessors' answers to the hotline's response: one to each remark, then all handed to the panel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.conditions import every_remark_has_a_reply, find_remarks
from evaluation.judgements import Clash, Shut
from evaluation.models import Evaluation, Finding, Remark, Reply
from evaluation.replying import are_due, find_response, hand_over, keep_reply, reply_of
from evaluation.rules import is_allowed
from evaluation.workflow import Refusal
from portal.workspace.doorway import find_evaluation
from portal.workspace.indicators import ShownIndicator
from portal.workspace.moves import stages, telling
from portal.workspace.refusing import report_refusal
from portal.workspace.saving import Fields, belongs_to_another, read_submission
from portal.workspace.typed import fingerprint, read_words
from portal.workspace.wording import blocker


@dataclass(frozen=True, slots=True)
class ShownRemark:
    """What the hotline contests, what the assessors had seen, and their answer. `mine` is what could not be saved."""

    remark: Remark
    shown: ShownIndicator
    finding: Finding | None
    finding_label: Any
    reply: Reply | None
    mine: str | None = None
    is_clash: bool = False

    @property
    def saved(self) -> str:
        return self.reply.words if self.reply else ""

    @property
    def words(self) -> str:
        return self.saved if self.mine is None else self.mine

    @property
    def version(self) -> int:
        return self.reply.version if self.reply else 0

    @property
    def fingerprint(self) -> str:
        """What is saved, so that the form changes only what somebody changed."""
        return fingerprint("", "", self.saved, False)


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Typed words that could not be saved, and why."""

    words: str
    result: Clash | Shut


@require_http_methods(["GET", "HEAD", "POST"])
def replies(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The page of the remarks. Its one form sends all answers; only what was changed is saved."""
    evaluation = find_evaluation(request, uid, "evaluation.reply")
    if request.method != "POST":
        return _render(request, evaluation)
    if problems := _save(request, evaluation):
        return problems
    messages.success(request, _("Your answers are saved."))
    return HttpResponseRedirect(reverse("workspace:replies", args=[uid]))


def _save(request: HttpRequest, evaluation: Evaluation) -> HttpResponse | None:
    """Save the answers that were changed; the page with those that could not be saved, or nothing."""
    if refusal := belongs_to_another(request):
        return refusal
    unsaved = {}
    for remark in find_remarks(evaluation):
        fields = Fields(request.POST, remark.code)
        if f"words-{remark.code}" not in request.POST or not fields.is_changed:
            continue
        words, version = read_words(fields, "words"), read_submission(fields).version
        result = keep_reply(evaluation, remark.code, words, version=version, by=request.user)
        if isinstance(result, Clash | Shut):
            unsaved[remark.code] = Unsaved(words, result)
    if not unsaved:
        return None
    is_shut = any(isinstance(what.result, Shut) for what in unsaved.values())
    return _render(request, evaluation, unsaved, status=423 if is_shut else 409)


def _render(
    request: HttpRequest, evaluation: Evaluation, unsaved: Mapping[str, Unsaved] | None = None, *, status: int = 200
) -> HttpResponse:
    """The remarks with their answers, and what could not be saved in the place where it was typed."""
    unsaved = unsaved or {}
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
            "rows": _rows(evaluation, unsaved),
            "problems": [
                {"text": _("%(code)s: two people wrote here at once.") % {"code": code}, "target": f"reply-{code}"}
                for code, what in unsaved.items()
                if isinstance(what.result, Clash)
            ],
            "is_open": is_open,
            "may_give": may_give,
            "blockers": [blocker(reason, evaluation) for reason in reasons],
        },
        status=status,
    )


def _rows(evaluation: Evaluation, unsaved: Mapping[str, Unsaved]) -> list[ShownRemark]:
    texts, framework = evaluation.round.edition.texts(get_language()), evaluation.framework
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    findings = {finding.code: finding for finding in evaluation.findings.select_related("by") if finding.is_given}
    rows = []
    for remark in find_remarks(evaluation):
        finding = findings.get(remark.code)
        what = unsaved.get(remark.code)
        rows.append(
            ShownRemark(
                remark=remark,
                shown=ShownIndicator(
                    indicator=framework.indicators[remark.code],
                    framework=framework,
                    texts=texts,
                    judgement=answers[remark.code],
                    evidence=[],
                    measured=None,
                ),
                finding=finding,
                finding_label=texts[f"level/{finding.level}"] if finding and finding.level is not None else "",
                reply=reply_of(remark),
                mine=what.words if what else None,
                is_clash=what is not None and isinstance(what.result, Clash),
            )
        )
    return rows


@require_POST
def give(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Save what was typed and hand the answers to the panel; after that they stand."""
    evaluation = find_evaluation(request, uid, "evaluation.judge")
    if problems := _save(request, evaluation):
        return problems
    back = HttpResponseRedirect(reverse("workspace:replies", args=[uid]))
    try:
        hand_over(evaluation, by=request.user, tell=telling(request, evaluation))
    except Refusal as refusal:
        report_refusal(request, refusal, evaluation)
        return back
    messages.success(request, _("The panel has your answers, and can vote now."))
    return back


urlpatterns = [
    path("evaluations/<uuid:uid>/replies/", replies, name="replies"),
    path("evaluations/<uuid:uid>/replies/give/", give, name="give_replies"),
]
