"""Pages that are added in bulk are the same as those added by Wagtail."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageLogEntry

from evaluation.models import User
from standards.editions.bulk.new_pages import add_pages
from standards.models import EditionPage, IndicatorPage, StandardPage

pytestmark = pytest.mark.django_db

UNIQUE_COLUMNS = {"id", "page_ptr_id", "path", "translation_key", "latest_revision_id", "live_revision_id"}
TIME_COLUMNS = {"first_published_at", "last_published_at", "latest_revision_created_at"}


@pytest.fixture
def standard(loaded: EditionPage) -> StandardPage:
    return StandardPage.objects.get(code="1.2")


def new_indicators(count: int) -> list[IndicatorPage]:
    values = IndicatorPage.objects.get(code="1.2.1").values
    return [IndicatorPage(**{**values, "code": f"1.2.{n}"}, slug=f"1-2-{n}") for n in range(2, 2 + count)]


def written(page: Page) -> tuple[Any, ...]:
    """Return a page, its revision and its log as stored, without what differs for each page."""
    row = IndicatorPage.objects.filter(pk=page.pk).values().get()
    content = IndicatorPage.objects.get(pk=page.pk).get_latest_revision_as_object().serializable_data()
    entries = PageLogEntry.objects.filter(page=page.pk).order_by("pk")
    return (
        {
            name: value
            for name, value in row.items()
            if name not in UNIQUE_COLUMNS | TIME_COLUMNS | {"slug", "url_path"}
        },
        {name for name in UNIQUE_COLUMNS | TIME_COLUMNS if row[name] is None},
        {name: value for name, value in content.items() if value is None or name in ("title", "wording")},
        [(entry.action, entry.label, entry.user_id, entry.content_changed) for entry in entries],
    )


@pytest.mark.parametrize("publishes", [True, False])
def test_a_page_is_as_wagtails_own_steps_leave_it(standard: StandardPage, publishes: bool) -> None:
    user = User.objects.create(email="editor@example.org", name="An editor")
    (quick,), (slow,) = new_indicators(1), new_indicators(1)
    add_pages(standard, [quick], publishes=publishes, user=user)
    slow.live, slow.slug, slow.owner = False, "slow", user
    StandardPage.objects.get(pk=standard.pk).add_child(instance=slow)
    revision = slow.save_revision(user=user)
    if publishes:
        revision.publish(user=user, skip_permission_checks=True)
    IndicatorPage.objects.filter(pk=slow.pk).update(owner=None)
    assert written(quick) == written(slow)


def test_pages_stand_in_order_below_their_parent(standard: StandardPage) -> None:
    add_pages(standard, new_indicators(40), publishes=True)
    pages = IndicatorPage.objects.child_of(standard)
    assert [page.code for page in pages] == [f"1.2.{number}" for number in range(1, 42)]
    assert {page.url_path.rpartition("/1-2/")[2] for page in pages} == {f"1-2-{n}/" for n in range(1, 42)}
    assert StandardPage.objects.get(pk=standard.pk).numchild == 41
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_slug_in_use_gets_a_number(standard: StandardPage) -> None:
    again = new_indicators(2)
    for page in again:
        page.slug = "1-2-1"
    add_pages(standard, again, publishes=True)
    assert [page.slug for page in IndicatorPage.objects.child_of(standard)] == ["1-2-1", "1-2-1-2", "1-2-1-3"]


def test_a_page_with_a_field_that_is_not_valid_is_not_published(standard: StandardPage) -> None:
    right, wrong = new_indicators(2)
    wrong.evidence = "long " * 60
    with pytest.raises(ValidationError, match="evidence"):
        add_pages(standard, [right, wrong], publishes=True)
    assert IndicatorPage.objects.child_of(standard).count() == 1


def test_a_further_page_takes_a_dozen_queries(standard: StandardPage) -> None:
    def count_queries(pages: list[IndicatorPage]) -> int:
        with CaptureQueriesContext(connection) as queries:
            add_pages(standard, pages, publishes=True)
        return len(queries)

    pages = new_indicators(22)
    first = count_queries(pages[:1])
    assert count_queries(pages[1:]) - first <= 20 * 12
