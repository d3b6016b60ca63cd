"""Who approved what of a draft edition, by the log of Wagtail's workflow, and what changed since.

An approval of a page holds for it and for everything below it, as it was saved at that time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, PageLogEntry, Revision

from standards.editions.page_reader import Tree
from standards.editions.release_reasons import ReleaseProblem

APPROVED = "wagtail.workflow.approve"


@dataclass(frozen=True, slots=True)
class Approval:
    """The last step of a workflow on a page. `reviewers` took the steps before it, on the same version."""

    page_id: int
    title: str
    by: str
    at: datetime
    reviewers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """A part that was saved after its approval. `revision_id` is the approved version; None for a new part."""

    page_id: int
    title: str
    revision_id: int | None


@dataclass(frozen=True, slots=True)
class SectionApprovals:
    """A domain with its standards and indicators, or what the edition itself says: its scale, rule and procedure."""

    page_id: int
    title: str
    where: str
    parts: int
    missing: int
    """How many parts were never approved."""
    changed: tuple[ChangedPart, ...]
    approvals: tuple[Approval, ...]
    """Those that hold for a part now, the newest first."""

    @property
    def is_approved(self) -> bool:
        return not self.missing and not self.changed

    @property
    def approved(self) -> int:
        return self.parts - self.missing - len(self.changed)


def read_approvals(tree: Tree) -> tuple[SectionApprovals, ...]:
    """Return the approvals of the edition itself and of each domain. The number of queries is constant."""
    approvals = _read_approvals(tree.edition)
    sections = [("edition", [tree.edition]), *((f"domain/{one.code}", _parts_of(one, tree)) for one in tree.domains)]
    standing = {part.pk: _find(part, approvals) for _where, parts in sections for part in parts}
    changed = {
        part.pk: approval.at
        for _where, parts in sections
        for part in parts
        if (approval := standing[part.pk]) and _saved_at(part) > approval.at
    }
    versions = _approved_versions(changed)
    return tuple(
        SectionApprovals(
            page_id=parts[0].pk,
            title=_title(parts[0]),
            where=where,
            parts=len(parts),
            missing=sum(standing[part.pk] is None for part in parts),
            changed=tuple(
                ChangedPart(part.pk, _title(part), versions.get(part.pk)) for part in parts if part.pk in changed
            ),
            approvals=tuple(
                sorted({found for part in parts if (found := standing[part.pk])}, key=lambda one: one.at, reverse=True)
            ),
        )
        for where, parts in sections
    )


def find_unapproved(sections: Iterable[SectionApprovals]) -> Iterator[ReleaseProblem]:
    """Yield a problem for each section that is not approved as it is now."""
    for section in sections:
        if section.is_approved:
            continue
        count = section.missing + len(section.changed)
        words = ngettext(
            "%(count)s part is not approved as it is now. Submit it for approval.",
            "%(count)s parts are not approved as they are now. Submit them for approval.",
            count,
        ) % {"count": count}
        sentence = _("%(field)s: %(problem)s") % {"field": f"“{section.title}”", "problem": words}
        yield ReleaseProblem(sentence, section.page_id, section.where, words)


def _title(page: Page) -> str:
    return str(page.get_admin_display_title())


def _parts_of(domain: Any, tree: Tree) -> list[Any]:
    standards = tree.standards.get(domain.path, ())
    return [domain, *(part for one in standards for part in (one, *tree.indicators.get(one.path, ())))]


def _saved_at(page: Page) -> datetime:
    saved: datetime = page.latest_revision_created_at or page.first_published_at or datetime.min.replace(tzinfo=UTC)
    return saved


def _read_approvals(edition: Page) -> dict[str, Approval]:
    """Return the newest approval of each page of an edition, by the path of the page. One query."""
    pages = Page.objects.descendant_of(edition, inclusive=True).values("pk")
    entries = PageLogEntry.objects.filter(page__in=pages, action=APPROVED).select_related("user", "page")
    reviewers: dict[tuple[int, Any], list[str]] = defaultdict(list)
    found: dict[str, Approval] = {}
    for entry in entries.order_by("timestamp", "pk"):
        by = entry.user.name if entry.user else ""
        version = (entry.page_id, entry.revision_id)
        if entry.data["workflow"]["next"]:
            reviewers[version].append(by)
        else:
            found[entry.page.path] = Approval(
                entry.page_id, entry.label, by, entry.timestamp, tuple(dict.fromkeys(reviewers[version]))
            )
    return found


def _find(part: Page, approvals: dict[str, Approval]) -> Approval | None:
    """Return the newest approval of a page or of one above it."""
    above = (part.path[:end] for end in range(len(part.path), 0, -part.steplen))
    return max((approvals[path] for path in above if path in approvals), key=lambda one: one.at, default=None)


def _approved_versions(changed: dict[int, datetime]) -> dict[int, int]:
    """Return the version of each page that stood at the time of its approval. One query."""
    if not changed:
        return {}
    keys = [str(pk) for pk in changed]
    revisions = Revision.page_revisions.filter(object_id__in=keys).order_by("created_at", "pk")
    return {
        int(object_id): pk
        for object_id, pk, created_at in revisions.values_list("object_id", "pk", "created_at")
        if created_at <= changed[int(object_id)]
    }
