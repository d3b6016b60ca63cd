"""The addresses in plain and formatted texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.passages.addresses import find_addresses, find_links


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("No address, 24/7 and/or by day.", []),
        ("See https://example.org/a.", ["https://example.org/a"]),
        (
            "(see https://example.org/a_(b), and http://example.org)",
            ["https://example.org/a_(b)", "http://example.org"],
        ),
        ("“https://example.org/a?b=1&c=2#d”", ["https://example.org/a?b=1&c=2#d"]),
        ("At www.example.org/a!", ["https://www.example.org/a"]),
        ("At awww.example.org", []),
        ("In /en/guide/2026/d1/1-2/#i1.2.1, for example", ["/en/guide/2026/d1/1-2/#i1.2.1"]),
        ("/documents/3/form.pdf", ["/documents/3/form.pdf"]),
        ("either/or, a/en/b", []),
        ("https://münchen.example/straße", ["https://münchen.example/straße"]),
    ],
)
def test_addresses_end_where_the_sentence_goes_on(text: str, found: list[str]) -> None:
    assert list(find_addresses(text)) == found


def test_links_of_the_editor_are_found_by_key_or_address() -> None:
    formatted = (
        '<p><a linktype="page" id="12">a</a> <a linktype="document" id="3">b</a> <a href="https://example.org/?a=1&amp;b=2">'
        'c</a> <a linktype="page">d</a> <a name="e">e</a> <img src="https://example.org/f"></p>'
    )
    assert list(find_links(formatted)) == ["page:12", "document:3", "https://example.org/?a=1&b=2", "page:"]


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    assert all(address in text or address.startswith("https://www") for address in find_addresses(text))
    list(find_links(text))
