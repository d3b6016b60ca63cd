"""Format visits between hotlines: the hotlines by name, the indicators by their codes in the newest edition."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import get_language

from standards.framework import Framework
from standards.models import Edition


@dataclass(frozen=True, slots=True)
class ShownIndicator:
    key: str
    code: str
    wording: Any
    place: int
    """Its place in the Guide; indicators that the newest edition no longer has come last."""


class Indicators:
    """The wordings of indicators, by permanent key. One that the newest edition no longer has is shown by its key."""

    @cached_property
    def _edition(self) -> Edition | None:
        return Edition.objects.first()

    @cached_property
    def _framework(self) -> Framework | None:
        return self._edition.framework if self._edition else None

    @cached_property
    def _texts(self) -> Any:
        return self._edition.texts(get_language()) if self._edition else {}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self._framework.by_key)} if self._framework else {}

    def show(self, key: str) -> ShownIndicator:
        indicator = self._framework.by_key.get(key) if self._framework else None
        if indicator is None:
            return ShownIndicator(key, "", key, len(self._places))
        wording = self._texts[f"indicator/{indicator.code}/wording"]
        return ShownIndicator(key, indicator.code, wording, self._places[key])
