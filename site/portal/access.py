"""Look up an object for a view and check the user's right to it.

Raises 404 if the user may not see the object, 403 if they may see it but lack the right.
"""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation.models import (
    Accreditation,
    Appeal,
    Consultation,
    Correction,
    Decision,
    DeskQuestion,
    Document,
    Evaluation,
    Exchange,
    Fulfilment,
    GoodPractice,
    Hotline,
    PersonChange,
    PracticeQuestion,
    Recommendation,
    Round,
    StatisticsImport,
    User,
    Visit,
    Withdrawal,
)
from evaluation.models.evaluation import every_remark_is_answered
from evaluation.models.people.permissions import AFTER_DECLARING, is_allowed
from evaluation.models.people.ties import declared_no_tie
from evaluation.models.reasons import Reason
from evaluation.practices import practices_with_hotlines, readable_questions
from evaluation.recommendations.progress import may_read
from evaluation.visits.assessors import assessors_today
from portal.presentation.reasons import show_reason
from portal.presentation.refusals import Refused, ShownRefusal, refuse, refuse_for
from portal.requests.signed_in import SignedInRequest
from reports.models import Issue, Printing

Thing = TypeVar("Thing")


def require(request: SignedInRequest, right: str, thing: Any = None) -> None:
    """Raise 403 unless the user has a right; `thing` is None for a right that is not about one object."""
    if not is_allowed(right, request.user, thing):
        raise refuse(request.user, right, thing)


class NotDeclared(PermissionDenied):
    """A 403 for a panel member who has yet to declare their ties to the hotline, at the address `leads_to`."""

    def __init__(self, thing: Evaluation | Appeal) -> None:
        super().__init__()
        name = "declare_on_appeal" if isinstance(thing, Appeal) else "declare"
        self.leads_to = reverse(f"workspace:{name}", args=[thing.uid])


def _check_rights(request: SignedInRequest, thing: Thing, *, to_see: str, right: str) -> Thing:
    may_see = is_allowed(to_see, request.user, thing)
    if not may_see or (right in AFTER_DECLARING and not is_allowed(right, request.user, thing)):
        evaluation = getattr(thing, "evaluation", thing)
        if isinstance(evaluation, Evaluation) and _may_declare(request, evaluation):
            raise (_wait(evaluation) if declared_no_tie(request.user, evaluation) else NotDeclared(evaluation))
    if not may_see:
        raise Http404
    require(request, right, thing)
    return thing


def _wait(evaluation: Evaluation) -> Refused:
    """Return the exception for a panel member who may read the evaluation when the assessors' replies are in."""
    (reason,) = every_remark_is_answered.reasons(evaluation)
    line = show_reason(reason, evaluation)
    return Refused(ShownRefusal(line.what, line.why, url=reverse("workspace:panel"), act=_("To the panel’s list")))


def _may_declare(request: SignedInRequest, evaluation: Evaluation) -> bool:
    return evaluation.is_before_the_panel and is_allowed("evaluation.declare", request.user, evaluation)


def find_to_declare(request: SignedInRequest, uid: UUID) -> Evaluation:
    """Return an evaluation on which a panel member may declare their ties, before or after the decision."""
    found: Evaluation = get_object_or_404(Evaluation.objects.select_related("hotline", "round__edition"), uid=uid)
    if not _may_declare(request, found):
        _check_rights(request, found, to_see="evaluation.view", right="evaluation.declare")
    return found


def find_evaluation(
    request: SignedInRequest, uid: UUID, right: str = "evaluation.view", *, reads: Sequence[str] = ()
) -> Evaluation:
    """Return an evaluation; `reads` are further rows that its rights and its page ask for, each read once."""
    evaluations = Evaluation.objects.select_related("hotline", "operator", "round__edition")
    found = get_object_or_404(evaluations.defer("round__edition__structure").prefetch_related(*reads), uid=uid)
    return _check_rights(request, found, to_see="evaluation.view", right=right)


def find_visit(request: SignedInRequest, uid: UUID, right: str = "visit.observe") -> Visit:
    """Return the visit of an evaluation, by the evaluation's uid."""
    visits = Visit.objects.select_related("evaluation__hotline", "evaluation__operator", "evaluation__round__edition")
    found = (
        visits.defer("evaluation__round__edition__structure")
        .prefetch_related("team__user")
        .filter(evaluation__uid=uid)
        .first()
    )
    if found is None:
        evaluation = find_evaluation(request, uid)
        require(request, right, evaluation)
        raise refuse_for(Reason("no_visit"), evaluation)
    return _check_rights(request, found, to_see="evaluation.view", right=right)


