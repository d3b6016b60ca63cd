"""The only way a view gets an object: 404 for who may not see it, 403 for who may see it but not do this."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from evaluation.models import Document, Evaluation, Hotline, Recommendation, Round, StatisticsImport, Visit
from evaluation.rules import is_allowed
from reports.models import Issue, Printing


def require(request: HttpRequest, right: str, thing: Any = None) -> None:
    """Raise 403 unless the person has a right that is not about one object."""
    if not is_allowed(right, request.user, thing):
        raise PermissionDenied


def _pass(request: HttpRequest, thing: Any, *, seen: str, right: str) -> Any:
    if not is_allowed(seen, request.user, thing):
        raise Http404
    if not is_allowed(right, request.user, thing):
        raise PermissionDenied
    return thing


def find_evaluation(request: HttpRequest, uid: UUID, right: str = "evaluation.view") -> Evaluation:
    found = get_object_or_404(
        Evaluation.objects.select_related("hotline", "operator", "round__edition").defer("round__edition__structure"),
        uid=uid,
    )
    return _pass(request, found, seen="evaluation.view", right=right)


def find_visit(request: HttpRequest, uid: UUID, right: str = "visit.observe") -> Visit:
    """The visit of an evaluation, by the evaluation's uid."""
    visits = Visit.objects.select_related("evaluation__hotline", "evaluation__operator", "evaluation__round__edition")
    found = get_object_or_404(
        visits.defer("evaluation__round__edition__structure").prefetch_related("team__user"), evaluation__uid=uid
    )
    return _pass(request, found, seen="evaluation.view", right=right)


def find_round(request: HttpRequest, uid: UUID, right: str = "round.view") -> Round:
    found = get_object_or_404(Round.objects.select_related("edition"), uid=uid)
    return _pass(request, found, seen="round.view", right=right)


def find_hotline(request: HttpRequest, code: str, right: str = "hotline.view") -> Hotline:
    return _pass(request, get_object_or_404(Hotline, country=code), seen="hotline.view", right=right)


def find_statistics(request: HttpRequest, uid: UUID, right: str = "statistics.view") -> StatisticsImport:
    found = get_object_or_404(StatisticsImport.objects.select_related("hotline", "uploaded_by"), uid=uid)
    return _pass(request, found, seen="statistics.view", right=right)


def find_document(request: HttpRequest, evaluation: Evaluation, uid: UUID) -> Document:
    """A document that an answer of this evaluation points to; whoever sees the evaluation may read it."""
    return get_object_or_404(Document.objects.filter(links__evaluation=evaluation).distinct(), uid=uid)


def find_recommendation(request: HttpRequest, uid: UUID) -> Recommendation:
    found = get_object_or_404(Recommendation.objects.select_related("evaluation__hotline"), uid=uid)
    return _pass(request, found, seen="evaluation.view", right="recommendation.edit")


def find_printing(request: HttpRequest, uid: UUID) -> Printing:
    found = get_object_or_404(Printing.objects.select_related("decision__evaluation__hotline", "issue"), uid=uid)
    _pass(request, found.decision.evaluation, seen="evaluation.view", right="evaluation.view")
    return found


def find_issue(request: HttpRequest, uid: UUID) -> Issue:
    found = get_object_or_404(Issue.objects.select_related("decision__evaluation__hotline"), uid=uid)
    _pass(request, found.decision.evaluation, seen="evaluation.view", right="evaluation.view")
    return found
