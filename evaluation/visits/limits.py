"""Limit a follow-up visit to some indicators: the proposed indicators, and the reasons against a choice."""

from collections.abc import Iterator, Sequence

from evaluation.models import Evaluation, Recommendation, Visit
from evaluation.models.reasons import Reason


def may_be_limited(evaluation: Evaluation) -> bool:
    """Whether the next visit may be limited: only after a scored visit, whose other findings stay valid."""
    return evaluation.scorecards.exists()


def propose_limit(evaluation: Evaluation) -> list[str]:
    """Return the codes that the last decision and open recommendations name, in the order of the Guide.

    Empty if the evaluation was not visited and scored before.
    """
    if not may_be_limited(evaluation):
        return []
    done = (Recommendation.State.VERIFIED, Recommendation.State.CLOSED)
    named = set(evaluation.recommendations.communicated().exclude(state__in=done).values_list("code", flat=True))
    if decision := evaluation.current_decision:
        named |= {requirement.code for requirement in decision.requirements.all()}
    return [code for code in evaluation.asked if code in named]


def find_former_limit(evaluation: Evaluation) -> list[str]:
    """Return the codes to which the current visit is limited and that are still asked.

    If none is still asked, return the proposed codes. Empty if there is no visit or it is not limited.
    """
    visit = evaluation.arranged_visit
    if visit is None or not visit.only_codes:
        return []
    return [code for code in visit.only_codes if code in evaluation.asked] or propose_limit(evaluation)


def find_limit_reasons(evaluation: Evaluation, codes: Sequence[str]) -> Iterator[Reason]:
    """Yield the reasons against limiting the visit to these indicators."""
    if not codes:
        return
    if unknown := tuple(code for code in codes if code not in evaluation.asked):
        yield Reason("limited_to_not_asked", codes=unknown)
    if not may_be_limited(evaluation):
        yield Reason("limited_first_visit")


def in_order(visit: Visit) -> list[str]:
    """Return the codes to which a visit is limited, in the order of the Guide; empty if it is not limited."""
    return list(visit.evaluation.examined) if visit.only_codes else []


def standards_of_visit(visit: Visit, code: str) -> list[str]:
    """Return the codes of the standards that a visit examines, and the standard `code`, in the order of the Guide."""
    framework = visit.evaluation.framework
    if not visit.only_codes:
        return list(framework.standards)
    wanted = {framework.standard_of[examined].code for examined in visit.evaluation.examined} | {code}
    return [standard for standard in framework.standards if standard in wanted]
