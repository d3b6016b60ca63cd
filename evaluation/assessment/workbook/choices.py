"""The answers of an indicator as the lines of a list in a cell, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from evaluation.assessment.judgements import AnswerInput
from standards.framework import Framework, Indicator, Measure
from standards.presentation.sentences import Passage


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list. Without a level it is “not applicable”."""

    name: str
    """What stands before its description: the number of the level, or yes or no."""
    meaning: Passage
    level: int | None

    @property
    def text(self) -> str:
        return f"{self.name} – {self.meaning}" if self.meaning else self.name

    @property
    def answer(self) -> AnswerInput:
        return AnswerInput(level=self.level, not_applicable=self.level is None)


def choices_of(indicator: Indicator, framework: Framework, texts: Any) -> list[Choice]:
    """Return the choices in the active language; without levels if a number is entered or comes from figures."""
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
    return found


def find_choice(text: str, choices: Sequence[Choice]) -> Choice | None:
    """Return the choice that a cell names: by its whole text, or by its number or name alone."""
    wanted = " ".join(text.split()).casefold()
    for choice in choices:
        if wanted in (choice.name.casefold(), " ".join(choice.text.split()).casefold()):
            return choice
    return None


def choice_of(answer: AnswerInput, choices: Sequence[Choice]) -> Choice | None:
    """Return the choice that an answer is, if it is one."""
    if answer.level is None and not answer.not_applicable:
        return None
    return next((choice for choice in choices if choice.level == answer.level), None)


def write_choice(answer: AnswerInput, choices: Sequence[Choice]) -> str:
    """Return the text of the choice that an answer is; empty if it has none."""
    choice = choice_of(answer, choices)
    return choice.text if choice else ""
