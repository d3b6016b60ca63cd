"""Conditions of being asked as sentences in the active language. The edition's own texts keep their language."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from standards.framework import Asking, Framework, Indicator, Measure
from standards.presentation.condition_sentences import EditionTexts, describe_level, name_of
from standards.presentation.sentences import Sentence, fill


def describe_askings(indicator: Indicator, framework: Framework, texts: EditionTexts) -> Sentence:
    """Describe of which hotlines an indicator is asked. The sentence is empty if it is asked of all."""
    alternatives = [_describe(asking, framework, texts) for asking in indicator.asked_if]
    if not alternatives:
        return Sentence()
    if len(alternatives) == 1:
        # Translators: such as “Asked only if 1.1.2 is answered with yes.”
        return fill(_("Asked only if %(condition)s."), condition=alternatives[0])
    # Translators: then several conditions, separated by semicolons.
    message = _("Asked only if one of these is so: %(conditions)s.")
    return fill(message, conditions=Sentence.joined(alternatives, "; "))


def _describe(asking: Asking, framework: Framework, texts: EditionTexts) -> Sentence:
    if asking.trait:
        # Translators: part of a sentence, after “Asked only if”. The trait is named by the edition.
        return fill(_("the hotline has the trait “%(trait)s”"), trait=name_of(texts, f"trait/{asking.trait}"))
    levels = Sentence.joined((_name(level, asking, framework, texts) for level in _levels(asking, framework)), ", ")
    if asking.least is None or asking.least == framework.scale.best or _is_yes_no(asking, framework):
        # Translators: part of a sentence, after “Asked only if”: the code of an indicator, and yes, no, or levels.
        return fill(_("%(code)s is answered with %(levels)s"), code=asking.code, levels=levels)
    return fill(_("%(code)s is answered with %(levels)s or better"), code=asking.code, levels=levels)


def _levels(asking: Asking, framework: Framework) -> Iterable[int]:
    """Return the levels to name. For yes or no, these are the levels of the answers that fulfil it, yes first."""
    scale = framework.scale
    if asking.least is None or not _is_yes_no(asking, framework):
        return asking.named_levels
    return [level for level in (scale.best, scale.worst) if asking.holds_at(level, scale)]


def _name(level: int, asking: Asking, framework: Framework, texts: EditionTexts) -> Sentence:
    if _is_yes_no(asking, framework) and level in (framework.scale.best, framework.scale.worst):
        return fill(_("yes") if level == framework.scale.best else _("no"))
    return fill(_("level %(level)s"), level=describe_level(level, texts))


def _is_yes_no(asking: Asking, framework: Framework) -> bool:
    indicator = framework.indicators.get(asking.code)
    return indicator is not None and indicator.measure is Measure.YES_NO
