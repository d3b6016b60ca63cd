"""What a person wrote and has not decided about: on every page how much and where; used or discarded by its author."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation.judgements import Clash, Kept, Unfit
from evaluation.models import UnresolvedText, User, Visit
from evaluation.rules import is_allowed
from evaluation.unresolved import HISTORIES, Kind, texts_of, use
from portal.workspace import findings, response, self_assessment
from portal.workspace.doorway import find_evaluation, find_visit
from portal.workspace.refusing import refuse
from portal.workspace.saving import Fields, belongs_to_another, read_submission, shut_words, status_of


def address_of(text: UnresolvedText) -> str:
    """The page and the very place where an unresolved text is decided about."""
    evaluation = text.evaluation
    if text.kind == Kind.REMARK:
        return f"{reverse('workspace:response', args=[evaluation.uid])}#r{text.code or response.WHOLE}"
    page = "workspace:answers" if text.kind == Kind.ANSWER else "workspace:findings"
    standard = evaluation.framework.standard_of[text.code].code
    return f"{reverse(page, args=[evaluation.uid, standard])}#i{text.code}"


def find_text(request: HttpRequest, uid: UUID) -> UnresolvedText:
    """An unresolved text of the person who asks; nobody else's exists for them."""
    return get_object_or_404(texts_of(request.user), uid=uid)


@require_safe
def show(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Lead to where the text is decided about."""
    return HttpResponseRedirect(address_of(find_text(request, uid)))


@require_POST
def use_text(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Make the text the current one. What else was typed on the page is saved with it."""
    text = find_text(request, uid)
    _demand_right(request, text)
    if refusal := belongs_to_another(request) or _save_page(request, text):
        return refusal
    place = address_of(text)
    version = read_submission(Fields(request.POST, f"{uid}")).version
    try:
        stands = not texts_of(request.user).filter(pk=text.pk).exists()  # its own form was on the page and has saved it
        match Kept(version) if stands else use(text, version=version):
            case Kept():
                messages.success(request, _("Your text stands now."))
            case Clash():
                place = f"{place.partition('#')[0]}#u{text.uid}"
            case _:
                messages.error(request, shut_words(text.kind, text.evaluation))
    except Unfit as unfit:  # the indicator's limits were narrower when it was typed
        messages.error(request, self_assessment.words_for(unfit))
    return HttpResponseRedirect(place)


@require_POST
def discard_text(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Throw the text away, as its author asks. What else was typed on the page is saved."""
    text = find_text(request, uid)
    if refusal := belongs_to_another(request):
        return refusal
    place = address_of(text)
    is_by_script = request.headers.get("Accept") == "application/json"
    if (
        not is_by_script
        and _may_write(request.user, text)
        and (problems := _save_page(request, text, without=text.draft_uid))
    ):
        return problems
    text.delete()
    return JsonResponse({"discarded": True}) if is_by_script else HttpResponseRedirect(place)


def _right(text: UnresolvedText) -> str:
    return "visit.observe" if text.kind == Kind.FINDING else "evaluation.answer"


def _may_write(user: User, text: UnresolvedText) -> bool:
    thing: Any = text.evaluation
    if text.kind == Kind.FINDING:
        thing = Visit.objects.filter(evaluation=text.evaluation).first()
    return is_allowed(_right(text), user, thing)


def _demand_right(request: HttpRequest, text: UnresolvedText) -> None:
    if not _may_write(request.user, text):
        raise refuse(request.user, _right(text), text.evaluation)


def _save_page(request: HttpRequest, text: UnresolvedText, *, without: UUID | None = None) -> HttpResponse | None:
    """Save what a plain form brings of the page around the text; the page with its problems, or nothing."""
    if text.kind == Kind.REMARK:
        changed = response.save_typed(request, text.evaluation, without=without)
        return (
            response.render_response(request, text.evaluation, changed=changed, status=status_of(changed))
            if changed
            else None
        )
    standard = text.evaluation.framework.standard_of[text.code]
    if text.kind == Kind.ANSWER:
        evaluation = text.evaluation
        changed = self_assessment.save_typed(request, evaluation, standard.code, without=without)
        if not changed:
            return None
        return self_assessment.render_standard(
            request, evaluation, standard, changed=changed, status=status_of(changed)
        )
    arranged = find_visit(request, text.evaluation.uid)
    changed = findings.save_typed(request, arranged, standard.code, without=without)
    return (
        findings.render_findings(request, arranged, standard.code, changed=changed, status=status_of(changed))
        if changed
        else None
    )


@require_safe
def versions(request: HttpRequest, uid: UUID, kind: str, code: str) -> HttpResponse:
    """Every version of an answer, a finding or a drafted remark, newest first, with who wrote it."""
    if kind not in Kind.values:
        raise Http404
    rights = {Kind.ANSWER: "evaluation.view", Kind.REMARK: "evaluation.answer"}
    if kind == Kind.FINDING:
        evaluation = find_visit(request, uid, "visit.view").evaluation
    else:
        evaluation = find_evaluation(request, uid, rights[Kind(kind)])
    indicator = evaluation.framework.indicators.get(code)
    if indicator is None and not (kind == Kind.REMARK and code == response.WHOLE):
        raise Http404
    texts = evaluation.round.edition.texts(get_language())
    about = "" if indicator is None else code
    found = list(HISTORIES[Kind(kind)].objects.filter(evaluation_id=evaluation.pk, code=about).order_by("-version"))
    names = dict(User.objects.filter(pk__in={row.by_id for row in found}).values_list("pk", "name"))
    return render(
        request,
        "workspace/versions.html",
        {
            "evaluation": evaluation,
            "code": about,
            "back": address_of(UnresolvedText(evaluation=evaluation, kind=kind, code=about)),
            "scale": evaluation.framework.scale,
            "versions": [{"row": row, "by": names.get(row.by_id, ""), "label": _label(texts, row)} for row in found],
        },
    )


def _label(texts: Any, row: Any) -> Any:
    level = getattr(row, "level", None)
    return "" if level is None else texts[f"level/{level}"]


@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and the token for their forms: so that a page that was left open can go on."""
    return JsonResponse({"person": str(request.user.uid), "token": get_token(request)})
