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

from evaluation.due_dates import DAYS_BEFORE
from evaluation.models import (
    HOTLINE_ROLES,
    INDEPENDENT_ROLES,
    Hotline,
    Invitation,
    Membership,
    PersonChange,
    Reminder,
    Role,
    Step,
    User,
    normalise_email,
)
from evaluation.models.people.permissions import is_allowed
from evaluation.models.people.ties import other_coordinators
from evaluation.people import change_person, country_change, end_of_role
from evaluation.workflow import Refusal
from portal.access import find_person_change, require
from portal.accounts import adapters, invitations, person_changes
from portal.accounts.ties import CountryField, CountryForm, DeclarationForm, add_country_fields, declare_stake_of
from portal.letters import outbox
from portal.moves.pages import offered_moves, perform_move, shown_steps
from portal.presentation import time_zones
from portal.presentation.form_values import read_words
from portal.presentation.reasons import show_reason
from portal.presentation.refusals import raise_if_forbidden, report_refusal
from portal.requests.signed_in import SignedInRequest
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
            | Q(pk__in=today.filter(hotline__in=Hotline.objects.named(word)).values("user"))
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
    unsent = outbox.unsent_letters([*(person.email for person in page), *(row.email for row in open_)])
    for person in page:
        letter = unsent.get(person.email.lower())
        person.failing_letter = letter if letter and letter.attempts >= outbox.SHOWN_AFTER else None
        person.is_assessor = any(role.role == Role.ASSESSOR for role in person.roles_today)
    memberships = Membership.objects.today().filter(role__in=INDEPENDENT_ROLES)
    context = {
        "waiting": _waiting_changes(request),
        "is_one_person_office": settings.OFFICE_HAS_ONE_COORDINATOR,
        "without_country": User.objects.filter(is_active=True, country="", pk__in=memberships.values("user")).order_by(
            "name"
        ),
        "page": page,
        "words": words,
        "invitations": [
            {
                "row": row,
                "until": row.invited_at + invitations.WORKS_FOR,
                "is_open": invitations.is_open(row),
                "unsent": unsent.get(row.email.lower()),
            }
            for row in open_
        ],
    }
    return render(request, "people/people.html", context)


def _waiting_changes(request: SignedInRequest) -> list[dict[str, Any]]:
    """Return the changes that wait for a second person, each with what the user may do and who may confirm it."""
    waiting = PersonChange.objects.filter(state=PersonChange.State.PROPOSED)
    listed = list(waiting.select_related("user", "hotline", "membership", "proposed_by"))
    coordinators = [request.user, *other_coordinators(request.user)] if listed else []
    return [
        {
            "row": change,
            "what": person_changes.describe(change),
            "moves": offered_moves(change, request.user),
            "base": reverse("workspace:move_person_change", args=[change.uid, "drop"]).removesuffix("drop/"),
            "confirming": [one.name for one in coordinators if is_allowed("people.confirm", one, change)],
        }
        for change in listed
    ]


