"""The changes of a comparison for a reader: each with its label, and what stood there before and now.

Labels are in the active language. Texts of the Guide keep their own language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from standards.drafts.conditions import is_whole
from standards.editions.comparison import Change, EditionContent, Kind, Part, Piece, Place, compare_words
from standards.framework import Condition, Framework, Indicator, Scale
from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage
from standards.presentation.condition_sentences import EditionTexts, describe_condition, describe_passing, name_of
from standards.presentation.marking import marked
from standards.presentation.rule_sentences import (
    describe_bands,
    describe_methods,
    describe_obligation,
    describe_procedure,
)
from standards.presentation.sentences import Passage

_PAGES: Mapping[str, Any] = {
    "domain": DomainPage,
    "standard": StandardPage,
    "indicator": IndicatorPage,
    "": EditionPage,
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change. `pieces` are the words of a text in `language`; else `before` and `now` are lines, maybe none."""

    kind: Kind
    label: str
    pieces: tuple[Piece, ...] = ()
    language: str = ""
    before: tuple[SafeString | str, ...] = ()
    now: tuple[SafeString | str, ...] = ()

    @property
    def words(self) -> SafeString:
        """The difference of a text: what is removed and what is added is marked, for the eye and for the ear."""
        return format_html(
            '<span lang="{}">{}</span>', self.language, format_html_join("", "{}", ((_mark(p),) for p in self.pieces))
        )


def _mark(piece: Piece) -> SafeString | str:
    if piece.is_removed:
        return _marked_for_the_ear("del", _("removed:"), piece)
    return _marked_for_the_ear("ins", _("added:"), piece) if piece.is_added else piece.text


def _marked_for_the_ear(tag: str, word: str, piece: Piece) -> SafeString:
    reader = get_language()
    return format_html(
        '<{0}><span class="visually-hidden" lang="{1}">({2} </span>{3}<span class="visually-hidden">)</span></{0}>',
        mark_safe(tag),  # noqa: S308 - one of two words above
        reader,
        word,
        piece.text,
    )


def describe_kind(kind: Kind) -> str:
    return {
        Kind.ADDED: pgettext("change of the Guide", "added"),
        Kind.REMOVED: pgettext("change of the Guide", "removed"),
        Kind.REWORDED: pgettext("change of the Guide", "reworded"),
        Kind.MOVED: pgettext("change of the Guide", "moved"),
        Kind.REWEIGHED: pgettext("change of the Guide", "reweighed"),
        Kind.JUDGED: pgettext("change of the Guide", "judged otherwise"),
        Kind.RULE: pgettext("change of the Guide", "rule"),
    }[kind]


