"""Publish the latest drafts of an edition's pages, in few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import COMMENTS_RELATION_NAME, Page, PageLogEntry, Revision
from wagtail.signals import page_published, published

from standards.editions.bulk.indexes import index_edition
from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage

OF_PAGE = ("title", "seo_title", "search_description", "show_in_menus")
"""The fields of Wagtail's own page that are taken from a revision."""
BATCH = 200
"""The number of pages in a statement."""

WAITING = Q(alias_of=None) & (Q(live=False) | Q(has_unpublished_changes=True))
"""The pages to publish. Aliases are not among them, as they are published with their original."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A page with the fields of its latest revision, the names of the changed ones, and its former title."""

    page: Page
    revision: Revision
    changed: frozenset[str]
    former_title: str


def publish_drafts(edition_page: EditionPage, user: Any) -> None:
    """Publish the latest draft of every page of an edition at once, also of scheduled ones.

    Wagtail needs some 32 queries to publish a page. Here, statements publish many pages each, and one task updates the
    indexes. Pages that are more than their fields are published by Wagtail: that of the edition itself with its rows,
    and any page with comments, aliases, a schedule, a changed slug or no revision.
    """
    waiting = list(_inside(edition_page).order_by("path").select_related("latest_revision"))
    with_alias = set(Page.objects.filter(alias_of__in=_inside(edition_page)).values_list("alias_of_id", flat=True))
    parts = _parts(edition_page)
    drafts = []
    for page in waiting:
        if page.pk in parts and page.pk not in with_alias and _has_only_fields(page):
            drafts.append(_read_draft(parts[page.pk], page.latest_revision))
        else:
            _publish_one(page.specific, user)
    if drafts:
        _write(drafts, user)
        index_edition.enqueue(edition_page.pk)


def _inside(edition_page: EditionPage) -> Any:
    return Page.objects.descendant_of(edition_page, inclusive=True).filter(WAITING)


def _parts(edition_page: EditionPage) -> dict[int, Page]:
    """Return the domains, standards and indicators to publish, by key."""
    return {
        page.pk: page
        for model in (DomainPage, StandardPage, IndicatorPage)
        for page in model.objects.descendant_of(edition_page).filter(WAITING)
    }


def _has_only_fields(page: Page) -> bool:
    if page.latest_revision is None:
        return False
    content = page.latest_revision.content
    is_scheduled = content["go_live_at"] or content["expire_at"]
    return not is_scheduled and content["slug"] == page.slug and not content.get(COMMENTS_RELATION_NAME)


def _publish_one(page: Page, user: Any) -> None:
    revision = page.latest_revision
    if revision is None or revision.content["go_live_at"] or revision.content["expire_at"]:
        draft = page.get_latest_revision_as_object()
        draft.go_live_at = draft.expire_at = None
        revision = draft.save_revision(user=user, clean=False)
    revision.publish(user=user, skip_permission_checks=True)


def _read_draft(page: Any, revision: Revision) -> _Draft:
    """Set the fields of a page to those of a revision, and validate them. Return them. Raises ValidationError."""
    former_title = str(page)
    written = type(page).from_serializable_data(revision.content, check_fks=False)
    own = (field.attname for field in page._meta.local_concrete_fields if not field.is_relation)
    before = {name: getattr(page, name) for name in (*OF_PAGE, *own) if name != "key"}
    for name in before:
        setattr(page, name, getattr(written, name))
    page.clean_fields(exclude=[field.name for field in page._meta.fields if field.is_relation])
    changed = frozenset(name for name, value in before.items() if getattr(page, name) != value)
    return _Draft(page, revision, changed, former_title)


@transaction.atomic
def _write(drafts: Sequence[_Draft], user: Any) -> None:
    now = timezone.now()
    for draft in drafts:
        draft.page.live, draft.page.expired, draft.page.live_revision = True, False, draft.revision
        draft.page.first_published_at, draft.page.last_published_at = draft.page.first_published_at or now, now
        draft.page.go_live_at = draft.page.expire_at = None
        draft.page.has_unpublished_changes = False
    for model in (DomainPage, StandardPage, IndicatorPage):
        changed = [draft for draft in drafts if type(draft.page) is model and draft.changed]
        if changed:
            names = sorted(frozenset[str]().union(*(draft.changed for draft in changed)))
            model.objects.bulk_update([draft.page for draft in changed], names, batch_size=BATCH)
    Page.objects.bulk_update([draft.page.page_ptr for draft in drafts], ["live_revision"], batch_size=BATCH)
    for batch in _batches(drafts):
        _write_state(batch, now)
    PageLogEntry.objects.bulk_create(entry for draft in drafts for entry in _log_entries(draft, user, now))
    for draft in drafts:
        page_published.send(sender=type(draft.page), instance=draft.page, revision=draft.revision)
        published.send(sender=type(draft.page), instance=draft.page, revision=draft.revision)


def _batches(drafts: Sequence[_Draft]) -> Iterable[Sequence[_Draft]]:
    return (drafts[first : first + BATCH] for first in range(0, len(drafts), BATCH))


def _write_state(drafts: Sequence[_Draft], now: datetime) -> None:
    """Set the state of published pages. A page that was saved concurrently keeps an unpublished change."""
    keys = [draft.page.pk for draft in drafts]
    Page.objects.filter(pk__in=keys).update(
        live=True,
        expired=False,
        go_live_at=None,
        expire_at=None,
        first_published_at=Coalesce("first_published_at", Value(now)),
        last_published_at=now,
        has_unpublished_changes=Case(When(latest_revision=F("live_revision"), then=False), default=True),
    )
    Revision.page_revisions.filter(object_id__in=map(str, keys), approved_go_live_at__isnull=False).update(
        approved_go_live_at=None
    )


def _log_entries(draft: _Draft, user: Any, now: datetime) -> Iterable[PageLogEntry]:
    """Yield the log entries that Wagtail would write: for a changed title, then for the publication."""
    page, title = draft.page, str(draft.page)
    is_renamed = title != draft.former_title
    data = {"title": {"old": draft.former_title, "new": title}} if is_renamed else {}
    for action in ("wagtail.rename", "wagtail.publish") if is_renamed else ("wagtail.publish",):
        yield PageLogEntry(
            page=page,
            content_type=ContentType.objects.get_for_model(page, for_concrete_model=False),
            label=page.get_admin_display_title(),
            action=action,
            timestamp=now,
            data=data,
            revision=draft.revision,
            user=user,
            uuid=get_active_log_context().uuid,
            content_changed=action == "wagtail.publish",
        )
