"""The public Guide: all of it, in its language, from the frozen rows once released, in as many queries as ever."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from standards.loading import load_guide
from standards.models import Edition, EditionPage, GuideIndicator, GuideObligation, StandardPage
from standards.releasing import publish_wording, release
from tests.standards.conftest import EDITIONS, SAMPLE, translate_all

pytestmark = pytest.mark.django_db

ADDRESSES = ["", "small/", "small/whole/", "small/d1/", "small/d1/1-1/"]


def read(client: Client, address: str, language: str = "en") -> str:
    response = client.get(f"/{language}/guide/{address}")
    assert response.status_code == 200
    return re.sub(r"[ \n]+", " ", response.content.decode())


def count_queries(client: Client, address: str) -> int:
    read(client, address)
    with CaptureQueriesContext(connection) as queries:
        read(client, address)
    return len(queries)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_draft_says_that_it_is_a_draft_and_a_sample(client: Client, loaded: EditionPage, address: str) -> None:
    page = read(client, address)
    if address:
        assert "This edition is a draft." in page
        assert "This text is invented." in page
    assert "Draft" in page if not address else "Edition small, draft" in page or address == "small/whole/"


def test_an_indicator_is_shown_with_all_that_is_said_of_it(client: Client, released: Edition) -> None:
    page = read(client, "small/d1/1-2/")
    for text in (
        "Open day and night",
        "Every day of the year.",
        "Essential",
        "Evidence required",
        "Rota",
        "Yes or no",
        "The rota has no gap",
        "The rota has gaps",
        "Close the gaps",
        "Find cover for each gap.",
        "A rota without gaps",
    ):
        assert text in page


def test_a_number_is_shown_with_its_bands_in_words(client: Client, released: Edition) -> None:
    page = read(client, "small/d1/1-1/")
    told = re.findall(r"<dd[^>]*>([^<]*)</dd>", page)
    assert told == ["at least 90\xa0%", "at least 80\xa0%", "at least 60\xa0%", "everything else"]
    assert "A04/(A03-A05)" in page
    assert "Counts only if A03 is at least 20." in page
    assert "This figure is shown and not scored." in page


def test_the_edition_tells_its_rule_and_its_digest(client: Client, released: Edition) -> None:
    page = read(client, "small/")
    assert released.sha256 in page
    for sentence in (
        "At least one indicator of the class “Essential” is missing.",
        "Every indicator of the class “Essential” reaches level 2 (Mostly there) or better.",
        "Every domain reaches 60\xa0%.",
        "The overall score reaches 80\xa0%.",
        "A standard is the mean of its indicators, each by the weight of its class.",
        "The hotline may appeal within 30 days of being told.",
    ):
        assert sentence in page


def test_the_whole_edition_stands_on_one_page(client: Client, released: Edition) -> None:
    page = read(client, "small/whole/")
    assert re.findall(r'id="i([\d.]+)"', page) == list(released.framework.indicators)


def test_a_released_edition_is_read_from_its_frozen_rows(
    client: Client, loaded: EditionPage, released: Edition
) -> None:
    GuideIndicator.objects.filter(code="1.2.1").update(wording="Open at noon")
    StandardPage.objects.filter(code="1.2").update(title="Noon")
    page = read(client, "small/d1/1-2/")
    assert "Open day and night" in page
    assert "Noon" not in page


def test_a_page_that_is_not_in_the_released_edition_says_so(client: Client, released: Edition) -> None:
    StandardPage.objects.filter(code="1.2").update(code="1.9")
    assert "This standard is not in the released edition." in read(client, "small/d1/1-2/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_language_that_is_not_published_shows_the_source_and_marks_it(
    client: Client, released: Edition, french: EditionPage, address: str
) -> None:
    page = read(client, address, "fr")
    assert '<html lang="fr"' in page
    if address:
        assert re.search(r'<span lang="en">', page)


def test_a_published_language_is_shown_in_that_language(client: Client, released: Edition, french: EditionPage) -> None:
    translate_all(french)
    publish_wording(released, "fr")
    page = read(client, "small/d1/1-2/", "fr")
    assert "fr: Open day and night" in page
    assert 'lang="en">' not in page.partition("<main")[2].partition("</main>")[0]


def test_a_draft_translation_marks_what_is_still_in_the_source(client: Client, french: EditionPage) -> None:
    standard = StandardPage.objects.get(code="1.2", locale__language_code="fr")
    standard.title = "Heures"
    standard.save_revision().publish()
    page = read(client, "small/d1/1-2/", "fr")
    assert re.search(r"<h1>1\.2 Heures ?</h1>", page)
    assert '<span lang="en">Open day and night</span>' in page


def test_an_edition_that_uses_everything_tells_everything(client: Client, db: None) -> None:
    release(load_guide(EDITIONS / "everything").page)
    page = read(client, "everything/")
    for text in (
        '1 Full</span> </span> <span class="num soft">6 points</span>',
        "The best level is 1 (Full), the worst is 4 (None).",
        '<span class="tag essential">Must </span> Level 1 (Full) or better is asked for. It applies to every hotline.',
        '<span class="tag developmental">May </span> No level is asked for.',
        "A standard is the sum of the points of its indicators, of those that could be had.",
        "A standard passes if all of this is so",
        "What the outcome “Silver” asks for holds as well.",
        "1.1.1, 2.1.1: No indicator is below level 1 (Full) or missing.",
        "At least 5 members of the panel vote.",
    ):
        assert text in page
    assert re.findall(r'<span class="outcome (\w+)', page) == [
        "deferred",
        "accredited",
        "conditional",
        "refused",
    ]
    standard = read(client, "everything/d1/1-1/")
    for text in (
        "It is judged by people, and by no more than what the statistics show.",
        "What the figure allows at most",
        "The hotline’s answer counts only with words that explain it or with evidence.",
        "This figure is shown and not scored.",
    ):
        assert text in standard
    assert re.findall(r'<span class="level (l\d)', standard) == [*("l3", "l2", "l1", "l0"), *("l3", "l2", "l1", "l0")]
    assert "Asked from 1 July 2027 on." in read(client, "everything/d2/2-1/")


def test_a_draft_without_a_rule_can_be_read(client: Client, loaded: EditionPage) -> None:
    for related in (loaded.obligations, loaded.outcomes):
        related.all().delete()
    loaded.save_revision()
    GuideObligation.objects.all().delete()
    page = read(client, "small/")
    assert "How an outcome is proposed" in page
    assert '<span class="tag developmental">essential </span>' in read(client, "small/d1/1-2/")


def test_the_words_of_the_edition_in_a_sentence_are_marked_and_escaped(
    client: Client, loaded: EditionPage, french: EditionPage
) -> None:
    GuideObligation.objects.filter(code="essential").update(name="<b>Must</b>")
    assert "of the class “&lt;b&gt;Must&lt;/b&gt;” is missing." in read(client, "small/")
    GuideObligation.objects.filter(page=french.pk, code="essential").update(name="Indispensable")
    GuideObligation.objects.filter(page=loaded.pk, code="essential").update(name="Essential")
    page = read(client, "small/", "fr")
    assert re.search(r"«\s?Indispensable\s?»[^<]*<", page)
    assert re.search(r'2 \(<span lang="en">Mostly there</span>\)|<span lang="en">2 \(Mostly there\)', page)


@pytest.mark.parametrize("is_released", [True, False])
def test_the_queries_do_not_grow_with_the_guide(client: Client, folder: Path, is_released: bool) -> None:
    small, sample = load_guide(folder).page, load_guide(SAMPLE).page
    if is_released:
        release(small)
        release(sample)
    for address in ("", "whole/", "d1/", "d1/1-1/"):
        assert count_queries(client, f"2026/{address}") == count_queries(client, f"small/{address}")


@pytest.mark.once
def test_the_pages_are_accessible_and_fit_a_phone(browser_page: Any, axe: Any, folder: Path) -> None:
    release(load_guide(folder).page)
    for width in (1280, 320):
        browser_page.set_viewport_size({"width": width, "height": 900})
        for address in ADDRESSES:
            browser_page.goto(f"/en/guide/{address}")
            axe(browser_page)
            assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
