"""Days in forms: their field, and the checks of their bounds and of their order."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.models.day_bounds import find_day_reasons
from evaluation.models.reasons import Reason


class DayInput(forms.DateInput):
    """The browser's own date picker. It takes ISO dates only, whatever the language of the page."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def describe_bounds(reason: Reason) -> str:
    """Return what to do about a day that is outside its bounds."""
    assert reason.day is not None
    assert reason.last is not None
    return _("Give a day from %(first)s to %(last)s.") % {
        "first": date_format(reason.day),
        "last": date_format(reason.last),
    }


def add_bounds_errors(form: forms.BaseForm, found: Iterable[tuple[str, Reason]]) -> None:
    """Add an error to each field whose day is outside its bounds."""
    for field, reason in found:
        form.add_error(field, describe_bounds(reason))


def check_bounds(form: forms.BaseForm, field: str, name: str, base: date) -> None:
    """Add an error to the field if its day is outside the bounds `name` around `base`."""
    add_bounds_errors(form, ((field, reason) for reason in find_day_reasons(name, form.cleaned_data.get(field), base)))


def check_order(form: forms.BaseForm, first: str = "starts_on", last: str = "ends_on") -> None:
    """Add an error to the field `last` if its day is before that of the field `first`."""
    starts, ends = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if starts and ends and ends < starts:
        form.add_error(last, _("The last day lies before the first. Give a later one."))
