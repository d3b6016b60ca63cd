"""Describes the changes of an indicator since it was answered: the part, before and now."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from evaluation.assessment.changed_indicators import Change, EditionChanges
from standards.framework import Framework, Indicator
from standards.models import IndicatorPage, Texts
from standards.presentation.marking import marked
from standards.presentation.rule_sentences import describe_bands


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """One change. `before` and `now` are passages of the Guide or texts of the site; both are empty for a tick."""

    label: str
    before: Any
    now: Any
    reopens: bool


def describe_change(change: Change, code: str, editions: EditionChanges, former: Texts, present: Texts) -> ChangedPart:
    """Describe a change, with the texts of both editions in the reader's language."""
    if change.path:
        return ChangedPart(_name_of_text(change.part), former[change.path], present[change.path], change.reopens)
    if change.part == "asked_anew":
        return ChangedPart(_("It means something else now."), "", "", change.reopens)
    before, now = (
        _value(change.part, edition.framework, code, texts)
        for edition, texts in ((editions.before, former), (editions.now, present))
    )
    return ChangedPart(_name(change.part), before, now, change.reopens)


def _name(field: str) -> str:
    """Return the editors' label of a field of an indicator."""
    return _("The scale") if field == "scale" else capfirst(str(_column(field).verbose_name))


def _column(field: str) -> Any:
    return IndicatorPage._meta.get_field(field)


def _name_of_text(part: str) -> str:
    kind, _slash, key = part.partition("/")
    if kind == "level":
        return {"yes": _("What yes means"), "no": _("What no means")}.get(key) or _("What level %(level)s means") % {
            "level": key
        }
    return _name(kind)


def _value(field: str, framework: Framework, code: str, texts: Texts) -> str:
    indicator = framework.indicators[code]
    if field == "scale":
        scale = framework.scale
        levels = sorted(scale.levels, key=scale.rank)
        points = ", ".join(str(scale.points_of(level)) for level in levels)
        words = _("from %(worst)s to %(best)s, with %(points)s points")
        return words % {"worst": scale.worst, "best": scale.best, "points": points}
    if field == "bands":
        bands = describe_bands(indicator, framework.scale)
        return format_html_join("; ", "{}: {}", ((marked(texts[f"level/{level}"]), words) for level, words in bands))
    return _plain(field, indicator)


def _plain(field: str, indicator: Indicator) -> str:
    value = getattr(indicator, field)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if choices := _column(field).choices:
        return str(dict(choices).get(value.value or None, ""))
    return str(getattr(value, "text", value) or _("nothing"))
