"""Parts of the Guide that a text belongs to: stored by permanent key, edited by code.

A key stays the same from one edition to the next, so that the links survive it.
"""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from standards.framework import Framework
from standards.models import DomainPage, Edition, IndicatorPage, StandardPage
from standards.models.lookups import look_up


def newest_framework() -> Framework | None:
    """Return the newest released edition, whose codes are edited; None before the first release."""
    edition = look_up("newest edition", Edition.objects.first)
    return edition.framework if edition else None


def domain_choices() -> list[tuple[str, str]]:
    """Return the domains of the newest edition as the choices of a form: permanent key, then code and title."""
    edition = look_up("newest edition", Edition.objects.first)
    if edition is None:
        return []
    texts = edition.texts(get_language())
    return [(one.permanent_key, f"{one.code} {texts[f'domain/{one.code}/title']}") for one in edition.framework.domains]


def codes_by_key(framework: Framework) -> dict[str, str]:
    """Return the code of each standard and indicator of an edition, by permanent key, in the order of the Guide."""
    domains = {domain.permanent_key for domain in framework.domains}
    return {key: code for key, code in framework.code_by_key.items() if key not in domains}


def _known_keys(keys: set[str]) -> set[str]:
    """Return those of `keys` that a page of any edition has, be it a draft or an earlier one."""
    found: set[str] = set()
    for model in (DomainPage, StandardPage, IndicatorPage):
        found.update(model.objects.filter(key__in=keys).values_list("key", flat=True))
    return found


class CodesField(forms.CharField):
    """Codes of an edition, with commas between; its value is their permanent keys.

    Without a `framework` the edition is the newest released one, and a part that it lacks is written by its key, so
    that saving a page never loses it. Codes of domains are refused unless `with_domains`.
    """

    def __init__(
        self, *args: Any, with_domains: bool = False, framework: Framework | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.with_domains = with_domains
        self.framework = framework

    def _codes(self) -> dict[str, str]:
        """Return the codes that may be written, by permanent key."""
        framework = self.framework or newest_framework()
        if framework is None:
            return {}
        return framework.code_by_key if self.with_domains else codes_by_key(framework)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            return value
        codes = self._codes()
        return ", ".join(str(codes.get(key, key)) for key in value)

    def clean(self, value: Any) -> list[str]:
        written = list(dict.fromkeys(str(super().clean(value)).replace(",", " ").replace(";", " ").split()))
        keys: dict[str, str] = {code: key for key, code in self._codes().items()}
        missing = {one for one in written if one not in keys}
        if missing and self.framework is None:
            missing -= _known_keys(missing)
        if missing:
            sentence = self._describe_missing(len(missing))
            raise forms.ValidationError(sentence % {"codes": ", ".join(one for one in written if one in missing)})
        return list(dict.fromkeys(keys.get(one, one) for one in written))

    def _describe_missing(self, count: int) -> str:
        if self.with_domains:
            return _("The edition has no domain, standard or indicator with this code: %(codes)s.")
        return ngettext(
            "The newest edition has no standard or indicator %(codes)s.",
            "The newest edition has no standards or indicators %(codes)s.",
            count,
        )

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
