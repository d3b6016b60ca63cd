"""Rule, methods, bands and procedure as sentences in the active language.

Wrap a call in `translation.override` for another language. The edition's own names (of obligations, outcomes, domains)
come from `texts` by path, which is an edition's `Texts` or a `Wording`. They are in quotation marks or brackets, so
that no language has to inflect them. A sentence with them is a `Sentence`, in which each keeps its language.
"""

from collections.abc import Callable, Iterable, Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standards.framework import (
    Domain,
    Framework,
    Indicator,
    Method,
    Obligation,
    Outcome,
    Procedure,
    Scale,
    Standard,
    Support,
)
from standards.presentation.condition_sentences import EditionTexts, describe_level, name_of
from standards.presentation.sentences import Sentence, fill
from standards.presentation.units import describe_bound

# --- Numbers --------------------------------------------------------------------------------------------------------


def describe_bands(indicator: Indicator, scale: Scale) -> Iterator[tuple[int, str]]:
    """Yield the level and the condition of each band, then the worst level for all other values if no band has it."""
    for band in indicator.bands:
        yield band.level, describe_bound(band, indicator.unit)
    if indicator.bands and scale.worst not in {band.level for band in indicator.bands}:
        yield scale.worst, _("everything else")


def describe_terms(indicator: Indicator) -> tuple[str, ...]:
    """Return sentences on the further terms of an indicator: the support it needs, its first day, its points."""
    found = list(describe_supports(indicator, _number_level))
    if indicator.asked_from:
        found.append(_("Asked from %(day)s on.") % {"day": date_format(indicator.asked_from, "DATE_FORMAT")})
    if indicator.capped_by_figures:
        found.append(_("It is judged by people, and by no more than what the statistics show."))
    if indicator.minimum_months:
        found.append(
            ngettext(
                "Its figures count from %(count)s month on, if all its items were recorded for the same months.",
                "Its figures count from %(count)s months on, if all its items were recorded for the same months.",
                indicator.minimum_months,
            )
            % {"count": indicator.minimum_months}
        )
    if indicator.points:
        found.append(
            _("Its points, from the lowest number of the scale up: %(points)s.")
            % {"points": ", ".join(str(points) for points in indicator.points)}
        )
    return tuple(found)


def _number_level(level: int) -> str:
    return _("level %(level)s") % {"level": level}


def describe_supports(indicator: Indicator, name_level: Callable[[int], str]) -> Iterator[str]:
    """Yield sentences on the support that answers need, also at single levels. `name_level` formats a level."""
    if indicator.counts_with is not Support.NOTHING:
        yield {
            Support.WORDS: _("The hotline’s answer counts only with words that explain it."),
            Support.EVIDENCE: _("The hotline’s answer counts only with evidence."),
            Support.EITHER: _("The hotline’s answer counts only with words that explain it or with evidence."),
        }[indicator.counts_with]
    for one in indicator.counts_at:
        what = _("“not applicable”") if one.level is None else name_level(one.level)
        yield {
            Support.NOTHING: _("For %(what)s, it counts by itself."),
            Support.WORDS: _("For %(what)s, it counts only with words that explain it."),
            Support.EVIDENCE: _("For %(what)s, it counts only with evidence."),
            Support.EITHER: _("For %(what)s, it counts only with words that explain it or with evidence."),
        }[one.support] % {"what": what}
    if indicator.least_words:
        yield ngettext(
            "Words that explain it are at least %(count)s word long.",
            "Words that explain it are at least %(count)s words long.",
            indicator.least_words,
        ) % {"count": indicator.least_words}


def describe_becoming(outcome: Outcome, texts: EditionTexts) -> Sentence | None:
    """Describe what the outcome becomes when all conditions that the panel set are met; None if it stays."""
    if not outcome.becomes:
        return None
    return fill(
        _("When all conditions that the panel set are met, it becomes “%(outcome)s” until the same last day."),
        outcome=name_of(texts, f"outcome/{outcome.becomes}"),
    )


# --- How scores are made --------------------------------------------------------------------------------------------


def describe_method(method: Method, tier: str, framework: Framework) -> str:
    """Describe the method of a tier's score (`standard`, `domain`, `group` or `overall`)."""
    values = {"level": framework.rule.aggregation.level}
    describe = {
        "standard": _standard_method,
        "domain": _domain_method,
        "group": _group_method,
        "overall": _method_of_groups if framework.rule.aggregation.of_groups else _overall_method,
    }
    return describe[tier](method, framework) % values


