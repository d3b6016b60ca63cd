"""The contexts of the public pages of the Guide: an edition, its rule and its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from standards.framework import Indicator, Measure, Scale
from standards.models import Edition
from standards.models.choices import Measures, Sources
from standards.models.tree import slug_of
from standards.presentation.band_line import BandLine, draw_bands
from standards.presentation.sentences import Passage


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level, its name on the scale, and its meaning for one indicator. Yes and no have no name on the scale.

    `scale` is the scale of the level; `points` are its points, if the scale defines them.
    """

    key: str
    name: Passage | None
    meaning: Passage | None
    scale: Scale | None = None
    points: int | None = None


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """One indicator for display."""

    indicator: Indicator
    kind: str
    obligation: Passage
    wording: Passage
    guidance: Passage
    evidence: Passage
    levels: tuple[LevelRow, ...]
    bands: tuple[tuple[LevelRow, str], ...]
    scale: Scale
    terms: tuple[str, ...]
    advice: Mapping[str, Passage]
    has_highest_obligation: bool

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def measure(self) -> str:
        return str(Measures(self.indicator.measure.value).label)

    @property
    def source(self) -> str:
        return str(Sources(self.indicator.source.value).label)

    @property
    def is_yes_no(self) -> bool:
        return self.indicator.measure is Measure.YES_NO

    @property
    def band_line(self) -> BandLine | None:
        """Its bands on a line. They are drawn on access, as most views of an indicator do not show them."""
        return draw_bands(self.indicator, self.scale)


@dataclass(frozen=True, slots=True)
class StandardView:
    code: str
    title: Passage
    introduction: Passage
    indicators: tuple[IndicatorView, ...]

    @property
    def slug(self) -> str:
        return slug_of(self.code)

    @property
    def highest_count(self) -> int:
        return sum(view.has_highest_obligation for view in self.indicators)


@dataclass(frozen=True, slots=True)
class AdjacentStandardView:
    """The previous or the next standard."""

    code: str
    title: Passage
    domain: str

    @property
    def slug(self) -> str:
        return slug_of(self.code)

    @property
    def domain_slug(self) -> str:
        return slug_of(self.domain)


@dataclass(frozen=True, slots=True)
class DomainView:
    code: str
    title: Passage
    introduction: Passage
    standards: tuple[StandardView, ...]
    group: Passage | None = None
    """The name of the group that starts with this domain, or None."""

    @property
    def slug(self) -> str:
        return slug_of(self.code)

    @property
    def count(self) -> int:
        return sum(len(standard.indicators) for standard in self.standards)

    @property
    def highest_count(self) -> int:
        return sum(standard.highest_count for standard in self.standards)


@dataclass(frozen=True, slots=True)
class ResultView:
    """A further result with its outcomes, in the order tested."""

    name: Passage
    outcomes: tuple["OutcomeView", ...]


@dataclass(frozen=True, slots=True)
class ObligationView:
    """The name of an obligation, and the sentences that describe it."""

    kind: str
    name: Passage
    sentences: tuple[SafeString, ...]


@dataclass(frozen=True, slots=True)
class OutcomeView:
    kind: str
    name: Passage
    months: int
    conditions: tuple[SafeString, ...]
    becomes: SafeString | None = None


@dataclass(frozen=True, slots=True)
class RuleView:
    """The measures, the scoring and the rule of the edition, in sentences."""

    scale: tuple[LevelRow, ...]
    scale_sentences: tuple[SafeString, ...]
    obligations: tuple[ObligationView, ...]
    methods: tuple[str, ...]
    passing: tuple[SafeString, ...]
    outcomes: tuple[OutcomeView, ...]
    results: tuple["ResultView", ...]
    procedure: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditionPeriod:
    """The period in which hotlines were evaluated by an edition. `since` is None if none of its rounds has opened yet.

    `until` is the day on which its last round was closed; None while one is open. `valid_until` is the last day of the
    accreditations by it that are in force; None without any.
    """

    since: date | None = None
    until: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class EditionView:
    """The data about the edition on each of its pages. `untranslated` means that it is not in the reader's language."""

    code: str
    title: Passage
    introduction: Passage
    released: Edition | None
    is_sample: bool
    sample_notice: Passage
    untranslated: bool
    period: EditionPeriod | None = None
