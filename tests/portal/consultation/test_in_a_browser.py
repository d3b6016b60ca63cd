"""Consultations in a real browser: typed text is saved automatically, each page is accessible and fits a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.models import Consultation, ConsultationComment, Role
from standards.editions.page_loader import load_guide
from tests.browsing import WIDTHS
from tests.factories import HotlineFactory, consultation_on, person
from tests.scenes import SMALL_EDITION

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def opened() -> Consultation:
    return consultation_on(load_guide(SMALL_EDITION).page, hotlines=[HotlineFactory(name="Xandria")])


def url(name: str, consultation: Consultation, *more: Any) -> str:
    return reverse(f"workspace:{name}", args=[consultation.uid, *more])


def test_a_comment_and_a_vote_save_themselves(browser_page: Any, as_user: Callable[..., Any], opened: Consultation):
    page = as_user(browser_page, person(Role.CONTRIBUTOR, hotline=opened.hotlines.get()))
    page.goto(url("consulted_standard", opened, "1.1"))
    block = page.locator("[data-autosave]").first
    block.get_by_label("Your comment on 1.1.1").fill("Too long.")
    block.get_by_label("Must not be released so").check()
    expect(block.locator("[data-saved-text]")).to_contain_text("Saved")
    page.reload()
    expect(page.get_by_label("Your comment on 1.1.1")).to_have_value("Too long.")
    expect(page.get_by_label("Must not be released so").first).to_be_checked()
    assert [(one.words, one.urgency) for one in ConsultationComment.objects.all()] == [("Too long.", 3)]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_are_accessible_and_fit(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], opened: Consultation, width: int
):
    author = person(Role.CONTRIBUTOR, hotline=opened.hotlines.get())
    opened.comments.create(by=author, key="1.1.1", code="1.1.1", words="Too long.", urgency=3)
    page = as_user(browser_page, person(Role.MCE_COORDINATOR))
    page.set_viewport_size({"width": width, "height": 900})
    addresses = (
        reverse("workspace:new_consultation"),
        url("consultation", opened),
        url("comment_answers", opened, "1.1"),
        url("consulted_standard", opened, "1.1"),
        url("consultation_report", opened),
    )
    for address in addresses:
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
