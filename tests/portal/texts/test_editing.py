"""The editable texts in the CMS: who edits them, what is refused, two people at once, and files for translators."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect
from wagtail.models import Page

from evaluation.models import Role, User
from portal.cms.link_checks.models import LinkCheck
from portal.texts.editing.files import write_file
from portal.texts.editing.overview import State, state_of
from portal.texts.editing.preview import show_preview
from reports.models import TextVersion
from reports.texts.declaration import declared_texts, text_of
from reports.texts.reading import edited_texts, read_text
from reports.texts.writing import save_text
from tests.browsing import WIDTHS, follow
from tests.bystander import new
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide_editor(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), person(Role.GUIDE_EDITOR))


LEAD, SUBJECT, COUNTED = "register.lead", "letters.submit.subject", "outcomes.accredited_works_on"


def address(key: str, language: str = "en", name: str = "texts_text") -> str:
    return reverse(name, args=[key, language])


def send(client: Client, key: str, *forms: str, language: str = "en", seen: int = 0, **more: str) -> Any:
    values = {f"form_{place}": form for place, form in enumerate(forms)}
    return client.post(address(key, language), {"seen": seen, **values, **more})


def written(key: str, language: str = "en") -> tuple[str, ...]:
    return edited_texts().version(key, language).forms


def words_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# --- Permissions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.MCE_COORDINATOR, 200),
        (Role.GUIDE_EDITOR, 200),
        (Role.ASSESSOR, 403),
        (Role.PANEL_MEMBER, 403),
    ],
)
def test_mce_and_guide_editors_edit_the_texts(sign_in: Callable[..., Client], role: Role, status: int):
    client = sign_in(Client(), person(role))
    addresses = [reverse("texts"), address(SUBJECT), reverse("texts_file_po", args=["fr"])]
    assert [client.get(one).status_code for one in addresses] == [status] * 3
    assert client.post(address(SUBJECT, name="texts_preview"), {"seen": 0}).status_code == status
    send(client, LEAD, "Other words.")
    assert bool(written(LEAD)) == (status == 200)


def test_a_stranger_is_led_to_the_sign_in(client: Client):
    assert client.get(reverse("texts")).status_code == 302
    assert send(client, LEAD, "Other words.").status_code == 302
    assert not TextVersion.objects.exists()


@pytest.mark.parametrize("place", [("nothing", "en"), (LEAD, "xx"), ("report.parts", "fr")])
def test_a_text_or_language_that_there_is_not_has_no_page(guide_editor: Client, place: tuple[str, str]):
    assert guide_editor.get(address(*place)).status_code == 404


# --- The list -----------------------------------------------------------------------------------------------------------


def test_the_list_is_searched_and_narrowed_by_state(guide_editor: Client):
    def listed(**query: str) -> set[str]:
        groups = guide_editor.get(reverse("texts"), query).context["groups"]
        return {one.text.key for group in groups for one in group.texts}

    assert len(listed()) > 150
    assert listed(q="submitted self-assessment") >= {SUBJECT}
    assert listed(q="no such words at all") == set()
    assert listed(state="edited") == set()
    send(guide_editor, LEAD, "Autres mots.", language="fr")
    assert listed(state="edited") == {LEAD}
    send(guide_editor, SUBJECT, "News of {hotline}")
    assert listed(state="behind") == {SUBJECT}
    assert "out of date in 5 languages" in words_of(guide_editor.get(reverse("texts"), {"state": "behind"}))


def test_the_list_and_a_text_take_the_same_queries_however_much_was_written(guide_editor: Client):
    def count(one: str) -> int:
        guide_editor.get(one)
        with CaptureQueriesContext(connection) as queries:
            guide_editor.get(one)
        return len(queries)

    before = count(reverse("texts")), count(address(LEAD))
    editor = new(User).get(memberships__role=Role.GUIDE_EDITOR)
    for number in range(20):
        save_text(text_of(LEAD), "en", [f"Words {number}."], seen=number, by=editor)
        save_text(text_of(SUBJECT), "fr", [f"{number} {{hotline}}"], seen=number, by=editor)
    assert (count(reverse("texts")), count(address(LEAD))) == before


# --- One text --------------------------------------------------------------------------------------------------------


def test_a_text_is_written_and_read_at_once_and_goes_back_to_the_default(guide_editor: Client, client: Client):
    assert send(guide_editor, LEAD, "Where  the hotlines stand.").status_code == 302
    assert "Where  the hotlines stand." in client.get("/en/register/").content.decode()
    assert "Back to the default" in words_of(guide_editor.get(address(LEAD)))
    assert send(guide_editor, LEAD, "{not} valid", seen=1, act="reset").status_code == 302
    assert "is visited and judged against the same" in client.get("/en/register/").content.decode()
    page = words_of(guide_editor.get(address(LEAD)))
    assert "back to the default" in page
    assert "Back to the default" not in page


def test_what_is_refused_is_said_at_its_field_and_what_was_typed_stays(guide_editor: Client):
    answer = send(guide_editor, SUBJECT, "News of {hotlin}")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "form_0": ["There is no placeholder {hotlin} here. Take it out, or write one of those listed below."]
    }
    assert "News of {hotlin}" in answer.content.decode()
    assert not TextVersion.objects.exists()


def test_a_dead_link_is_refused(guide_editor: Client):
    LinkCheck.objects.create(
        address="https://gone.example.org/", asked_at="2026-01-01T00:00Z", outcome=LinkCheck.Outcome.GONE
    )
    assert send(guide_editor, LEAD, "See https://gone.example.org/ for more.").status_code == 422
    assert send(guide_editor, LEAD, "See https://other.example.org/ for more.").status_code == 302


def test_of_two_people_at_once_the_later_one_sees_both_texts(guide_editor: Client, sign_in: Callable[..., Client]):
    other = sign_in(Client(), person(Role.MCE_COORDINATOR))
    send(guide_editor, LEAD, "The first words.")
    late = send(other, LEAD, "The second words.")
    assert late.status_code == 409
    page = words_of(late)
    assert "Somebody else wrote this text in between" in page
    assert "The second words." in page
    assert written(LEAD) == ("The first words.",)
    assert "set aside" in words_of(other.get(address(LEAD)))
    assert late.context["form"]["seen"].value() == "1"
    assert send(other, LEAD, "The second words.", seen=1).status_code == 302
    assert written(LEAD) == ("The second words.",)


def test_a_translation_that_is_out_of_date_shows_what_changed(guide_editor: Client):
    send(guide_editor, SUBJECT, "News of {hotline}")
    send(guide_editor, SUBJECT, "Nouvelles de {hotline}", language="fr")
    send(guide_editor, SUBJECT, "Great news of {hotline}", seen=1)
    page = guide_editor.get(address(SUBJECT, "fr"))
    assert "Out of date: the text it was written from has changed" in words_of(page)
    assert "<ins>" in str(page.context["changed"])
    assert "Great" in str(page.context["changed"])
    send(guide_editor, SUBJECT, "Nouvelles de {hotline}", language="fr", seen=1)
    assert "changed" not in guide_editor.get(address(SUBJECT, "fr")).context


def test_each_form_of_a_counted_text_is_written(guide_editor: Client):
    page = guide_editor.get(address(COUNTED, "pl"))
    names = [name for name in page.context["form"].fields if name.startswith("form_")]
    assert page.context["form"].fields["form_0"].label == "For 1"
    forms = [f"{place}: {{number}}" for place in range(len(names))]
    assert send(guide_editor, COUNTED, *forms, language="pl").status_code == 302
    assert str(read_text(COUNTED, "pl", number=22)) == "1: 22"


def test_the_order_of_the_report_is_chosen_by_places(guide_editor: Client):
    def order(**places: int) -> Any:
        return guide_editor.post(
            address("report.parts"), {"seen": 0, **{f"place_{code}": place for code, place in places.items()}}
        )

    twice = order(domains=1, recommendations=1, appendix=3)
    assert (twice.status_code, list(twice.context["form"].errors)) == (422, ["place_recommendations"])
    assert order(domains=2, recommendations=1, appendix=3).status_code == 302
    assert written("report.parts") == ("recommendations\ndomains\nappendix",)


def test_a_formatted_text_keeps_only_what_the_editor_knows(guide_editor: Client, client: Client):
    blocks = [
        {
            "key": "a", "text": "Read the Guide <b>", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],
            "entityRanges": [{"offset": 9, "length": 5, "key": 0}],
        }
    ]  # fmt: skip
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "https://alive.example.org/"}}
    script = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}
    for entity in (link, script):
        content = json.dumps({"blocks": blocks, "entityMap": {"0": entity}})
        send(guide_editor, "accreditation.body", content, seen=0 if entity is link else 1)
        if entity is link:
            assert 'Read the <a href="https://alive.example.org/">' in written("accreditation.body")[0]
    page = client.get("/en/accreditation/").content.decode()
    assert "Read the Guide" in page
    assert "&lt;b&gt;" in page
    assert "javascript:" not in page


def test_the_source_of_a_formatted_text_leads_where_its_links_lead(guide_editor: Client):
    home = Page.objects.filter(depth=2).first()
    link = f'<p>To the <a id="{home.pk}" linktype="page">front page</a>.</p>'
    save_text(text_of("accreditation.body"), "en", [link], seen=0, by=new(User).get())
    page = words_of(guide_editor.get(address("accreditation.body", "pl")))
    assert f'<a href="{home.url}">front page</a>' in page


def test_a_text_that_fits_no_more_is_shown_to_be_written_anew(guide_editor: Client):
    by = new(User).get(memberships__role=Role.GUIDE_EDITOR)
    TextVersion.objects.create(key=SUBJECT, language="en", number=1, forms=["{hotline} {gone}"], by=by)
    answer = guide_editor.get(address(SUBJECT))
    assert answer.status_code == 200
    assert "{hotline} {gone}" in words_of(answer)
    assert send(guide_editor, SUBJECT, "{hotline} {gone}", seen=1).status_code == 422
    assert send(guide_editor, SUBJECT, "News of {hotline}", seen=1).status_code == 302


# --- The preview -----------------------------------------------------------------------------------------------------


def test_the_preview_shows_what_is_typed_with_examples_and_saves_nothing(guide_editor: Client):
    def preview(key: str, *forms: str, language: str = "en") -> str:
        values = {f"form_{place}": form for place, form in enumerate(forms)}
        return words_of(guide_editor.post(address(key, language, "texts_preview"), {"seen": 0, **values}))

    assert "News of Portugal &lt;b&gt;" in preview(SUBJECT, "News of {hotline} <b>")
    body = "{hotline}, {round}\n\n{note}\n\n{page}"
    assert "Dear Anna Nowak, Portugal, 2027" in preview("letters.submit.body", body)
    assert "31 mars 2027" in preview("outcomes.suspended", "Depuis le {date}", language="fr")
    assert "The placeholder {hotline} is missing." in preview(SUBJECT, "News")
    assert not TextVersion.objects.exists()


@pytest.mark.parametrize("language", ["en", "pl"])
def test_every_text_has_a_page(guide_editor: Client, language: str):
    for key in ("home.guide", "letters.decide.body", "report.proof", COUNTED, "accreditation.body", "letters.greeting"):
        assert guide_editor.get(address(key, language)).status_code == 200
    assert guide_editor.get(address("report.appendix_parts")).status_code == 200


# --- Files for translators ---------------------------------------------------------------------------------------------


def upload(client: Client, content: bytes) -> Any:
    return client.post(reverse("texts"), {"file": SimpleUploadedFile("fr.po", content)})


def exported(client: Client, language: str = "fr") -> polib.POFile:
    return polib.pofile(client.get(reverse("texts_file_po", args=[language])).content.decode())


def test_a_file_that_comes_back_unchanged_changes_nothing(guide_editor: Client):
    send(guide_editor, SUBJECT, "News of {hotline}")
    for ending in ("po", "xlf"):
        content = guide_editor.get(reverse(f"texts_file_{ending}", args=["pl"])).content
        assert upload(guide_editor, content).status_code == 302
    assert TextVersion.objects.count() == 1


def test_what_a_translator_writes_is_published(guide_editor: Client):
    send(guide_editor, SUBJECT, "News of {hotline}")
    file = exported(guide_editor)
    entry = next(entry for entry in file if entry.msgctxt == SUBJECT)
    assert (entry.msgid, entry.msgstr) == ("News of {hotline}", "")
    entry.msgstr = "Nouvelles de {hotline}"
    assert upload(guide_editor, str(file).encode()).status_code == 302
    assert str(read_text(SUBJECT, "fr", hotline="Eesti")) == "Nouvelles de Eesti"
    assert TextVersion.objects.count() == 2


def test_what_is_out_of_date_is_fuzzy_and_stays_so_until_somebody_looks(guide_editor: Client):
    send(guide_editor, SUBJECT, "News of {hotline}")
    send(guide_editor, SUBJECT, "Nouvelles de {hotline}", language="fr")
    send(guide_editor, SUBJECT, "Great news of {hotline}", seen=1)
    file = exported(guide_editor)
    entry = next(entry for entry in file if entry.msgctxt == SUBJECT)
    assert entry.fuzzy
    upload(guide_editor, str(file).encode())
    assert edited_texts().version(SUBJECT, "fr").against == ("News of {hotline}",)
    entry.flags.remove("fuzzy")
    upload(guide_editor, str(file).encode())
    assert edited_texts().version(SUBJECT, "fr").against == ("Great news of {hotline}",)


def test_a_language_without_an_interface_has_no_translations_to_begin_with(settings: Any):
    settings.LANGUAGES = [*settings.LANGUAGES, ("el", "Greek")]
    optional = next(text for text in declared_texts() if not text.default_in("en"))
    assert state_of(text_of(SUBJECT), "el", edited_texts()) is State.MISSING
    assert state_of(optional, "el", edited_texts()) is State.DEFAULT
    assert state_of(text_of(SUBJECT), "fr", edited_texts()) is State.DEFAULT
    assert [entry.msgid for entry in polib.pofile(write_file("el", "po")) if entry.msgstr] == []
    save_text(text_of(SUBJECT), "el", ["Νέα: {hotline}"], seen=0, by=person(Role.GUIDE_EDITOR))
    assert state_of(text_of(SUBJECT), "el", edited_texts()) is State.EDITED


def test_the_preview_of_a_language_without_an_interface_has_the_dates_of_its_readers(settings: Any):
    settings.LANGUAGES = [*settings.LANGUAGES, ("el", "Greek")]
    text = next(text for text in declared_texts() if any(isinstance(text.examples.get(n), date) for n in text.names))
    name = next(name for name in text.names if isinstance(text.examples[name], date))
    with translation.override("en"):
        shown = text.values()[name]
    assert shown in show_preview(text, "el", [f"{{{name}}}"])


def test_a_file_brings_no_markup_that_the_editor_cannot_write(guide_editor: Client):
    file = exported(guide_editor, "pl")
    entry = next(entry for entry in file if entry.msgctxt == "accreditation.body")
    entry.msgstr = '<ol><li>x</li></ol></main><meta http-equiv="refresh" content="0;url=https://evil.example/">'
    assert upload(guide_editor, str(file).encode()).status_code == 302
    assert written("accreditation.body", "pl") == ("<ol><li>x</li></ol>",)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://host/a"])
def test_a_file_with_a_link_to_no_page_is_refused_with_its_line(guide_editor: Client, link: str):
    file = exported(guide_editor, "pl")
    entry = next(entry for entry in file if entry.msgctxt == "accreditation.body")
    entry.msgstr = f'<p><a href="{link}">x</a> <a href="https://example.org">y</a></p>'
    answer = upload(guide_editor, str(file).encode())
    assert answer.status_code == 422
    (problem,) = answer.context["form"].problems
    assert "Line " in problem
    assert f"The link to {link} leads neither to a web page nor to an e-mail or a telephone." in problem
    assert not TextVersion.objects.exists()


def test_a_file_whose_markup_is_nested_without_end_is_refused(guide_editor: Client):
    file = exported(guide_editor, "pl")
    entry = next(entry for entry in file if entry.msgctxt == "accreditation.body")
    entry.msgstr = "<ul><li>" * 2000
    answer = upload(guide_editor, str(file).encode())
    assert answer.status_code == 422
    assert "nested too deep" in str(answer.context["form"].errors)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://example.org/a", "//h/a"]
)
def test_the_editor_refuses_a_link_to_no_page_where_it_is_typed(guide_editor: Client, link: str):
    address = reverse("wagtailadmin_choose_page_external_link")
    answer = guide_editor.post(address, {"external-link-chooser-url": link, "external-link-chooser-link_text": "x"})
    assert b"external-link-chooser-url-errors" in answer.content or b"error-message" in answer.content
    good = {"external-link-chooser-url": "https://example.org/", "external-link-chooser-link_text": "x"}
    assert b"error-message" not in guide_editor.post(address, good).content


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "jav\tascript:alert(1)", "file:///a", "data:text/html,x", "ftp://h/a"]
)
def test_a_forged_link_leaves_its_words_alone(guide_editor: Client, link: str):
    block = {"key": "a", "text": "words", "type": "unstyled", "depth": 0, "inlineStyleRanges": []}
    content = {
        "blocks": [block | {"entityRanges": [{"key": 0, "offset": 0, "length": 5}]}],
        "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": link}}},
    }
    guide_editor.post(address("accreditation.body"), {"form_0": json.dumps(content), "seen": 0})
    saved = TextVersion.objects.filter(key="accreditation.body").first()
    assert saved is None or "href" not in "".join(saved.forms)


def test_a_file_with_something_wrong_changes_nothing(guide_editor: Client):
    file = exported(guide_editor)
    first, second = (next(entry for entry in file if entry.msgctxt == key) for key in (LEAD, SUBJECT))
    first.msgstr, second.msgstr = "Autre chose.", "Nouvelles"
    file.append(polib.POEntry(msgctxt="no.such", msgid="x", msgstr="y"))
    answer = upload(guide_editor, str(file).encode())
    assert answer.status_code == 422
    problems = " ".join(answer.context["form"].problems)
    assert "letters.submit.subject: The placeholder {hotline} is missing." in problems
    assert "no.such: This site has no such text." in problems
    first.msgid = "Something else"
    assert "It was translated from another text" in " ".join(
        upload(guide_editor, str(file).encode()).context["form"].problems
    )
    assert upload(guide_editor, b"\xff\xfe").status_code == 422
    assert not TextVersion.objects.exists()


# --- In a browser ------------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_an_editor_changes_a_letter_and_sees_it_while_typing(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], tolerated: list[str], width: int
):
    tolerated += ["status of 422", "status of 409"]
    user = person(Role.GUIDE_EDITOR, language="en")
    page = as_user(browser_page, user)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(reverse("texts"))
    axe(page)
    page.locator("summary", has_text="Letters: Evaluations").click()
    axe(page)
    follow(page.get_by_role("link", name="{hotline} has submitted its self-assessment", exact=True))
    axe(page)
    page.get_by_role("textbox", name="Text").fill("Fresh news of {hotline}")
    expect(page.locator("[data-shown]")).to_contain_text("Fresh news of Portugal")
    page.get_by_role("textbox", name="Text").fill("Fresh news")
    expect(page.locator("[data-shown]")).to_contain_text("The placeholder {hotline} is missing.")
    follow(page.get_by_role("button", name="Save"))
    axe(page)
    page.get_by_role("textbox", name="Text").fill("Fresh news of {hotline}")
    save_text(text_of(SUBJECT), "en", ["Other news of {hotline}"], seen=0, by=user)
    follow(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("heading", name="Somebody else wrote this text in between")).to_be_visible()
    axe(page)
    follow(page.get_by_role("button", name="Save"))
    assert written(SUBJECT) == ("Fresh news of {hotline}",)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_of_a_formatted_text_and_its_public_page_are_accessible(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None]
):
    page = as_user(browser_page, person(Role.GUIDE_EDITOR, language="en"))
    page.goto(address("accreditation.body"))
    page.locator(".public-DraftEditor-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" And then again.")
    expect(page.locator("[data-shown]")).to_contain_text("And then again.")
    axe(page, within=".text-columns section:last-child")
    follow(page.get_by_role("button", name="Save"))
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/en/accreditation/")
        axe(page)
        expect(page.locator("main")).to_contain_text("And then again.")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
