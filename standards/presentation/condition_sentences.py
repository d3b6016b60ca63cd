"""The conditions of a rule as sentences in the active language.

The edition's own texts come from `texts`, by path, and keep their language.
"""

from collections.abc import Mapping
from string import ascii_lowercase
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from standards.framework import SCOPE_FIELDS, Condition, Framework, Method, Test
from standards.presentation.sentences import Passage, Sentence, fill
from standards.presentation.units import describe_bound, format_percentage


class EditionTexts(Protocol):
    """The texts of an edition by path."""

    def __getitem__(self, path: str, /) -> Any: ...


def name_of(texts: EditionTexts, path: str) -> Passage | str:
    """Return the name at a path, or the code in the path while the name is empty."""
    try:
        name: Passage | str = texts[path]
    except KeyError:
        name = ""
    return name or path.split("/")[1]


def describe_condition(condition: Condition, framework: Framework, texts: EditionTexts) -> Sentence:
    """Describe one condition of an outcome. For the score of a choice of indicators, this includes the method."""
    if condition.test is Test.ANY:
        return _describe_alternatives(condition, framework, texts)
    return _with_method(_describe_condition(condition, framework, texts), condition, framework, texts)


def _describe_alternatives(condition: Condition, framework: Framework, texts: EditionTexts) -> Sentence:
    sentences = [describe_condition(alternative, framework, texts) for alternative in condition.conditions]
    lettered = [
        fill("(%(letter)s) %(sentence)s", letter=letter, sentence=sentence)
        for letter, sentence in zip(ascii_lowercase * len(sentences), sentences, strict=False)
    ]
    count = condition.alternatives_needed
    # Translators: a condition of the rule, and then several sentences, (a) … (b) …
    message = ngettext(
        "At least one of these holds: %(sentences)s", "At least %(count)s of these hold: %(sentences)s", count
    )
    return fill(message, count=count, sentences=Sentence.joined(lettered))


def _with_method(sentence: Sentence, condition: Condition, framework: Framework, texts: EditionTexts) -> Sentence:
    if condition.test is not Test.SCORE or not condition.is_choice:
        return sentence
    aggregation = framework.rule.aggregation
    method = {
        Method.WEIGHTED_MEAN: _("This score is the mean of these indicators, each by the weight of its class."),
        Method.MEAN: _("This score is the mean of these indicators, each counted once."),
        Method.SUM: _("This score is the sum of the points of these indicators, of those that could be had."),
        Method.SHARE: _("This score is the share of these indicators that reach level %(level)s or better."),
        Method.LOWEST: _("This score stands where the worst of these indicators stands."),
    }[aggregation.of_choice(condition.method)]
    level = "" if aggregation.level is None else describe_level(aggregation.level, texts)
    # Translators: a condition of the rule, and how the score that it looks at is made.
    return fill(_("%(condition)s %(method)s"), condition=sentence, method=fill(method, level=level))


def _describe_condition(condition: Condition, framework: Framework, texts: EditionTexts) -> Sentence:
    if condition.test is Test.FIGURE:
        return _describe_figure(condition, framework)
    scope = tuple(name for name in SCOPE_FIELDS if getattr(condition, name))
    values = _values(condition, texts)
    match condition.test, scope:
        case ((Test.DOMAINS | Test.GROUPS | Test.STANDARDS | Test.FAILING | Test.REACHED), _):
            return fill(_of_everything(condition), **values)
        case Test.SCORE, ():
            return fill(_("The overall score reaches %(percent)s\u00a0%%."), **values)
        case Test.SCORE, ("group",):
            return fill(_("The score of the group “%(group)s” reaches %(percent)s\u00a0%%."), **values)
        case Test.SCORE, ("domain",):
            return fill(_("The score of the domain “%(domain)s” reaches %(percent)s\u00a0%%."), **values)
        case Test.SCORE, ("standard",):
            return fill(_("The score of the standard “%(standard)s” reaches %(percent)s\u00a0%%."), **values)
        case _, ():
            return fill(_of_all(condition), **values)
        case _, ("obligation",):
            return fill(_of_obligation(condition), **values)
        case _:
            about = Sentence.joined((_describe_scope(name, values) for name in scope), ", ").capitalised()
            # Translators: a sentence of the rule, with the part of the Guide that it is about before it.
            return fill(_("%(scope)s: %(sentence)s"), scope=about, sentence=fill(_of_all(condition), **values))


def _describe_figure(condition: Condition, framework: Framework) -> Sentence:
    units = {framework.indicators[code].unit for code in condition.codes if code in framework.indicators}
    bound = describe_bound(condition.figure, units.pop() if len(units) == 1 else "") if condition.figure else ""
    codes = condition.codes
    # Translators: said of a number of the Guide that is shown and not scored, such as “at least 80 %”.
    message = ngettext("The figure of %(codes)s is %(bound)s.", "Each figure of %(codes)s is %(bound)s.", len(codes))
    return fill(message, codes=", ".join(codes), bound=bound)


def describe_passing(condition: Condition, framework: Framework, texts: EditionTexts) -> Sentence:
    """Describe one of the conditions by which each standard passes, which tests the indicators of the standard."""
    values = _values(condition, texts)
    if condition.obligation:
        return _with_method(fill(_of_obligation(condition), **values), condition, framework, texts)
    if condition.test is Test.SCORE:
        return fill(_("The score of the standard reaches %(percent)s\u00a0%%."), **values)
    return fill(_of_all(condition), **values)


