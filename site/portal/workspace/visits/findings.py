"""The findings of a study visit, recorded by its team next to the answers."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.assessment.pinned_figures import counts_for
from evaluation.assessment.unresolved_texts import Kind, texts_by_code
from evaluation.guards.conditions import needs_a_finding
from evaluation.guards.permissions import is_allowed
from evaluation.models import Evaluation, Visit
from evaluation.teamwork.discussions import find_summaries
from evaluation.visits.desk_review import find_notes
from portal.presentation.indicators.indicator import show_indicators
from portal.presentation.indicators.missing import find_missing
from portal.workspace.access import find_visit
from portal.workspace.assessment.saving import Changed, TextPage
from portal.workspace.assessment.self_assessment import find_standard, problems_of, read_judgement
from portal.workspace.figures.corrections import show_corrections
from portal.workspace.requests import SignedInRequest
from portal.workspace.series.provenance import provenance_for
from standards.models import Texts
from standards.presentation.sentences import Passage


@require_http_methods(["GET", "HEAD", "POST"])
def findings(request: SignedInRequest, uid: UUID, standard: str) -> HttpResponse:
    """The findings of a standard. A plain form sends all of it."""
    if request.method == "POST":
        return PAGE.save_plainly(request, _find(request, uid, PAGE.right), standard)
    return render_findings(request, _find(request, uid, "visit.view"), standard)


def _find(request: SignedInRequest, uid: UUID, right: str) -> Evaluation:
    """Return the evaluation with its visit, for users with a right over the visit."""
    return find_visit(request, uid, right).evaluation


def render_findings(
    request: SignedInRequest, evaluation: Evaluation, code: str, *, changed: Changed | None = None, status: int = 200
) -> HttpResponse:
    """Render the answers of a standard, each with its finding."""
    arranged = evaluation.visit
    standard = find_standard(evaluation, code)
    texts = evaluation.round.edition.texts(get_language())
    domain = evaluation.framework.domain_of[code]
    answers = {answer.code: answer for answer in evaluation.answers.select_related("by")}
    found = {finding.code: finding for finding in evaluation.findings.select_related("by")}
    provenance = provenance_for(evaluation, standard, request.user)
    shown = show_indicators(evaluation, standard, found, counts_for(evaluation), provenance)
    corrections = show_corrections(evaluation) if provenance else {}
    unresolved = texts_by_code(evaluation, Kind.FINDING, request.user)
    notes = find_notes(evaluation, [indicator.code for indicator in standard.indicators])
    discussions = find_summaries(evaluation, request.user, [indicator.code for indicator in standard.indicators])
    for indicator in shown:
        indicator.discussions = discussions.get(indicator.code, ())
        indicator.correction = corrections[indicator.code].sentence if indicator.code in corrections else ""
        indicator.answer = answers[indicator.code]
        indicator.unresolved = unresolved.get(indicator.code, [])
        for name, value in (changed or {}).get(indicator.code, {}).items():
            setattr(indicator, name, value)
    order = list(evaluation.framework.standards)
    place = order.index(code)
    return render(
        request,
        "workspace/visits/findings.html",
        {
            "evaluation": evaluation,
            "visit": arranged,
            "standard": standard,
            "domain": domain,
            "domain_title": texts[f"domain/{domain.code}/title"],
            "title": texts[f"standard/{code}/title"],
            "texts": texts,
            "pairs": [
                {
                    "shown": indicator,
                    "answer": answers[indicator.code],
                    "answer_label": _level_label(texts, answers[indicator.code].level),
                    "notes": notes[indicator.code],
                    "is_found": found[indicator.code].is_given,
                    "is_needed": indicator.code in evaluation.asked
                    and needs_a_finding(indicator.indicator, answers[indicator.code]),
                }
                for indicator in shown
            ],
            "problems": problems_of(shown),
            "kind": Kind.FINDING,
            "may_observe": arranged.state == Visit.State.UNDER_WAY
            and is_allowed("visit.observe", request.user, arranged),
            "previous": order[place - 1] if place else None,
            "next": order[place + 1] if place + 1 < len(order) else None,
        },
        status=status,
    )


def _level_label(texts: Texts, level: int | None) -> Passage | str:
    return "" if level is None else texts[f"level/{level}"]


PAGE = TextPage(
    kind=Kind.FINDING,
    address_name="workspace:findings",
    right="visit.observe",
    history_right="visit.view",
    written_at=Evaluation.State.STUDY_VISIT,
    read=read_judgement,
    draw=render_findings,
    find=_find,
    missing=find_missing,
    is_by_standard=True,
)
save = require_POST(PAGE.save)
