"""What the pages of an edition say, as plain structure and as texts by path: the material of a release."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from standards.checking import LEVELS, SCALE, is_scored
from standards.framework import Measure, Obligation, Wording
from standards.models import DomainPage, EditionPage, GuideCondition, GuideIndicator, GuideOutcome, StandardPage

Values = Mapping[str, Any]

EXTRA_TEXTS = ("introduction", "sample_notice", "domain/{code}/introduction", "standard/{code}/introduction")
"""Texts an edition carries beyond `Framework.text_paths`. They may be empty, in every language."""


@dataclass(frozen=True)
class Tree:
    """The pages of an edition, read in a fixed number of queries."""

    edition: EditionPage
    domains: tuple[DomainPage, ...]
    standards: Mapping[str, tuple[StandardPage, ...]]
    """By the path of their domain."""
    indicators: Mapping[int, tuple[GuideIndicator, ...]]
    """By the key of their standard's page."""
    outcomes: tuple[tuple[Values, tuple[Values, ...]], ...]

    def __iter__(self) -> Iterator[tuple[StandardPage, tuple[GuideIndicator, ...]]]:
        for domain in self.domains:
            for standard in self.standards.get(domain.path, ()):
                yield standard, self.indicators.get(standard.pk, ())

    @property
    def pages(self) -> Iterator[EditionPage | DomainPage | StandardPage]:
        yield self.edition
        for domain in self.domains:
            yield domain
            yield from self.standards.get(domain.path, ())


def read_tree(edition: EditionPage) -> Tree:
    """Every page under the edition, drafts included, as it stands in the database."""
    domains = tuple(DomainPage.objects.child_of(edition).order_by("path"))
    standards: dict[str, list[StandardPage]] = {}
    for standard in StandardPage.objects.descendant_of(edition).order_by("path"):
        standards.setdefault(standard.path[: -standard.steplen], []).append(standard)
    indicators: dict[int, list[GuideIndicator]] = {}
    found = GuideIndicator.objects.filter(page__path__startswith=edition.path).order_by(
        "page__path", "sort_order", "pk"
    )
    for indicator in found:
        indicators.setdefault(indicator.page_id, []).append(indicator)
    return Tree(
        edition,
        domains,
        {path: tuple(pages) for path, pages in standards.items()},
        {pk: tuple(rows) for pk, rows in indicators.items()},
        _kept_outcomes(edition),
    )


def live_part(tree: Tree) -> Tree:
    """What readers can see of it: its published pages."""
    return replace(
        tree,
        domains=tuple(page for page in tree.domains if page.live),
        standards={path: tuple(page for page in pages if page.live) for path, pages in tree.standards.items()},
    )


def read_outcomes(edition: EditionPage) -> tuple[tuple[Values, tuple[Values, ...]], ...]:
    """The outcomes as the page holds them, a draft in an editor's preview included."""
    return tuple(
        (
            {"code": outcome.code, "name": outcome.name, "months": outcome.months},
            tuple(condition_values(condition) for condition in outcome.conditions.all()),
        )
        for outcome in edition.outcomes.all()
    )


def _kept_outcomes(edition: EditionPage) -> tuple[tuple[Values, tuple[Values, ...]], ...]:
    """The same from the database, in two queries however many outcomes there are."""
    conditions: dict[int, list[Values]] = {}
    for condition in GuideCondition.objects.filter(outcome__page=edition.pk).order_by("sort_order", "pk"):
        conditions.setdefault(condition.outcome_id, []).append(condition_values(condition))
    return tuple(
        (
            {"code": outcome.code, "name": outcome.name, "months": outcome.months},
            tuple(conditions.get(outcome.pk, ())),
        )
        for outcome in GuideOutcome.objects.filter(page=edition.pk).order_by("sort_order", "pk")
    )


def condition_values(condition: GuideCondition) -> Values:
    return {name: getattr(condition, name) for name in ("test", "obligation", "level", "count", "percent")}


