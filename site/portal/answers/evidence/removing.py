"""Remove evidence from an answer, and restore it for the user who removed it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from evaluation.answers.evidence.removal import put_back, remove_evidence
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation
from portal.answers.evidence.attaching import find_to_answer
from portal.answers.saving import Changed
from portal.answers.self_assessment import PAGE, REMOVED, find_removed, offer_to_restore
from portal.presentation.uploaded_files import describe_refused_change
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form
from portal.requests.waiting_files import store_waiting


@require_POST
def remove(request: SignedInRequest, uid: UUID, code: str, link: UUID) -> HttpResponse:
    """Remove evidence, save the values of the page, and offer to restore it."""
    evaluation = find_to_answer(request, uid, code)
    if refusal := refuse_foreign_form(request):
        return refusal
    standard = PAGE.standard_of(evaluation, code)
    changed = PAGE.save_form(request, evaluation, standard)
    token = _remove(request, evaluation, code, link, changed)
    if changed or not token:
        return PAGE.show(request, evaluation, standard, changed, code)
    return HttpResponseRedirect(f"{PAGE.address(evaluation, standard)}?{REMOVED}={token}#{PAGE.anchor}{code}")


def _remove(request: SignedInRequest, evaluation: Evaluation, code: str, uid: UUID, changed: Changed) -> str:
    """Remove the evidence, and return the token to restore it; empty if a colleague has already removed it."""
    link = evaluation.evidence.select_related("document").filter(code=code, uid=uid).first()
    if link is None:
        messages.info(request, _("That was removed already."))
        return ""
    link.evaluation = evaluation
    try:
        removed = remove_evidence(link, by=request.user)
    except Unacceptable as problem:
        changed.setdefault(code, {})["evidence_problem"] = describe_refused_change(problem)
        return ""
    token = store_waiting(evaluation, removed)
    if changed:
        changed.setdefault(code, {}).update(offer_to_restore(evaluation, removed, token))
    return token


@require_POST
def restore(request: SignedInRequest, uid: UUID, code: str, token: str) -> HttpResponse:
    """Restore what the user removed within the last hour, and save the values of the page."""
    evaluation = find_to_answer(request, uid, code)
    if refusal := refuse_foreign_form(request):
        return refusal
    standard = PAGE.standard_of(evaluation, code)
    changed = PAGE.save_form(request, evaluation, standard)
    removed = find_removed(request, evaluation, token)
    if removed is None or removed.code != code:
        problem = _("It cannot be put back any more. Add it again: a document is among those that you have.")
        changed.setdefault(code, {})["evidence_problem"] = problem
        return PAGE.show(request, evaluation, standard, changed, code)
    try:
        put_back(evaluation, removed)
    except Unacceptable as refused:
        if refused.code != "already_there":  # it was already restored or added again
            changed.setdefault(code, {})["evidence_problem"] = describe_refused_change(refused)
    return PAGE.show(request, evaluation, standard, changed, code)
