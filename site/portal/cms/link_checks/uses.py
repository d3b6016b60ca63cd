"""The addresses in the texts of an edition and on the other pages of the CMS, each with the places that contain it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextField
from django.urls import reverse
from wagtail.blocks import StreamValue
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from portal.cms.guide import PARTS
from portal.cms.link_checks.checking import is_too_long, read_checks
from portal.cms.link_checks.models import LinkCheck
from standards.drafts.edition_checks import place_of
from standards.drafts.fields import write_texts
from standards.drafts.links import is_internal
from standards.editions.links import find_dead_addresses
from standards.editions.page_reader import Tree, read_tree
from standards.editions.release_reasons import describe_path
from standards.models import EditionPage
from standards.passages.addresses import DOCUMENT, PAGE, find_addresses, find_links


@dataclass(frozen=True, slots=True)
class Place:
    """A text that contains an address: its description, and where it is edited."""

    words: str
    url: str
    language: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address with its places. `check` is for addresses of other sites, `is_missing` for those of this site."""

    address: str
    places: tuple[Place, ...]
    is_internal: bool
    is_missing: bool
    check: LinkCheck | None

    @property
    def is_checkable(self) -> bool:
        """Whether the worker can check the address."""
        return not self.is_internal and not is_too_long(self.address)

    @property
    def is_dead(self) -> bool:
        return self.is_missing or bool(self.check and self.check.is_dead)


Uses = Iterable[tuple[str, Place]]
"""Pairs of an address and a place that contains it."""


def read_links(edition: EditionPage) -> list[Link]:
    """Return the addresses in an edition, its translations and the other pages of the CMS, dead ones first."""
    tree = read_tree(edition)
    uses = list(_in_edition(tree))
    for translation in edition.get_translations().select_related("locale"):
        uses += _in_edition(read_tree(translation))
    found = _group([*uses, *_on_other_pages()])
    internal = {address for address in found if _is_of_this_site(address)}
    return _links(found, internal, find_dead_addresses(internal, tree.framework))


def read_external_links(tree: Tree) -> list[Link]:
    """Return the addresses of other sites in the pages of one edition in one language, dead ones first. One query."""
    found = _group(_in_edition(tree))
    return _links({address: places for address, places in found.items() if not _is_of_this_site(address)}, set(), set())


def _in_edition(tree: Tree) -> Uses:
    language = tree.edition.locale.language_code
    for path, text in write_texts(tree.text).items():
        for address in find_addresses(text):
            page = tree.places.get(place_of(path)[0], tree.edition)
            yield address, Place(describe_path(path), _edit(page), language)


def _on_other_pages() -> Uses:
    """Read the texts of the pages that are not part of an edition: one query for each kind of page."""
    page: Any
    pages = Page.objects.live().not_type(*PARTS).specific()
    for page in pages.select_related("locale", for_specific_subqueries=True):
        for field in page._meta.get_fields():
            if not isinstance(field, (TextField, StreamField)):
                continue
            words = f"{page.get_admin_display_title()}, {field.verbose_name}"
            place = Place(words, _edit(page), page.locale.language_code)
            for text in _texts(getattr(page, field.name)):
                is_formatted = isinstance(field, RichTextField) or (isinstance(field, StreamField) and "<" in text)
                found = find_links(text) if is_formatted else find_addresses(text)
                yield from ((address, place) for address in found)


def _texts(value: Any) -> Iterable[str]:
    """Yield the texts of a field; of a stream, those of its blocks, with formatted ones as they are stored."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, StreamValue):
        yield from _texts(value.get_prep_value())
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _edit(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _group(uses: Uses) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for address, place in uses:
        if _is_checked(address) and place not in found.setdefault(address, []):
            found[address].append(place)
    return found


def _links(found: Mapping[str, list[Place]], internal: set[str], missing: set[str]) -> list[Link]:
    checks = read_checks(set(found) - internal)
    links = [
        Link(address, tuple(places), address in internal, address in missing, checks.get(address))
        for address, places in found.items()
    ]
    return sorted(links, key=lambda link: (not link.is_dead, link.is_internal, link.address))


def _is_of_this_site(address: str) -> bool:
    return _is_of_cms(address) or is_internal(address)


def _is_of_cms(address: str) -> bool:
    return address.partition(":")[0] in (PAGE, DOCUMENT)


def _is_checked(address: str) -> bool:
    """Whether an address can be checked: not one of mail or telephone, and not a fragment of the page itself."""
    return _is_of_cms(address) or address.startswith("/") or address.lower().startswith(("http://", "https://"))
