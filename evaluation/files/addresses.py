"""The form field for web addresses that are used as evidence."""

from typing import Any

from django import forms
from django.core.validators import URLValidator

from evaluation.models import Evidence


class AddressField(forms.URLField):
    """A web address. Without a scheme, https is assumed."""

    def __init__(self, **options: Any) -> None:
        longest = Evidence._meta.get_field("address").max_length
        super().__init__(
            max_length=longest, assume_scheme="https", validators=[URLValidator(schemes=["https", "http"])], **options
        )
