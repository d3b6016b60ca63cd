"""The content of an edition to compare: its framework and its texts in one language. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from standards.framework import (
    INDICATOR_STRUCTURE,
    INDICATOR_TEXTS,
    Domain,
    Framework,
    Indicator,
    Measure,
    Standard,
    canonical,
    digest,
)
from standards.framework.indicator import write_indicator

_QUESTION = {field.name for field in INDICATOR_STRUCTURE if field.is_meaning}


class EditionTexts(Protocol):
    """Texts by path: a `Wording`, or an edition's `Texts`. A missing text is empty, or raises KeyError."""

    def __getitem__(self, path: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A domain, a standard or an indicator, with its parent and its index among its siblings."""

    kind: str
    declared: Domain | Standard | Indicator
    parent: "Part | None"
    order: int

    @property
    def code(self) -> str:
        return self.declared.code

    @property
    def key(self) -> str:
        return self.declared.permanent_key

    @property
    def path(self) -> str:
        """The prefix of the paths of its texts."""
        return f"{self.kind}/{self.code}"

    @property
    def children(self) -> Sequence[Standard | Indicator]:
        match self.declared:
            case Domain():
                return self.declared.standards
            case Standard():
                return self.declared.indicators
            case _:
                return ()


@dataclass(frozen=True)
class EditionContent:
    """One of the two editions that are compared."""

    framework: Framework
    texts: EditionTexts

    def text(self, path: str) -> str:
        try:
            return str(self.texts[path])
        except KeyError:
            return ""

    @cached_property
    def domains(self) -> tuple[Part, ...]:
        return tuple(Part("domain", domain, None, order) for order, domain in enumerate(self.framework.domains))

    @cached_property
    def standards(self) -> tuple[Part, ...]:
        return tuple(standard for domain in self.domains for standard in self.below(domain))

    @cached_property
    def indicators(self) -> tuple[Part, ...]:
        return tuple(indicator for standard in self.standards for indicator in self.below(standard))

    def below(self, part: Part) -> tuple[Part, ...]:
        kind = "standard" if part.kind == "domain" else "indicator"
        return tuple(Part(kind, child, part, order) for order, child in enumerate(part.children))

    def question_digest(self, code: str) -> str:
        """Return the sha256 of everything that an answer to an indicator depends on: its fields, texts and scale."""
        if code not in self._digests:
            self._digests[code] = self._digest(code)
        return self._digests[code]

    @cached_property
    def _digests(self) -> dict[str, str]:
        return {}

    def _digest(self, code: str) -> str:
        indicator = self.framework.indicators[code]
        own = (text.path for text in INDICATOR_TEXTS if is_question(text.path))
        texts = {path: _words(self.text(f"indicator/{code}/{path}")) for path in own}
        scale = self.framework.scale
        levels = scale.levels if indicator.measure is Measure.SCALE else ()
        fields = {name: value for name, value in write_indicator(indicator).items() if name in _QUESTION}
        names = {str(level): _words(self.text(f"level/{level}")) for level in levels}
        ends = [] if indicator.measure is Measure.NUMERIC else [scale.lowest, scale.highest, scale.falling]
        return digest(canonical([fields, texts, ends, names]))


def _words(text: str) -> str:
    """Return a text with single spaces in place of any white space."""
    return " ".join(text.split())


def is_question(path: str) -> bool:
    """Whether a text of an indicator is part of the question. Those of its recommendation are not."""
    return not path.startswith("recommendation/")
