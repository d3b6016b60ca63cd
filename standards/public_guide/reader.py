"""The Guide for readers. A released edition is read from its frozen rows, a draft in a preview from its pages.

Every text is a `Passage` with its language. A released edition is shown in a language only if its wording is published.
Otherwise the source is shown, and marked as such.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Self

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from standards.drafts.conditions import is_whole
from standards.drafts.fields import write_texts
from standards.editions.page_reader import Tree, read_rule, read_tree
from standards.framework import ADVICE, Domain, Framework, Indicator, Measure, Outcome, Standard, Wording
from standards.models import DomainPage, Edition, EditionPage, GuidePage, IndicatorPage, StandardPage, Texts
from standards.models.tree import context_of
from standards.presentation.asking_sentences import describe_askings
from standards.presentation.condition_sentences import describe_condition, describe_passing
from standards.presentation.marking import marked
from standards.presentation.reading_language import active_language, content_language, interface_language
from standards.presentation.rule_sentences import (
    describe_bands,
    describe_becoming,
    describe_methods,
    describe_obligation,
    describe_procedure,
    describe_scale,
    describe_terms,
)
from standards.presentation.sentences import Passage, Sentence
from standards.presentation.symbols import outcome_kind, tag_kind
from standards.public_guide.contexts import (
    AdjacentStandardView,
    DomainView,
    EditionView,
    IndicatorView,
    LevelRow,
    ObligationView,
    OutcomeView,
    ResultView,
    RuleView,
    StandardView,
)


class Reading:
    """An edition with its texts for a reader's language. The number of queries does not depend on its size."""

    def __init__(
        self, code: str, framework: Framework, texts: Texts, language: str, *, is_sample: bool, released: Edition | None
    ) -> None:
        self.code, self.framework, self.texts, self.language = code, framework, texts, content_language(language)
        self.interface = interface_language(active_language(language))
        self.is_sample, self.released = is_sample, released

    @classmethod
    def of(cls, edition: Edition, language: str) -> Self:
        """Return the reading of a released edition, from its frozen rows alone."""
        texts = edition.texts(language)
        return cls(edition.code, edition.framework, texts, language, is_sample=edition.is_sample, released=edition)

    @classmethod
    def of_draft(cls, page: EditionPage | DomainPage | StandardPage | IndicatorPage) -> Self:
        """Return the reading of an edition from its latest drafts, with the unsaved content of this page."""
        edition_page, language = page.edition_page, page.locale.language_code
        assert edition_page is not None  # every page, also in a preview, is below one
        tree = _replace_page(read_tree(edition_page), page)
        texts = _draft_texts(tree, language)
        is_sample = tree.edition.is_sample
        return cls(tree.edition.code, tree.framework, texts, language, is_sample=is_sample, released=None)

    def edition(self) -> EditionView:
        title = self.texts["title"]
        return EditionView(
            code=self.code,
            title=title,
            introduction=self.texts["introduction"],
            released=self.released,
            is_sample=self.is_sample,
            sample_notice=self.texts["sample_notice"],
            untranslated=title.language != self.language,
        )

    def domain(self, domain: Domain) -> DomainView:
        """Return the view of a domain with its standards."""
        group = self.framework.group_starting_with.get(domain.code)
        return DomainView(
            domain.code,
            self.texts[f"domain/{domain.code}/title"],
            self.texts[f"domain/{domain.code}/introduction"],
            tuple(self.standard(standard) for standard in domain.standards),
            self.texts[f"group/{group.code}"] if group else None,
        )

    def standard(self, standard: Standard) -> StandardView:
        return StandardView(
            standard.code,
            self.texts[f"standard/{standard.code}/title"],
            self.texts[f"standard/{standard.code}/introduction"],
            tuple(self.indicator(indicator) for indicator in standard.indicators),
        )

    def indicator(self, indicator: Indicator) -> IndicatorView:
        path, texts = f"indicator/{indicator.code}", self.texts
        keys: tuple[str, ...] = ()
        if indicator.measure is Measure.SCALE:
            keys = tuple(str(level) for level in _best_first(self.framework))
        elif indicator.measure is Measure.YES_NO:
            keys = ("yes", "no")
        asked_of = describe_askings(indicator, self.framework, texts)
        return IndicatorView(
            indicator=indicator,
            kind=tag_kind(self.framework, indicator.obligation),
            obligation=self._obligation_name(indicator.obligation),
            wording=texts[f"{path}/wording"],
            guidance=texts[f"{path}/guidance"],
            evidence=texts[f"{path}/evidence"],
            levels=tuple(self.level_row(key, texts[f"{path}/level/{key}"]) for key in keys),
            bands=tuple(
                (self.level_row(str(level)), words) for level, words in describe_bands(indicator, self.framework.scale)
            ),
            scale=self.framework.scale,
            terms=(*self._marked(filter(None, (asked_of,))), *describe_terms(indicator)),
            advice={text.key: texts[f"{path}/{text.path}"] for text in ADVICE} if indicator.is_scored else {},
            has_highest_obligation=has_highest_obligation(self.framework, indicator),
        )

    def _obligation_name(self, code: str) -> Passage:
        name = self.texts[f"obligation/{code}"]
        return name or Passage(code, self.language)

    def level_row(self, key: str, meaning: Passage | None = None) -> LevelRow:
        """Return the row of a level of the scale, or of yes or no."""
        if not key.isdigit():
            return LevelRow(key, None, meaning)
        scale, level = self.framework.scale, int(key)
        points = scale.points_of(level) if scale.points and len(scale.points) == len(scale.levels) else None
        return LevelRow(key, self.texts[f"level/{key}"], meaning, scale, points)

    def highest_obligation(self) -> Passage | None:
        """Return the name of the highest obligation, or None."""
        obligations = self.framework.rule.obligations
        return self._obligation_name(obligations[0].code) if obligations else None

    def rule(self) -> RuleView:
        framework, words = self.framework, self.texts
        rule = framework.rule
        return RuleView(
            scale=tuple(self.level_row(str(level)) for level in _best_first(framework)),
            scale_sentences=self._marked(describe_scale(framework, words)),
            obligations=tuple(
                ObligationView(
                    tag_kind(framework, obligation.code),
                    self._obligation_name(obligation.code),
                    self._marked(describe_obligation(obligation, framework, words)),
                )
                for obligation in rule.obligations
            ),
            methods=describe_methods(framework),
            passing=self._marked(describe_passing(c, framework, words) for c in rule.passing if is_whole(c)),
            outcomes=tuple(self._outcome(outcome, framework) for outcome in rule.outcomes),
            results=tuple(
                ResultView(words[f"result/{code}"], tuple(self._outcome(outcome, own) for outcome in own.rule.outcomes))
                for code, own in framework.by_result.items()
            ),
            procedure=describe_procedure(framework.procedure),
        )

    def _marked(self, sentences: Iterable[Sentence]) -> tuple[SafeString, ...]:
        return tuple(marked(sentence, self.interface) for sentence in sentences)

    def _outcome(self, outcome: Outcome, framework: Framework) -> OutcomeView:
        return OutcomeView(
            outcome_kind(framework, outcome.code),
            self.texts[f"outcome/{outcome.code}"],
            outcome.months,
            self._marked(
                describe_condition(condition, self.framework, self.texts)
                for condition in outcome.conditions
                if is_whole(condition)
            ),
            marked(becomes, self.interface) if (becomes := describe_becoming(outcome, self.texts)) else None,
        )


