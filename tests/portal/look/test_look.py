"""The design: every component in every state, in both themes and on a phone; languages; menus; error pages."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import path
from django.utils.translation import override
from django_cotton.compiler_regex import CottonCompiler
from playwright.sync_api import expect

from evaluation.models import Role
from portal import gallery, urls
from portal.presentation.numbers import percent
from portal.requests.navigation import navigation
from portal.requests.returned_forms import ReturnedForm
from portal.templatetags.marks import ICONS, outcome_kind
from standards.models import Texts
from standards.presentation.sentences import Passage
from tests.browsing import follow, in_each_appearance, resize
from tests.factories import HotlineFactory, person
from tests.rendering import flat

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
urlpatterns = [path("work/components/", gallery.gallery), *urls.urlpatterns]
"""The site's own addresses, and the gallery, which has none outside a demonstration."""

PORTAL = Path(urls.__file__).parent
COMPONENTS = sorted(file.stem for file in (PORTAL / "templates" / "cotton").glob("*.html"))
OF_THE_GALLERY = {
    "avatar", "bars", "button_form", "crumbs", "empty", "error_summary", "evidence", "field", "flower", "form", "icon",
    "indicator", "level", "meter", "moves", "notice", "number", "outcome", "page_head", "pager", "passage", "percent",
    "picker", "rail", "saved", "scroll", "section", "sheet", "side_block", "steps", "table", "tag", "tilemap", "todo",
    "yesno",
}  # fmt: skip
"""The components of the gallery. The parts of a single page belong to that page."""


@pytest.fixture
def with_gallery(settings: Any) -> None:
    settings.DEMONSTRATION = True
    settings.ROOT_URLCONF = __name__


def draw(template: str, **context: Any) -> str:
    """Render a template with the site's tags, without whitespace at its ends."""
    compiled = CottonCompiler().process("{% load look marks %}" + template)
    return Template(compiled).render(Context(context)).strip()


# --- Components --------------------------------------------------------------------------------------------------


def test_every_component_of_the_look_is_there() -> None:
    assert OF_THE_GALLERY - set(COMPONENTS) == set()


def test_the_gallery_shows_every_component() -> None:
    page = (PORTAL / "templates" / "gallery.html").read_text()
    used = {name.replace("-", "_") for name in re.findall(r"<c-([a-z_-]+)", page)} - {"slot"}
    assert used == OF_THE_GALLERY


