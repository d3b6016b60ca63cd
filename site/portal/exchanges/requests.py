"""Request a visit at another hotline."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from evaluation.exchanges.visits import matches_of
from evaluation.exchanges.visits import request_exchange as make_request
from evaluation.models import Exchange, Hotline
from evaluation.workflow import Refusal
from portal.access import find_hotline
from portal.exchanges.letters import write_request_letters
from portal.exchanges.pages import page_of, show_match
from portal.exchanges.showing import Indicators
from portal.presentation.reasons import show_reason
from portal.presentation.refusals import raise_if_forbidden
from portal.presentation.tiles import place_of
from portal.requests.signed_in import SignedInRequest


class RequestForm(forms.Form):
    """The indicators for which the hotline comes, and a message; `rows` are the indicators to choose from."""

    keys = forms.MultipleChoiceField(
        label=gettext_lazy("What do you come for?"),
        help_text=gettext_lazy("The host learns that you would like to become better in these."),
        widget=forms.CheckboxSelectMultiple,
    )
    message = forms.CharField(
        label=gettext_lazy("What you would like to see"),
        max_length=Exchange.LONGEST,
        help_text=gettext_lazy("How many people would come, and when it suits you. No case."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = self.fields["keys"]
        assert isinstance(keys, forms.MultipleChoiceField)
        keys.choices = [(one.key, f"{one.code} {one.wording}") for one in rows]


@require_http_methods(["GET", "HEAD", "POST"])
def request_visit(request: SignedInRequest, code: str, host: str) -> HttpResponse:
    """Request a visit of one hotline at a host. Raises Http404 if the two hotlines do not match."""
    visitor = find_hotline(request, code, "exchange.visit")
    match = next((one for one in matches_of(visitor, place_of) if one.host == host), None)
    if match is None:
        raise Http404
    hosting = Hotline.objects.get(country=host)
    row = show_match(match, {visitor.country: visitor.name, hosting.country: hosting.name}, Indicators())
    form = RequestForm(request.POST if request.method == "POST" else None, rows=row["indicators"])
    if form.is_valid():
        try:
            with transaction.atomic():
                made = make_request(
                    visitor,
                    hosting,
                    form.cleaned_data["keys"],
                    form.cleaned_data["message"],
                    by=request.user,
                )
                write_request_letters(made)
        except Refusal as refusal:
            raise_if_forbidden(refusal, visitor)
            for reason in refusal.reasons:
                form.add_error(None, show_reason(reason).sentence)
        else:
            messages.success(request, _("Your request is sent. You get a letter with the answer."))
            return HttpResponseRedirect(page_of(made))
    return render(
        request,
        "exchanges/request.html",
        {"visitor": visitor, "row": row, "form": form},
        status=422 if form.errors else 200,
    )
