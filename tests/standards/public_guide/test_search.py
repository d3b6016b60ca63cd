"""Search in the public Guide: every word, in the reader's language, ranked, marked, and safe with any input."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from standards.editions.page_loader import load_guide
from standards.editions.release import publish_wording, release
from standards.models import Edition, EditionPage
from standards.public_guide import search
from standards.public_guide.reader import Reading
from standards.public_guide.search import MOST_CHARACTERS, Query
from standards.public_guide.search_results import Search
from tests.standards.conftest import SAMPLE, translate_all

pytestmark = pytest.mark.django_db


def codes(edition: Edition, typed: str, language: str = "en") -> list[str]:
    return [entry.code for entry in Search(Reading.of(edition, language), typed).found]


def read(client: Client, typed: str, language: str = "en", code: str = "small") -> Any:
    return client.get(f"/{language}/guide/{code}/search/", {"q": typed})


def main_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode().partition("<main")[2].partition("</main>")[0])


# --- Results ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1.2.1", ["1.2.1"]),
        ("d1", ["D1"]),
        ("OPEN", ["1.2", "1.2.1"]),
        ("night day", ["1.2.1"]),
        ("rota gaps", ["1.2.1"]),
        ("rotas", []),
        ("ota", []),
        ("answered noon", []),
        ("hours hours hours", ["1.2"]),
        ("“open” (day)!", ["1.2.1"]),
    ],
)
def test_every_word_is_found_at_its_beginning_in_the_same_part(
    released: Edition, typed: str, expected: list[str]
) -> None:
    assert codes(released, typed) == expected


def test_a_character_that_is_not_seen_parts_no_word() -> None:
    assert Query.of("co\u00adoper\u200dation\0now") == Query("cooperation now", ("cooperation", "now"))


def test_a_code_comes_before_a_title_and_a_title_before_other_texts(released: Edition) -> None:
    assert codes(released, "1.1.1")[0] == "1.1.1"
    assert codes(released, "answer") == ["1.1", "1.1.1", "1.1.2", "D2"]  # in two titles, and in texts
    assert codes(released, "1.1") == ["1.1", "1.1.1", "1.1.2"]


def test_the_texts_are_searched_in_the_language_read(released: Edition, french: EditionPage) -> None:
    assert codes(released, "open day", "fr") == ["1.2.1"]  # not published yet: the source is shown and searched
    translate_all(french)
    publish_wording(released, "fr")
    assert codes(released, "fr open day", "fr") == ["1.2.1"]
    assert codes(released, "fr open day", "en") == []


def test_every_searched_word_is_marked_in_every_result(db: None) -> None:
    edition = release(load_guide(SAMPLE).page)
    for typed in ("child polic", "trained night", "116000 number", "6.1"):
        found = Search(Reading.of(edition, "en"), typed)
        assert found.found
        for group in found.show(found.found):
            for hit in group.indicators:
                shown = [hit.title, *(excerpt.text for excerpt in hit.excerpts)]
                marked = [part.text for text in shown for part in text.parts if part.is_found]
                for word in found.query.words:
                    assert hit.code.startswith(word) or any(
                        search.words_of(text)[0].startswith(word) for text in marked
                    ), (hit, word)


def test_only_so_many_indexes_are_kept(released: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_INDEXES", 2)
    monkeypatch.setattr(search, "_INDEXES", {})
    texts = released.texts("en")
    kept = search.index_of(released.framework, texts)
    for number in range(3):
        search.index_of(released.framework, texts)
        texts.digests = (*texts.digests[:2], str(number))
        search.index_of(released.framework, texts)
    assert len(search._INDEXES) == 2
    assert search.index_of(released.framework, texts) is search.index_of(released.framework, texts)
    assert kept is not search.index_of(released.framework, released.texts("en"))


# --- The page -------------------------------------------------------------------------------------------------------


def test_a_result_leads_to_its_indicator_and_marks_what_was_searched(client: Client, released: Edition) -> None:
    page = main_of(read(client, "gap rota"))
    assert 'href="/en/guide/small/d1/1-2/#i1.2.1"' in page
    assert re.search(r"The <mark>rota</mark> has no <mark>gap</mark>", page)
    assert "1 place in this edition" in page


def test_a_result_in_another_language_is_marked_with_it(client: Client, released: Edition) -> None:
    assert re.search(r'<span lang="en"\s*><mark>Open</mark> day and night</span>', main_of(read(client, "open", "pl")))


def test_a_page_of_results_can_be_shared_and_is_not_indexed(client: Client, released: Edition) -> None:
    page = read(client, "open").content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert 'role="search" action="/en/guide/small/search/"' in page
    assert 'value="open"' in page
    assert 'href="/fr/guide/small/search/?q=open"' in page


ODD = [
    *("", " ", "%", "_", '"', "'", "\\", "* OR 1=1 --", "<script>alert(1)</script>", "((((", "\u202e", "🙂"),
    *("\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "ﷺ" * 60, "\u0301" * 150, "0" * 200),
    *("x" * 10_000, "a " * 5_000, "%" * 10_000),
]


@pytest.mark.everywhere
def test_whatever_is_typed_gets_a_clear_answer(client: Client, released: Edition) -> None:
    for typed in ODD:
        response = read(client, typed)
        page = main_of(response)
        is_long = len(typed.strip()) > MOST_CHARACTERS
        assert response.status_code == (422 if is_long else 200), typed[:20]
        assert ("This is too long to be searched." in page) is is_long
        assert is_long or any(
            text in page
            for text in (
                "Nothing is searched yet.",
                "There is no word in this search.",
                "Nothing in this edition",
                "place",
            )
        ), typed
        assert "<script" not in page
    assert html.escape("<script>") in main_of(read(client, "<script>"))
    assert client.get("/en/guide/small/search/", {"page": "9" * 40, "q": "open"}).status_code == 200
    assert client.get("/en/guide/small/search/?q=%ff%fe").status_code == 200
    assert read(client, "a\0b").status_code == 400
    assert client.post("/en/guide/small/search/", {"q": "open"}).status_code == 405
    assert client.get("/en/guide/none/search/", {"q": "open"}).status_code == 404


def test_a_long_text_is_cut_and_not_searched() -> None:
    query = Query.of("word " * 1000)
    assert (query.words, query.is_too_long, len(query.typed)) == ((), True, MOST_CHARACTERS)
    assert Query.of(f"  {'a' * MOST_CHARACTERS}\n").is_too_long is False


@pytest.mark.everywhere
def test_a_search_takes_the_same_queries_in_any_guide_for_any_number_of_results(
    client: Client, released: Edition
) -> None:
    release(load_guide(SAMPLE).page)

    def count(typed: str, code: str) -> int:
        read(client, typed, code=code)
        with CaptureQueriesContext(connection) as queries:
            assert read(client, typed, code=code).status_code == 200
        return len(queries)

    counts = {count(typed, code) for typed in ("a", "xyzzy", "child police") for code in ("small", "2026")}
    assert len(counts) == 1


def test_results_are_shown_by_pages(client: Client, db: None) -> None:
    release(load_guide(SAMPLE).page)
    first, last = (main_of(client.get("/en/guide/2026/search/", {"q": "a", "page": page})) for page in (1, 99))
    assert len(re.findall("#i", first)) <= 25
    assert "Page 1 of" in first
    assert first != last
    assert 'href="?q=a&amp;page=2"' in first


# --- Addresses of indicators ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "place"), [("1.2.1", "d1/1-2/#i1.2.1"), ("1.2", "d1/1-2/")])
def test_a_code_is_a_short_address(client: Client, released: Edition, code: str, place: str) -> None:
    response = client.get(reverse("pages:guide_part", args=["small", code]))
    assert (response.status_code, response.url) == (302, f"/en/guide/small/{place}")


def test_a_code_that_is_not_in_the_edition_is_not_found(client: Client, released: Edition) -> None:
    for code in ("9.9.9", "1.2.", "1.2.1.1"):
        assert client.get(f"/en/guide/small/{code}/").status_code == 404


def test_an_indicator_shows_its_own_address(client: Client, released: Edition) -> None:
    page = client.get("/en/guide/small/d1/1-2/").content.decode()
    assert re.search(r'<a class="code" href="#i1\.2\.1"', page)