@pytest.mark.django_db
def test_the_gallery_is_seen_in_development_and_demonstration_only(client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    assert client.get("/work/components/").status_code == 404
    settings.DEMONSTRATION = True
    assert client.get("/work/components/").status_code == 200


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_says_what_it_takes(name: str) -> None:
    """Each value that a component reads is declared with a default.

    Otherwise it would take one of the page around it.
    """
    text = (PORTAL / "templates" / "cotton" / f"{name}.html").read_text()
    declared = re.search(r"<c-vars ([^>]*?)/>", text)
    bare = re.sub(r':?[\w-]+="[^"]*"', "", declared[1]).split() if declared else []
    assert bare == []


def test_missing_not_applicable_and_zero_are_three_marks() -> None:
    drawn = [
        draw('<c-level :level="level" label="Not in place" />', level=level).split(">")[0] for level in (None, "na", 0)
    ]
    assert drawn == ['<span class="level lx"', '<span class="level ln"', '<span class="level l0"']


def test_a_bar_without_data_is_no_bar() -> None:
    assert "no data" in draw('<c-meter :percent="None" value="" />')
    assert 'class="bar"' not in draw('<c-meter :percent="None" value="" />')
    assert '<svg width="0%"></svg>' in draw('<c-meter :percent="0" value="0 %" />')


def test_a_per_cent_is_rounded_down_and_written_as_the_reader_writes_it() -> None:
    assert percent(Fraction(7999, 10000)) == "79.9\u00a0%"
    with override("hr"):
        assert percent(Fraction(7999, 10000)) == "79,9\u00a0%"
    assert percent(None) == "no data"


def test_a_passage_is_marked_only_when_it_is_in_another_language() -> None:
    text = Passage("Pisani protokol", "hr")
    assert draw('<c-passage :text="text" />', text=text) == '<span lang="hr">Pisani protokol</span>'
    with override("hr"):
        assert draw('<c-passage :text="text" />', text=text) == "Pisani protokol"


MONTHS = {
    "en": ("1 March 2027", "March 2027", "French"),
    "fr": ("1er mars 2027", "mars 2027", "français"),
    "it": ("1º marzo 2027", "marzo 2027", "francese"),
    "pl": ("1 marca 2027", "marzec 2027", "francuski"),
    "pt": ("1 de março de 2027", "março de 2027", "francês"),
    "hr": ("1. ožujka 2027.", "ožujak 2027.", "francuski"),
}


@pytest.mark.parametrize("language", MONTHS)
def test_days_months_and_languages_are_written_as_each_language_does(language: str) -> None:
    with override(language):
        parts = draw(
            '{{ day|date:"DATE_FORMAT" }}|{{ day|month_in_sentence }}|{{ "fr"|language_name }}',
            day=date(2027, 3, 1),
        )
    assert tuple(parts.split("|")) == MONTHS[language]


def test_a_usual_outcome_has_a_name_in_every_language_and_another_is_marked_with_its_own() -> None:
    source = {"outcome/a": "Accredited", "outcome/b": "Seal of gold", "domain/D1": "Deferred"}
    texts = Texts("fr", {}, "en", source)
    assert texts["outcome/a"] == Passage("Accréditée", "fr")
    assert texts["outcome/b"] == Passage("Seal of gold", "en")
    assert texts["domain/D1"] == Passage("Deferred", "en")
    assert Texts("fr", {"outcome/a": "Agréée"}, "en", source)["outcome/a"] == Passage("Agréée", "fr")
    in_english = Texts("en", source, "en", source, reader="fr")
    assert (in_english["outcome/a"], in_english["outcome/b"]) == (texts["outcome/a"], texts["outcome/b"])
    assert Texts("en", {}, "en", source)["outcome/a"] == Passage("Accredited", "en")
    with override("fr"):
        drawn = draw('<c-outcome kind="accredited" :label="label" />', label=texts["outcome/b"])
    assert '<span lang="en">Seal of gold</span>' in drawn


def test_text_that_looks_like_markup_stays_text() -> None:
    evil = '<script>alert("x")</script>'
    for template in (
        '<c-notice :title="evil">{{ evil }}</c-notice>',
        '<c-passage :text="evil" />',
        '<c-outcome kind="accredited" :label="evil" />',
        '<c-todo :items="items" />',
        '<c-sheet id="{{ evil }}" :title="evil" class="{{ evil }}" anchor="{{ evil }}">{{ evil }}</c-sheet>',
        '<c-sheet id="a" title="{{ evil }}" body="body"><c-slot name="end">{{ evil }}</c-slot></c-sheet>',
        '<c-section id="{{ evil }}" heading="{{ evil }}"><c-slot name="title">{{ evil }}</c-slot></c-section>',
        '<c-side_block :title="evil">{{ evil }}</c-side_block>',
        '<c-scroll aria-label="{{ evil }}" class="{{ evil }}"><c-table class="{{ evil }}">{{ evil }}</c-table></c-scroll>',
        '<c-form action="{{ evil }}" :hidden_fields="evil">{{ evil }}</c-form>',
        '<c-button_form action="{{ evil }}" class="{{ evil }}" :about="evil">{{ evil }}</c-button_form>',
    ):
        drawn = draw(template, evil=evil, items=[{"what": evil, "why": evil}])
        assert ("<script>" in drawn, "&lt;script&gt;" in drawn) == (False, True), template


def test_an_unknown_outcome_is_drawn_as_no_accreditation_and_an_unknown_icon_is_an_error() -> None:
    assert [outcome_kind(code) for code in ("conditional", "not_accredited", "gold", None)] == [
        "conditional",
        "refused",
        "none",
        "none",
    ]
    with pytest.raises(KeyError):
        draw('{% icon "unicorn" %}')
    assert set(ICONS) >= {"check", "stop", "wait", "lock"}


def test_a_move_that_is_shut_is_a_sentence_and_no_button() -> None:
    drawn = draw('<c-moves :moves="moves" />', moves=[{"act": "Submit", "shut": "opens when the list is empty"}])
    assert "Submit: opens when the list is empty" in flat(drawn)
    assert "<button" not in drawn


# --- Fields ------------------------------------------------------------------------------------------------------


def test_a_wrong_field_names_its_error_and_the_summary_leads_to_it() -> None:
    form = gallery.ContactForm({"name": "", "since": "yesterday"})
    field = draw('<c-field :field="form.name" />', form=form)
    assert field.index("<label") < field.index("_helptext") < field.index('id="id_name_error"') < field.index("<input")
    assert 'aria-describedby="id_name_helptext id_name_error"' in field
    summary = draw('<c-error-summary :form="form" />', form=form)
    assert "There are 4 things to put right" in summary
    assert re.findall(r'href="#([^"]*)"', summary) == ["id_name", "id_since", "id_kind_0", "id_agreed"]


def test_a_form_without_errors_has_no_summary() -> None:
    assert draw('<c-error-summary :form="form" />', form=gallery.ContactForm()) == ""


# --- Files -------------------------------------------------------------------------------------------------------


def test_no_template_carries_a_style_or_a_script_of_its_own() -> None:
    found = {
        str(file.relative_to(PORTAL)): hits
        for file in (PORTAL / "templates").rglob("*.html")
        if (hits := re.findall(r'<script(?![^>]*\bsrc=)|<style|\sstyle="|\son[a-z]+="|javascript:', file.read_text()))
    }
    assert found == {}


def test_every_style_sheet_is_linked_and_public_pages_leave_that_of_the_workspace_out() -> None:
    def linked(*templates: str) -> set[str]:
        texts = [(PORTAL / "templates" / name).read_text() for name in templates]
        return {name for text in texts for name in re.findall(r'"portal/css/(\w+)\.css"', text)}

    public = linked("styles.html", "base.html", "base_public.html")
    assert public == linked("styles.html", "bare.html") == {"base", "components", "public", "print"}
    names = {file.stem for file in (PORTAL / "static" / "portal" / "css").glob("*.css")}
    assert public | linked("base_work.html") | linked("../wagtail_hooks.py") == names


def test_each_rule_stands_once() -> None:
    """A selector is written a second time only if a list of selectors shares rules, or a condition changes them.

    The print sheet is such a condition. The sheet of the CMS is not used together with others.
    """
    sheets = {file.stem: file.read_text() for file in (PORTAL / "static" / "portal" / "css").glob("*.css")}
    for text in (sheets.pop("print"), sheets.pop("cms"), "\n".join(sheets.values())):
        without_comments = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        alone = re.findall(r"(?m)(?<!,\n)^([.:#\[a-z*][^{},@]*?) \{", without_comments)
        assert sorted({selector for selector in alone if alone.count(selector) > 1}) == []


def test_what_style_sheets_and_pages_name_is_there() -> None:
    for sheet in (PORTAL / "static" / "portal").rglob("*.css"):
        for name in re.findall(r'url\(["\']?([^"\')]+)', sheet.read_text()):
            assert name.startswith("data:") or (sheet.parent / name).exists(), f"{sheet.name}: {name}"
    for template in ("styles.html", "base.html", "base_public.html", "base_work.html", "bare.html"):
        for name in re.findall(r'{% static "([^"]+)" %}', (PORTAL / "templates" / template).read_text()):
            assert finders.find(name), name


# --- Pages -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr", "hr", "it", "pl", "pt"])
def test_a_page_says_its_own_language(client: Client, language: str) -> None:
    page = client.get(f"/{language}/register/").content.decode()
    assert re.findall(r"<html lang=\"(\w+)\" dir=\"(\w+)\">", page) == [(language, "ltr")]
    assert len(re.findall(r"<h1", page)) == 1


@pytest.mark.django_db
def test_the_language_menu_leads_to_the_same_page(client: Client) -> None:
    page = client.get("/en/register/?q=a").content.decode()
    footer = page[page.index('<footer class="footer">') :]
    assert re.findall(r'<a href="([^"]+)" lang="(\w+)"', footer)[:2] == [
        ("/en/register/?q=a", "en"),
        ("/fr/register/?q=a", "fr"),
    ]


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_what_to_do(client: Client) -> None:
    response = client.get("/en/no/such/page/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_the_page_for_our_own_mistakes_needs_no_database() -> None:
    page = render_to_string("500.html")
    assert "Something broke on our side" in page
    assert "116&nbsp;000" in page


@pytest.mark.django_db
def test_a_lost_session_gives_back_what_was_typed_as_it_was_typed(rf: RequestFactory) -> None:
    typed = 'Two lines,\nand "quotes" & <b>signs</b>.'
    form = ReturnedForm(typed=(("Your words", typed),), fields=(("words", typed),))
    page = render_to_string("403_csrf.html", {"form": form, "action": "/work/x/"}, rf.get("/work/x/"))
    assert 'action="/work/x/"' in page
    assert 'value="Two lines,\nand &quot;quotes&quot; &amp; &lt;b&gt;signs&lt;/b&gt;."' in page
    assert "Two lines,<br>and &quot;quotes&quot; &amp; &lt;b&gt;signs&lt;/b&gt;." in page


# --- The menu ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.CONTRIBUTOR, ["Home", "Figures", "Good practice", "Consultations"]),
        (Role.COORDINATOR, ["Home", "Figures", "Good practice", "Consultations"]),
        (Role.ASSESSOR, ["Today", "Rounds", "Visits", "Good practice", "Consultations"]),
        (Role.PANEL_MEMBER, ["Today", "Rounds", "Panel"]),
        (
            Role.MCE_COORDINATOR,
            [
                "Today",
                "Rounds",
                "Hotlines",
                "Accreditations",
                "Recommendations",
                "Network figures",
                "Visits",
                "Good practice",
                "People",
                "Guide",
            ],
        ),
        (Role.GUIDE_EDITOR, ["Guide"]),
    ],
)
def test_the_menu_of_the_workspace_is_that_of_the_role(rf: RequestFactory, role: Role, labels: list[str]) -> None:
    request = rf.get("/work/")
    request.user = person(role, hotline=HotlineFactory())
    assert [item.label for item in navigation(request)["nav"]] == labels


