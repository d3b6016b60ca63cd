"""Accreditations: the list, MCE's moves, renewals, and the status of a hotline on any day."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from evaluation import queries
from evaluation.accreditation.status import histories_of, read_status
from evaluation.due_dates import TAKEN_BACK
from evaluation.models import Accreditation, Appeal, Correction, Evaluation, Round, Withdrawal
from evaluation.models.people.permissions import is_allowed
from evaluation.rounds.renewal import find_end_of_round
from evaluation.rounds.renewal import renew as take_into_round
from evaluation.workflow import Refusal
from portal.access import find_accreditation, find_hotline, require
from portal.accreditation.withdrawals import TAGS as WITHDRAWAL_TAGS
from portal.moves.pages import OfferedMove, offered_moves, perform_move, shown_steps
from portal.moves.stored_notes import pop_note
from portal.presentation import status_sentences
from portal.presentation.reasons import show_reason
from portal.presentation.scorecard.conditions import conditions_of
from portal.presentation.scorecard.decisions import sign_of, signs_of
from portal.requests.signed_in import SignedInRequest
from portal.visits.shown.follow_up import address_to_plan

ROWS_A_PAGE = 40
TAGS: dict[str, str] = {
    Accreditation.State.VALID: "good",
    Accreditation.State.SUSPENDED: "wait",
    Accreditation.State.WITHDRAWN: "stop",
}
"""The style of a state's tag; other states have the neutral style."""


