"""The pages of a domain: score, standards, indicators with answer and finding, observations."""

from collections.abc import Sequence
from fractions import Fraction

from evaluation.engine.scoring import (
    DomainScore,
    IndicatorScore,
    LevelBasis,
    Line,
    Partial,
    StandardScore,
    required_domain_line,
)
from evaluation.engine.scoring import is_below as is_below_line
from evaluation.result_texts import basis_texts, missing_figure_texts
from reports.document.composer import Composer
from reports.document.shape import Difference, DomainPart, DomainRow, GroupRow, IndicatorRow, Mark, Note, StandardRow
from standards.framework import Indicator, Measure, Method
from standards.presentation.sentences import Passage, Sentence, fill
from standards.presentation.symbols import level_mark


def is_below(composer: Composer, ratio: Fraction | None) -> bool:
    """Whether a score is below the score that the best outcome requires of each domain."""
    return is_below_line(ratio, required_domain_line(composer.framework.rule))


def compose_row(composer: Composer, domain: DomainScore) -> DomainRow:
    return DomainRow(
        code=domain.code,
        title=composer.short_title(domain.code),
        score=composer.score(domain.ratio),
        self_score=composer.score(domain.self_score),
        is_below=is_below(composer, domain.ratio),
    )


def compose_domain(composer: Composer, place: int) -> DomainPart:
    domain, locale = composer.card.domains[place], composer.locale
    indicators = domain.indicators
    standards = tuple(_standard(composer, standard) for standard in domain.standards)
    line = required_domain_line(composer.framework.rule)
    differing = [i for i in indicators if i.differs]
    return DomainPart(
        code=domain.code,
        kicker=locale.gettext("Domain {place} of {all}").format(place=place + 1, all=len(composer.card.domains)),
        title=composer.guide(f"domain/{domain.code}/title"),
        group=_group(composer, domain),
        score=composer.score(domain.ratio),
        self_score=composer.score(domain.self_score),
        is_below=is_below(composer, domain.ratio),
        basis=_basis(composer, domain),
        self_score_text=_self_score_sentence(composer, domain),
        line_text="" if line is None or domain.ratio is None else _line_sentence(composer, line, domain.ratio),
        chart_title=locale.gettext("Scores of the standards: {scores}.").format(
            scores=", ".join(f"{standard.code} {standard.score.text}" for standard in standards)
        ),
        standards=standards,
        indicators=tuple(_indicator(composer, i) for i in indicators),
        seen=_notes(composer, [i for i in indicators if not i.differs], good_practice=False),
        good_practice=_notes(composer, indicators, good_practice=True),
        differences=tuple(_difference(composer, i) for i in differing),
    )


def _group(composer: Composer, domain: DomainScore) -> GroupRow | None:
    """Return the group that starts with the domain, or None."""
    group = composer.framework.group_starting_with.get(domain.code)
    if group is None:
        return None
    score = next(score for score in composer.card.groups if score.code == group.code)
    return GroupRow(
        code=group.code,
        title=composer.guide(f"group/{group.code}"),
        score=composer.score(score.ratio),
        self_score=composer.score(score.self_score),
    )


def _line_sentence(composer: Composer, line: Line, ratio: Fraction) -> str:
    locale, is_short = composer.locale, is_below_line(ratio, line)
    if line.strictly:
        text = (
            locale.gettext("Not above the line of {percent}.")
            if is_short
            else locale.gettext("Above the line of {percent}.")
        )
    else:
        text = (
            locale.gettext("Below the line of {percent}.")
            if is_short
            else locale.gettext("At or above the line of {percent}.")
        )
    return text.format(percent=composer.line(line.percent))


def _basis(composer: Composer, domain: DomainScore) -> str:
    has_best = any(part.best for part in composer.framework.domains if part.code == domain.code)
    if has_best or composer.framework.rule.aggregation.domain is not Method.MEAN:
        return composer.facts.rule_texts.domain_methods[domain.code]
    counted = sum(standard.ratio is not None for standard in domain.standards)
    return composer.locale.ngettext("mean of {count} standard", "mean of {count} standards", counted).format(
        count=counted
    )


def _self_score_sentence(composer: Composer, domain: DomainScore) -> str:
    if domain.self_score is None:
        return composer.locale.gettext("The hotline said nothing that can be scored.")
    return composer.locale.gettext("The hotline said {score}.").format(score=composer.score(domain.self_score).text)


def _standard(composer: Composer, standard: StandardScore) -> StandardRow:
    locale = composer.locale
    return StandardRow(
        code=standard.code,
        title=composer.guide(f"standard/{standard.code}/title"),
        score=composer.score(standard.ratio),
        self_score=composer.score(standard.self_score),
        points=standard.points,
        of=standard.of,
        terms=locale.gettext("{points} of {all}").format(points=standard.points, all=standard.of)
        if standard.of
        else "",
        is_below=is_below(composer, standard.ratio),
    )


# --- An indicator: both judgements, and a note where a mark is not enough -----------------------------------------


def _indicator(composer: Composer, score: IndicatorScore) -> IndicatorRow:
    indicator = composer.framework.indicators[score.code]
    return IndicatorRow(
        code=score.code,
        wording=composer.guide(f"indicator/{score.code}/wording"),
        obligation=score.obligation,
        obligation_name=composer.obligation(score.obligation),
        why=score.basis.value,
        hotline=_hotline_mark(composer, indicator, score),
        assessor=_assessor_mark(composer, indicator, score),
        note=_note(composer, indicator, score),
    )


