"""The summary page: the finding in words, the outcome and why, and what stands between the hotline and more."""

from collections import defaultdict
from datetime import date

from evaluation.scoring import Check, OutcomeCheck, Why
from reports.document.advice import name_remedy
from reports.document.domains import compose_row
from reports.document.labels import name_obligation
from reports.document.rule import line_of, target_of, write_gate
from reports.document.shape import Note, Obstacle, Pair, Passage, Recommendation, Summary
from reports.document.speech import Teller
from standards.framework import Obligation, Test

OBSTACLES, PRACTICES = 5, 3
"""So many fit on the page; the rest is named by code and told in the parts on the domains."""


def compose_summary(tell: Teller, recommendations: tuple[Recommendation, ...]) -> Summary:
    facts, say, card = tell.facts, tell.say, tell.card
    target, line = target_of(tell), line_of(tell)
    target_name = tell.outcome(target.outcome).text
    rows = tuple(compose_row(tell, domain) for domain in card.domains)
    obstacles = _obstacles(tell, target, recommendations)
    well = _does_well(tell)
    decided = facts.decided
    return Summary(
        title=_finding(tell, target),
        outcome=decided.outcome,
        outcome_name=tell.outcome(decided.outcome),
        until=say.gettext("until {day}").format(day=say.day(decided.valid_until)) if decided.valid_until else "",
        decided=say.gettext("decided by the panel on {day}").format(day=say.day(decided.decided_on)),
        proposal=_proposal(tell),
        reasons=tell.written(decided.reasons),
        overall=tell.score(card.overall),
        said=""
        if card.said is None
        else say.gettext("The hotline’s own word: {score}").format(score=tell.score(card.said).text),
        gates=tuple(write_gate(tell, check) for check in target.checks),
        target=say.gettext("“{outcome}” takes all of these.").format(outcome=target_name),
        line=line,
        line_text="" if line is None else say.gettext("Dashed line: {percent}").format(percent=tell.line(line)),
        chart_title=say.gettext("Scores of the domains: {scores}.").format(
            scores=", ".join(f"{row.code} {row.score.text}" for row in rows)
        ),
        domains=rows,
        obstacles_title=say.gettext("What stands between this hotline and “{outcome}”").format(outcome=target_name)
        if obstacles
        else say.gettext("Nothing stands between this hotline and “{outcome}”").format(outcome=target_name),
        obstacles=obstacles[:OBSTACLES],
        obstacles_more=_more(tell, [obstacle.code for obstacle in obstacles[OBSTACLES:]]),
        does_well=tuple(well[:PRACTICES]),
        does_well_more=_more(tell, [note.code for note in well[PRACTICES:]]),
        next=_next(tell, recommendations),
    )


def _failing(target: OutcomeCheck, *tests: Test) -> list[Check]:
    return [check for check in target.checks if not check.holds and check.condition.test in tests]


def _finding(tell: Teller, target: OutcomeCheck) -> str:
    """The title: the result in one sentence, by what is short."""
    say = tell.say
    silent = [i for i in tell.card.of_obligation(Obligation.ESSENTIAL) if i.why is Why.MISSING]
    short = {code for check in _failing(target, Test.EVERY, Test.AT_MOST, Test.NONE_AT) for code in check.codes}
    below = [code for check in _failing(target, Test.DOMAINS) for code in check.codes]
    if target.holds:
        return say.gettext("Everything that the Guide insists on is in place")
    if silent:
        return say.ngettext(
            "{count} essential indicator has no evidence yet",
            "{count} essential indicators have no evidence yet",
            len(silent),
        ).format(count=len(silent))
    if short and below:
        return say.ngettext(
            "{count} indicator and some domains are short of what the Guide asks",
            "{count} indicators and some domains are short of what the Guide asks",
            len(short),
        ).format(count=len(short))
    if short:
        return say.ngettext(
            "Every domain reaches the line; {count} indicator is short of what the Guide asks",
            "Every domain reaches the line; {count} indicators are short of what the Guide asks",
            len(short),
        ).format(count=len(short))
    if len(below) == 1:
        return say.gettext("The essentials are in place; one domain is below the line: {domain}").format(
            domain=tell.short_title(below[0])
        )
    if below:
        return say.ngettext(
            "The essentials are in place; {count} domain is below the line",
            "The essentials are in place; {count} domains are below the line",
            len(below),
        ).format(count=len(below))
    return say.gettext("Each domain reaches the line; the whole does not yet")


