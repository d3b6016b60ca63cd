"""Propose a good practice, write its text, consent to it, and make its other moves."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.models import GoodPractice
from evaluation.practices import proposable_findings, propose_practice
from evaluation.workflow import Refusal, arrow, find_reasons, perform
from portal.access import find_evaluation, find_practice
from portal.moves.pages import perform_move
from portal.practices.pages import ConsentForm, page_of, render_practice, wording_of
from portal.presentation.reasons import show_reason
from portal.presentation.refusals import raise_if_forbidden, refuse_for, report_refusal
from portal.requests.signed_in import SignedInRequest


@require_POST
def propose(request: SignedInRequest, uid: UUID, code: str) -> HttpResponse:
    """Propose the note at an indicator of an evaluation; redirect to the practice if it is already proposed."""
    evaluation = find_evaluation(request, uid, "practice.write")
    known = GoodPractice.objects.filter(finding__evaluation=evaluation, finding__code=code).first()
    if known is None:
        finding = get_object_or_404(proposable_findings(request.user), evaluation=evaluation, code=code)
        try:
            known = propose_practice(finding, title=str(wording_of(finding, {})), by=request.user)
        except Refusal as refusal:
            report_refusal(request, refusal, evaluation)
            return HttpResponseRedirect(reverse("workspace:practices"))
    return HttpResponseRedirect(reverse("workspace:edit_practice", args=[known.uid]))


class TextForm(forms.ModelForm[GoodPractice]):
    """The public texts; `read` is the digest of the texts with which the form was opened."""

    read = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = GoodPractice
        fields = GoodPractice.TEXTS
        widgets = {"summary": forms.Textarea(attrs={"rows": 2}), "text": forms.Textarea(attrs={"rows": 12})}


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Edit the text. A concurrent change is shown next to the unsaved text."""
    found = find_practice(request, uid, "practice.write")
    if arrow(found, "revise") is None:
        raise refuse_for(find_reasons(found, "revise", request.user)[0], found)
    kept = GoodPractice.objects.get(pk=found.pk)
    sent = request.POST.dict() if request.method == "POST" else None
    form = TextForm(sent, instance=found, initial={"read": found.digest})
    theirs = None
    if form.is_valid():
        texts: dict[str, Any] = {name: form.cleaned_data[name] for name in GoodPractice.TEXTS}
        try:
            perform(kept, "revise", by=request.user, read=form.cleaned_data["read"], texts=texts)
        except Refusal as refusal:
            raise_if_forbidden(refusal, kept)
            for reason in refusal.reasons:
                form.add_error(None, show_reason(reason, kept).sentence)
            theirs = GoodPractice.objects.get(pk=found.pk)
            form.data = {**form.data, "read": theirs.digest}  # the page shows these texts now
        else:
            messages.success(request, _("The text is saved. Nobody outside reads it before the hotline agrees."))
            return HttpResponseRedirect(page_of(found))
    return render(
        request,
        "practices/edit.html",
        {
            "practice": kept,
            "form": form,
            "theirs": theirs,
            "was_asked": kept.state != GoodPractice.State.PROPOSED,
        },
        status=422 if form.errors else 200,
    )


@require_POST
def consent(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Consent to the text that the page showed; a text that has changed since is refused and shown again."""
    found = find_practice(request, uid, "practice.consent")
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return render_practice(request, found, consent=form)
    try:
        perform(found, "consent", by=request.user, read=form.cleaned_data["read"])
    except Refusal as refusal:
        report_refusal(request, refusal, found)
    else:
        messages.success(request, _("Thank you. Missing Children Europe can now publish exactly this text."))
    return HttpResponseRedirect(page_of(found))


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    found = find_practice(request, uid)
    return perform_move(request, found, name, back_to=page_of(found))
