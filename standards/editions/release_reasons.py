"""Find the problems that prevent the release of an edition, each with its page and field."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from standards.drafts.edition_checks import (
    DraftProblem,
    check_bands,
    check_outcomes,
    find_contradictions,
    find_missing,
    find_unreadable,
    place_of,
)
from standards.drafts.fields import write_texts
from standards.drafts.hard_texts import find_hard_texts
from standards.editions.links import find_dead_links
from standards.editions.page_reader import Tree
from standards.framework import Framework, Wording
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
from standards.models.forms import COLUMNS

_MODELS: dict[str, type[models.Model]] = {
    "edition": EditionPage,
    "domain": DomainPage,
    "standard": StandardPage,
    "indicator": IndicatorPage,
    "obligation": GuideObligation,
    "outcome": GuideOutcome,
    "trait": GuideTrait,
    "group": GuideGroup,
    "result": GuideResult,
    "condition": GuideCondition,
    "passing": GuidePassing,
}


class ReleaseProblem(str):
    """A problem as a sentence with its place, and the key of the page on which it is fixed.

    `where` is the place as in `DraftProblem`. `words` has the field and the problem without the place, for lists under
    the name of the part.
    """

    __slots__ = ("page_id", "where", "words")
    page_id: int
    where: str
    words: str

    def __new__(cls, sentence: str, page_id: int, where: str, words: str) -> Self:
        problem = super().__new__(cls, sentence)
        problem.page_id, problem.where, problem.words = page_id, where, words
        return problem


@dataclass(frozen=True, slots=True)
class ProblemsOfPart:
    """The problems of one part of an edition, with the name and the place of the part."""

    part: str
    where: str
    problems: tuple[ReleaseProblem, ...]


def find_part_problems(tree: Tree) -> Iterator[ReleaseProblem]:
    """Yield the problems that need no search: unreadable values, contradictions, missing texts, dead links."""
    unreadable = list(find_unreadable(tree.text))
    places = {finding.where for finding in unreadable}
    others = (
        *find_contradictions(tree.framework),
        *find_missing(tree.text, tree.framework),
        *check_bands(tree.framework),
        *find_dead_links(write_texts(tree.text), tree.framework),
    )
    for finding in (*unreadable, *(other for other in others if other.where not in places)):
        yield _as_release_problem(finding, tree)


def find_release_problems(tree: Tree) -> Iterator[ReleaseProblem]:
    """Yield every problem. Those of the rule as a whole are found only in an edition without contradictions."""
    found = list(find_part_problems(tree))
    yield from found
    if not any(find_unreadable(tree.text)) and not any(find_contradictions(tree.framework)):
        of_rule = (_as_release_problem(finding, tree) for finding in check_outcomes(tree.framework).problems)
        yield from (problem for problem in of_rule if problem not in found)


def find_undecided(tree: Tree) -> Iterator[ReleaseProblem]:
    """Yield the questions whose search was aborted. They are only reported."""
    return (_as_release_problem(finding, tree) for finding in check_outcomes(tree.framework).undecided)


def find_translation_problems(tree: Tree, framework: Framework, texts: Wording) -> Iterator[ReleaseProblem]:
    """Yield the problems of the texts of a translation, which are its dead links."""
    return (_as_release_problem(finding, tree) for finding in find_dead_links(texts, framework))


def describe_dead_links(texts: Mapping[str, str], framework: Framework) -> Iterator[str]:
    """Yield a sentence for each dead address in texts without pages."""
    for finding in find_dead_links(texts, framework):
        field = _describe_text(finding.where, finding.name)
        yield _("%(field)s: %(problem)s") % {"field": field, "problem": finding.sentence}


def find_hints(tree: Tree) -> list[ProblemsOfPart]:
    """Return the hints, which prevent nothing: texts that are hard to read."""
    found = find_hard_texts(write_texts(tree.text))
    return group_by_part((_as_release_problem(finding, tree) for finding in found), tree)


def describe_outcomes(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield the name of each outcome that has an example, with that example."""
    examples = check_outcomes(tree.framework).examples
    return ((part.fields["name"], examples[part.code]) for part in tree.text.outcomes if part.code in examples)


def _as_release_problem(finding: DraftProblem, tree: Tree) -> ReleaseProblem:
    page = tree.places.get(finding.where, tree.edition)
    field = _field_words(finding.where, finding.name)
    words = _("%(field)s: %(problem)s") % {"field": field, "problem": finding.sentence} if field else finding.sentence
    return ReleaseProblem(_describe(finding, page), page.pk, finding.where, capfirst(words))