def _values(condition: Condition, texts: EditionTexts) -> Mapping[str, Any]:
    named = {name: getattr(condition, name) for name in ("obligation", "group", "domain", "standard", "outcome")}
    titles = {"obligation": "obligation/{}", "group": "group/{}", "outcome": "outcome/{}"}
    titles |= {"domain": "domain/{}/title", "standard": "standard/{}/title"}
    level = condition.level
    return {
        **{name: name_of(texts, titles[name].format(code)) for name, code in named.items() if code},
        "level": "" if level is None else describe_level(level, texts),
        "count": condition.count,
        "percent": "" if condition.percent is None else _describe_percentage(condition),
        "codes": ", ".join(condition.codes),
    }


def _describe_percentage(condition: Condition) -> str:
    percent = format_percentage(condition.percent or 0)
    if condition.strictly and condition.test is not Test.SHARE:
        # Translators: a percentage that something must reach: “reaches more than 80 %”.
        return _("more than %(percent)s") % {"percent": percent}
    return percent


def describe_level(level: int, texts: EditionTexts) -> Sentence:
    name = name_of(texts, f"level/{level}")
    if str(name) == str(level):
        return fill(str(level))
    # Translators: the number of a level and its name, as in “level 2 (Largely in place)”.
    return fill(_("%(level)s (%(name)s)"), level=level, name=name)


def _describe_scope(name: str, values: Mapping[str, Any]) -> Sentence:
    scope = {
        "obligation": pgettext("scope", "class “%(obligation)s”"),
        "group": pgettext("scope", "group “%(group)s”"),
        "domain": pgettext("scope", "domain “%(domain)s”"),
        "standard": pgettext("scope", "standard “%(standard)s”"),
        "codes": pgettext("scope", "%(codes)s"),
    }[name]
    return fill(scope, **values)


def _of_everything(condition: Condition) -> str:
    count = condition.count or 0
    match condition.test:
        case Test.DOMAINS if condition.count is not None:
            return ngettext(
                "At least %(count)s domain reaches %(percent)s\u00a0%%.",
                "At least %(count)s domains reach %(percent)s\u00a0%%.",
                count,
            )
        case Test.DOMAINS:
            return _("Every domain reaches %(percent)s\u00a0%%.")
        case Test.GROUPS if condition.count is not None:
            return ngettext(
                "At least %(count)s group of domains reaches %(percent)s\u00a0%%.",
                "At least %(count)s groups of domains reach %(percent)s\u00a0%%.",
                count,
            )
        case Test.GROUPS:
            return _("Every group of domains reaches %(percent)s\u00a0%%.")
        case Test.STANDARDS if condition.count is not None:
            return ngettext(
                "At least %(count)s standard reaches %(percent)s\u00a0%%.",
                "At least %(count)s standards reach %(percent)s\u00a0%%.",
                count,
            )
        case Test.STANDARDS:
            return _("Every standard reaches %(percent)s\u00a0%%.")
        case Test.FAILING if not count:
            return _("Every standard passes.")
        case Test.FAILING:
            return ngettext(
                "At most %(count)s standard does not pass.", "At most %(count)s standards do not pass.", count
            )
        case _:
            return _("What the outcome “%(outcome)s” asks for holds as well.")


def _of_all(condition: Condition) -> str:
    count = condition.count or 0
    match condition.test:
        case Test.INCOMPLETE:
            return _("At least one indicator that counts is missing.")
        case Test.COMPLETE:
            return _("No indicator that counts is missing.")
        case Test.EVERY:
            return _("Every indicator reaches level %(level)s or better.")
        case Test.SHARE if condition.strictly:
            return _("More than %(percent)s\u00a0%% of the indicators reach level %(level)s or better.")
        case Test.SHARE:
            return _("At least %(percent)s\u00a0%% of the indicators reach level %(level)s or better.")
        case Test.AT_LEAST:
            return ngettext(
                "At least %(count)s indicator reaches level %(level)s or better.",
                "At least %(count)s indicators reach level %(level)s or better.",
                count,
            )
        case Test.BELOW if not count:
            return _("No indicator is below level %(level)s or missing.")
        case Test.BELOW:
            return ngettext(
                "At most %(count)s indicator is below level %(level)s or missing.",
                "At most %(count)s indicators are below level %(level)s or missing.",
                count,
            )
        case _:
            return _("The score reaches %(percent)s\u00a0%%.")


def _of_obligation(condition: Condition) -> str:
    count = condition.count or 0
    match condition.test:
        case Test.INCOMPLETE:
            return _("At least one indicator of the class “%(obligation)s” is missing.")
        case Test.COMPLETE:
            return _("No indicator of the class “%(obligation)s” is missing.")
        case Test.EVERY:
            return _("Every indicator of the class “%(obligation)s” reaches level %(level)s or better.")
        case Test.SHARE if condition.strictly:
            return _(
                "More than %(percent)s\u00a0%% of the indicators of the class “%(obligation)s” "
                "reach level %(level)s or better."
            )
        case Test.AT_LEAST:
            return ngettext(
                "At least %(count)s indicator of the class “%(obligation)s” reaches level %(level)s or better.",
                "At least %(count)s indicators of the class “%(obligation)s” reach level %(level)s or better.",
                count,
            )
        case Test.SHARE:
            return _(
                "At least %(percent)s\u00a0%% of the indicators of the class “%(obligation)s” "
                "reach level %(level)s or better."
            )
        case Test.BELOW if not count:
            return _("No indicator of the class “%(obligation)s” is below level %(level)s or missing.")
        case Test.BELOW:
            return ngettext(
                "At most %(count)s indicator of the class “%(obligation)s” is below level %(level)s or missing.",
                "At most %(count)s indicators of the class “%(obligation)s” are below level %(level)s or missing.",
                count,
            )
        case _:
            return _("The score of the indicators of the class “%(obligation)s” reaches %(percent)s\u00a0%%.")
