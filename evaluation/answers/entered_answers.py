"""What is entered for an indicator, in a form or on a device: read as input, and written from a stored judgement."""

from dataclasses import dataclass, replace
from typing import Any, Self

from evaluation.answers.entered_numbers import read_number, write_number
from evaluation.answers.judgements import AnswerInput, InvalidAnswer
from standards.framework import Indicator, Measure

NOT_APPLICABLE, NOT_SEEN = "na", "unseen"
"""Entered in place of a level: that it does not apply, and that it could not be looked at."""
SIDES = ("strength", "concern")
"""The further texts of an observation, besides its words: names of form fields and of columns."""

_LONGEST_LEVEL = 3
"""The most digits that a level can have."""


@dataclass(frozen=True, slots=True)
class EnteredAnswer:
    """The entries for one indicator. Texts lose the null character, which PostgreSQL refuses."""

    level: str = ""
    """The number of a level, `NOT_APPLICABLE`, `NOT_SEEN`, or empty."""
    value: str = ""
    """A number in the format of the locale, or empty."""
    words: str = ""
    good_practice: bool = False
    strength: str = ""
    concern: str = ""

    def __post_init__(self) -> None:
        for name in ("words", *SIDES):
            object.__setattr__(self, name, getattr(self, name).replace("\x00", ""))

    @classmethod
    def of(cls, judgement: Any) -> Self:
        """Return the entries that a judgement or an input was read from."""
        return cls(
            level=write_level(judgement),
            value="" if judgement.value is None else write_number(judgement.value),
            words=judgement.words,
            good_practice=bool(getattr(judgement, "good_practice", False)),
            **{name: getattr(judgement, name, "") for name in SIDES},
        )

    def read(self, indicator: Indicator) -> AnswerInput:
        """Return the input for an answer, a finding or a reply. Raises InvalidAnswer for an unreadable entry."""
        number = self.value.strip()
        has_number = number and indicator.measure is Measure.NUMERIC and self.level not in (NOT_APPLICABLE, NOT_SEEN)
        value = read_number(number) if has_number else None
        is_level = self.level.isdecimal() and len(self.level) <= _LONGEST_LEVEL
        if not is_level and self.level not in ("", NOT_APPLICABLE, NOT_SEEN):
            raise InvalidAnswer("no_such_level")
        return AnswerInput(
            level=int(self.level) if is_level else None,
            value=value,
            not_applicable=self.level == NOT_APPLICABLE,
            not_seen=self.level == NOT_SEEN,
            words=self.words,
            good_practice=self.good_practice,
        )

    def read_observation(self, indicator: Indicator) -> AnswerInput:
        """Return the input for an observation, which has further texts. Raises InvalidAnswer."""
        return replace(self.read(indicator), strength=self.strength, concern=self.concern)

    def read_words(self, _indicator: Indicator | None) -> AnswerInput:
        """Return the input for a text without a judgement."""
        return AnswerInput(words=self.words)

    def without_numbers(self) -> AnswerInput:
        """Return the entries except the level and the number, to show unreadable ones in their form again."""
        return AnswerInput(
            not_applicable=self.level == NOT_APPLICABLE,
            not_seen=self.level == NOT_SEEN,
            words=self.words,
            good_practice=self.good_practice,
            strength=self.strength,
            concern=self.concern,
        )


def write_level(judgement: Any) -> str:
    """Return the level of a judgement or an input as it is entered."""
    if judgement.not_applicable:
        return NOT_APPLICABLE
    if getattr(judgement, "not_seen", False):
        return NOT_SEEN
    return "" if judgement.level is None else str(judgement.level)
