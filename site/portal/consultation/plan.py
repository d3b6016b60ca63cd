"""The forms that prepare and extend a consultation: the draft, the days, the invited hotlines and assessors."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from evaluation.consultation.moves import find_planned_day_reasons, prepare_consultation
from evaluation.models import Consultation, Hotline
from evaluation.visits.assessors import assessors_today
from evaluation.workflow import Refusal, perform
from portal.access import find_consultation, require
from portal.moves.letters_first import letters_first, wants_change
from portal.presentation import time_zones
from portal.presentation.form_days import DayInput, add_bounds_errors, check_bounds
from portal.presentation.moves import words_of
from portal.presentation.reasons import show_reason
from portal.presentation.refusals import report_refusal
from portal.requests.signed_in import SignedInRequest
from standards.editions.compared import list_editions
from standards.models import EditionPage


def draft_pages() -> list[EditionPage]:
    """Return the pages of the draft editions, in their source languages, the newest first."""
    return [edition.page for edition in list_editions() if edition.is_draft and edition.page]


class EditionField(forms.ModelChoiceField):  # type: ignore[type-arg] # a page is untyped
    def label_from_instance(self, page: Any) -> str:
        return f"{page.code}: {page.title}"


def _chosen(label: Any, queryset: Any) -> forms.ModelMultipleChoiceField[Any]:
    return forms.ModelMultipleChoiceField(
        label=label, queryset=queryset, widget=forms.CheckboxSelectMultiple, required=False
    )


class ConsultationForm(forms.ModelForm[Consultation]):
    page = EditionField(
        label=_("Draft edition"),
        queryset=EditionPage.objects.none(),
        empty_label=None,
        help_text=_("The editions that are still being written. Its text is copied on the opening day."),
    )
    everyone = forms.BooleanField(
        label=_("All hotlines"),
        required=False,
        help_text=_("The choice of hotlines below does not matter then."),
    )

    class Meta:
        model = Consultation
        fields = ["name", "page", "opens_on", "closes_on", "time_zone"]
        widgets = dict.fromkeys(("opens_on", "closes_on"), DayInput)
        help_texts = {
            "name": _("How people will find it, such as “Edition 2031, first reading”."),
            "opens_on": _(
                "Nobody is written to before this day. A consultation whose day has come opens at the next run of the "
                "calendar, or at once when you open it."
            ),
            "closes_on": _("The last day on which people comment; it counts to its end."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pages = draft_pages()
        edition = self.fields["page"]
        assert isinstance(edition, forms.ModelChoiceField)
        edition.queryset = EditionPage.objects.filter(pk__in=[page.pk for page in self.pages])
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=[(name, name) for name in time_zones.of_rounds()], initial="Europe/Brussels"
        )
        self.fields["hotlines"] = _chosen(_("Hotlines"), Hotline.objects.all())
        self.fields["assessors"] = _chosen(_("Assessors"), assessors_today())

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("everyone"):
            cleaned["hotlines"] = Hotline.objects.all()
        if not (cleaned.get("hotlines") or cleaned.get("assessors")) and "hotlines" not in self.errors:
            self.add_error("hotlines", _("Choose at least one hotline or assessor."))
        opens, closes, zone = cleaned.get("opens_on"), cleaned.get("closes_on"), cleaned.get("time_zone")
        if opens and closes and zone:
            wanted = Consultation(opens_on=opens, closes_on=closes, time_zone=zone)
            add_bounds_errors(self, find_planned_day_reasons(wanted))
        if closes and zone and closes < timezone.localdate(timezone=ZoneInfo(zone)):
            self.add_error("closes_on", _("This day is over. Give today or a later day."))
        elif opens and closes and closes < opens:
            self.add_error("closes_on", _("The consultation ends before it opens. Give a later day."))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def new_consultation(request: SignedInRequest) -> HttpResponse:
    require(request, "consultation.run")
    form = ConsultationForm(request.POST or None, initial={"opens_on": timezone.localdate()})
    form.initial["page"] = next((page for page in form.pages if page.code == request.GET.get("edition")), None)
    return _save(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_consultation(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Edit a consultation that has not opened."""
    found = find_consultation(request, uid, "consultation.run")
    if not found.is_draft:
        return HttpResponseRedirect(reverse("workspace:extend_consultation", args=[uid]))
    initial = {"hotlines": found.hotlines.all(), "assessors": found.assessors.all()}
    return _save(request, ConsultationForm(request.POST or None, instance=found, initial=initial), found)


def _save(request: SignedInRequest, form: ConsultationForm, former: Consultation | None) -> HttpResponse:
    refused = []
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            with transaction.atomic():
                saved = prepare_consultation(
                    form.save(commit=False), chosen["hotlines"], chosen["assessors"], by=request.user
                )
        except Refusal as refusal:
            refused = [{"text": show_reason(reason).sentence, "target": "id_page"} for reason in refusal.reasons]
        except IntegrityError:
            form.add_error("name", _("There is a consultation of this name. Choose another."))
        else:
            return HttpResponseRedirect(reverse("workspace:consultation", args=[saved.uid]))
    return render(
        request,
        "consultation/plan.html",
        {"form": form, "refused": refused, "former": former, "has_drafts": bool(form.pages)},
        status=422 if form.errors or refused else 200,
    )


class ExtensionForm(forms.Form):
    """A new last day, and more hotlines and assessors to invite."""

    until = forms.DateField(
        label=_("Open until"),
        widget=DayInput,
        help_text=_("Today or a later day; it counts to its end."),
    )

    def __init__(self, found: Consultation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = found.today
        others = Hotline.objects.exclude(pk__in=[hotline.pk for hotline in found.hotlines.all()])
        self.fields["hotlines"] = _chosen(_("Invite these hotlines too"), others)
        uninvited = assessors_today().exclude(pk__in=[person.pk for person in found.assessors.all()])
        self.fields["assessors"] = _chosen(_("Invite these assessors too"), uninvited)

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until < self.today:
            raise forms.ValidationError(_("This day is over. Give today or a later day."))
        check_bounds(self, "until", "consultation.closes_on", self.today)
        return until


@require_http_methods(["GET", "HEAD", "POST"])
def extend_consultation(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Move the last day of an open consultation and invite more people. Earlier invitations stay."""
    found = find_consultation(request, uid, "consultation.run")
    form = ExtensionForm(found, request.POST or None, initial={"until": found.closes_on})
    if request.method == "POST" and form.is_valid() and not wants_change(request):
        back = reverse("workspace:consultation", args=[uid])
        return _extend(request, found, form.cleaned_data) or HttpResponseRedirect(back)
    context = {"form": form, "consultation": found}
    return render(request, "consultation/extend.html", context, status=422 if form.errors else 200)


def _extend(request: SignedInRequest, found: Consultation, chosen: dict[str, Any]) -> HttpResponse | None:
    """Extend the consultation. Return the page that shows the letters first."""
    try:
        with letters_first(request, str(words_of(found, "extend").act)) as first:
            perform(found, "extend", by=request.user, **chosen)
    except Refusal as refusal:
        report_refusal(request, refusal, found)
        return None
    if first.page is None:
        done = words_of(found, "extend").done
        messages.success(request, gettext("%(act)s. This is recorded in the log.") % {"act": done})
    return first.page
