"""The approvals of a draft edition, from the log of Wagtail's workflow, and what changed since.

An approval of a page holds for the page and for everything below it, as saved when the approval step began. What
somebody saves while the approver reads is not approved. The log stores the parent and the order of each part, as
deleting, moving and sorting pages save no revision.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, PageLogEntry, Revision, TaskState
from wagtail.signals import task_approved

from standards.editions.page_reader import Tree
from standards.editions.release_reasons import ReleaseProblem
from standards.models import EditionPage

APPROVED = "wagtail.workflow.approve"
PARTS = "parts"
"""The entry in the data of the log: the keys of the approved parts in order, each with the key of its parent."""


@dataclass(frozen=True, slots=True)
class Approval:
    """The last step of a workflow on a page. `reviewers` are the names of those who approved earlier steps."""

    page_id: int
    title: str
    by: str
    at: datetime
    reviewers: tuple[str, ...]
    began: datetime
    """The start of the step. What was saved later is not approved."""
    parents: Mapping[int, int] = field(compare=False)
    """The keys of the approved parts in order, each with the key of its parent at that time."""

    def children(self, page_id: int) -> list[int]:
        return [part for part, parent in self.parents.items() if parent == page_id]


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """A part that is new or was saved or moved after the approval, or whose children were deleted, moved or reordered.

    `revision_id` is the approved revision; None for a new part.
    """

    page_id: int
    title: str
    revision_id: int | None


@dataclass(frozen=True, slots=True)
class SectionApprovals:
    """The approvals of a domain with its standards and indicators, or of the edition's own page.

    That page has the scale, the rule and the procedure.
    """

    page_id: int
    title: str
    where: str
    parts: int
    missing: int
    """The number of parts that were never approved."""
    changed: tuple[ChangedPart, ...]
    approvals: tuple[Approval, ...]
    """The last approvals of its parts, the newest first."""

    @property
    def is_approved(self) -> bool:
        return not self.missing and not self.changed

    @property
    def approved(self) -> int:
        return self.parts - self.missing - len(self.changed)


def read_approvals(tree: Tree) -> tuple[SectionApprovals, ...]:
    """Return the approvals of the edition's own page and of each domain, in a constant number of queries."""
    approvals = _read_approvals(Page.objects.descendant_of(tree.edition, inclusive=True))
    sections = [("edition", [tree.edition]), *((f"domain/{one.code}", _parts_of(one, tree)) for one in tree.domains)]
    parents = parents_of(tree.edition)
    approval_of = {part.pk: _find(part, approvals, parents) for _where, parts in sections for part in parts}
    changed = {
        part.pk: approval.began
        for _where, parts in sections
        for part in parts
        if (approval := approval_of[part.pk])
        and (_saved_at(part) > approval.began or _is_changed(part, approval, parents))
    }
    versions = _approved_versions(changed)
    return tuple(
        SectionApprovals(
            page_id=parts[0].pk,
            title=_title(parts[0]),
            where=where,
            parts=len(parts),
            missing=sum(approval_of[part.pk] is None for part in parts),
            changed=tuple(
                ChangedPart(part.pk, _title(part), versions.get(part.pk)) for part in parts if part.pk in changed
            ),
            approvals=tuple(
                sorted(
                    {found for part in parts if (found := approval_of[part.pk])}, key=lambda one: one.at, reverse=True
                )
            ),
        )
        for where, parts in sections
    )


def find_missing_approvals(tree: Tree) -> Iterator[ReleaseProblem]:
    """Yield a problem for each section whose missing approval prevents the release.

    If the edition no longer requires approvals but once did, its own page must be approved, as that is a change of it.
    """
    if tree.edition.requires_approval:
        yield from find_unapproved(read_approvals(tree))
    elif Revision.page_revisions.filter(object_id=str(tree.edition.pk), content__requires_approval=True).exists():
        yield from find_unapproved(read_approvals(tree)[:1])


def find_unapproved(sections: Iterable[SectionApprovals]) -> Iterator[ReleaseProblem]:
    """Yield a problem for each section whose present state is not approved."""
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


