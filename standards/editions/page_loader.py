"""Load an edition from files into pages, in one transaction. Pages are matched by permanent key, then by code.

Loading the same files again changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Locale, Page, Site

from standards.drafts.conditions import unfold_parts
from standards.drafts.fields import EditionText, Part, Values
from standards.editions.bulk.new_pages import add_pages
from standards.editions.files import read_edition, read_files
from standards.editions.page_reader import RuleRows, read_rule
from standards.framework import MalformedEdition
from standards.models import (
    DomainPage,
    Edition,
    EditionPage,
    GuideCondition,
    GuideGroup,
    GuideObligation,
    GuideOutcome,
    GuidePage,
    GuidePassing,
    GuideResult,
    GuideTrait,
    IndicatorPage,
    StandardPage,
)
from standards.models.forms import COLUMNS
from standards.models.tree import slug_of

__all__ = [
    "Loaded",
    "draft_edition",
    "load_edition",
    "load_guide",
    "lock_edition",
    "lock_places",
    "prepare_locales",
    "read_edition",
]

GUIDE_TITLE = "Practical Guide"
GUIDE_SLUG = "guide"


@dataclass
class Loaded:
    """The result of loading: the numbers of pages made, changed, removed and unchanged."""

    page: EditionPage
    made: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    notes: tuple[str, ...] = ()
    """A sentence for each file or sheet that was not read."""


def load_guide(path: str | Path, *, user: Any = None) -> Loaded:
    """Read the files of one edition and load them into its pages. Raises MalformedEdition, and then writes nothing."""
    reading = read_files(path)
    if reading.problems:
        raise MalformedEdition(list(reading.problems))
    loaded = load_edition(reading.text, user=user)
    loaded.notes = reading.notes
    return loaded


@transaction.atomic
def load_edition(text: EditionText, *, user: Any = None) -> Loaded:
    """Update the pages of an edition to `text`, and publish them. Pages of a released edition are only compared.

    Raises MalformedEdition, and writes nothing, if a page would change that somebody else locked, or that is released.
    """
    guide = _guide(_home(text.language), user)
    edition = EditionPage.objects.child_of(guide).filter(code=text.code).first()
    is_released = Edition.objects.filter(code=text.code).exists()
    loading = _Loading(user, may_move=not is_released)
    loaded = _write(loading, edition, guide, text)
    if loading.locked:
        raise MalformedEdition(loading.locked)
    if is_released and (loaded.made or loaded.changed or loaded.removed):
        raise MalformedEdition(
            [
                f"Edition {text.code} is released and does not change, but the files differ from it. "
                "Give the files a new code to load them as a new edition."
            ]
        )
    return loaded


def lock_places() -> None:
    """Lock the page tree against moves until the end of the transaction. A move is computed from the paths read."""
    Page.objects.select_for_update().get(depth=1)


def lock_edition(edition: EditionPage) -> None:
    """Lock the page tree, as loading moves pages, and the pages of an edition, until the end of the transaction."""
    lock_places()
    pages = Page.objects.descendant_of(edition, inclusive=True).order_by("path")
    list(pages.select_for_update().values_list("pk", flat=True))


def lock_against_release(key: int | None) -> None:
    """Lock the page of an edition, as its release does, until the end of the transaction. None locks nothing."""
    list(Page.objects.select_for_update().filter(pk=key).values_list("pk", flat=True))


def draft_edition(text: EditionText, guide: Page, *, user: Any = None) -> EditionPage:
    """Create the pages of a new edition under the Guide, each as a draft."""
    return _write(_Loading(user, publishes=False), None, guide, text).page


def _write(loading: "_Loading", edition: EditionPage | None, guide: Page, text: EditionText) -> Loaded:
    page = edition or EditionPage(slug=slugify(text.code), locale=guide.locale)
    parts_differ = _update_rule(page, text)
    if edition:
        loading.update_page(page, text.fields, parts_differ)
    else:
        _set_fields(page, text.fields)
        loading.add_pages(guide, [page])
    loaded = loading.count(page)
    for domain_page, domain in loading.update_children(page, DomainPage, text.domains):
        for standard_page, standard in loading.update_children(domain_page, StandardPage, domain.parts):
            loading.update_children(standard_page, IndicatorPage, standard.parts)
    loaded.page = EditionPage.objects.get(pk=page.pk)
    return loaded


def prepare_locales() -> None:
    """Create a Locale for each language of the site, so that pages can be translated."""
    for code, _ in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)


def _home(language: str) -> Page:
    prepare_locales()
    site = Site.objects.filter(is_default_site=True).select_related("root_page__locale").first()
    home = site.root_page if site else Page.objects.filter(depth=2).select_related("locale").first()
    if home is None:
        raise MalformedEdition(["There is no home page to put the Guide under. Run `manage.py migrate` first."])
    locale = Locale.objects.get(language_code=language)
    home = home if home.locale_id == locale.pk else home.get_translation_or_none(locale)
    if home is None:
        raise MalformedEdition(
            [
                f"There is no home page in the language “{language}”. Translate the home page first, or correct `language`."
            ]
        )
    return home


def _guide(home: Page, user: Any) -> GuidePage:
    guide: GuidePage | None = GuidePage.objects.child_of(home).first()
    if guide is None:
        guide = GuidePage(title=GUIDE_TITLE, slug=GUIDE_SLUG, locale=home.locale, show_in_menus=True)
        home.add_child(instance=guide)
        guide.save_revision(user=user, clean=False).publish(user=user, skip_permission_checks=True)
    return guide


class _Loading:
    """The writer of pages, which counts them. `locked` has a problem for each page that somebody else locked."""

    def __init__(self, user: Any, *, may_move: bool = True, publishes: bool = True) -> None:
        self.user, self.may_move, self.publishes = user, may_move, publishes
        self.loaded: Loaded | None = None
        self.locked: list[str] = []
        self._counts = {"made": 0, "changed": 0, "removed": 0, "unchanged": 0}

    def count(self, page: EditionPage) -> Loaded:
        counts = self._counts
        self.loaded = Loaded(page, counts["made"], counts["changed"], counts["removed"], counts["unchanged"])
        return self.loaded

    def _add(self, what: str) -> None:
        self._counts[what] += 1
        if self.loaded:
            setattr(self.loaded, what, self._counts[what])

    def add_pages(self, parent: Page, pages: list[Any]) -> None:
        """Add new pages under `parent`, in order."""
        add_pages(parent, pages, publishes=self.publishes, user=self.user)
        for _page in pages:
            self._add("made")

    def update_page(self, page: Page, fields: dict[str, Any], parts_differ: bool = False) -> None:
        """Update one page to these fields. Publish it only if something has changed."""
        former_key = getattr(page, "key", "")
        different = _set_fields(page, fields)
        if former_key != (key := fields.get("key", former_key)):  # the key is not part of a revision
            type(page).objects.filter(translation_key=page.translation_key).update(key=key)
        if not (different or parts_differ or page.has_unpublished_changes or not page.live):
            self._add("unchanged")
            return
        self._refuse_if_locked(page)
        page.save_revision(user=self.user).publish(user=self.user, skip_permission_checks=True)
        self._add("changed")

    def _refuse_if_locked(self, page: Page) -> None:
        """Record a problem if somebody else locked the page."""
        if page.locked and (self.user is None or page.locked_by_id != self.user.pk):
            title, who = page.specific.get_admin_display_title(), page.locked_by or "somebody"
            self.locked.append(f"The page “{title}” would change, and is locked by {who}. Have it unlocked first.")

    def update_children(self, parent: Page, model: type[Page], parts: Iterable[Part]) -> list[tuple[Any, Part]]:
        """Update the pages under `parent` to one for each part, in order, and return them with their parts."""
        parts = list(parts)
        pages = list(model.objects.child_of(parent))
        existing = _pages_of(parts, pages)
        kept = {page.pk for page in existing.values()}
        for page in pages:
            if page.pk not in kept:
                self._remove(page)
        for part in parts:
            if page := existing.get(part.code):
                self.update_page(page, part.fields)
        new = {part.code: model(slug=slug_of(part.code), **part.fields) for part in parts if part.code not in existing}
        if new:
            self.add_pages(parent, list(new.values()))
        existing |= new
        self._put_in_order(parent, model, [part.code for part in parts])
        children = [(existing[part.code], part) for part in parts]
        return children if not self._moved else [(model.objects.get(pk=page.pk), part) for page, part in children]

    _moved = False

    def _put_in_order(self, parent: Page, model: type[Page], codes: list[str]) -> None:
        order = list(model.objects.child_of(parent).order_by("path").values_list("code", flat=True))
        self._moved = order != codes
        if self._moved:
            for code in codes if self.may_move else ():
                page = model.objects.child_of(parent).get(code=code)
                page.move(parent, pos="last-child")
                parent = type(parent).objects.get(pk=parent.pk)
            self._add("changed")

    def _remove(self, page: Page) -> None:
        """Delete a page in every language. Each is loaded first, as a deletion changes the paths of the others."""
        for inner in Page.objects.descendant_of(page, inclusive=True).filter(locked=True).select_related("locked_by"):
            self._refuse_if_locked(inner)
        for pk in [*page.get_translations().values_list("pk", flat=True), page.pk]:
            Page.objects.get(pk=pk).specific.delete(user=self.user)
        self._add("removed")


def _pages_of(parts: Sequence[Part], pages: Sequence[Any]) -> dict[str, Any]:
    """Return the page of each part that has one, by the code of the part, matched by permanent key, then by code."""
    existing: dict[str, Any] = {}
    for name in ("key", "code"):
        taken = {page.pk for page in existing.values()}
        known: dict[str, Any] = {}
        for page in pages:
            if page.pk not in taken:
                known.setdefault(getattr(page, name), page)
        for part in parts:
            if part.code not in existing and (page := known.get(part.fields[name])):
                existing[part.code] = page
    return existing


def _set_fields(page: Page, fields: dict[str, Any]) -> bool:
    """Set the fields of a page. Return whether any was different."""
    different = [name for name, value in fields.items() if getattr(page, name) != value]
    for name in different:
        setattr(page, name, fields[name])
    return bool(different)


def _update_rule(page: EditionPage, text: EditionText) -> bool:
    if read_rule(page) == RuleRows(
        text.obligations, text.passing, text.outcomes, text.traits, text.results, text.groups
    ):
        return False
    page.obligations = _update_rows(page, page.obligations.all(), GuideObligation, text.obligations)
    page.results = _update_rows(page, page.results.all(), GuideResult, text.results)
    page.traits = _update_rows(page, page.traits.all(), GuideTrait, text.traits)
    page.groups = _update_rows(page, page.groups.all(), GuideGroup, text.groups)
    page.passing = [_condition(GuidePassing, place, values) for place, values in enumerate(unfold_parts(text.passing))]
    rows = _update_rows(page, page.outcomes.all(), GuideOutcome, text.outcomes)
    for outcome, part in zip(rows, text.outcomes, strict=True):
        outcome.conditions = [
            _condition(GuideCondition, place, values) for place, values in enumerate(unfold_parts(part.parts))
        ]
    page.outcomes = rows
    return True


def _update_rows(page: Page, existing: Iterable[Any], model: Any, parts: tuple[Part, ...]) -> list[Any]:
    """Return the rows of a page, one for each part in order. A row with a known code keeps its primary key."""
    known = {row.code: row for row in existing}
    rows = []
    for place, part in enumerate(parts):
        row = known.get(part.code) or model(locale=page.locale)
        for name, value in {**part.fields, "sort_order": place}.items():
            setattr(row, name, value)
        rows.append(row)
    return rows


def _condition(model: Any, place: int, values: Values) -> Any:
    columns = {COLUMNS.get(name, name): value for name, value in values.items()}
    known = {field.name for field in model._meta.get_fields()}
    return model(sort_order=place, **{name: value for name, value in columns.items() if name in known})
