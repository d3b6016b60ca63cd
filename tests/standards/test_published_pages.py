"""Drafts that are published in bulk are the same as those published by Wagtail."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Comment, Page, PageLogEntry, ReferenceIndex
from wagtail.signals import page_published

from evaluation.models import User
from standards.editions.bulk import indexes
from standards.editions.bulk.indexes import index_edition
from standards.editions.bulk.new_pages import add_pages
from standards.editions.bulk.published_pages import publish_drafts
from standards.editions.next_edition import begin_edition
from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

OF_TIME = {"first_published_at", "last_published_at", "latest_revision_created_at"}


@pytest.fixture
def user() -> User:
    return User.objects.create(email="editor@example.org", name="An editor")


@pytest.fixture
def begun(loaded: EditionPage) -> EditionPage:
    """Return the next edition, all pages of which are drafts."""
    return begin_edition(loaded, code="next", title="The next one")


def change(page: Any, **fields: Any) -> Any:
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(clean=False)
    return page


def in_edition(model: type[Page], edition: EditionPage, code: str) -> Any:
    return model.objects.descendant_of(edition).get(code=code)


def written(page: Page) -> tuple[Any, ...]:
    """Return a page, its revisions and its log as stored, without the times."""
    row = type(page).objects.filter(pk=page.pk).values().get()
    entries = PageLogEntry.objects.filter(page=page.pk).order_by("pk")
    return (
        {name: value is None if name in OF_TIME else value for name, value in row.items()},
        list(page.revisions.values_list("pk", "approved_go_live_at", "user_id").order_by("pk")),
        [
            (e.action, e.label, e.user_id, e.content_changed, e.data, e.revision_id, e.content_type_id, e.deleted)
            for e in entries
        ],
    )


def test_pages_are_as_wagtails_own_steps_leave_them(begun: EditionPage, user: User) -> None:
    """One page was never published, one was renamed since, and one was renamed twice."""
    indicator = change(in_edition(IndicatorPage, begun, "1.2.1"), wording="Open at any hour", level_no="Closed")
    standard = in_edition(StandardPage, begun, "2.1")
    standard.save_revision().publish()
    change(standard, title="Supervision", basis="The law")
    domain = in_edition(DomainPage, begun, "D2")
    domain.save_revision().publish()
    change(change(domain, title="Peple"), title="People", introduction="Those who answer.")
    pages = [indicator, standard, domain]
    before = transaction.savepoint()
    for page in pages:
        page.get_latest_revision().publish(user=user, skip_permission_checks=True)
    slow = [written(page) for page in pages]
    transaction.savepoint_rollback(before)
    publish_drafts(begun, user)
    assert [written(page) for page in pages] == slow
    assert DomainPage.objects.get(pk=domain.pk).title == "People"


def test_only_drafts_are_published(loaded: EditionPage, user: User) -> None:
    before = PageLogEntry.objects.count()
    change(in_edition(DomainPage, loaded, "D2"), title="People")
    publish_drafts(loaded, user)
    assert PageLogEntry.objects.count() - before == 2  # renamed, and published
    assert not loaded.get_descendants(inclusive=True).filter(has_unpublished_changes=True).exists()


def test_the_number_of_queries_does_not_grow_by_half_a_query_a_page(begun: EditionPage, user: User) -> None:
    standard = in_edition(StandardPage, begun, "1.2")
    values = in_edition(IndicatorPage, begun, "1.2.1").values

    def drafts(first: int, count: int) -> None:
        pages = [
            IndicatorPage(**{**values, "key": "", "code": f"1.2.{n}"}, slug=f"1-2-{n}")
            for n in range(first, first + count)
        ]
        add_pages(standard, pages, publishes=False)
        for page in IndicatorPage.objects.filter(pk__in=[page.pk for page in pages]):
            change(page, wording=f"Open {page.code}", guidance="Look at the rota.")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            publish_drafts(begun, user)
        return len(captured)

    publish_drafts(begun, user)
    drafts(2, 10)
    few = queries()
    drafts(12, 110)
    assert few < 30
    assert queries() - few <= 50


def test_a_page_with_a_comment_keeps_it(begun: EditionPage, user: User) -> None:
    page = in_edition(IndicatorPage, begun, "1.2.1")
    page.wagtail_admin_comments = [Comment(page=page, user=user, text="Why?", contentpath="guidance")]
    change(page, wording="Open at any hour")
    publish_drafts(begun, user)
    found = IndicatorPage.objects.get(pk=page.pk)
    assert (found.live, found.wording) == (True, "Open at any hour")
    assert [comment.text for comment in found.wagtail_admin_comments.all()] == ["Why?"]


def test_an_alias_follows_its_page(begun: EditionPage, user: User) -> None:
    page = in_edition(IndicatorPage, begun, "1.2.1")
    alias = page.create_alias(update_slug="alias")
    change(page, wording="Open at any hour")
    publish_drafts(begun, user)
    assert IndicatorPage.objects.get(pk=alias.pk).wording == "Open at any hour"


def test_a_page_that_waits_for_a_day_does_not_wait(begun: EditionPage, user: User) -> None:
    page = in_edition(DomainPage, begun, "D2")
    change(page, title="Later", go_live_at=timezone.now() + timedelta(days=3))
    page.get_latest_revision().publish(user=user, skip_permission_checks=True)
    publish_drafts(begun, user)
    found = DomainPage.objects.get(pk=page.pk)
    assert (found.live, found.title, found.go_live_at) == (True, "Later", None)
    assert not found.revisions.filter(approved_go_live_at__isnull=False).exists()


def test_a_field_that_is_not_valid_publishes_none_of_them(begun: EditionPage, user: User) -> None:
    change(in_edition(DomainPage, begun, "D1"), title="Reached")
    change(in_edition(IndicatorPage, begun, "2.1.1"), evidence="long " * 60)
    with pytest.raises(ValidationError, match="evidence"):
        publish_drafts(begun, user)
    assert not DomainPage.objects.descendant_of(begun).filter(live=True).exists()


def test_who_waits_for_a_page_to_be_published_is_told(begun: EditionPage, user: User) -> None:
    notified: list[tuple[type, int]] = []

    def receive(sender: type, instance: Page, revision: Any, **_other: Any) -> None:
        assert (instance.live, revision.pk) == (True, instance.live_revision_id)
        notified.append((sender, instance.pk))

    page_published.connect(receive)
    try:
        publish_drafts(begun, user)
    finally:
        page_published.disconnect(receive)
    pages = begun.get_descendants(inclusive=True).specific()
    assert sorted(notified, key=str) == sorted(((type(page), page.pk) for page in pages), key=str)


def test_the_worker_brings_both_indexes_up_to_date(begun: EditionPage, user: User) -> None:
    page = change(in_edition(IndicatorPage, begun, "1.2.1"), wording="Unmistakable wording")
    publish_drafts(begun, user)
    assert list(IndicatorPage.objects.search("Unmistakable")) == []
    index_edition.func(begun.pk)
    assert list(IndicatorPage.objects.search("Unmistakable")) == [page]
    assert ReferenceIndex.objects.filter(object_id=page.pk).count() == len(
        set(ReferenceIndex._extract_references_from_object(page))
    )
    index_edition.func(0)  # an edition that was deleted since


def test_a_page_that_is_saved_while_the_worker_indexes_is_indexed_as_it_is(
    begun: EditionPage, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_drafts(begun, user)
    index = ReferenceIndex.create_or_update_for_object

    def index_while_somebody_saves(page: Any) -> None:
        if isinstance(page, IndicatorPage):
            IndicatorPage.objects.descendant_of(begun).exclude(pk=page.pk).update(wording="Unmistakable wording")
        index(page)

    monkeypatch.setattr(indexes, "BATCH", 1)
    monkeypatch.setattr(ReferenceIndex, "create_or_update_for_object", index_while_somebody_saves)
    index_edition.func(begun.pk)
    last = IndicatorPage.objects.descendant_of(begun).order_by("pk").last()
    assert last in IndicatorPage.objects.search("Unmistakable")
