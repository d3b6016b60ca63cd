"""A domain's pages: its score, its standards, every indicator with both words, what was seen."""

from collections.abc import Sequence
from fractions import Fraction

from evaluation.scoring import (
    DomainScore,
    IndicatorScore,
    Measured,
    Partial,
    StandardScore,
    Trouble,
    Why,
    domain_line,
)
from evaluation.scoring import is_below as is_below_line
from reports.document.shape import Difference, DomainPart, DomainRow, IndicatorRow, Mark, Note, StandardRow
from reports.document.speech import Teller
from standards.framework import Indicator, Measure, Method
from standards.presentation.sentences import Passage, Sentence, fill
from standards.presentation.symbols import level_mark


def is_below(tell: Teller, ratio: Fraction | None) -> bool:
    """Below the line that the best outcome asks of each domain."""
    return is_below_line(ratio, domain_line(tell.framework.rule))


def compose_row(tell: Teller, domain: DomainScore) -> DomainRow:
    return DomainRow(
        code=domain.code,
        title=tell.short_title(domain.code),
        score=tell.score(domain.ratio),
        said=tell.score(domain.said),
        is_below=is_below(tell, domain.ratio),
    )


def compose_domain(tell: Teller, place: int) -> DomainPart:
    domain, say = tell.card.domains[place], tell.say
    indicators = domain.indicators
    standards = tuple(_standard(tell, standard) for standard in domain.standards)
    line = domain_line(tell.framework.rule)
    differing = [i for i in indicators if i.differs]
    return DomainPart(
        code=domain.code,
        kicker=say.gettext("Domain {place} of {all}").format(place=place + 1, all=len(tell.card.domains)),
        title=tell.guide(f"domain/{domain.code}/title"),
        score=tell.score(domain.ratio),
        said=tell.score(domain.said),
        is_below=is_below(tell, domain.ratio),
        basis=_basis(tell, domain),
        said_text=_said(tell, domain),
        line_text=""
        if line is None or domain.ratio is None
        else (
            say.gettext("Below the line of {percent}.")
            if is_below(tell, domain.ratio)
            else say.gettext("At or above the line of {percent}.")
        ).format(percent=tell.line(line)),
        chart_title=say.gettext("Scores of the standards: {scores}.").format(
            scores=", ".join(f"{standard.code} {standard.score.text}" for standard in standards)
        ),
        standards=standards,
        indicators=tuple(_indicator(tell, i) for i in indicators),
        seen=_notes(tell, [i for i in indicators if not i.differs], good_practice=False),
        good_practice=_notes(tell, indicators, good_practice=True),
        differences=tuple(_difference(tell, i) for i in differing),
    )


def _basis(tell: Teller, domain: DomainScore) -> str:
    if tell.framework.rule.aggregation.domain is not Method.MEAN:
        return tell.facts.told.domain_method
    counted = sum(standard.ratio is not None for standard in domain.standards)
    return tell.say.ngettext("mean of {count} standard", "mean of {count} standards", counted).format(count=counted)


def _said(tell: Teller, domain: DomainScore) -> str:
    if domain.said is None:
        return tell.say.gettext("The hotline said nothing that can be scored.")
    return tell.say.gettext("The hotline said {score}.").format(score=tell.score(domain.said).text)


def _standard(tell: Teller, standard: StandardScore) -> StandardRow:
    say = tell.say
    return StandardRow(
        code=standard.code,
        title=tell.guide(f"standard/{standard.code}/title"),
        score=tell.score(standard.ratio),
        said=tell.score(standard.said),
        points=standard.points,
        of=standard.of,
        terms=say.gettext("{points} of {all}").format(points=standard.points, all=standard.of) if standard.of else "",
        is_below=is_below(tell, standard.ratio),
    )


# --- An indicator: both words, and a note where a word is not enough -----------------------------------------------


def _indicator(tell: Teller, score: IndicatorScore) -> IndicatorRow:
    indicator = tell.framework.indicators[score.code]
    return IndicatorRow(
        code=score.code,
        wording=tell.guide(f"indicator/{score.code}/wording"),
        obligation=score.obligation,
        obligation_name=tell.obligation(score.obligation),
        why=score.why.value,
        hotline=_hotline_mark(tell, indicator, score),
        assessor=_assessor_mark(tell, indicator, score),
        note=_note(tell, indicator, score),
    )


def _hotline_mark(tell: Teller, indicator: Indicator, score: IndicatorScore) -> Mark:
    if score.self_not_applicable:
        return _mark("not_applicable", tell.say.gettext("not applicable"))
    if score.self_level is not None:
        return _level(tell, indicator, score.self_level)
    if score.code in tell.facts.withheld and not indicator.is_scored:
        return _mark("value", tell.say.gettext("not told"))
    if score.self_value is not None:
        return Mark("value", None, tell.value(indicator, score.self_value))
    return _mark("missing", tell.say.gettext("no data"))


def _assessor_mark(tell: Teller, indicator: Indicator, score: IndicatorScore) -> Mark:
    """What an assessor saw; where nobody looked the column stays open."""
    if score.seen_level is not None:
        return _level(tell, indicator, score.seen_level)
    finding = tell.facts.findings.get(score.code)
    if finding is not None and finding.not_applicable:
        return _mark("not_applicable", tell.say.gettext("not applicable"))
    if score.why is Why.NOT_SCORED:
        return _mark("not_scored", tell.say.gettext("not scored"))
    if score.why is Why.NOT_ASKED:
        return _mark("not_asked", tell.say.gettext("not asked yet"))
    return _mark("open", "–")