def _standard_method(method: Method, framework: Framework) -> str:
    return {
        Method.WEIGHTED_MEAN: _("A standard is the mean of its indicators, each by the weight of its class."),
        Method.MEAN: _("A standard is the mean of its indicators, each counted once."),
        Method.SUM: _("A standard is the sum of the points of its indicators, of those that could be had."),
        Method.SHARE: _("A standard is the share of its indicators that reach level %(level)s or better."),
        Method.LOWEST: _("A standard stands where the worst of its indicators stands."),
    }[method]


def _domain_method(method: Method, framework: Framework) -> str:
    is_weighted = any(standard.weight != 1 for standard in framework.standards.values())
    return {
        Method.WEIGHTED_MEAN: _("A domain is the mean of all its indicators, each by the weight of its class."),
        Method.MEAN: _("A domain is the mean of its standards, each by its own weight.")
        if is_weighted
        else _("A domain is the mean of its standards."),
        Method.SUM: _("A domain is the sum of the points of all its indicators, of those that could be had."),
        Method.SHARE: _("A domain is the share of all its indicators that reach level %(level)s or better."),
        Method.LOWEST: _("A domain stands where the worst of all its indicators stands."),
    }[method]


def _group_method(method: Method, framework: Framework) -> str:
    if method is Method.LOWEST:
        return _("A group stands where the lowest of its domains stands.")
    if any(domain.weight != 1 for domain in framework.domains):
        return _("A group is the mean of its domains, each by its own weight.")
    return _("A group is the mean of its domains.")


def _method_of_groups(_method: Method, framework: Framework) -> str:
    if any(group.weight != 1 for group in framework.groups):
        return _("The overall score is the mean of the groups of domains, each by its own weight.")
    return _("The overall score is the mean of the groups of domains.")


def _overall_method(method: Method, framework: Framework) -> str:
    is_weighted = any(domain.weight != 1 for domain in framework.domains)
    return {
        Method.WEIGHTED_MEAN: _("The overall score is the mean of all indicators, each by the weight of its class."),
        Method.MEAN: _("The overall score is the mean of the domains, each by its own weight.")
        if is_weighted
        else _("The overall score is the mean of the domains."),
        Method.SUM: _("The overall score is the sum of the points of all indicators, of those that could be had."),
        Method.SHARE: _("The overall score is the share of all indicators that reach level %(level)s or better."),
        Method.LOWEST: _("The overall score stands where the worst of all indicators stands."),
    }[method]


def describe_methods(framework: Framework) -> tuple[str, ...]:
    """Describe the methods from the standards up, the effect of “not applicable”, and parts with a different method."""
    return (*describe_rule_methods(framework), *_describe_parts(framework.parts))


def describe_domains(framework: Framework) -> tuple[str, ...]:
    """Describe the method of the score of domains, and the domains with a different one."""
    return (
        describe_method(framework.rule.aggregation.domain, "domain", framework),
        *_describe_parts(framework.domains),
    )


def describe_overall(framework: Framework) -> str:
    return describe_method(framework.rule.aggregation.overall, "overall", framework)


def _describe_parts(parts: Iterable[Domain | Standard]) -> Iterator[str]:
    """Yield a sentence on the score of each part that has its own method or cap."""
    for part in parts:
        if part.best or part.excused_at_most is not None:
            # Translators: the code of a part of the Guide, and how its score is made otherwise than the others.
            yield _("%(code)s: %(sentence)s") % {"code": part.code, "sentence": " ".join(_describe_own(part))}


def describe_rule_methods(framework: Framework) -> tuple[str, ...]:
    """Describe the methods of the rule from the standards up, and the effect of “not applicable”."""
    aggregation = framework.rule.aggregation
    tiers = (
        ("standard", aggregation.standard),
        ("domain", aggregation.domain),
        *((("group", aggregation.group),) if framework.groups else ()),
        ("overall", aggregation.overall),
    )
    return (*(describe_method(method, tier, framework) for tier, method in tiers), describe_excused(framework))


def describe_score(code: str, tier: str, method: Method, framework: Framework) -> tuple[str, ...]:
    """Return sentences on the method of the score of a part, and on the effect of “not applicable”.

    `tier` is as in `describe_method`; `method` is that of the tier.
    """
    part = {part.code: part for part in framework.parts}.get(code)
    if part and part.best:
        return _describe_own(part)
    most = part.excused_at_most if part else None
    return describe_method(method, tier, framework), describe_excused(framework, most)


def _describe_own(part: Domain | Standard) -> tuple[str, ...]:
    if part.best:
        best = ngettext(
            "Its score is that of its best part.",
            "Its score is the mean of its %(count)s best parts, each counted once.",
            part.best,
        )
        return best % {"count": part.best}, _describe_cap(100)
    return (_describe_cap(100 if part.excused_at_most is None else part.excused_at_most),)


