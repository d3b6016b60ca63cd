"""Validate a framework. Each problem has its place and its field, and says how to fix it."""

from collections.abc import Iterator

from standards.framework.condition import Method
from standards.framework.figures import MOST_MONTHS
from standards.framework.indicator import Indicator, Measure, Source
from standards.framework.problem import ValidationProblem, gettext_noop
from standards.framework.scale import MOST_POINTS, Scale
from standards.framework.structure import Domain, Framework, Standard
from standards.framework.validation.asking import find_asking_problems
from standards.framework.validation.groups import find_group_problems
from standards.framework.validation.rule import find_procedure_problems, find_result_problems, find_rule_problems


def find_problems(framework: Framework) -> Iterator[ValidationProblem]:
    """Yield every problem of a framework, in reading order."""
    yield from _find_scale_problems(framework.scale)
    yield from _find_code_problems(framework)
    yield from _find_key_problems(framework)
    for indicator in framework.indicators.values():
        yield from _find_indicator_problems(framework, indicator)
    yield from find_asking_problems(framework)
    yield from find_group_problems(framework)
    yield from find_rule_problems(framework)
    yield from find_result_problems(framework)
    yield from find_procedure_problems(framework.procedure)


def _find_scale_problems(scale: Scale) -> Iterator[ValidationProblem]:
    if scale.lowest >= scale.highest:
        yield ValidationProblem(
            gettext_noop("The scale needs at least two levels. Make its highest level higher than its lowest."),
            "scale",
        )
        return
    if scale.points and not _fits(scale, scale.points):
        yield ValidationProblem(
            gettext_noop(
                "The scale needs %(count)s points, one for each level from %(lowest)s to %(highest)s, "
                "never fewer for a better level, and more than 0 for the best."
            ),
            "scale",
            "points",
            **_extent(scale),
        )


def _fits(scale: Scale, points: tuple[int, ...]) -> bool:
    """Whether a table of points has an entry per level, none lower for a better level, and the best above 0."""
    in_rank = points[::-1] if scale.falling else points
    is_bounded = all(abs(number) <= MOST_POINTS for number in points)
    return len(points) == len(scale.levels) and is_bounded and list(in_rank) == sorted(in_rank) and in_rank[-1] > 0


def _extent(scale: Scale) -> dict[str, object]:
    return {"count": len(scale.levels), "lowest": scale.lowest, "highest": scale.highest}


def _find_code_problems(framework: Framework) -> Iterator[ValidationProblem]:
    seen: set[str] = set()
    for domain in framework.domains:
        inside = f"domain/{domain.code}"
        places = [(inside, domain.code)]
        for standard in domain.standards:
            places.append((f"standard/{standard.code}", standard.code))
            places += [(f"indicator/{indicator.code}", indicator.code) for indicator in standard.indicators]
        for where, code in places:
            if not code:
                what = domain.code or "a domain"
                yield ValidationProblem(
                    gettext_noop("Something in %(domain)s has no code. Give every standard and indicator one."),
                    inside,
                    domain=what,
                )
            elif code in seen:
                yield ValidationProblem(
                    gettext_noop("The code %(code)s stands twice. Each code may stand once in an edition."),
                    where,
                    "code",
                    code=code,
                )
            seen.add(code)
        if not domain.indicators:
            yield ValidationProblem(gettext_noop("Domain %(code)s has no indicator."), inside, code=domain.code)
        weights = [(inside, domain.code, domain.weight)]
        weights += [(f"standard/{s.code}", s.code, s.weight) for s in domain.standards]
        for where, code, weight in weights:
            if weight < 1:
                yield ValidationProblem(
                    gettext_noop("%(code)s weighs %(weight)s. Give it a weight of at least 1."),
                    where,
                    "weight",
                    code=code,
                    weight=weight,
                )
    yield from _find_option_problems(framework)
    if not framework.domains:
        yield ValidationProblem(gettext_noop("The edition has no domain."), "")


def _find_key_problems(framework: Framework) -> Iterator[ValidationProblem]:
    """Yield a problem for each part with the permanent key of an earlier part that has another code."""
    first_of: dict[str, str] = {}
    for domain in framework.domains:
        parts: list[tuple[str, Domain | Standard | Indicator]] = [("domain", domain)]
        for standard in domain.standards:
            parts += [("standard", standard), *(("indicator", indicator) for indicator in standard.indicators)]
        for kind, part in parts:
            first = first_of.setdefault(part.permanent_key, part.code)
            if first != part.code:
                yield ValidationProblem(
                    gettext_noop(
                        "%(code)s has the permanent key “%(key)s”, which is that of %(first)s already. "
                        "Add %(code)s as a new page, or give it another key or none in the files."
                    ),
                    f"{kind}/{part.code}",
                    "key",
                    code=part.code,
                    key=part.permanent_key,
                    first=first,
                )


