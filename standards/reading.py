"""What a reader of the public Guide sees. A released edition is read from its frozen rows, a draft from its pages.

Every text is a `Passage` that knows its language. A released edition shows a language only when its wording is
published as a whole; until then the source is shown, and marked as what it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from wagtail.models import Page

from standards.drafting import draft_framework
from standards.framework import Framework, Indicator, Measure, Obligation, Outcome, Standard, Wording
from standards.gathering import Tree, live_part, read_outcomes, read_tree, write_texts
from standards.models import DomainPage, Edition, EditionPage, Passage, StandardPage, Texts
from standards.models.choices import Measures, Obligations, Sources
from standards.telling import tell_bands, tell_condition


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level, its name on the scale, and what it means for one indicator. Yes and no have no name on the scale."""

    key: str
    name: Passage | None
    meaning: Passage | None


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """One indicator, ready to be shown."""

    indicator: Indicator
    wording: Passage
    guidance: Passage
    evidence: Passage
    levels: tuple[LevelRow, ...]
    bands: tuple[tuple[int, Passage, str], ...]
    advice: Mapping[str, Passage]

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def obligation(self) -> str:
        return str(Obligations(self.indicator.obligation.value).label)

    @property
    def measure(self) -> str:
        return str(Measures(self.indicator.measure.value).label)

    @property
    def source(self) -> str:
        return str(Sources(self.indicator.source.value).label)

    @property
    def is_yes_no(self) -> bool:
        return self.indicator.measure is Measure.YES_NO


@dataclass(frozen=True, slots=True)
class StandardView:
    code: str
    title: Passage
    introduction: Passage
    indicators: tuple[IndicatorView, ...]
    page: StandardPage | None

    @property
    def essential(self) -> int:
        return sum(view.indicator.obligation is Obligation.ESSENTIAL for view in self.indicators)


@dataclass(frozen=True, slots=True)
class DomainView:
    code: str
    title: Passage
    introduction: Passage
    standards: tuple[StandardView, ...]
    page: DomainPage | None

    @property
    def count(self) -> int:
        return sum(len(standard.indicators) for standard in self.standards)

    @property
    def essential(self) -> int:
        return sum(standard.essential for standard in self.standards)


@dataclass(frozen=True, slots=True)
class OutcomeView:
    code: str
    name: Passage
    months: int
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditionView:
    """What every page of an edition says of the edition. `untranslated`: the text is not in the reader's language."""

    code: str
    title: Passage
    introduction: Passage
    page: EditionPage
    guide: Page | None
    released: Edition | None
    is_sample: bool
    sample_notice: Passage
    untranslated: bool


class Reading:
    """An edition as it is read from one of its pages. The number of queries does not depend on its size."""

    def __init__(self, page: EditionPage | DomainPage | StandardPage, *, preview: bool = False) -> None:
        self.language = page.locale.language_code
        self.edition_page = page.edition_page
        self.released = None if preview else page.edition
        if self.released:
            self.framework = self.released.framework
            self.texts = self.released.texts(self.language)
            inside = self.edition_page.path
            found = [
                *DomainPage.objects.filter(path__startswith=inside).live(),
                *StandardPage.objects.filter(path__startswith=inside).live(),
            ]
        else:
            tree = _with(read_tree(self.edition_page), page) if preview else live_part(read_tree(self.edition_page))
            self.framework = draft_framework(tree)
            self.texts = self._draft_texts(tree)
            found = [inner for inner in tree.pages if inner.pk and inner is not tree.edition]
        self.pages = {inner.code: inner for inner in found}

    def _draft_texts(self, tree: Tree) -> Texts:
        """A draft's own words; in a translation those that still read as in the source count as the source's."""
        own = write_texts(tree)
        source_language = self.edition_page.source_language or self.language
        if source_language == self.language:
            return Texts(self.language, own, self.language, own)
        found = self.edition_page.get_translations().filter(locale__language_code=source_language).first()
        source = write_texts(read_tree(found.specific)) if found else Wording()
        changed = Wording({path: text for path, text in own.items() if text != source.get(path)})
        return Texts(self.language, changed, source_language, source)

    def edition(self) -> EditionView:
        page = self.edition_page
        title = self.texts["title"]
        return EditionView(
            code=page.code,
            title=title,
            introduction=self.texts["introduction"],
            page=page,
            guide=page.get_parent() if page.pk else None,
            released=self.released,
            is_sample=self.released.is_sample if self.released else page.is_sample,
            sample_notice=self.texts["sample_notice"],
            untranslated=title.language != self.language,
        )

    def domain(self, code: str) -> DomainView | None:
        """A domain with its standards, or nothing when the edition has no such domain."""
        for domain in self.framework.domains:
            if domain.code == code:
                return DomainView(
                    code,
                    self.texts[f"domain/{code}/title"],
                    self.texts[f"domain/{code}/introduction"],
                    tuple(self.standard(standard) for standard in domain.standards),
                    self.pages.get(code),
                )
        return None

    def standard(self, standard: Standard) -> StandardView:
        return StandardView(
            standard.code,
            self.texts[f"standard/{standard.code}/title"],
            self.texts[f"standard/{standard.code}/introduction"],
            tuple(self.indicator(indicator) for indicator in standard.indicators),
            self.pages.get(standard.code),
        )

    def indicator(self, indicator: Indicator) -> IndicatorView:
        path, texts = f"indicator/{indicator.code}", self.texts
        keys: tuple[str, ...] = ()
        if indicator.measure is Measure.SCALE:
            keys = tuple(str(level) for level in reversed(self.framework.scale.levels))
        elif indicator.measure is Measure.YES_NO:
            keys = ("yes", "no")
        return IndicatorView(
            indicator,
            texts[f"{path}/wording"],
            texts[f"{path}/guidance"],
            texts[f"{path}/evidence"],
            tuple(
                LevelRow(key, texts[f"level/{key}"] if key.isdigit() else None, texts[f"{path}/level/{key}"])
                for key in keys
            ),
            tuple(
                (level, texts[f"level/{level}"], sentence)
                for level, sentence in tell_bands(indicator, self.framework.scale)
            ),
            {part: texts[f"{path}/recommendation/{part}"] for part in ("title", "text", "look_for")}
            if indicator.is_scored
            else {},
        )

    def scale(self) -> tuple[LevelRow, ...]:
        return tuple(
            LevelRow(str(level), self.texts[f"level/{level}"], None) for level in reversed(self.framework.scale.levels)
        )

    def weights(self) -> list[tuple[str, str, int]]:
        """Code, name and weight of each obligation, the heaviest first."""
        rows = [(o.value, str(Obligations(o.value).label), weight) for o, weight in self.framework.rule.weights.items()]
        return sorted(rows, key=lambda row: -row[2])

    def outcomes(self) -> tuple[OutcomeView, ...]:
        return tuple(self._outcome(outcome) for outcome in self.framework.rule.outcomes)

    def _outcome(self, outcome: Outcome) -> OutcomeView:
        return OutcomeView(
            outcome.code,
            self.texts[f"outcome/{outcome.code}"],
            outcome.months,
            tuple(tell_condition(condition) for condition in outcome.conditions),
        )


