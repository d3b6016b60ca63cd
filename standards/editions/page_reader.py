"""Read the pages of an edition as plain fields, in a constant number of queries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wagtail.models import Page, Revision

from standards.drafts.conditions import fold_rows
from standards.drafts.fields import (
    DOMAIN_FIELDS,
    EDITION_FIELDS,
    GROUP_FIELDS,
    INDICATOR_FIELDS,
    OBLIGATION_FIELDS,
    OUTCOME_FIELDS,
    RESULT_FIELDS,
    STANDARD_FIELDS,
    TRAIT_FIELDS,
    EditionText,
    Part,
    read_part,
)
from standards.drafts.frameworks import draft_framework
from standards.framework import Framework
from standards.models import (
    DomainPage,
    EditionPage,
    GuideCondition,
    GuideGroup,
    GuideObligation,
    GuideOutcome,
    GuidePassing,
    GuideResult,
    GuideTrait,
    IndicatorPage,
    StandardPage,
)

PAGE_ROW_FIELDS = (
    *("pk", "path", "depth", "numchild", "url_path", "locale_id", "translation_key"),
    *("latest_revision_id", "latest_revision_created_at", "live", "has_unpublished_changes"),
)
"""The fields that a draft takes from the page row instead of its revision."""


@dataclass(frozen=True)
class RuleRows:
    """The rows of an edition's own page: its rule, traits, results and groups."""

    obligations: tuple[Part, ...]
    passing: tuple[Part, ...]
    outcomes: tuple[Part, ...]
    traits: tuple[Part, ...]
    results: tuple[Part, ...]
    groups: tuple[Part, ...]


@dataclass(frozen=True)
class Tree:
    """The pages of an edition in one language."""

    edition: EditionPage
    domains: tuple[DomainPage, ...]
    standards: Mapping[str, tuple[StandardPage, ...]]
    """The standards by the path of their domain."""
    indicators: Mapping[str, tuple[IndicatorPage, ...]]
    """The indicators by the path of their standard."""
    rule_rows: RuleRows

    @property
    def pages(self) -> Iterator[EditionPage | DomainPage | StandardPage | IndicatorPage]:
        yield self.edition
        for domain in self.domains:
            yield domain
            for standard in self.standards.get(domain.path, ()):
                yield standard
                yield from self.indicators.get(standard.path, ())

    @cached_property
    def places(self) -> dict[str, DomainPage | StandardPage | IndicatorPage]:
        """The pages below the edition by their place, such as `standard/1.1`, in the order of the Guide."""
        kinds = {DomainPage: "domain", StandardPage: "standard", IndicatorPage: "indicator"}
        return {f"{kinds[type(page)]}/{page.code}": page for page in self.pages if type(page) in kinds}

    @cached_property
    def text(self) -> EditionText:
        """The edition as plain fields."""
        return EditionText(
            language=self.edition.source_language,
            fields=read_part(self.edition, EDITION_FIELDS).fields,
            domains=tuple(read_part(domain, DOMAIN_FIELDS, self._standards_of(domain)) for domain in self.domains),
            obligations=self.rule_rows.obligations,
            passing=self.rule_rows.passing,
            outcomes=self.rule_rows.outcomes,
            traits=self.rule_rows.traits,
            results=self.rule_rows.results,
            groups=self.rule_rows.groups,
        )

    @cached_property
    def framework(self) -> Framework:
        """The framework without unreadable values and parts."""
        return draft_framework(self.text)

    def _standards_of(self, domain: DomainPage) -> tuple[Part, ...]:
        return tuple(
            read_part(
                standard,
                STANDARD_FIELDS,
                tuple(read_part(page, INDICATOR_FIELDS) for page in self.indicators.get(standard.path, ())),
            )
            for standard in self.standards.get(domain.path, ())
        )