def _proposal(tell: Teller) -> str:
    """What the rules propose, and whether the panel follows."""
    say, decided = tell.say, tell.facts.decided
    proposed = tell.outcome(tell.card.proposal.outcome).text
    if decided.departs:
        return say.gettext("The rules propose “{outcome}”. The panel departs from it, for these reasons:").format(
            outcome=proposed
        )
    return say.gettext("The rules propose “{outcome}”, and the panel follows, for these reasons:").format(
        outcome=proposed
    )


def _obstacles(tell: Teller, target: OutcomeCheck, recommendations: tuple[Recommendation, ...]) -> tuple[Obstacle, ...]:
    found = []
    for check in target.checks:
        if check.holds:
            continue
        if check.condition.test is Test.DOMAINS:
            found += [_domain_obstacle(tell, check, code, recommendations) for code in check.codes]
        elif check.condition.test is Test.OVERALL:
            found.append(_overall_obstacle(tell, check))
        else:
            found += [_indicator_obstacle(tell, check, code, recommendations) for code in check.codes]
    return tuple(found)


def _indicator_obstacle(tell: Teller, check: Check, code: str, recommendations: tuple[Recommendation, ...]) -> Obstacle:
    say, score = tell.say, tell.card.indicators[code]
    words = {"obligation": name_obligation(score.obligation, say), "level": check.condition.level or 0}
    if score.level is None:
        reason = say.gettext("No data. An {obligation} indicator needs level {level}.")
    elif check.condition.test is Test.EVERY:
        reason = say.gettext("Level {found}. An {obligation} indicator needs level {level}.")
    else:
        reason = say.gettext("Level {found}; too many {obligation} indicators stand there.")
    return Obstacle(
        code,
        tell.guide(f"indicator/{code}/wording"),
        reason.format(found=score.level, **words),
        name_remedy(tell, recommendations, {code}),
    )


def _domain_obstacle(tell: Teller, check: Check, code: str, recommendations: tuple[Recommendation, ...]) -> Obstacle:
    domain = next(domain for domain in tell.card.domains if domain.code == code)
    codes = {i.code for standard in domain.standards for i in standard.indicators}
    reason = tell.say.gettext("{score}. Each domain needs {percent}.")
    return Obstacle(
        code,
        tell.guide(f"domain/{code}/title"),
        reason.format(score=tell.score(domain.ratio).text, percent=tell.line(check.condition.percent or 0)),
        name_remedy(tell, recommendations, codes),
    )


def _overall_obstacle(tell: Teller, check: Check) -> Obstacle:
    reason = tell.say.gettext("{score}. It needs {percent}.")
    return Obstacle(
        tell.say.gettext("All"),
        Passage(tell.say.gettext("Overall")),
        reason.format(score=tell.score(check.found).text, percent=tell.line(check.condition.percent or 0)),
        "",
    )


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


def _next(tell: Teller, recommendations: tuple[Recommendation, ...]) -> tuple[Pair, ...]:
    """The days ahead: when recommendations are due, and when the outcome ends."""
    say, decided = tell.say, tell.facts.decided
    due: dict[date, list[int]] = defaultdict(list)
    ordered = {recommendation.code: recommendation.number for recommendation in recommendations}
    for advice in tell.facts.advice:
        if advice.due_on is not None:
            due[advice.due_on].append(ordered[advice.code])
    pairs = [
        (
            day,
            say.ngettext("Recommendation {numbers} is due.", "Recommendations {numbers} are due.", len(numbers)).format(
                numbers=tell.listed([str(number) for number in sorted(numbers)])
            ),
        )
        for day, numbers in due.items()
    ]
    if decided.valid_until:
        sentence = say.gettext("“{outcome}” ends, unless there is a new decision.")
        pairs.append((decided.valid_until, sentence.format(outcome=tell.outcome(decided.outcome).text)))
    told = [Pair(say.day(day), sentence) for day, sentence in sorted(pairs)]
    open_ = sum(advice.due_on is None for advice in tell.facts.advice)
    if open_:
        sentence = say.ngettext(
            "The hotline names who works on {count} recommendation, and by when.",
            "The hotline names who works on {count} recommendations, and by when.",
            open_,
        )
        told.insert(0, Pair(say.gettext("now"), sentence.format(count=open_)))
    return tuple(told)
