"""Invitations by letter, whose link works once and for two weeks."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import password_validation
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from evaluation.models import INDEPENDENT_ROLES, Invitation, Membership, PersonChange, Role, User, normalise_email
from evaluation.people import give_role
from portal.accounts.ties import CountryField, CountryForm
from portal.letters import outbox

WORKS_FOR = timedelta(days=14)


def token_of(invitation: Invitation) -> str:
    """Return the token of the link. Sending the invitation again makes a new one, and the old one stops working."""
    words = f"{invitation.uid}\n{invitation.email}\n{invitation.invited_at.isoformat()}"
    return salted_hmac("portal.accounts.invitations", words, algorithm="sha256").hexdigest()[:43]


def is_open(invitation: Invitation) -> bool:
    return invitation.accepted_at is None and timezone.now() < invitation.invited_at + WORKS_FOR


def write_role_letter(change: PersonChange) -> None:
    """Write to the person who was given a role: with the link of the invitation if there is no account yet."""
    known = User.objects.filter(email=change.email).first()
    if known is not None:
        values = {
            "role": Role(change.role).label,
            "hotline": change.hotline.name if change.hotline else "",
            "name": change.proposed_by.name,
            "page": outbox.address_of(reverse("workspace:home")),
        }
        outbox.write_letter("role", values, to=known)
        return
    same = {"email": change.email, "role": change.role, "hotline": change.hotline}
    send_invitation(Invitation.objects.get(**same, accepted_at=None))


def send_invitation(invitation: Invitation) -> None:
    """Write the letter with the link of an invitation."""
    link = outbox.address_of(reverse("accept_invitation", args=[invitation.uid, token_of(invitation)]))
    until = invitation.invited_at + WORKS_FOR
    values = {
        "invited": invitation.name,
        "name": invitation.invited_by.name if invitation.invited_by else "",
        "role": lambda _reader: invitation.role_and_hotline,
        "link": link,
        "date": lambda _reader: timezone.localdate(until),
    }
    outbox.write_letter("invitation", values, address=invitation.email, language=invitation.language)


@transaction.atomic
def send_again(invitation: Invitation, *, by: User) -> None:
    """Send an invitation again. Its former link no longer works. It was confirmed, if a second person had to do so."""
    invitation.invited_by, invitation.invited_at = by, timezone.now()
    invitation.save(update_fields=["invited_by", "invited_at"])
    send_invitation(invitation)


def invite_first_coordinator(*, email: str, name: str, language: str) -> str:
    """Create the invitation of one of the first two coordinators. Return its link, which is not mailed.

    They invite all others: one of them proposes a further coordinator, and the other confirms it.
    """
    invitation, _is_new = Invitation.objects.update_or_create(
        email=normalise_email(email),
        role=Role.MCE_COORDINATOR,
        hotline=None,
        accepted_at=None,
        defaults={"name": name, "language": language, "invited_at": timezone.now()},
    )
    return outbox.address_of(reverse("accept_invitation", args=[invitation.uid, token_of(invitation)]))


class AcceptForm(forms.Form):
    """Name and password of a new user."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name.")},
        help_text=_("As your colleagues know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("A password"),
        strip=False,
        error_messages={"required": _("Choose a password.")},
        help_text=_("At least 12 characters. Four words that have nothing to do with each other are good and easy."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("The password again"),
        strip=False,
        error_messages={"required": _("Type the same password a second time.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: QueryDict | None, *, invitation: Invitation) -> None:
        super().__init__(data, initial={"name": invitation.name})
        self.invitation = invitation
        if invitation.role in INDEPENDENT_ROLES:
            self.fields["country"] = CountryField(present=invitation.country)
            self.order_fields(["name", "country"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        password, again = given.get("password"), given.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", _("This differs from the password above. Type the same one twice."))
        elif password:
            user, hotline = User(email=self.invitation.email, name=given.get("name", "")), self.invitation.hotline
            operation = hotline.operation_today if hotline else None
            operator = operation.operator if operation else None
            user.all_memberships = [Membership(role=self.invitation.role, hotline=hotline, operator=operator)]
            try:
                password_validation.validate_password(password, user)
            except forms.ValidationError as failure:
                self.add_error("password", failure)
        return given


@transaction.atomic
def _accept(invitation: Invitation, user: User) -> bool:
    """Use up the invitation for `user`. Return False if it was used concurrently."""
    this = Invitation.objects.filter(pk=invitation.pk)
    if not this.filter(accepted_at=None).update(accepted_at=timezone.now()):
        return False
    if user.pk is None:
        user.save()
    this.update(accepted_by=user)
    give_role(user, invitation.role, invitation.hotline)
    return True


@sensitive_post_parameters("password", "password_again")
@never_cache
def accept(request: HttpRequest, uid: UUID, token: str) -> HttpResponse:
    """The page of the link: name and password, then sign in."""
    invitation = Invitation.objects.select_related("hotline", "invited_by").filter(uid=uid).first()
    if invitation is None or not constant_time_compare(token, token_of(invitation)):
        return render(request, "accounts/invitation_closed.html", {"reason": "unknown"}, status=404)
    if not is_open(invitation):
        reason = "used" if invitation.accepted_at else "expired"
        return render(request, "accounts/invitation_closed.html", {"reason": reason}, status=410)
    known = User.objects.filter(email=invitation.email).first()
    if known:
        return _accept_as(request, invitation, known)
    if request.user.is_authenticated:
        return render(request, "accounts/invitation_other.html", {"invitation": invitation}, status=403)
    form = AcceptForm(request.POST or None, invitation=invitation)
    if request.method == "POST" and form.is_valid():
        user = User(
            email=invitation.email,
            name=form.cleaned_data["name"],
            language=invitation.language,
            country=form.cleaned_data.get("country", ""),
            is_demonstration=settings.DEMONSTRATION,  # a user of a demonstration remains marked as one
        )
        user.set_password(form.cleaned_data["password"])
        if not _accept(invitation, user):
            return redirect(request.path)
        signed_in: HttpResponse = perform_login(
            request, user, email_verification="none", redirect_url=resolve_url("workspace:home")
        )
        return signed_in
    return render(request, "accounts/invitation.html", {"invitation": invitation, "form": form})


def _accept_as(request: HttpRequest, invitation: Invitation, known: User) -> HttpResponse:
    """Give a further role to a known user, who must be signed in."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
    if request.user != known:
        return render(request, "accounts/invitation_other.html", {"invitation": invitation}, status=403)
    if not known.is_active:
        raise PermissionDenied
    asks = invitation.role in INDEPENDENT_ROLES and not known.country
    form = CountryForm(request.POST if request.method == "POST" else None, present=invitation.country) if asks else None
    if request.method == "POST" and (form is None or form.is_valid()):
        if form is not None:
            known.country = form.cleaned_data["country"]
            known.save(update_fields=["country"])
        if _accept(invitation, known):
            messages.success(request, gettext("You have this role now."))
        return redirect("workspace:home")
    status = 422 if form is not None and form.errors else 200
    context = {"invitation": invitation, "form": form}
    return render(request, "accounts/invitation_known.html", context, status=status)