def find_round(request: SignedInRequest, uid: UUID, right: str = "round.view") -> Round:
    found = get_object_or_404(Round.objects.select_related("edition"), uid=uid)
    return _check_rights(request, found, to_see="round.view", right=right)


def find_hotline(request: SignedInRequest, code: str, right: str = "hotline.view") -> Hotline:
    return _check_rights(request, get_object_or_404(Hotline, country=code), to_see="hotline.view", right=right)


def find_person_change(request: SignedInRequest, uid: UUID) -> PersonChange:
    """Return a change of a person, for MCE, for the person and for whoever proposed it."""
    found: PersonChange = get_object_or_404(
        PersonChange.objects.select_related("user", "hotline", "membership", "proposed_by"), uid=uid
    )
    if not any(is_allowed(right, request.user, found) for right in ("people.invite", "people.propose", "people.drop")):
        raise Http404
    return found


def find_assessor(request: SignedInRequest, uid: UUID) -> User:
    """Return a present assessor, for themselves and for MCE."""
    found = get_object_or_404(assessors_today(), uid=uid)
    return _check_rights(request, found, to_see="assessor.describe", right="assessor.describe")


def find_desk_question(request: SignedInRequest, uid: UUID, right: str = "visit.read_questions") -> DeskQuestion:
    """Return a question that was sent to a hotline, for the hotline's people, the team and MCE."""
    questions = DeskQuestion.objects.filter(sent_at__isnull=False).select_related(
        "by", "answered_by", "evaluation__hotline", "evaluation__operator", "evaluation__round__edition"
    )
    found = get_object_or_404(questions.defer("evaluation__round__edition__structure"), uid=uid)
    _check_rights(request, found.evaluation, to_see="evaluation.view", right=right)
    return found


def find_statistics(request: SignedInRequest, uid: UUID, right: str = "statistics.view") -> StatisticsImport:
    found = get_object_or_404(StatisticsImport.objects.select_related("hotline", "uploaded_by"), uid=uid)
    return _check_rights(request, found, to_see="statistics.view", right=right)


def find_document(request: SignedInRequest, evaluation: Evaluation, uid: UUID) -> Document:
    """Return a document of an answer of this evaluation, or of a remark of a submitted response.

    Every user who may see the evaluation may read it. The hotline's people may also read the hotline's other documents.
    """
    shown = Q(links__evaluation=evaluation)
    shown |= Q(remark_proofs__evaluation=evaluation, remark_proofs__remark__isnull=False)
    if is_allowed("evaluation.answer", request.user, evaluation):
        shown |= Q(hotline=evaluation.hotline_id)
    return get_object_or_404(Document.objects.filter(shown).distinct(), uid=uid)


def find_recommendation(request: SignedInRequest, uid: UUID, right: str = "evaluation.view") -> Recommendation:
    """Return a recommendation; a draft only for users who may read it at this stage."""
    recommendations = Recommendation.objects.select_related(
        "evaluation__hotline", "evaluation__operator", "evaluation__round__edition"
    ).defer("evaluation__round__edition__structure")
    found = get_object_or_404(recommendations, uid=uid)
    _check_rights(request, found.evaluation, to_see="evaluation.view", right="evaluation.view")
    if not may_read(request.user, found):
        raise Http404
    return _check_rights(request, found, to_see="evaluation.view", right=right)


def find_accreditation(request: SignedInRequest, uid: UUID, right: str = "accreditation.view") -> Accreditation:
    accreditations = Accreditation.objects.select_related(
        "hotline", "decision__replaces", "decision__publication", "decision__evaluation__round__edition"
    ).defer("decision__evaluation__round__edition__structure")
    found = get_object_or_404(accreditations, uid=uid)
    return _check_rights(request, found, to_see="accreditation.view", right=right)


def find_withdrawal(request: SignedInRequest, uid: UUID, right: str = "accreditation.view") -> Withdrawal:
    found = get_object_or_404(Withdrawal.objects.for_pages(), uid=uid)
    _check_rights(request, found.accreditation, to_see="accreditation.view", right="accreditation.view")
    require(request, right, found)
    return found


