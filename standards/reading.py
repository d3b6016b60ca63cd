"""What a reader of the public Guide sees. A released edition is read from its frozen rows, a draft from its pages.

Every text is a `Passage` that knows its language. A released edition shows a language only when its wording is
published as a whole; until then the source is shown, and marked as what it is.
"""

from dataclasses import replace
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from standards.drafting import draft_framework, is_whole
from standards.drawing import outcome_kind, tag_kind
from standards.edition_text import write_texts
from standards.framework import Condition, Framework, Indicator, Measure, Outcome, Standard, Wording
from standards.gathering import Tree, live_part, read_rule, read_tree
from standards.models import DomainPage, EditionPage, Passage, StandardPage, Texts
from standards.shown import (
    DomainView,
    EditionView,
    IndicatorView,
    LevelRow,
    ObligationView,
    OutcomeView,
    RuleView,
    StandardView,
)
from standards.telling import tell_bands, tell_methods, tell_obligation, tell_procedure, tell_scale, tell_terms
from standards.telling_conditions import tell_condition, tell_passing


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
            self.framework = draft_framework(tree.text)
            self.texts = self._draft_texts(tree)
            found = [inner for inner in tree.pages if inner.pk and inner is not tree.edition]
        self.pages = {inner.code: inner for inner in found}

    def _draft_texts(self, tree: Tree) -> Texts:
        """A draft's own words; in a translation those that still read as in the source count as the source's."""
        own = write_texts(tree.text)
        source_language = self.edition_page.source_language or self.language
        if source_language == self.language:
            return Texts(self.language, own, self.language, own)
        found = self.edition_page.get_translations().filter(locale__language_code=source_language).first()
        source = write_texts(read_tree(found.specific).text) if found else Wording()
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
            keys = tuple(str(level) for level in _best_first(self.framework))
        elif indicator.measure is Measure.YES_NO:
            keys = ("yes", "no")
        return IndicatorView(
            indicator=indicator,
            kind=tag_kind(self.framework, indicator.obligation),
            obligation=self._obligation_name(indicator.obligation),
            wording=texts[f"{path}/wording"],
            guidance=texts[f"{path}/guidance"],
            evidence=texts[f"{path}/evidence"],
            levels=tuple(self._row(key, texts[f"{path}/level/{key}"]) for key in keys),
            bands=tuple((self._row(str(level)), told) for level, told in tell_bands(indicator, self.framework.scale)),
            terms=tell_terms(indicator),
            advice={part: texts[f"{path}/recommendation/{part}"] for part in ("title", "text", "look_for")}
            if indicator.is_scored
            else {},
            is_foremost=is_foremost(self.framework, indicator),
        )

    def _obligation_name(self, code: str) -> Passage:
        name = self.texts[f"obligation/{code}"]
        return name or Passage(code, self.language)

    def _row(self, key: str, meaning: Passage | None = None) -> LevelRow:
        """A row for a level of the scale, or for yes and no."""
        if not key.isdigit():
            return LevelRow(key, None, meaning)
        scale, level = self.framework.scale, int(key)
        points = scale.points_of(level) if scale.points and len(scale.points) == len(scale.levels) else None
        return LevelRow(key, self.texts[f"level/{key}"], meaning, scale, points)

    def foremost(self) -> Passage | None:
        """What the edition calls what it insists on most."""
        obligations = self.framework.rule.obligations
        return self._obligation_name(obligations[0].code) if obligations else None

    def rule(self) -> RuleView:
        framework, words = self.framework, _Marked(self.texts, self.language)
        rule = framework.rule
        return RuleView(
            scale=tuple(self._row(str(level)) for level in _best_first(framework)),
            scale_sentences=tuple(map(_safe, tell_scale(framework, words))),
            obligations=tuple(
                ObligationView(
                    tag_kind(framework, obligation.code),
                    self._obligation_name(obligation.code),
                    tuple(map(_safe, tell_obligation(obligation, framework, words))),
                )
                for obligation in rule.obligations
            ),
            methods=tell_methods(framework),
            passing=tuple(_safe(tell_passing(c, framework, words)) for c in rule.passing if is_whole(c)),
            outcomes=tuple(self._outcome(outcome, words) for outcome in rule.outcomes),
            procedure=tell_procedure(framework.procedure),
        )

    def _outcome(self, outcome: Outcome, words: "_Marked") -> OutcomeView:
        return OutcomeView(
            outcome_kind(self.framework, outcome.code),
            self.texts[f"outcome/{outcome.code}"],
            outcome.months,
            tuple(
                _safe(tell_condition(_escaped(condition), self.framework, words))
                for condition in outcome.conditions
                if is_whole(condition)
            ),
        )


class _Marked:
    """The words of an edition as they stand inside a sentence of the site: marked where they are in another language."""

    def __init__(self, texts: Texts, language: str) -> None:
        self._texts, self._language = texts, language

    def __getitem__(self, path: str) -> SafeString:
        passage = self._texts[path]
        if not passage:
            return escape(path.split("/")[1])
        if passage.language == self._language:
            return escape(passage.text)
        return format_html('<span lang="{}">{}</span>', passage.language, passage.text)


def _escaped(condition: Condition) -> Condition:
    return replace(condition, codes=tuple(escape(code) for code in condition.codes))


def _safe(sentence: str) -> SafeString:
    """A sentence of our own, with the words of `_Marked` in it."""
    return mark_safe(sentence)  # noqa: S308 - what is not ours in it is escaped already


def _best_first(framework: Framework) -> list[int]:
    return sorted(framework.scale.levels, key=framework.scale.rank, reverse=True)


def is_foremost(framework: Framework, indicator: Indicator) -> bool:
    """Whether a draft insists on it most; a draft may have no obligation yet."""
    return bool(framework.rule.obligations) and framework.is_foremost(indicator)


# --- Contexts of the pages ------------------------------------------------------------------------------------------


def read_edition_page(page: EditionPage, *, preview: bool = False) -> dict[str, Any]:
    """The edition with its domains, its scale and its rule."""
    reading = Reading(page, preview=preview)
    domains = tuple(filter(None, (reading.domain(domain.code) for domain in reading.framework.domains)))
    return {
        "edition": reading.edition(),
        "domains": domains,
        "rule": reading.rule(),
        "count": count(reading.framework),
        "foremost": reading.foremost(),
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
        "foremost": sum(is_foremost(framework, indicator) for indicator in framework.indicators.values()),
    }


# --- Drafts ---------------------------------------------------------------------------------------------------------


def _with(tree: Tree, page: EditionPage | DomainPage | StandardPage) -> Tree:
    """The tree with one page as its editor has it on the screen, whether it was saved before or not."""
    if isinstance(page, EditionPage):
        return replace(tree, edition=page, ruled=read_rule(page))
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
