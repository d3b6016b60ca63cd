"""An edition as plain fields, read from pages or from files, and its texts by path."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from standards.framework import (
    ADVICE,
    INDICATOR_STRUCTURE,
    INDICATOR_TEXTS,
    LEVELS,
    REPORT_ONLY,
    TIERS,
    Field,
    MalformedEdition,
    Measure,
    Procedure,
    Wording,
    level_texts,
    texts_asked_for,
)

Values = Mapping[str, Any]

SCALE = ("scale_lowest", "scale_highest", "scale_falling", "scale_points")
SCALE_LEVELS = tuple(f"level_{level}" for level in LEVELS)
YES_NO_LEVELS = tuple(text.name for text in level_texts(Measure.YES_NO, LEVELS))
AGGREGATION = (*(f"{tier}_method" for tier in TIERS), "of_groups", "share_level")
EXCUSING = ("excused_at_most", "redistributes")
RULE_FIELDS = (*SCALE, *AGGREGATION, *EXCUSING)
"""The fields of the edition's own page that determine scores and outcomes."""
PROCEDURE = tuple(field.name for field in fields(Procedure))
FIGURES = tuple(field.name for field in INDICATOR_STRUCTURE if field.of_figure)
"""Fields that only numeric or capped indicators have."""
RECOMMENDATION = tuple(text.name for text in ADVICE)

EDITION_FIELDS = (
    *("code", "title", "introduction", "examined", "is_sample", "sample_notice", *SCALE, *SCALE_LEVELS),
    *(*AGGREGATION, *EXCUSING, *PROCEDURE),
)
NAMED_PARTS = ("obligation", "outcome", "trait", "group", "result")
"""The kinds of parts that have a code and a name and are edited on the page of the edition."""
OBLIGATION_FIELDS = ("code", "name", "weight", "wanted", "excusable")
TRAIT_FIELDS = ("code", "name")
RESULT_FIELDS = ("code", "name")
GROUP_FIELDS = ("code", "name", "domains", "weight")
OUTCOME_FIELDS = ("code", "name", "months", "result", "becomes")
CONDITION_FIELDS = (
    "test",
    "obligation",
    "group",
    "domain",
    "standard",
    "codes",
    "level",
    "count",
    "percent",
    "outcome",
    "method",
    "strictly",
    "figure",
)
SCORED_PART = ("weight", "best", "excused_at_most")
"""The fields that determine the score of a domain or a standard, and its weight."""
DOMAIN_FIELDS = ("code", "key", "title", "short_title", "introduction", *SCORED_PART)
STANDARD_FIELDS = ("code", "key", "title", "introduction", "basis", *SCORED_PART)
INDICATOR_FIELDS = (*(field.name for field in INDICATOR_STRUCTURE), *(text.name for text in INDICATOR_TEXTS))


@dataclass(frozen=True)
class Part:
    """A part of an edition with its fields and its own parts.

    It is an obligation, a trait, a group, a result, an outcome, a condition, a domain, a standard or an indicator.
    """

    fields: dict[str, Any]
    parts: tuple["Part", ...] = ()

    @property
    def code(self) -> str:
        code: str = self.fields["code"]
        return code


def read_part(thing: Any, names: tuple[str, ...], parts: tuple[Part, ...] = ()) -> Part:
    """Return a part from an object that has its fields as attributes. CR LF, as sent by forms, becomes LF."""
    return Part({name: with_line_feeds(getattr(thing, name)) for name in names}, parts)