def _find_option_problems(framework: Framework) -> Iterator[ValidationProblem]:
    """Yield the problems of `best`, `excused_at_most` and `redistributes`.

    `best` requires that domains and the whole are means. Neither `best` nor `redistributes` can be combined with a
    limit to the effect of “not applicable”.
    """
    rule = framework.rule
    parts: list[tuple[str, Domain | Standard, int]] = [
        (f"domain/{domain.code}", domain, len(domain.standards)) for domain in framework.domains
    ]
    parts += [(f"standard/{s.code}", s, len(s.indicators)) for s in framework.standards.values()]
    for where, part, count in parts:
        yield from _find_problems_of_best(framework, where, part, count)
        most = part.excused_at_most
        if most is not None and not 0 <= most <= 100:
            yield ValidationProblem(
                gettext_noop("The share that “not applicable” may take out of the score is a number from 0 to 100."),
                where,
                "excused_at_most",
            )
        if most is not None and (rule.redistributes or part.best):
            yield ValidationProblem(
                gettext_noop("Nothing that does not apply is held back in the score of %(code)s. Empty this."),
                where,
                "excused_at_most",
                code=part.code,
            )
    if rule.redistributes and rule.excused_at_most != 100:
        yield ValidationProblem(
            gettext_noop("What does not apply goes to the rest of its standard, so nothing is held back. Write 100."),
            "rule",
            "excused_at_most",
        )


def _find_problems_of_best(
    framework: Framework, where: str, part: Domain | Standard, count: int
) -> Iterator[ValidationProblem]:
    methods = framework.rule.aggregation
    if not 0 <= part.best <= count:
        yield ValidationProblem(
            gettext_noop(
                "The best %(best)s of %(count)s are to count in %(code)s. Write a number from 1 to %(count)s."
            ),
            where,
            "best",
            best=part.best,
            count=count,
            code=part.code,
        )
    if part.best and not methods.domain is methods.overall is Method.MEAN:
        yield ValidationProblem(
            gettext_noop(
                "In %(code)s only the best count. That needs domains and the whole to be means of their parts."
            ),
            where,
            "best",
            code=part.code,
        )


def _find_indicator_problems(framework: Framework, indicator: Indicator) -> Iterator[ValidationProblem]:
    code, scale, where = indicator.code, framework.scale, f"indicator/{indicator.code}"
    obligation = framework.rule.obligation.get(indicator.obligation)
    if obligation is None:
        yield ValidationProblem(
            gettext_noop("%(code)s is “%(obligation)s”, which the edition does not name. Take one of: %(known)s."),
            where,
            "obligation",
            code=code,
            obligation=indicator.obligation,
            known=", ".join(framework.rule.obligation),
        )
    elif indicator.not_applicable and not obligation.excusable:
        yield ValidationProblem(
            gettext_noop("%(code)s is %(obligation)s and may not allow “not applicable”."),
            where,
            "not_applicable",
            code=code,
            obligation=obligation.code,
        )
    yield from find_bands_off_scale(indicator, scale)
    if indicator.points and not _fits(scale, indicator.points):
        yield ValidationProblem(
            gettext_noop(
                "%(code)s needs %(count)s points, one for each level from %(lowest)s to %(highest)s, "
                "never fewer for a better level, and more than 0 for the best."
            ),
            where,
            "points",
            code=code,
            **_extent(scale),
        )
    for one in indicator.counts_at:
        if one.level is not None and one.level not in scale.levels:
            yield ValidationProblem(
                gettext_noop("%(code)s says what level %(level)s counts with, which the scale does not have."),
                where,
                "counts_at",
                code=code,
                level=one.level,
            )
    yield from _find_month_problems(indicator, where)
    if indicator.measure is not Measure.NUMERIC:
        yield from _find_cap_problems(indicator, where)


def find_bands_off_scale(indicator: Indicator, scale: Scale) -> Iterator[ValidationProblem]:
    for band in indicator.bands:
        if band.level not in scale.levels:
            yield ValidationProblem(
                gettext_noop("%(code)s has a band for level %(level)s, which the scale does not have."),
                f"indicator/{indicator.code}",
                "bands",
                code=indicator.code,
                level=band.level,
            )


def _find_month_problems(indicator: Indicator, where: str) -> Iterator[ValidationProblem]:
    """Yield a problem for a number of months that is above a year, or without a formula."""
    if not 0 <= indicator.minimum_months <= MOST_MONTHS:
        yield ValidationProblem(
            gettext_noop("%(code)s asks for %(months)s months. Write a number from 1 to %(most)s, or none for all."),
            where,
            "minimum_months",
            code=indicator.code,
            months=indicator.minimum_months,
            most=MOST_MONTHS,
        )
    elif indicator.minimum_months and not indicator.formula:
        yield ValidationProblem(
            gettext_noop("%(code)s asks for a number of months without a formula. Write the formula, or empty it."),
            where,
            "minimum_months",
            code=indicator.code,
        )


def _find_cap_problems(indicator: Indicator, where: str) -> Iterator[ValidationProblem]:
    """Yield the problems of an indicator that people judge and figures may cap: it needs both bands and a formula."""
    if bool(indicator.bands) != bool(indicator.formula):
        yield ValidationProblem(
            gettext_noop("%(code)s is capped by figures only with a formula and bands. Write both, or neither."),
            where,
            "bands" if indicator.formula else "formula",
            code=indicator.code,
        )
    if indicator.formula and indicator.source is Source.STATISTICS:
        yield ValidationProblem(
            gettext_noop("%(code)s is judged by people. Take another source than statistics, or make it a number."),
            where,
            "source",
            code=indicator.code,
        )
