"""Find figures of an edition that no file could provide: unknown items, no total, another unit. Pure.

`standards` parses formulas without the data dictionary, which belongs to `evaluation`. A released edition with such a
figure could never be corrected: it would be missing for every hotline, or be read in the wrong unit.
"""

from collections.abc import Iterator

from evaluation.figures.dictionary.items import Item, items
from standards.checks import Checked
from standards.framework import Formula, Framework, Indicator, ValidationProblem
from standards.framework.problem import gettext_noop
from standards.framework.units import PERCENT, TIME


def check_asked_figures(framework: Framework) -> Checked:
    """Validate the formula and the smallest base of every indicator against the data dictionary."""
    asking = (indicator for indicator in framework.indicators.values() if indicator.formula)
    return Checked(tuple(problem for indicator in asking for problem in _find_problems(indicator)))


def _find_problems(indicator: Indicator) -> Iterator[ValidationProblem]:
    formula, base = indicator.formula, indicator.minimum_base
    assert formula is not None  # validated already
    problems = [problem for code in formula.items for problem in _find_item_problems(indicator, "formula", code)]
    yield from problems
    if base and base.item not in formula.items:
        yield from _find_item_problems(indicator, "minimum_base", base.item)
    if not problems:
        yield from _find_formula_problems(indicator, formula)


def _find_item_problems(indicator: Indicator, name: str, code: str) -> Iterator[ValidationProblem]:
    item = items().get(code)
    if item is None:
        message = gettext_noop(
            "%(code)s asks for %(item)s, which is no item of the data dictionary, so no hotline could ever have the "
            "figure. Write one of its items, such as A03."
        )
        yield _problem(indicator, name, message, item=code)
    elif item.dimensions and not item.adds_over_codes:
        message = gettext_noop(
            "%(code)s asks for %(item)s, which is only known by group and has no total. Write an item that has one."
        )
        yield _problem(indicator, name, message, item=code)


def _find_formula_problems(indicator: Indicator, formula: Formula) -> Iterator[ValidationProblem]:
    numerator, signed = formula.parts()
    if len(signed) > 1 and signed[0][1] == signed[1][1] and signed[1][0] < 0:
        message = gettext_noop("%(code)s divides by %(formula)s, which is always nothing. Correct the formula.")
        yield _problem(indicator, "formula", message, formula=f"{signed[0][1]}-{signed[1][1]}")
        return
    item = items()[numerator]
    if not signed and _is_other_unit(indicator.unit, item):
        message = gettext_noop(
            "%(code)s is told in %(unit)s, and %(item)s is counted in %(own)s. Write that unit, with bands in it."
        )
        yield _problem(indicator, "unit", message, unit=indicator.unit, item=numerator, own=item.unit)
    elif signed and indicator.unit in TIME and item.unit != indicator.unit:
        message = gettext_noop(
            "%(code)s is told in %(unit)s, and its formula divides %(item)s, which is counted in %(own)s. "
            "Write percent, or another word."
        )
        yield _problem(indicator, "unit", message, unit=indicator.unit, item=numerator, own=item.unit)


def _is_other_unit(unit: str, item: Item) -> bool:
    """Whether a number of the item would be wrong in the unit. Any unit in the editor's own words is accepted."""
    return unit != item.unit and (unit == PERCENT or unit in TIME)


def _problem(indicator: Indicator, name: str, message: str, **values: str) -> ValidationProblem:
    return ValidationProblem(message, f"indicator/{indicator.code}", name, code=indicator.code, **values)
