"""The form of a host's offer: how often, for which domains, in which languages."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.exchanges.visits import offer_to_host, withdraw_offer
from evaluation.models import HostOffer, Hotline
from portal.access import find_hotline
from portal.handbook.keys import domain_choices
from portal.presentation.passages import language_name
from portal.requests.signed_in import SignedInRequest


class OfferForm(forms.ModelForm[HostOffer]):
    """An offer to host visits: in the hotline's languages or English, for domains of the newest edition."""

    domains = forms.MultipleChoiceField(label=gettext_lazy("For which domains"), widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(label=gettext_lazy("In which languages"), widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(
        label=gettext_lazy("Other hotlines may see where we are strong"),
        help_text=gettext_lazy(
            "For these domains they see at which indicators your last published outcome has the best level, and nothing "
            "else. This ends when you withdraw the offer."
        ),
    )

    class Meta:
        model = HostOffer
        fields = ("most", "domains", "languages")

    def __init__(self, *args: Any, hotline: Hotline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = dict.fromkeys([*hotline.language_codes, "en"])
        languages = self.fields["languages"]
        assert isinstance(languages, forms.MultipleChoiceField)
        languages.choices = [(code, language_name(code)) for code in spoken]
        domains = self.fields["domains"]
        assert isinstance(domains, forms.MultipleChoiceField)
        domains.choices = domain_choices()


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: SignedInRequest, code: str) -> HttpResponse:
    hotline = find_hotline(request, code, "exchange.offer")
    stored = HostOffer.objects.filter(hotline=hotline).first()
    initial = {"agreed": True} if stored else {"languages": hotline.language_codes}
    sent = request.POST if request.method == "POST" else None
    form = OfferForm(sent, instance=stored, hotline=hotline, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        offer_to_host(hotline, most=data["most"], domains=data["domains"], languages=data["languages"], by=request.user)
        messages.success(request, _("Your offer is saved. Other hotlines see it now."))
        return HttpResponseRedirect(reverse("workspace:exchanges"))
    return render(
        request,
        "exchanges/offer.html",
        {"hotline": hotline, "form": form, "stored": stored},
        status=422 if form.errors else 200,
    )


@require_POST
def withdraw(request: SignedInRequest, code: str) -> HttpResponse:
    withdraw_offer(find_hotline(request, code, "exchange.offer"), by=request.user)
    messages.success(request, _("Your offer is withdrawn. Accepted visits stay."))
    return HttpResponseRedirect(reverse("workspace:exchanges"))