def find_fulfilment(request: SignedInRequest, uid: UUID, right: str = "evaluation.view") -> Fulfilment:
    """Return what became of a condition, for everybody who may see its evaluation."""
    found = get_object_or_404(Fulfilment.objects.for_pages(), uid=uid)
    _check_rights(request, found.evaluation, to_see="evaluation.view", right="evaluation.view")
    return _check_rights(request, found, to_see="evaluation.view", right=right)


def find_decision(request: SignedInRequest, uid: UUID, right: str) -> Decision:
    """Return a decision on an evaluation that the user may see; the right is about the evaluation."""
    decisions = Decision.objects.select_related("evaluation__hotline", "evaluation__round__edition", "decided_by")
    found = get_object_or_404(decisions.defer("evaluation__round__edition__structure"), uid=uid)
    _check_rights(request, found.evaluation, to_see="evaluation.view", right=right)
    return found


def find_appeal(request: SignedInRequest, uid: UUID, right: str = "appeal.view") -> Appeal:
    """Return an appeal. Raises 403 for users who may see the evaluation but not the appeal.

    Raises `NotDeclared` for a panel member who may hear the appeal and has not declared yet, unless `right` is the
    right to declare.
    """
    appeals = Appeal.objects.select_related(
        *("evaluation__hotline", "evaluation__operator", "evaluation__round__edition", "decision__scorecard"),
        *("withdrawal__accreditation__hotline", "withdrawal__proposed_by", "withdrawal__stated_by"),
    ).defer("evaluation__round__edition__structure")
    found = get_object_or_404(appeals, uid=uid)
    if is_allowed("appeal.declare", request.user, found):
        if right != "appeal.declare" and not is_allowed(right, request.user, found):
            raise NotDeclared(found if found.is_open else found.evaluation)
        return found
    _check_rights(request, found.evaluation, to_see="evaluation.view", right="evaluation.view")
    require(request, right, found)
    return found


def find_correction(
    request: SignedInRequest, uid: UUID, correction: UUID, right: str = "evaluation.decide"
) -> Correction:
    """Return a correction, by the uid of its evaluation and its own."""
    corrections = Correction.objects.select_related(
        "evaluation__hotline", "evaluation__round__edition", "decision", "scorecard", "proposed_by"
    ).defer("evaluation__round__edition__structure")
    return _check_rights(
        request,
        get_object_or_404(corrections, evaluation__uid=uid, uid=correction),
        to_see="evaluation.view",
        right=right,
    )


def find_printing(request: SignedInRequest, uid: UUID) -> Printing:
    found = get_object_or_404(Printing.objects.select_related("decision__evaluation__hotline", "issue"), uid=uid)
    _check_rights(request, found.decision.evaluation, to_see="evaluation.view", right="evaluation.view")
    return found


def find_issue(request: SignedInRequest, uid: UUID) -> Issue:
    found = get_object_or_404(Issue.objects.select_related("decision__evaluation__hotline"), uid=uid)
    _check_rights(request, found.decision.evaluation, to_see="evaluation.view", right="evaluation.view")
    return found


def find_consultation(request: SignedInRequest, uid: UUID, right: str = "consultation.view") -> Consultation:
    """Return a consultation with the hotlines and assessors that are invited."""
    consultations = Consultation.objects.select_related("page").prefetch_related("hotlines", "assessors")
    return _check_rights(request, get_object_or_404(consultations, uid=uid), to_see="consultation.view", right=right)


def find_practice(request: SignedInRequest, uid: UUID, right: str = "practice.view") -> GoodPractice:
    """Return a good practice with its consents. No declaration is needed: its evaluation is over."""
    found = get_object_or_404(practices_with_hotlines().prefetch_related("consents"), uid=uid)
    if not is_allowed("practice.view", request.user, found):
        raise Http404
    require(request, right, found)
    return found


def find_practice_question(request: SignedInRequest, uid: UUID, question: UUID, right: str) -> PracticeQuestion:
    """Return a question about a good practice that the user may read; the right is about the practice."""
    practice = find_practice(request, uid, right)
    return get_object_or_404(readable_questions(practice, request.user), uid=question)


def find_exchange(request: SignedInRequest, uid: UUID, right: str = "exchange.view") -> Exchange:
    """Return a visit between two hotlines, for both of them and for Missing Children Europe."""
    found = get_object_or_404(Exchange.objects.select_related("visitor", "host__host_offer"), uid=uid)
    return _check_rights(request, found, to_see="exchange.view", right=right)
