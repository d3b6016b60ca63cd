"""The findings of a study visit, agreed by its team next to the answers."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.answers.entered_answers import EnteredAnswer
from evaluation.answers.pinned_figures import counts_for
from evaluation.answers.unresolved_texts import Kind
from evaluation.models import Evaluation, Finding, Visit
from evaluation.models.answers.judgements import Observed, needs_a_finding
from evaluation.models.people.permissions import is_allowed
from evaluation.visits.desk_review import find_notes
from evaluation.visits.limits import standards_of_visit
from portal.access import find_visit
from portal.answers.saving import Changed, TextPage
from portal.answers.standard_page import describe_standard, find_standard, problems_of, show_edited_indicators
from portal.figures.series.provenance import provenance_for
from portal.presentation.indicators.missing import find_missing
from portal.requests.signed_in import SignedInRequest
from portal.visits.recording.attached import show_files
from portal.visits.recording.progress import readable_observations, standard_view
from portal.visits.sheets.reading import readable_sheets, results_by_indicator
from standards.framework import Indicator
from standards.models import Texts
from standards.presentation.sentences import Passage


@require_http_methods(["GET", "HEAD", "POST"])
def findings(request: SignedInRequest, uid: UUID, standard: str) -> HttpResponse:
    """Show the findings of a standard. A plain form sends all of it. An assessor who still records is redirected."""
    if request.method == "POST":
        return PAGE.save_plainly(request, find_visited(request, uid, PAGE.right), standard)
    evaluation = find_visited(request, uid, "visit.view")
    view = standard_view(evaluation.visit, request.user)
    if view != PAGE.address_name:
        find_standard(evaluation, standard)
        return HttpResponseRedirect(reverse(view, args=[uid, standard]))
    return render_findings(request, evaluation, standard)


def find_visited(request: SignedInRequest, uid: UUID, right: str) -> Evaluation:
    """Return the evaluation with its visit, for users with a right over the visit."""
    return find_visit(request, uid, right).evaluation


def render_findings(
    request: SignedInRequest, evaluation: Evaluation, code: str, *, changed: Changed | None = None, status: int = 200
) -> HttpResponse:
    """Render the answers of a standard, each with its finding, and with the observations of each assessor."""
    arranged = evaluation.visit
    found = {finding.code: finding for finding in evaluation.findings.select_related("by")}
    may_write = arranged.state == Visit.State.FINDINGS_ENTERED and is_allowed("visit.observe", request.user, arranged)
    return render_standard(request, evaluation, code, found, PAGE, may_write=may_write, changed=changed, status=status)


def render_standard(
    request: SignedInRequest,
    evaluation: Evaluation,
    code: str,
    found: Mapping[str, Observed],
    page: TextPage,
    *,
    may_write: bool,
    changed: Changed | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the answers of a standard, each with the judgement that `page` edits."""
    arranged = evaluation.visit
    standard = find_standard(evaluation, code)
    provenance = provenance_for(evaluation, standard, request.user)
    pairs = show_pairs(request, evaluation, standard.indicators, found, page, changed, provenance)
    return render(
        request,
        "visits/findings.html",
        {
            **describe_standard(evaluation, standard, standards_of_visit(arranged, code)),
            "visit": arranged,
            "pairs": pairs,
            "problems": problems_of([pair["shown"] for pair in pairs]),
            "kind": page.kind,
            "is_own": page.kind == Kind.OBSERVATION,
            "view": page.address_name,
            "may_observe": may_write,
        },
        status=status,
    )


def show_pairs(
    request: SignedInRequest,
    evaluation: Evaluation,
    indicators: Sequence[Indicator],
    found: Mapping[str, Observed],
    page: TextPage,
    changed: Changed | None = None,
    provenance: Any = None,
    *,
    has_last_round: bool = False,
) -> list[dict[str, Any]]:
    """Return indicators for `finding_block.html`: each with the answer, the judgement of `page`, and the originals.

    A constant number of queries.
    """
    texts = evaluation.round.edition.texts(get_language())
    answers = {answer.code: answer for answer in evaluation.answers.select_related("by")}
    shown = show_edited_indicators(
        request,
        evaluation,
        indicators,
        found,
        counts_for(evaluation),
        provenance,
        kind=page.kind,
        changed=changed,
        has_last_round=has_last_round,
    )
    originals = {} if page.kind == Kind.OBSERVATION else readable_observations(evaluation.visit)
    results = results_by_indicator(evaluation.framework, readable_sheets(evaluation.visit, request.user))
    earlier = _earlier_findings(evaluation) if page.kind == Kind.OBSERVATION else {}
    codes = [indicator.code for indicator in indicators]
    files = show_files(evaluation.visit, request.user, None if page.kind == Kind.OBSERVATION else originals)
    notes = find_notes(evaluation, codes)
    for indicator in shown:
        indicator.answer = answers[indicator.code]
    return [
        {
            "shown": indicator,
            "standard": evaluation.framework.standard_of[indicator.code],
            "answer": answers[indicator.code],
            "answer_label": _level_label(texts, answers[indicator.code].level),
            "notes": notes[indicator.code],
            "is_found": found[indicator.code].is_given,
            "originals": originals.get(indicator.code, ()),
            "files": files.get(indicator.code, ()),
            "results": results.get(indicator.code, ()),
            "earlier": earlier.get(indicator.code),
            "is_earlier": indicator.code in evaluation.asked and indicator.code not in evaluation.examined,
            "is_needed": indicator.code in evaluation.examined
            and needs_a_finding(indicator.indicator, answers[indicator.code]),
        }
        for indicator in shown
    ]


def _earlier_findings(evaluation: Evaluation) -> Mapping[str, Finding]:
    """Return the findings that a limited visit takes over from the visit before it, by code."""
    if not evaluation.visit.only_codes:
        return {}
    found = evaluation.findings.exclude(code__in=evaluation.examined)
    return {finding.code: finding for finding in found if finding.is_given}


def _level_label(texts: Texts, level: int | None) -> Passage | str:
    return "" if level is None else texts[f"level/{level}"]


PAGE = TextPage(
    kind=Kind.FINDING,
    address_name="workspace:findings",
    right="visit.observe",
    history_right="visit.view",
    written_at=Evaluation.State.STUDY_VISIT,
    read=EnteredAnswer.read,
    draw=render_findings,
    find=find_visited,
    missing=find_missing,
    is_by_standard=True,
)
save = require_POST(PAGE.save)
