"""Days in forms: their field, and the check that the last day is not before the first."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _


class DayInput(forms.DateInput):
    """The browser's own date picker. It takes ISO dates only, whatever the language of the page."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def check_order(form: forms.BaseForm, first: str = "starts_on", last: str = "ends_on") -> None:
    """Add an error to the field `last` if its day is before that of the field `first`."""
    starts, ends = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if starts and ends and ends < starts:
        form.add_error(last, _("The last day lies before the first. Give a later one."))
