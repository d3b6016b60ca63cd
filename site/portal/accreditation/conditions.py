"""The page of a condition that the panel set: its state, its proofs, its check, and the panel's rulings on it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe
from icalendar import Calendar, Event

from evaluation import queries
from evaluation.files.kinds import Unacceptable
from evaluation.models import Document, Fulfilment, FulfilmentProof, Step, User
from evaluation.models.people.permissions import is_allowed
from evaluation.panel import fulfilments
from evaluation.workflow import Refusal, arrow, find_reasons, perform
from portal.access import find_fulfilment
from portal.letters.outbox import address_of
from portal.moves.pages import Stage, offered_moves, perform_move, shown_steps
from portal.moves.stored_notes import pop_note
from portal.presentation.form_days import DayInput
from portal.presentation.moves import words_of
from portal.presentation.reasons import show_reason
from portal.presentation.scorecard.conditions import show_conditions
from portal.presentation.uploaded_files import describe_refusal
from portal.recommendations.page import ProofForm
from portal.recommendations.proofs import inspect_document
from portal.requests.bodies import check_right_before_body, longest_evidence
from portal.requests.signed_in import SignedInRequest
from portal.requests.stored_files import serve
from portal.visits.shown.calendar_file import PRODUCT

State = Fulfilment.State


class CheckForm(forms.Form):
    """What the check found, with what was seen."""

    seems_met = forms.TypedChoiceField(
        label=gettext_lazy("Does the condition seem to be met?"),
        choices=(("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    note = forms.CharField(
        label=gettext_lazy("What did you see?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The panel and the hotline read it."),
        error_messages={"required": gettext_lazy("Write what you saw.")},
    )


class ExtensionForm(forms.Form):
    """The new last day, with the reason."""

    until = forms.DateField(
        label=gettext_lazy("New last day"),
        widget=DayInput(),
        error_messages={"required": gettext_lazy("Give a day.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Why is it extended?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The hotline reads it."),
        error_messages={"required": gettext_lazy("Write why it is extended.")},
    )


@require_safe
def condition(request: SignedInRequest, uid: UUID) -> HttpResponse:
    return render_condition(request, find_fulfilment(request, uid))


def render_condition(
    request: SignedInRequest,
    found: Fulfilment,
    *,
    proof: ProofForm | None = None,
    check: CheckForm | None = None,
    extension: ExtensionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page, with invalid submitted forms."""
    user, evaluation = request.user, found.evaluation
    decision = found.requirement.decision
    (shown,) = show_conditions([found], today=evaluation.round.today)
    may_work = is_allowed("recommendation.work", user, found) and fulfilments.accepts_proofs(found)
    return render(
        request,
        "accreditation/condition.html",
        {
            "fulfilment": found,
            "shown": shown,
            "evaluation": evaluation,
            "decision": decision,
            "accreditation": getattr(decision, "accreditation", None),
            "may_see_accreditation": is_allowed("accreditation.view", user, evaluation),
            "stages": _stages(found),
            "recommendation": found.recommendation,
            "proofs": _show_proofs(found, may_take_back=may_work),
            "proof_form": (proof or ProofForm()) if may_work else None,
            "check_form": (check or CheckForm(auto_id="check_%s"))
            if _is_offered(found, "record_check", user)
            else None,
            "extension_form": (form := _extension_form(found, user, extension)),
            "extension_shut": [
                show_reason(reason, found) for reason in fulfilments.find_second_person_reasons(found, user)
            ]
            if form and not form.is_bound
            else [],
            "first_day": fulfilments.first_day_to_extend(found),
            "moves": offered_moves(found, user),
            "reconsider": offered_moves(evaluation, user, only=("reconsider",)) if found.state == State.NOT_MET else [],
            "stored_note": pop_note(request),
            "steps": shown_steps(queries.steps_of(found)),
        },
        status=status,
    )


def _is_offered(found: Fulfilment, name: str, user: User) -> bool:
    """Whether the user can make a move that needs a form."""
    step = arrow(found, name)
    return step is not None and step.has_perm(found, user) and not find_reasons(found, name, user)