def _best_first(framework: Framework) -> list[int]:
    return sorted(framework.scale.levels, key=framework.scale.rank, reverse=True)


def has_highest_obligation(framework: Framework, indicator: Indicator) -> bool:
    """Whether an indicator has the highest obligation. A draft may have no obligation yet."""
    return bool(framework.rule.obligations) and framework.has_highest_obligation(indicator)


# --- Contexts of the pages ------------------------------------------------------------------------------------------


def show_guide(page: GuidePage | None, language: str) -> dict[str, Any]:
    """Return the context of the Guide's page, with its released editions, the newest first."""
    return {
        "title": Passage(page.title, page.locale.language_code) if page else Passage(_("The Guide")),
        "introduction": Passage(page.introduction, page.locale.language_code) if page else Passage(""),
        "editions": [Reading.of(edition, language).edition() for edition in Edition.objects.all()],
    }


def show_edition(reading: Reading) -> dict[str, Any]:
    """Return the context of an edition with its domains, its scale and its rule."""
    return {
        "edition": reading.edition(),
        "domains": tuple(reading.domain(domain) for domain in reading.framework.domains),
        "rule": reading.rule(),
        "count": count(reading.framework),
        "highest_obligation": reading.highest_obligation(),
    }


def show_domain(reading: Reading, domain: Domain) -> dict[str, Any]:
    return {"edition": reading.edition(), "domain": reading.domain(domain)}


