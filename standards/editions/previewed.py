"""What a page showed before a release: the digest of structure and words, and of each part, to name what changed since."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Revision

from standards.editions.page_reader import Tree
from standards.editions.release_reasons import describe_part
from standards.framework import Framework, MalformedEdition, canonical, digest, write_framework

_SHORT = 12
"""The length of the digest of a part, which only names what changed."""


@dataclass(frozen=True, slots=True)
class Previewed:
    """The digest over structure and words, and a short digest of each part by its place, such as `indicator/1.1.1`.

    `sha256` is `content_digest` of the edition and its source wording; for another language, that of its words.
    """

    sha256: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)

    def as_text(self) -> str:
        """Return it as the value of a form's field. `read` is its inverse."""
        return canonical({"sha256": self.sha256, "parts": dict(self.parts)})

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the value of a form's field. A value that is none gives a digest that no edition has."""
        try:
            read = json.loads(text)
            sha256, parts = read["sha256"], read["parts"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return cls()
        is_one = isinstance(sha256, str) and isinstance(parts, dict)
        return cls(sha256, parts) if is_one else cls()


def content_digest(structure: str, wording: str) -> str:
    """Return the digest over structure and words, from the digests of both."""
    return digest(canonical({"structure": structure, "wording": wording}))


def read_previewed(texts: Mapping[str, str], framework: Framework | None = None, **details: Any) -> Previewed:
    """Return the digests of an edition; without a framework, of the words of another language.

    `details` are further values that a release freezes.
    """
    words = digest(canonical(dict(texts)))
    parts: dict[str, dict[str, Any]] = defaultdict(dict)
    for path, text in texts.items():
        parts[_part_of(path)][path] = text
    if framework is None:
        return Previewed(words, _shorten(parts))
    for where, structure in _split(write_framework(framework)):
        parts[where][""] = structure
    parts["edition"]["details"] = details
    return Previewed(content_digest(framework.digest, words), _shorten(parts))


def _shorten(parts: Mapping[str, Any]) -> dict[str, str]:
    return {where: digest(canonical(content))[:_SHORT] for where, content in sorted(parts.items())}


def _part_of(path: str) -> str:
    """Return the place of a text: its domain, standard or indicator, otherwise the edition."""
    kind, _slash, rest = path.partition("/")
    return f"{kind}/{rest.partition('/')[0]}" if kind in ("domain", "standard", "indicator") else "edition"


def _split(structure: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each part of a structure by its place, with the codes of the parts below it instead of these."""
    for domain in structure["domains"]:
        for standard in domain["standards"]:
            for indicator in standard["indicators"]:
                yield f"indicator/{indicator['code']}", indicator
            yield f"standard/{standard['code']}", _with_codes(standard, "indicators")
        yield f"domain/{domain['code']}", _with_codes(domain, "standards")
    yield "edition", _with_codes(structure, "domains")


def _with_codes(part: dict[str, Any], below: str) -> dict[str, Any]:
    return part | {below: [one["code"] for one in part[below]]}


class ChangedSincePreview(MalformedEdition):
    """The edition is not the one that was shown. Nothing is frozen. `problems` name each part that changed, and who."""

    def __init__(self, shown: Previewed, now: Previewed, tree: Tree) -> None:
        super().__init__(list(_describe_changes(shown, now, tree)))


def refuse_if_changed(shown: Previewed | None, now: Previewed, tree: Tree) -> None:
    """Raise ChangedSincePreview if something else was shown. None is a release without a preview."""
    if shown is not None and shown != now:
        raise ChangedSincePreview(shown, now, tree)


def _describe_changes(shown: Previewed, now: Previewed, tree: Tree) -> Iterator[str]:
    if not shown.parts:
        yield _("What was released was not shown before. Look at it now.")
        return
    changed = [where for where in {**now.parts, **shown.parts} if now.parts.get(where) != shown.parts.get(where)]
    order = {where: number for number, where in enumerate(("edition", *tree.places))}
    pages = {where: tree.edition if where == "edition" else tree.places.get(where) for where in changed}
    keys = [page.latest_revision_id for page in pages.values() if page]
    saved = Revision.objects.select_related("user").in_bulk([key for key in keys if key])
    for where in sorted(changed, key=lambda where: order.get(where, len(order))):
        page = pages[where]
        words = {"part": capfirst(describe_part(where))}
        if page is None:
            yield _("%(part)s was removed.") % words
            continue
        revision = saved.get(page.latest_revision_id)
        if revision is None or revision.user is None:
            yield _("%(part)s was changed.") % words
            continue
        at = date_format(timezone.localtime(revision.created_at), "DATETIME_FORMAT")
        words |= {"person": str(revision.user), "at": at}
        yield _("%(part)s was changed. It was last saved by %(person)s, %(at)s.") % words