def _extension_form(found: Fulfilment, user: User, sent: ExtensionForm | None) -> ExtensionForm | None:
    last = found.requirement.decision.valid_until
    is_possible = last is not None and fulfilments.first_day_to_extend(found) <= last
    if not is_possible or not _is_offered(found, "extend", user):
        return None
    return sent or ExtensionForm(auto_id="extend_%s")


def _stages(found: Fulfilment) -> list[Stage]:
    """Return the stages of the rail; the last one is the ruling, if there is one."""
    ruling = State(found.state) if found.state in (State.MET, State.NOT_MET) else State.MET
    order = [State.SET, State.EVIDENCE_SENT, State.CHECKED, ruling]
    now = 0 if found.state == State.EXTENDED else order.index(State(found.state))
    first = State.EXTENDED if found.state == State.EXTENDED else State.SET
    return [
        Stage(str((first if place == 0 else state).label).capitalize(), place < now or found.is_met, place == now)
        for place, state in enumerate(order)
    ]


def _show_proofs(found: Fulfilment, *, may_take_back: bool) -> list[dict[str, Any]]:
    step = fulfilments.last_sent(found)
    shown = []
    for proof in found.proofs.select_related("document", "by"):
        day = date_format(timezone.localtime(proof.at), "SHORT_DATE_FORMAT")
        item: dict[str, Any] = {
            "meta": _("%(name)s, %(day)s") % {"name": proof.by.name, "day": day},
            "words": proof.words,
        }
        if may_take_back and (step is None or proof.at > step.at):
            item["remove_url"] = reverse("workspace:remove_condition_proof", args=[found.uid, proof.uid])
        if proof.document is not None:
            url = reverse("workspace:condition_document", args=[found.uid, proof.document.uid])
            item |= {"name": proof.document.name, "url": url}
        elif proof.address:
            item |= {"name": proof.address, "url": proof.address, "is_address": True}
        else:
            item |= {"name": _("No document and no address"), "is_address": True}
        shown.append(item)
    return shown


def _page_of(found: Fulfilment) -> str:
    return reverse("workspace:condition", args=[found.uid])


# --- Proofs ----------------------------------------------------------------------------------------------------------


def _may_work(request: SignedInRequest, uid: UUID) -> None:
    find_fulfilment(request, uid, "recommendation.work")


@check_right_before_body(_may_work, longest_evidence)
@csrf_protect
@require_POST
def add_proof(request: SignedInRequest, uid: UUID) -> HttpResponse:
    found = find_fulfilment(request, uid, "recommendation.work")
    form = ProofForm(request.POST, request.FILES)
    if form.is_valid():
        documents, address, words = (form.cleaned_data[name] for name in ("document", "address", "words"))
        for document in documents:
            _add(found, form, "document", by=request.user, words=words, document=document)
        if address or not documents:
            _add(found, form, "address", by=request.user, words=words, address=address)
    if form.errors:
        return render_condition(request, found, proof=form, status=422)
    messages.success(request, _("It is added. Send the evidence when everything is there."))
    return HttpResponseRedirect(f"{_page_of(found)}#proofs")


def _add(
    found: Fulfilment,
    form: ProofForm,
    field: str,
    *,
    by: User,
    words: str,
    document: "UploadedFile[bytes] | None" = None,
    address: str = "",
) -> None:
    """Add a proof; a problem becomes an error of the field, and does not stop the others."""
    try:
        upload = inspect_document(document) if document is not None else None
        fulfilments.add_proof(found, by=by, upload=upload, address=address, words=words)
    except Unacceptable as problem:
        form.add_error(field, describe_refusal(problem))


@require_POST
def remove_proof(request: SignedInRequest, uid: UUID, proof: UUID) -> HttpResponse:
    found = find_fulfilment(request, uid, "recommendation.work")
    chosen = get_object_or_404(FulfilmentProof.objects.select_related("document"), fulfilment=found, uid=proof)
    try:
        fulfilments.withdraw_proof(chosen, by=request.user)
    except Unacceptable as problem:
        messages.error(request, describe_refusal(problem))
    return HttpResponseRedirect(f"{_page_of(found)}#proofs")


