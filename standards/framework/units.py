"""The units that the system knows, and exact percentages. Any other unit is a name that the edition defines."""

import re
from fractions import Fraction

from standards.framework.problem import MalformedEdition, ValidationProblem, gettext_noop

PERCENT = "percent"
SECONDS, MINUTES, HOURS, DAYS = TIME = ("seconds", "minutes", "hours", "days")

Percentage = int | Fraction
"""A number in per cent, which is compared exactly."""

PERCENTAGE = re.compile(r"^(?:(\d{1,3}) )?(\d{1,4})/([1-9]\d{0,3})$|^(\d{1,3}(?:\.\d{1,6})?)$", re.ASCII)


def read_percentage(text: str) -> Percentage:
    """Parse a percentage such as `80`, `66.5` or `66 2/3`. Raises MalformedEdition."""
    match = PERCENTAGE.match(text.strip())
    if match is None:
        message = gettext_noop("The percentage “%(text)s” is not written like “80”, “66.5” or “66 2/3”.")
        raise MalformedEdition([ValidationProblem(message, "", "percent", text=text)])
    whole, numerator, denominator, decimal = match.groups()
    exact = Fraction(decimal) if decimal else Fraction(int(numerator), int(denominator)) + int(whole or 0)
    return exact.numerator if exact.denominator == 1 else exact


def write_percentage(percent: Percentage) -> int | str:
    """Return a whole percentage as a number, any other as text: `66.5` if a decimal is exact, or else `66 2/3`."""
    exact = Fraction(percent)
    if exact.denominator == 1:
        return exact.numerator
    if (exact * 10**6).denominator == 1:
        return f"{float(exact):.6f}".rstrip("0")
    whole, rest = divmod(exact.numerator, exact.denominator)
    return f"{whole} {rest}/{exact.denominator}"