@require_safe
def accreditations(request: SignedInRequest) -> HttpResponse:
    """List the accreditations, the earliest end first, with the open appeals and corrections."""
    require(request, "network.follow")
    wanted = request.GET.get("state", "running")
    listed = Accreditation.objects.select_related(
        "hotline", "decision__replaces", "decision__evaluation__round__edition"
    ).defer("decision__evaluation__round__edition__structure")
    if wanted in Accreditation.State.values:
        listed = listed.filter(state=wanted)
    elif wanted != "all":
        wanted, listed = "running", listed.filter(state__in=Accreditation.RUNNING)
    page = Paginator(listed.order_by("decision__valid_until", "hotline__recorded_name"), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    signs = signs_of(a.decision.evaluation.round.edition for a in page)
    return render(
        request,
        "accreditation/accreditations.html",
        {
            "page": page,
            "rows": [
                {
                    "accreditation": accreditation,
                    "sign": signs[accreditation.decision.evaluation.round.edition_id, accreditation.decision.outcome],
                    "kind": TAGS.get(accreditation.state, ""),
                    "is_ending": accreditation.is_running
                    and accreditation.today >= accreditation.decision.reminder_day,
                }
                for accreditation in page
            ],
            "wanted": wanted,
            "choices": [
                ("running", _("Running")),
                *((state.value, state.label) for state in Accreditation.State if state != Accreditation.State.GRANTED),
                ("all", pgettext("every accreditation", "All")),
            ],
            "open_appeals": Appeal.objects.filter(state=Appeal.State.LODGED).count(),
            "open_corrections": Correction.objects.filter(state=Correction.State.PROPOSED)
            .select_related("evaluation__hotline")
            .order_by("proposed_at"),
        },
    )


@require_safe
def accreditation(request: SignedInRequest, uid: UUID) -> HttpResponse:
    found = find_accreditation(request, uid)
    return render_accreditation(request, found)


def render_accreditation(
    request: SignedInRequest, found: Accreditation, *, refused: Any = (), status: int = 200
) -> HttpResponse:
    decision, midterm_on, midterm_step = found.decision, found.decision.midterm_day, found.midterm_step
    may_run = is_allowed("accreditation.run", request.user, found)
    is_checked_now = midterm_on is not None and midterm_step is None and found.is_running and found.today >= midterm_on
    return render(
        request,
        "accreditation/accreditation.html",
        {
            "accreditation": found,
            "decision": decision,
            "evaluation": decision.evaluation,
            "sign": sign_of(decision.evaluation, decision.outcome),
            "kind": TAGS.get(found.state, ""),
            "reminder_on": decision.reminder_day,
            "midterm_on": midterm_on,
            "midterm_step": midterm_step,
            "follow_up_url": address_to_plan(decision.evaluation, request.user) if is_checked_now else "",
            "conditions": conditions_of(decision),
            "is_followed_up": decision.evaluation.followed_up is not None,
            "moves": [move for move in offered_moves(found, request.user) if _is_shown(move, found)],
            "stored_note": pop_note(request),
            "steps": shown_steps(queries.steps_of(found)),
            "may_renew": may_run,
            "withdrawals": [
                {"withdrawal": one, "kind": WITHDRAWAL_TAGS.get(one.state, "")} for one in found.withdrawals.all()
            ],
            "may_propose_withdrawal": may_run
            and found.is_running
            and not found.withdrawals.filter(state__in=Withdrawal.OPEN).exists(),
            "is_contested": Appeal.objects.filter(withdrawal__accreditation=found, state=Appeal.State.LODGED).exists(),
            "rounds": _rounds_to_renew_in(found) if may_run else [],
            "renewals": Evaluation.objects.filter(renews__decisions__accreditation=found).select_related("round"),
            "refused": refused,
        },
        status=status,
    )


def _is_shown(move: OfferedMove, accreditation: Accreditation) -> bool:
    """Return False for a mid-term check that is done or never due, and for a reversal that is not possible."""
    if move.name in TAKEN_BACK:
        return move.is_open
    return move.name != "check_midterm" or not (
        accreditation.decision.midterm_day is None or accreditation.midterm_step
    )


def _rounds_to_renew_in(accreditation: Accreditation) -> list[Round]:
    open_rounds = Round.objects.filter(state=Round.State.OPEN)
    without = open_rounds.exclude(evaluations__hotline=accreditation.hotline_id).select_related("edition")
    return [round_ for round_ in without if not find_end_of_round(round_)]


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    found = find_accreditation(request, uid)
    return perform_move(request, found, name, back_to=reverse("workspace:accreditation", args=[uid]))


@require_POST
def renew(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Add the hotline to the chosen round, with its answers of the last round."""
    found = find_accreditation(request, uid, "accreditation.run")
    text = request.POST.get("round", "")
    round_ = get_object_or_404(Round, uid=_as_uuid(text)) if text else None
    if round_ is None:
        refused = [{"text": _("Choose a round."), "target": "round"}]
        return render_accreditation(request, found, refused=refused, status=422)
    try:
        evaluation = take_into_round(found, round_, by=request.user)
    except Refusal as refusal:
        refused = [{"text": show_reason(reason).sentence, "target": "round"} for reason in refusal.reasons]
        return render_accreditation(request, found, refused=refused, status=422)
    messages.success(request, _("The hotline is in the round. Its answers of last time stand there to be looked at."))
    return HttpResponseRedirect(reverse("workspace:evaluation", args=[evaluation.uid]))


def _as_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@require_safe
def status(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the status of a hotline at the end of a day, and the step that led to it."""
    hotline = find_hotline(request, code)
    history = histories_of([hotline])[hotline.pk]
    today = history[0].publication.decision.evaluation.round.today if history else timezone.localdate()
    text = request.GET.get("on", today.isoformat())
    day = _read_day(text)
    found = read_status(history, day) if day else None
    sign = sign_of(found.decision.evaluation, found.decision.outcome) if found and found.decision else None
    return render(
        request,
        "accreditation/status.html",
        {
            "hotline": hotline,
            "day_text": text,
            "day": day,
            "status": found,
            "sign": sign,
            "sentence": status_sentences.sentence(found, sign.name if sign else None) if found else "",
            "source": status_sentences.source(found) if found else "",
            "is_to_come": day is not None and day > today,
            "history": history,
            "accreditations": hotline.accreditations.select_related("decision__evaluation__round"),
        },
        status=200 if day else 422,
    )


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
