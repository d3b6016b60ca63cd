"""Checks for editions that are valid but contradictory: outcomes, bands or conditions that no evidence can reach.

`find_problems` of the framework finds what makes an edition unusable. The problems found here would be computed without
an error and are wrong all the same, so they prevent a release. Pure: takes a framework, returns problems with their
place.
"""

from standards.checks.bands import as_decimal, find_band_problems, may_contradict
from standards.checks.examples import EXCUSED, MISSING, Example, State
from standards.checks.registry import Checked, check_framework, register

__all__ = [
    "EXCUSED",
    "MISSING",
    "Checked",
    "Example",
    "State",
    "as_decimal",
    "check_framework",
    "find_band_problems",
    "may_contradict",
    "register",
]