@pytest.mark.django_db
def test_the_menu_says_where_one_is(rf: RequestFactory) -> None:
    request = rf.get("/work/rounds/new/")
    request.user = person(Role.MCE_COORDINATOR)
    current = {item.label: item.current for item in navigation(request)["nav"]}
    elsewhere = dict.fromkeys(
        (
            "Today",
            "Hotlines",
            "Accreditations",
            "Recommendations",
            "Network figures",
            "Visits",
            "Good practice",
            "People",
            "Guide",
        ),
        "",
    )
    assert current == {"Rounds": "true"} | elsewhere


@pytest.mark.django_db
def test_a_page_that_shows_no_menu_asks_for_none(rf: RequestFactory, django_assert_num_queries: Any) -> None:
    request = rf.get("/work/")
    request.user = person(Role.MCE_COORDINATOR)
    with django_assert_num_queries(0):
        navigation(request)


# --- In a browser ------------------------------------------------------------------------------------------------

PUBLIC = ("/en/", "/en/register/", "/en/register/BE/")


@pytest.mark.parametrize("address", ["/work/components/", *PUBLIC, "/en/no/such/page/"])
def test_the_gallery_and_the_public_pages_are_accessible(
    with_gallery: None, browser_page: Any, axe: Any, tolerated: list[str], address: str
) -> None:
    call_command("load_hotlines", "fixtures/hotlines.csv", verbosity=0)
    tolerated.append("404 (Not Found)" if address == "/en/no/such/page/" else "nothing")
    browser_page.goto(address)
    for _width, was_seen in in_each_appearance(browser_page, 1280, 390):
        axe(browser_page, only_appearance=was_seen)