@require_safe
def download(request: SignedInRequest, uid: UUID, document: UUID) -> FileResponse:
    """Return the document, for users who may see the condition."""
    found = find_fulfilment(request, uid)
    return serve(request, get_object_or_404(Document.objects.filter(fulfilment_proofs__fulfilment=found), uid=document))


# --- Moves -----------------------------------------------------------------------------------------------------------


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    found = find_fulfilment(request, uid)
    return perform_move(request, found, name, back_to=_page_of(found))


@require_POST
def check(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Record what the check found."""
    found = find_fulfilment(request, uid, "recommendation.verify")
    form = CheckForm(request.POST, auto_id="check_%s")
    if form.is_valid() and _make_by_form(request, found, form, "record_check"):
        return HttpResponseRedirect(_page_of(found))
    return render_condition(request, found, check=form, status=422)


@require_POST
def extend(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Extend the condition to a later day."""
    found = find_fulfilment(request, uid, "evaluation.decide")
    form = ExtensionForm(request.POST, auto_id="extend_%s")
    if form.is_valid() and _make_by_form(request, found, form, "extend"):
        return HttpResponseRedirect(_page_of(found))
    return render_condition(request, found, extension=form, status=422)


def _make_by_form(request: SignedInRequest, found: Fulfilment, form: forms.Form, name: str) -> bool:
    """Make the move with the values of the form. A refusal becomes errors of the form."""
    values = dict(form.cleaned_data)
    note = values.pop("note")
    try:
        perform(found, name, by=request.user, note=note, **values)
    except Refusal as refusal:
        for reason in refusal.reasons:
            field = "until" if reason.code in ("extended_outside", "no_time_to_extend", "same_deadline") else None
            form.add_error(field, show_reason(reason, found).sentence)
        return False
    messages.success(request, _("%(act)s. This is recorded in the log.") % {"act": words_of(found, name).done})
    return True


# --- The calendar file -----------------------------------------------------------------------------------------------


@require_safe
def calendar(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Return the last day of the condition as an iCalendar file. A newer file replaces the event, which keeps its UID."""
    found = find_fulfilment(request, uid)
    last = Step.objects.filter(kind=found.kind, uid=found.uid).order_by("-seq").first()
    event = Event()
    event.add("uid", f"condition-{found.uid}")
    event.add("summary", _("Last day of a condition: %(hotline)s") % {"hotline": found.evaluation.hotline.name})
    event.add("description", found.requirement.text)
    event.add("dtstart", found.due_on)
    event.add("dtstamp", last.at if last else found.requirement.decision.decided_at)
    event.add("sequence", last.seq if last else 0)
    event.add("status", "CONFIRMED" if found.is_asked and not found.is_met else "CANCELLED")
    event.add("url", address_of(_page_of(found)))
    written = Calendar()
    written.add("prodid", PRODUCT)
    written.add("version", "2.0")
    written.add_component(event)
    headers = {"Content-Disposition": 'attachment; filename="condition.ics"'}
    return HttpResponse(written.to_ical(), content_type="text/calendar; charset=utf-8", headers=headers)


urlpatterns = [
    path("conditions/<uuid:uid>/", condition, name="condition"),
    path("conditions/<uuid:uid>/calendar.ics", calendar, name="condition_calendar"),
    path("conditions/<uuid:uid>/proofs/", add_proof, name="add_condition_proof"),
    path("conditions/<uuid:uid>/proofs/<uuid:proof>/remove/", remove_proof, name="remove_condition_proof"),
    path("conditions/<uuid:uid>/documents/<uuid:document>/", download, name="condition_document"),
    path("conditions/<uuid:uid>/move/<str:name>/", make_move, name="move_condition"),
    path("conditions/<uuid:uid>/check/", check, name="check_condition"),
    path("conditions/<uuid:uid>/extend/", extend, name="extend_condition"),
]
