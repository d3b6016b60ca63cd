"""Convert the answers of an indicator to the lines of a list in a cell, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from evaluation.answers.judgements import AnswerInput
from standards.framework import Framework, Indicator, Measure
from standards.presentation.sentences import Passage


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the list. Without a level it means “not applicable”, or “could not be looked at” if `is_unseen`."""

    name: str
    """The text before the description: the number of the level, or yes or no."""
    meaning: Passage
    level: int | None
    is_unseen: bool = False

    @property
    def text(self) -> str:
        return f"{self.name} – {self.meaning}" if self.meaning else self.name

    @property
    def answer(self) -> AnswerInput:
        not_applicable = self.level is None and not self.is_unseen
        return AnswerInput(level=self.level, not_applicable=not_applicable, not_seen=self.is_unseen)


def choices_of(indicator: Indicator, framework: Framework, texts: Any, *, with_unseen: bool = False) -> list[Choice]:
    """Return the choices in the active language; without levels if a number is entered or comes from figures.

    `with_unseen` adds the choice for assessors that it could not be looked at.
    """
    scale, path = framework.scale, f"indicator/{indicator.code}/level"
    found = []
    if indicator.measure is Measure.YES_NO:
        found = [
            Choice(_("Yes"), texts[f"{path}/yes"], scale.best),
            Choice(_("No"), texts[f"{path}/no"], scale.worst),
        ]
    elif indicator.measure is Measure.SCALE:
        found = [
            Choice(str(level), texts[f"{path}/{level}"] or texts[f"level/{level}"], level) for level in scale.levels
        ]
    if indicator.not_applicable:
        found.append(Choice(_("Not applicable"), Passage(""), None))
    if with_unseen:
        found.append(Choice(_("Could not be looked at"), Passage(""), None, is_unseen=True))
    return found


def find_choice(text: str, choices: Sequence[Choice]) -> Choice | None:
    """Return the choice that matches the text of a cell: its whole text, or only its number or name."""
    wanted = " ".join(text.split()).casefold()
    for choice in choices:
        if wanted in (choice.name.casefold(), " ".join(choice.text.split()).casefold()):
            return choice
    return None


def choice_of(answer: AnswerInput, choices: Sequence[Choice]) -> Choice | None:
    """Return the choice that has this answer, or None."""
    wanted = AnswerInput(answer.level, not_applicable=answer.not_applicable, not_seen=answer.not_seen)
    return next((choice for choice in choices if choice.answer == wanted), None)


def write_choice(answer: AnswerInput, choices: Sequence[Choice]) -> str:
    """Return the text of the choice that has this answer; empty if there is none."""
    choice = choice_of(answer, choices)
    return choice.text if choice else ""
