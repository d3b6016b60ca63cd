"""People and their roles: MCE's list, invitations, the end of a role; and every user's own account."""

from typing import Any
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from evaluation import roles
from evaluation.due_dates import DAYS_BEFORE
from evaluation.guards.permissions import is_allowed
from evaluation.models import (
    HOTLINE_ROLES,
    INDEPENDENT_ROLES,
    Hotline,
    Invitation,
    Membership,
    Reminder,
    Role,
    User,
    normalise_email,
)
from portal.accounts import adapters, invitations
from portal.accounts.ties import CountryField, CountryForm, DeclarationForm, country_name, declare_stake_of
from portal.letters import outbox
from portal.presentation import time_zones
from portal.presentation.form_values import read_words
from portal.workspace.access import require
from portal.workspace.requests import SignedInRequest
from standards.presentation.reading_language import active_language, content_language

ON_A_PAGE = 25


def _found(words: str) -> QuerySet[User]:
    """Return people whose name, address, role or hotline contains every word."""
    found = User.objects.filter(is_active=True)
    roles = {label.lower(): role for role, label in Role.choices}
    for word in words.split():
        as_role = [role for label, role in roles.items() if word.lower() in label]
        today = Membership.objects.today()
        found = found.filter(
            Q(name__icontains=word)
            | Q(email__icontains=word)
            | Q(pk__in=today.filter(hotline__name__icontains=word).values("user"))
            | Q(pk__in=today.filter(role__in=as_role).values("user"))
        )
    return found.order_by("name", "pk")


