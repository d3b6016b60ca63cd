"""Loading edition files into pages: all or nothing, and repeatable."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from wagtail.models import Locale, Page, Site

from standards.editions.page_loader import load_guide, read_edition
from standards.editions.page_reader import read_tree
from standards.editions.release import release
from standards.framework import MalformedEdition
from standards.models import (
    DomainPage,
    Edition,
    EditionPage,
    GuideObligation,
    GuidePage,
    IndicatorPage,
    StandardPage,
)
from tests.bystander import new

Rewrite = Callable[[str, str, str], None]
D1, D2, TITLE = "domains/D01.toml", "domains/D02.toml", "edition.toml"


@pytest.mark.everywhere
@pytest.mark.django_db
def test_the_pages_stand_live_under_the_home_page_and_every_language_has_its_row(folder: Path) -> None:
    edition = load_guide(folder).page
    home = Site.objects.get(is_default_site=True).root_page
    assert GuidePage.objects.child_of(home).get().slug == "guide"
    pages = Page.objects.descendant_of(home).filter(depth__gt=home.depth)
    assert set(pages.values_list("live", "has_unpublished_changes")) == {(True, False)}
    assert [(page.code, page.slug) for page in DomainPage.objects.descendant_of(edition).order_by("path")] == [
        ("D1", "d1"),
        ("D2", "d2"),
    ]
    assert list(StandardPage.objects.descendant_of(edition).order_by("path").values_list("code", "basis")) == [
        ("1.1", "L5, K6"),
        ("1.2", ""),
        ("2.1", ""),
    ]
    assert set(Locale.objects.values_list("language_code", flat=True)) >= {code for code, _ in settings.LANGUAGES}


@pytest.mark.everywhere
@pytest.mark.django_db
def test_every_field_of_the_files_is_on_the_pages(folder: Path) -> None:
    edition = load_guide(folder).page
    text = read_edition(folder)
    parts = [indicator for domain in text.domains for standard in domain.parts for indicator in standard.parts]
    pages = IndicatorPage.objects.descendant_of(edition)
    assert [page.values for page in pages] == [part.fields for part in parts]
    assert [(page.slug, page.title) for page in pages] == [
        ("1-1-1", "Share of calls answered"),
        ("1-1-2", "Share of calls given up"),
        ("1-2-1", "Open day and night"),
        ("2-1-1", parts[-1].fields["wording"]),
    ]
    assert {name: getattr(edition, name) for name in text.fields} == text.fields
    assert read_tree(edition).text == text


@pytest.mark.everywhere
@pytest.mark.django_db
def test_loading_again_changes_nothing(folder: Path) -> None:
    first = load_guide(folder)
    before = list(Page.objects.order_by("pk").values_list("pk", "path", "latest_revision_id"))
    again = load_guide(folder)
    assert (first.made, first.changed, first.unchanged) == (10, 0, 0)
    assert (again.made, again.changed, again.removed, again.unchanged) == (0, 0, 0, 10)
    assert list(Page.objects.order_by("pk").values_list("pk", "path", "latest_revision_id")) == before


@pytest.mark.everywhere
@pytest.mark.django_db
def test_a_changed_text_changes_its_page_and_keeps_the_identity_of_the_indicator(
    folder: Path, rewrite: Rewrite
) -> None:
    load_guide(folder)
    key = IndicatorPage.objects.get(code="1.2.1").translation_key
    rewrite(D1, "Every day of the year.", "Every day and night.")
    loaded = load_guide(folder)
    indicator = IndicatorPage.objects.get(code="1.2.1")
    assert (loaded.made, loaded.changed, loaded.unchanged) == (0, 1, 9)
    assert (indicator.guidance, indicator.translation_key) == ("Every day and night.", key)
    assert indicator.get_latest_revision_as_object().guidance == "Every day and night."


@pytest.mark.everywhere
@pytest.mark.django_db
def test_a_changed_condition_changes_the_rule(folder: Path, rewrite: Rewrite) -> None:
    load_guide(folder)
    rewrite(TITLE, "percent = 80", "percent = 85")
    edition = load_guide(folder).page
    outcome = EditionPage.objects.get(pk=edition.pk).outcomes.get(code="accredited")
    assert [c.percent for c in outcome.conditions.all()] == ["", "60", "85"]


@pytest.mark.everywhere
@pytest.mark.django_db
def test_a_changed_obligation_keeps_its_identity(folder: Path, rewrite: Rewrite) -> None:
    load_guide(folder)
    key = GuideObligation.objects.get(code="core").translation_key
    rewrite(TITLE, "weight = 2", "weight = 4")
    assert load_guide(folder).changed == 1
    assert list(GuideObligation.objects.filter(code="core").values_list("weight", "translation_key")) == [(4, key)]


@pytest.mark.everywhere
@pytest.mark.django_db
def test_what_is_gone_from_the_files_is_gone_from_the_pages(folder: Path) -> None:
    load_guide(folder)
    (folder / D2).unlink()
    loaded = load_guide(folder)
    assert (loaded.removed, list(DomainPage.objects.values_list("code", flat=True))) == (1, ["D1"])
    assert not StandardPage.objects.filter(code="2.1").exists()


@pytest.mark.everywhere
@pytest.mark.django_db
def test_the_order_of_the_files_is_the_order_of_the_pages(folder: Path, rewrite: Rewrite) -> None:
    load_guide(folder)
    text = (folder / D1).read_text(encoding="utf-8")
    start = text.index("[[standards]]")
    second = text.index("[[standards]]", start + 1)
    (folder / D1).write_text(f"{text[:start]}{text[second:]}\n{text[start:second]}", encoding="utf-8")
    edition = load_guide(folder).page
    assert list(StandardPage.objects.descendant_of(edition).order_by("path").values_list("code", flat=True)) == [
        "1.2",
        "1.1",
        "2.1",
    ]
    assert load_guide(folder).unchanged == 10


@pytest.mark.everywhere
@pytest.mark.django_db
def test_a_mistake_writes_nothing(folder: Path, rewrite: Rewrite) -> None:
    rewrite(D2, 'measure = "scale"', 'measure = "ladder"')
    before = Page.objects.count()
    output = StringIO()
    with pytest.raises(CommandError, match=r"^Nothing was written\. One thing is to be corrected\.$"):
        call_command("load_guide", str(folder), stderr=output)
    assert output.getvalue().strip() == (
        "domains/D02.toml, indicator 2.1.1, measure: “ladder” is not known here. Write one of: scale, yes_no, numeric."
    )
    assert Page.objects.count() == before


@pytest.mark.everywhere
@pytest.mark.django_db
def test_the_command_says_what_it_did(folder: Path) -> None:
    output = StringIO()
    call_command("load_guide", str(folder), stdout=output)
    assert output.getvalue() == "Edition small: 10 pages made, 0 changed, 0 removed, 0 as they were.\n"


@pytest.mark.everywhere
@pytest.mark.django_db
def test_a_released_edition_is_only_compared(folder: Path, rewrite: Rewrite) -> None:
    release(load_guide(folder).page)
    assert load_guide(folder).unchanged == 10
    rewrite(D1, "Answered by a person.", "Answered by anybody.")
    with pytest.raises(MalformedEdition) as caught:
        load_guide(folder)
    assert caught.value.problems == [
        "Edition small is released and does not change, but the files differ from it. "
        "Give the files a new code to load them as a new edition."
    ]
    assert IndicatorPage.objects.get(code="1.1.1").guidance == "Answered by a person."
    assert new(Edition).get().wordings.count() == 1


@pytest.mark.everywhere
@pytest.mark.django_db
def test_the_order_of_a_released_edition_is_compared_too(folder: Path) -> None:
    release(load_guide(folder).page)
    text = (folder / D1).read_text(encoding="utf-8")
    start = text.index("[[standards]]")
    second = text.index("[[standards]]", start + 1)
    (folder / D1).write_text(f"{text[:start]}{text[second:]}\n{text[start:second]}", encoding="utf-8")
    with pytest.raises(MalformedEdition, match=r"^Edition small is released and does not change"):
        load_guide(folder)


@pytest.mark.parametrize("again", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_each_test_finds_the_pages_as_the_files_say(folder: Path, loaded: EditionPage, again: int) -> None:
    assert load_guide(folder).unchanged == 10
    IndicatorPage.objects.all().delete()


def test_what_lies_beside_the_files_is_named_when_they_are_loaded(db: None, folder: Path) -> None:
    (folder / "notes.md").write_text("Ask the board.", encoding="utf-8")
    err = StringIO()
    call_command("load_guide", folder, stdout=StringIO(), stderr=err)
    assert err.getvalue() == "Note: notes.md lies in the folder and is not read.\n"
