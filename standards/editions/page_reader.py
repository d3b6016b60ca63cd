"""Reads the pages of an edition in a fixed number of queries, as plain fields."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wagtail.models import Revision

from standards.drafts.fields import (
    DOMAIN_FIELDS,
    EDITION_FIELDS,
    INDICATOR_FIELDS,
    OBLIGATION_FIELDS,
    OUTCOME_FIELDS,
    STANDARD_FIELDS,
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
    GuideIndicator,
    GuideObligation,
    GuideOutcome,
    GuidePassing,
    StandardPage,
)

KEPT_BY_PAGE = (
    *("pk", "path", "depth", "numchild", "url_path", "locale_id", "translation_key"),
    *("latest_revision_id", "live", "has_unpublished_changes"),
)
"""Fields of the page itself, not of its revisions."""


@dataclass(frozen=True)
class Ruled:
    """The related rows of an edition's own page."""

    obligations: tuple[Part, ...]
    passing: tuple[Part, ...]
    outcomes: tuple[Part, ...]


@dataclass(frozen=True)
class Tree:
    """The pages of an edition."""

    edition: EditionPage
    domains: tuple[DomainPage, ...]
    standards: Mapping[str, tuple[StandardPage, ...]]
    """By the path of their domain."""
    indicators: Mapping[int, tuple[GuideIndicator, ...]]
    """By the key of their standard's page."""
    ruled: Ruled

    @property
    def pages(self) -> Iterator[EditionPage | DomainPage | StandardPage]:
        yield self.edition
        for domain in self.domains:
            yield domain
            yield from self.standards.get(domain.path, ())

    @cached_property
    def text(self) -> EditionText:
        """Return the edition as plain fields."""
        return EditionText(
            language=self.edition.source_language,
            fields=read_part(self.edition, EDITION_FIELDS).fields,
            domains=tuple(read_part(domain, DOMAIN_FIELDS, self._standards_of(domain)) for domain in self.domains),
            obligations=self.ruled.obligations,
            passing=self.ruled.passing,
            outcomes=self.ruled.outcomes,
        )

    @cached_property
    def framework(self) -> Framework:
        """Return the framework, as far as it can be read."""
        return draft_framework(self.text)

    def _standards_of(self, domain: DomainPage) -> tuple[Part, ...]:
        return tuple(
            read_part(
                standard,
                STANDARD_FIELDS,
                tuple(read_part(row, INDICATOR_FIELDS) for row in self.indicators.get(standard.pk, ())),
            )
            for standard in self.standards.get(domain.path, ())
        )


def read_tree(edition: EditionPage) -> Tree:
    """Read every page under the edition in its latest revision, published or not."""
    found = [*DomainPage.objects.child_of(edition), *StandardPage.objects.descendant_of(edition)]
    drafts = _read_drafts([edition, *found])
    domains = tuple(drafts.get(page.pk, page) for page in found if isinstance(page, DomainPage))
    standards: dict[str, list[StandardPage]] = {}
    for page in found:
        if isinstance(page, StandardPage):
            standards.setdefault(page.path[: -page.steplen], []).append(drafts.get(page.pk, page))
    indicators: dict[int, list[GuideIndicator]] = {}
    rows = GuideIndicator.objects.filter(page__path__startswith=edition.path)
    for indicator in rows.exclude(page__in=drafts).order_by("page__path", "sort_order", "pk"):
        indicators.setdefault(indicator.page_id, []).append(indicator)
    for pk, draft in drafts.items():
        if isinstance(draft, StandardPage):
            indicators[pk] = list(draft.indicators.all())
    draft = drafts.get(edition.pk)
    return Tree(
        draft or edition,
        domains,
        {path: tuple(pages) for path, pages in standards.items()},
        {pk: tuple(rows) for pk, rows in indicators.items()},
        read_rule(draft) if draft else _stored_rule(edition),
    )


def _read_drafts(pages: Iterable[Any]) -> dict[int, Any]:
    """Return the latest revision of each page that has an unpublished one, by the key of the page."""
    waiting = {page.latest_revision_id: page for page in pages if page.has_unpublished_changes}
    drafts = {}
    for pk, revision in Revision.objects.in_bulk([pk for pk in waiting if pk]).items():
        page = waiting[pk]
        draft = type(page).from_serializable_data(revision.content, check_fks=False)
        for name in KEPT_BY_PAGE:
            setattr(draft, name, getattr(page, name))
        drafts[page.pk] = draft
    return drafts


def _stored_rule(edition: EditionPage) -> Ruled:
    """Return the rule in the database, in a constant number of queries."""
    conditions: dict[int, list[GuideCondition]] = {}
    for condition in GuideCondition.objects.filter(outcome__page=edition.pk).order_by("sort_order", "pk"):
        conditions.setdefault(condition.outcome_id, []).append(condition)
    own = {"page": edition.pk}
    return _rule(
        GuideObligation.objects.filter(**own).order_by("sort_order", "pk"),
        GuidePassing.objects.filter(**own).order_by("sort_order", "pk"),
        ((row, conditions.get(row.pk, ())) for row in GuideOutcome.objects.filter(**own).order_by("sort_order", "pk")),
    )


def read_rule(edition: EditionPage) -> Ruled:
    """Return the rule of the page object, including an unsaved one in a preview."""
    return _rule(
        edition.obligations.all(),
        edition.passing.all(),
        ((outcome, outcome.conditions.all()) for outcome in edition.outcomes.all()),
    )


def _rule(
    obligations: Iterable[GuideObligation],
    passing: Iterable[GuidePassing],
    outcomes: Iterable[tuple[GuideOutcome, Iterable[GuideCondition]]],
) -> Ruled:
    return Ruled(
        tuple(read_part(row, OBLIGATION_FIELDS) for row in obligations),
        tuple(Part(dict(row.values)) for row in passing),
        tuple(
            read_part(row, OUTCOME_FIELDS, tuple(Part(dict(condition.values)) for condition in conditions))
            for row, conditions in outcomes
        ),
    )
