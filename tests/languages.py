"""The declared language of each text on a page: every text node and every spoken attribute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

SPOKEN_ATTRIBUTES = ("alt", "aria-description", "aria-label", "placeholder", "title")
SILENT = ("script", "style", "template")
VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text, the language of the nearest element that names one, and the element it stands in."""

    text: str
    language: str
    element: str


class _Walk(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[Spoken] = []

    @property
    def language(self) -> str:
        return self.open[-1][1] if self.open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        language = given.get("lang") or self.language
        self.found += [Spoken(given[name], language, f"{tag}@{name}") for name in SPOKEN_ATTRIBUTES if given.get(name)]
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass  # an element that HTML lets end by itself

    @property
    def element(self) -> str:
        """The name of the element; a title in a drawing, unlike that of the page, is `svg title`."""
        names = [tag for tag, _ in self.open]
        return f"svg {names[-1]}" if "svg" in names[:-1] else names[-1] if names else ""

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not any(tag in SILENT for tag, _ in self.open):
            self.found.append(Spoken(text, self.language, self.element))


def walk(html: str) -> list[Spoken]:
    """Every text of a page in the order in which it stands there."""
    page = _Walk()
    page.feed(html)
    page.close()
    return page.found


def find_other_languages(html: str, texts: Mapping[str, str], *, unless: Iterable[str] = ()) -> list[Spoken]:
    """Where one of the texts, given with the language of each, stands in an element of another language.

    Elements named in `unless` (`title`) are left out: they can hold one language only.
    """
    return [
        spoken
        for spoken in walk(html)
        if spoken.element not in unless
        for text, language in texts.items()
        if language != spoken.language and " ".join(text.split()) in spoken.text
    ]
