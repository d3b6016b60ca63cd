"""The decision rule in plain words, and how far each condition of the best outcome is reached."""

from evaluation.scoring import OutcomeCheck
from reports.document.shape import Gate, OutcomeRule
from reports.document.speech import Teller
from standards.framework import Outcome


def target_of(tell: Teller) -> OutcomeCheck:
    """The best outcome of the rule: what a hotline works towards."""
    best = tell.framework.rule.ladder[-1].code
    return next(outcome for outcome in tell.card.outcomes if outcome.outcome == best)


def write_rule(tell: Teller, outcome: Outcome) -> OutcomeRule:
    say = tell.say
    if outcome.months:
        validity = say.ngettext("valid for {months} month", "valid for {months} months", outcome.months).format(
            months=outcome.months
        )
    else:
        validity = say.gettext("no validity")
    told = tell.facts.told.conditions[outcome.code]
    conditions = tuple(condition.sentence.within(tell.facts.language) for condition in told)
    otherwise = tell.sentence(say.gettext("Everything else."))
    return OutcomeRule(tell.outcome(outcome.code), validity, conditions or (otherwise,))


def write_gates(tell: Teller, outcome: OutcomeCheck) -> tuple[Gate, ...]:
    """Each condition of an outcome with what was found."""
    told = tell.facts.told.conditions[outcome.outcome]
    return tuple(
        Gate(check.holds, condition.found, condition.sentence.within(tell.facts.language))
        for check, condition in zip(outcome.checks, told, strict=True)
    )