def describe_texts(tree: Tree, sentence: str, paths: Iterable[str]) -> Iterator[ReleaseProblem]:
    """Yield a problem for each text. The sentence has the placeholder `text`."""
    for path in paths:
        where, name = place_of(path)
        page, words = tree.places.get(where, tree.edition), sentence % {"text": capfirst(_field_words(where, name))}
        yield ReleaseProblem(sentence % {"text": describe_path(path)}, page.pk, where, words)


def group_by_part(problems: Iterable[ReleaseProblem], tree: Tree) -> list[ProblemsOfPart]:
    """Return the problems by part, in the order of the Guide, those of the edition first."""
    found: dict[str, list[ReleaseProblem]] = {"edition": []}
    found |= {where: [] for where in tree.places}
    for problem in problems:
        found.setdefault(problem.where, []).append(problem)
    return [
        ProblemsOfPart(capfirst(describe_part(where)), where, tuple(problems))
        for where, problems in found.items()
        if problems
    ]


def _describe(finding: DraftProblem, page: Any) -> str:
    values = {
        "page": f"{page.code} {page.title}",
        "part": describe_part(finding.where),
        "field": _field_words(finding.where, finding.name),
        "problem": finding.sentence,
    }
    is_page = finding.where.partition("/")[0] in ("edition", "domain", "standard", "indicator")
    if is_page and not values["field"]:
        return _("“%(page)s”: %(problem)s") % values
    if is_page:
        return _("“%(page)s”, %(field)s: %(problem)s") % values
    if not values["field"]:
        return _("“%(page)s”, %(part)s: %(problem)s") % values
    return _("“%(page)s”, %(part)s, %(field)s: %(problem)s") % values


def describe_part(where: str) -> str:
    """Describe a place of an edition."""
    kind, _slash, code = where.partition("/")
    outcome, _slash, number = code.partition("/")
    match kind:
        case "indicator":
            return _("indicator %(code)s") % {"code": code}
        case "standard":
            return _("standard %(code)s") % {"code": code}
        case "domain":
            return _("domain %(code)s") % {"code": code}
        case "obligation":
            return _("obligation %(code)s") % {"code": code}
        case "result":
            return _("result %(code)s") % {"code": code}
        case "group":
            return _("group of domains %(code)s") % {"code": code}
        case "trait":
            return _("trait %(code)s") % {"code": code}
        case "outcome" if number:
            return _("outcome %(code)s, condition %(number)s") % {"code": outcome, "number": _number(number)}
        case "outcome":
            return _("outcome %(code)s") % {"code": code}
        case "passing":
            return _("condition %(number)s by which a standard passes") % {"number": _number(code)}
        case _:
            return _("the edition")


def _number(numbers: str) -> str:
    """Return the number of a condition, counted from 1, or of one of its alternatives: `2`, `2.1`."""
    return ".".join(str(int(number) + 1) for number in numbers.split("/"))


def describe_error(where: str, name: str, sentence: str) -> str:
    """Describe an error of a form: the place that the form edits, the field and the error."""
    part, field = capfirst(describe_part(where)), _field_words(where, name)
    place = _("%(part)s, %(field)s") % {"part": part, "field": field} if field else part
    return _("%(field)s: %(problem)s") % {"field": place, "problem": sentence}


def describe_path(path: str) -> str:
    """Describe a text of an edition: its place and its field."""
    return _describe_text(*place_of(path))


def _describe_text(where: str, name: str) -> str:
    return _("%(part)s, %(field)s") % {"part": capfirst(describe_part(where)), "field": _field_words(where, name)}


def max_length_of(path: str) -> int | None:
    """Return the maximal length of a text; None without a limit."""
    where, name = place_of(path)
    longest = getattr(_MODELS[where.partition("/")[0]]._meta.get_field(name), "max_length", None)
    return int(longest) if longest else None


def _field_words(where: str, name: str) -> str:
    """Return the label of a field in the editor."""
    kind = "condition" if where.count("/") >= 2 else where.partition("/")[0]
    known = {field.name: field for field in _MODELS[kind]._meta.get_fields()}
    field = known.get(COLUMNS.get(name, name) if kind == "condition" else name)
    return str(getattr(field, "verbose_name", "")) if field is not None else ""
