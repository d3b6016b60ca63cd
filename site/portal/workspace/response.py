"""The hotline's response: the draft to read, words on the whole and on each indicator, given once before the panel."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation.judgements import Clash, Kept
from evaluation.models import Evaluation, Response
from evaluation.replying import replies_given
from evaluation.responding import ON_THE_WHOLE, drafted_remarks, keep_remark, respond
from evaluation.rules import is_allowed
from evaluation.workflow import Refusal
from portal.workspace.decision import sign_of
from portal.workspace.doorway import find_evaluation
from portal.workspace.examined import FILTERS, ExaminedDomain, examine, narrow
from portal.workspace.indicators import saved_words
from portal.workspace.looking.provenance import provenance_of
from portal.workspace.moves import stages, telling
from portal.workspace.self_assessment import read_version, shut_words
from portal.workspace.typed import read_words
from portal.workspace.wording import blocker

WHOLE = "whole"
"""How the address names the words that are about no single indicator."""


@require_safe
def response(request: HttpRequest, uid: UUID) -> HttpResponse:
    return render_response(request, find_evaluation(request, uid))


def render_response(
    request: HttpRequest, evaluation: Evaluation, *, changed=None, refused=(), nothing_to_add=False, status=200
) -> HttpResponse:
    """The draft with what the hotline says to it; `changed` puts a clash or a problem, with the words, on a remark."""
    scorecard = evaluation.scorecards.first()
    is_sent = scorecard is not None and evaluation.state not in _BEFORE
    is_theirs = is_allowed("evaluation.answer", request.user, evaluation)
    given = Response.objects.filter(scorecard=scorecard).select_related("given_by").prefetch_related("remarks").first()
    is_open = evaluation.state == Evaluation.State.RESPONSE
    may_write = is_theirs and is_open
    drafts = drafted_remarks(evaluation) if may_write else {}
    remarks = {remark.code: remark.words for remark in given.remarks.all()} if given else {}
    domains = []
    if is_sent:
        provenance = provenance_of(evaluation, request.user, kept=scorecard)
        replies = replies_given(evaluation)
        domains = examine(evaluation, scorecard, remarks=remarks, drafts=drafts, provenance=provenance, replies=replies)
    narrowed = request.GET.get("show", "")
    return render(
        request,
        "workspace/response.html",
        {
            "evaluation": evaluation,
            "scorecard": scorecard if is_sent else None,
            "sign": sign_of(evaluation, scorecard.proposal) if is_sent else None,
            "stages": stages(evaluation),
            "given": given,
            "domains": [_fold(domain, (changed or {}).get("code", "")) for domain in narrow(domains, narrowed)],
            "totals": {name: sum(domain.counts[name] for domain in domains) for name in FILTERS},
            "all_count": sum(len(domain.rows) for domain in domains),
            "narrowed": narrowed if narrowed in FILTERS else "",
            "is_open": is_open,
            "may_write": may_write,
            "may_give": is_open and is_allowed("evaluation.respond", request.user, evaluation),
            "whole": drafts.get(ON_THE_WHOLE),
            "written": sum(bool(draft.words.strip()) for draft in drafts.values()),
            "changed": changed or {},
            "refused": refused,
            "nothing_to_add": nothing_to_add,
        },
        status=status,
    )


def _fold(domain: ExaminedDomain, code: str) -> ExaminedDomain:
    """A domain stands open where something is written, or where somebody is just writing."""
    is_opened = domain.is_opened or bool(domain.counts["contested"]) or code in domain.codes
    return replace(domain, is_opened=is_opened)


_BEFORE = (
    Evaluation.State.SELF_ASSESSMENT,
    Evaluation.State.DESK_REVIEW,
    Evaluation.State.STUDY_VISIT,
    Evaluation.State.REPORT,
)
"""The stages in which the hotline has no draft to read."""


@require_POST
def save(request: HttpRequest, uid: UUID, code: str) -> HttpResponse:
    """Keep the words of one remark, as an answer is kept: a script gets JSON, a plain form its page."""
    evaluation = find_evaluation(request, uid, "evaluation.answer")
    if code != WHOLE and code not in evaluation.framework.indicators:
        raise Http404
    words, (version, _save_uid) = read_words(request.POST, "words"), read_version(request)
    about = ON_THE_WHOLE if code == WHOLE else code
    result = keep_remark(evaluation, about, words, version=version, by=request.user)
    if request.headers.get("Accept") == "application/json":
        return answer_script(request, result, words)
    match result:
        case Kept():
            return HttpResponseRedirect(f"{reverse('workspace:response', args=[uid])}#r{code}")
        case Clash(theirs):
            changed = {"code": code, "theirs": theirs, "words": words}
            return render_response(request, evaluation, changed=changed, status=409)
        case _:
            changed = {"code": code, "problem": shut_words(), "words": words}
            return render_response(request, evaluation, changed=changed, status=423)


def answer_script(request: HttpRequest, result: object, words: str) -> JsonResponse:
    """What became of a save, for the script; also of an assessor's reply."""
    match result:
        case Kept(version):
            return JsonResponse({"version": version, "saved": saved_words(timezone.now())})
        case Clash(theirs):
            html = render_to_string("workspace/remark_conflict.html", {"words": words, "theirs": theirs}, request)
            return JsonResponse({"version": theirs.version, "conflict": html}, status=409)
        case _:
            return JsonResponse({"problem": shut_words()}, status=423)


@require_POST
def give(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give what is written as the hotline's response; after that it stands."""
    evaluation = find_evaluation(request, uid, "evaluation.respond")
    nothing_to_add = bool(request.POST.get("nothing_to_add"))
    try:
        respond(evaluation, by=request.user, nothing_to_add=nothing_to_add, tell=telling(request, evaluation))
    except Refusal as refusal:
        if refusal.is_forbidden:
            raise PermissionDenied from refusal
        evaluation.refresh_from_db()
        refused = [blocker(reason, evaluation) for reason in refusal.reasons]
        return render_response(request, evaluation, refused=refused, nothing_to_add=nothing_to_add, status=409)
    messages.success(
        request,
        _(
            "Your response is given. The assessors answer what you contest, and the panel reads both beside the findings."
        ),
    )
    return HttpResponseRedirect(reverse("workspace:response", args=[uid]))
