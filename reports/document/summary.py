"""The summary page: the finding in words, the outcome and why, and what stands between the hotline and more."""

from collections.abc import Iterable

from evaluation.scoring import Check, OutcomeCheck, domain_line
from evaluation.scoring.explanation import failing
from reports.document.advice import compose_demands, name_remedy
from reports.document.deciding import compose_next, write_headline
from reports.document.domains import compose_row
from reports.document.facts import HowDecided
from reports.document.rule import target_of, write_gates
from reports.document.shape import Note, Obstacle, Recommendation, Summary
from reports.document.speech import Teller
from standards.framework import Test
from standards.presentation.sentences import Passage, Sentence
from standards.presentation.symbols import outcome_kind

OBSTACLES, PRACTICES = 5, 3
"""So many fit on the page; the rest is named by code and told in the parts on the domains."""


def compose_summary(tell: Teller, recommendations: tuple[Recommendation, ...]) -> Summary:
    facts, say, card = tell.facts, tell.say, tell.card
    target, line = target_of(tell), domain_line(tell.framework.rule)
    target_name = tell.outcome(target.outcome)
    rows = tuple(compose_row(tell, domain) for domain in card.domains)
    obstacles = _obstacles(tell, target, recommendations)
    well = _does_well(tell)
    decided = facts.decided
    return Summary(
        title=write_headline(tell),
        outcome=decided.outcome,
        outcome_kind=outcome_kind(tell.framework, decided.outcome),
        outcome_name=tell.outcome(decided.outcome),
        until=say.gettext("until {day}").format(day=say.day(decided.valid_until)) if decided.valid_until else "",
        decided=_how_decided(tell),
        proposal=_proposal(tell),
        reasons=tell.written(decided.reasons),
        demands=compose_demands(tell),
        finding=_finding(tell, target),
        overall=tell.score(card.overall),
        said=""
        if card.said is None
        else say.gettext("The hotline’s own word: {score}").format(score=tell.score(card.said).text),
        gates=write_gates(tell, target),
        target=tell.sentence(say.gettext("“{outcome}” takes all of these."), outcome=target_name),
        line=line,
        line_text="" if line is None else say.gettext("Dashed line: {percent}").format(percent=tell.line(line)),
        chart_title=say.gettext("Scores of the domains: {scores}.").format(
            scores=", ".join(f"{row.code} {row.score.text}" for row in rows)
        ),
        domains=rows,
        obstacles_title=tell.sentence(_name_obstacles(tell, target.outcome, bool(obstacles)), outcome=target_name),
        obstacles=obstacles[:OBSTACLES],
        obstacles_more=_more(tell, [obstacle.code for obstacle in obstacles[OBSTACLES:]]),
        does_well=tuple(well[:PRACTICES]),
        does_well_more=_more(tell, [note.code for note in well[PRACTICES:]]),
        next=compose_next(tell, recommendations),
    )


def _how_decided(tell: Teller) -> str:
    """When the panel decided, by which way, and what that decision takes the place of."""
    say, decided = tell.say, tell.facts.decided
    if decided.replaces is None:
        sentence = {
            HowDecided.FIRST: say.gettext("decided by the panel on {day}"),
            HowDecided.APPEAL: say.gettext("decided on an appeal on {day}"),
            HowDecided.CORRECTION: say.gettext("corrected by the panel on {day}"),
        }[decided.how]
        return sentence.format(day=say.day(decided.decided_on))
    sentence = {
        HowDecided.FIRST: say.gettext("decided by the panel on {day}, in place of the decision of {before}"),
        HowDecided.APPEAL: say.gettext("decided on an appeal on {day}, in place of the decision of {before}"),
        HowDecided.CORRECTION: say.gettext("corrected by the panel on {day}, in place of the decision of {before}"),
    }[decided.how]
    return sentence.format(day=say.day(decided.decided_on), before=say.day(decided.replaces))


