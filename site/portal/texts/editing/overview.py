"""The editable texts as a list: by group, with what was edited and which languages are behind."""

from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from portal.texts.pages import HOME
from reports.texts.declaration import Kind, Text, declared_texts, source_language
from reports.texts.reading import EditedTexts, edited_texts
from reports.texts.writing import needs_update
from standards.presentation.folding import fold
from standards.presentation.reading_language import content_language

_GROUPS = {
    "home": gettext_lazy("Home"),
    "register": gettext_lazy("Register of hotlines"),
    "number": gettext_lazy("Emergency number"),
    "outcomes": gettext_lazy("Outcomes on public pages"),
    "accreditation": gettext_lazy("How accreditation works"),
    "declaration": gettext_lazy("Declaration of a hotline"),
    "report": gettext_lazy("Printed report"),
}
_LETTERS = {
    "frame": gettext_lazy("All letters"),
    "rounds": gettext_lazy("Rounds"),
    "evaluations": gettext_lazy("Evaluations"),
    "visits": gettext_lazy("Study visits"),
    "decisions": gettext_lazy("Panel"),
    "accreditations": gettext_lazy("Accreditations"),
    "recommendations": gettext_lazy("Recommendations"),
    "practices": gettext_lazy("Good practice"),
    "exchanges": gettext_lazy("Visits between hotlines"),
    "figures": gettext_lazy("Figures"),
    "consultations": gettext_lazy("Consultations"),
    "approvals": gettext_lazy("Pages"),
    "accounts": gettext_lazy("People"),
}
GROUPS = (*_GROUPS, *(f"letters.{about}" for about in _LETTERS))
"""The codes of the groups, in the order of the list."""


class State(StrEnum):
    """The state of a text in a language."""

    DEFAULT = "default"
    EDITED = "edited"
    BEHIND = "behind"
    """The source differs from the text that this was translated from."""
    MISSING = "missing"
    """The source is edited and not translated: readers get the source text."""


def name_group(code: str) -> str:
    if code in _GROUPS:
        return str(_GROUPS[code])
    return _("Letters: %(about)s") % {"about": _LETTERS[code.removeprefix("letters.")]}


def name_language(code: str) -> str:
    return str(get_language_info(code)["name_translated"])


def state_of(text: Text, language: str, edited: EditedTexts) -> State:
    own = bool(edited.version(text.key, language).forms)
    if needs_update(text, language, edited):
        return State.BEHIND if own else State.MISSING
    return State.EDITED if own else State.DEFAULT


def describe_state(state: State) -> str:
    return {
        State.DEFAULT: _("default"),
        State.EDITED: _("edited"),
        State.BEHIND: _("out of date"),
        State.MISSING: _("not translated yet"),
    }[state]


@dataclass(frozen=True, slots=True)
class LanguageState:
    """A language of a text, and the page where it is edited."""

    code: str
    name: str
    state: State
    label: str
    url: str

    @property
    def is_default(self) -> bool:
        return self.state is State.DEFAULT


def list_languages(text: Text, edited: EditedTexts) -> list[LanguageState]:
    return [
        LanguageState(
            code,
            name_language(code),
            state := state_of(text, code, edited),
            describe_state(state),
            reverse("texts_text", args=[text.key, code]),
        )
        for code in text.languages
    ]


@dataclass(frozen=True, slots=True)
class ListedText:
    """A text in the list: its present words in the editor's language, and how many of its languages are out of date."""

    text: Text
    words: str
    language: str
    url: str
    is_edited: bool
    behind: int

    @property
    def state(self) -> str:
        return "behind" if self.behind else "edited" if self.is_edited else "default"


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    name: str
    texts: tuple[ListedText, ...]


def list_groups(query: str = "", state: str = "") -> list[Group]:
    """Return the groups with the texts that match a search and have a state."""
    edited = edited_texts()
    wanted = fold(query).split()
    by_group: dict[str, list[ListedText]] = {code: [] for code in GROUPS}
    for text in declared_texts():
        listed = _listed(text, edited)
        if state in ("", listed.state) and all(word in _searched(text, listed) for word in wanted):
            by_group[text.group].append(listed)
    return [Group(code, name_group(code), tuple(texts)) for code, texts in by_group.items() if texts]


def _listed(text: Text, edited: EditedTexts) -> ListedText:
    states = [state_of(text, language, edited) for language in text.languages]
    message = edited.message(text, content_language(), 2)
    return ListedText(
        text,
        name_order(text, message.text) if text.kind is Kind.ORDER else strip_tags(message.text) or _("Nothing yet."),
        message.language,
        reverse("texts_text", args=[text.key, source_language()]),
        any(state is not State.DEFAULT for state in states),
        sum(state in (State.BEHIND, State.MISSING) for state in states),
    )


def name_order(text: Text, chosen: str) -> str:
    """Return the names of the parts of an order."""
    return " · ".join(str((text.parts or {})[code]) for code in chosen.split() if code in (text.parts or {}))


def _searched(text: Text, listed: ListedText) -> str:
    return fold(f"{text.key} {listed.words} {text.place} {text.default_in(source_language())}")


def page_of(text: Text) -> str:
    """Return the URL of the page that shows a text; empty if many pages or none show it."""
    if text.page == HOME:
        return f"/{content_language()}/"
    return reverse(text.page) if text.page else ""
