"""Edition files into pages: every kind of mistake named with its file, all or nothing, and again without harm."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from wagtail.models import Locale, Page, Site

from standards.framework import MalformedEdition
from standards.loading import load_guide, read_edition
from standards.models import DomainPage, Edition, EditionPage, GuideIndicator, GuidePage, StandardPage
from standards.releasing import release
from tests.standards.conftest import SAMPLE

Rewrite = Callable[[str, str, str], None]
D1, D2, TITLE = "domains/D01.toml", "domains/D02.toml", "edition.toml"


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(MalformedEdition) as caught:
        read_edition(folder)
    return caught.value.problems


# --- Reading --------------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_the_sample_has_ten_domains_38_standards_and_124_indicators() -> None:
    text = read_edition(SAMPLE)
    standards = [standard for domain in text.domains for standard in domain.parts]
    indicators = [indicator for standard in standards for indicator in standard.parts]
    essential = [indicator for indicator in indicators if indicator.fields["obligation"] == "essential"]
    assert (len(text.domains), len(standards), len(indicators), len(essential)) == (10, 38, 124, 35)
    assert [outcome.code for outcome in text.outcomes] == ["deferred", "accredited", "conditional", "not_accredited"]
    assert text.fields["is_sample"] is True


@pytest.mark.once
@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            TITLE,
            'code = "small"',
            "",
            "edition.toml, code: The entry “code” is missing. Write a text in quotation marks.",
        ),
        (TITLE, 'code = "small"', 'code = "a b"', "edition.toml, code: The code “a b” is not written like “2026”."),
        (
            TITLE,
            'language = "en"',
            'language = "xx"',
            "edition.toml, language: “xx” is not known here. Write one of: en, fr, it, pl, pt, hr.",
        ),
        (
            TITLE,
            '3 = "There"',
            "",
            "edition.toml, scale, 3: The entry “3” is missing. Write a text in quotation marks.",
        ),
        (
            TITLE,
            "essential = 3",
            "essential = 0",
            "edition.toml, weights, essential: The weight is 0. Write a number from 1 to 99.",
        ),
        (TITLE, "core = 2", 'core = "2"', "edition.toml, weights, core: “core” must be a whole number."),
        (
            TITLE,
            "level = 2 }",
            "level = 7 }",
            "edition.toml, outcome accredited, condition 1, level: There is no level 7. The scale goes from 0 to 3.",
        ),
        (
            TITLE,
            'test = "every"',
            'test = "all"',
            "edition.toml, outcome accredited, condition 1, test: “all” is not known here. "
            "Write one of: incomplete, every, at_most, none_at, domains, overall.",
        ),
        (
            TITLE,
            'test = "overall", percent = 80',
            'test = "overall", count = 80',
            "edition.toml, outcome accredited, condition 3, count: The test “overall” does not look at this. Empty it.",
        ),
        (
            TITLE,
            'code = "accredited"',
            'code = "deferred"',
            "edition.toml, outcomes: The outcome deferred stands twice. Each outcome may stand once.",
        ),
        (
            TITLE,
            "conditions = []",
            'conditions = [{ test = "overall", percent = 1 }]',
            "edition.toml, outcome not_accredited, conditions: The last outcome must have no condition: "
            "it is what is left when nothing else holds.",
        ),
        (D1, 'code = "D1"', 'code = "1"', "domains/D01.toml, code: The code “1” is not written like “D5”."),
        (
            D1,
            'short_title = "Access"',
            "",
            "domains/D01.toml, short_title: The entry “short_title” is missing. Write a text in quotation marks.",
        ),
        (
            D1,
            'title = "Answering"',
            'title = "Answering"\ncolour = "blue"',
            "domains/D01.toml, standard 1.1, colour: The entry “colour” is not known here. Take it away or mend its name.",
        ),
        (
            D1,
            'code = "1.2"',
            'code = "3.2"',
            "domains/D01.toml, standard 3.2, code: The code 3.2 does not belong to domain D1. Begin it with “1.”.",
        ),
        (
            D1,
            'code = "1.1.1"',
            'code = "1.2.9"',
            "domains/D01.toml, indicator 1.2.9, code: The code 1.2.9 does not belong to standard 1.1. Begin it with “1.1.”.",
        ),
        (
            D1,
            'code = "1.1.1"',
            "",
            "domains/D01.toml, indicator number 1 of 1.1, code: The entry “code” is missing. Write a text in quotation marks.",
        ),
        (
            D1,
            'obligation = "essential"',
            'obligation = "vital"',
            "domains/D01.toml, indicator 1.1.1, obligation: “vital” is not known here. "
            "Write one of: essential, core, developmental.",
        ),
        (
            D1,
            'bands = ">=90:3;>=80:2;>=60:1"',
            'bands = ">=90"',
            "domains/D01.toml, indicator 1.1.1, bands: The band “>=90” is not written like “>=90:3”.",
        ),
        (
            D1,
            ">=60:1",
            ">=60:5",
            "domains/D01.toml, indicator 1.1.1, bands: There is no level 5. The scale goes from 0 to 3.",
        ),
        (
            D1,
            "A04/(A03-A05)",
            "A04*A03",
            "domains/D01.toml, indicator 1.1.1, formula: The formula “A04*A03” is not an item, nor a ratio such as A04/(A03-A05).",
        ),
        (
            D1,
            "A03>=20",
            "20",
            "domains/D01.toml, indicator 1.1.1, minimum_base: The smallest base “20” is not written like “A56>=20”.",
        ),
        (D1, 'unit = "percent"', "", "domains/D01.toml, indicator 1.1.1, unit: This text is missing. Write it."),
        (
            D1,
            'yes = "The rota has no gap"',
            "",
            "domains/D01.toml, indicator 1.2.1, levels, yes: This text is missing. Write it.",
        ),
        (
            D1,
            'title = "Close the gaps"',
            "",
            "domains/D01.toml, indicator 1.2.1, recommendation, title: This text is missing. Write it.",
        ),
        (
            D1,
            'wording = "Open day and night"',
            'wording = " "',
            "domains/D01.toml, indicator 1.2.1, wording: This text is empty. Write it.",
        ),
        (
            D1,
            "evidence_required = true",
            'evidence_required = "yes"',
            "domains/D01.toml, indicator 1.2.1, evidence_required: “evidence_required” must be true or false.",
        ),
        (
            D2,
            'measure = "scale"',
            'measure = "scale"\nbands = ">=1:1"',
            "domains/D02.toml, indicator 2.1.1, bands: Only a numeric indicator has this. "
            "Empty it, or make the measure numeric.",
        ),
        (
            D2,
            'obligation = "core"',
            'obligation = "essential"',
            "domains/D02.toml, indicator 2.1.1, not_applicable: An essential indicator applies to every hotline. "
            "Take “not applicable” away.",
        ),
        (
            D2,
            '3 = "Held every month"',
            f'3 = "{"x" * 161}"',
            "domains/D02.toml, indicator 2.1.1, 3: This text has 161 characters; there is room for 160.",
        ),
        (
            D2,
            '3 = "Held every month"',
            '4 = "Held every day"',
            "domains/D02.toml, indicator 2.1.1, levels, 4: The entry “4” is not known here. Take it away or mend its name.",
        ),
    ],
)
def test_a_mistake_is_named_with_its_file_and_the_cure(
    folder: Path, rewrite: Rewrite, file: str, old: str, new: str, problem: str
) -> None:
    rewrite(file, old, new)
    assert problem in problems_of(folder)
    assert {found.partition(",")[0] for found in problems_of(folder)} == {file}


@pytest.mark.once
def test_mistakes_of_several_files_are_told_at_once(folder: Path, rewrite: Rewrite) -> None:
    rewrite(D1, 'source = "documents"', 'source = "paper"')
    rewrite(D2, 'guidance = "With somebody from outside."', "")
    assert problems_of(folder) == [
        "domains/D01.toml, indicator 1.2.1, source: “paper” is not known here. "
        "Write one of: documents, visit, statistics, system.",
        "domains/D02.toml, indicator 2.1.1, guidance: The entry “guidance” is missing. Write a text in quotation marks.",
    ]


@pytest.mark.once
def test_a_code_that_stands_in_two_files_is_told_with_both(folder: Path) -> None:
    (folder / D2).write_text((folder / D1).read_text(encoding="utf-8"), encoding="utf-8")
    assert problems_of(folder) == [
        f"domains/D01.toml and domains/D02.toml: The code {code} stands 2 times. Each code may stand once in an edition."
        for code in ("D1", "1.1", "1.1.1", "1.1.2", "1.2", "1.2.1")
    ]


@pytest.mark.once
def test_a_file_that_is_not_toml_is_told_with_its_line(folder: Path) -> None:
    (folder / D1).write_text('code = "D1"\ntitle = Access\n', encoding="utf-8")
    (problem,) = problems_of(folder)
    assert problem.startswith("domains/D01.toml: The file is not TOML: ")
    assert "line 2" in problem


@pytest.mark.once
def test_a_file_in_another_encoding_is_told(folder: Path) -> None:
    (folder / D1).write_bytes('title = "Zugänge"'.encode("latin-1"))
    assert problems_of(folder) == ["domains/D01.toml: The file is not UTF-8 at byte 12. Save it as UTF-8."]


@pytest.mark.once
def test_a_folder_without_an_edition_is_told(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "2027") == [
        f"There is no edition.toml in {tmp_path / '2027'}. Name the folder of an edition, such as practical_guide/2026."
    ]


# --- Loading --------------------------------------------------------------------------------------------------------


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


@pytest.mark.django_db
def test_every_field_of_the_files_is_on_the_pages(folder: Path) -> None:
    edition = load_guide(folder).page
    text = read_edition(folder)
    parts = [indicator for domain in text.domains for standard in domain.parts for indicator in standard.parts]
    rows = GuideIndicator.objects.filter(page__path__startswith=edition.path).order_by("page__path", "sort_order")
    assert [row.values for row in rows] == [part.fields for part in parts]
    assert {name: getattr(edition, name) for name in text.fields} == text.fields


@pytest.mark.django_db
def test_loading_again_changes_nothing(folder: Path) -> None:
    first = load_guide(folder)
    before = list(Page.objects.order_by("pk").values_list("pk", "path", "latest_revision_id"))
    again = load_guide(folder)
    assert (first.made, first.changed, first.unchanged) == (6, 0, 0)
    assert (again.made, again.changed, again.removed, again.unchanged) == (0, 0, 0, 6)
    assert list(Page.objects.order_by("pk").values_list("pk", "path", "latest_revision_id")) == before


@pytest.mark.django_db
def test_a_changed_text_changes_its_page_and_keeps_the_identity_of_the_indicator(
    folder: Path, rewrite: Rewrite
) -> None:
    load_guide(folder)
    key = GuideIndicator.objects.get(code="1.2.1").translation_key
    rewrite(D1, "Every day of the year.", "Every day and night.")
    loaded = load_guide(folder)
    indicator = GuideIndicator.objects.get(code="1.2.1")
    assert (loaded.made, loaded.changed, loaded.unchanged) == (0, 1, 5)
    assert (indicator.guidance, indicator.translation_key) == ("Every day and night.", key)
    assert indicator.page.get_latest_revision_as_object().indicators.get().guidance == "Every day and night."


@pytest.mark.django_db
def test_a_changed_condition_changes_the_rule(folder: Path, rewrite: Rewrite) -> None:
    load_guide(folder)
    rewrite(TITLE, "percent = 80", "percent = 85")
    edition = load_guide(folder).page
    outcome = EditionPage.objects.get(pk=edition.pk).outcomes.get(code="accredited")
    assert [c.percent for c in outcome.conditions.all()] == [None, 60, 85]


@pytest.mark.django_db
def test_what_is_gone_from_the_files_is_gone_from_the_pages(folder: Path) -> None:
    load_guide(folder)
    (folder / D2).unlink()
    loaded = load_guide(folder)
    assert (loaded.removed, list(DomainPage.objects.values_list("code", flat=True))) == (1, ["D1"])
    assert not StandardPage.objects.filter(code="2.1").exists()


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
    assert load_guide(folder).unchanged == 6


@pytest.mark.django_db
def test_a_mistake_writes_nothing(folder: Path, rewrite: Rewrite) -> None:
    rewrite(D2, 'measure = "scale"', 'measure = "ladder"')
    before = Page.objects.count()
    output = StringIO()
    with pytest.raises(CommandError, match=r"^Nothing was written\. One thing is to be mended\.$"):
        call_command("load_guide", str(folder), stderr=output)
    assert output.getvalue().strip() == (
        "domains/D02.toml, indicator 2.1.1, measure: “ladder” is not known here. Write one of: scale, yes_no, numeric."
    )
    assert Page.objects.count() == before


@pytest.mark.django_db
def test_the_command_says_what_it_did(folder: Path) -> None:
    output = StringIO()
    call_command("load_guide", str(folder), stdout=output)
    assert output.getvalue() == "Edition small: 6 pages made, 0 changed, 0 removed, 0 as they were.\n"


@pytest.mark.django_db
def test_a_released_edition_is_only_compared(folder: Path, rewrite: Rewrite) -> None:
    release(load_guide(folder).page)
    assert load_guide(folder).unchanged == 6
    rewrite(D1, "Answered by a person.", "Answered by anybody.")
    with pytest.raises(MalformedEdition) as caught:
        load_guide(folder)
    assert caught.value.problems == [
        "Edition small is released and does not change, but the files differ from it. "
        "Give the files a new code to load them as a new edition."
    ]
    assert GuideIndicator.objects.get(code="1.1.1").guidance == "Answered by a person."
    assert Edition.objects.get().wordings.count() == 1
