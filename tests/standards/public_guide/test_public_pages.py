"""The public Guide: complete, in each language, from the frozen rows once released, with constant query counts."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.operations import translate_object

from evaluation.models import Role
from reports.models import GuidePrinting
from standards.editions.languages.reviews import mark_reviewed, read_language
from standards.editions.next_edition import begin_edition
from standards.editions.page_loader import load_guide
from standards.editions.page_reader import read_tree
from standards.editions.release import find_edition_page, publish_wording, release
from standards.models import (
    DomainPage,
    Edition,
    EditionPage,
    GuideObligation,
    GuidePage,
    IndicatorPage,
    StandardPage,
)
from tests.factories import person
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


def preview(editor: Client, page: Any) -> str:
    """Return a page of a draft as its editors see it."""
    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.specific.pk]))
    assert response.status_code == 200
    return re.sub(r"[ \n]+", " ", response.content.decode())


# --- Drafts are not public ------------------------------------------------------------------------------------------


def test_a_draft_is_not_public(client: Client, loaded: EditionPage) -> None:
    assert "/en/guide/small/" not in read(client, "")
    for address in ADDRESSES[1:]:
        assert client.get(f"/en/guide/{address}").status_code == 404
    for page in loaded.get_descendants(inclusive=True).specific():
        assert page.live
        assert page.get_url() is None


def test_a_draft_is_not_public_at_any_other_address(client: Client, loaded: EditionPage) -> None:
    guide = loaded.get_parent()
    guide.slug = "manual"
    guide.save()
    assert client.get("/en/manual/").url == "/en/guide/"
    for address in ("small/", "small/d1/", "small/d1/1-1/"):
        assert client.get(f"/en/manual/{address}").status_code == 404
    release(EditionPage.objects.get(pk=loaded.pk))
    for address in ("small/", "small/d1/", "small/d1/1-1/"):
        assert client.get(f"/en/manual/{address}").url.endswith(f"/en/guide/{address}")


def test_an_editor_sees_a_draft_that_says_that_it_is_one_and_a_sample(editor: Client, loaded: EditionPage) -> None:
    for page in loaded.get_descendants(inclusive=True):
        shown = preview(editor, page)
        assert "This edition is a draft." in shown
        assert "This text is invented." in shown
        assert "Edition small, draft" in shown
        assert 'href="/en/guide/small' not in shown


def test_an_editor_sees_the_page_of_the_guide_with_its_editions(editor: Client, released: Edition) -> None:
    shown = preview(editor, GuidePage.objects.get(locale__language_code="en"))
    assert "A small edition" in shown
    assert "Hotlines" not in shown.partition("<main")[2].partition("</main>")[0]  # the period is not read there


def test_an_editor_sees_the_whole_draft_on_one_page(editor: Client, loaded: EditionPage) -> None:
    request = RequestFactory().get("/")
    shown = loaded.make_preview_request(request, "whole").render().content.decode()
    assert 'id="i1.2.1"' in shown


# --- Released editions ----------------------------------------------------------------------------------------------


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
    sentences = re.findall(r"<dd[^>]*>([^<]*)</dd>", page)
    assert sentences == ["at least 90\xa0%", "at least 80\xa0%", "at least 60\xa0%", "everything else"]
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
    IndicatorPage.objects.filter(code="1.2.1").update(wording="Open at noon")
    StandardPage.objects.filter(code="1.2").update(title="Noon")
    page = read(client, "small/d1/1-2/")
    assert "Open day and night" in page
    assert "Noon" not in page


@pytest.mark.parametrize(
    "address", ["2031/", "small/d9/", "small/d1/1-9/", "small/d2/1-1/", "small/d1/1.1/", "SMALL/", "small/d1/1-1/x/"]
)
def test_what_is_in_no_released_edition_is_not_found(client: Client, released: Edition, address: str) -> None:
    assert client.get(f"/en/guide/{address}").status_code == 404


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_language_that_is_not_published_shows_the_source_and_marks_it(
    client: Client, released: Edition, address: str, language: str
) -> None:
    page = read(client, address, language)
    assert f'<html lang="{language}"' in page
    assert re.search(r'<span lang="en">', page)
    assert f'href="/{language}/guide/small/' in page
    assert f'hreflang="en" href="/en/guide/{address}"' in page or f'href="/en/guide/{address}"' in page


# --- Independence from drafts ---------------------------------------------------------------------------------------


def everything_public(client: Client, *languages: str) -> dict[str, str]:
    """Return all public pages of a released edition, in these languages, or in every one if none is given."""
    languages = languages or tuple(code for code, _name in settings.LANGUAGES)
    addresses = [(language, address) for language in languages for address in ADDRESSES[1:]]
    return {f"{language}/{address}": _main(read(client, address, language)) for language, address in addresses}


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_no_work_on_a_draft_changes_what_is_released(
    client: Client, editor: Client, released: Edition, loaded: EditionPage, django_capture_on_commit_callbacks: Any
) -> None:
    """The next edition is begun, translated, edited, moved, unpublished and deleted; the released one is unchanged."""
    reader = Client()
    before = everything_public(reader)
    assert len(set(before.values())) == len(before)
    in_two_languages = {place: page for place, page in before.items() if place.startswith(("en/", "fr/"))}

    begun = begin_edition(loaded, code="next", title="Next")
    assert everything_public(reader, "en", "fr") == in_two_languages
    french = Locale.objects.get(language_code="fr")
    with django_capture_on_commit_callbacks(execute=True):
        GuidePage.objects.get().get_parent().copy_for_translation(french)
        for page in (GuidePage.objects.get(), begun):
            translate_object(page, [french])
    assert everything_public(reader, "en", "fr") == in_two_languages
    standard = StandardPage.objects.child_of(DomainPage.objects.child_of(begun).first()).first()
    standard.title = "Changed"
    standard.save_revision().publish()
    assert everything_public(reader, "en", "fr") == in_two_languages
    standard.move(DomainPage.objects.child_of(begun).last(), pos="last-child")
    assert everything_public(reader, "en", "fr") == in_two_languages
    for page in [*EditionPage.objects.all(), GuidePage.objects.get(locale__language_code="en")]:
        page.unpublish()
    assert everything_public(reader, "en", "fr") == in_two_languages
    EditionPage.objects.get(pk=begun.pk).delete()
    assert everything_public(reader, "en", "fr") == in_two_languages
    GuidePage.objects.filter(locale__language_code="fr").first().delete()
    assert everything_public(reader, "en", "fr") == in_two_languages
    GuidePage.objects.get().delete()
    assert everything_public(reader) == before
    assert "A small edition" in read(reader, "")


def test_a_released_edition_is_listed_whatever_the_page_of_the_guide_is(
    client: Client, released: Edition, french: EditionPage
) -> None:
    GuidePage.objects.filter(locale__language_code="fr").update(title="Le guide")
    assert "<h1>Le guide" in read(client, "", "fr")
    assert '<h1><span lang="en">Practical Guide' in read(client, "", "pl")
    GuidePage.objects.update(live=False)
    assert "A small edition" in read(client, "", "fr")


def test_the_address_of_a_released_page_leads_to_its_readers(released: Edition, french: EditionPage) -> None:
    for language in ("en", "fr"):
        page = StandardPage.objects.get(code="1.2", locale__language_code=language)
        assert page.get_url().endswith(f"/{language}/guide/small/d1/1-2/")


def test_the_addresses_of_a_release_are_the_same_whatever_its_pages_are_called_and_wherever_they_stand(
    client: Client, released: Edition, french: EditionPage
) -> None:
    before = {address: read(client, address) for address in ADDRESSES}
    guide = GuidePage.objects.get(locale__language_code="en")
    shelf = guide.get_parent().add_child(instance=GuidePage(title="Shelf", slug="shelf", live=False))
    for number, page in enumerate(guide.get_descendants(inclusive=True)):
        page.slug = f"s{number}"
        page.save()
    EditionPage.objects.get(locale__language_code="en").move(shelf, pos="last-child")
    standard = StandardPage.objects.get(code="1.2", locale__language_code="en")
    assert standard.get_url().endswith("/en/guide/small/d1/1-2/")
    assert "/shelf/" in standard.url_path
    assert {address: read(client, address) for address in ADDRESSES} == before


# --- Languages ------------------------------------------------------------------------------------------------------


def test_a_published_language_is_shown_in_that_language(client: Client, released: Edition, french: EditionPage) -> None:
    translate_all(french)
    publish_wording(released, "fr")
    page = read(client, "small/d1/1-2/", "fr")
    assert "fr: Open day and night" in page
    assert 'lang="en">' not in page.partition("<main")[2].partition("</main>")[0]


def test_a_draft_translation_marks_what_is_still_in_the_source(editor: Client, french: EditionPage) -> None:
    standard = StandardPage.objects.get(code="1.2", locale__language_code="fr")
    standard.title = "Heures"
    standard.save_revision()
    page = preview(editor, standard)
    assert re.search(r"<h1>1\.2 Heures ?</h1>", page)
    assert '<span lang="en">Open day and night</span>' in page


def test_an_edition_that_uses_everything_tells_everything(client: Client, db: None) -> None:
    release(load_guide(EDITIONS / "everything").page)
    page = read(client, "everything/")
    for text in (
        '1 Full</span></span><span class="num soft">6 points</span>',
        "The best level is 1 (Full), the worst is 4 (None).",
        '<span class="tag essential">Must</span>Level 1 (Full) or better is asked for. It applies to every hotline.',
        '<span class="tag developmental">May</span>No level is asked for.',
        "A standard is the sum of the points of its indicators, of those that could be had.",
        "A standard passes if all of this is so",
        "What the outcome “Silver” asks for holds as well.",
        "1.1.1, 2.1.1: No indicator is below level 1 (Full) or missing.",
        "At least 5 members of the panel vote.",
    ):
        assert text in page
    assert re.findall(r'<span class="outcome (\w+)', page) == [
        *("deferred", "accredited", "conditional", "refused"),
        *("accredited", "refused"),  # those of the further result
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


def test_a_draft_without_a_rule_can_be_read(editor: Client, loaded: EditionPage) -> None:
    for related in (loaded.obligations, loaded.outcomes):
        related.all().delete()
    loaded.save_revision()
    GuideObligation.objects.all().delete()
    assert "How an outcome is proposed" in preview(editor, loaded)
    standard = StandardPage.objects.get(code="1.2")
    assert '<span class="tag developmental">essential</span>' in preview(editor, standard)


def test_the_words_of_the_edition_in_a_sentence_are_marked_and_escaped(editor: Client, french: EditionPage) -> None:
    english = EditionPage.objects.get(locale__language_code="en")
    call(english, "<b>Must</b>")
    assert "of the class “&lt;b&gt;Must&lt;/b&gt;” is missing." in preview(editor, english)
    call(french, "Indispensable")
    call(english, "Essential")
    page = preview(editor, french)
    assert re.search(r"«\s?Indispensable\s?»[^<]*<", page)
    assert re.search(r'2 \(<span lang="en">Mostly there</span>\)|<span lang="en">2 \(Mostly there\)', page)


def call(page: EditionPage, name: str) -> None:
    """Give the first obligation another name, as a draft."""
    page = page.get_latest_revision_as_object()
    obligations = list(page.obligations.all())
    obligations[0].name = name
    page.obligations = obligations
    page.save_revision(clean=False)


def test_the_queries_do_not_grow_with_the_guide(client: Client, folder: Path) -> None:
    for edition in (folder, SAMPLE):
        release(load_guide(edition).page)
    for address in ("", "whole/", "d1/", "d1/1-1/"):
        assert count_queries(client, f"2026/{address}") == count_queries(client, f"small/{address}")


SEARCHES = ["small/search/?q=open", "small/search/", "small/search/?q=xyzzy", f"small/search/?q={'x' * 300}"]


@pytest.mark.once
def test_the_pages_are_accessible_and_fit_a_phone(
    browser_page: Any, axe: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, tolerated: list[str]
) -> None:
    tolerated.append("status of 422")
    release(load_guide(folder).page)
    monkeypatch.setattr("reports.guide.print_guide", SimpleNamespace(module_path="", enqueue=lambda _printing: None))
    for width in (1280, 320):
        browser_page.set_viewport_size({"width": width, "height": 900})
        for address in [*ADDRESSES, *SEARCHES, "small/pdf/"]:
            browser_page.goto(f"/en/guide/{address}")
            axe(browser_page, only_appearance=width == 320)
            assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
    GuidePrinting.objects.update(state="failed")
    browser_page.goto("/en/guide/small/pdf/")
    browser_page.get_by_text("The PDF could not be printed.").wait_for()
    axe(browser_page)


# --- A translation without a review ----------------------------------------------------------------------------------


def test_a_translation_says_that_it_is_a_draft_until_all_of_it_is_reviewed(
    client: Client, released: Edition, french: EditionPage
) -> None:
    translate_all(french)
    publish_wording(released, "fr")
    draft = "n’a pas encore été relu par une personne de langue maternelle"
    assert [draft in read(client, address, "fr") for address in ADDRESSES] == [False, True, True, True, True]
    assert draft not in read(client, "small/", "it")  # shown in English, which needs no review
    language = read_language(read_tree(find_edition_page(released.code)), "fr")
    assert language is not None
    mark_reviewed(language, language.passages, person(Role.GUIDE_EDITOR))
    assert draft not in read(client, "small/", "fr")
