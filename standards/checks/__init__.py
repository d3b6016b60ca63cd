"""Checks for editions that are valid but contradictory: outcomes, bands or conditions that no evidence can reach.

`find_problems` of the framework finds the errors that make an edition unusable. The contradictions found here cause no
error when an evaluation is scored, but wrong results, so that they prevent a release. Pure: the checks take a framework
and return problems with their place.
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