def _hotline_mark(composer: Composer, indicator: Indicator, score: IndicatorScore) -> Mark:
    if score.basis is LevelBasis.NOT_ASKED_HERE:
        return _mark("not_asked", composer.locale.gettext("not asked"))
    if score.self_not_applicable:
        return _mark("not_applicable", composer.locale.gettext("not applicable"))
    if score.self_level is not None:
        return _level(composer, indicator, score.self_level)
    if score.code in composer.facts.withheld and not indicator.is_scored:
        return _mark("value", composer.locale.gettext("not told"))
    if score.self_value is not None:
        return Mark("value", None, composer.value(indicator, score.self_value))
    return _mark("missing", composer.locale.gettext("no data"))


def _assessor_mark(composer: Composer, indicator: Indicator, score: IndicatorScore) -> Mark:
    """Return the mark of the assessor's finding. It is `open` if no finding was needed."""
    if score.basis is LevelBasis.NOT_ASKED_HERE:
        return _mark("not_asked", composer.locale.gettext("not asked"))
    if score.seen_level is not None:
        return _level(composer, indicator, score.seen_level)
    finding = composer.facts.findings.get(score.code)
    if finding is not None and finding.not_applicable:
        return _mark("not_applicable", composer.locale.gettext("not applicable"))
    if score.basis is LevelBasis.NOT_SCORED:
        return _mark("not_scored", composer.locale.gettext("not scored"))
    if score.basis is LevelBasis.NOT_ASKED:
        return _mark("not_asked", composer.locale.gettext("not asked yet"))
    return _mark("open", "–")


def _mark(kind: str, word: str) -> Mark:
    """Return a mark without a level."""
    return Mark(kind, None, fill(word))


def _level(composer: Composer, indicator: Indicator, level: int) -> Mark:
    scale = composer.framework.scale
    tint = level_mark(scale, level)
    if indicator.measure is Measure.YES_NO and level in (scale.best, scale.worst):
        yes = level == scale.best
        word = fill(composer.locale.gettext("Yes") if yes else composer.locale.gettext("No"))
        return Mark("yes" if yes else "no", level, word, tint)
    return Mark("level", level, fill(str(level)), tint)


def _note(composer: Composer, indicator: Indicator, score: IndicatorScore) -> Sentence:
    """Return the value that a level is based on, with its terms, or the reason why there is none."""
    if score.basis is LevelBasis.NOT_ASKED_HERE:
        return composer.facts.rule_texts.askings[score.code].within(composer.facts.language)
    locale, measured = composer.locale, composer.facts.figures.get(score.code)
    parts: list[Sentence | str] = []
    if score.code in composer.facts.withheld:
        parts.append(locale.gettext("The counts behind it are too small to be told."))
    elif score.basis is LevelBasis.NOT_SCORED and measured is None:
        return Sentence()
    elif score.value is not None and not indicator.from_figures:
        parts.append(composer.sentence(locale.gettext("{value}."), value=composer.value(indicator, score.value)))
    elif measured is not None and measured.value is not None:
        terms = "; ".join(
            f"{item} {composer.count(value)}" for item, value in measured.terms.items() if value is not None
        )
        value = composer.value(indicator, measured.value)
        parts.append(composer.sentence(locale.gettext("{value} from the figures ({terms})."), value=value, terms=terms))
    elif measured is not None and not score.self_not_applicable:
        parts.append(missing_figure_texts(indicator, measured, locale).in_report)
    if measured is not None and measured.value is not None and measured.part is not None:
        parts.append(_months(composer, measured.part))
    if (reason := _level_sentence(composer, indicator, score)) is not None:
        parts.append(reason)
    return Sentence.joined(parts).within(composer.facts.language)


def _level_sentence(composer: Composer, indicator: Indicator, score: IndicatorScore) -> str | None:
    """Describe why the level that counts is not the answered or found one, or why no level counts."""
    locale, worst = composer.locale, composer.framework.scale.worst
    if score.basis is LevelBasis.NOT_ASKED and indicator.asked_from:
        return locale.gettext("Asked from {day}.").format(day=locale.day(indicator.asked_from))
    text = basis_texts(score.basis, locale).in_report
    return text.format(worst=worst, level=score.level) or None


def _months(composer: Composer, part: Partial) -> str:
    """Describe which part of the period a number covers."""
    message = composer.locale.ngettext("From {count} of {of} month.", "From {count} of {of} months.", part.of)
    return message.format(count=len(part.months), of=part.of)


def _notes(composer: Composer, indicators: Sequence[IndicatorScore], *, good_practice: bool) -> tuple[Note, ...]:
    findings = composer.facts.findings
    return tuple(
        Note(i.code, composer.written(findings[i.code].words))
        for i in indicators
        if i.is_asked
        and i.code in findings
        and findings[i.code].words.strip()
        and findings[i.code].good_practice is good_practice
    )


def _difference(composer: Composer, score: IndicatorScore) -> Difference:
    indicator, finding = composer.framework.indicators[score.code], composer.facts.findings.get(score.code)
    answer, seen = _hotline_mark(composer, indicator, score), _assessor_mark(composer, indicator, score)
    words = finding.words if finding is not None and not finding.good_practice else ""
    return Difference(
        code=score.code,
        levels=composer.sentence(
            composer.locale.gettext("hotline {said}, assessor {seen}"), said=answer.text, seen=seen.text
        ),
        assessor=composer.written(words) if words else Passage(""),
        hotline=composer.written(composer.facts.answers.get(score.code, "")),
    )
