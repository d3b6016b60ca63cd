"""Save changed pages of an edition as drafts, in few queries."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageLogEntry, Revision

BATCH = 200
"""The number of pages in a statement."""


@transaction.atomic
def save_drafts(pages: Sequence[Any], user: Any) -> None:
    """Save each page as its newest revision, without publishing it. `pages` are those of editions.

    Wagtail's `save_revision` needs some ten queries for a page.
    """
    now = timezone.now()
    revisions = Revision.objects.bulk_create(
        (
            Revision(
                content_object=page,
                base_content_type=page.get_base_content_type(),
                created_at=now,
                user=user,
                object_str=str(page),
                content=page.serializable_data(),
            )
            for page in pages
        ),
        batch_size=BATCH,
    )
    rows = Page.objects.in_bulk([page.pk for page in pages])
    for page, revision in zip(pages, revisions, strict=True):
        row = rows[page.pk]
        row.latest_revision, row.latest_revision_created_at = revision, now
        row.draft_title, row.has_unpublished_changes = page.title, True
    fields = ["latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"]
    Page.objects.bulk_update(rows.values(), fields, batch_size=BATCH)
    PageLogEntry.objects.bulk_create(
        PageLogEntry(
            page=rows[page.pk],
            content_type=ContentType.objects.get_for_model(page, for_concrete_model=False),
            label=page.get_admin_display_title(),
            action="wagtail.edit",
            timestamp=now,
            revision=revision,
            user=user,
            uuid=get_active_log_context().uuid,
            content_changed=True,
        )
        for page, revision in zip(pages, revisions, strict=True)
    )
