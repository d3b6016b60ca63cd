"""Assign indicators, take them over and give them back on the page of a standard, after its other values are saved."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from evaluation.answers.judgements import Closed
from evaluation.discussions.assignments import Assigned, InvalidAssignment, answered_by_people, assign, members_of
from evaluation.models import Evaluation, User
from portal.access import find_evaluation
from portal.answers.self_assessment import PAGE
from portal.answers.sharing import describe_invalid_assignment, read_day, read_person
from portal.answers.standard_page import find_standard
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form


def _codes(evaluation: Evaluation, standard: str, code: str) -> list[str]:
    """Return the codes that an address names: one indicator, or all of the standard. Raises Http404."""
    codes = [indicator.code for indicator in find_standard(evaluation, standard).indicators]
    if code and code not in codes:
        raise Http404
    return [code] if code else codes


def report_assigned(
    request: SignedInRequest, evaluation: Evaluation, result: Assigned | Closed, to: User | None
) -> None:
    """Add the message with the number of reassigned indicators; those that are filled from figures do not count."""
    if isinstance(result, Closed):
        messages.error(request, _("Nothing was changed: the self-assessment is submitted."))
        return
    count = len(answered_by_people(evaluation).intersection(result.codes))
    if to is None:
        words = ngettext("%(count)d indicator is with nobody now.", "%(count)d indicators are with nobody now.", count)
    else:
        words = ngettext(
            "%(count)d indicator is with %(name)s now.", "%(count)d indicators are with %(name)s now.", count
        )
    messages.success(request, words % {"count": count, "name": to.name if to else ""})


@require_POST
def give(request: SignedInRequest, uid: UUID, standard: str, code: str = "") -> HttpResponse:
    """Assign one indicator or the whole standard to the chosen person."""
    evaluation = find_evaluation(request, uid, "evaluation.assign")
    codes = _codes(evaluation, standard, code)
    if refusal := refuse_foreign_form(request):
        return refusal
    changed = PAGE.save_form(request, evaluation, standard)
    name = code or standard
    person, day = request.POST.get(f"to-{name}", ""), request.POST.get(f"until-{name}", "")
    try:
        to = read_person(person, members_of(evaluation.hotline))
        given = assign(evaluation, codes, to=to, until=read_day(day), by=request.user)
        report_assigned(request, evaluation, given, to)
    except InvalidAssignment as invalid:
        problem = describe_invalid_assignment(invalid, evaluation)
        changed.setdefault(name, {}).update(assignment_problem=problem, submitted_to=person, submitted_until=day)
    return PAGE.show(request, evaluation, standard, changed, code)


@require_POST
def take(request: SignedInRequest, uid: UUID, standard: str, code: str) -> HttpResponse:
    """Assign an indicator to the user."""
    return _change(request, uid, standard, code, takes=True)


@require_POST
def give_back(request: SignedInRequest, uid: UUID, standard: str, code: str) -> HttpResponse:
    """Remove the assignment of an indicator."""
    return _change(request, uid, standard, code, takes=False)


def _change(request: SignedInRequest, uid: UUID, standard: str, code: str, *, takes: bool) -> HttpResponse:
    evaluation = find_evaluation(request, uid, "evaluation.answer")
    codes = _codes(evaluation, standard, code)
    if refusal := refuse_foreign_form(request):
        return refusal
    changed = PAGE.save_form(request, evaluation, standard)
    to = request.user if takes else None
    try:
        report_assigned(request, evaluation, assign(evaluation, codes, to=to, by=request.user), to)
    except InvalidAssignment as invalid:  # a colleague took it over meanwhile
        messages.error(request, describe_invalid_assignment(invalid, evaluation))
    return PAGE.show(request, evaluation, standard, changed, code)


_ONE = "evaluations/<uuid:uid>/"
urlpatterns = [
    path(f"{_ONE}assign/<str:standard>/", give, name="assign_standard"),
    path(f"{_ONE}assign/<str:standard>/<str:code>/", give, name="assign_indicator"),
    path(f"{_ONE}take/<str:standard>/<str:code>/", take, name="take_over"),
    path(f"{_ONE}give-back/<str:standard>/<str:code>/", give_back, name="give_back"),
]
