"""The decision rule in plain words, and what it takes to be fully accredited."""

from evaluation.scoring import Check, IndicatorScore, OutcomeCheck, Why
from reports.document.labels import name_obligation
from reports.document.shape import Gate, OutcomeRule
from reports.document.speech import Teller
from standards.framework import Condition, Obligation, Outcome, Test


def target_of(tell: Teller) -> OutcomeCheck:
    """Full accreditation: the outcome that lasts longest, the first tested of several."""
    return max(tell.card.outcomes, key=lambda outcome: outcome.months)


def line_of(tell: Teller) -> int | None:
    """The percentage that full accreditation asks of each domain."""
    percents = [c.condition.percent for c in target_of(tell).checks if c.condition.test is Test.DOMAINS]
    return percents[0] if percents else None


def concerned(tell: Teller, condition: Condition) -> list[IndicatorScore]:
    """The indicators that a condition is about: scored, and not excused."""
    obligations = (condition.obligation,) if condition.obligation else tuple(Obligation)
    return [i for o in obligations for i in tell.card.of_obligation(o) if i.why is not Why.NOT_APPLICABLE]


def write_rule(tell: Teller, outcome: Outcome) -> OutcomeRule:
    say = tell.say
    if outcome.months:
        validity = say.ngettext("valid for {months} month", "valid for {months} months", outcome.months).format(
            months=outcome.months
        )
    else:
        validity = say.gettext("no validity")
    conditions = tuple(_sentence(tell, condition) for condition in outcome.conditions)
    return OutcomeRule(tell.outcome(outcome.code), validity, conditions or (say.gettext("Everything else."),))


def _sentence(tell: Teller, condition: Condition) -> str:
    say = tell.say
    words = {"level": condition.level or 0, "percent": tell.line(condition.percent or 0)}
    if condition.obligation:
        words["obligation"] = name_obligation(condition.obligation, say)
    else:
        words["obligation"] = say.pgettext("obligation", "scored")
    count = condition.count or 0
    sentence = {
        Test.INCOMPLETE: say.gettext("At least one {obligation} indicator has no evidence."),
        Test.EVERY: say.gettext("Every {obligation} indicator is at level {level} or higher."),
        Test.AT_MOST: say.ngettext(
            "At most {count} {obligation} indicator is at level {level}.",
            "At most {count} {obligation} indicators are at level {level}.",
            count,
        ),
        Test.NONE_AT: say.gettext("No {obligation} indicator is at level {level}, and none is missing."),
        Test.DOMAINS: say.gettext("Every domain reaches {percent}."),
        Test.OVERALL: say.gettext("The whole reaches {percent}."),
    }[condition.test]
    return sentence.format(count=count, **words)


def write_gate(tell: Teller, check: Check) -> Gate:
    """One condition of full accreditation with how far it is reached."""
    say, condition = tell.say, check.condition
    if condition.test is Test.EVERY:
        of = len(concerned(tell, condition))
        strong = say.gettext("{reached} of {all}").format(reached=of - len(check.codes), all=of)
        obligation = (
            name_obligation(condition.obligation, say) if condition.obligation else say.pgettext("obligation", "scored")
        )
        text = say.gettext("{obligation} indicators at level {level} or higher").format(
            obligation=obligation, level=condition.level
        )
        return Gate(check.holds, strong, text)
    if condition.test is Test.DOMAINS:
        of = sum(domain.ratio is not None for domain in tell.card.domains)
        strong = say.gettext("{reached} of {all}").format(reached=of - len(check.codes), all=of)
        text = say.gettext("domains at {percent} or more").format(percent=tell.line(condition.percent or 0))
        return Gate(check.holds, strong, text)
    if condition.test is Test.OVERALL:
        text = say.gettext("overall; {percent} or more is needed").format(percent=tell.line(condition.percent or 0))
        return Gate(check.holds, tell.score(check.found).text, text)
    return Gate(check.holds, "", _sentence(tell, condition))
