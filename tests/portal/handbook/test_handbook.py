"""The handbook: its public pages, its links with the Guide's standards, its search, and who publishes it."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Locale, Revision
from wagtail_localize.models import SegmentOverride, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from evaluation.models import Hotline, Role
from portal.cms.link_checks.uses import read_links
from portal.handbook.keys import CodesField
from portal.handbook.models import CountryPage, HandbookPage, ProcedurePage, TermPage
from portal.handbook.reader import ENTRIES, Handbook, find_parts
from portal.handbook.search import find_in_handbook
from portal.handbook.term_forms import split_forms
from portal.handbook.terms import Term, TermMarker, read_terms
from portal.public.sitemap import HandbookPages
from standards.editions.next_edition import begin_edition
from standards.editions.page_loader import load_guide
from standards.editions.release import release
from standards.models import DomainPage, Edition, EditionPage, IndicatorPage, StandardPage
from standards.presentation.sentences import Passage
from standards.public_guide.search import Query
from tests.factories import HotlineFactory, person
from tests.portal.handbook.conftest import Written, publish
from tests.scenes import SMALL_EDITION

pytestmark = pytest.mark.django_db


@pytest.fixture
def released(db: None) -> Edition:
    return release(load_guide(SMALL_EDITION).page)


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


# --- Public pages ---------------------------------------------------------------------------------------------------


def test_the_front_page_leads_to_every_part(client: Client, handbook: Written) -> None:
    page = read(client, "/en/handbook/")
    assert "How hotlines work together." in page
    for address in ("procedures/a-child-across-a-border/", "glossary/", "countries/aldermark/"):
        assert f'href="/en/handbook/{address}"' in page
    assert 'href="/en/handbook/"' in read(client, "/en/register/")


def test_a_procedure_says_who_does_what_and_by_when(client: Client, handbook: Written) -> None:
    page = read(client, "/en/handbook/procedures/a-child-across-a-border/")
    assert re.search(r"Shift lead.*within one hour.*Calls the other hotline.*Duty officer", page)


def test_a_country_sheet_has_the_hotline_of_the_register(client: Client, handbook: Written) -> None:
    assert "The register has no hotline of this country." in read(client, "/en/handbook/countries/aldermark/")
    Hotline.objects.create(code="116000-XA", country="XA", recorded_name="Aldermark", languages="en, fr")
    page = read(client, "/en/handbook/countries/aldermark/")
    assert 'href="/en/register/XA/"' in page
    assert "English, French" in page


@pytest.mark.parametrize(("days", "is_overdue"), [(0, False), (365, False), (366, True)])
def test_a_country_sheet_that_was_not_checked_for_a_year_says_so(days: int, is_overdue: bool) -> None:
    sheet = CountryPage(checked_on=timezone.localdate() - timedelta(days=days))
    assert sheet.is_overdue is is_overdue


def test_readers_and_editors_are_warned_of_an_old_sheet(client: Client, handbook: Written) -> None:
    CountryPage.objects.update(checked_on=date(2020, 1, 1))
    assert "Nobody checked this page" in read(client, "/en/handbook/countries/aldermark/")
    assert "Not checked for a year" in read(client, "/en/handbook/")
    assert CountryPage.objects.get().get_admin_display_title() == "Aldermark (not checked for a year)"


def test_a_sheet_is_of_one_country_and_was_checked_in_the_past(handbook: Written) -> None:
    second = CountryPage(title="Again", country="XA", checked_on=timezone.localdate(), locale=handbook.front.locale)
    with pytest.raises(ValidationError, match="already"):
        second.clean()
    handbook.country.checked_on = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="to come"):
        handbook.country.clean()


def test_a_draft_is_not_public(client: Client, handbook: Written) -> None:
    page = TermPage(title="draft", definition="Not yet.", live=False)
    handbook.front.add_child(instance=page)
    assert client.get("/en/handbook/glossary/draft/").status_code == 404
    assert "Not yet." not in read(client, "/en/handbook/glossary/")
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/glossary/draft/" not in sitemap
    assert "/en/accreditation/" in sitemap
    assert find_in_handbook(Handbook("en"), Query.of("draft")) == []


def test_an_address_of_the_cms_leads_to_the_public_one(client: Client, handbook: Written) -> None:
    assert handbook.term.get_url() == "/en/handbook/glossary/caller/"
    assert client.get("/en/handbook/caller/").url == "/en/handbook/glossary/caller/"


# --- Languages ------------------------------------------------------------------------------------------------------


def in_french(page: Any, texts: dict[str, str]) -> Any:
    """Translate a page with wagtail-localize; other texts remain untranslated."""
    locale, _made = Locale.objects.get_or_create(language_code="fr")
    translate_object(page, [locale])
    found = Translation.objects.get(source__object_id=page.translation_key, target_locale=locale)
    for segment in found.source.stringsegment_set.select_related("string", "context"):
        if text := texts.get(segment.string.data):
            StringTranslation.objects.create(
                translation_of=segment.string, context=segment.context, locale=locale, data=text
            )
    return found


@pytest.mark.django_db(transaction=True)
def test_no_half_translated_page_goes_live(client: Client, handbook: Written) -> None:
    mce = person(Role.MCE_COORDINATOR)
    translated = in_french(handbook.term, {"caller": "appelant"})
    translated.save_target(user=mce, publish=True)
    french = TermPage.objects.get(locale__language_code="fr")
    assert (french.live, french.is_translated) == (False, False)
    in_french(
        handbook.term,
        {
            "Whoever calls the hotline.": "Qui appelle la ligne.",
            "A parent, a child or a neighbour.": "Un parent, un enfant, un voisin.",
            "callers<br/>person who calls": "appelants",
        },
    ).save_target(user=person(Role.GUIDE_EDITOR), publish=True)
    assert not TermPage.objects.get(pk=french.pk).live
    translated.save_target(user=mce, publish=True)
    page = TermPage.objects.get(pk=french.pk)
    assert (page.live, page.slug, page.belongs_to) == (True, "caller", ["1.1"])
    assert "Qui appelle la ligne." in read(client, "/fr/handbook/glossary/caller/")


@pytest.mark.django_db(transaction=True)
def test_a_translation_has_forms_of_its_own_where_the_source_has_none(handbook: Written) -> None:
    TermPage.objects.filter(pk=handbook.term.pk).update(synonyms="")
    handbook.term.refresh_from_db()
    handbook.term.save_revision().publish()
    mce = person(Role.MCE_COORDINATOR)
    texts = {
        "caller": "appelant",
        "Whoever calls the hotline.": "Qui appelle.",
        "A parent, a child or a neighbour.": "Un parent.",
    }
    translated = in_french(handbook.term, texts)
    translated.save_target(user=mce, publish=True)
    french = TermPage.objects.get(locale__language_code="fr")
    assert (french.live, french.other_forms) == (True, []), "without forms the translation is complete"
    offered = translated.source.overridablesegment_set.get(context__path="synonyms")
    assert offered.data == "–"
    SegmentOverride.objects.create(
        locale=translated.target_locale, context=offered.context, data_json=json.dumps("appelants; appelante")
    )
    translated.save_target(user=mce, publish=True)
    french.refresh_from_db()
    assert french.other_forms == ["appelants", "appelante"]
    assert TermPage.objects.get(pk=handbook.term.pk).other_forms == []
    forms = {term.language: term.forms for term in read_terms()}
    assert forms == {"en": ("caller",), "fr": ("appelant", "appelants", "appelante")}


@pytest.mark.parametrize(
    ("text", "forms"),
    [("", []), ("–", []), ("a\n b  c \n\n", ["a", "b c"]), ("a; b;", ["a", "b"]), ("a;–\r\nb", ["a", "b"])],
)
def test_forms_stand_on_lines_or_with_semicolons_between(text: str, forms: list[str]) -> None:
    assert split_forms(text) == forms


def test_a_page_without_translation_is_read_in_its_language_and_marked(client: Client, handbook: Written) -> None:
    page = read(client, "/fr/handbook/glossary/caller/")
    assert '<p class="lede" lang="en">Whoever calls the hotline.</p>' in page
    assert '<html lang="fr"' in page


def test_the_glossary_is_in_the_order_of_the_language(handbook: Written) -> None:
    for title in ("Šum", "sud", "zbor", "njuška", "nos"):
        publish(handbook.front, TermPage(title=title, definition="."))
    croatian = Handbook("hr").letters()
    assert [(letter, [str(line.title) for line in lines]) for letter, lines in croatian] == [
        ("C", ["caller"]),
        ("N", ["nos"]),
        ("Nj", ["njuška"]),
        ("S", ["sud"]),
        ("Š", ["Šum"]),
        ("Z", ["zbor"]),
    ]
    assert [letter for letter, _lines in Handbook("en").letters()] == ["C", "N", "S", "Z"]


# --- Links with the Guide -------------------------------------------------------------------------------------------


def test_a_standard_lists_its_entries_and_they_list_it(client: Client, handbook: Written, released: Edition) -> None:
    page = read(client, "/en/guide/small/d1/1-1/")
    for address in ("procedures/a-child-across-a-border/", "glossary/caller/", "countries/aldermark/"):
        assert f'<li><a href="/en/handbook/{address}">' in page
    assert "/handbook/procedures/" not in read(client, "/en/guide/small/d1/1-2/")
    assert [(one.code, one.url) for one in find_parts(["1.1.2", "1.1", "gone"], "en")] == [
        ("1.1", "/en/guide/small/d1/1-1/"),
        ("1.1.2", "/en/guide/small/d1/1-1/#i1.1.2"),
    ]
    assert 'href="/en/guide/small/d1/1-1/#i1.1.2"' in read(client, "/en/handbook/procedures/a-child-across-a-border/")


def release_with_another_code() -> None:
    """Release a next edition in which standard 1.1 has the code 1.9."""
    draft = begin_edition(EditionPage.objects.get(), code="next", title="Next")
    standard = StandardPage.objects.descendant_of(draft).get(code="1.1")
    for page in (standard, *IndicatorPage.objects.child_of(standard)):
        page.code = page.code.replace("1.1", "1.9", 1)
        page.save_revision()
    release(draft)


def test_the_links_survive_a_new_code_in_the_next_edition(client: Client, handbook: Written, released: Edition) -> None:
    release_with_another_code()
    assert [one.code for one in find_parts(["1.1"], "en")] == ["1.9"]
    assert 'href="/en/handbook/glossary/caller/"' in read(client, "/en/guide/next/d1/1-9/")


def test_an_editor_writes_codes_and_the_page_keeps_keys(handbook: Written, released: Edition) -> None:
    release_with_another_code()
    field = CodesField(required=False)
    assert field.clean("1.9, 1.9.2;1.9") == ["1.1", "1.1.2"]
    assert field.prepare_value(["1.1", "1.1.2"]) == "1.9, 1.9.2"
    assert (field.has_changed(["1.1"], "1.9"), field.has_changed(["1.1"], "1.9, 1.9.2")) == (False, True)
    with pytest.raises(ValidationError, match=r"no standard or indicator 8\.8"):
        field.clean("1.9, 8.8")


def test_a_key_that_the_newest_edition_lacks_is_kept(handbook: Written, released: Edition) -> None:
    StandardPage.objects.filter(code="1.2").update(key="former")
    field = CodesField(required=False)
    assert field.clean(field.prepare_value(["former", "1.1"])) == ["former", "1.1"]


# --- Terms in the texts of the Guide --------------------------------------------------------------------------------


TERMS = [
    Term("call", "en", ("call", "calls", "emergency call")),
    Term("rota", "en", ("rota",)),
    Term("appel", "fr", ("appel",)),
]


def test_a_term_is_marked_at_its_first_place_only() -> None:
    marker = TermMarker(TERMS)
    link = '<a class="term" href="/en/handbook/glossary/{}/">{}</a>'
    first = marker.mark(Passage("Calls & recalls: each emergency\ncall by the ROTA.", "en"))
    assert (
        first
        == f"{link.format('call', 'Calls')} &amp; recalls: each emergency\ncall by the {link.format('rota', 'ROTA')}."
    )
    assert marker.mark(Passage("A call.", "en")) == "A call."
    assert marker.marked == {"call", "rota"}


def test_the_longest_form_is_marked() -> None:
    found = TermMarker(TERMS).mark(Passage("An emergency  call.", "en"))
    assert found == 'An <a class="term" href="/en/handbook/glossary/call/">emergency  call</a>.'


def test_a_term_is_marked_in_its_own_language_only() -> None:
    with translation.override("fr"):
        marker = TermMarker(TERMS)
        assert marker.mark(Passage("Un call.", "fr")) == "Un call."
        assert marker.mark(Passage("A call.", "en")) == (
            '<span lang="en">A <a class="term" href="/fr/handbook/glossary/call/">call</a>.</span>'
        )


@pytest.mark.parametrize(
    ("language", "form", "text"),
    [
        ("tr", "\u0131srar", "Israr"),
        ("tr", "kay\u0131p çocuk", "KAYIP ÇOCUK"),
        ("tr", "İstanbul Sözleşmesi", "istanbul sözleşmesi"),
        ("en", "Istanbul Convention", "İstanbul Convention"),
        ("en", "İstanbul Convention", "ISTANBUL CONVENTION"),
        ("de", "Straße", "straße"),
    ],
)
def test_a_term_is_found_whatever_letters_regular_expressions_take_for_the_same(
    language: str, form: str, text: str
) -> None:
    marker = TermMarker([Term("x", language, (form,))])
    assert f">{text}</a>" in marker.mark(Passage(text, language))
    assert marker.marked == {"x"}


def test_turkish_words_that_differ_by_a_dot_are_two_terms() -> None:
    for first, second in (("\u0131s\u0131", "isi"), ("isi", "\u0131s\u0131")):
        marker = TermMarker([Term(first, "tr", (first,)), Term(second, "tr", (second,))])
        marker.mark(Passage("ISI", "tr"))
        assert marker.marked == {"\u0131s\u0131"}


def test_a_text_cannot_bring_markup() -> None:
    term = Term("x", "en", ("<b>x</b>",))
    assert "<b>" not in TermMarker([term]).mark(Passage('<script> "<b>x</b>"', "en"))


def test_the_public_guide_marks_terms_and_a_term_can_be_switched_off(
    client: Client, handbook: Written, released: Edition
) -> None:
    publish(handbook.front, TermPage(title="person", definition="Somebody."))
    link = '<a class="term" href="/en/handbook/glossary/person/">person</a>'
    for address in ("/en/guide/small/d1/1-1/", "/en/guide/small/whole/"):
        assert read(client, address).count(link) == 1
    TermPage.objects.filter(title="person").update(is_marked=False)
    assert 'class="term"' not in read(client, "/en/guide/small/d1/1-1/")


# --- Search, sitemap, dead links ------------------------------------------------------------------------------------


def test_the_search_says_in_which_part_a_page_stands(client: Client, handbook: Written, released: Edition) -> None:
    page = read(client, "/en/guide/small/search/?q=caller")
    assert "1 page of the handbook" in page
    assert "Handbook: Glossary" in page
    assert "<mark>caller</mark>" in page
    both = read(client, "/en/guide/small/search/?q=call")
    assert "places in this edition" in both
    assert "3 pages of the handbook" not in both
    assert "2 pages of the handbook" in both
    assert "Nothing in this edition" in read(client, "/en/guide/small/search/?q=nowhere")


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("neighbour", ["caller"]),
        ("neighbour border", []),
        ("shift hour", ["A child across a border"]),
        ("police", ["Aldermark"]),
    ],
)
def test_every_word_is_found_in_one_entry(handbook: Written, words: str, titles: list[str]) -> None:
    hits = find_in_handbook(Handbook("en"), Query.of(words))
    assert ["".join(part.text for part in hit.title.parts) for hit in hits] == titles
    assert all("<" not in part.text for hit in hits for part in hit.excerpt.parts)


def test_the_sitemap_has_the_guide_and_the_handbook_in_every_language(
    client: Client, handbook: Written, released: Edition
) -> None:
    locale, _made = Locale.objects.get_or_create(language_code="fr")
    french = handbook.term.copy_for_translation(locale, copy_parents=True)
    TermPage.objects.filter(pk=french.pk).update(live=True)
    HotlineFactory(country="XA", name="Aldermark")
    found = re.findall(r"<loc>http://[^/]+/([^<]*)</loc>", client.get("/sitemap.xml").content.decode())
    assert {"en/", "pl/", "en/register/XA/", "hr/register/XA/"} <= set(found)
    assert {"en/handbook/glossary/caller/", "pl/handbook/countries/aldermark/", "fr/guide/small/d1/1-1/"} <= set(found)
    assert len(found) == len(set(found))
    statuses = {address: client.get(f"/{address}").status_code for address in found}
    assert {address for address, status in statuses.items() if status != 200} == set()


def test_robots_are_told_of_the_sitemap(client: Client) -> None:
    response = client.get("/robots.txt")
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain")
    assert client.get(response.text.partition("Sitemap: ")[2].strip()).status_code == 200


def test_dead_links_of_the_handbook_are_found(handbook: Written, released: Edition) -> None:
    addresses = {link.address for link in read_links(EditionPage.objects.get())}
    assert {"https://example.org/how", "https://example.org/duty"} <= addresses


# --- Permissions ----------------------------------------------------------------------------------------------------


def test_editors_write_and_coordinators_publish(handbook: Written) -> None:
    for role, publishes in ((Role.GUIDE_EDITOR, False), (Role.MCE_COORDINATOR, True)):
        for page in (handbook.front, handbook.procedure, handbook.term, handbook.country):
            rights = page.permissions_for_user(person(role))
            assert (rights.can_edit(), rights.can_publish(), rights.can_unpublish()) == (True, publishes, publishes)
    assert not handbook.term.permissions_for_user(person(Role.ASSESSOR)).can_edit()


def test_an_editor_saves_a_draft_and_cannot_publish_it(sign_in: Any, handbook: Written) -> None:
    editor = sign_in(Client(), person(Role.GUIDE_EDITOR))
    address = reverse("wagtailadmin_pages:edit", args=[handbook.term.pk])
    typed = {"title": "caller", "definition": "Whoever dials.", "text": "null", "synonyms": "", "belongs_to": ""}
    assert editor.get(address).status_code == 200
    editor.post(address, {**typed, "action-publish": "1"})
    page = TermPage.objects.get(pk=handbook.term.pk)
    assert page.definition == "Whoever calls the hotline."
    assert page.get_latest_revision_as_object().definition == "Whoever dials."


def test_a_half_translated_page_is_refused_in_the_editor_of_translations(sign_in: Any, handbook: Written) -> None:
    """That editor posts `action=publish`, not `action-publish` as the editor of the source language."""
    mce = sign_in(Client(), person(Role.MCE_COORDINATOR))
    in_french(handbook.term, {"caller": "appelant"}).save_target(publish=False)
    french = TermPage.objects.get(locale__language_code="fr")
    address = reverse("wagtailadmin_pages:edit", args=[french.pk])
    assert '"canPublish": true' in mce.get(address).content.decode().replace("&quot;", '"')
    page = mce.post(address, {"action": "publish"}, follow=True)
    assert "Some texts of this page are not translated yet." in page.content.decode()
    assert "with missing translations" not in page.content.decode()
    assert not TermPage.objects.get(pk=french.pk).live


@pytest.mark.parametrize("is_deep", [False, True])
def test_a_half_translated_page_is_refused_in_a_list_of_pages(
    sign_in: Any, handbook: Written, *, is_deep: bool
) -> None:
    mce = sign_in(Client(), person(Role.MCE_COORDINATOR))
    in_french(handbook.term, {"caller": "appelant"}).save_target(publish=False)
    french = TermPage.objects.get(locale__language_code="fr")
    chosen = french.get_parent() if is_deep else french
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={chosen.pk}"
    page = mce.post(address, {"include_descendants": "on"} if is_deep else {}, follow=True).content.decode()
    assert "Some texts of this page are not translated yet." in page
    assert "published" not in "".join(re.findall(r'<li class="success".*?</li>', page, re.DOTALL))
    assert not TermPage.objects.get(pk=french.pk).live


def test_a_hidden_character_is_refused(sign_in: Any, handbook: Written) -> None:
    editor = sign_in(Client(), person(Role.GUIDE_EDITOR))
    typed = {"title": "caller", "definition": "Bell\a", "text": "null", "synonyms": "", "belongs_to": "8.8"}
    page = editor.post(reverse("wagtailadmin_pages:edit", args=[handbook.term.pk]), typed).content.decode()
    assert "U+0007" in page
    assert "no standard or indicator 8.8" in page


@pytest.mark.parametrize(
    ("who", "what"), [("Shift\u2028lead", "Calls"), ("Lead", "Calls \ud83d"), ("Lead", "Calls\x07")]
)
def test_a_hidden_character_is_refused_in_a_step(sign_in: Any, handbook: Written, who: str, what: str) -> None:
    editor = sign_in(Client(), person(Role.GUIDE_EDITOR))
    block = {"key": "a", "text": what, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    typed = {
        "title": "A",
        "summary": "s",
        "belongs_to": "",
        "contacts-count": "0",
        "steps-count": "1",
        "steps-0-deleted": "",
        "steps-0-order": "0",
        "steps-0-type": "step",
        "steps-0-id": "",
        "steps-0-value-who": who,
        "steps-0-value-by_when": "",
        "steps-0-value-what": json.dumps({"blocks": [block], "entityMap": {}}),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    before = Revision.objects.count()
    answer = editor.post(reverse("wagtailadmin_pages:edit", args=[handbook.procedure.pk]), typed)
    assert "There is a character here that cannot be seen" in answer.content.decode()
    assert Revision.objects.count() == before


def test_nothing_can_be_scheduled(handbook: Written) -> None:
    for page in (handbook.front, handbook.procedure, handbook.term, handbook.country):
        form = page.get_edit_handler().get_form_class()
        assert {"go_live_at", "expire_at"} & set(form.base_fields) == set()
        assert "comments" in form.formsets


def test_every_form_opens_and_previews(sign_in: Any, handbook: Written, released: Edition) -> None:
    editor = sign_in(Client(), person(Role.GUIDE_EDITOR))
    for page in (handbook.front, handbook.procedure, handbook.term, handbook.country):
        assert editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
        assert page.title in read(editor, reverse("wagtailadmin_pages:view_draft", args=[page.pk]))


# --- Queries --------------------------------------------------------------------------------------------------------


def test_more_entries_ask_no_more(client: Client, handbook: Written, released: Edition) -> None:
    addresses = [
        *("/en/handbook/", "/en/handbook/glossary/", "/en/handbook/glossary/caller/", "/sitemap.xml"),
        *("/en/guide/small/d1/1-1/", "/en/guide/small/search/?q=call"),
    ]

    def count() -> dict[str, int]:
        found = {}
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found[address] = len(queries)
        return found

    before = count()
    for number in range(8):
        publish(handbook.front, TermPage(title=f"call {number}", definition=".", belongs_to=["1.1"]))
        what = f'<p><a linktype="page" id="{handbook.term.pk}">A term</a></p>'
        step = {"type": "step", "value": {"who": "Lead", "what": what, "by_when": ""}}
        publish(handbook.front, ProcedurePage(title=f"Call {number}", belongs_to=["1.1"], steps=[step, step]))
    assert count() == before


def test_without_a_front_page_nothing_of_the_handbook_is_public(client: Client, handbook: Written) -> None:
    assert len(read_terms()) == 1
    handbook.front.unpublish()
    assert [page for model in ENTRIES for page in Handbook("en")[model]] == read_terms() == []
    assert client.get("/en/handbook/countries/aldermark/").status_code == 404
    assert list(HandbookPages().items()) == []


def test_there_is_one_handbook(handbook: Written) -> None:
    assert not HandbookPage.can_create_at(handbook.front.get_parent())
    assert not DomainPage.can_create_at(handbook.front)
