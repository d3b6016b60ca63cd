"""How an edition's own obligations, levels and outcomes are drawn in the look, which knows three, four and four."""

from standards.framework import Framework, Scale


def tag_kind(framework: Framework, obligation: str) -> str:
    """How the tag of an obligation is drawn: by its place among the edition's obligations, the most insistent first."""
    kinds = ("essential", "core", "developmental")
    codes = list(framework.rule.obligation)
    return kinds[min(codes.index(obligation), 2)] if obligation in codes else kinds[-1]


def level_mark(scale: Scale, level: int) -> int:
    """How a level is drawn, from 0 for the worst to 3 for the best, whatever the numbers of the scale are.

    Only the worst is drawn as 0 and only the best as 3; those between share the other two, the lower half the darker:
    six levels are drawn as 0 1 1 2 2 3, three as 0 1 3.
    """
    rank, most = scale.rank(level), scale.rank(scale.best)
    if rank <= 0:
        return 0
    return 3 if rank >= most else 1 + (rank - 1) * 2 // (most - 1)


def outcome_kind(framework: Framework, code: str) -> str:
    """How an outcome is drawn: the best one, one that accredits too, one that holds the decision up, or none."""
    outcome = framework.rule.outcome(code)
    if outcome.is_hold:
        return "deferred"
    if not outcome.accredits:
        return "not_accredited"
    best = [other for other in framework.rule.ladder if other.accredits][-1]
    return "accredited" if outcome == best else "conditional"
