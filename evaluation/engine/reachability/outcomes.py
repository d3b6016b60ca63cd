"""Determine which outcomes can be proposed: an example of each, the outcome that hides it, or an aborted search."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from evaluation.engine.reachability.conditions import find_condition_problems
from evaluation.engine.reachability.implications import Implications
from evaluation.engine.reachability.states import SearchSpace, States
from evaluation.engine.scoring import Scorecard
from standards.checks import MISSING, Checked, Example
from standards.framework import Condition, Domain, Framework, Outcome, Standard, Test, ValidationProblem
from standards.framework.problem import gettext_noop

MOST_EFFORT = 4000
"""The number of scorecards after which the search for one outcome is aborted: a few seconds for the largest edition."""


def check_reachability(framework: Framework) -> Checked:
    """Return the problems of conditions and outcomes, the undecided outcomes, and an example of each reachable one."""
    space = SearchSpace(framework)
    if not space.options:
        nothing = gettext_noop("No indicator of the edition is scored, so there is nothing to decide by. Score some.")
        return Checked(problems=(ValidationProblem(nothing, "", ""),))
    implications = Implications(space)
    problems = list(find_condition_problems(space, implications))
    impossible = {problem.where.split("/")[1] for problem in problems if problem.where.startswith("outcome/")}
    examples = _try_ordinary_states(space)
    undecided = []
    for place, outcome in enumerate(framework.rule.outcomes):
        if outcome.code in examples:
            continue
        hiding = _find_hiding(implications, framework.rule.outcomes, place)
        if hiding is not None:
            problems.append(_hidden(space, outcome, hiding))
        elif space.number_of_states <= MOST_EFFORT:
            states = next((s for s in space.every_state() if space.score(s).proposal.outcome == outcome.code), None)
            if states is not None:
                examples[outcome.code] = space.example(states)
            elif outcome.code not in impossible:
                problems.append(_never_met(space, outcome))
        elif (example := _search(space, place)) is not None:
            examples[outcome.code] = example
        elif outcome.code not in impossible:
            undecided.append(
                ValidationProblem(
                    gettext_noop(
                        "No example was found that leads to the outcome %(code)s, and no proof that there is none: the "
                        "search was cut off. Try the outcome by hand with “What if”."
                    ),
                    f"outcome/{outcome.code}",
                    "",
                    code=outcome.code,
                )
            )
    return Checked(tuple(problems), tuple(undecided), examples)


# --- Unreachable ----------------------------------------------------------------------------------------------------


def _find_hiding(implications: Implications, outcomes: Sequence[Outcome], place: int) -> Outcome | None:
    """Return the first earlier outcome whose conditions all follow from those of this outcome, or None."""
    given = list(implications.expand(outcomes[place].conditions))
    for earlier in outcomes[:place]:
        if all(implications.follows(condition, given) for condition in earlier.conditions):
            return earlier
        if [condition.test for condition in earlier.conditions] == [Test.INCOMPLETE]:
            given.append(_as_complete(earlier.conditions[0]))
    return None


def _never_met(space: SearchSpace, outcome: Outcome) -> ValidationProblem:
    return ValidationProblem(
        gettext_noop(
            "The outcome %(code)s is never proposed: each of the %(count)s states that the indicators can have together "
            "leads to another outcome. Ask for less in it, or for more in those that are tried before it."
        ),
        f"outcome/{outcome.code}",
        "",
        code=outcome.code,
        count=space.number_of_states,
    )


def _as_complete(condition: Condition) -> Condition:
    """Return the opposite of a condition that something is missing: it holds if an earlier such outcome does not."""
    return replace(condition, test=Test.COMPLETE)


def _hidden(space: SearchSpace, outcome: Outcome, hiding: Outcome) -> ValidationProblem:
    where, values = f"outcome/{outcome.code}", {"code": outcome.code, "other": hiding.code}
    for states in _ordinary_states(space):
        card = space.score(states)
        if _holds(card, outcome.code) and _holds(card, hiding.code):
            message = gettext_noop(
                "The outcome %(code)s is never proposed: wherever its conditions hold, those of %(other)s hold as well, "
                "and %(other)s is tried before it. Put %(code)s before %(other)s, or ask for more in %(other)s. "
                "Example: %(example)s."
            )
            return ValidationProblem(message, where, "", **values, example=space.example(states))
    message = gettext_noop(
        "The outcome %(code)s is never proposed: wherever its conditions hold, those of %(other)s hold as well, and "
        "%(other)s is tried before it. Put %(code)s before %(other)s, or ask for more in %(other)s."
    )
    return ValidationProblem(message, where, "", **values)


def _holds(card: Scorecard, code: str) -> bool:
    return next(outcome.holds for outcome in card.outcomes if outcome.outcome == code)


# --- Examples -------------------------------------------------------------------------------------------------------


def _try_ordinary_states(space: SearchSpace) -> dict[str, Example]:
    """Return an example of each outcome that an ordinary state reaches."""
    found: dict[str, Example] = {}
    for states in _ordinary_states(space):
        outcome = space.score(states).proposal.outcome
        if outcome not in found:
            found[outcome] = space.example(states)
        if len(found) == len(space.framework.rule.outcomes):
            break
    return {o.code: found[o.code] for o in space.framework.rule.outcomes if o.code in found}


def _ordinary_states(space: SearchSpace) -> Iterator[States]:
    """Yield ordinary states of the indicators, with every combination of the figures that conditions ask for."""
    return chain.from_iterable(map(space.with_figures, _indicator_states(space)))


def _indicator_states(space: SearchSpace) -> Iterator[States]:
    """Yield states with all indicators at one level, or with one obligation, one part or one indicator at another."""
    framework = space.framework
    ceiling, alike = space.ceiling, [space.at(level) for level in framework.scale.levels]
    yield from (ceiling, space.floor, *alike)
    parts: list[Domain | Standard] = [*framework.domains, *framework.standards.values()]
    groups = [[i.code for i in part.indicators] for part in parts]
    groups += [
        [code for code, domain in framework.domain_of.items() if domain.code in group.domains]
        for group in framework.groups
    ]
    classes = [
        [code for code in space.options if framework.indicators[code].obligation == obligation]
        for obligation in framework.rule.obligation
    ]
    for group in (*classes, *groups, *([code] for code in space.options)):
        codes = [code for code in group if code in space.options]
        for states in (space.floor, *alike):
            yield {**ceiling, **{code: states[code] for code in codes}}


def _search(space: SearchSpace, place: int) -> Example | None:
    """Descend from states in which an outcome's conditions hold, until no earlier outcome holds.

    An earlier outcome that does not hold in a state does not hold in lower states either, unless it requires something
    missing. So the lowest states are searched; which of them are found depends on the order of indicators.
    """
    outcomes, begun = space.framework.rule.outcomes, space.effort
    outcome = outcomes[place]
    complete = [
        _as_complete(earlier.conditions[0])
        for earlier in outcomes[:place]
        if [condition.test for condition in earlier.conditions] == [Test.INCOMPLETE]
    ]

    def is_met(card: Scorecard) -> bool:
        return _holds(card, outcome.code) and all(space.holds(condition, card) for condition in complete)

    for order in _orders(list(space.options)):
        for start in chain.from_iterable(map(space.with_figures, _start_states(space, outcome))):
            states, card = dict(start), space.score(start)
            if not is_met(card):
                continue
            for code in order:
                if space.effort - begun > MOST_EFFORT:
                    return None
                before = states[code]
                for option in space.options[code]:
                    if option == before or before not in space.options[code]:
                        break
                    states[code] = option
                    if is_met(tried := space.score(states)):
                        card = tried
                        break
                    states[code] = before
                if card.proposal.outcome == outcome.code:
                    return space.example(states)
    return None


def _start_states(space: SearchSpace, outcome: Outcome) -> Iterator[States]:
    """Yield the best states; for an outcome that requires something missing, those with one indicator missing."""
    ceiling = space.ceiling
    lacking = [c for c in outcome.conditions if c.test is Test.INCOMPLETE]
    if not lacking:
        yield ceiling
        if space.excusable:
            yield space.excused(ceiling, space.options)
    for condition in lacking:
        for code in sorted(space.in_scope(condition)):
            yield {**ceiling, code: MISSING}


def _orders(codes: list[str]) -> Iterator[list[str]]:
    """Yield the order of the Guide, its reverse, and orders that step through the Guide with growing strides."""
    yield codes
    yield codes[::-1]
    for step in range(2, max(3, min(len(codes), 24))):
        yield [code for first in range(step) for code in codes[first::step]]
