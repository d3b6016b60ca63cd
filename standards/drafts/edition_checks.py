"""Find the problems of a draft edition, each with its place, its field and a sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from standards.checks import Example, check_framework, find_band_problems
from standards.drafts.conditions import ALTERNATIVE
from standards.drafts.fields import NAMED_PARTS, PROCEDURE, EditionText, Part, write_texts
from standards.drafts.part_checks import (
    DOMAIN_CODE,
    GROUP_CODE,
    OBLIGATION_CODE,
    OUTCOME_CODE,
    Problem,
    find_code_problem,
    find_condition_problems,
    find_edition_problems,
    find_indicator_problems,
    find_key_problem,
    find_standard_problems,
)
from standards.framework import Framework, find_problems
from standards.framework import ValidationProblem as FrameworkProblem
from standards.presentation.example_phrases import describe_example


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """A problem of a draft. `where` is as in `framework.ValidationProblem`, or `edition` for a field of its own page.

    `name` is the field, if any.
    """

    where: str
    name: str
    sentence: str


_CODES = {
    "obligation": OBLIGATION_CODE,
    "outcome": OUTCOME_CODE,
    "trait": OBLIGATION_CODE,
    "group": GROUP_CODE,
    "result": OBLIGATION_CODE,
}
"""The pattern of the codes of each kind of part."""


def find_unreadable(text: EditionText) -> Iterator[DraftProblem]:
    """Yield the problems of values that cannot be parsed."""
    yield from _at("edition", find_edition_problems(text.fields))
    for kind, parts in text.named_parts.items():
        for part in parts:
            yield from _at(f"{kind}/{part.code}", find_code_problem(part.code, _CODES[kind]))
    yield from _in_conditions("passing", text.passing)
    for part in text.outcomes:
        yield from _in_conditions(f"outcome/{part.code}", part.parts)
        if (result := part.fields["result"]) and result not in {one.code for one in text.results}:
            sentence = _("There is no result %(code)s in the edition. Name it there, or empty this.")
            yield DraftProblem(f"outcome/{part.code}", "result", sentence % {"code": result})
    for domain in text.domains:
        yield from _at(f"domain/{domain.code}", find_code_problem(domain.code, DOMAIN_CODE))
        yield from _at(f"domain/{domain.code}", find_key_problem(domain.fields["key"]))
        for standard in domain.parts:
            where = f"standard/{standard.code}"
            yield from _at(where, find_standard_problems(standard.code, domain.code))
            yield from _at(where, find_key_problem(standard.fields["key"]))
            for indicator in standard.parts:
                yield from _at(f"indicator/{indicator.code}", find_indicator_problems(indicator.fields, standard.code))


def _at(where: str, problems: Iterator[Problem]) -> Iterator[DraftProblem]:
    return (DraftProblem(where, name, sentence) for name, sentence in problems)


def _in_conditions(where: str, conditions: tuple[Part, ...]) -> Iterator[DraftProblem]:
    for number, part in enumerate(conditions):
        yield from _at(f"{where}/{number}", find_condition_problems(part.fields))
        if part.fields.get(ALTERNATIVE):
            yield DraftProblem(
                f"{where}/{number}",
                ALTERNATIVE,
                _("No condition of which some must hold stands above this one. Move it below one, or untick this."),
            )
        yield from _in_conditions(f"{where}/{number}", part.parts)


def find_contradictions(framework: Framework) -> Iterator[DraftProblem]:
    """Yield the contradictions between parts, and the problems of what every edition must have."""
    yield from (_as_draft_problem(problem, framework) for problem in find_problems(framework))


def _find_equal_names(kind: str, parts: tuple[Part, ...]) -> Iterator[DraftProblem]:
    """Yield a problem for each part that has the name of an earlier part of its kind."""
    first_of: dict[str, str] = {}
    for part in parts:
        name = " ".join(part.fields["name"].casefold().split())
        first = first_of.setdefault(name, part.code)
        if name and first != part.code:
            values = {"first": first, "second": part.code, "name": part.fields["name"]}
            sentence = _(
                "%(first)s and %(second)s have the same name, “%(name)s”, so nobody could tell them apart. Rename one."
            )
            yield DraftProblem(f"{kind}/{part.code}", "name", sentence % values)


def _as_draft_problem(problem: FrameworkProblem, framework: Framework) -> DraftProblem:
    """Return a problem of the framework with its place on a page, in the active language."""
    place = _FIELDS.get((problem.where, problem.name), (problem.where, problem.name))
    values = {
        name: describe_example(value, framework) if isinstance(value, Example) else value
        for name, value in problem.values.items()
    }
    return DraftProblem(*place, _(problem.message) % values)


@dataclass(frozen=True)
class OutcomeCheck:
    """The results of the checks of outcomes. `problems` prevent a release, `undecided` are only reported.

    `examples` has for the code of an outcome the description of an example that leads to it.
    """

    problems: tuple[DraftProblem, ...]
    undecided: tuple[DraftProblem, ...]
    examples: Mapping[str, str]


def check_outcomes(framework: Framework) -> OutcomeCheck:
    """Run every check. The edition must have no unreadable values and no contradictions."""
    checked = check_framework(framework)
    return OutcomeCheck(
        tuple(_as_draft_problem(problem, framework) for problem in checked.problems),
        tuple(_as_draft_problem(problem, framework) for problem in checked.undecided),
        {code: describe_example(example, framework) for code, example in checked.examples.items()},
    )


def check_bands(framework: Framework) -> Iterator[DraftProblem]:
    """Yield the problems of bands. This also works while other parts of the edition have problems."""
    for indicator in framework.indicators.values():
        if all(band.level in framework.scale.levels for band in indicator.bands):
            yield from (
                _as_draft_problem(problem, framework) for problem in find_band_problems(indicator, framework.scale)
            )


def find_missing(text: EditionText, framework: Framework) -> Iterator[DraftProblem]:
    """Yield a problem for each missing text, and for each name that two parts of a kind have.

    Missing texts are not found while an indicator has an unknown obligation.
    """
    if all(indicator.obligation in framework.rule.obligation for indicator in framework.indicators.values()):
        for path in write_texts(text).missing(framework):
            yield DraftProblem(*place_of(path), _("This text is missing. Write it."))
    if text.fields["is_sample"] and not text.fields["sample_notice"].strip():
        yield DraftProblem("edition", "sample_notice", _("A sample says that it is one. Write the notice."))
    for kind, parts in text.named_parts.items():
        yield from _find_equal_names(kind, parts)


_FIELDS = {
    ("", ""): ("edition", "domains"),
    ("scale", ""): ("edition", "scale_highest"),
    ("scale", "points"): ("edition", "scale_points"),
    ("aggregation", "level"): ("edition", "share_level"),
    ("aggregation", "group"): ("edition", "group_method"),
    ("aggregation", "of_groups"): ("edition", "of_groups"),
    ("groups", ""): ("edition", "groups"),
    ("rule", "excused_at_most"): ("edition", "excused_at_most"),
    ("rule", "obligations"): ("edition", "obligations"),
    ("rule", "outcomes"): ("edition", "outcomes"),
    **{("procedure", name): ("edition", name) for name in PROCEDURE},
}
"""The field of the edition's page for places that the framework distinguishes and pages do not."""


def place_of(path: str) -> tuple[str, str]:
    """Return the place and the field of a text, from its path in `text_paths` or `EXTRA_TEXTS`."""
    kind, *rest = path.split("/")
    match kind, rest:
        case "level", [level]:
            return "edition", f"level_{level}"
        case _, [code] if kind in NAMED_PARTS:
            return f"{kind}/{code}", "name"
        case _, [code, *names]:
            return f"{kind}/{code}", "_".join(names)
        case _:
            return "edition", kind
