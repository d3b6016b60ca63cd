"""The place of each text of an edition: its page, and the path of its field in wagtail-localize."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from standards.drafts.edition_checks import place_of
from standards.drafts.fields import NAMED_PARTS
from standards.editions.page_reader import Tree
from standards.framework import INDICATOR_TEXTS, LEVELS, Framework
from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage
from standards.models.indicator import title_of


@dataclass(frozen=True, slots=True)
class TextPlace:
    """The page of a text, and the path of its field: `wording`, or `outcomes.KEY.name` for a row of the page."""

    page: EditionPage | DomainPage | StandardPage | IndicatorPage
    name: str

    def write(self, text: str) -> None:
        """Set the text on the page object, without saving it."""
        rows, _dot, rest = self.name.partition(".")
        if not rest:
            setattr(self.page, self.name, text)
            if isinstance(self.page, IndicatorPage):
                self.page.title = title_of(self.page.wording)
            return
        key, _dot, field = rest.partition(".")
        changed: list[Any] = list(getattr(self.page, rows).all())
        for row in changed:
            if str(row.translation_key) == key:
                setattr(row, field, text)
        setattr(self.page, rows, changed)


def find_places(tree: Tree) -> dict[str, TextPlace]:
    """Return the place of each text by its path, such as `indicator/1.1.1/wording`."""
    return {path: TextPlace(page, name) for page in tree.pages for name, path in paths_by_name(page).items()}


def paths_by_name(page: EditionPage | DomainPage | StandardPage | IndicatorPage) -> dict[str, str]:
    """Return the path of each text of a page by the path of its field in wagtail-localize."""
    if isinstance(page, IndicatorPage):
        return {text.name: f"indicator/{page.code}/{text.path}" for text in INDICATOR_TEXTS}
    if not isinstance(page, EditionPage):
        kind = "domain" if isinstance(page, DomainPage) else "standard"
        return {name: f"{kind}/{page.code}/{name}" for name in ("title", "short_title", "introduction")}
    own = {name: name for name in ("title", "introduction", "examined", "sample_notice")}
    own |= {f"level_{level}": f"level/{level}" for level in LEVELS}
    return own | {
        f"{kind}s.{row.translation_key}.name": f"{kind}/{row.code}"
        for kind in NAMED_PARTS
        for row in getattr(page, f"{kind}s").all()
    }


def permanent_place(framework: Framework, path: str) -> str:
    """Return a path with the permanent key of its part in place of the code, which may change."""
    kind, _slash, rest = path.partition("/")
    code, _slash, name = rest.partition("/")
    key = next(_keys_of(framework, kind, code), code)
    return f"{kind}/{key}/{name}" if name else path


def _keys_of(framework: Framework, kind: str, code: str) -> Iterator[str]:
    if kind == "indicator" and code in framework.indicators:
        yield framework.indicators[code].permanent_key
    if kind == "standard" and code in framework.standards:
        yield framework.standards[code].permanent_key
    if kind == "domain":
        yield from (domain.permanent_key for domain in framework.domains if domain.code == code)


def group_by_place(paths: list[str]) -> dict[str, list[str]]:
    """Return the paths by their place, such as `standard/1.1`. Those of rows of the edition's page are at `edition`."""
    found: dict[str, list[str]] = {}
    for path in paths:
        where = place_of(path)[0]
        kind = where.partition("/")[0]
        found.setdefault("edition" if kind in NAMED_PARTS else where, []).append(path)
    return found
