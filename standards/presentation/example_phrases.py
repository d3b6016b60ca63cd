"""An example of the state of all indicators as a phrase, in the active language."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standards.checks import EXCUSED, MISSING, Example, State
from standards.framework import Framework

MAX_CODES = 12
"""The maximal number of codes that are named. Further ones are counted."""


def describe_example(example: Example, framework: Framework) -> str:
    """Describe an example: `1.1.1 missing; all others at level 3`."""
    figures = [_("%(code)s: %(value)s") % {"code": code, "value": value} for code, value in example.figures.items()]
    traits = [_("a hotline with the traits %(traits)s") % {"traits": _join(example.traits)}] if example.traits else []
    return "; ".join([*traits, *_describe_states(example, framework), *figures])


def _describe_states(example: Example, framework: Framework) -> Iterator[str]:
    if not example.states:
        yield _("nothing is asked")
        return
    *few, (common, _codes) = example.groups(framework)
    yield from (_describe(state, _join(codes)) for state, codes in few)
    yield _describe_rest(common, is_all=not few)


def _describe(state: State, codes: str) -> str:
    if state == MISSING:
        return _("%(codes)s missing") % {"codes": codes}
    if state == EXCUSED:
        return _("%(codes)s not applicable") % {"codes": codes}
    return _("%(codes)s at level %(level)s") % {"codes": codes, "level": state}


def _describe_rest(state: State, *, is_all: bool) -> str:
    match state, is_all:
        case "missing", True:
            return _("everything missing")
        case "missing", False:
            return _("all others missing")
        case "na", True:
            return _("everything not applicable")
        case "na", False:
            return _("all others not applicable")
        case _, True:
            return _("everything at level %(level)s") % {"level": state}
        case _:
            return _("all others at level %(level)s") % {"level": state}


def _join(codes: Sequence[str]) -> str:
    named, more = ", ".join(codes[:MAX_CODES]), len(codes) - MAX_CODES
    if more <= 0:
        return named
    return ngettext("%(codes)s and %(count)s more", "%(codes)s and %(count)s more", more) % {
        "codes": named,
        "count": more,
    }
