"""Validate one part of the Guide before it is parsed: codes, choices and values written as text.

The editor in the CMS, the reader of edition files and the release all use these checks, and then
`standards.framework.find_problems` for the edition as a whole.
"""

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from standards.drafts.fields import FIGURES, Values, read_points, read_value
from standards.framework import (
    INDICATOR_STRUCTURE,
    LONGEST_KEY,
    Bound,
    MalformedEdition,
    Measure,
    Method,
    Source,
    Test,
    ValidationProblem,
    read_percentage,
)

Problem = tuple[str, str]
"""The field of a problem, and its sentence."""

EDITION_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.-]{0,19}$")
GROUP_CODE = re.compile(r"^G[1-9]\d?$")
DOMAIN_CODE = re.compile(r"^D[1-9]\d?$")
STANDARD_CODE = re.compile(r"^[1-9]\d?\.[1-9]\d?$")
INDICATOR_CODE = re.compile(r"^[1-9]\d?\.[1-9]\d?\.[1-9]\d?$")
OBLIGATION_CODE = re.compile(r"^[a-z][a-z_]{0,19}$")
KEY = re.compile(rf"^[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_KEY - 1}}}$")
OUTCOME_CODE = re.compile(r"^[a-z][a-z_]{0,29}$")

_EXAMPLES = {
    EDITION_CODE: (
        "2026",
        gettext_noop("Write at most 20 letters, digits, dots and hyphens, and no hyphen or dot first."),
    ),
    GROUP_CODE: ("G1", gettext_noop("Write G and a number from 1 to 99.")),
    DOMAIN_CODE: ("D5", gettext_noop("Write D and a number from 1 to 99.")),
    STANDARD_CODE: ("5.1", gettext_noop("Write the number of its domain, a dot, and a number from 1 to 99.")),
    INDICATOR_CODE: ("5.1.1", gettext_noop("Write the code of its standard, a dot, and a number from 1 to 99.")),
    OBLIGATION_CODE: (
        "essential",
        gettext_noop(
            "Write at most 20 small letters from a to z and underscores, and no digits: “tier_one”, not “tier1”."
        ),
    ),
    OUTCOME_CODE: (
        "conditional",
        gettext_noop(
            "Write at most 30 small letters from a to z and underscores, and no digits: “tier_one”, not “tier1”."
        ),
    ),
}
"""An example for each pattern of a code, and how to write it."""


def find_code_problem(code: str, pattern: re.Pattern[str]) -> Iterator[Problem]:
    if not pattern.match(code):
        example, remedy = _EXAMPLES[pattern]
        values = {"code": code, "example": example, "remedy": _(remedy)}
        yield "code", _("The code “%(code)s” is not written like “%(example)s”. %(remedy)s") % values


def find_key_problem(key: str) -> Iterator[Problem]:
    """Yield a problem unless a permanent key is well formed or empty."""
    if key and not KEY.match(key):
        message = _(
            "The permanent key “%(key)s” may have at most %(most)s letters, digits, dots, hyphens, underscores."
        )
        yield "key", message % {"key": key, "most": LONGEST_KEY}


def find_edition_problems(values: Values) -> Iterator[Problem]:
    """Yield the problems of the edition's own fields: its scale and its scoring."""
    yield from find_code_problem(values["code"], EDITION_CODE)
    try:
        read_points(values["scale_points"])
    except MalformedEdition as unreadable:
        yield from (("scale_points", problem) for problem in unreadable.problems)
    for name in ("standard_method", "domain_method", "overall_method"):
        if values[name] not in tuple(Method):
            yield name, not_one_of(values[name], tuple(Method))


def find_standard_problems(code: str, domain_code: str) -> Iterator[Problem]:
    """Yield a problem unless a standard's code is well formed and begins with the number of its domain."""
    code_problems = list(find_code_problem(code, STANDARD_CODE))
    yield from code_problems
    number = domain_code.removeprefix("D")
    if not code_problems and domain_code and not code.startswith(f"{number}."):
        yield (
            "code",
            _("The code %(code)s does not belong to domain %(domain)s. Begin it with “%(start)s”.")
            % {"code": code, "domain": domain_code, "start": f"{number}."},
        )


def find_indicator_problems(values: Values, standard_code: str = "") -> Iterator[Problem]:
    """Yield the problems of an indicator's values: unreadable ones, and details of a figure that contradict each other.

    Of missing texts only the unit is found here; `find_missing` finds the others.
    """
    code = values["code"]
    code_problems = list(find_code_problem(code, INDICATOR_CODE))
    yield from code_problems
    if not code_problems and standard_code and not code.startswith(f"{standard_code}."):
        yield (
            "code",
            _("The code %(code)s does not belong to standard %(standard)s. Begin it with “%(start)s”.")
            % {"code": code, "standard": standard_code, "start": f"{standard_code}."},
        )
    yield from find_key_problem(values["key"])
    for field in INDICATOR_STRUCTURE:
        try:
            read_value(field, values[field.name])
        except MalformedEdition as unreadable:
            yield from ((field.name, translate_problem(problem)) for problem in unreadable.problems)
        except ValueError:
            yield field.name, not_one_of(values[field.name], field.choices)
    if values["measure"] == Measure.NUMERIC:
        yield from _find_numeric_problems(values)
    elif values["measure"] in tuple(Measure) and not values["formula"] and not values["bands"]:
        for name in FIGURES:
            if values[name]:
                yield name, _("Only a number, or what is capped by figures, has this. Empty it, or write the formula.")
    has_figure = values["measure"] == Measure.NUMERIC or values["formula"]
    if has_figure and not values["unit"].strip():
        yield "unit", _("This text is missing. Write it.")
    if values["minimum_base"] and not values["formula"]:
        yield "minimum_base", _("A smallest base needs a formula to count the cases of. Empty it or write the formula.")
    if values["minimum_months"] and not values["formula"] and values["measure"] == Measure.NUMERIC:
        yield "minimum_months", _("A number of months needs a formula. Empty it or write the formula.")


def _find_numeric_problems(values: Values) -> Iterator[Problem]:
    if not values["bands"].strip():
        yield "bands", _("Write bands such as “>=90:3;>=80:2;>=60:1”, or “report_only” if it is not scored.")
    if values["source"] == Source.STATISTICS and not values["formula"]:
        yield "formula", _("An indicator that is filled from the statistics needs a formula such as “A04/A03”.")


def find_condition_problems(values: Values) -> Iterator[Problem]:
    if values["test"] not in tuple(Test):
        yield "test", not_one_of(values["test"], tuple(Test))
    if values["method"] and values["method"] not in tuple(Method):
        yield "method", not_one_of(values["method"], tuple(Method))
    readers: dict[str, Callable[[str], object]] = {"percent": read_percentage, "figure": Bound.read}
    for name, read in readers.items():
        try:
            if values[name]:
                read(values[name])
        except MalformedEdition as unreadable:
            yield from ((name, translate_problem(problem)) for problem in unreadable.problems)


def translate_problem(problem: str) -> str:
    return _(problem.message) % problem.values if isinstance(problem, ValidationProblem) else problem


def find_duplicates(codes: list[str]) -> list[str]:
    """Return the duplicate codes, in order."""
    return [code for code in dict.fromkeys(codes) if codes.count(code) > 1]


def not_one_of(value: object, allowed: tuple[str, ...]) -> str:
    return _("“%(value)s” is not known here. Write one of: %(allowed)s.") % {
        "value": value,
        "allowed": ", ".join(str(word) for word in allowed),
    }
