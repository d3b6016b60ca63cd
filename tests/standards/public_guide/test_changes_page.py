"""The changes since the former edition: public, by domain and standard, word by word, in the reader's language."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from standards.editions.page_loader import load_guide
from standards.editions.release import release
from standards.framework import canonical, digest, parse_wording
from standards.models import Edition, EditionWording
from tests.standards.conftest import SAMPLE

pytestmark = pytest.mark.django_db

REWORDED = {"indicator/1.2.1/wording": "Open by day and by night", "standard/1.1/title": "Answering <calls>"}


def following(edition: Edition, code: str, wordings: dict[str, dict[str, str]], *structure: tuple[str, str]) -> Edition:
    """Release an edition like another one, with other texts by language, and replaced passages of its structure."""
    written = edition.structure.replace(f'"code":"{edition.code}"', f'"code":"{code}"')
    for old, new in structure:
        assert old in written
        written = written.replace(old, new, 1)
    found = Edition.objects.create(
        code=code,
        structure=written,
        sha256=digest(written),
        is_sample=True,
        released_at=edition.released_at + timedelta(days=1),
    )
    known = parse_wording(edition.wordings.get(language="en").payload)
    for language, texts in wordings.items():
        payload = canonical({**known, **texts})
        EditionWording.objects.create(edition=found, language=language, payload=payload, sha256=digest(payload))
    return found


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode().partition("<main")[2].partition("</main>")[0])


@pytest.fixture
def second(released: Edition) -> Edition:
    other = ('"obligation":"developmental"', '"obligation":"core"')
    return following(released, "second", {"en": REWORDED}, other)


def test_a_change_of_words_is_shown_word_by_word_for_the_eye_and_for_the_ear(client: Client, second: Edition) -> None:
    page = read(client, "/en/guide/second/changes/")
    assert "What changed in edition second" in page
    assert "Compared with edition small" in page
    unmarked = re.sub(r"<span class=.visually-hidden.*?</span>", "", page)
    assert "Open <ins>by </ins>day and<ins> by</ins> night" in unmarked
    assert re.search(r"Answering<ins><span[^>]*>\(added: </span> &lt;calls&gt;", page)
    assert 'href="/en/guide/second/d1/1-2/#i1.2.1"' in page


def test_a_change_of_weight_names_what_stood_there(client: Client, second: Edition) -> None:
    page = read(client, "/en/guide/second/changes/?kind=reweighed")
    assert re.search(r"<del>Developmental</del>.*?<ins>Core</ins>", page)
    assert "Open " not in page


def test_without_a_change_the_page_says_so(client: Client, released: Edition) -> None:
    following(released, "same", {"en": {}})
    assert "The two editions say the same." in read(client, "/en/guide/same/changes/")


def test_any_earlier_edition_can_be_compared(client: Client, released: Edition, second: Edition) -> None:
    third = following(second, "third", {"en": {**REWORDED, "standard/1.2/title": "Hours"}})
    assert third.wordings.count() == 1
    page = read(client, "/en/guide/third/changes/")
    assert "Compared with edition second" in page
    assert 'href="?from=small"' in page
    assert "Answering" not in page
    assert "Answering" in read(client, "/en/guide/third/changes/?from=small")
    for odd in ("from=third", "from=none", "from=%25", "kind=none&from="):
        assert "Compared with edition second" in read(client, f"/en/guide/third/changes/?{odd}")


def test_the_first_edition_has_nothing_before_it(client: Client, released: Edition) -> None:
    assert client.get("/en/guide/Z1/changes/").status_code == 404
    assert client.get("/en/guide/none/changes/").status_code == 404
    assert "/changes/" not in read(client, "/en/guide/Z1/")


def test_the_edition_and_the_list_lead_to_its_changes(client: Client, second: Edition) -> None:
    for address in ("/en/guide/", "/en/guide/second/"):
        assert 'href="/en/guide/second/changes/"' in read(client, address)
    assert "There is a newer edition." in read(client, "/en/guide/small/d1/")
    assert "There is a newer edition." not in read(client, "/en/guide/second/d1/")


def test_words_are_compared_in_the_readers_language_if_both_editions_have_it(client: Client, released: Edition) -> None:
    following(released, "second", {"en": REWORDED, "fr": {"indicator/1.2.1/wording": "Ouvert le jour et la nuit"}})
    page = read(client, "/fr/guide/second/changes/")
    assert '<span lang="en">Open' in page.replace("<dd> ", "")  # edition small is not published in French
    payload = canonical({**parse_wording(released.wordings.get().payload), "indicator/1.2.1/wording": "Ouvert le jour"})
    EditionWording.objects.create(edition=released, language="fr", payload=payload, sha256=digest(payload))
    page = read(client, "/fr/guide/second/changes/")
    assert re.search(r"Ouvert le jour<ins>.*? et la nuit", page)


@pytest.mark.everywhere
def test_the_queries_do_not_grow_with_the_guide(client: Client, second: Edition) -> None:
    sample = release(load_guide(SAMPLE).page)
    following(sample, "after", {"en": {"domain/D1/title": "Other"}})

    def count(code: str, former: str) -> int:
        address = f"/en/guide/{code}/changes/?from={former}"
        read(client, address)
        with CaptureQueriesContext(connection) as queries:
            read(client, address)
        return len(queries)

    assert count("after", "2026") == count("second", "small")


def test_the_page_is_accessible_and_fits_a_phone(browser_page: Any, axe: Any, released: Edition) -> None:
    following(released, "second", {"en": REWORDED}, ('"obligation":"developmental"', '"obligation":"core"'))
    for width in (1280, 320):
        browser_page.set_viewport_size({"width": width, "height": 900})
        for address in ("second/changes/", "second/changes/?kind=moved", "", "second/", "small/d1/"):
            browser_page.goto(f"/en/guide/{address}")
            axe(browser_page, only_appearance=width == 320)
            assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
