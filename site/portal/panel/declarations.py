"""The declaration of a panel member before reading: no tie to the hotline, or which one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from evaluation.models import Appeal, Evaluation
from evaluation.models.people.ties import waits_for_replies
from evaluation.panel import appeals, decisions
from evaluation.workflow import Refusal
from portal.access import find_appeal, find_to_declare
from portal.accounts.ties import StakeForm
from portal.presentation.reasons import show_reason
from portal.presentation.refusals import raise_if_forbidden
from portal.requests.signed_in import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Declare before deciding that there is no stake, or which one, which excludes the member."""
    evaluation = find_to_declare(request, uid)
    return _answer(
        request,
        evaluation,
        is_done=decisions.find_declaration(evaluation, request.user) is not None,
        do=lambda stake: decisions.declare(evaluation, by=request.user, stake=stake),
        action=reverse("workspace:declare", args=[uid]),
        then=reverse("workspace:deliberation", args=[uid]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def declare_on_appeal(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Declare the same before hearing an appeal, for members who had no part in the decision."""
    appeal = find_appeal(request, uid, "appeal.declare")
    return _answer(
        request,
        appeal.evaluation,
        appeal=appeal,
        is_done=appeals.find_declaration(appeal, request.user) is not None,
        do=lambda stake: appeals.declare(appeal, by=request.user, stake=stake),
        action=reverse("workspace:declare_on_appeal", args=[uid]),
        then=reverse("workspace:appeal", args=[uid]),
    )


def _answer(
    request: SignedInRequest,
    evaluation: Evaluation,
    *,
    is_done: bool,
    do: Callable[[str | None], Any],
    action: str,
    then: str,
    appeal: Appeal | None = None,
) -> HttpResponse:
    """Show the question, or save the answer and redirect to `then` or to the page that required it."""
    if request.method != "POST" and is_done:
        return redirect(then)
    is_tied = "stake" in request.POST
    form = StakeForm(request.POST if is_tied else None, auto_id="stake_%s")
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    context: dict[str, Any] = {
        "evaluation": evaluation,
        "appeal": appeal,
        "action": action,
        "stake_form": form,
        "next": wanted if is_ours else "",
        "hearers": None if appeal else appeals.find_hearers(evaluation, without=request.user),
    }
    if request.method != "POST":
        return render(request, "panel/declaration.html", context)
    if is_tied and not form.is_valid():
        return render(request, "panel/declaration.html", context, status=422)
    try:
        do(form.cleaned_data["reason"] if is_tied else None)
    except Refusal as refusal:
        raise_if_forbidden(refusal, appeal or evaluation)
        context["refused"] = [show_reason(reason, evaluation) for reason in refusal.reasons]
        return render(request, "panel/declaration.html", context, status=409)
    if is_tied:
        messages.success(request, _("You have stepped aside. This hotline is no longer shown to you."))
        return redirect("workspace:panel")
    if waits_for_replies(request.user, evaluation):
        messages.success(
            request, _("It is noted that you have no stake. You read and vote when the assessors’ answers are in.")
        )
        return redirect("workspace:panel")
    messages.success(request, _("It is noted that you have no stake. Now read, and vote."))
    return redirect(context["next"] or then)