def show_standard(reading: Reading, standard: Standard) -> dict[str, Any]:
    """Return the context of a standard with its indicators, its domain, and the standards before and after it."""
    codes = list(reading.framework.standards)
    place = codes.index(standard.code)
    around = {"before": codes[place - 1] if place else None, "after": next(iter(codes[place + 1 :]), None)}
    return {
        "edition": reading.edition(),
        "standard": reading.standard(standard),
        "domain": reading.domain(reading.framework.domain_of[standard.code]),
        **{
            name: AdjacentStandardView(
                code, reading.texts[f"standard/{code}/title"], reading.framework.domain_of[code].code
            )
            if code
            else None
            for name, code in around.items()
        },
    }


def count(framework: Framework) -> dict[str, int]:
    return {
        "domains": len(framework.domains),
        "standards": len(framework.standards),
        "indicators": len(framework.indicators),
        "highest_count": sum(
            has_highest_obligation(framework, indicator) for indicator in framework.indicators.values()
        ),
    }


@context_of(GuidePage)
def _show_guide_page(page: GuidePage) -> dict[str, Any]:
    return show_guide(page, page.locale.language_code)


# --- Drafts ---------------------------------------------------------------------------------------------------------


@context_of(EditionPage)
def preview_edition(page: EditionPage) -> dict[str, Any]:
    return show_edition(Reading.of_draft(page))


@context_of(DomainPage)
def preview_domain(page: DomainPage) -> dict[str, Any]:
    """Return the context of a domain, or of the edition alone while the domain has no valid code."""
    reading = Reading.of_draft(page)
    found = next((domain for domain in reading.framework.domains if domain.code == page.code), None)
    return show_domain(reading, found) if found else {"edition": reading.edition()}


@context_of(StandardPage)
def preview_standard(page: StandardPage) -> dict[str, Any]:
    reading = Reading.of_draft(page)
    found = reading.framework.standards.get(page.code)
    return show_standard(reading, found) if found else {"edition": reading.edition()}


@context_of(IndicatorPage)
def preview_indicator(page: IndicatorPage) -> dict[str, Any]:
    """Return the context of the standard with this indicator alone, or with all while this one is unreadable."""
    reading = Reading.of_draft(page)
    standard = reading.framework.standards.get(page.get_parent().specific.code)
    if standard is None:
        return {"edition": reading.edition()}
    context = show_standard(reading, standard)
    shown = tuple(view for view in context["standard"].indicators if view.code == page.code)
    return {**context, "standard": replace(context["standard"], indicators=shown)} if shown else context


def _draft_texts(tree: Tree, language: str) -> Texts:
    """Return the texts of a draft. In a translation, texts that equal the source are in the source language."""
    own = write_texts(tree.text)
    source_language = tree.edition.source_language or language
    if source_language == language:
        return Texts(language, own, language, own)
    found = tree.edition.get_translations().filter(locale__language_code=source_language).first()
    source = write_texts(read_tree(found.specific).text) if found else Wording()
    changed = Wording({path: text for path, text in own.items() if text != source.get(path)})
    return Texts(language, changed, source_language, source)


def _replace_page(tree: Tree, page: EditionPage | DomainPage | StandardPage | IndicatorPage) -> Tree:
    """Return the tree with the unsaved content of one page."""
    if isinstance(page, EditionPage):
        return replace(tree, edition=page, rule_rows=read_rule(page))
    if isinstance(page, DomainPage):
        return replace(tree, domains=_replace_sibling(page, tree.domains))
    path = page.parent_path
    if isinstance(page, StandardPage):
        return replace(tree, standards={**tree.standards, path: _replace_sibling(page, tree.standards.get(path, ()))})
    return replace(tree, indicators={**tree.indicators, path: _replace_sibling(page, tree.indicators.get(path, ()))})


def _replace_sibling(page: Any, siblings: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the siblings in order, with this page in place of its stored version."""
    others = [other for other in siblings if other.path != page.path]
    return tuple(sorted([*others, page], key=lambda sibling: sibling.path))
