"""The pages of the CMS on which inline scripts may run: those on which Wagtail writes them, and no others."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.requests.middleware import CMS_WITH_INLINE_SCRIPTS
from standards.models import EditionPage, GuidePage

pytestmark = pytest.mark.django_db

_DATA = r'type="(?:application/json|text/(?:django-form-template|x-template|template|html))"'
_CODE_IN_PAGE = re.compile(rf"<script\b(?![^>]*\bsrc=)(?![^>]*\b{_DATA})[^>]*>|\son[a-z]+=\"", re.IGNORECASE)


LISTS = [
    "wagtailadmin_home",
    "wagtailadmin_explore_root",
    "wagtailadmin_pages:search",
    "wagtailadmin_reports:site_history",
    "wagtailadmin_reports:aging_pages",
    "wagtailadmin_reports:locked_pages",
    "wagtailadmin_reports:page_types_usage",
    "wagtaildocs:index",
    "wagtaildocs:add",
    "wagtaildocs:add_multiple",
    "wagtailimages:index",
    "wagtailimages:add",
    "wagtailimages:add_multiple",
]


def addresses(page: EditionPage) -> dict[str, list[Any]]:
    """Return the arguments of each page that an editor opens, by its URL name."""
    guide = GuidePage.objects.get(locale=page.locale)
    of_page = ("explore", "pages:edit", "pages:copy", "pages:move", "pages:history", "pages:delete", "pages:unpublish")
    return {
        **{name: [] for name in LISTS},
        **{f"wagtailadmin_{name}": [page.pk] for name in (*of_page, "pages:usage")},
        "wagtailadmin_pages:add": ["standards", "editionpage", guide.pk],
        "wagtailadmin_pages:revisions_revert": [page.pk, page.save_revision().pk],
        "wagtailadmin_pages:revisions_compare": [page.pk, "earliest", "latest"],
        "wagtailadmin_pages:add_subpage": [guide.pk],
        "wagtailadmin_pages:type_use": ["standards", "editionpage"],
        "wagtail_localize:submit_page_translation": [page.pk],
        "release_edition": [page.pk],
    }


def test_code_in_the_page_is_allowed_exactly_where_wagtail_writes_it(editor: Client, loaded: EditionPage):
    assert Page.objects.count() > 1
    allowed, written = set(), set()
    for name, args in addresses(loaded).items():
        answer = editor.get(reverse(name, args=args), follow=True)
        assert answer.status_code == 200, name
        shown = answer.resolver_match.view_name
        if "script-src 'self' 'unsafe-inline'" in answer["Content-Security-Policy"]:
            allowed.add(shown)
        if _CODE_IN_PAGE.search(answer.content.decode()):
            written.add(shown)
    assert allowed == written == CMS_WITH_INLINE_SCRIPTS