def describe_excused(framework: Framework, most: int | None = None) -> str:
    """Describe the effect of “not applicable”. `most` replaces the percentage of the rule."""
    if framework.rule.redistributes:
        return _(
            "The points of what does not apply go to the rest of its standard. What is missing counts as not reached."
        )
    return _describe_cap(framework.rule.excused_at_most if most is None else most)


def _describe_cap(percent: int) -> str:
    if percent == 100:
        return _("What does not apply is left out. What is missing counts as not reached.")
    if percent == 0:
        return _("What does not apply counts as not reached, and so does what is missing.")
    return _(
        "What does not apply is left out, up to %(percent)s\u00a0%% of a standard. What goes beyond that, "
        "and what is missing, counts as not reached."
    ) % {"percent": percent}


def describe_scale(framework: Framework, texts: EditionTexts) -> tuple[Sentence, ...]:
    """Describe the best and the worst level, and how yes and no count."""
    best, worst = (describe_level(level, texts) for level in (framework.scale.best, framework.scale.worst))
    return (
        fill(_("The best level is %(best)s, the worst is %(worst)s."), best=best, worst=worst),
        fill(_("Yes counts as the best level, no as the worst.")),
    )


def describe_obligation(obligation: Obligation, framework: Framework, texts: EditionTexts) -> tuple[Sentence, ...]:
    """Describe an obligation: its weight, its required level, and whether its indicators may be not applicable."""
    found = []
    if Method.WEIGHTED_MEAN in framework.rule.aggregation.methods:
        counts = ngettext("Each counts once.", "Each counts %(weight)s times.", obligation.weight)
        found.append(fill(counts, weight=obligation.weight))
    if obligation.wanted is None:
        found.append(fill(_("No level is asked for.")))
    else:
        found.append(fill(_("Level %(level)s or better is asked for."), level=describe_level(obligation.wanted, texts)))
    found.append(fill(_("It may be “not applicable”.") if obligation.excusable else _("It applies to every hotline.")))
    return tuple(found)


def describe_procedure(procedure: Procedure) -> tuple[str, ...]:
    """Describe the procedure before and after a decision, in chronological order."""
    sentences = (
        (
            procedure.response_days,
            ngettext(
                "The hotline has %(count)s day to answer the draft report.",
                "The hotline has %(count)s days to answer the draft report.",
                procedure.response_days,
            ),
        ),
        (
            procedure.quorum,
            ngettext(
                "At least %(count)s member of the panel votes.",
                "At least %(count)s members of the panel vote.",
                procedure.quorum,
            ),
        ),
        (
            procedure.departing,
            ngettext(
                "An outcome other than the proposed one needs the vote of %(count)s member, and a written reason.",
                "An outcome other than the proposed one needs the votes of %(count)s members, and a written reason.",
                procedure.departing,
            ),
        ),
        (
            procedure.appeal_days,
            ngettext(
                "The hotline may appeal within %(count)s day of being told.",
                "The hotline may appeal within %(count)s days of being told.",
                procedure.appeal_days,
            ),
        ),
        (
            procedure.deferral_months,
            ngettext(
                "Where the decision is deferred, what is missing is handed in within %(count)s month.",
                "Where the decision is deferred, what is missing is handed in within %(count)s months.",
                procedure.deferral_months,
            ),
        ),
        (
            procedure.midterm_months,
            ngettext(
                "The recommendations are checked %(count)s month after the decision.",
                "The recommendations are checked %(count)s months after the decision.",
                procedure.midterm_months,
            ),
        ),
        (
            procedure.reminder_months,
            ngettext(
                "A reminder comes %(count)s month before the accreditation ends.",
                "A reminder comes %(count)s months before the accreditation ends.",
                procedure.reminder_months,
            ),
        ),
    )
    refusals = (
        _("If the outcome is no accreditation, it is public, with the day of the decision.")
        if procedure.publishes_refusals
        else _("If the outcome is no accreditation, it is not public.")
    )
    chair = (
        (_("If no outcome has more than half of the votes, the vote of the panel’s chair counts double."),)
        if procedure.chair_breaks_ties
        else ()
    )
    ties = (
        _(
            "If no outcome has more than half of the votes, the members vote once more; then the less favourable one holds."
        )
        if procedure.votes_again_on_ties
        else _("If no outcome has more than half of the votes, the less favourable one holds.")
    )
    waits = ngettext(
        "A decision waits %(count)s day from the first vote for members who declared and have not voted.",
        "A decision waits %(count)s days from the first vote for members who declared and have not voted.",
        procedure.voting_days,
    )
    waits %= {"count": procedure.voting_days}
    return (*(sentence % {"count": count} for count, sentence in sentences), waits, *chair, ties, refusals)
