"""Map an edition's obligations, levels and outcomes to the three, four and four symbols of the design."""

from standards.framework import Framework, Scale


def tag_kind(framework: Framework, obligation: str) -> str:
    """Return the symbol of an obligation, by its rank among the edition's obligations, highest first."""
    kinds = ("essential", "core", "developmental")
    codes = list(framework.rule.obligation)
    return kinds[min(codes.index(obligation), 2)] if obligation in codes else kinds[-1]


def level_mark(scale: Scale, level: int) -> int:
    """Return the symbol of a level, from 0 for the worst to 3 for the best, whatever the numbers of the scale.

    Only the worst is 0 and only the best is 3. Of the levels between, the lower half is 1 and the upper half 2: six
    levels are 0 1 1 2 2 3, three are 0 1 3.
    """
    rank, most = scale.rank(level), scale.rank(scale.best)
    if rank <= 0:
        return 0
    return 3 if rank >= most else 1 + (rank - 1) * 2 // (most - 1)


def outcome_kind(framework: Framework, code: str) -> str:
    """Return the symbol of an outcome: accredited for the best one, conditional, deferred or not accredited."""
    outcome = framework.rule.outcome(code)
    if outcome.defers_decision:
        return "deferred"
    if not outcome.accredits:
        return "not_accredited"
    best = [other for other in framework.rule.ranked_outcomes if other.accredits][-1]
    return "accredited" if outcome == best else "conditional"