def find_authors(page: Page) -> set[int]:
    """Return the keys of the users whose changes an approval of the page would approve."""
    edition = EditionPage.objects.ancestor_of(page, inclusive=True).first()
    pages = Page.objects.descendant_of(edition, inclusive=True) if edition else Page.objects.filter(pk=page.pk)
    approvals = _read_approvals(pages)
    parents = parents_of(edition or page)
    parts = {str(part.pk): _find(part, approvals, parents) for part in pages.filter(path__startswith=page.path)}
    revisions = Revision.page_revisions.filter(object_id__in=list(parts), user__isnull=False)
    return {
        user
        for object_id, user, saved in revisions.values_list("object_id", "user", "created_at")
        if not (approval := parts[object_id]) or saved > approval.began
    }


def _read_approvals(pages: QuerySet[Page]) -> dict[str, Approval]:
    """Return the newest approval of each page by the path of the page. Runs two queries."""
    entries = PageLogEntry.objects.filter(page__in=pages.values("pk"), action=APPROVED).select_related("user", "page")
    steps = TaskState.objects.filter(
        workflow_state__base_content_type__app_label="wagtailcore",
        workflow_state__object_id__in=pages.annotate(key=Cast("pk", CharField())).values("key"),
    )
    began = dict(steps.values_list("pk", "started_at"))
    reviewers: dict[tuple[int, Any], list[str]] = defaultdict(list)
    found: dict[str, Approval] = {}
    for entry in entries.order_by("timestamp", "pk"):
        by = entry.user.name if entry.user else ""
        version = (entry.page_id, entry.revision_id)
        if entry.data["workflow"]["next"]:
            reviewers[version].append(by)
        else:
            found[entry.page.path] = Approval(
                entry.page_id,
                entry.label,
                by,
                entry.timestamp,
                tuple(dict.fromkeys(reviewers[version])),
                began.get(entry.data["workflow"]["task_state_id"], entry.timestamp),
                dict(entry.data.get(PARTS, ())),
            )
    return found


def parents_of(page: Page) -> dict[int, int]:
    """Return the keys of a page and of all pages below it in order, each with that of its parent. Runs one query."""
    found = Page.objects.descendant_of(page, inclusive=True).order_by("path").values_list("pk", "path")
    keys = {path: pk for pk, path in found}
    return {pk: keys.get(path[: -page.steplen], 0) for path, pk in keys.items()}


@receiver(task_approved, sender=TaskState)
def store_parts(instance: TaskState, **_kwargs: Any) -> None:
    """Store the approved parts in the log entry of an approval."""
    page = instance.workflow_state.content_object
    entries = PageLogEntry.objects.filter(page=page.pk, action=APPROVED, revision=instance.revision_id)
    for entry in entries:
        if entry.data["workflow"]["task_state_id"] == instance.pk:
            entry.data[PARTS] = list(parents_of(page).items())
            entry.save(update_fields=["data"])


def _find(part: Page, approvals: dict[str, Approval], parents: Mapping[int, int]) -> Approval | None:
    """Return the newest approval of a page or of one above it that holds for the page, or else the newest one."""
    above = [part.path[:end] for end in range(len(part.path), 0, -part.steplen)]
    found = [approvals[path] for path in above if path in approvals]
    return max(found, key=lambda one: (_holds_for(part.pk, one, parents), one.at), default=None)


def _holds_for(pk: int, approval: Approval, parents: Mapping[int, int]) -> bool:
    return pk in approval.parents and (pk == approval.page_id or approval.parents[pk] == parents[pk])


def _is_changed(part: Page, approval: Approval, parents: Mapping[int, int]) -> bool:
    """Whether a part is new or was moved after the approval, or an approved child is gone or in another order.

    New children do not count: they are changed parts themselves.
    """
    approved = approval.children(part.pk)
    now = [pk for pk, parent in parents.items() if parent == part.pk and pk in approved]
    return now != approved or not _holds_for(part.pk, approval, parents)


def _approved_versions(changed: dict[int, datetime]) -> dict[int, int]:
    """Return the revision of each page at the time of its approval, by key. Runs one query."""
    if not changed:
        return {}
    keys = [str(pk) for pk in changed]
    revisions = Revision.page_revisions.filter(object_id__in=keys).order_by("created_at", "pk")
    return {
        int(object_id): pk
        for object_id, pk, created_at in revisions.values_list("object_id", "pk", "created_at")
        if created_at <= changed[int(object_id)]
    }