class ChangeReader:
    """Describes the changes of two editions. `shown` are their texts in the reader's language, if there are any.

    `languages` are those of the compared texts.
    """

    def __init__(
        self,
        before: EditionContent,
        now: EditionContent,
        languages: tuple[str, str],
        shown: tuple[EditionTexts, EditionTexts] | None = None,
    ) -> None:
        self.before, self.now, self.languages = before, now, languages
        self.shown: tuple[EditionTexts, EditionTexts] = shown or (before.texts, now.texts)
        self._has_shown = shown is not None

    def of_part(self, change: Change, before: Part | None, now: Part | None) -> ShownChange:
        """Describe a change of a domain, a standard or an indicator."""
        part = now or before
        assert part is not None  # it is in one of the editions
        paths = ((before or part).path, (now or part).path)
        if change.kind in (Kind.ADDED, Kind.REMOVED):
            return ShownChange(change.kind, capfirst(describe_kind(change.kind)))
        if change.is_text:
            return self._text(change, _label(change.name, part.kind), paths)
        if change.kind is Kind.MOVED:
            return self._place(change)
        if change.name == "asked_anew":
            return ShownChange(change.kind, _("It means something else now."))
        former, present = (None if p is None else p.declared for p in (before, now))
        values = [
            self._value(change, value, declared, side)
            for value, declared, side in ((change.before, former, 0), (change.now, present, 1))
        ]
        return ShownChange(change.kind, _label(change.name, part.kind), before=values[0], now=values[1])

    def of_indicator(self, change: Change, former: str, code: str) -> ShownChange:
        """Describe a change of an indicator, by its codes in both editions."""
        one, other = self.before.framework.indicators[former], self.now.framework.indicators[code]
        return self.of_part(change, Part("indicator", one, None, 0), Part("indicator", other, None, 0))

    def of_edition(self, change: Change) -> ShownChange:
        """Describe a change of the edition itself: its texts, its scale, its rule."""
        kind, _slash, code = change.name.partition("/")
        if change.is_text:
            return self._text(change, self._name_of_text(kind, code), ("", ""))
        if change.name == "scale":
            return ShownChange(change.kind, _("The scale"), before=_scale(change.before), now=_scale(change.now))
        lines = [
            tuple(map(marked, self._sentences(kind, value, side)))
            for value, side in ((change.before, 0), (change.now, 1))
        ]
        same = set(lines[0]) & set(lines[1])
        before, now = (tuple(line for line in side if line not in same) for side in lines)
        return ShownChange(change.kind, self._name_of_rule(kind, code), before=before, now=now)

    # --- Texts --------------------------------------------------------------------------------------------------

    def _text(self, change: Change, label: str, paths: tuple[str, str]) -> ShownChange:
        """Describe other words, in the reader's language if both editions have them in it."""
        name = change.name.replace("scale/", "level/") if change.name.startswith("scale/") else change.name
        starts = ("", "") if change.name.startswith("scale/") else paths
        if self._has_shown:
            former, present = (
                _passage(texts, f"{start}/{name}".lstrip("/")) for texts, start in zip(self.shown, starts, strict=True)
            )
            if former.language == present.language and former.text.split() != present.text.split():
                return ShownChange(
                    change.kind, label, compare_words(former.text, present.text), present.language or self.languages[1]
                )
        return ShownChange(change.kind, label, change.words, self.languages[1])

    def _name_of_text(self, kind: str, code: str) -> str:
        match kind:
            case "level":
                return _("Level %(level)s of the scale") % {"level": code}
            case "obligation":
                return _("Name of the class “%(code)s”") % {"code": code}
            case "outcome":
                return _("Name of the outcome “%(code)s”") % {"code": code}
            case _:
                return _label(kind, "")

    # --- Places -------------------------------------------------------------------------------------------------

    def _place(self, change: Change) -> ShownChange:
        label = {
            Place.CODE: _("Code"),
            Place.PARENT: _("Moved to another place"),
            Place.ORDER: _("Place in its order"),
            Place.SPLIT: _("Split into several"),
            Place.MERGED: _("Merged from several"),
        }[Place(change.name)]
        if change.name == Place.PARENT:
            lines = [(self._named(part, side),) for side, part in enumerate((change.before, change.now))]
            return ShownChange(change.kind, label, before=lines[0], now=lines[1])
        values = [
            (", ".join(value) if isinstance(value, tuple) else str(value),) for value in (change.before, change.now)
        ]
        return ShownChange(change.kind, label, before=values[0], now=values[1])

    def _named(self, part: Part, side: int) -> SafeString:
        return format_html("{} {}", part.code, marked(name_of(self.shown[side], f"{part.path}/title")))

    # --- Values -------------------------------------------------------------------------------------------------

    def _value(self, change: Change, value: Any, declared: Any, side: int) -> tuple[SafeString | str, ...]:
        framework, texts = (self.before, self.now)[side].framework, self.shown[side]
        if change.name == "scale":
            return _scale(value)
        if change.name == "obligation":
            return (marked(name_of(texts, f"obligation/{value}")),)
        if change.name == "bands" and isinstance(declared, Indicator):
            return _bands(declared, framework, texts)
        return (_plain(change.name, value),)

    # --- The rule -----------------------------------------------------------------------------------------------

    def _name_of_rule(self, kind: str, code: str) -> str:
        match kind:
            case "obligation":
                return _("Class “%(name)s”") % {"name": self._either(f"obligation/{code}")}
            case "outcome":
                return _("Outcome “%(name)s”") % {"name": self._either(f"outcome/{code}")}
            case "passing":
                return _("When a standard passes")
            case "aggregation" | "excused_at_most" | "redistributes":
                return _("How scores are made")
            case "procedure":
                return _("The procedure")
            case "order":
                return _("Order of the classes") if code == "obligations" else _("Order of the outcomes")
            case _:
                return _("The rule")

    def _either(self, path: str) -> str:
        return str(name_of(self.shown[1], path)) if self.now.text(path) else str(name_of(self.shown[0], path))

    def _sentences(self, kind: str, value: Any, side: int) -> Iterable[Any]:
        """Return a part of the rule in plain words."""
        framework, texts = (self.before, self.now)[side].framework, self.shown[side]
        if value is None:
            return (_("nothing"),)
        match kind:
            case "obligation":
                return describe_obligation(value, framework, texts)
            case "outcome":
                return (_months(value.months), *_conditions(value.conditions, framework, texts))
            case "passing":
                return tuple(describe_passing(c, framework, texts) for c in value if is_whole(c))
            case "aggregation" | "excused_at_most" | "redistributes":
                return describe_methods(framework)
            case "procedure":
                return describe_procedure(value)
            case "order":
                return (" → ".join(value),)
            case _:
                return ()