_OF_INDICATORS = (Test.COMPLETE, Test.EVERY, Test.SHARE, Test.BELOW)
"""Conditions that name the indicators in their way."""


def _codes(checks: Iterable[Check], *tests: Test) -> list[str]:
    """What stands in the way by these tests, each named once."""
    return list(dict.fromkeys(code for check in checks if check.condition.test in tests for code in check.codes))


def _silent(tell: Teller) -> list[str]:
    """What is missing and holds the decision up."""
    rule = tell.framework.rule
    holding = [o for o in tell.card.outcomes if o.holds and rule.outcome(o.outcome).is_hold]
    return _codes((check for outcome in holding for check in outcome.checks), Test.INCOMPLETE)


def _finding(tell: Teller, target: OutcomeCheck) -> Sentence:
    """What the scorecard found, in one sentence, by what is short."""
    say, open_ = tell.say, list(failing(tell.card, target.outcome))
    silent, short, below = _silent(tell), _codes(open_, *_OF_INDICATORS), _codes(open_, Test.DOMAINS)
    line = domain_line(tell.framework.rule)
    if target.holds:
        return tell.sentence(say.gettext("Everything that the Guide insists on is in place"))
    if silent:
        message = say.ngettext(
            "{count} indicator that the Guide insists on has no evidence yet",
            "{count} indicators that the Guide insists on have no evidence yet",
            len(silent),
        )
        return tell.sentence(message, count=len(silent))
    if short and below:
        message = say.ngettext(
            "{count} indicator and some domains are short of what the Guide asks",
            "{count} indicators and some domains are short of what the Guide asks",
            len(short),
        )
        return tell.sentence(message, count=len(short))
    if short and line is not None:
        message = say.ngettext(
            "Every domain reaches the line; {count} indicator is short of what the Guide asks",
            "Every domain reaches the line; {count} indicators are short of what the Guide asks",
            len(short),
        )
        return tell.sentence(message, count=len(short))
    if short:
        message = say.ngettext(
            "{count} indicator is short of what the Guide asks",
            "{count} indicators are short of what the Guide asks",
            len(short),
        )
        return tell.sentence(message, count=len(short))
    if len(below) == 1:
        return tell.sentence(say.gettext("One domain is below the line: {domain}"), domain=tell.short_title(below[0]))
    if below:
        message = say.ngettext("{count} domain is below the line", "{count} domains are below the line", len(below))
        return tell.sentence(message, count=len(below))
    if line is not None:
        return tell.sentence(say.gettext("Each domain reaches the line; the whole does not yet"))
    return tell.sentence(say.gettext("The whole does not reach what the Guide asks yet"))


def _proposal(tell: Teller) -> Sentence:
    """What the rules propose, named as the proposal, and whether the panel follows."""
    say, decided = tell.say, tell.facts.decided
    if decided.departs:
        message = say.gettext("The rules propose “{outcome}”. The panel departs from it, for these reasons:")
    else:
        message = say.gettext("The rules propose “{outcome}”, and the panel follows, for these reasons:")
    return tell.sentence(message, outcome=tell.outcome(tell.card.proposal.outcome))


def _name_obstacles(tell: Teller, target: str, there_are: bool) -> str:
    """The title over what is in the way of the best outcome; where the panel departs, whose view that is."""
    say, decided = tell.say, tell.facts.decided
    if there_are and decided.outcome == target:
        return say.gettext("What the rules hold against “{outcome}”, which the panel gives all the same")
    if there_are:
        return say.gettext("What stands between this hotline and “{outcome}”")
    if decided.departs:
        return say.gettext("By the rules nothing stands between this hotline and “{outcome}”")
    return say.gettext("Nothing stands between this hotline and “{outcome}”")


