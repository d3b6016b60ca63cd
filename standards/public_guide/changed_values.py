"""Describe a value of a compared part of the Guide in the active language. Names of the Guide keep their language."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from standards.framework import Domain, Framework, Indicator, Measure, Scale, Standard
from standards.models import IndicatorPage
from standards.presentation.asking_sentences import describe_askings
from standards.presentation.condition_sentences import EditionTexts, name_of
from standards.presentation.marking import marked
from standards.presentation.rule_sentences import describe_bands, describe_score, describe_terms
from standards.presentation.units import unit_words

Lines = tuple[SafeString | str, ...]


def describe_value(
    name: str, value: Any, part: Domain | Standard | Indicator, framework: Framework, texts: EditionTexts
) -> Lines:
    """Return the lines that describe the value of a field of a part; none if the value is empty."""
    match name:
        case "scale":
            return describe_points(value)
        case "obligation":
            return (marked(name_of(texts, f"obligation/{value}")),)
        case "bands" if isinstance(part, Indicator):
            return _describe_bands(part, framework, texts)
        case "unit":
            return (unit_words(value),) if value else ()
        case "counts_at" | "least_words" | "asked_from" | "points" | "minimum_months":
            return describe_terms(Indicator("", "", Measure.SCALE, **{name: value}))
        case "asked_if" if isinstance(part, Indicator):
            sentence = describe_askings(part, framework, texts)
            return (marked(sentence),) if sentence else ()
        case "best":
            return (_describe_score(part, framework)[0],)
        case "excused_at_most":
            return (_describe_score(part, framework)[1],)
        case _:
            return _describe_plain(name, value)


def describe_points(scale: Scale) -> Lines:
    """Describe a scale by its worst and its best level, and its points."""
    levels = sorted(scale.levels, key=scale.rank)
    if scale.points and len(scale.points) != len(scale.levels):  # a draft
        return (_("from %(worst)s to %(best)s") % {"worst": scale.worst, "best": scale.best},)
    points = ", ".join(str(scale.points_of(level)) for level in levels)
    words = _("from %(worst)s to %(best)s, with %(points)s points")
    return (words % {"worst": scale.worst, "best": scale.best, "points": points},)


def _describe_bands(indicator: Indicator, framework: Framework, texts: EditionTexts) -> Lines:
    found = tuple(
        format_html("{}: {}", marked(name_of(texts, f"level/{level}")), words)
        for level, words in describe_bands(indicator, framework.scale)
    )
    return found or (_("shown, not scored"),)


def _describe_score(part: Domain | Standard | Indicator, framework: Framework) -> tuple[str, ...]:
    """Describe the method of the score of a domain or a standard, and the effect of “not applicable”."""
    tier = "domain" if isinstance(part, Domain) else "standard"
    return describe_score(part.code, tier, getattr(framework.rule.aggregation, tier), framework)


def _describe_plain(name: str, value: Any) -> Lines:
    if isinstance(value, bool):
        return (_("Yes") if value else _("No"),)
    if name in {field.name for field in IndicatorPage._meta.fields} and (
        choices := IndicatorPage._meta.get_field(name).choices
    ):
        return (str(dict(choices).get(getattr(value, "value", value) or None, "")),)
    return () if value in (None, "") else (str(value),)
