"""The self-assessment: one standard a page, each answer saved by itself, nothing overwritten, nothing lost."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation import queries
from evaluation.judgements import Clash, Kept, Said, Shut, Unfit, keep_answer
from evaluation.models import Evaluation
from evaluation.pinning import counts_for
from evaluation.rules import is_allowed
from portal.workspace.doorway import find_evaluation
from portal.workspace.figure_corrections import show_corrections
from portal.workspace.indicators import measured_codes, saved_words, show_indicators
from portal.workspace.last_time import find_last_time
from portal.workspace.looking.provenance import provenance_for
from portal.workspace.typed import read_number, read_words
from standards.framework import Indicator, Measure, Standard


def find_standard(evaluation: Evaluation, code: str) -> Standard:
    try:
        return evaluation.framework.standards[code]
    except KeyError as unknown:
        raise Http404 from unknown


def asked_in(standard: Standard, asked: Mapping[str, Indicator]) -> list[Indicator]:
    """The indicators of a standard that are asked in this round."""
    return [indicator for indicator in standard.indicators if indicator.code in asked]


def read_said(request: HttpRequest, indicator: Indicator) -> Said:
    """What a form says of an indicator. Raises Unfit for a number that is none."""
    level = request.POST.get("level", "")
    number = request.POST.get("value", "").strip()
    is_typed = number and indicator.measure is Measure.NUMERIC and level not in ("na", "unseen")
    value = read_number(number) if is_typed else None
    if level not in ("", "na", "unseen") and not level.isdecimal():
        raise Unfit("no_such_level")
    return Said(
        level=int(level) if level.isdecimal() else None,
        value=value,
        not_applicable=level == "na",
        not_seen=level == "unseen",
        words=read_words(request.POST, "words"),
        good_practice=bool(request.POST.get("good_practice")),
    )


def words_for(unfit: Unfit) -> str:
    return {
        "no_such_level": _("Choose one of the levels shown."),
        "not_a_number": _("Write a number from 0 up, such as 92.4, without a thousands separator."),
        "ambiguous_number": _(
            "This can be read in two ways: some write thousands so, others decimals. Write thousands without a "
            "separator, such as 1234, or decimals with another number of digits, such as 1.23."
        ),
        "too_many_decimals": _("Write at most four digits after the decimal sign."),
        "from_figures": _("This number comes from your figures. Nothing is typed here."),
        "exception_not_allowed": _(
            "“Not applicable” is not open here: the Guide asks it of every hotline. Choose a level, or leave it open and "
            "say in words what was missing."
        ),
    }[unfit.code]


@require_safe
def answers(request: HttpRequest, uid: UUID, standard: str) -> HttpResponse:
    evaluation = find_evaluation(request, uid)
    return render_standard(request, evaluation, find_standard(evaluation, standard))


def render_standard(
    request: HttpRequest,
    evaluation: Evaluation,
    standard: Standard,
    *,
    changed: dict[str, dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a standard; `changed` puts a clash or a problem, with the typed words, on an indicator."""
    framework, asked = evaluation.framework, evaluation.asked
    texts = evaluation.round.edition.texts(get_language())
    judgements = {answer.code: answer for answer in evaluation.answers.select_related("by")}
    figures = counts_for(evaluation)
    provenance = provenance_for(evaluation, standard, request.user)
    shown = show_indicators(evaluation, standard, judgements, figures, provenance)
    corrections = show_corrections(evaluation) if provenance else {}
    last_time = find_last_time(evaluation, [indicator.code for indicator in standard.indicators])
    for indicator in shown:
        indicator.correction = corrections[indicator.code].sentence if indicator.code in corrections else ""
        indicator.last_time = last_time.get(indicator.code)
        for name, value in (changed or {}).get(indicator.code, {}).items():
            setattr(indicator, name, value)
    domain = framework.domain_of[standard.code]
    given = {code for code, answer in judgements.items() if answer.is_given}
    given |= measured_codes(framework, figures)
    order = list(framework.standards)
    place = order.index(standard.code)
    return render(
        request,
        "workspace/answers.html",
        {
            "evaluation": evaluation,
            "standard": standard,
            "domain": domain,
            "texts": texts,
            "title": texts[f"standard/{standard.code}/title"],
            "introduction": texts[f"standard/{standard.code}/introduction"],
            "domain_title": texts[f"domain/{domain.code}/title"],
            "siblings": [
                {
                    "code": sibling.code,
                    "title": texts[f"standard/{sibling.code}/title"],
                    "progress": queries.progress_of(framework, asked_in(sibling, asked), given),
                }
                for sibling in domain.standards
            ],
            "progress": queries.progress_of(framework, asked_in(standard, asked), given),
            "foremost": texts[f"obligation/{framework.rule.foremost.code}"],
            "foremost_count": sum(framework.is_foremost(i) for i in asked_in(standard, asked)),
            "indicators": shown,
            "figures_url": reverse("workspace:hotline_figures", args=[evaluation.hotline.country])
            if is_allowed("hotline.view", request.user, evaluation.hotline)
            else "",
            "in_your_words": _("In your words"),
            "words_hint": _("In any language of the site. For “not applicable”, the reason."),
            "may_answer": evaluation.state == Evaluation.State.SELF_ASSESSMENT
            and is_allowed("evaluation.answer", request.user, evaluation),
            "previous": order[place - 1] if place else None,
            "next": order[place + 1] if place + 1 < len(order) else None,
        },
        status=status,
    )


