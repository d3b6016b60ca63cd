"""An assessor's languages, domains and absences for visits, entered by themselves or by MCE."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf.locale import LANG_INFO
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from evaluation.models import Absence, AssessorProfile, Role, User
from evaluation.visits.assessors import is_described, profile_of
from portal.access import find_assessor, require
from portal.handbook.keys import domain_choices
from portal.presentation.form_days import DayInput, check_bounds, check_order
from portal.presentation.passages import language_name
from portal.requests.signed_in import SignedInRequest
from portal.settings.languages import OF_COUNTRIES
from standards.presentation.collation import sort_key

MOST_ABSENCES = 50


class ProfileForm(forms.ModelForm[AssessorProfile]):
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one language.")},
        help_text=gettext_lazy("Spoken well enough to lead a conversation at a hotline and to read its documents."),
    )
    domains = forms.MultipleChoiceField(
        label=gettext_lazy("Domains of the Guide"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Those known well from work."),
    )

    class Meta:
        model = AssessorProfile
        fields = ("languages", "domains", "can_lead", "most_visits")
        help_texts = {"most_visits": gettext_lazy("0 for none at all.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("languages", _languages(self.instance)), ("domains", domain_choices())):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices

    def clean_domains(self) -> list[str]:
        """Return the chosen domains, and the stored ones that the newest edition no longer has."""
        offered = dict(domain_choices())
        return [*self.cleaned_data["domains"], *(key for key in self.instance.domains if key not in offered)]


def _languages(profile: AssessorProfile) -> list[tuple[str, str]]:
    """Return the languages of the network's countries, and those that the assessor already has, by name."""
    codes = {code for codes in OF_COUNTRIES.values() for code in codes} | {*profile.languages}
    named = [(code, capfirst(language_name(code))) for code in codes if code in LANG_INFO]
    return sorted(named, key=lambda one: sort_key(one[1]))


class AbsenceForm(forms.ModelForm[Absence]):
    class Meta:
        model = Absence
        fields = ("starts_on", "ends_on")
        widgets = dict.fromkeys(fields, DayInput)

    def clean(self) -> dict[str, Any]:
        super().clean()
        check_order(self)
        for field in ("starts_on", "ends_on"):
            check_bounds(self, field, "absence", timezone.localdate())
        given = self.cleaned_data
        starts, ends = given.get("starts_on"), given.get("ends_on")
        if ends and ends < timezone.localdate():
            self.add_error("ends_on", _("These days are over. Give days that lie ahead."))
        elif self.instance.user.absences.count() >= MOST_ABSENCES:
            self.add_error("starts_on", _("There are as many days as can be kept. Remove some that are over."))
        elif starts and ends and self.instance.user.absences.filter(starts_on=starts, ends_on=ends).exists():
            self.add_error("starts_on", _("These days stand below already."))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
def own_profile(request: SignedInRequest) -> HttpResponse:
    """Show and save the user's own profile."""
    if not request.user.has_role(Role.ASSESSOR):
        require(request, "assessor.describe", None)
        return HttpResponseRedirect(reverse("workspace:people"))
    require(request, "assessor.describe", request.user)
    return _answer(request, User.objects.get(pk=request.user.pk), reverse("workspace:own_assessor_profile"))


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SignedInRequest, uid: UUID) -> HttpResponse:
    return _answer(request, find_assessor(request, uid), reverse("workspace:assessor_profile", args=[uid]))


def _answer(request: SignedInRequest, person: User, here: str) -> HttpResponse:
    """Save the form that the pressed button names, or show the page."""
    act = request.POST.get("act", "save")
    sent = request.POST if request.method == "POST" else None
    form = ProfileForm(sent if act == "save" else None, instance=profile_of(person))
    absence = AbsenceForm(sent if act == "add" else None, instance=Absence(user=person))
    if sent is not None and act.startswith("remove-"):
        removed = [away.pk for away in person.absences.all() if act == f"remove-{away.pk}"]
        person.absences.filter(pk__in=removed).delete()
        messages.success(request, _("The days are removed."))
        return HttpResponseRedirect(f"{here}#days")
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("It is saved. The next teams are computed with it."))
        return HttpResponseRedirect(here)
    if absence.is_bound and absence.is_valid():
        absence.save()
        messages.success(request, _("The days are saved. No team is proposed for them."))
        return HttpResponseRedirect(f"{here}#days")
    is_own = person == request.user
    context = {
        "person": person,
        "is_own": is_own,
        "has_profile": is_described(person),
        "form": form,
        "absence": absence,
        "absences": person.absences.all(),
        "today": timezone.localdate(),
    }
    status = 422 if form.errors or absence.errors else 200
    return render(request, "visits/profile.html", context, status=status)


urlpatterns = [
    path("visits/me/", own_profile, name="own_assessor_profile"),
    path("people/<uuid:uid>/visits/", profile, name="assessor_profile"),
]
