"""The parts of a consulted text for pages: in their language, and with the changes of the draft since."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext, gettext_lazy

from evaluation.consultation.draft_text import (
    ConsultedIndicator,
    ConsultedLevel,
    ConsultedStandard,
    ConsultedText,
    DraftChange,
    find_changes,
    read_draft,
)
from evaluation.consultation.overview import read_text
from evaluation.models import Consultation
from standards.editions.comparison import Kind
from standards.presentation.sentences import Passage
from standards.public_guide.changes import ShownChange

NAMES = {
    "code": gettext_lazy("Code"),
    "obligation": gettext_lazy("Obligation"),
    "wording": gettext_lazy("Indicator"),
    "guidance": gettext_lazy("Guidance"),
    "evidence": gettext_lazy("Evidence"),
    "levels": gettext_lazy("Levels"),
}
"""Labels of the compared texts of an indicator."""


def find_text(consultation: Consultation) -> ConsultedText:
    """Return the copied text, or the present draft before the opening. Raises Http404 if there is no draft."""
    if not consultation.is_draft:
        return read_text(consultation)
    if consultation.page is None:
        raise Http404
    return read_draft(consultation.page)


def find_standard(text: ConsultedText, key: str) -> ConsultedStandard:
    if key not in text.standards:
        raise Http404
    return text.standards[key]


@dataclass(frozen=True, slots=True)
class ShownText:
    """An indicator of the consulted text."""

    indicator: ConsultedIndicator
    language: str
    change: DraftChange | None = None

    @property
    def wording(self) -> Passage:
        return self._passage(self.indicator.wording or self.indicator.code)

    @property
    def obligation(self) -> Passage:
        return self._passage(self.indicator.obligation)

    @property
    def guidance(self) -> Passage:
        return self._passage(self.indicator.guidance)

    @property
    def evidence(self) -> Passage:
        return self._passage(self.indicator.evidence)

    @property
    def levels(self) -> list[tuple[Any, Passage]]:
        """The levels with the meaning of each."""
        return [(self._name(level), self._passage(level.meaning)) for level in self.indicator.levels]

    @property
    def changes(self) -> list[ShownChange]:
        return [
            ShownChange(Kind.REWORDED, str(NAMES[text.name]), text.pieces, self.language)
            for text in (self.change.texts if self.change else ())
        ]

    def _passage(self, text: str) -> Passage:
        return Passage(text, self.language)

    def _name(self, level: ConsultedLevel) -> Any:
        usual = {"yes": gettext("Yes"), "no": gettext("No")}
        return usual.get(level.key) or self._passage(f"{level.key} {level.name}".strip())


def shown_texts(
    consultation: Consultation, text: ConsultedText, indicators: Iterable[ConsultedIndicator]
) -> list[ShownText]:
    """Return the indicators, each with the changes of the draft since the consultation opened."""
    indicators = list(indicators)
    now = None if consultation.is_draft or consultation.page is None else read_draft(consultation.page)
    changes = find_changes(text, now, [indicator.key for indicator in indicators])
    return [ShownText(indicator, text.language, changes.get(indicator.key)) for indicator in indicators]
