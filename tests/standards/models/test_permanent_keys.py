"""The permanent key of a page: generated, the same after every change, and unique in an edition."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Revision

from standards.drafts.edition_checks import find_contradictions
from standards.editions.files.writing import write_edition
from standards.editions.next_edition import begin_edition
from standards.editions.page_loader import load_guide, read_edition
from standards.editions.page_reader import read_tree
from standards.framework import MalformedEdition
from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage
from tests.bystander import new

pytestmark = pytest.mark.django_db


def indicator(code: str) -> IndicatorPage:
    return IndicatorPage.objects.get(code=code, locale__language_code="en")


def new_page(**fields: object) -> IndicatorPage:
    values = {**indicator("1.2.1").values, "key": "", **fields}
    return StandardPage.objects.get(code="1.2").add_child(instance=IndicatorPage(**values))


def test_the_key_of_a_page_from_files_is_its_code(loaded: EditionPage) -> None:
    for model in (DomainPage, StandardPage, IndicatorPage):
        assert {page.key == page.code for page in new(model)} == {True}


def test_a_new_page_gets_a_key_that_is_no_code(loaded: EditionPage) -> None:
    one, other = new_page(code="1.2.2"), new_page(code="1.2.3")
    assert len({one.key, other.key}) == 2
    assert all(len(page.key) == 10 and page.key != page.code for page in (one, other))
    assert indicator("1.2.2").key == one.key


def test_a_key_stays_when_the_code_changes_the_page_moves_or_an_old_revision_returns(loaded: EditionPage) -> None:
    page = indicator("1.2.1")
    earlier = page.save_revision()
    page.code = "1.1.9"
    page.save_revision().publish()
    page.move(StandardPage.objects.get(code="1.1"), pos="last-child")
    IndicatorPage.objects.filter(pk=page.pk).update(key="kept")
    Revision.objects.get(pk=earlier.pk).as_object().save_revision().publish()
    assert IndicatorPage.objects.get(pk=page.pk).key == "kept"
    assert read_tree(loaded).framework.by_key["kept"].code == "1.2.1"


def test_a_draft_has_the_key_of_its_page(loaded: EditionPage) -> None:
    page = indicator("1.2.1")
    page.guidance = "In other words."
    page.save_revision()
    IndicatorPage.objects.filter(pk=page.pk).update(key="kept")
    assert read_tree(loaded).places["indicator/1.2.1"].key == "kept"


def test_a_copied_page_gets_a_key_of_its_own(loaded: EditionPage) -> None:
    page = indicator("1.2.1")
    page.save_revision()
    copied = page.copy(copy_revisions=True, update_attrs={"slug": "copied"})
    assert copied.key not in ("", page.key)
    assert copied.get_latest_revision_as_object().key == copied.key
    assert IndicatorPage.objects.get(pk=copied.pk).key == copied.key


@pytest.mark.everywhere
def test_a_copied_standard_gives_each_page_below_it_a_key_of_its_own(loaded: EditionPage) -> None:
    standard = StandardPage.objects.get(code="1.1", locale__language_code="en")
    standard.copy(recursive=True, update_attrs={"slug": "copied"})
    keys = [page.key for model in (StandardPage, IndicatorPage) for page in model.objects.descendant_of(loaded)]
    assert len(keys) == len(set(keys))


def test_a_translation_has_the_key_of_its_source(loaded: EditionPage) -> None:
    page = new_page(code="1.2.2")
    locale, _is_new = Locale.objects.get_or_create(language_code="it")
    translated = page.copy_for_translation(locale, copy_parents=True)
    assert translated.key == page.key


def test_the_next_edition_has_the_same_keys(loaded: EditionPage) -> None:
    new_page(code="1.2.2")
    begun = begin_edition(loaded, code="2031", title="Next")
    former, present = (read_tree(page).framework for page in (loaded, begun))
    assert [i.permanent_key for i in present.indicators.values()] == [
        i.permanent_key for i in former.indicators.values()
    ]
    assert present.indicators["1.2.2"].key


def test_files_have_a_key_that_is_not_the_code(loaded: EditionPage, tmp_path: Path) -> None:
    page = new_page(code="1.2.2")
    text = read_tree(loaded).text
    folder = tmp_path / "edition"
    write_edition(text, folder)
    assert [line for line in (folder / "domains/D01.toml").read_text().splitlines() if line.startswith("key")] == [
        f'key = "{page.key}"'
    ]
    read = read_edition(folder)
    assert read == text


def test_files_change_the_code_of_a_page_and_keep_it(
    loaded: EditionPage, folder: Path, rewrite: Callable[[str, str, str], None]
) -> None:
    page = indicator("1.2.1")
    rewrite("domains/D01.toml", 'code = "1.2.1"', 'code = "1.2.7"\nkey = "1.2.1"')
    found = load_guide(folder)
    assert (found.made, found.removed, found.changed) == (0, 0, 1)
    assert (indicator("1.2.7").pk, indicator("1.2.7").key) == (page.pk, "1.2.1")
    assert load_guide(folder).changed == 0


def test_files_give_a_page_another_key(
    loaded: EditionPage, folder: Path, rewrite: Callable[[str, str, str], None]
) -> None:
    pk = indicator("1.2.1").pk
    rewrite("domains/D01.toml", 'code = "1.2.1"', 'code = "1.2.1"\nkey = "night"')
    load_guide(folder)
    assert (indicator("1.2.1").pk, indicator("1.2.1").key) == (pk, "night")
    assert load_guide(folder).changed == 0


def test_the_same_key_twice_is_told_with_its_place_and_its_cure(
    loaded: EditionPage, folder: Path, rewrite: Callable[[str, str, str], None]
) -> None:
    rewrite("domains/D01.toml", 'code = "1.2.1"', 'code = "1.2.1"\nkey = "1.1.1"')
    with pytest.raises(MalformedEdition) as refused:
        load_guide(folder)
    assert refused.value.problems == [
        "domains/D01.toml, indicator 1.2.1, key: 1.2.1 has the permanent key “1.1.1”, which is that of 1.1.1 already. "
        "Add 1.2.1 as a new page, or give it another key or none in the files."
    ]


def test_two_parts_may_exchange_their_codes(loaded: EditionPage) -> None:
    framework = read_tree(loaded).framework
    first = framework.domains[0]
    swapped = replace(first.standards[0], key="1.2"), replace(first.standards[1], key="1.1")
    swapped_framework = replace(framework, domains=(replace(first, standards=swapped), *framework.domains[1:]))
    assert list(find_contradictions(swapped_framework)) == []


def test_a_malformed_key_is_told(loaded: EditionPage, folder: Path, rewrite: Callable[[str, str, str], None]) -> None:
    rewrite("domains/D01.toml", 'code = "1.2.1"', 'code = "1.2.1"\nkey = "by night"')
    with pytest.raises(MalformedEdition) as refused:
        load_guide(folder)
    assert "The permanent key “by night” may have at most 32 letters" in refused.value.problems[0]


def test_an_editor_sees_the_key_and_cannot_write_it(editor: Client, loaded: EditionPage) -> None:
    page = indicator("1.2.1")
    IndicatorPage.objects.filter(pk=page.pk).update(key="nights")
    shown = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "nights" in shown
    assert "Permanent key" in shown
    assert 'name="key"' not in shown