def _mark(kind: str, word: str) -> Mark:
    """A mark that is no level."""
    return Mark(kind, None, fill(word))


def _level(tell: Teller, indicator: Indicator, level: int) -> Mark:
    scale = tell.framework.scale
    tint = level_mark(scale, level)
    if indicator.measure is Measure.YES_NO and level in (scale.best, scale.worst):
        yes = level == scale.best
        word = fill(tell.say.gettext("Yes") if yes else tell.say.gettext("No"))
        return Mark("yes" if yes else "no", level, word, tint)
    return Mark("level", level, fill(str(level)), tint)


def _note(tell: Teller, indicator: Indicator, score: IndicatorScore) -> Sentence:
    """The number behind a level with its terms, or why there is none."""
    say, measured = tell.say, tell.facts.figures.get(score.code)
    parts: list[Sentence | str] = []
    if score.code in tell.facts.withheld:
        parts.append(say.gettext("The counts behind it are too small to be told."))
    elif score.why is Why.NOT_SCORED and measured is None:
        return Sentence()
    elif score.value is not None and not indicator.from_figures:
        parts.append(tell.sentence(say.gettext("{value}."), value=tell.value(indicator, score.value)))
    elif measured is not None and measured.value is not None:
        terms = "; ".join(f"{item} {tell.count(value)}" for item, value in measured.terms.items() if value is not None)
        value = tell.value(indicator, measured.value)
        parts.append(tell.sentence(say.gettext("{value} from the figures ({terms})."), value=value, terms=terms))
    elif measured is not None and not score.self_not_applicable:
        parts.append(_trouble(tell, indicator, measured))
    if measured is not None and measured.value is not None and measured.part is not None:
        parts.append(_months(tell, measured.part))
    if (standing := _standing(tell, indicator, score)) is not None:
        parts.append(standing)
    return Sentence.joined(parts).within(tell.facts.language)


def _standing(tell: Teller, indicator: Indicator, score: IndicatorScore) -> str | None:
    """Why another level counts than the one that was said, or none."""
    say, worst = tell.say, tell.framework.scale.worst
    if score.why is Why.NOT_ASKED and indicator.asked_from:
        return say.gettext("Asked from {day}.").format(day=say.day(indicator.asked_from))
    return {
        Why.MISSING: say.gettext("Missing: counts as level {worst}."),
        Why.UNSUPPORTED: say.gettext("Said without the proof that the Guide asks for: counts as level {worst}."),
        Why.NOT_SEEN: say.gettext("The assessors could not look at it: counts as level {worst}."),
        Why.CAPPED: say.gettext("Lowered to level {level}, which the figures show."),
        Why.NOT_APPLICABLE: say.gettext("Leaves the score."),
    }.get(score.why, "").format(worst=worst, level=score.level) or None


def _months(tell: Teller, part: Partial) -> str:
    """Of how much of the time a number is."""
    said = tell.say.ngettext("From {count} of {of} month.", "From {count} of {of} months.", part.of)
    return said.format(count=len(part.months), of=part.of)


def _trouble(tell: Teller, indicator: Indicator, measured: Measured) -> str:
    say, base, trouble = tell.say, indicator.minimum_base, measured.trouble
    if trouble is Trouble.TOO_FEW_MONTHS and measured.part is not None:
        months = len(measured.part.months)
        return say.ngettext(
            "Recorded for {count} month, at least {least} are asked for: no figure.",
            "Recorded for {count} months, at least {least} are asked for: no figure.",
            months,
        ).format(count=months, least=indicator.minimum_months)
    if trouble is Trouble.MONTHS_DIFFER:
        return say.gettext("Its items were recorded for different months: no figure.")
    if trouble is Trouble.BASE_TOO_SMALL and base is not None:
        return say.gettext("Fewer than {count} cases in {item}: no figure.").format(count=base.at_least, item=base.item)
    if trouble is Trouble.NOTHING_TO_DIVIDE_BY:
        return say.gettext("Nothing to count in this period: no figure.")
    absent = ", ".join(item for item, value in measured.terms.items() if value is None)
    return say.gettext("Not recorded: {items}.").format(items=absent)


def _notes(tell: Teller, indicators: Sequence[IndicatorScore], *, good_practice: bool) -> tuple[Note, ...]:
    findings = tell.facts.findings
    return tuple(
        Note(i.code, tell.written(findings[i.code].words))
        for i in indicators
        if i.code in findings and findings[i.code].words.strip() and findings[i.code].good_practice is good_practice
    )


def _difference(tell: Teller, score: IndicatorScore) -> Difference:
    indicator, finding = tell.framework.indicators[score.code], tell.facts.findings.get(score.code)
    said, seen = _hotline_mark(tell, indicator, score), _assessor_mark(tell, indicator, score)
    words = finding.words if finding is not None and not finding.good_practice else ""
    return Difference(
        code=score.code,
        levels=tell.sentence(tell.say.gettext("hotline {said}, assessor {seen}"), said=said.text, seen=seen.text),
        assessor=tell.written(words) if words else Passage(""),
        hotline=tell.written(tell.facts.answers.get(score.code, "")),
    )