def people(request: SignedInRequest) -> HttpResponse:
    require(request, "people.invite")
    words = read_words(request.GET, "q").strip()
    today = Membership.objects.today().select_related("hotline").order_by("role", "pk")
    found = _found(words).prefetch_related(Prefetch("memberships", today, to_attr="roles_today"))
    page: Page[Any] = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))  # of people with `roles_today`
    open_ = Invitation.objects.filter(accepted_at=None).select_related("hotline", "invited_by").order_by("-invited_at")
    for person in page:
        person.requires_independence = any(role.role in INDEPENDENT_ROLES for role in person.roles_today)
        person.is_assessor = any(role.role == Role.ASSESSOR for role in person.roles_today)
    memberships = Membership.objects.today().filter(role__in=INDEPENDENT_ROLES)
    context = {
        "without_country": User.objects.filter(is_active=True, country="", pk__in=memberships.values("user")).order_by(
            "name"
        ),
        "page": page,
        "words": words,
        "invitations": [
            {"row": row, "until": row.invited_at + invitations.WORKS_FOR, "is_open": invitations.is_open(row)}
            for row in open_
        ],
    }
    return render(request, "workspace/people/people.html", context)


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The invitation goes there. They sign in with this address."),
        error_messages={"required": _("Write the address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Write the name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=lambda: [(role.value, capfirst(role.label)) for role in Role],
        error_messages={"required": _("Choose the role.")},
        widget=forms.RadioSelect,
    )
    hotline = forms.ModelChoiceField(
        label=_("Hotline"),
        queryset=Hotline.objects.all(),
        required=False,
        empty_label=_("None"),
        help_text=_("For contributors and coordinators of a hotline."),
    )
    country = CountryField(required=False)
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        needs_hotline = given.get("role") in HOTLINE_ROLES
        if needs_hotline and not given.get("hotline") and "hotline" not in self.errors:
            self.add_error("hotline", _("This role belongs to a hotline. Choose which."))
        if given.get("role") and not needs_hotline and given.get("hotline"):
            self.add_error("hotline", _("This role belongs to no hotline. Choose “None”."))
        if given.get("role") in INDEPENDENT_ROLES and not given.get("country") and "country" not in self.errors:
            self.add_error("country", _("Choose the country: nobody assesses or judges the hotline of their own."))
        return given


def invite(request: SignedInRequest) -> HttpResponse:
    require(request, "people.invite")
    form = InviteForm(request.POST or None, initial={"language": content_language()})
    if request.method == "POST" and form.is_valid():
        made = invitations.invite(**form.cleaned_data, by=request.user)
        name = form.cleaned_data["name"]
        if isinstance(made, Invitation):
            messages.success(request, gettext("%(name)s is invited. The link works for two weeks.") % {"name": name})
        else:
            messages.success(
                request, gettext("%(name)s was here already and has the role now.") % {"name": made.user.name}
            )
        return redirect("workspace:people")
    return render(request, "workspace/people/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def invite_again(request: SignedInRequest, uid: UUID) -> HttpResponse:
    require(request, "people.invite")
    old = get_object_or_404(Invitation.objects.select_related("hotline"), uid=uid, accepted_at=None)
    invitations.invite(
        email=old.email,
        name=old.name,
        language=old.language,
        role=old.role,
        hotline=old.hotline,
        country=old.country,
        by=request.user,
    )
    messages.success(
        request, gettext("A new letter is on its way to %(name)s. The old link no longer works.") % {"name": old.name}
    )
    return redirect("workspace:people")


@require_POST
def withdraw(request: SignedInRequest, uid: UUID) -> HttpResponse:
    require(request, "people.invite")
    invitation = get_object_or_404(Invitation, uid=uid, accepted_at=None)
    invitation.delete()
    messages.success(request, gettext("The invitation of %(name)s is withdrawn.") % {"name": invitation.name})
    return redirect("workspace:people")


@require_POST
def end_role(request: SignedInRequest, membership: int) -> HttpResponse:
    """End a role now."""
    require(request, "people.invite")
    ended = get_object_or_404(Membership.objects.today().select_related("user"), pk=membership)
    if ended.user == request.user and ended.role == Role.MCE_COORDINATOR:
        messages.error(request, gettext("You cannot end your own role of MCE coordinator. Ask a colleague."))
        return redirect("workspace:people")
    roles.end_role(ended)
    messages.success(
        request,
        gettext("%(name)s no longer has the role %(role)s.")
        % {"name": ended.user.name, "role": ended.get_role_display()},
    )
    return redirect("workspace:people")


def _reminders_of(person: User) -> list[Reminder.About]:
    """Return the reminders that a person gets by their roles and can switch off, the earliest first."""
    found = [*reversed(DAYS_BEFORE)] if person.has_role(*HOTLINE_ROLES) else []
    return [*found, Reminder.About.SLIPPED] if person.has_role(Role.MCE_COORDINATOR) else found


class AccountForm(forms.ModelForm[User]):
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of the workspace and of letters to you.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("The times you see are in this zone."))
    reminders = forms.MultipleChoiceField(
        label=_("Reminders by letter"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = ("name", "language", "time_zone")
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = [(name, name.replace("_", " ")) for name in time_zones.of_people(self.instance.time_zone)]
        if self.instance.has_role(*INDEPENDENT_ROLES):
            self.fields["country"] = CountryField(present=self.instance.country)
        self.offered = _reminders_of(self.instance)
        self._offer_reminders()

    def _offer_reminders(self) -> None:
        """Offer the reminders of the person's roles as choices; remove the field if there are none."""
        if not self.offered:
            del self.fields["reminders"]
            return
        reminders = self.fields["reminders"]
        assert isinstance(reminders, forms.MultipleChoiceField)
        reminders.choices = [(about.value, about.label) for about in self.offered]
        reminders.initial = [about.value for about in self.offered if about not in self.instance.declined_reminders]

    def save(self, commit: bool = True) -> User:
        if self.offered:
            others = [about for about in self.instance.declined_reminders if about not in self.offered]
            declined = [about.value for about in self.offered if about.value not in self.cleaned_data["reminders"]]
            self.instance.declined_reminders = [*others, *declined]
        self.instance.country = self.cleaned_data.get("country", self.instance.country)
        super().save(commit)
        person: User = self.instance
        return person


def account(request: SignedInRequest) -> HttpResponse:
    """Show and save the user's own name, language, time zone and reminders; link to the ways of signing in."""
    person = User.objects.get(pk=request.user.pk)
    former = person.country
    form = AccountForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            if former and person.country != former:
                _notify_of_country(person, former, request)
        with translation.override(active_language(person.language)):
            messages.success(request, gettext("Your account is saved."))
        return redirect("workspace:account")
    context = {
        "form": form,
        "has_second_factor": is_mfa_enabled(request.user),
        "needs_second_factor": adapters.needs_second_factor(request.user),
        "roles": request.user.memberships.today().select_related("hotline").order_by("role", "pk"),
        **_ties_of(person),
    }
    return render(request, "workspace/people/account.html", context, status=422 if form.errors else 200)


def _ties_of(person: User, sent: DeclarationForm | None = None) -> dict[str, Any]:
    """Return the ties that an assessor, panel member or coordinator declared, and the form to declare more."""
    if not is_allowed("stake.declare", person):
        return {"asks_for_ties": False}
    return {
        "asks_for_ties": True,
        "stakes": person.stakes.select_related("hotline").order_by("hotline__name"),
        "declaration": sent or DeclarationForm(person=person),
    }


def _notify_of_country(person: User, former: str, request: SignedInRequest) -> None:
    """Notify MCE and the person of a changed country, except its author: it determines whom they may assess."""
    page = outbox.address_of(reverse("workspace:person_ties", args=[person.uid]))
    words = {"person": person, "before": country_name(former), "now": country_name(person.country), "page": page}
    for reader in dict.fromkeys((*outbox.holders_of(Role.MCE_COORDINATOR), person)):
        if reader != request.user:
            outbox.write_letter(to=reader, template="accounts/letters/country_changed", context=words)


@require_POST
def declare_stake(request: SignedInRequest) -> HttpResponse:
    """Declare a tie without being asked."""
    require(request, "stake.declare")
    form = DeclarationForm(request.POST, person=request.user)
    if not form.is_valid():
        person = User.objects.get(pk=request.user.pk)
        context = {"form": AccountForm(instance=person), **_ties_of(person, form)}
        return render(request, "workspace/people/account.html", context, status=422)
    declare_stake_of(request.user, form.cleaned_data["hotline"], form.cleaned_data["reason"])
    messages.success(request, gettext("Your declaration is kept. This hotline is no longer shown to you."))
    return redirect("workspace:account")


def person_ties(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the country and the declared ties of a person to MCE, which can set the country."""
    require(request, "people.invite")
    person = get_object_or_404(User.objects.filter(is_active=True), uid=uid)
    former = person.country
    form = CountryForm(request.POST if request.method == "POST" else None, present=former)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            person.country = form.cleaned_data["country"]
            person.save(update_fields=["country"])
            if former and person.country != former:
                _notify_of_country(person, former, request)
        messages.success(request, gettext("The country of %(name)s is noted.") % {"name": person.name})
        return redirect("workspace:people")
    context = {"person": person, "form": form, "stakes": person.stakes.select_related("hotline").order_by("pk")}
    return render(request, "workspace/people/person_ties.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("people/", people, name="people"),
    path("people/invite/", invite, name="invite"),
    path("people/invitations/<uuid:uid>/again/", invite_again, name="invite_again"),
    path("people/invitations/<uuid:uid>/withdraw/", withdraw, name="withdraw_invitation"),
    path("people/roles/<int:membership>/end/", end_role, name="end_role"),
    path("people/<uuid:uid>/ties/", person_ties, name="person_ties"),
    path("account/", account, name="account"),
    path("account/ties/", declare_stake, name="declare_stake"),
]
