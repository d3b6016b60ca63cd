"""The report: requested, printed by the worker, downloaded by users who may see the evaluation."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from evaluation.models import Evaluation
from evaluation.models.people.permissions import is_allowed
from portal.access import find_evaluation, find_issue, find_printing
from portal.moves.pages import stages
from portal.requests.signed_in import SignedInRequest
from portal.requests.stored_files import open_stored
from portal.scorecards.publication import offer_publication
from reports.models import Issue, Printing
from reports.printing import request_report
from standards.presentation.reading_language import interface_language


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedInRequest, uid: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid, "evaluation.print" if request.method == "POST" else "evaluation.view")
    decision = evaluation.decisions.first()
    if request.method == "POST" and decision:
        language = request.POST.get("language") or evaluation.round.edition.source_language
        if language in _languages(evaluation):
            request_report(decision, language=language, by=request.user)
        else:
            messages.error(request, _("The Guide has no wording in this language. Choose another."))
        return redirect("workspace:report", uid)
    issues = list(Issue.objects.filter(decision__evaluation=evaluation).defer("document"))
    return render(
        request,
        "scorecards/report.html",
        {
            "evaluation": evaluation,
            "stages": stages(evaluation),
            "decision": decision,
            "languages": _languages(evaluation),
            "language": interface_language(),
            "issues": issues,
            "is_printed": decision is not None
            and any(issue.decision_id == decision.pk and not issue.extent for issue in issues),
            "printings": _not_done(evaluation),
            "may_print": decision is not None and is_allowed("evaluation.print", request.user, evaluation),
            "moves": list(offer_publication(evaluation, request.user)),
            "states": Evaluation.State,
        },
    )


def _languages(evaluation: Evaluation) -> list[str]:
    """Return the interface languages in which the Guide is published: most of a report is interface text."""
    wordings = evaluation.round.edition.wordings.filter(language__in=dict(settings.INTERFACE_LANGUAGES))
    return list(wordings.values_list("language", flat=True))


def _not_done(evaluation: Evaluation) -> list[Printing]:
    """Return the latest printing in each language and for each extent, unless it is done: pending and failed ones."""
    printings = Printing.objects.filter(decision__evaluation=evaluation).order_by("asked_at")
    latest = {(printing.language, printing.extent): printing for printing in printings}
    return [printing for printing in latest.values() if printing.state != Printing.State.DONE]


@require_safe
def progress(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the progress of a printing, which is polled until it is done; then reload the page of the report."""
    printing = find_printing(request, uid)
    if printing.state == Printing.State.DONE:
        if request.htmx:  # other parts of the polling page have changed too, not only the replaced one
            return HttpResponseClientRefresh()
        return redirect("workspace:report", printing.decision.evaluation.uid)
    template = "scorecards/printing.html" if request.htmx else "scorecards/printing_page.html"
    return render(request, template, {"printing": printing, "evaluation": printing.decision.evaluation})


@require_safe
def download(request: SignedInRequest, uid: UUID) -> FileResponse:
    issue = find_issue(request, uid)
    evaluation: Evaluation = issue.decision.evaluation
    name = f"report-{evaluation.hotline.country}-{issue.decision.decided_on:%Y}-{issue.number}-{issue.language}.pdf"
    response = FileResponse(
        open_stored(issue.pdf, request.path), as_attachment=True, filename=name, content_type="application/pdf"
    )
    response["Cache-Control"] = "private, no-store"
    return response
