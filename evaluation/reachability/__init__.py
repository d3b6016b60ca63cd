"""Whether the conditions and outcomes of a decision rule can come about at all. Pure: it knows the scoring and no more.

An outcome is shown to be reachable by an example: a state of every indicator, scored by the engine itself. It is shown
to be out of reach by a conclusion: what it asks for already brings about an outcome that is tried before it. Where a
search finds neither, that is said, and is not held against the edition.
"""

from evaluation.reachability.outcomes import check_reachability

__all__ = ["check_reachability"]