def _obstacles(tell: Teller, target: OutcomeCheck, recommendations: tuple[Recommendation, ...]) -> tuple[Obstacle, ...]:
    """Each thing in the way, named once, by the first condition that it breaks."""
    found: dict[str, Obstacle] = {}
    for check in failing(tell.card, target.outcome):
        if check.condition.test in _OF_INDICATORS:
            named = [_indicator_obstacle(tell, check, code, recommendations) for code in check.codes]
        elif check.condition.test is Test.SCORE:
            named = [_score_obstacle(tell, check)]
        else:
            named = [_part_obstacle(tell, check, code, recommendations) for code in check.codes]
        for obstacle in named:
            found.setdefault(obstacle.code, obstacle)
    return tuple(found.values())


def _indicator_obstacle(tell: Teller, check: Check, code: str, recommendations: tuple[Recommendation, ...]) -> Obstacle:
    say, score = tell.say, tell.card.indicators[code]
    if check.condition.level is None:
        reason = say.gettext("No data.")
    elif score.level is None:
        reason = say.gettext("No data. It needs level {level}.")
    elif check.condition.test is Test.EVERY:
        reason = say.gettext("Level {found}. It needs level {level}.")
    elif check.condition.test is Test.BELOW:
        reason = say.gettext("Level {found}; too many are short of level {level}.")
    else:
        reason = say.gettext("Level {found}; too few reach level {level}.")
    return Obstacle(
        code,
        tell.guide(f"indicator/{code}/wording"),
        reason.format(found=score.level, level=check.condition.level),
        name_remedy(tell, recommendations, {code}),
    )


def _part_obstacle(tell: Teller, check: Check, code: str, recommendations: tuple[Recommendation, ...]) -> Obstacle:
    """A domain or a standard that is short of what each of its kind needs."""
    say, standard = tell.say, tell.card.standards.get(code)
    part = standard or next(domain for domain in tell.card.domains if domain.code == code)
    percent = None if check.condition.percent is None else tell.line(check.condition.percent)
    if percent is None:
        reason = say.gettext("{score}. It does not pass.")
    elif standard:
        reason = say.gettext("{score}. Each standard needs {percent}.")
    else:
        reason = say.gettext("{score}. Each domain needs {percent}.")
    return Obstacle(
        code,
        tell.guide(f"{'standard' if standard else 'domain'}/{code}/title"),
        reason.format(score=tell.score(part.ratio).text, percent=percent),
        name_remedy(tell, recommendations, {i.code for i in part.indicators}),
    )


def _score_obstacle(tell: Teller, check: Check) -> Obstacle:
    """A score that is short: of a standard, of a domain, of some indicators, or of the whole."""
    say, condition = tell.say, check.condition
    reason = say.gettext("{score}. It needs {percent}.").format(
        score=tell.score(check.found).text, percent=tell.line(condition.percent or 0)
    )
    if condition.standard:
        return Obstacle(condition.standard, tell.guide(f"standard/{condition.standard}/title"), reason, "")
    if condition.domain:
        return Obstacle(condition.domain, tell.guide(f"domain/{condition.domain}/title"), reason, "")
    if condition.codes:
        return Obstacle(condition.codes[0], Passage(", ".join(condition.codes)), reason, "")
    if condition.obligation:
        return Obstacle(say.gettext("All"), tell.obligation(condition.obligation), reason, "")
    return Obstacle(say.gettext("All"), Passage(say.gettext("Overall")), reason, "")


def _does_well(tell: Teller) -> list[Note]:
    """The good practices that assessors noted, in the order of the Guide."""
    return [
        Note(code, tell.written(tell.facts.findings[code].words))
        for code in tell.framework.indicators
        if code in tell.facts.findings
        and tell.facts.findings[code].good_practice
        and tell.facts.findings[code].words.strip()
    ]


def _more(tell: Teller, codes: list[str]) -> str:
    if not codes:
        return ""
    return tell.say.ngettext("and {count} more: {codes}", "and {count} more: {codes}", len(codes)).format(
        count=len(codes), codes=", ".join(codes)
    )