# --- Structure ------------------------------------------------------------------------------------------------------


def write_structure(tree: Tree) -> dict[str, Any]:
    """The structure in the shape that `framework.read_framework` reads and checks."""
    return {
        "code": tree.edition.code,
        "scale": {"lowest": SCALE.lowest, "highest": SCALE.highest},
        "rule": write_rule(
            {obligation: getattr(tree.edition, f"weight_{obligation.value}") for obligation in Obligation},
            tree.outcomes,
        ),
        "domains": [
            {
                "code": domain.code,
                "standards": [
                    {
                        "code": standard.code,
                        "indicators": [write_indicator(i.values) for i in tree.indicators.get(standard.pk, ())],
                    }
                    for standard in tree.standards.get(domain.path, ())
                ],
            }
            for domain in tree.domains
        ],
    }


def write_rule(
    weights: Mapping[Obligation, int], outcomes: Iterable[tuple[Values, Iterable[Values]]]
) -> dict[str, Any]:
    return {
        "weights": {obligation.value: weight for obligation, weight in weights.items()},
        "outcomes": [
            {
                "code": outcome["code"],
                "months": outcome["months"],
                "conditions": [
                    {name: value for name, value in condition.items() if value not in (None, "")}
                    for condition in conditions
                ],
            }
            for outcome, conditions in outcomes
        ],
    }


def write_indicator(values: Values) -> dict[str, Any]:
    """One indicator's structure, from its fields."""
    names = ["code", "obligation", "measure", "source", "evidence_required", "not_applicable"]
    if values["measure"] == Measure.NUMERIC:
        names += ["unit", "bands", "formula", "minimum_base"]
    return {name: values[name] for name in names}


# --- Texts ----------------------------------------------------------------------------------------------------------


def write_texts(tree: Tree) -> Wording:
    """Every text by path, the empty ones left out."""
    texts = edition_texts(tree.edition, tree.outcomes)
    for domain in tree.domains:
        texts |= domain_texts(domain)
    for standard, indicators in tree:
        texts |= standard_texts(standard, indicators)
    return Wording(texts)


def edition_texts(page: EditionPage, outcomes: Iterable[tuple[Values, Any]]) -> dict[str, str]:
    return _written(
        {
            "title": page.title,
            "introduction": page.introduction,
            "sample_notice": page.sample_notice if page.is_sample else "",
            **{f"level/{level}": getattr(page, f"level_{level}") for level in LEVELS},
            **{f"outcome/{outcome['code']}": outcome["name"] for outcome, _ in outcomes},
        }
    )


def domain_texts(page: DomainPage) -> dict[str, str]:
    path = f"domain/{page.code}"
    return _written(
        {
            f"{path}/title": page.title,
            f"{path}/short_title": page.short_title,
            f"{path}/introduction": page.introduction,
        }
    )


def standard_texts(page: StandardPage, indicators: Iterable[GuideIndicator]) -> dict[str, str]:
    path = f"standard/{page.code}"
    texts = _written({f"{path}/title": page.title, f"{path}/introduction": page.introduction})
    for indicator in indicators:
        texts |= indicator_texts(indicator.values)
    return texts


def indicator_texts(values: Values) -> dict[str, str]:
    """The texts that the measure calls for; a level left over from another measure is not carried along."""
    path = f"indicator/{values['code']}"
    names = {name: name for name in ("wording", "guidance", "evidence")}
    if values["measure"] == Measure.SCALE:
        names |= {f"level/{level}": f"level_{level}" for level in LEVELS}
    elif values["measure"] == Measure.YES_NO:
        names |= {"level/yes": "level_yes", "level/no": "level_no"}
    if is_scored(values):
        names |= {f"recommendation/{part}": f"recommendation_{part}" for part in ("title", "text", "look_for")}
    return _written({f"{path}/{end}": values[name] for end, name in names.items()})


def _written(texts: Mapping[str, str]) -> dict[str, str]:
    return {path: text.strip() for path, text in texts.items() if text.strip()}
