"""The text of a draft edition in a consultation, and its changes since the consultation opened."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from django.utils import translation

from standards.editions.comparison.words import Piece, compare_words
from standards.editions.page_reader import Tree, read_tree
from standards.framework import Measure
from standards.models import EditionPage
from standards.presentation.rule_sentences import describe_bands


@dataclass(frozen=True, slots=True)
class ConsultedLevel:
    """A level: its number, or `yes` or `no`; its name on the scale, and its meaning for one indicator."""

    key: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ConsultedIndicator:
    key: str
    code: str
    obligation: str
    wording: str
    guidance: str
    evidence: str
    levels: tuple[ConsultedLevel, ...] = ()

    @property
    def read_texts(self) -> dict[str, str]:
        """The texts that are compared, by a name that pages describe."""
        return {
            "code": self.code,
            "obligation": self.obligation,
            "wording": self.wording,
            "guidance": self.guidance,
            "evidence": self.evidence,
            "levels": "\n".join(f"{one.name or one.key}: {one.meaning}" for one in self.levels),
        }


@dataclass(frozen=True, slots=True)
class ConsultedStandard:
    key: str
    code: str
    title: str
    introduction: str
    indicators: tuple[ConsultedIndicator, ...]


@dataclass(frozen=True, slots=True)
class ConsultedDomain:
    key: str
    code: str
    title: str
    introduction: str
    standards: tuple[ConsultedStandard, ...]

    @property
    def indicators(self) -> tuple[ConsultedIndicator, ...]:
        return tuple(indicator for standard in self.standards for indicator in standard.indicators)


@dataclass(frozen=True)
class ConsultedText:
    """A whole draft in its source language. Not a Framework, because the rule of a draft may be incomplete."""

    language: str
    introduction: str
    domains: tuple[ConsultedDomain, ...] = field(default=())

    @cached_property
    def standards(self) -> dict[str, ConsultedStandard]:
        """The standards by permanent key, in the order of the Guide."""
        return {standard.key: standard for domain in self.domains for standard in domain.standards}

    @cached_property
    def domain_of(self) -> dict[str, ConsultedDomain]:
        """The domain of each standard, by the key of the standard."""
        return {standard.key: domain for domain in self.domains for standard in domain.standards}

    @cached_property
    def indicators(self) -> dict[str, ConsultedIndicator]:
        """The indicators by permanent key, in the order of the Guide."""
        return {one.key: one for domain in self.domains for one in domain.indicators}

    @cached_property
    def standard_of(self) -> dict[str, ConsultedStandard]:
        """The standard of each indicator, by the key of the indicator."""
        return {one.key: standard for standard in self.standards.values() for one in standard.indicators}

    def as_data(self) -> dict[str, Any]:
        """Return the text as plain data for a JSON column."""
        return asdict(self)


def read_data(data: dict[str, Any]) -> ConsultedText:
    """Return the text from the result of `as_data`."""
    return ConsultedText(
        **{**data, "domains": tuple(_domain(domain) for domain in data["domains"])},
    )


def _domain(data: dict[str, Any]) -> ConsultedDomain:
    return ConsultedDomain(**{**data, "standards": tuple(_standard(standard) for standard in data["standards"])})


def _standard(data: dict[str, Any]) -> ConsultedStandard:
    return ConsultedStandard(**{**data, "indicators": tuple(_indicator(one) for one in data["indicators"])})


def _indicator(data: dict[str, Any]) -> ConsultedIndicator:
    return ConsultedIndicator(**{**data, "levels": tuple(ConsultedLevel(**level) for level in data["levels"])})


def read_draft(page: EditionPage) -> ConsultedText:
    """Return the text of an edition from its latest drafts. A constant number of queries."""
    tree = read_tree(page)
    text = tree.text
    names = {part.code: part.fields["name"] for part in text.obligations}

    def indicator(values: dict[str, Any]) -> ConsultedIndicator:
        return ConsultedIndicator(
            key=values["key"] or values["code"],
            code=values["code"],
            obligation=names.get(values["obligation"], values["obligation"]),
            **{name: values[name].strip() for name in ("wording", "guidance", "evidence")},
            levels=tuple(_levels(tree, values)),
        )

    with translation.override(text.language):
        return ConsultedText(
            language=text.language,
            introduction=text.fields["introduction"],
            domains=tuple(
                ConsultedDomain(
                    **_head(domain.fields),
                    standards=tuple(
                        ConsultedStandard(
                            **_head(standard.fields), indicators=tuple(indicator(one.fields) for one in standard.parts)
                        )
                        for standard in domain.parts
                    ),
                )
                for domain in text.domains
            ),
        )


def _levels(tree: Tree, values: dict[str, Any]) -> Iterator[ConsultedLevel]:
    """Yield the levels of an indicator, highest first, with its own descriptions, or for a number with its bands."""
    text = tree.text
    names = {level: text.fields.get(f"level_{level}", "") for level in reversed(text.levels)}
    match values["measure"]:
        case Measure.SCALE:
            for level, name in names.items():
                yield ConsultedLevel(str(level), name, values.get(f"level_{level}", "").strip())
        case Measure.YES_NO:
            for key in ("yes", "no"):
                yield ConsultedLevel(key, "", values.get(f"level_{key}", "").strip())
        case Measure.NUMERIC if indicator := tree.framework.indicators.get(values["code"]):
            for level, words in describe_bands(indicator, tree.framework.scale):
                yield ConsultedLevel(str(level), names.get(level, ""), str(words))


def _head(values: dict[str, Any]) -> dict[str, str]:
    return {
        "key": values["key"] or values["code"],
        "code": values["code"],
        "title": values["title"],
        "introduction": values["introduction"],
    }


# --- Changes of the draft --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text of an indicator that was changed in the draft. `name` is a key of `read_texts`."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class DraftChange:
    """The changes of an indicator since the consultation opened."""

    is_removed: bool
    texts: tuple[TextChange, ...] = ()


def find_changes(read: ConsultedText, now: ConsultedText | None, keys: Iterable[str]) -> dict[str, DraftChange]:
    """Return the changes of these indicators in the draft, by permanent key; empty without a draft."""
    return dict(_changes(read, now, keys)) if now else {}


def _changes(read: ConsultedText, now: ConsultedText, keys: Iterable[str]) -> Iterator[tuple[str, DraftChange]]:
    for key in keys:
        before, after = read.indicators[key], now.indicators.get(key)
        if after is None:
            yield key, DraftChange(is_removed=True)
        elif after != before and (texts := tuple(_texts(before, after))):
            yield key, DraftChange(is_removed=False, texts=texts)


def _texts(before: ConsultedIndicator, now: ConsultedIndicator) -> Iterator[TextChange]:
    present = now.read_texts
    for name, text in before.read_texts.items():
        if text != present[name]:
            yield TextChange(name, compare_words(text, present[name]))
