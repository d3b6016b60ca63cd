"""The overview of an edition for editors: parts in order, problems at their places, each language by indicator."""

from typing import Any

import pytest
from wagtail.models import Locale

from standards.drafts.fields import write_texts
from standards.editions.languages.progress import TextState
from standards.editions.overview import EditionOverview, PartOverview, read_overview
from standards.editions.page_loader import load_guide
from standards.editions.page_reader import read_tree
from standards.editions.release import find_edition_page, publish_wording
from standards.models import DomainPage, Edition, EditionPage, IndicatorPage, StandardPage
from tests.standards.conftest import EDITIONS, translate_all

pytestmark = pytest.mark.django_db


def parts_of(overview: EditionOverview) -> dict[str, PartOverview]:
    """Return every part by its place."""
    standards = [standard for domain in overview.domains for standard in domain.parts]
    indicators = [indicator for standard in standards for indicator in standard.parts]
    return {part.where: part for part in (*overview.domains, *standards, *indicators)}


def in_french(part: Any) -> tuple[int, int, int]:
    [progress] = [progress for progress in part.languages if progress.code == "fr"]
    return progress.done, progress.total, progress.stale


def test_parts_stand_in_the_order_of_the_guide_with_their_pages(loaded: EditionPage) -> None:
    overview = read_overview(loaded)
    codes = [(domain.code, [standard.code for standard in domain.parts]) for domain in overview.domains]
    assert codes == [
        (domain.code, [standard.code for standard in StandardPage.objects.child_of(domain).order_by("path")])
        for domain in DomainPage.objects.descendant_of(loaded).order_by("path")
    ]
    assert overview.indicators == IndicatorPage.objects.count()
    part = parts_of(overview)["indicator/1.2.1"]
    assert part.title == IndicatorPage.objects.get(code="1.2.1").wording
    assert part.page == IndicatorPage.objects.get(code="1.2.1")


def test_an_edition_that_is_ready_has_no_problem(loaded: EditionPage) -> None:
    overview = read_overview(loaded)
    assert (overview.problems_count, overview.languages) == (0, ())


def test_a_problem_stands_at_its_part_and_is_counted_above(loaded: EditionPage) -> None:
    IndicatorPage.objects.filter(code="1.2.1").update(evidence="", bands=">=90;3")
    StandardPage.objects.filter(code="1.2").update(title="")
    overview = read_overview(loaded)
    parts = parts_of(overview)
    assert [problem.words for problem in parts["standard/1.2"].problems] == ["Title: This text is missing. Write it."]
    assert len(parts["indicator/1.2.1"].problems) >= 1
    assert parts["standard/1.2"].problems_count == 1 + len(parts["indicator/1.2.1"].problems)
    assert parts["domain/D1"].problems_count == parts["standard/1.2"].problems_count
    assert overview.problems_count == parts["domain/D1"].problems_count
    assert parts["domain/D2"].problems_count == 0


def test_a_problem_of_the_edition_itself_stands_at_none_of_its_parts(loaded: EditionPage) -> None:
    EditionPage.objects.filter(pk=loaded.pk).update(is_sample=True, sample_notice="")
    overview = read_overview(EditionPage.objects.get(pk=loaded.pk))
    assert [problem.where for problem in overview.problems] == ["edition"]
    assert all(not part.problems for part in parts_of(overview).values())


def test_a_draft_that_was_saved_is_seen_and_marked(loaded: EditionPage) -> None:
    standard = StandardPage.objects.get(code="1.2")
    standard.title = "Hours of opening"
    standard.save_revision()
    part = parts_of(read_overview(loaded))["standard/1.2"]
    assert (part.title, part.is_draft) == ("Hours of opening", True)


def test_a_language_begins_with_nothing_done_and_ends_with_everything(french: EditionPage) -> None:
    """Pages that were copied for translation have all texts in the source language."""
    source = find_edition_page(french.code)
    before = read_overview(source)
    done, total, _stale = in_french(before)
    assert (done, total) == (0, len(write_texts(read_tree(source).text)))
    translate_all(french)
    after = read_overview(source)
    assert in_french(after) == (total, total, 0)
    parts = parts_of(after)
    assert (
        in_french(parts["domain/D1"])[0]
        == sum(in_french(part)[0] for where, part in parts.items() if where.startswith("standard/1.")) + 3
    )  # its own title, short title and introduction


def test_a_text_that_is_missing_in_a_language_is_counted_at_its_indicator(french: EditionPage) -> None:
    translate_all(french)
    IndicatorPage.objects.filter(locale=Locale.objects.get(language_code="fr"), code="2.1.1").update(evidence="")
    parts = parts_of(read_overview(find_edition_page(french.code)))
    done, total, _stale = in_french(parts["indicator/2.1.1"])
    assert total - done == 1
    [progress] = parts["indicator/2.1.1"].languages
    assert progress.states[TextState.MISSING] == 1
    assert in_french(parts["indicator/1.1.1"])[0] == in_french(parts["indicator/1.1.1"])[1]


def test_a_released_edition_and_a_published_wording_are_seen_the_same(released: Edition, french: EditionPage) -> None:
    translate_all(french)
    publish_wording(released, "fr")
    overview = read_overview(find_edition_page(released.code))
    assert in_french(overview)[0] == in_french(overview)[1]


def test_it_asks_no_more_for_more_indicators(loaded: EditionPage, django_assert_max_num_queries: Any) -> None:
    larger = load_guide(EDITIONS / "classes").page
    with django_assert_max_num_queries(12):
        small = read_overview(loaded).indicators
    with django_assert_max_num_queries(12):
        assert read_overview(larger).indicators > small
