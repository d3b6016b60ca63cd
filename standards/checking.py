"""What must be true of one part of the Guide, each problem as the field it sits in and a sentence that mends it.

The editor in the CMS, the reader of edition files and the release all ask here, so that they can never disagree.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from standards.framework import (
    REPORT_ONLY,
    Formula,
    MalformedEdition,
    Measure,
    MinimumBase,
    Obligation,
    Scale,
    Source,
    Test,
    read_bands,
)

Problem = tuple[str, str]
"""The field, and the sentence."""

SCALE = Scale()
LEVELS = SCALE.levels

EDITION_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.-]{0,19}$")
DOMAIN_CODE = re.compile(r"^D[1-9]\d?$")
STANDARD_CODE = re.compile(r"^[1-9]\d?\.[1-9]\d?$")
INDICATOR_CODE = re.compile(r"^[1-9]\d?\.[1-9]\d?\.[1-9]\d?$")
OUTCOME_CODE = re.compile(r"^[a-z][a-z_]{0,29}$")

NUMERIC_ONLY = ("unit", "bands", "formula", "minimum_base")
RECOMMENDATION = ("recommendation_title", "recommendation_text", "recommendation_look_for")
SCALE_LEVELS = tuple(f"level_{level}" for level in LEVELS)
YES_NO_LEVELS = ("level_yes", "level_no")

INDICATOR_FIELDS = (
    *("code", "wording", "guidance", "obligation", "measure", "source", "evidence"),
    *("evidence_required", "not_applicable", *NUMERIC_ONLY, *SCALE_LEVELS, *YES_NO_LEVELS, *RECOMMENDATION),
)

CONDITION_FIELDS: dict[Test, tuple[str, ...]] = {
    Test.INCOMPLETE: ("obligation",),
    Test.EVERY: ("obligation", "level"),
    Test.AT_MOST: ("obligation", "level", "count"),
    Test.NONE_AT: ("obligation", "level"),
    Test.DOMAINS: ("percent",),
    Test.OVERALL: ("percent",),
}
"""What each test of a decision rule reads; it must have these and no others."""


def find_code_problem(code: str, pattern: re.Pattern[str], example: str) -> Iterator[Problem]:
    if not pattern.match(code):
        yield "code", _("The code “%(code)s” is not written like “%(example)s”.") % {"code": code, "example": example}


def find_standard_problems(code: str, domain_code: str) -> Iterator[Problem]:
    """A standard's code begins with the number of its domain."""
    wrong = list(find_code_problem(code, STANDARD_CODE, "5.1"))
    yield from wrong
    number = domain_code.removeprefix("D")
    if not wrong and domain_code and not code.startswith(f"{number}."):
        yield (
            "code",
            _("The code %(code)s does not belong to domain %(domain)s. Begin it with “%(start)s”.")
            % {"code": code, "domain": domain_code, "start": f"{number}."},
        )


def find_indicator_problems(values: Mapping[str, Any], standard_code: str = "") -> Iterator[Problem]:
    """What contradicts itself or cannot be read. What is only not written yet is found by `find_indicator_gaps`."""
    code = values["code"]
    wrong = list(find_code_problem(code, INDICATOR_CODE, "5.1.1"))
    yield from wrong
    if not wrong and standard_code and not code.startswith(f"{standard_code}."):
        yield (
            "code",
            _("The code %(code)s does not belong to standard %(standard)s. Begin it with “%(start)s”.")
            % {"code": code, "standard": standard_code, "start": f"{standard_code}."},
        )
    for name, kinds in (("obligation", Obligation), ("measure", Measure), ("source", Source)):
        if values[name] not in tuple(kinds):
            yield name, not_one_of(values[name], tuple(kinds))
    if values["obligation"] == Obligation.ESSENTIAL and values["not_applicable"]:
        yield "not_applicable", _("An essential indicator applies to every hotline. Take “not applicable” away.")
    if values["measure"] == Measure.NUMERIC:
        yield from _find_numeric_problems(values)
    elif values["measure"] in tuple(Measure):
        for name in NUMERIC_ONLY:
            if values[name]:
                yield name, _("Only a numeric indicator has this. Empty it, or make the measure numeric.")


