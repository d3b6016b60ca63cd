"""Form fields for a user's country and ties to hotlines."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from evaluation.models import Hotline, Stake, User
from standards.presentation.collation import sort_key

ELSEWHERE = "ZZ"
"""A country without a hotline of the network."""


def country_choices(present: str = "") -> list[tuple[str, StrOrPromise]]:
    """Return choices: the hotlines' countries by name, one for all others, and `present` if it is missing."""
    known = sorted(Hotline.objects.names().items(), key=lambda one: sort_key(one[1]))
    if present and present not in (ELSEWHERE, *(code for code, _name in known)):
        known.append((present, present))
    return [("", _("Choose the country")), *known, (ELSEWHERE, _("A country without a hotline of the network"))]


def country_name(code: str) -> str:
    return str(dict(country_choices(code))[code]) if code else ""


class CountryField(forms.ChoiceField):
    """The country of an assessor or panel member, who never assesses its hotline."""

    def __init__(self, *, present: str = "", required: bool = True) -> None:
        super().__init__(
            label=_("Country"),
            choices=lambda: country_choices(present),
            required=required,
            initial=present,
            help_text=_("An assessor or panel member never looks at the hotline of their own country."),
            error_messages={"required": _("Choose the country.")},
        )


def add_country_fields(form: forms.BaseForm, present: str) -> None:
    """Add the country to a form; if one is known, also whether it was a mistake."""
    form.fields["country"] = CountryField(present=present)
    if present:
        form.fields["was_mistaken"] = forms.BooleanField(
            label=_("The country before was a mistake"),
            required=False,
            help_text=_(
                "For another country only. Otherwise the hotline of the country before stays a tie. "
                "A coordinator confirms it."
            ),
        )


class CountryForm(forms.Form):
    def __init__(self, *args: Any, present: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_country_fields(self, present)


class DeclarationForm(forms.Form):
    """A tie that a user declares."""

    hotline = forms.ModelChoiceField(
        label=_("Hotline"),
        queryset=Hotline.objects.none(),
        empty_label=_("Choose the hotline"),
        error_messages={"required": _("Choose the hotline.")},
    )
    reason = forms.CharField(
        label=_("What ties you to this hotline"),
        max_length=300,
        error_messages={"required": _("Say what ties you to it.")},
        help_text=_("Work there now or before, advice, money, family or friendship. What you declare is kept."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hotline = self.fields["hotline"]
        assert isinstance(hotline, forms.ModelChoiceField)
        hotline.queryset = Hotline.objects.exclude(stakes__user=person)


def declare_stake_of(person: User, hotline: Hotline, reason: str) -> Stake:
    """Save a declared tie; a second one about the same hotline changes nothing."""
    stake, _created = Stake.objects.get_or_create(user=person, hotline=hotline, defaults={"reason": reason[:300]})
    return stake


class StakeForm(forms.Form):
    """The tie to a hotline that somebody declares before taking part."""

    reason = forms.CharField(
        label=_("What ties you to this hotline"),
        max_length=300,
        help_text=_("Only MCE reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what ties you to it. Only MCE reads this.")},
    )
