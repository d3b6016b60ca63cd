"""The summary page: the finding, the outcome with its reasons, and the unmet conditions of a better outcome."""

from collections.abc import Iterable

from evaluation.engine.scoring import Check, OutcomeCheck, required_domain_line
from evaluation.engine.scoring.explanation import failed_checks
from reports.document.advice import compose_demands, format_recommendations
from reports.document.composer import Composer
from reports.document.decision import compose_headline, compose_next
from reports.document.domains import compose_row
from reports.document.facts import HowDecided
from reports.document.rule import compose_gates, target_of
from reports.document.shape import Note, Recommendation, Summary, UnmetCondition
from standards.framework import Condition, Group, Test, write_percentage
from standards.presentation.sentences import Passage, Sentence
from standards.presentation.symbols import outcome_kind

CONDITIONS, PRACTICES = 5, 3
"""How many of them fit on the page. Of further ones only the codes are named; the pages of the domains have them."""


def compose_summary(composer: Composer, recommendations: tuple[Recommendation, ...]) -> Summary:
    facts, locale, card = composer.facts, composer.locale, composer.card
    target, line = target_of(composer), required_domain_line(composer.framework.rule)
    target_name = composer.outcome(target.outcome)
    rows = tuple(compose_row(composer, domain) for domain in card.domains)
    unmet = _unmet_conditions(composer, target, recommendations)
    practices = _find_good_practices(composer)
    decided = facts.decision
    return Summary(
        title=compose_headline(composer),
        outcome=decided.outcome,
        outcome_kind=outcome_kind(composer.framework, decided.outcome),
        outcome_name=composer.outcome(decided.outcome),
        until=locale.gettext("until {day}").format(day=locale.day(decided.valid_until)) if decided.valid_until else "",
        decided=_how_decided(composer),
        proposal=_proposal(composer),
        reasons=composer.written(decided.reasons),
        demands=compose_demands(composer),
        finding=_finding(composer, target),
        overall=composer.score(card.overall),
        method=facts.rule_texts.overall_method,
        self_score_text=""
        if card.self_score is None
        else locale.gettext("The hotline’s own word: {score}").format(score=composer.score(card.self_score).text),
        gates=compose_gates(composer, target),
        target=composer.sentence(locale.gettext("“{outcome}” takes all of these."), outcome=target_name),
        line=None if line is None else write_percentage(line.percent),
        line_text=""
        if line is None
        else locale.gettext("Dashed line: {percent}").format(percent=composer.line(line.percent)),
        chart_title=locale.gettext("Scores of the domains: {scores}.").format(
            scores=", ".join(f"{row.code} {row.score.text}" for row in rows)
        ),
        domains=rows,
        unmet_title=composer.sentence(
            _title_unmet_conditions(composer, target.outcome, bool(unmet)), outcome=target_name
        ),
        unmet_conditions=unmet[:CONDITIONS],
        unmet_more=_format_rest(composer, [condition.code for condition in unmet[CONDITIONS:]]),
        does_well=tuple(practices[:PRACTICES]),
        does_well_more=_format_rest(composer, [note.code for note in practices[PRACTICES:]]),
        next=compose_next(composer, recommendations),
    )


