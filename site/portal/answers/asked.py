"""Which indicators are asked or no longer asked after an answer is saved, for the script of the page."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from evaluation.models import Evaluation


def watch_asked(evaluation: Evaluation) -> Callable[[], Mapping[str, Any]]:
    """Return a function to call after a save, which returns the indicators that are asked and the change as text.

    It returns an empty mapping if no indicator depends on an answer.
    """
    if not evaluation.framework.asks_some_only:
        return dict
    before = evaluation.asked

    def describe() -> Mapping[str, Any]:
        now = evaluation.asked_after({answer.code: answer for answer in evaluation.answers.all()})
        dependent = (code for code, indicator in evaluation.in_force.items() if indicator.asked_if)
        return {"asked": {code: code in now for code in dependent}, "asked_words": _describe(before, now)}

    return describe


def _describe(before: Iterable[str], now: Iterable[str]) -> str:
    """Describe which indicators are asked now and which no longer are; empty without a change."""
    opened, closed = [code for code in now if code not in before], [code for code in before if code not in now]
    return ". ".join(
        [
            *([_("Asked now: %(codes)s") % {"codes": ", ".join(opened)}] if opened else []),
            *([_("Not asked any more: %(codes)s") % {"codes": ", ".join(closed)}] if closed else []),
        ]
    )
