"""Each page on which the Guide is written has as many queries for 40 indicators as for 10."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageSubscription

from standards.editions.bulk.new_pages import add_pages
from standards.editions.next_edition import begin_edition
from standards.editions.release import release
from standards.models import EditionPage, IndicatorPage, StandardPage
from standards.models.edition_page import WHOLE
from tests.standards.models.cms import edit_address, form_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]

FEW, MANY = 10, 40
QUERY = {
    "guide_tree": {"q": "day and night"},
    "guide_compare": {"before": "small"},
    "guide_mapping": {"before": "small", "show": "all"},
}


@pytest.fixture
def editions(draft: EditionPage) -> tuple[EditionPage, EditionPage]:
    """Return two drafts after a release: of few and of many indicators, half of them reworded and each with a link."""
    release(draft)
    return _next_edition(draft, FEW), _next_edition(draft, MANY)


def _next_edition(former: EditionPage, size: int) -> EditionPage:
    edition = begin_edition(former, code=f"of-{size}", title=f"Of {size}")
    standard = StandardPage.objects.descendant_of(edition).get(code="1.2")
    values = IndicatorPage.objects.child_of(standard).get().values
    present = IndicatorPage.objects.descendant_of(edition).count()
    pages = [
        IndicatorPage(
            **{
                **values,
                "key": "",
                "code": f"1.2.{number}",
                "wording": f"Open day and night {number}" if number % 2 else values["wording"],
                "guidance": f"See https://example.org/{number} and /en/guide/{number}/.",
            },
            slug=f"1-2-{number}",
        )
        for number in range(2, 2 + size - present)
    ]
    add_pages(standard, pages, publishes=False)
    assert IndicatorPage.objects.descendant_of(edition).count() == size
    return edition


def addresses(edition: EditionPage) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the address and the query of each page, by name."""
    names = ("guide_tree", "guide_compare", "guide_mapping", "guide_links", "guide_languages", "guide_files")
    indicator = IndicatorPage.objects.descendant_of(edition).get(code="1.2.1")
    standard = indicator.get_parent().specific
    forms = (edition, standard.get_parent(), standard, indicator)
    return {
        **{name: (reverse(name, args=[edition.pk]), QUERY.get(name, {})) for name in names},
        **{f"file {end}": (reverse(f"guide_translation_{end}", args=[edition.pk, "fr"]), {}) for end in ("po", "xlf")},
        **{f"form {number}": (edit_address(page), {}) for number, page in enumerate(forms)},
        "preview": (reverse("wagtailadmin_pages:view_draft", args=[edition.pk]), {"mode": WHOLE}),
    }


def test_each_page_asks_as_many_queries_for_many_indicators_as_for_few(
    guide_editor: Client, editions: tuple[EditionPage, EditionPage]
):
    def count(edition: EditionPage) -> dict[str, int]:
        found = {}
        for name, (address, query) in addresses(edition).items():
            with CaptureQueriesContext(connection) as queries:
                assert guide_editor.get(address, query).status_code == 200
            found[name] = len(queries)
        form = form_of(guide_editor, edition)
        with CaptureQueriesContext(connection) as queries:
            assert guide_editor.post(reverse("guide_rule", args=[edition.pk]), form).status_code == 200
        return {**found, "rule while it is written": len(queries)}

    few, many = editions
    count(few)  # caches of the process
    PageSubscription.objects.all().delete()  # the first request of a form writes one
    assert count(many) == count(few)
