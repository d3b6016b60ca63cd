"""Internal addresses in the texts of an edition, and whether the edition has the parts that they lead to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext as _

from standards.drafts.edition_checks import DraftProblem, place_of
from standards.framework import Framework
from standards.passages.addresses import find_addresses

OF_EDITION = ("pages:guide_edition", "pages:guide_whole", "pages:guide_domain", "pages:guide_standard")


@dataclass(frozen=True, slots=True)
class Target:
    """The target of an internal address: the name of the view, its arguments, and the fragment in `place`."""

    view: str
    values: Mapping[str, Any]
    place: str
    path: str
    language: str


def is_internal(address: str) -> bool:
    """Whether an address leads to this site."""
    parts = _split(address)
    if parts is None:
        return False
    return not parts.netloc or parts.netloc.lower() == urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc.lower()


def _split(address: str) -> Any:
    try:
        return urlsplit(address)
    except ValueError:  # brackets without an IPv6 address
        return None


def find_target(address: str) -> Target | None:
    """Return the target of an internal address; None if the site has no such address."""
    parts = urlsplit(address)
    path = unquote(parts.path) or "/"
    if target := _resolve(path, unquote(parts.fragment)):
        return target
    # A public address without a language redirects to the same page in the reader's language.
    return None if get_language_from_path(path) else _resolve(f"/{settings.LANGUAGE_CODE}{path}", parts.fragment)


def _resolve(path: str, place: str) -> Target | None:
    language = get_language_from_path(path) or ""
    try:
        with override(language or settings.LANGUAGE_CODE):
            match = resolve(path)
    except Resolver404:
        return None
    return Target(match.view_name, match.kwargs, place, path, language)


def is_in_edition(target: Target, framework: Framework) -> bool:
    """Whether an edition has the domain, the standard and the indicator in the target of an address."""
    if "domain" not in target.values:
        return True
    domains = {_slug(domain.code): domain for domain in framework.domains}
    domain = domains.get(target.values["domain"])
    if domain is None or "standard" not in target.values:
        return domain is not None
    standards = {_slug(standard.code): standard for standard in domain.standards}
    standard = standards.get(target.values["standard"])
    if standard is None:
        return False
    codes = {indicator.code for indicator in standard.indicators}
    return not target.place.startswith("i") or target.place[1:] in codes or target.place[1:2].isalpha()


def _slug(code: str) -> str:
    return code.lower().replace(".", "-")


def find_internal(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each internal address in the texts, with the path of its text before it."""
    for path, text in texts.items():
        if "/" in text:
            yield from ((path, address) for address in find_addresses(text) if is_internal(address))


def find_dead_places(texts: Mapping[str, str], framework: Framework) -> Iterator[DraftProblem]:
    """Yield a problem for each address that this site or this edition does not have. Runs no query."""
    for path, address in find_internal(texts):
        target = find_target(address)
        is_own = target is not None and target.view in OF_EDITION and target.values["code"] == framework.code
        if target is None or (is_own and not is_in_edition(target, framework)):
            yield dead_link(path, address)


def dead_link(path: str, address: str) -> DraftProblem:
    where, name = place_of(path)
    sentence = _("The address %(address)s leads to nothing on this site. Correct it, or take it out.")
    return DraftProblem(where, name, sentence % {"address": address})
