"""The composer: gives the parts of the document their facts, their texts and their formatted numbers."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

from evaluation.engine.scoring import Check, as_tenths, value_as_tenths
from reports.document.facts import ConditionText, Facts
from reports.document.shape import Score
from standards.framework import Condition, Indicator, Percentage, write_percentage
from standards.framework.units import DAYS, HOURS, MINUTES, PERCENT, SECONDS
from standards.presentation.sentences import Passage, Sentence, fill

NO_BREAK = "\u00a0"


class ReportLocale(Protocol):
    """Translations of the system's texts, dates and numbers in the language of the report."""

    def gettext(self, message: str, /) -> str: ...

    def ngettext(self, singular: str, plural: str, number: int, /) -> str: ...

    def pgettext(self, context: str, message: str, /) -> str: ...

    def day(self, day: date, /) -> str: ...

    def number(self, value: Fraction, places: int, /) -> str: ...

    def texts(self) -> Mapping[str, Passage]: ...

    def order(self, code: str, /) -> tuple[str, ...]: ...


class GuideText(Protocol):
    """A text of the Guide with its actual language."""

    @property
    def text(self) -> str: ...

    @property
    def language(self) -> str: ...


class GuideTexts(Protocol):
    """The texts of the edition by path."""

    def __getitem__(self, path: str, /) -> GuideText: ...


class Composer:
    """The facts, the Guide's texts and the report's locale, as used by every part of the document."""

    def __init__(self, facts: Facts, words: GuideTexts, locale: ReportLocale) -> None:
        self.facts, self.locale, self._words = facts, locale, words
        self.framework, self.card = facts.framework, facts.scorecard.card

    def guide(self, path: str) -> Passage:
        """Return a text of the Guide, with its language if the report is in another one."""
        found = self._words[path]
        return self.passage(found.text, found.language)

    def passage(self, text: str, language: str) -> Passage:
        return Passage(text, "" if language == self.facts.language else language)

    def written(self, text: str) -> Passage:
        """Return a text that was written in the evaluation, which is assumed to be in the edition's source language."""
        return self.passage(text.strip(), self.facts.edition.source_language)

    def sentence(self, message: str, **words: object) -> Sentence:
        """Return a translated message with its placeholders filled."""
        return fill(message, **words).within(self.facts.language)

    def short_title(self, code: str) -> Passage:
        """Return a domain's short title, or its title if it has none."""
        return self.guide(f"domain/{code}/short_title") or self.guide(f"domain/{code}/title")

    def obligation(self, code: str) -> Passage:
        return self.guide(f"obligation/{code}")

    def outcome(self, code: str) -> Passage:
        return self.guide(f"outcome/{code}")

    def score(self, ratio: Fraction | None) -> Score:
        tenths = as_tenths(ratio)
        if tenths is None:
            nothing = self.locale.gettext("no score")
            return Score(None, nothing, nothing, "")
        number = self.locale.number(Fraction(tenths, 10), 1)
        text = self._percent(number)
        if text.startswith(number):
            return Score(tenths, text, number, text.removeprefix(number))
        return Score(tenths, text, text, "")

    def line(self, percent: Percentage) -> str:
        """Format a threshold: `60 %`, `66.5 %`, `66 2/3 %`."""
        written = str(write_percentage(percent))
        if "/" in written:
            return self._percent(written.replace(" ", NO_BREAK))
        return self._percent(self.locale.number(Fraction(written), len(written.partition(".")[2])))

    def threshold(self, condition: Condition) -> str:
        """Format the percentage of a condition: `60 %`, `more than 60 %`."""
        percent = self.line(condition.percent or 0)
        return self.locale.gettext("more than {percent}").format(percent=percent) if condition.strictly else percent

    def condition_text(self, check: Check) -> ConditionText:
        """Return the sentence of a check of the scorecard, with its result."""
        texts = self.facts.rule_texts.conditions
        return next(
            text
            for outcome in self.card.outcomes
            for one, text in zip(outcome.checks, texts[outcome.outcome], strict=True)
            if one is check
        )

    def _percent(self, number: str) -> str:
        return self.locale.gettext("{number}\u00a0%").format(number=number)

    def value(self, indicator: Indicator, value: Fraction) -> Sentence:
        """Format a measured value with its unit, to one decimal."""
        tenths = value_as_tenths(indicator, value)
        number = self.locale.number(Fraction(tenths, 10), 0 if value.denominator == 1 else 1)
        if indicator.unit == PERCENT:
            return self.sentence(self._percent(number))
        if indicator.unit == SECONDS:
            return self.sentence(self.locale.gettext("{number}\u00a0seconds"), number=number)
        if indicator.unit == HOURS:
            return self.sentence(self.locale.gettext("{number}\u00a0hours"), number=number)
        return Sentence.joined((number, self._unit(indicator)), NO_BREAK) if indicator.unit else fill(number)

    def _unit(self, indicator: Indicator) -> Passage:
        """Return the name of a unit: translated, or as its editors wrote it if the edition defines it."""
        known = {MINUTES: self.locale.gettext("minutes"), DAYS: self.locale.gettext("days")}
        if name := known.get(indicator.unit):
            return Passage(name)
        return self.written(indicator.unit)

    def count(self, value: Fraction) -> str:
        """Format an item of the statistics: a whole number, or one decimal."""
        return self.locale.number(value, 0 if value.denominator == 1 else 1)

    def listed(self, items: Sequence[str]) -> str:
        """Join items: `A, B and C`."""
        if len(items) < 2:
            return "".join(items)
        return self.locale.gettext("{several} and {last}").format(several=", ".join(items[:-1]), last=items[-1])
