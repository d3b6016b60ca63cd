"""The forms of authentication, with our texts: labels above fields, hints below them, no placeholders."""

from typing import Any

from allauth.account import forms as account
from allauth.account.views import logout
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.accounts import password_reset

_CODE_HINT = _("The six digits that your app shows now. A recovery code works too, once.")
_PASSWORD_HINT = _("At least 12 characters. Four words that have nothing to do with each other are good and easy.")


def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, and clear what the browser stored: somebody else may use it next.

    If the browser also stores text of another user, the script of the page removes only the text of the user who signs
    out, and sends `others_wait`.
    """
    response = logout(request)
    if request.method == "POST" and not request.POST.get("others_wait"):
        response.headers["Clear-Site-Data"] = '"storage"'
    return response


class SiteTextsMixin(forms.BaseForm):
    """Removes placeholders and gives each field its label and its hint."""

    missing = _("Fill this in.")

    words: dict[str, tuple[Any, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = self.missing
            if name in self.words:
                field.label, field.help_text = self.words[name]


class _CodeField(forms.BaseForm):
    """Shows digits on a phone's keyboard; letters are allowed for recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class SignInForm(SiteTextsMixin, account.LoginForm):
    words = {"login": (_("E-mail address"), ""), "password": (_("Password"), "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = format_html(
            '<a href="{}">{}</a>', reverse("account_reset_password"), _("Set a new one if you do not know it any more")
        )


class ResetForm(SiteTextsMixin, account.ResetPasswordForm):
    words = {"email": (_("E-mail address"), _("The one you sign in with."))}

    def save(self, request: HttpRequest, **_kwargs: Any) -> str:
        """Request the letter. For an unknown address none is sent, and the response takes the same time."""
        password_reset.ask_for_letter(self.users[0] if self.users else None)
        email: str = self.cleaned_data["email"]
        return email


class ResetKeyForm(SiteTextsMixin, account.ResetPasswordKeyForm):
    words = {
        "password1": (_("New password"), _PASSWORD_HINT),
        "password2": (_("The new password again"), ""),
    }


class ChangeForm(SiteTextsMixin, account.ChangePasswordForm):
    words = {
        "oldpassword": (_("Your present password"), ""),
        "password1": (_("New password"), _PASSWORD_HINT),
        "password2": (_("The new password again"), ""),
    }


class PasswordAgainForm(SiteTextsMixin, account.ReauthenticateForm):
    words = {"password": (_("Password"), "")}


class CodeForm(_CodeField, SiteTextsMixin, mfa.AuthenticateForm):
    words = {"code": (_("Code"), _CODE_HINT)}


class CodeAgainForm(_CodeField, SiteTextsMixin, mfa.ReauthenticateForm):
    words = {"code": (_("Code"), _CODE_HINT)}


class DeviceForm(_CodeField, SiteTextsMixin, ActivateTOTPForm):
    words = {"code": (_("Code"), _("The six digits that the app shows now."))}
