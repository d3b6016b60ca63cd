"""The changes of a comparison for a reader: each with its label, and its former and its present content.

Labels are in the active language. Texts of the Guide keep their own language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from standards.drafts.conditions import is_whole
from standards.editions.comparison import Change, EditionContent, Kind, Part, Piece, Place, compare_words
from standards.framework import Condition, Framework, Group
from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage
from standards.presentation.condition_sentences import EditionTexts, describe_condition, describe_passing, name_of
from standards.presentation.marking import marked
from standards.presentation.reading_language import interface_language
from standards.presentation.rule_sentences import (
    describe_becoming,
    describe_obligation,
    describe_procedure,
    describe_rule_methods,
)
from standards.presentation.sentences import Passage, Sentence, fill
from standards.public_guide.changed_values import Lines, describe_points, describe_value

_PAGES: Mapping[str, Any] = {
    "domain": DomainPage,
    "standard": StandardPage,
    "indicator": IndicatorPage,
    "": EditionPage,
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change: the `pieces` of a text in `language`, or the lines `before` and `now`, or a `note`."""

    kind: Kind
    label: SafeString | str
    pieces: tuple[Piece, ...] = ()
    language: str = ""
    before: Lines = ()
    now: Lines = ()
    note: str = ""

    @classmethod
    def of_lines(cls, kind: Kind, label: SafeString | str, before: Lines, now: Lines) -> Self:
        """Return a change from some lines to others. A side without lines shows “nothing”; equal lines show a note."""
        if before == now:
            return cls(kind, label, note=_("Changed, without an effect on what is written here."))
        nothing = (_("nothing"),)
        return cls(kind, label, before=before or nothing, now=now or nothing)

    @property
    def words(self) -> SafeString:
        """The difference of a text as HTML in its language, see `mark_pieces`."""
        return format_html('<span lang="{}">{}</span>', self.language, mark_pieces(self.pieces))


def mark_pieces(pieces: Iterable[Piece]) -> SafeString:
    """Return a difference as HTML. Removed and added pieces are marked visually and for screen readers."""
    return format_html_join("", "{}", ((_mark(piece),) for piece in pieces))


def _mark(piece: Piece) -> SafeString | str:
    if piece.is_removed:
        return _mark_for_screen_readers("del", _("removed:"), piece)
    return _mark_for_screen_readers("ins", _("added:"), piece) if piece.is_added else piece.text


