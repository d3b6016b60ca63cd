"""The figure that imported statistics give for an indicator: its number, its level, its terms and their origin."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from django.utils.translation import gettext as _

from evaluation.engine.scoring import Measured, Partial, measure, smaller_is_better
from evaluation.figures.dictionary.items import items
from evaluation.result_sentences import describe_missing_reason, describe_months, format_value
from portal.presentation.numbers import plain_number
from standards.framework import Framework, Indicator
from standards.models import Texts


class Totals(Protocol):
    """The totals of a period by item: those of the whole, and those of part of it."""

    @property
    def figures(self) -> Mapping[str, Fraction | None]: ...

    @property
    def partial(self) -> Mapping[str, Partial]: ...


@dataclass(frozen=True, slots=True)
class Term:
    """One item of a formula with its total; None means not recorded. `months` says how many it covers, if not all."""

    item: str
    name: str
    value: str | None
    months: str = ""
    url: str = ""
    """The page of its origin, for users who may see it."""


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """The figure of an indicator, or the reason why there is none."""

    indicator: Indicator
    framework: Framework
    texts: Texts
    measured: Measured
    provenance: Any = None
    """Where the figures come from: a `Provenance`."""

    @property
    def value(self) -> Fraction | None:
        return self.measured.value

    @property
    def level(self) -> int | None:
        if self.value is None or not self.indicator.is_scored:
            return None
        return self.indicator.level_of(self.value, self.framework.scale)

    @property
    def label(self) -> Any:
        return self.texts[f"level/{self.level}"]

    @property
    def text(self) -> str:
        return _("no data") if self.value is None else format_value(self.indicator, self.value)

    @property
    def terms(self) -> list[Term]:
        partial = self.measured.partial
        return [
            Term(
                item=item,
                name=str(items()[item].name),
                value=None if value is None else plain_number(value),
                months=describe_months(partial[item]) if item in partial else "",
                url=self.provenance.address(item) if self.provenance else "",
            )
            for item, value in self.measured.terms.items()
        ]

    @property
    def origin(self) -> str:
        """The line about the origin of the figures."""
        return self.provenance.line(tuple(self.measured.terms)) if self.provenance else ""

    @property
    def months_words(self) -> str:
        """How many months the number covers, if not the whole period."""
        part = self.measured.part
        return describe_months(part) if part and self.value is not None else ""

    @property
    def missing_words(self) -> str:
        return describe_missing_reason(self.indicator, self.measured)

    @property
    def is_rounded_up(self) -> bool:
        """Whether less is better, so that the shown number is never better than the exact one."""
        return smaller_is_better(self.indicator)


def show_figure(
    indicator: Indicator, framework: Framework, texts: Texts, totals: Totals, provenance: Any = None
) -> ShownFigure | None:
    """Return what the totals give for an indicator; None if it has no formula."""
    if indicator.formula is None:
        return None
    measured = measure(indicator, totals.figures, totals.partial)
    return ShownFigure(indicator, framework, texts, measured, provenance)
