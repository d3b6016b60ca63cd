"""Proves whether the conditions and outcomes of a decision rule are reachable. Pure: it depends on the scoring only.

An outcome is proved reachable by an example: a state of every indicator, scored by the engine itself. It is proved
unreachable by implication: its conditions imply an outcome that is tested before it. If a search finds neither, it says
so, which is no problem of the edition.
"""

from evaluation.reachability.outcomes import check_reachability

__all__ = ["check_reachability"]