def _how_decided(composer: Composer) -> str:
    """Describe when and by which procedure the panel decided, and which decision it replaced."""
    locale, decided = composer.locale, composer.facts.decision
    if decided.replaces is None:
        sentence = {
            HowDecided.FIRST: locale.gettext("decided by the panel on {day}"),
            HowDecided.FOLLOW_UP: locale.gettext("decided by the panel after a follow-up visit on {day}"),
            HowDecided.APPEAL: locale.gettext("decided on an appeal on {day}"),
            HowDecided.CORRECTION: locale.gettext("corrected by the panel on {day}"),
            HowDecided.CONDITIONS_MET: locale.gettext("since {day}, when all conditions were met"),
            HowDecided.UNMET: locale.gettext("decided by the panel on {day}, as a condition was not met"),
            HowDecided.RESCORED: locale.gettext("decided by the panel on {day}, after scoring again"),
        }[decided.how]
        return sentence.format(day=locale.day(decided.decided_on))
    sentence = {
        HowDecided.FIRST: locale.gettext("decided by the panel on {day}, in place of the decision of {before}"),
        HowDecided.FOLLOW_UP: locale.gettext(
            "decided by the panel after a follow-up visit on {day}, in place of the decision of {before}"
        ),
        HowDecided.APPEAL: locale.gettext("decided on an appeal on {day}, in place of the decision of {before}"),
        HowDecided.CORRECTION: locale.gettext("corrected by the panel on {day}, in place of the decision of {before}"),
        HowDecided.CONDITIONS_MET: locale.gettext(
            "since {day}, when all conditions of the decision of {before} were met"
        ),
        HowDecided.UNMET: locale.gettext(
            "decided by the panel on {day}, as a condition of the decision of {before} was not met"
        ),
        HowDecided.RESCORED: locale.gettext(
            "decided by the panel on {day} after scoring again, in place of the decision of {before}"
        ),
    }[decided.how]
    return sentence.format(day=locale.day(decided.decided_on), before=locale.day(decided.replaces))


_INDICATOR_TESTS = (Test.COMPLETE, Test.EVERY, Test.SHARE, Test.AT_LEAST, Test.BELOW)
"""The tests whose failing codes are those of indicators."""
_PART_TESTS = (Test.DOMAINS, Test.GROUPS, Test.STANDARDS, Test.FAILING)
"""The tests whose failing codes are those of groups, domains or standards."""


def _codes(checks: Iterable[Check], *tests: Test) -> list[str]:
    """Return the codes that fail checks of these tests, each once."""
    return list(dict.fromkeys(code for check in checks if check.condition.test in tests for code in check.codes))


def _find_missing(composer: Composer) -> list[str]:
    """Return the codes of the missing indicators that defer the decision."""
    rule = composer.framework.rule
    holding = [o for o in composer.card.outcomes if o.holds and rule.outcome(o.outcome).defers_decision]
    return _codes((check for outcome in holding for check in outcome.checks), Test.INCOMPLETE)


def _finding(composer: Composer, target: OutcomeCheck) -> Sentence:
    """Return the main finding of the scorecard as one sentence, by the kinds of conditions that fail."""
    locale, failed = composer.locale, list(failed_checks(composer.card, target.outcome))
    missing, indicators, below = (
        _find_missing(composer),
        _codes(failed, *_INDICATOR_TESTS),
        _codes(failed, Test.DOMAINS),
    )
    line = required_domain_line(composer.framework.rule)
    if target.holds:
        return composer.sentence(locale.gettext("Everything that the Guide insists on is in place"))
    if missing:
        message = locale.ngettext(
            "{count} indicator that the Guide insists on has no evidence yet",
            "{count} indicators that the Guide insists on have no evidence yet",
            len(missing),
        )
        return composer.sentence(message, count=len(missing))
    if indicators and len(below) == 1:
        message = locale.ngettext(
            "{count} indicator and one domain are short of what the Guide asks",
            "{count} indicators and one domain are short of what the Guide asks",
            len(indicators),
        )
        return composer.sentence(message, count=len(indicators))
    if indicators and below:
        message = locale.ngettext(
            "{count} indicator and some domains are short of what the Guide asks",
            "{count} indicators and some domains are short of what the Guide asks",
            len(indicators),
        )
        return composer.sentence(message, count=len(indicators))
    if indicators and line is not None:
        message = locale.ngettext(
            "Every domain reaches the line; {count} indicator is short of what the Guide asks",
            "Every domain reaches the line; {count} indicators are short of what the Guide asks",
            len(indicators),
        )
        return composer.sentence(message, count=len(indicators))
    if indicators:
        message = locale.ngettext(
            "{count} indicator is short of what the Guide asks",
            "{count} indicators are short of what the Guide asks",
            len(indicators),
        )
        return composer.sentence(message, count=len(indicators))
    if len(below) == 1:
        return composer.sentence(
            locale.gettext("One domain is below the line: {domain}"), domain=composer.short_title(below[0])
        )
    if below:
        message = locale.ngettext("{count} domain is below the line", "{count} domains are below the line", len(below))
        return composer.sentence(message, count=len(below))
    if groups := _codes(failed, Test.GROUPS):
        message = locale.ngettext(
            "{count} group of domains is short of what the Guide asks",
            "{count} groups of domains are short of what the Guide asks",
            len(groups),
        )
        return composer.sentence(message, count=len(groups))
    if line is not None:
        return composer.sentence(locale.gettext("Each domain reaches the line; the whole does not yet"))
    return composer.sentence(locale.gettext("The whole does not reach what the Guide asks yet"))