def _conditions(conditions: Iterable[Condition], framework: Framework, texts: EditionTexts) -> Iterable[Any]:
    return tuple(describe_condition(c, framework, texts) for c in conditions if is_whole(c))


def _months(months: int) -> str:
    if not months:
        return _("It gives no accreditation.")
    return capfirst(ngettext("for %(months)s month", "for %(months)s months", months) % {"months": months})


def _passage(texts: EditionTexts, path: str) -> Passage:
    try:
        found = texts[path]
    except KeyError:
        found = ""
    return found if isinstance(found, Passage) else Passage(str(found))


def _label(name: str, kind: str) -> str:
    """Return the editors' label of a field or a text."""
    group, _slash, key = name.partition("/")
    if name == "scale":
        return _("The scale")
    if group == "scale":
        return _("Level %(level)s of the scale") % {"level": key}
    if group == "level":
        own = {"yes": _("What yes means"), "no": _("What no means")}
        return own.get(key) or _("What level %(level)s means") % {"level": key}
    return capfirst(str(_PAGES[kind]._meta.get_field(name.replace("/", "_")).verbose_name))


def _scale(scale: Scale) -> tuple[str, ...]:
    levels = sorted(scale.levels, key=scale.rank)
    if scale.points and len(scale.points) != len(scale.levels):  # a draft
        return (_("from %(worst)s to %(best)s") % {"worst": scale.worst, "best": scale.best},)
    points = ", ".join(str(scale.points_of(level)) for level in levels)
    words = _("from %(worst)s to %(best)s, with %(points)s points")
    return (words % {"worst": scale.worst, "best": scale.best, "points": points},)


def _bands(indicator: Indicator, framework: Framework, texts: EditionTexts) -> tuple[SafeString | str, ...]:
    found = tuple(
        format_html("{}: {}", marked(name_of(texts, f"level/{level}")), words)
        for level, words in describe_bands(indicator, framework.scale)
    )
    return found or (_("shown, not scored"),)


def _plain(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or _("nothing")
    if name in {field.name for field in IndicatorPage._meta.fields} and (
        choices := IndicatorPage._meta.get_field(name).choices
    ):
        return str(dict(choices).get(getattr(value, "value", value) or None, ""))
    return str(getattr(value, "text", value) or _("nothing"))
