"""The decision rule in sentences, and the result of each condition of the best outcome."""

from evaluation.engine.scoring import OutcomeCheck
from reports.document.composer import Composer
from reports.document.shape import FurtherResult, Gate, OutcomeRule
from standards.framework import Outcome
from standards.presentation.symbols import outcome_kind


def target_of(composer: Composer) -> OutcomeCheck:
    """Return the best outcome of the rule."""
    best = composer.framework.rule.ranked_outcomes[-1].code
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
    """Return each condition of an outcome with its result."""
    texts = composer.facts.rule_texts.conditions[outcome.outcome]
    return tuple(
        Gate(check.holds, condition.found, condition.sentence.within(composer.facts.language))
        for check, condition in zip(outcome.checks, texts, strict=True)
    )


def compose_result(composer: Composer, code: str) -> FurtherResult:
    """Return a further result with its outcome, the conditions of its best outcome, and its rule."""
    framework, card = composer.framework.by_result[code], composer.card.by_result[code]
    best = framework.rule.ranked_outcomes[-1].code
    target = next(outcome for outcome in card.outcomes if outcome.outcome == best)
    return FurtherResult(
        name=composer.guide(f"result/{code}"),
        outcome=composer.outcome(card.proposal.outcome),
        outcome_kind=outcome_kind(framework, card.proposal.outcome),
        target=composer.sentence(
            composer.locale.gettext("“{outcome}” takes all of these."), outcome=composer.outcome(best)
        ),
        gates=compose_gates(composer, target),
        rule=tuple(compose_rule(composer, outcome) for outcome in framework.rule.outcomes),
    )