def read_tree(edition: EditionPage) -> Tree:
    """Return the pages of an edition in their latest revisions, published or not."""
    domains = list(DomainPage.objects.child_of(edition))
    standards = list(StandardPage.objects.descendant_of(edition))
    indicators = list(IndicatorPage.objects.descendant_of(edition))
    drafts = _read_drafts(edition, [edition, *domains, *standards, *indicators])
    draft = drafts.get(edition.pk)
    return Tree(
        draft or edition,
        tuple(drafts.get(page.pk, page) for page in domains),
        _by_parent(standards, drafts),
        _by_parent(indicators, drafts),
        read_rule(draft) if draft else _stored_rule(edition),
    )


def _by_parent(pages: Iterable[Any], drafts: Mapping[int, Any]) -> dict[str, tuple[Any, ...]]:
    """Return the pages by the path of their parent, in order, each as its draft if it has one."""
    found: dict[str, list[Any]] = {}
    for page in pages:
        found.setdefault(page.parent_path, []).append(drafts.get(page.pk, page))
    return {path: tuple(children) for path, children in found.items()}


def _read_drafts(edition: EditionPage, pages: Sequence[Any]) -> dict[int, Any]:
    """Return the latest revision of each page that has an unpublished one, by the key of the page."""
    waiting = {page.latest_revision_id: page for page in pages if page.has_unpublished_changes}
    if not waiting:
        return {}
    inside = Page.objects.descendant_of(edition, inclusive=True).filter(has_unpublished_changes=True)
    drafts = {}
    for revision in Revision.objects.filter(pk__in=inside.values("latest_revision")):
        page = waiting.get(revision.pk)
        if page is None:  # a concurrent save
            continue
        draft = type(page).from_serializable_data(revision.content, check_fks=False)
        for name in PAGE_ROW_FIELDS if isinstance(page, EditionPage) else (*PAGE_ROW_FIELDS, "key"):
            setattr(draft, name, getattr(page, name))
        drafts[page.pk] = draft
    return drafts


def _stored_rule(edition: EditionPage) -> RuleRows:
    """Return the stored rows of the edition's page, in a constant number of queries."""
    conditions: dict[int, list[GuideCondition]] = {}
    for condition in GuideCondition.objects.filter(outcome__page=edition.pk).order_by("sort_order", "pk"):
        conditions.setdefault(condition.outcome_id, []).append(condition)
    own = {"page": edition.pk}
    return _rule(
        GuideObligation.objects.filter(**own).order_by("sort_order", "pk"),
        GuidePassing.objects.filter(**own).order_by("sort_order", "pk"),
        ((row, conditions.get(row.pk, ())) for row in GuideOutcome.objects.filter(**own).order_by("sort_order", "pk")),
        GuideTrait.objects.filter(**own).order_by("sort_order", "pk"),
        GuideResult.objects.filter(**own).order_by("sort_order", "pk"),
        GuideGroup.objects.filter(**own).order_by("sort_order", "pk"),
    )


def read_rule(edition: EditionPage) -> RuleRows:
    """Return the rows of the page object, including unsaved ones, such as in a preview."""
    return _rule(
        edition.obligations.all(),
        edition.passing.all(),
        ((outcome, outcome.conditions.all()) for outcome in edition.outcomes.all()),
        edition.traits.all(),
        edition.results.all(),
        edition.groups.all(),
    )


def _rule(
    obligations: Iterable[GuideObligation],
    passing: Iterable[GuidePassing],
    outcomes: Iterable[tuple[GuideOutcome, Iterable[GuideCondition]]],
    traits: Iterable[GuideTrait],
    results: Iterable[GuideResult],
    groups: Iterable[GuideGroup],
) -> RuleRows:
    return RuleRows(
        tuple(read_part(row, OBLIGATION_FIELDS) for row in obligations),
        fold_rows(row.values for row in passing),
        tuple(
            read_part(row, OUTCOME_FIELDS, fold_rows(condition.values for condition in conditions))
            for row, conditions in outcomes
        ),
        tuple(read_part(row, TRAIT_FIELDS) for row in traits),
        tuple(read_part(row, RESULT_FIELDS) for row in results),
        tuple(read_part(row, GROUP_FIELDS) for row in groups),
    )