def _proposal(composer: Composer) -> Sentence:
    """Return the outcome that the rule proposes, and whether the panel follows it."""
    locale, decided = composer.locale, composer.facts.decision
    if decided.departs:
        message = locale.gettext("The rules propose “{outcome}”. The panel departs from it, for these reasons:")
    else:
        message = locale.gettext("The rules propose “{outcome}”, and the panel follows, for these reasons:")
    return composer.sentence(message, outcome=composer.outcome(composer.card.proposal.outcome))


def _title_unmet_conditions(composer: Composer, target: str, has_unmet: bool) -> str:
    """Return the title of the unmet conditions. It mentions the rule if the panel departs from its proposal."""
    locale, decided = composer.locale, composer.facts.decision
    if has_unmet and decided.outcome == target:
        return locale.gettext("What the rules hold against “{outcome}”, which the panel gives all the same")
    if has_unmet:
        return locale.gettext("What stands between this hotline and “{outcome}”")
    if decided.departs:
        return locale.gettext("By the rules nothing stands between this hotline and “{outcome}”")
    return locale.gettext("Nothing stands between this hotline and “{outcome}”")


def _unmet_conditions(
    composer: Composer, target: OutcomeCheck, recommendations: tuple[Recommendation, ...]
) -> tuple[UnmetCondition, ...]:
    """Return the indicators, parts and scores that fail a condition, each once, under the first one that it fails."""
    found: dict[tuple[str, str], UnmetCondition] = {}
    for check in failed_checks(composer.card, target.outcome):
        if check.condition.test in _INDICATOR_TESTS:
            named = [_unmet_indicator(composer, check, code, recommendations) for code in check.codes]
        elif check.condition.test is Test.SCORE:
            named = [_unmet_score(composer, check)]
        elif check.condition.test in _PART_TESTS and not (check.condition.count and check.condition.percent):
            named = [_unmet_part(composer, check, code, recommendations) for code in check.codes]
        else:
            named = [_unmet_as_written(composer, check)]
        for condition in named:
            found.setdefault((condition.code, str(condition.text)), condition)
    return tuple(found.values())


def _unmet_indicator(
    composer: Composer, check: Check, code: str, recommendations: tuple[Recommendation, ...]
) -> UnmetCondition:
    locale, score = composer.locale, composer.card.indicators[code]
    if check.condition.level is None:
        reason = locale.gettext("No data.")
    elif score.level is None:
        reason = locale.gettext("No data. It needs level {level}.")
    elif check.condition.test is Test.EVERY:
        reason = locale.gettext("Level {found}. It needs level {level}.")
    elif check.condition.test is Test.BELOW:
        reason = locale.gettext("Level {found}; too many are short of level {level}.")
    else:
        reason = locale.gettext("Level {found}; too few reach level {level}.")
    return UnmetCondition(
        code,
        Sentence.joined([composer.guide(f"indicator/{code}/wording")]),
        reason.format(found=score.level, level=check.condition.level),
        format_recommendations(composer, recommendations, {code}),
    )


