"""Find conditions without effect: with an empty scope, always true, never true, or mutually exclusive."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from evaluation.engine.reachability.implications import Implications
from evaluation.engine.reachability.states import SearchSpace, States
from standards.framework import SCOPED, Condition, Test, ValidationProblem
from standards.framework.problem import gettext_noop

_ALWAYS = gettext_noop(
    "This condition always holds, even when nothing at all is found, so it decides nothing. Ask for more, or remove it."
)
_NEVER = gettext_noop(
    "This condition never holds, not even when everything has the best level it can have, so the outcome is never "
    "proposed. Ask for less, or remove it."
)
_BEST_WITHOUT_EXCUSES = (Test.EVERY, Test.BELOW, Test.SHARE, Test.AT_LEAST, Test.COMPLETE)
"""The tests for which some state of `_best_states` meets the condition if any state does."""
_SCORE_OVER_NOTHING = gettext_noop(
    "This is a score over nothing: no indicator that it looks at is scored, so it never holds. Name others, or remove the "
    "condition."
)
_NOTHING_ALWAYS = gettext_noop(
    "This condition looks at nothing: no indicator that it names is scored, so it always holds. Name others, or remove the "
    "condition."
)
_NOTHING_NEVER = gettext_noop(
    "This condition looks at nothing: no indicator that it names is scored, so it never holds. Name others, or remove the "
    "condition."
)


def find_condition_problems(space: SearchSpace, implications: Implications) -> Iterator[ValidationProblem]:
    """Yield the problems of each single condition, and of the conditions of one outcome together."""
    rule = space.framework.rule
    standards = [s.code for s in space.framework.standards.values() if space.in_scope(_of(s.code))]
    for number, condition in enumerate(rule.passing):
        each = [replace(condition, standard=code) for code in standards]
        own = [one for one in each if space.in_scope(one)]
        where = f"passing/{number}"
        if not own:
            yield ValidationProblem(_NOTHING_ALWAYS, where, "test")
        elif all(implications.follows(one, ()) for one in each):
            yield ValidationProblem(_ALWAYS, where, _field(condition))
        elif all(never_holds(space, one) for one in own):
            yield ValidationProblem(
                gettext_noop("No standard can ever meet this condition. Ask for less, or remove it."),
                where,
                _field(condition),
            )
    for outcome in rule.outcomes:
        for number, condition in enumerate(outcome.conditions):
            if (problem := _find_problem(space, implications, condition)) is not None:
                yield ValidationProblem(problem, f"outcome/{outcome.code}/{number}", _field(condition))
        yield from _find_contradictions(implications, outcome.code, outcome.conditions)


def _of(standard: str) -> Condition:
    return Condition(Test.EVERY, standard=standard)


def _field(condition: Condition) -> str:
    """Return the name of the field by which a condition is corrected."""
    names = ("percent", "count", "level", "outcome", "figure")
    return next((name for name in names if getattr(condition, name) is not None), "test")


def _find_problem(space: SearchSpace, implications: Implications, condition: Condition) -> str | None:
    if condition.test in SCOPED and not space.in_scope(condition):
        if condition.test is Test.SCORE:
            return _SCORE_OVER_NOTHING
        return _NOTHING_NEVER if condition.test in (Test.INCOMPLETE, Test.AT_LEAST) else _NOTHING_ALWAYS
    if implications.follows(condition, ()):
        return _ALWAYS
    return _NEVER if never_holds(space, condition) else None


def never_holds(space: SearchSpace, condition: Condition) -> bool:
    """Whether a condition provably holds in no state. A condition on another outcome is not checked here."""
    if condition.test in (Test.REACHED, Test.INCOMPLETE, Test.FIGURE):
        return False
    if condition.test is Test.ANY:
        possible = [alternative for alternative in condition.conditions if not never_holds(space, alternative)]
        return len(possible) < condition.alternatives_needed
    if any(space.holds(condition, space.score_bound(states)) for states in _best_states(space, condition)):
        return False
    scope = space.in_scope(condition)
    if not space.excusable & scope or condition.test in _BEST_WITHOUT_EXCUSES:
        return True
    if condition.test is Test.SCORE:
        card = space.score_bound(space.ceiling)
        best = max(Fraction(card.indicators[code].reached, card.indicators[code].max_points) for code in scope)
        has_share = space.framework.rule.aggregation.level is not None
        return not has_share and not condition.is_reached_by(best)
    return False


def _best_states(space: SearchSpace, condition: Condition) -> Iterator[States]:
    """Yield the state with everything at its best, then variants of it with indicators out of the scores.

    These are the indicators below the best level, those below the required level, and all.
    """
    scale, ceiling = space.framework.scale, space.ceiling
    yield ceiling
    if space.excusable:
        for wanted in {scale.best, scale.best if condition.level is None else condition.level}:
            short = [code for code, state in ceiling.items() if not scale.reaches(state, wanted)]  # type: ignore[arg-type] # the ceiling has levels only
            yield space.excused(ceiling, short)
        yield space.excused(ceiling, space.options)


def _find_contradictions(
    implications: Implications, code: str, conditions: Sequence[Condition]
) -> Iterator[ValidationProblem]:
    """Yield a problem if one condition requires something missing and another forbids it."""
    given = implications.expand(conditions)
    for number, condition in enumerate(conditions):
        complete = replace(condition, test=Test.COMPLETE)
        if (
            condition.test is Test.INCOMPLETE
            and implications.space.in_scope(condition)
            and implications.follows(complete, given)
        ):
            yield ValidationProblem(
                gettext_noop(
                    "This condition asks that something is missing, and the others that nothing is: they never hold "
                    "together. Remove one of them."
                ),
                f"outcome/{code}/{number}",
                "test",
            )
