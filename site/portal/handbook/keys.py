"""The standards and indicators that a page of the handbook belongs to: kept by permanent key, written by code.

A key stays the same from one edition to the next, so that the links survive it.
"""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import ngettext

from standards.framework import Framework
from standards.models import Edition, IndicatorPage, StandardPage


def newest_framework() -> Framework | None:
    """Return the newest released edition, to which codes belong; None before the first release."""
    edition = Edition.objects.first()
    return edition.framework if edition else None


def codes_by_key(framework: Framework) -> dict[str, str]:
    """Return the code of each standard and indicator of an edition, by permanent key, in the order of the Guide."""
    found = {}
    for standard in framework.standards.values():
        found[standard.permanent_key] = standard.code
        found.update((indicator.permanent_key, indicator.code) for indicator in standard.indicators)
    return found


def _known_keys(keys: set[str]) -> set[str]:
    """Return those of `keys` that a page of any edition has, be it a draft or an earlier one."""
    found: set[str] = set()
    for model in (StandardPage, IndicatorPage):
        found.update(model.objects.filter(key__in=keys).values_list("key", flat=True))
    return found


class CodesField(forms.CharField):
    """Codes of the newest released edition, with commas between; its value is their permanent keys.

    A part that the newest edition lacks is written by its key, so that saving a page never loses it.
    """

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        framework = newest_framework()
        codes = codes_by_key(framework) if framework else {}
        return ", ".join(str(codes.get(key, key)) for key in value)

    def clean(self, value: Any) -> list[str]:
        written = list(dict.fromkeys(str(super().clean(value)).replace(",", " ").replace(";", " ").split()))
        framework = newest_framework()
        keys: dict[str, str] = {code: key for key, code in codes_by_key(framework).items()} if framework else {}
        unknown = {one for one in written if one not in keys}
        missing = unknown - _known_keys(unknown) if unknown else set()
        if missing:
            sentence = ngettext(
                "The newest edition has no standard or indicator %(codes)s.",
                "The newest edition has no standards or indicators %(codes)s.",
                len(missing),
            )
            raise forms.ValidationError(sentence % {"codes": ", ".join(one for one in written if one in missing)})
        return list(dict.fromkeys(keys.get(one, one) for one in written))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((self.prepare_value(initial) or "") != (data or ""))


class KeysField(models.JSONField):
    """A list of permanent keys, edited as codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"default": list, "blank": True, **kwargs})

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        return models.Field.formfield(self, **{"form_class": CodesField, **kwargs})