def with_line_feeds(value: Any) -> Any:
    """Return a text with LF in place of CR LF, and any other value unchanged."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


@dataclass(frozen=True)
class EditionText:
    """A whole edition in its source language. Its fields have the names of those of the pages."""

    language: str
    fields: dict[str, Any]
    domains: tuple[Part, ...]
    obligations: tuple[Part, ...] = ()
    passing: tuple[Part, ...] = ()
    outcomes: tuple[Part, ...] = ()
    traits: tuple[Part, ...] = ()
    results: tuple[Part, ...] = ()
    groups: tuple[Part, ...] = ()

    @property
    def code(self) -> str:
        code: str = self.fields["code"]
        return code

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels of its scale; empty while the scale has no lowest or highest level."""
        lowest, highest = self.fields["scale_lowest"], self.fields["scale_highest"]
        return () if None in (lowest, highest) else tuple(range(lowest, highest + 1))

    @property
    def named_parts(self) -> dict[str, tuple[Part, ...]]:
        """The parts of each kind of `NAMED_PARTS`."""
        return {kind: getattr(self, f"{kind}s") for kind in NAMED_PARTS}

    @property
    def standards(self) -> Iterator[tuple[Part, Part]]:
        """The pairs of a domain and each of its standards, in order."""
        for domain in self.domains:
            for standard in domain.parts:
                yield domain, standard


# --- Values written as text -----------------------------------------------------------------------------------------

_POINTS = re.compile(r"^-?\d{1,5}(, ?-?\d{1,5})*$", re.ASCII)


def read_points(text: str) -> tuple[int, ...]:
    """Parse a text such as `0, 1, 3` as points, from the lowest level up. An empty text has none.

    Raises MalformedEdition.
    """
    text = text.strip()
    if text and not _POINTS.match(text):
        message = _("The points “%(text)s” are not written like “0, 1, 3”. Write whole numbers from -99999 to 99999.")
        raise MalformedEdition([message % {"text": text}])
    return tuple(int(points) for points in text.split(",")) if text else ()


def write_points(points: tuple[int, ...]) -> str:
    return ", ".join(str(number) for number in points)


def read_value(field: Field, written: Any) -> Any:
    """Return the value of an indicator's field from the editor's input.

    Raises MalformedEdition for malformed input, and ValueError for input that is not one of the choices.
    """
    if written is None:
        return field.default
    if field.kind is date:
        return written
    return read_points(written) if field.kind is list else field.read(written)


def read_codes(text: str) -> tuple[str, ...]:
    """Parse a text such as `1.1.1, 1.1.2` as codes."""
    return tuple(code.strip() for code in text.split(",") if code.strip())


# --- Texts ----------------------------------------------------------------------------------------------------------

EXTRA_TEXTS = (
    "introduction",
    "examined",
    "sample_notice",
    "domain/{code}/introduction",
    "standard/{code}/introduction",
)
"""The optional texts of an edition, which `Framework.text_paths` does not have. They may be empty in every language."""


def write_texts(text: EditionText) -> Wording:
    """Return the texts of an edition by path, without empty ones."""
    found = _edition_texts(text)
    for domain in text.domains:
        found |= _texts_of(domain, "domain", ("title", "short_title", "introduction"))
        for standard in domain.parts:
            found |= _texts_of(standard, "standard", ("title", "introduction"))
            for indicator in standard.parts:
                found |= _indicator_texts(indicator.fields, text.levels)
    return Wording({path: words.strip() for path, words in found.items() if words.strip()})


def _edition_texts(text: EditionText) -> dict[str, str]:
    own = text.fields
    return {
        "title": own["title"],
        "introduction": own["introduction"],
        "examined": own["examined"],
        "sample_notice": own["sample_notice"] if own["is_sample"] else "",
        **{f"level/{level}": own.get(f"level_{level}", "") for level in text.levels},
        **{f"{kind}/{part.code}": part.fields["name"] for kind, parts in text.named_parts.items() for part in parts},
    }


def _texts_of(part: Part, kind: str, names: tuple[str, ...]) -> dict[str, str]:
    return {f"{kind}/{part.code}/{name}": part.fields[name] for name in names}


def _indicator_texts(values: Values, levels: tuple[int, ...]) -> dict[str, str]:
    """Return the texts of an indicator by path, without those of levels that its measure or the scale does not have."""
    is_advised = values["measure"] != Measure.NUMERIC or values["bands"].strip() not in ("", REPORT_ONLY)
    texts = texts_asked_for(values["measure"], levels, is_advised=is_advised)
    return {f"indicator/{values['code']}/{text.path}": values.get(text.name, "") for text in texts}
