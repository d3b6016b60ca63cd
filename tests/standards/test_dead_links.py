"""Addresses that lead to this site are checked at once, in files and pages; a dead one prevents a release."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.documents import get_document_model
from wagtail.models import Page

from standards.drafts.fields import write_texts
from standards.editions.files.checks import check_edition
from standards.editions.links import find_dead_addresses, find_dead_links
from standards.editions.next_edition import begin_edition
from standards.editions.page_reader import read_tree
from standards.editions.release import WordingIncomplete, prepare, prepare_wording, release
from standards.framework import MalformedEdition
from standards.models import DomainPage, Edition, EditionPage, IndicatorPage
from tests.bystander import new
from tests.standards.conftest import translate_all

pytestmark = pytest.mark.django_db

DEAD = "The address %s leads to nothing on this site. Correct it, or take it out."


def test_addresses_of_this_site_are_dead_or_alive(loaded: EditionPage) -> None:
    document = get_document_model().objects.create(title="A form", file=ContentFile(b"%PDF-1.7", "form.pdf"))
    home = Page.objects.live().filter(depth=2).first()
    alive = {
        "http://testserver/en/guide/small/d1/1-2/#i1.2.1",
        "http://TESTSERVER/en/guide/small/d1/1-2/#evidence",
        "/en/guide/small/d1/",
        "/fr/guide/small/",
        "/en/guide/small/whole/",
        "/guide/small/",
        "/en/register/",
        "/en/",
        "http://testserver",
        "/accounts/login/",
        f"/documents/{document.pk}/form.pdf",
        f"document:{document.pk}",
        f"page:{home.pk}",
    }
    dead = {
        "/en/guide/small/d9/",
        "/en/guide/small/d1/2-1/",
        "/en/guide/small/d9/1-2/",
        "/en/guide/small/d1/1-2/#i9.9.9",
        "/en/guide/none/",
        "/en/nowhere/",
        "/nowhere/",
        f"/documents/{document.pk + 1}/form.pdf",
        f"document:{document.pk + 1}",
        "page:99999",
        "page:",
        *(f"page:{'9' * digits}" for digits in (10, 20, 5000)),
        *(f"document:{'9' * digits}" for digits in (10, 20)),
        *(f"/documents/{'9' * digits}/form.pdf" for digits in (10, 20, 5000)),
        "/documents/99999999999999999999/",
    }
    framework = read_tree(loaded).framework
    with CaptureQueriesContext(connection) as captured:
        assert find_dead_addresses(alive | dead, framework) == dead
    assert len(captured) <= 6


def test_an_edition_without_addresses_asks_nothing(loaded: EditionPage) -> None:
    tree = read_tree(loaded)
    texts = write_texts(tree.text)
    with CaptureQueriesContext(connection) as captured:
        assert list(find_dead_links(texts, tree.framework)) == []
    assert len(captured) == 0


def test_a_dead_link_prevents_a_release_and_names_its_page(loaded: EditionPage) -> None:
    address = "http://testserver/en/guide/small/d1/1-9/"
    IndicatorPage.objects.filter(code="1.2.1").update(guidance=f"Look at {address}, then here.")
    with pytest.raises(MalformedEdition) as caught:
        release(loaded)
    (problem,) = caught.value.problems
    assert problem == f"“1.2.1 Open day and night”, guidance: {DEAD % address}"
    assert problem.page_id == IndicatorPage.objects.get(code="1.2.1").pk
    assert not new(Edition).exists()


def test_a_link_to_a_former_edition_and_to_another_site_prevent_nothing(loaded: EditionPage, released: Edition) -> None:
    following = begin_edition(loaded, code="next", title="The next")
    page = IndicatorPage.objects.descendant_of(following).get(code="1.2.1")
    page.guidance = "See /en/guide/small/d1/1-2/#i1.2.1 and https://nowhere.example/a."
    page.save_revision()
    prepare(following)
    page.guidance = "See /en/guide/small/d1/1-2/#i1.2.9 and /en/guide/next/d1/1-2/#i1.2.1"
    page.save_revision()
    with pytest.raises(MalformedEdition) as caught:
        prepare(following)
    assert caught.value.problems == [f"“1.2.1 Open day and night”, guidance: {DEAD % '/en/guide/small/d1/1-2/#i1.2.9'}"]


def test_a_dead_link_in_a_translation_prevents_its_publication(released: Edition, french: EditionPage) -> None:
    translate_all(french)
    page = IndicatorPage.objects.descendant_of(french).get(code="1.2.1")
    page.guidance = "fr: Voir /fr/guide/small/d7/"
    page.save_revision()
    with pytest.raises(WordingIncomplete) as caught:
        prepare_wording(released, "fr")
    assert [problem.page_id for problem in caught.value.problems] == [page.pk]
    assert DEAD % "/fr/guide/small/d7/" in caught.value.problems[0]


def test_a_dead_link_of_the_source_that_a_translation_repeats_is_not_one_of_its_own(
    loaded: EditionPage, french: EditionPage
) -> None:
    translate_all(french)
    document = get_document_model().objects.create(title="A form", file=ContentFile(b"%PDF-1.7", "form.pdf"))
    for edition in (loaded, french):
        domain = DomainPage.objects.descendant_of(edition).get(code="D2")
        domain.introduction = f"/documents/{document.pk}/form.pdf"
        domain.save_revision()
    released = release(loaded)
    document.delete()
    assert "domain/D2/introduction" not in prepare_wording(released, "fr").texts
    with pytest.raises(WordingIncomplete):
        prepare_wording(released, "fr", {"domain/D2/introduction"})


def test_a_dead_link_and_a_hard_passage_are_told_of_files(folder: Path) -> None:
    path = folder / "domains" / "D02.toml"
    hard = "Organisations operating international hotlines systematically document organisational arrangements " * 3
    text = path.read_text(encoding="utf-8").replace(
        "With somebody from outside.", f"{hard.strip()}. See /en/guide/small/d9/ and /en/guide/2020/."
    )
    path.write_text(text, encoding="utf-8")
    checked = check_edition(folder)
    assert checked.problems == (f"domains/D02.toml, indicator 2.1.1, guidance: {DEAD % '/en/guide/small/d9/'}",)
    (note,) = checked.notes
    assert note.startswith("domains/D02.toml, indicator 2.1.1, guidance: This is hard to read: a sentence has")