def _find_numeric_problems(values: Mapping[str, Any]) -> Iterator[Problem]:
    if not values["bands"].strip():
        yield "bands", _("Write bands such as “>=90:3;>=80:2;>=60:1”, or “report_only” if it is not scored.")
    readers: tuple[tuple[str, Callable[[str], Any]], ...] = (
        ("bands", read_bands),
        ("formula", lambda text: text and Formula(text)),
        ("minimum_base", MinimumBase.read),
    )
    for name, read in readers:
        try:
            found = read(values[name])
        except MalformedEdition as unreadable:
            yield from ((name, problem) for problem in unreadable.problems)
            continue
        for band in found if name == "bands" else ():
            if band.level not in LEVELS:
                yield (
                    "bands",
                    _("There is no level %(level)s. The scale goes from %(lowest)s to %(highest)s.")
                    % {"level": band.level, "lowest": SCALE.lowest, "highest": SCALE.highest},
                )
    if values["minimum_base"] and not values["formula"]:
        yield "minimum_base", _("A smallest base needs a formula to count the cases of. Empty it or write the formula.")
    if values["source"] == Source.STATISTICS and not values["formula"]:
        yield "formula", _("An indicator that is filled from the statistics needs a formula such as “A04/A03”.")


def find_indicator_gaps(values: Mapping[str, Any]) -> Iterator[Problem]:
    """What an edition cannot be released without, and an editor may still be writing."""
    wanted = ["wording", "guidance", "evidence"]
    measure = values["measure"]
    wanted += {Measure.SCALE: SCALE_LEVELS, Measure.YES_NO: YES_NO_LEVELS}.get(measure, ())
    wanted += ["unit"] if measure == Measure.NUMERIC else []
    if is_scored(values):
        wanted += RECOMMENDATION
    for name in wanted:
        if not values[name].strip():
            yield name, _("This text is missing. Write it.")


def is_scored(values: Mapping[str, Any]) -> bool:
    return values["measure"] != Measure.NUMERIC or values["bands"].strip() not in ("", REPORT_ONLY)


def find_condition_problems(values: Mapping[str, Any]) -> Iterator[Problem]:
    """A condition has exactly the fields its test reads."""
    test = values["test"]
    if test not in tuple(Test):
        yield "test", not_one_of(test, tuple(Test))
        return
    for name in ("obligation", "level", "count", "percent"):
        value = values.get(name)
        given = value not in (None, "")
        if given != (name in CONDITION_FIELDS[Test(test)]):
            if given:
                yield name, _("The test “%(test)s” does not look at this. Empty it.") % {"test": test}
            else:
                yield name, _("The test “%(test)s” needs this. Fill it in.") % {"test": test}
    if values.get("obligation") and values["obligation"] not in tuple(Obligation):
        yield "obligation", not_one_of(values["obligation"], tuple(Obligation))
    if values.get("level") is not None and values["level"] not in LEVELS:
        yield (
            "level",
            _("There is no level %(level)s. The scale goes from %(lowest)s to %(highest)s.")
            % {"level": values["level"], "lowest": SCALE.lowest, "highest": SCALE.highest},
        )
    percent = values.get("percent")
    if percent is not None and not 0 <= percent <= 100:
        yield "percent", _("Write a number from 0 to 100.")


def find_repeated(codes: list[str]) -> list[str]:
    """The codes that stand more than once, in order."""
    return [code for code in dict.fromkeys(codes) if codes.count(code) > 1]


def not_one_of(value: object, allowed: tuple[str, ...]) -> str:
    return _("“%(value)s” is not known here. Write one of: %(allowed)s.") % {
        "value": value,
        "allowed": ", ".join(str(word) for word in allowed),
    }