@require_POST
def move_person_change(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    """Confirm or drop a change."""
    change = find_person_change(request, uid)
    is_mce = is_allowed("people.invite", request.user)
    back_to = reverse("workspace:people" if is_mce else "workspace:account")
    return perform_move(request, change, name, back_to=back_to)


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
        try:
            change = person_changes.invite(**form.cleaned_data, by=request.user)
        except Refusal as refusal:
            raise_if_forbidden(refusal)
            for reason in refusal.reasons:
                form.add_error("role", show_reason(reason).sentence)
        else:
            messages.success(request, _made(change))
            return redirect("workspace:people")
    return render(request, "people/invite.html", {"form": form}, status=422 if form.errors else 200)


def _made(change: PersonChange) -> str:
    """Return the message after a change: it waits for a second person, the role is given, or the letter is sent."""
    if change.is_proposed:
        words = gettext("Proposed. It is made when another coordinator confirms it.")
    elif change.what == PersonChange.What.END_ROLE:
        words = gettext("%(name)s no longer has the role %(role)s.")
    elif change.user is None:
        words = gettext("%(name)s is invited. The link works for two weeks.")
    else:
        words = gettext("%(name)s was here already and has the role now.")
    return words % {"name": change.name, "role": change.get_role_display()}


@require_POST
def invite_again(request: SignedInRequest, uid: UUID) -> HttpResponse:
    require(request, "people.invite")
    invitation = get_object_or_404(Invitation.objects.select_related("hotline"), uid=uid, accepted_at=None)
    invitations.send_again(invitation, by=request.user)
    messages.success(
        request,
        gettext("A new letter is on its way to %(name)s. The old link no longer works.") % {"name": invitation.name},
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
    """End a role now, or propose it: a role at MCE or on the panel of somebody else needs a second person."""
    require(request, "people.invite")
    ended = get_object_or_404(Membership.objects.today().select_related("user"), pk=membership)
    if ended.user == request.user and ended.role == Role.MCE_COORDINATOR:
        messages.error(request, gettext("You cannot end your own role of MCE coordinator. Ask a colleague."))
        return redirect("workspace:people")
    try:
        change = change_person(end_of_role(ended, by=request.user))
    except Refusal as refusal:
        report_refusal(request, refusal)
    else:
        messages.success(request, _made(change))
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
            add_country_fields(self, self.instance.country)
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
        self.instance.country = self.instance.country or self.cleaned_data.get("country", "")
        super().save(commit)
        person: User = self.instance
        return person


def account(request: SignedInRequest) -> HttpResponse:
    """Show and save the user's own name, language, time zone and reminders; link to the ways of signing in.

    The first country is saved. Another one is proposed to a coordinator.
    """
    person = User.objects.get(pk=request.user.pk)
    former = person.country
    form = AccountForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
        with translation.override(active_language(person.language)):
            messages.success(request, gettext("Your account is saved."))
            _propose_country(request, person, former, form)
        return redirect("workspace:account")
    return render(request, "people/account.html", _account_context(person, form), status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.errors else 200


def _account_context(person: User, form: AccountForm, sent: DeclarationForm | None = None) -> dict[str, Any]:
    proposed = PersonChange.objects.filter(email=person.email, state=PersonChange.State.PROPOSED)
    own = proposed.filter(what=PersonChange.What.COUNTRY).select_related("user", "proposed_by").first()
    return {
        "form": form,
        "has_second_factor": is_mfa_enabled(person),
        "needs_second_factor": adapters.needs_second_factor(person),
        "roles": person.memberships.today().select_related("hotline").order_by("role", "pk"),
        "proposed": person_changes.describe(own) if own else "",
        "moves": offered_moves(own, person, only=("drop",)) if own else [],
        "base": reverse("workspace:move_person_change", args=[own.uid, "drop"]).removesuffix("drop/") if own else "",
        **_ties_of(person, sent),
    }


def _propose_country(request: SignedInRequest, person: User, former: str, form: forms.BaseForm) -> None:
    """Propose another country than the former one, if there was one, to a second person."""
    country = form.cleaned_data.get("country", "")
    if not former or not country or country == former:
        return
    was_mistaken = form.cleaned_data["was_mistaken"]
    try:
        change_person(country_change(person, country, was_mistaken=was_mistaken, by=request.user))
    except Refusal as refusal:
        report_refusal(request, refusal)
    else:
        messages.info(request, gettext("The other country counts when a coordinator other than you confirms it."))


def _ties_of(person: User, sent: DeclarationForm | None = None) -> dict[str, Any]:
    """Return the ties that an assessor, panel member or coordinator declared, and the form to declare more."""
    if not is_allowed("stake.declare", person):
        return {"asks_for_ties": False}
    return {
        "asks_for_ties": True,
        "stakes": person.stakes.select_related("hotline").order_by("hotline__recorded_name"),
        "declaration": sent or DeclarationForm(person=person),
    }


@require_POST
def declare_stake(request: SignedInRequest) -> HttpResponse:
    """Declare a tie without being asked."""
    require(request, "stake.declare")
    form = DeclarationForm(request.POST, person=request.user)
    if not form.is_valid():
        person = User.objects.get(pk=request.user.pk)
        context = _account_context(person, AccountForm(instance=person), form)
        return render(request, "people/account.html", context, status=422)
    declare_stake_of(request.user, form.cleaned_data["hotline"], form.cleaned_data["reason"])
    messages.success(request, gettext("Your declaration is kept. You do nothing about this hotline any more."))
    return redirect("workspace:account")


def person_ties(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the roles, the country, the ties and the history of a person to MCE.

    MCE sets a country that is not known yet. Another one is proposed to a second person.
    """
    require(request, "people.invite")
    person = get_object_or_404(User.objects.filter(is_active=True), uid=uid)
    form = CountryForm(request.POST if request.method == "POST" else None, present=person.country)
    if request.method == "POST" and form.is_valid():
        if person.country:
            _propose_country(request, person, person.country, form)
        else:
            person.country = form.cleaned_data["country"]
            person.save(update_fields=["country"])
            messages.success(request, gettext("The country of %(name)s is noted.") % {"name": person.name})
        return redirect("workspace:people")
    context = {
        "person": person,
        "form": form,
        "stakes": person.stakes.select_related("hotline").order_by("pk"),
        "roles": person.memberships.select_related("hotline").order_by("since", "pk"),
        "history": _history_of(person),
    }
    return render(request, "people/person_ties.html", context, status=_status(form))


def _history_of(person: User) -> list[dict[str, Any]]:
    """Return the changes of a person, the newest first, each with its steps. Two queries."""
    changes = list(PersonChange.objects.filter(email=person.email).select_related("hotline"))
    steps: dict[UUID, list[Step]] = {change.uid: [] for change in changes}
    made = Step.objects.filter(kind=PersonChange.kind, uid__in=list(steps)).select_related("words__by")
    for step in made.order_by("uid", "seq"):
        steps[step.uid].append(step)
    return [{"what": person_changes.describe(one), "steps": shown_steps(steps[one.uid])} for one in changes]


urlpatterns = [
    path("people/", people, name="people"),
    path("people/invite/", invite, name="invite"),
    path("people/invitations/<uuid:uid>/again/", invite_again, name="invite_again"),
    path("people/invitations/<uuid:uid>/withdraw/", withdraw, name="withdraw_invitation"),
    path("people/roles/<int:membership>/end/", end_role, name="end_role"),
    path("people/changes/<uuid:uid>/<str:name>/", move_person_change, name="move_person_change"),
    path("people/<uuid:uid>/ties/", person_ties, name="person_ties"),
    path("account/", account, name="account"),
    path("account/ties/", declare_stake, name="declare_stake"),
]
