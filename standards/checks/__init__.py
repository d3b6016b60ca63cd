"""Checks for editions that are valid but contradictory: outcomes, bands or conditions that no evidence can reach.

`find_problems` of the framework says what makes an edition unusable. What is found here would be computed without an
error, and is wrong all the same, so it stops a release. Pure: a framework goes in, problems with their place come out.
"""

from standards.checks.bands import find_band_problems
from standards.checks.examples import EXCUSED, MISSING, Example, State
from standards.checks.registry import Checked, check_framework, register

__all__ = [
    "EXCUSED",
    "MISSING",
    "Checked",
    "Example",
    "State",
    "check_framework",
    "find_band_problems",
    "register",
]
