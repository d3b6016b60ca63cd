"""The decision rule in plain words, and how far each condition of the best outcome is reached."""

from evaluation.scoring import OutcomeCheck
from reports.document.composer import Composer
from reports.document.shape import Gate, OutcomeRule
from standards.framework import Outcome


def target_of(composer: Composer) -> OutcomeCheck:
    """The best outcome of the rule: what a hotline works towards."""
    best = composer.framework.rule.ladder[-1].code
    return next(outcome for outcome in composer.card.outcomes if outcome.outcome == best)


def compose_rule(composer: Composer, outcome: Outcome) -> OutcomeRule:
    locale = composer.locale
    if outcome.months:
        validity = locale.ngettext("valid for {months} month", "valid for {months} months", outcome.months).format(
            months=outcome.months
        )
    else:
        validity = locale.gettext("no validity")
    texts = composer.facts.rule_texts.conditions[outcome.code]
    conditions = tuple(condition.sentence.within(composer.facts.language) for condition in texts)
    otherwise = composer.sentence(locale.gettext("Everything else."))
    return OutcomeRule(composer.outcome(outcome.code), validity, conditions or (otherwise,))


def compose_gates(composer: Composer, outcome: OutcomeCheck) -> tuple[Gate, ...]:
    """Each condition of an outcome with what was found."""
    texts = composer.facts.rule_texts.conditions[outcome.outcome]
    return tuple(
        Gate(check.holds, condition.found, condition.sentence.within(composer.facts.language))
        for check, condition in zip(outcome.checks, texts, strict=True)
    )