@require_POST
def save(request: HttpRequest, uid: UUID, standard: str, code: str) -> HttpResponse:
    """Keep one answer. A script gets JSON; a plain form is sent back to its indicator."""
    evaluation = find_evaluation(request, uid, "evaluation.answer")
    indicator = evaluation.framework.indicators.get(code)
    if indicator is None or evaluation.framework.standard_of[code].code != standard:
        raise Http404
    by_script = request.headers.get("Accept") == "application/json"
    version, save_uid = read_version(request)
    try:
        said = read_said(request, indicator)
        if indicator.from_figures and (said.level is not None or said.value is not None):
            raise Unfit("from_figures")
        result = keep_answer(evaluation, code, said, version=version, by=request.user, save_uid=save_uid)
    except Unfit as unfit:
        problem = words_for(unfit)
        if by_script:
            return JsonResponse({"problem": problem}, status=422)
        changed = {code: {"problem": problem} | typed(request)}
        return render_standard(request, evaluation, find_standard(evaluation, standard), changed=changed, status=422)
    if by_script:
        return answer_script(request, evaluation, result, said)
    match result:
        case Clash(theirs):
            changed = {code: {"clash": theirs, "mine": said}}
            return render_standard(
                request, evaluation, find_standard(evaluation, standard), changed=changed, status=409
            )
        case Shut():
            changed = {code: {"problem": shut_words(), "mine": said}}
            return render_standard(
                request, evaluation, find_standard(evaluation, standard), changed=changed, status=423
            )
    return HttpResponseRedirect(f"{reverse('workspace:answers', args=[uid, standard])}#i{code}")


def typed(request: HttpRequest) -> dict[str, Any]:
    """What does not fit, as it was typed, so that it stands in the form again."""
    level = request.POST.get("level", "")
    mine = Said(
        not_applicable=level == "na",
        not_seen=level == "unseen",
        words=read_words(request.POST, "words"),
        good_practice=bool(request.POST.get("good_practice")),
    )
    return {"mine": mine, "typed_number": request.POST.get("value", "")}


def read_version(request: HttpRequest) -> tuple[int, UUID | None]:
    """The version the form was read at, and the uid of this save. A missing version matches nothing."""
    version = request.POST.get("version", "")
    try:
        save_uid = UUID(request.POST["save_uid"])
    except (KeyError, ValueError):
        save_uid = None
    return (int(version) if version.isdecimal() and len(version) < 10 else -1), save_uid


def shut_words() -> str:
    return _("This can no longer be changed: it has gone on to the next stage. Your words are still on the screen.")


def answer_script(request: HttpRequest, evaluation: Evaluation, result: Any, mine: Said) -> JsonResponse:
    """What became of a save, for the script: the new version, or both versions of a clash, or that it is shut."""
    match result:
        case Kept(version):
            return JsonResponse({"version": version, "saved": saved_words(timezone.now())})
        case Clash(theirs):
            indicator = evaluation.framework.indicators[theirs.code]
            html = render_to_string(
                "workspace/conflict.html",
                {"mine": mine, "theirs": theirs, "indicator": indicator, "scale": evaluation.framework.scale},
                request,
            )
            return JsonResponse({"version": theirs.version, "conflict": html}, status=409)
        case _:
            return JsonResponse({"problem": shut_words()}, status=423)
