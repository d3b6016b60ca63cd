"""The costs of a public page with an empty cache: bytes, requests, and layout shift."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Accreditation
from standards.models import StandardPage
from tests.page_costs import MOST_BYTES, PageCost, cost_of, served_as_in_production
from tests.static_files import bootstrap


@pytest.fixture
def demonstration(transactional_db: None, settings: Any) -> None:
    """Set up the small demonstration: a scene."""
    settings.DEMONSTRATION = True


@pytest.mark.once
def test_a_public_page_costs_little_and_stands_still(demonstration: None, browser: Any, tmp_path: Path):
    published = Accreditation.objects.order_by("pk").first()
    assert published is not None
    paths = {
        "home": "/en/",
        "register": reverse("pages:register"),
        "register in Polish": "/pl/register/",
        "hotline": reverse("pages:hotline", args=[published.hotline.code]),
        "standard of the Guide": StandardPage.objects.live().filter(locale__language_code="en").first().get_url(),
        "figures": reverse("pages:figures"),
    }
    with served_as_in_production(tmp_path) as site:
        costs = {name: cost_of(browser, f"{site}{path}") for name, path in paths.items()}
    assert {name: cost.beyond() for name, cost in costs.items() if cost.beyond()} == {}
    assert min(cost.size for cost in costs.values()) > MOST_BYTES / 4  # style sheets and fonts were counted
    print(costs)


def test_what_is_over_its_bound_is_named():
    assert PageCost(100_001, 16, 0.06).beyond() == [
        "bytes 100,001, of 100,000 at most",
        "requests 16, of 15 at most",
        "layout shift 0.060, of 0.05 at most",
    ]
    assert PageCost(100_000, 15, 0.05).beyond() == []


def test_the_selection_of_bootstrap_is_that_of_our_pages():
    """If this fails, a page uses another class: `python -m tests.static_files.bootstrap` writes the selection."""
    assert bootstrap.SELECTION.read_text("utf-8") == bootstrap.selection()


@pytest.mark.django_db
def test_a_public_page_travels_compressed_and_a_private_one_does_not(client: Client):
    asked = {"accept-encoding": "gzip"}
    assert client.get(reverse("pages:register"), headers=asked).headers.get("Content-Encoding") == "gzip"
    assert "Content-Encoding" not in client.get("/accounts/login/", headers=asked).headers