def _unmet_part(
    composer: Composer, check: Check, code: str, recommendations: tuple[Recommendation, ...]
) -> UnmetCondition:
    """Return a group, a domain or a standard that fails a condition on each of them."""
    locale, standard = composer.locale, composer.card.standards.get(code)
    if group := composer.framework.find_group(code):
        return _unmet_group(composer, check, group, recommendations)
    part = standard or next(domain for domain in composer.card.domains if domain.code == code)
    percent = None if check.condition.percent is None else composer.threshold(check.condition)
    if percent is None:
        reason = locale.gettext("{score}. It does not pass.")
    elif standard:
        reason = locale.gettext("{score}. Each standard needs {percent}.")
    else:
        reason = locale.gettext("{score}. Each domain needs {percent}.")
    return UnmetCondition(
        code,
        Sentence.joined([composer.guide(f"{'standard' if standard else 'domain'}/{code}/title")]),
        reason.format(score=composer.score(part.ratio).text, percent=percent),
        format_recommendations(composer, recommendations, {i.code for i in part.indicators}),
    )


def _unmet_group(
    composer: Composer, check: Check, group: Group, recommendations: tuple[Recommendation, ...]
) -> UnmetCondition:
    score = next(score for score in composer.card.groups if score.code == group.code)
    reason = composer.locale.gettext("{score}. Each group of domains needs {percent}.").format(
        score=composer.score(score.ratio).text, percent=composer.threshold(check.condition)
    )
    inside = {i.code for domain in composer.card.domains if domain.code in group.domains for i in domain.indicators}
    text = Sentence.joined([composer.guide(f"group/{group.code}")])
    return UnmetCondition(group.code, text, reason, format_recommendations(composer, recommendations, inside))


def _unmet_score(composer: Composer, check: Check) -> UnmetCondition:
    """Return a score that is too low: of a standard, of a domain, of a group, of some indicators, or of the whole."""
    locale, condition = composer.locale, check.condition
    reason = locale.gettext("{score}. It needs {percent}.").format(
        score=composer.score(check.found).text, percent=composer.threshold(condition)
    )
    code, text = _scope_of_score(composer, condition)
    return UnmetCondition(code, Sentence.joined([text]), reason, "")


def _scope_of_score(composer: Composer, condition: Condition) -> tuple[str, Passage]:
    """Return the code and the name of the part that a score is of. For several parts, the code is “All”."""
    every = composer.locale.gettext("All")
    if condition.standard:
        return condition.standard, composer.guide(f"standard/{condition.standard}/title")
    if condition.domain:
        return condition.domain, composer.guide(f"domain/{condition.domain}/title")
    if condition.group and not condition.is_choice:
        return condition.group, composer.guide(f"group/{condition.group}")
    if condition.codes:
        return condition.codes[0], Passage(", ".join(condition.codes))
    if condition.obligation:
        return every, composer.obligation(condition.obligation)
    return every, Passage(composer.locale.gettext("Overall"))


def _unmet_as_written(composer: Composer, check: Check) -> UnmetCondition:
    """Return an unmet condition as its own sentence with its result, such as that of a figure or of alternatives."""
    text = composer.condition_text(check)
    return UnmetCondition(composer.locale.gettext("All"), text.sentence, f"{text.found}.", "")


def _find_good_practices(composer: Composer) -> list[Note]:
    """Return the good practices that assessors noted, in the order of the Guide."""
    return [
        Note(code, composer.written(composer.facts.findings[code].words))
        for code in composer.framework.indicators
        if composer.card.indicators[code].is_asked
        and code in composer.facts.findings
        and composer.facts.findings[code].good_practice
        and composer.facts.findings[code].words.strip()
    ]


def _format_rest(composer: Composer, codes: list[str]) -> str:
    if not codes:
        return ""
    return composer.locale.ngettext("and {count} more: {codes}", "and {count} more: {codes}", len(codes)).format(
        count=len(codes), codes=", ".join(codes)
    )