# --- Contexts of the pages ------------------------------------------------------------------------------------------


def read_edition_page(page: EditionPage, *, preview: bool = False) -> dict[str, Any]:
    """The edition with its domains, its scale and its rule."""
    reading = Reading(page, preview=preview)
    domains = tuple(filter(None, (reading.domain(domain.code) for domain in reading.framework.domains)))
    return {
        "edition": reading.edition(),
        "domains": domains,
        "scale": reading.scale(),
        "weights": reading.weights(),
        "outcomes": reading.outcomes(),
        "count": count(reading.framework),
    }


def read_domain_page(page: DomainPage, *, preview: bool = False) -> dict[str, Any]:
    reading = Reading(page, preview=preview)
    return {"edition": reading.edition(), "domain": reading.domain(page.code)}


def read_standard_page(page: StandardPage, *, preview: bool = False) -> dict[str, Any]:
    """The standard with its indicators, its domain with the standards beside it, and the ones before and after."""
    reading = Reading(page, preview=preview)
    standard = reading.framework.standards.get(page.code)
    codes = list(reading.framework.standards)
    context: dict[str, Any] = {"edition": reading.edition(), "standard": None, "domain": None}
    if standard:
        place = codes.index(page.code)
        around = {"before": codes[place - 1] if place else None, "after": (codes[place + 1 : place + 2] or [None])[0]}
        context |= {
            "standard": reading.standard(standard),
            "domain": reading.domain(reading.framework.domain_of[page.code].code),
            **{
                name: reading.standard(reading.framework.standards[code]) if code else None
                for name, code in around.items()
            },
        }
    return context


def count(framework: Framework) -> dict[str, int]:
    return {
        "domains": len(framework.domains),
        "standards": len(framework.standards),
        "indicators": len(framework.indicators),
        "essential": sum(i.obligation is Obligation.ESSENTIAL for i in framework.indicators.values()),
    }


# --- Drafts ---------------------------------------------------------------------------------------------------------


def _with(tree: Tree, page: EditionPage | DomainPage | StandardPage) -> Tree:
    """The tree with one page as its editor has it on the screen, whether it was saved before or not."""
    if isinstance(page, EditionPage):
        return replace(tree, edition=page, outcomes=read_outcomes(page))
    if isinstance(page, DomainPage):
        domains = [*(domain for domain in tree.domains if domain.path != page.path), page]
        return replace(tree, domains=tuple(sorted(domains, key=lambda domain: domain.path)))
    path = page.path[: -page.steplen]
    before = [standard for standard in tree.standards.get(path, ()) if standard.path != page.path]
    beside = tuple(sorted([*before, page], key=lambda standard: standard.path))
    return replace(
        tree,
        standards={**tree.standards, path: beside},
        indicators={**tree.indicators, page.pk: tuple(page.indicators.all())},
    )
