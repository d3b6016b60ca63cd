"""Prove whether the conditions and outcomes of a decision rule are reachable. Pure.

An outcome is proved reachable by an example: a state of every indicator, scored by the engine itself. It is proved
unreachable by implication (its conditions imply an outcome that is tested before it) or, if there are few states, by
trying all. If the search finds neither, the outcome is reported as undecided, which is no problem of the edition.
"""

from evaluation.engine.reachability.outcomes import check_reachability

__all__ = ["check_reachability"]
