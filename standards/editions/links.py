"""Find the dead internal addresses in texts, in a constant number of queries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wagtail.documents import get_document_model
from wagtail.models import Page, Site

from standards.drafts.edition_checks import DraftProblem
from standards.drafts.links import OF_EDITION, Target, dead_link, find_internal, find_target, is_in_edition
from standards.framework import Framework
from standards.models import Edition
from standards.passages.addresses import DOCUMENT, PAGE

LAST_KEY = 2**31 - 1
"""The largest key that a page or a document can have. Databases refuse a query for a larger one."""


def find_dead_links(texts: Mapping[str, str], framework: Framework) -> Iterator[DraftProblem]:
    """Yield a problem for each dead internal address in the texts of an edition."""
    links = list(find_internal(texts))
    if links:
        dead = find_dead_addresses({address for _path, address in links}, framework)
        yield from (dead_link(path, address) for path, address in links if address in dead)


def find_dead_addresses(addresses: set[str], framework: Framework | None = None) -> set[str]:
    """Return those internal addresses, or links of Wagtail's editor, whose target does not exist.

    `framework` is that of a draft edition. Links to its parts are valid before it is released.
    """
    site = _Known(framework)
    targets = {address: _target(address) for address in addresses}
    site.read([target for target in targets.values() if target])
    return {address for address, target in targets.items() if target is None or not site.has(target)}


def _target(address: str) -> Target | None:
    kind, _colon, key = address.partition(":")
    if kind in (PAGE, DOCUMENT):
        is_key = key.isdecimal() and len(key) <= len(str(LAST_KEY))
        return Target(kind, {"key": int(key)}, "", "", "") if is_key else None
    return find_target(address)


@dataclass
class _Known:
    """The existing targets among those of some addresses."""

    own: Framework | None
    editions: dict[str, Framework] = field(default_factory=dict)
    documents: set[int] = field(default_factory=set)
    pages: set[int | str] = field(default_factory=set)

    def read(self, targets: list[Target]) -> None:
        if codes := {t.values["code"] for t in targets if t.view in OF_EDITION}:
            self.editions = {edition.code: edition.framework for edition in Edition.objects.filter(code__in=codes)}
        if self.own and self.own.code not in self.editions:
            self.editions[self.own.code] = self.own
        if keys := {_document(t) for t in targets if 0 < (_document(t) or 0) <= LAST_KEY}:
            self.documents = set(get_document_model().objects.filter(pk__in=keys).values_list("pk", flat=True))
        if keys := {t.values["key"] for t in targets if t.view == PAGE and t.values["key"] <= LAST_KEY}:
            self.pages |= set(Page.objects.live().filter(pk__in=keys).values_list("pk", flat=True))
        if paths := {_url_path(t) for t in targets if t.view == "wagtail_serve"}:
            homes = [home.url_path for home in _homes()]
            wanted = [home.rstrip("/") + path for home in homes for path in paths]
            found = Page.objects.live().filter(url_path__in=wanted).values_list("url_path", flat=True)
            self.pages |= {path.removeprefix(home.rstrip("/")) for home in homes for path in found}

    def has(self, target: Target) -> bool:
        if target.view in OF_EDITION:
            framework = self.editions.get(target.values["code"])
            return framework is not None and is_in_edition(target, framework)
        if target.view == PAGE:
            return target.values["key"] in self.pages
        if key := _document(target):
            return key in self.documents
        return target.view != "wagtail_serve" or _url_path(target) in self.pages


def _document(target: Target) -> Any:
    return {DOCUMENT: target.values.get("key"), "wagtaildocs_serve": target.values.get("document_id")}.get(target.view)


def _homes() -> list[Page]:
    """Return the home pages of the default site, in each language."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    return list(site.root_page.get_translations(inclusive=True)) if site else []


def _url_path(target: Target) -> str:
    """Return the path of a page below the home page, as Wagtail stores it."""
    path = target.path.removeprefix(f"/{target.language}") if target.language else target.path
    return f"{path.rstrip('/')}/"