def test_nothing_scrolls_sideways(with_gallery: None, browser_page: Any) -> None:
    call_command("load_hotlines", "fixtures/hotlines.csv", verbosity=0)
    for address in ("/work/components/", *PUBLIC):
        browser_page.goto(address)
        for width in (640, 390, 320):
            resize(browser_page, {"width": width, "height": 900})
            assert browser_page.evaluate("document.documentElement.scrollWidth") == width, address


def test_the_choice_of_dark_is_kept_and_automatic_follows_the_device(browser_page: Any) -> None:

    def is_shown_in(theme: str) -> None:
        browser_page.locator(f"html[data-bs-theme={theme}]").wait_for(state="attached")

    browser_page.emulate_media(color_scheme="light")
    browser_page.goto("/en/register/")
    is_shown_in("light")
    browser_page.get_by_text("Light or dark").first.click()
    browser_page.locator(".who").get_by_label("Dark").check()
    is_shown_in("dark")
    browser_page.goto("/en/")
    is_shown_in("dark")
    browser_page.get_by_text("Light or dark").first.click()
    browser_page.locator(".who").get_by_label("As the device").check()
    is_shown_in("light")
    browser_page.emulate_media(color_scheme="dark")
    is_shown_in("dark")


def test_paper_is_light_and_keeps_what_a_fill_says(with_gallery: None, browser_page: Any) -> None:
    browser_page.emulate_media(color_scheme="dark")
    browser_page.goto("/work/components/")
    dark = browser_page.evaluate("getComputedStyle(document.body).backgroundColor")
    browser_page.emulate_media(media="print", color_scheme="dark")
    browser_page.locator("html[data-bs-theme=light]").wait_for()
    assert browser_page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    for mark in (".outcome", ".meter svg", ".tag"):
        adjusted = browser_page.locator(mark).first.evaluate("e => getComputedStyle(e).printColorAdjust")
        assert (mark, adjusted) == (mark, "exact")
    assert browser_page.locator(".masthead").is_hidden()


def test_a_menu_opens_and_shuts_by_keyboard_and_the_first_tab_skips_to_the_content(browser_page: Any) -> None:
    browser_page.goto("/en/register/")
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    menu = browser_page.locator(".who details").first
    menu.locator("summary").focus()
    browser_page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_the_summary_of_errors_takes_the_focus(with_gallery: None, browser_page: Any) -> None:
    browser_page.goto("/work/components/")
    expect(browser_page.locator(".error-summary")).to_be_focused()


def test_a_hotline_is_found_without_script(browser: Any, live: Any) -> None:
    call_command("load_hotlines", "fixtures/hotlines.csv", verbosity=0)
    context = browser.new_context(base_url=live.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/en/register/")
    page.get_by_label("Country or hotline").fill("belg")
    follow(page.get_by_role("button", name="Show", exact=True))
    follow(page.locator(".hotline-rows").get_by_role("link", name="Belgium"))
    assert page.get_by_role("heading", level=1).inner_text() == "116 000 in Belgium"
    context.close()