def _mark_for_screen_readers(tag: str, word: str, piece: Piece) -> SafeString:
    return format_html(
        '<{0}><span class="visually-hidden" lang="{1}">({2} </span>{3}<span class="visually-hidden">)</span></{0}>',
        mark_safe(tag),  # noqa: S308 - del or ins
        interface_language(),
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
    """The descriptions of the changes between two editions.

    `shown` are their texts in the reader's language, if there are any. `languages` are those of the compared texts.
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
        """Describe a change of a domain, a standard or an indicator that both editions have."""
        assert before is not None
        assert now is not None
        if change.kind is Kind.MOVED:
            return self._place(change)
        label = _label(change.name, now.kind)
        if change.is_text:
            return self._text(change, label, (before.path, now.path))
        if change.name == "asked_anew":
            return ShownChange(change.kind, label, note=_("It means something else now."))
        lines = [
            describe_value(change.name, value, part.declared, edition.framework, texts)
            for value, part, edition, texts in zip(
                (change.before, change.now), (before, now), (self.before, self.now), self.shown, strict=True
            )
        ]
        return ShownChange.of_lines(change.kind, label, *lines)

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
            lines = [describe_points(scale) for scale in (change.before, change.now)]
            return ShownChange.of_lines(change.kind, _("The scale"), *lines)
        lines = [
            tuple(map(marked, self._sentences(kind, code, value, side)))
            for value, side in ((change.before, 0), (change.now, 1))
        ]
        same = set(lines[0]) & set(lines[1])
        before, now = (tuple(line for line in side if line not in same) for side in lines)
        return ShownChange.of_lines(change.kind, self._name_of_rule(kind, code), before, now)

    # --- Texts --------------------------------------------------------------------------------------------------

    def _text(self, change: Change, label: SafeString | str, paths: tuple[str, str]) -> ShownChange:
        """Describe a changed text, in the reader's language if both editions have it there and it differs there."""
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

    def _name_of_text(self, kind: str, code: str) -> SafeString | str:
        match kind:
            case "level":
                return _("Level %(level)s of the scale") % {"level": code}
            case "obligation":
                return marked(fill(_("Name of the class “%(name)s”"), name=self._either(f"obligation/{code}")))
            case "result":
                return marked(fill(_("Name of the further result “%(name)s”"), name=self._either(f"result/{code}")))
            case "group":
                return marked(fill(_("Name of the group “%(name)s”"), name=self._either(f"group/{code}")))
            case "trait":
                return marked(fill(_("Name of the trait “%(name)s”"), name=self._either(f"trait/{code}")))
            case "outcome":
                return marked(fill(_("Name of the outcome “%(name)s”"), name=self._either(f"outcome/{code}")))
            case _:
                return _label(kind, "")

    # --- Places -------------------------------------------------------------------------------------------------

    def _place(self, change: Change) -> ShownChange:
        label = {
            Place.CODE: _("Code"),
            Place.PARENT: _("Moved to another place"),
            Place.GROUP: _("Moved to another group"),
            Place.ORDER: _("Place in its order"),
            Place.SPLIT: _("Split into several"),
            Place.MERGED: _("Merged from several"),
        }[Place(change.name)]
        if change.name == Place.PARENT:
            named = [(self._named(part, side),) for side, part in enumerate((change.before, change.now))]
            return ShownChange.of_lines(change.kind, label, *named)
        if change.name == Place.GROUP:
            codes = (change.before, change.now)
            groups = [(marked(name_of(texts, f"group/{c}")),) for c, texts in zip(codes, self.shown, strict=True)]
            return ShownChange.of_lines(change.kind, label, *groups)
        values = [
            (", ".join(value) if isinstance(value, tuple) else str(value),) for value in (change.before, change.now)
        ]
        return ShownChange.of_lines(change.kind, label, *values)

    def _named(self, part: Part, side: int) -> SafeString:
        return format_html("{} {}", part.code, marked(name_of(self.shown[side], f"{part.path}/title")))

    # --- The rule -----------------------------------------------------------------------------------------------

    def _name_of_rule(self, kind: str, code: str) -> SafeString | str:
        match kind:
            case "obligation":
                return marked(fill(_("Class “%(name)s”"), name=self._either(f"obligation/{code}")))
            case "outcome":
                return marked(fill(_("Outcome “%(name)s”"), name=self._either(f"outcome/{code}")))
            case "result":
                return marked(fill(_("Further result “%(name)s”"), name=self._either(f"result/{code}")))
            case "group":
                return marked(fill(_("Group of domains “%(name)s”"), name=self._either(f"group/{code}")))
            case "traits":
                return _("Traits of hotlines")
            case "passing":
                return _("When a standard passes")
            case "scoring":
                return _("How scores are made")
            case "procedure":
                return _("The procedure")
            case "order":
                return {
                    "obligations": _("Order of the classes"),
                    "outcomes": _("Order of the outcomes"),
                    "groups": _("Order of the groups of domains"),
                }[code]
            case _:
                return _("The rule")

    def _either(self, path: str) -> Passage | str:
        return name_of(self.shown[1 if self.now.text(path) else 0], path)

    def _sentences(self, kind: str, code: str, value: Any, side: int) -> Iterable[Any]:
        """Return the sentences that describe a part of the rule."""
        framework, texts = (self.before, self.now)[side].framework, self.shown[side]
        if value is None:
            return (_("nothing"),)
        match kind:
            case "obligation":
                return describe_obligation(value, framework, texts)
            case "outcome":
                becomes = describe_becoming(value, texts)
                return (
                    _months(value.months),
                    *_conditions(value.conditions, framework, texts),
                    *([becomes] if becomes else []),
                )
            case "result":
                own = framework.by_result[code]
                return tuple(
                    Sentence.joined(
                        (
                            fill("%(name)s:", name=name_of(texts, f"outcome/{one.code}")),
                            *_conditions(one.conditions, own, texts),
                        )
                    )
                    for one in value.outcomes
                )
            case "group":
                return _describe_group(value, texts)
            case "traits":
                return tuple(name_of(texts, f"trait/{trait}") for trait in value) or (_("nothing"),)
            case "passing":
                return tuple(describe_passing(c, framework, texts) for c in value if is_whole(c))
            case "scoring":
                return describe_rule_methods(framework)
            case "procedure":
                return describe_procedure(value)
            case "order":
                group = code.removesuffix("s")
                return (Sentence.joined((name_of(texts, f"{group}/{one}") for one in value), " → "),)
            case _:
                return ()


def _conditions(conditions: Iterable[Condition], framework: Framework, texts: EditionTexts) -> Iterable[Any]:
    return tuple(describe_condition(c, framework, texts) for c in conditions if is_whole(c))


def _describe_group(group: Group, texts: EditionTexts) -> Iterable[Any]:
    """Yield the domains of a group, then its weight if that is not 1."""
    for code in group.domains:
        yield fill("%(code)s %(name)s", code=code, name=name_of(texts, f"domain/{code}/title"))
    if group.weight != 1:
        yield ngettext("It counts once.", "It counts %(weight)s times.", group.weight) % {"weight": group.weight}


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
    """Return the label of a field or a text in the editor."""
    group, _slash, key = name.partition("/")
    if name == "scale":
        return _("The scale")
    if group == "scale":
        return _("Level %(level)s of the scale") % {"level": key}
    if group == "level":
        own = {"yes": _("What yes means"), "no": _("What no means")}
        return own.get(key) or _("What level %(level)s means") % {"level": key}
    return capfirst(str(_PAGES[kind]._meta.get_field(name.replace("/", "_")).verbose_name))
