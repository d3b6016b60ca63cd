"""Axe finds what cannot be read, also where it computes one contrast for all texts of a kind."""

from typing import Any

import pytest

from tests.axe import find_violations

PAGE = """<!doctype html><html lang="en"><title>A page</title><main><h1>Heading</h1>
<table>{rows}</table>
<div style="position:relative"><p>Plain</p></div>
<div style="position:relative">{over}<p>Plain</p></div>
<section style="background:{behind}"><p>Plain</p></section></main></html>"""
ROWS = "<tr><td>One</td><td class='{kind}'>Two</td></tr>" * 60
OVER = "<i style='position:absolute; inset:0; background:#111; z-index:-1'></i>"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("wrong", "elements"),
    [({}, 0), ({"kind": "pale"}, 1), ({"over": OVER}, 1), ({"behind": "#333"}, 1)],
)
def test_one_text_of_each_kind_is_examined(browser: Any, wrong: dict[str, str], elements: int) -> None:
    page = browser.new_page()
    rows = "<style>.pale { color: #ccc }</style>" + ROWS.format(kind=wrong.get("kind", "plain"))
    page.set_content(PAGE.format(rows=rows, over=wrong.get("over", ""), behind=wrong.get("behind", "#fff")))
    for _again in range(2):  # a text that was complained of is not taken as known
        found = find_violations(page, only_appearance=True, within="html")
        assert [line.partition(":")[0] for line in found] == ["color-contrast"] * elements
    page.close()


@pytest.mark.browser
def test_a_text_of_the_kind_of_an_earlier_page_is_not_examined_again(browser: Any) -> None:
    page = browser.new_page()
    marked = []
    for paragraphs in ("<p>One</p>", "<p>One</p><h2>Another kind</h2>", "<p>One</p><h2>Another kind</h2>"):
        page.set_content(f'<!doctype html><html lang="en"><title>A page</title><main><h1>A</h1>{paragraphs}</main>')
        assert find_violations(page, only_appearance=True, within="main") == []
        marked.append(page.locator("[data-kind-of-text]").all_inner_texts())
    page.close()
    assert "One" not in marked[1]
    assert ("Another kind" in marked[1], "Another kind" in marked[2]) == (True, False)


@pytest.mark.browser
def test_words_for_a_screen_reader_alone_do_not_make_a_text_of_another_kind(browser: Any) -> None:
    page = browser.new_page()
    hidden = "<span style='position:absolute; width:1px; height:1px; overflow:hidden'>for</span>"
    cells = f"<td>One {hidden}</td>" * 3
    page.set_content(f'<!doctype html><html lang="en"><title>A page</title><h1>A</h1><table><tr>{cells}</table>')
    assert find_violations(page, only_appearance=True, within="table") == []
    assert page.locator("td[data-kind-of-text]").count() == 1
    page.close()
