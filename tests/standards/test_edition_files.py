"""Edition files: every kind of mistake is reported with its file, its place and the remedy."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from standards.editions.files import read_edition
from standards.framework import MalformedEdition
from tests.standards.conftest import SAMPLE

Rewrite = Callable[[str, str, str], None]
D1, D2, TITLE = "domains/D01.toml", "domains/D02.toml", "edition.toml"


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(MalformedEdition) as caught:
        read_edition(folder)
    return caught.value.problems


def test_the_sample_has_ten_domains_38_standards_and_124_indicators() -> None:
    text = read_edition(SAMPLE)
    standards = [standard for domain in text.domains for standard in domain.parts]
    indicators = [indicator for standard in standards for indicator in standard.parts]
    essential = [indicator for indicator in indicators if indicator.fields["obligation"] == "essential"]
    assert (len(text.domains), len(standards), len(indicators), len(essential)) == (10, 38, 124, 35)
    assert [outcome.code for outcome in text.outcomes] == ["deferred", "accredited", "conditional", "not_accredited"]
    assert text.fields["is_sample"] is True


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            TITLE,
            'code = "small"',
            "",
            "edition.toml, code: The entry “code” is missing. Write a text in quotation marks.",
        ),
        (
            TITLE,
            'code = "small"',
            'code = "a b"',
            "edition.toml, code: The code “a b” is not written like “2026”. Write at most 20 letters, digits, dots and hyphens, and no hyphen or dot first.",
        ),
        (
            TITLE,
            'language = "en"',
            'language = "xx"',
            "edition.toml, language: “xx” is not known here. Write one of: "
            f"{', '.join(code for code, _name in settings.LANGUAGES)}.",
        ),
        (
            TITLE,
            '2 = "Mostly there"',
            "",
            "edition.toml, scale, 2: The entry “2” is missing. Write a text in quotation marks.",
        ),
        (
            TITLE,
            "weight = 3",
            "weight = 100",
            "edition.toml, obligation essential, weight: 100 is out of range. Write a number from 0 to 99.",
        ),
        (
            TITLE,
            "weight = 2",
            'weight = "2"',
            "edition.toml, obligation core, weight: “weight” must be a whole number.",
        ),
        (
            TITLE,
            "level = 2 }",
            "level = 7 }",
            "edition.toml, outcome accredited, condition 1, level: There is no level 7 in the scale, "
            "for which the test “every” asks.",
        ),
        (
            TITLE,
            'test = "every"',
            'test = "all"',
            "edition.toml, outcome accredited, condition 1, test: “all” is not known here. "
            "Write one of: incomplete, complete, every, share, at_least, below, score, domains, groups, standards, failing, "
            "figure, reached, any.",
        ),
        (
            TITLE,
            'test = "score", percent = 80',
            'test = "score", percent = 80, count = 3',
            "edition.toml, outcome accredited, condition 3, count: The test “score” does not look at count.",
        ),
        (
            TITLE,
            'code = "accredited"',
            'code = "deferred"',
            "edition.toml, outcome deferred, code: The outcome deferred stands more than once (edition.toml, line 34; "
            "edition.toml, line 40). Each may stand once. Give the others a code of their own.",
        ),
        (
            TITLE,
            "conditions = []",
            'conditions = [{ test = "score", percent = 1 }]',
            "edition.toml, outcome not_accredited, conditions: The last outcome must have no condition: "
            "it is what is left when nothing else holds.",
        ),
        (
            D1,
            'code = "D1"',
            'code = "1"',
            "domains/D01.toml, code: The code “1” is not written like “D5”. Write D and a number from 1 to 99.",
        ),
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
            "domains/D01.toml, standard 1.1, colour: The entry “colour” is not known here. Remove it, or correct its name.",
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
            "domains/D01.toml, indicator 1.1.1, obligation: 1.1.1 is “vital”, which the edition does not name. "
            "Take one of: essential, core, developmental.",
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
            "domains/D01.toml, indicator 1.1.1, bands: 1.1.1 has a band for level 5, which the scale does not have.",
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
            "domains/D02.toml, indicator 2.1.1, formula: 2.1.1 is capped by figures only with a formula and bands. "
            "Write both, or neither.",
        ),
        (
            D2,
            'measure = "scale"',
            'measure = "scale"\nunit = "percent"',
            "domains/D02.toml, indicator 2.1.1, unit: Only a number, or what is capped by figures, has this. "
            "Empty it, or write the formula.",
        ),
        (
            D2,
            'obligation = "core"',
            'obligation = "essential"',
            "domains/D02.toml, indicator 2.1.1, not_applicable: 2.1.1 is essential and may not allow “not applicable”.",
        ),
        (
            D2,
            '3 = "Held every month"',
            f'3 = "{"x" * 161}"',
            "domains/D02.toml, indicator 2.1.1, levels, 3: This text has 161 characters; there is room for 160.",
        ),
        (
            TITLE,
            '1 = "Begun"',
            f'1 = "{"x" * 61}"',
            "edition.toml, scale, 1: This text has 61 characters; there is room for 60.",
        ),
        (
            D1,
            'basis = ["L5", "K6"]',
            f'basis = ["L5", "{"x" * 117}"]',
            "domains/D01.toml, standard 1.1, basis: This text has 121 characters; there is room for 120.",
        ),
        (
            D1,
            "A03>=20",
            f"A03>={'9' * 16}",
            "domains/D01.toml, indicator 1.1.1, minimum_base: This text has 21 characters; there is room for 20.",
        ),
        (
            D1,
            'title = "Close the gaps"',
            f'title = "{"x" * 256}"',
            "domains/D01.toml, indicator 1.2.1, recommendation, title: This text has 256 characters; "
            "there is room for 120.",
        ),
        (
            D2,
            '3 = "Held every month"',
            '4 = "Held every day"',
            "domains/D02.toml, indicator 2.1.1, levels, 4: There is no level 4: the scale of the edition has levels from 0 to 3. Number the levels within that.",
        ),
        (
            TITLE,
            "[scale]",
            '[scale]\n11 = "Beyond"',
            "edition.toml, scale, 11: There is no level 11: a scale has levels from 0 to 10. Number the levels within that.",
        ),
        (
            TITLE,
            "[scale]",
            '[scale]\npoints = [0, "1", 2, 3]',
            "edition.toml, scale, points: Each entry of “points” must be a whole number.",
        ),
        (
            TITLE,
            "[scale]",
            "[scale]\npoints = [0, 2, 1, 3]",
            "edition.toml, scale, points: The scale needs 4 points, one for each level from 0 to 3, "
            "never fewer for a better level, and more than 0 for the best.",
        ),
        (
            TITLE,
            "[scale]",
            "[procedure]\nquorum = 0\n\n[scale]",
            "edition.toml, procedure, quorum: 0 is out of range. Write a number from 1 to 9999.",
        ),
        (
            TITLE,
            "[scale]",
            "[procedure]\nquorums = 3\n\n[scale]",
            "edition.toml, procedure, quorums: The entry “quorums” is not known here. Write “quorum”, or remove it.",
        ),
        (
            TITLE,
            "[scale]",
            '[aggregation]\ndomain = "median"\n\n[scale]',
            "edition.toml, aggregation, domain: “median” is not known here. "
            "Write one of: weighted_mean, mean, sum, share, lowest.",
        ),
        (
            TITLE,
            "[scale]",
            '[aggregation]\ndomain = "share"\n\n[scale]',
            "edition.toml, aggregation, level: A share counts from a level: give the aggregation one if a tier or a condition is a share, "
            "and none otherwise.",
        ),
        (
            TITLE,
            "[scale]",
            'passing = [{ test = "domains", percent = 60 }]\n\n[scale]',
            "edition.toml, passing, condition 1, test: A standard cannot pass by the test “domains” of another part.",
        ),
        (
            TITLE,
            "[scale]",
            "excused_at_most = 101\n\n[scale]",
            "edition.toml, excused_at_most: 101 is out of range. Write a number from 0 to 100.",
        ),
        (
            TITLE,
            "wanted = 3",
            "wanted = 7",
            "edition.toml, obligation essential, wanted: The obligation essential asks for level 7, "
            "which the scale does not have.",
        ),
        (
            TITLE,
            'test = "domains"',
            'test = "score", domain = "D7"',
            "edition.toml, outcome accredited, condition 2, domain: A condition names the domain D7, "
            "which the edition does not have.",
        ),
        (
            TITLE,
            'test = "domains"',
            'test = "score", codes = [1, 2]',
            "edition.toml, outcome accredited, condition 2, codes: Each entry of “codes” must be a text in quotation marks.",
        ),
        (
            D2,
            "not_applicable = true",
            'not_applicable = true\ncounts_with = "photo"',
            "domains/D02.toml, indicator 2.1.1, counts_with: “photo” is not known here. "
            "Write one of: words, evidence, either.",
        ),
        (
            D2,
            "not_applicable = true",
            'not_applicable = true\nasked_from = "2027-01-31"',
            "domains/D02.toml, indicator 2.1.1, asked_from: “asked_from” must be a date such as 2027-01-31.",
        ),
        (
            D1,
            'unit = "percent"',
            'unit = "percent"\nminimum_months = 13',
            "domains/D01.toml, indicator 1.1.1, minimum_months: 13 is out of range. Write a number from 1 to 12.",
        ),
        (
            D2,
            "not_applicable = true",
            "not_applicable = true\nminimum_months = 9",
            "domains/D02.toml, indicator 2.1.1, minimum_months: "
            "Only a number, or what is capped by figures, has this. Empty it, or write the formula.",
        ),
        (
            D2,
            "not_applicable = true",
            "not_applicable = true\npoints = [0, 1]",
            "domains/D02.toml, indicator 2.1.1, points: 2.1.1 needs 4 points, one for each level from 0 to 3, "
            "never fewer for a better level, and more than 0 for the best.",
        ),
        (
            D2,
            'short_title = "Staff"',
            'short_title = "Staff"\nweight = 0',
            "domains/D02.toml, weight: 0 is out of range. Write a number from 1 to 99.",
        ),
    ],
)
def test_a_mistake_is_named_with_its_file_and_the_cure(
    folder: Path, rewrite: Rewrite, file: str, old: str, new: str, problem: str
) -> None:
    rewrite(file, old, new)
    assert problem in problems_of(folder)
    assert {found.partition(",")[0] for found in problems_of(folder)} == {file}


def test_mistakes_of_several_files_are_told_at_once(folder: Path, rewrite: Rewrite) -> None:
    rewrite(D1, 'source = "documents"', 'source = "paper"')
    rewrite(D2, 'guidance = "With somebody from outside."', "")
    assert problems_of(folder) == [
        "domains/D01.toml, indicator 1.2.1, source: “paper” is not known here. "
        "Write one of: documents, visit, statistics, system.",
        "domains/D02.toml, indicator 2.1.1, guidance: The entry “guidance” is missing. Write a text in quotation marks.",
    ]


def test_a_code_that_stands_in_two_files_is_told_with_both(folder: Path) -> None:
    (folder / D2).write_text((folder / D1).read_text(encoding="utf-8"), encoding="utf-8")
    written = (folder / D1).read_text(encoding="utf-8").split("\n")
    codes = ("D1", "1.1", "1.1.1", "1.1.2", "1.2", "1.2.1")
    lines = {code: written.index(f'code = "{code}"') + 1 for code in codes}
    assert problems_of(folder) == [
        *(
            f"domains/D01.toml and domains/D02.toml: The code {code} stands 2 times (domains/D01.toml, line {line}; "
            f"domains/D02.toml, line {line}). Each code may stand once in an edition. "
            "Give the others a code of their own."
            for code, line in lines.items()
        ),
        "domains/D02.toml, code: The file is named after D2, and its code is D1. Correct the code.",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            TITLE,
            'code = "core"',
            'code = "tier2"',
            "edition.toml, obligation tier2, code: The code “tier2” is not written like “essential”. Write at most 20 small "
            "letters from a to z and underscores, and no digits: “tier_one”, not “tier1”.",
        ),
        (
            TITLE,
            "[scale]",
            "[scale]\npoints = [0, 1, 2, 100000]",
            "edition.toml, scale, points: The points “0, 1, 2, 100000” are not written like “0, 1, 3”. Write whole numbers "
            "from -99999 to 99999.",
        ),
        (
            TITLE,
            "[scale]",
            "[[scale]]",
            "edition.toml, scale: “scale” must be a table. Begin it once with [scale], in single brackets.",
        ),
        (
            D2,
            "[[standards]]",
            "[standards]",
            "domains/D02.toml, standards: “standards” must be a list. Begin each with [[standards]], in double brackets.",
        ),
        (
            D2,
            "[[standards.indicators]]",
            "[[indicators]]",
            "domains/D02.toml, indicators: The entry “indicators” is not known here. Begin each with "
            "[[standards.indicators]], in double brackets, under what it belongs to.",
        ),
        (
            D1,
            "guidance = ",
            "guidence = ",
            "domains/D01.toml, indicator 1.1.1, guidence: The entry “guidence” is not known here. Write “guidance”, or "
            "remove it.",
        ),
        (
            D2,
            'short_title = "Staff"',
            'short_title = "Staff"\nshort_title = "People"',
            "domains/D02.toml: An entry or table is written for the second time, at line 4, column 23. Delete one of the "
            "two, or correct its name; the entries of a list begin with double brackets, such as [[standards]].",
        ),
    ],
)
def test_a_message_says_how_to_mend_it(
    folder: Path, rewrite: Rewrite, file: str, old: str, new: str, problem: str
) -> None:
    rewrite(file, old, new)
    assert problem in problems_of(folder)


def test_outcomes_that_ask_for_each_other_are_named(folder: Path, rewrite: Rewrite) -> None:
    rewrite(
        "edition.toml",
        '{ test = "incomplete", obligation = "essential" }',
        '{ test = "reached", outcome = "accredited" }',
    )
    rewrite("edition.toml", '{ test = "domains", percent = 60 }', '{ test = "reached", outcome = "deferred" }')
    assert (
        "edition.toml, outcome deferred, conditions: The outcome deferred asks for itself, by way of what it asks for: "
        "deferred → accredited → deferred. Remove one of these “reached”."
    ) in problems_of(folder)


def test_a_file_that_is_not_toml_is_told_with_its_line(folder: Path) -> None:
    (folder / D1).write_text('code = "D1"\ntitle = Access\n', encoding="utf-8")
    (problem,) = problems_of(folder)
    assert problem.startswith("domains/D01.toml: The file is not TOML: ")
    assert "line 2" in problem


def test_a_file_in_another_encoding_is_told(folder: Path) -> None:
    (folder / D1).write_bytes('title = "Zugänge"'.encode("latin-1"))
    assert problems_of(folder) == ["domains/D01.toml: The file is not UTF-8 at byte 12. Save it as UTF-8."]


def test_a_folder_without_an_edition_is_told(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "2027") == [f"There is no folder {tmp_path / '2027'}. Name the folder of an edition."]


def test_a_level_that_the_scale_does_not_have_is_told_wherever_it_is_used(rewrite: Rewrite, folder: Path) -> None:
    rewrite(TITLE, '3 = "There"', "")
    assert problems_of(folder) == [
        "domains/D01.toml, indicator 1.1.1, bands: 1.1.1 has a band for level 3, which the scale does not have.",
        "domains/D02.toml, indicator 2.1.1, levels, 3: There is no level 3: the scale of the edition has levels from 0 to 2. Number the levels within that.",
    ]


def test_nothing_is_held_against_a_title_page_that_cannot_be_read(rewrite: Rewrite, folder: Path) -> None:
    rewrite(TITLE, 'code = "essential"', 'code = "Essential!"')
    rewrite(D1, 'obligation = "essential"', 'obligation = "vital"')
    assert problems_of(folder) == [
        "edition.toml, obligation Essential!, code: The code “Essential!” is not written like “essential”. Write at most 20 small letters from a to z and underscores, and no digits: “tier_one”, not “tier1”."
    ]


def test_a_sample_needs_its_notice(rewrite: Rewrite, folder: Path) -> None:
    rewrite(TITLE, 'sample_notice = "This text is invented."', "")
    assert problems_of(folder) == ["edition.toml, sample_notice: A sample says that it is one. Write the notice."]


@pytest.mark.parametrize(
    ("groups", "problems"),
    [
        (
            '[[groups]]\ncode = "G1"\nname = "Before"\ndomains = ["D7", "D1", "D1"]\n',
            [
                "edition.toml, group G1, domains: The group G1 names the domain D7, which the edition does not have.",
                "edition.toml, group G1, domains: Domain D1 is in the group G1 already. Each domain is in one group, once.",
                "edition.toml, groups: Domain D2 is in no group. Choose it in one of them: G1.",
            ],
        ),
        (
            '[[groups]]\ncode = "G1"\nname = "Before"\ndomains = []\nweight = 100\n',
            ["edition.toml, group G1, weight: 100 is out of range. Write a number from 1 to 99."],
        ),
        (
            '[[groups]]\ncode = "first"\nname = "Before"\ndomains = ["D1", "D2"]\n',
            [
                "edition.toml, group first, code: The code “first” is not written like “G1”. Write G and a number from 1 to 99."
            ],
        ),
        (
            '[[groups]]\ncode = "G1"\ndomains = "D1"\n',
            [
                "edition.toml, group G1, name: The entry “name” is missing. Write a text in quotation marks.",
                "edition.toml, group G1, domains: “domains” must be a list.",
            ],
        ),
    ],
)
def test_a_mistake_in_a_group_of_domains_is_named_with_its_place(
    folder: Path, groups: str, problems: list[str]
) -> None:
    with (folder / TITLE).open("a", encoding="utf-8") as title:
        title.write(f"\n{groups}")
    assert problems_of(folder) == problems


def test_groups_are_no_part_of_the_whole_without_being_there(folder: Path) -> None:
    with (folder / TITLE).open("a", encoding="utf-8") as title:
        title.write("\n[aggregation]\nof_groups = true\n")
    (problem,) = problems_of(folder)
    assert problem.startswith("edition.toml, aggregation, of_groups: The whole can be made of groups only where")
