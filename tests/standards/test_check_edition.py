"""`check_edition` reports all problems of an edition's files at once, and what is valid but makes no sense."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.standards.conftest import EDITIONS, SAMPLE

Rewrite = Callable[[str, str, str], None]
ALL = [SAMPLE, *sorted(EDITIONS.iterdir())]


def check(folder: Path) -> tuple[list[str], list[str], str]:
    """Return the lines on stdout and on stderr, and the final error."""
    out, err = StringIO(), StringIO()
    refused = ""
    try:
        call_command("check_edition", folder, stdout=out, stderr=err)
    except CommandError as error:
        refused = str(error)
    return out.getvalue().splitlines(), err.getvalue().splitlines(), refused


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
def test_every_edition_in_the_repository_passes(folder: Path) -> None:
    printed, noted, refused = check(folder)
    assert (printed[-1], refused) == ("Nothing is to be corrected.", "")
    assert set(noted) <= {"Note: findings.json lies in the folder and is not read."}


def test_what_was_read_is_told_with_an_example_of_each_outcome(folder: Path) -> None:
    assert check(folder) == (
        [
            "Edition small: domains D1, D2 from domains/, 3 standards, 4 indicators, 3 outcomes.",
            "Outcome deferred, for example: everything missing.",
            "Outcome accredited, for example: everything at level 3.",
            "Outcome not_accredited, for example: everything at level 0.",
            "Nothing is to be corrected.",
        ],
        [],
        "",
    )


def test_all_that_is_wrong_is_told_at_once(folder: Path, rewrite: Rewrite) -> None:
    (folder / "domains" / "D04.toml").symlink_to("nowhere")
    rewrite("domains/D01.toml", 'bands = ">=90:3;>=80:2;>=60:1"', 'bands = ">=60:1;>=80:2"')
    rewrite("domains/D02.toml", 'guidance = "With somebody from outside."', 'guidance = ""')
    _, noted, refused = check(folder)
    assert noted == [
        "Note: Conditions and outcomes are looked at once what stands below is corrected.",
        "domains/D01.toml, indicator 1.1.1, bands: The band >=80:2 of 1.1.1 is never reached: 81, for example, is in the "
        "band >=60:1, which stands before it. Write the narrowest band first.",
        "domains/D02.toml, indicator 2.1.1, guidance: This text is empty. Write it.",
        "domains/D04.toml: This link leads nowhere. Put the file in its place, or delete the link.",
    ]
    assert refused == "3 things are to be corrected."


def test_a_missing_text_does_not_hide_what_makes_no_sense(folder: Path, rewrite: Rewrite) -> None:
    rewrite("edition.toml", '{ test = "domains", percent = 60 }', '{ test = "domains", percent = 0 }')
    _, noted, refused = check(folder)
    assert noted == [
        "edition.toml, outcome accredited, condition 2, percent: This condition always holds, even when nothing at all is "
        "found, so it decides nothing. Ask for more, or remove it."
    ]
    assert refused == "One thing is to be corrected."


RATIO = 'formula = "A05/A03"'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (RATIO, 'formula = "A05/A99"', "1.1.2, formula: 1.1.2 asks for A99, which is no item of the data dictionary"),
        (
            RATIO,
            'formula = "A14"',
            "1.1.2, formula: 1.1.2 asks for A14, which is only known by group and has no total.",
        ),
        (RATIO, 'formula = "A05/(A03-A03)"', "1.1.2, formula: 1.1.2 divides by A03-A03, which is always nothing."),
        (RATIO, 'formula = "A08"', "1.1.2, unit: 1.1.2 is told in percent, and A08 is counted in seconds."),
        ("A03>=20", "A19>=20", "1.1.1, minimum_base: 1.1.1 asks for A19, which is no item of the data dictionary"),
        ('unit = "percent"', 'unit = "minutes"', "1.1.1, unit: 1.1.1 is told in minutes, and its formula divides A04"),
    ],
)
def test_a_figure_that_no_hotline_could_ever_have_is_told(
    folder: Path, rewrite: Rewrite, old: str, new: str, message: str
) -> None:
    rewrite("domains/D01.toml", old, new)
    _, noted, refused = check(folder)
    assert [line.startswith(f"domains/D01.toml, indicator {message}") for line in noted] == [True]
    assert refused == "One thing is to be corrected."


def test_outcomes_that_nobody_could_tell_apart_are_told(folder: Path, rewrite: Rewrite) -> None:
    rewrite("edition.toml", 'name = "Not accredited"', 'name = "accredited"')
    rewrite("edition.toml", 'name = "Core"', 'name = "Essential"')
    _, noted, _ = check(folder)
    assert noted == [
        "edition.toml, obligation core, name: essential and core have the same name, “Essential”, so nobody could tell "
        "them apart. Rename one.",
        "edition.toml, outcome not_accredited, name: accredited and not_accredited have the same name, “accredited”, so "
        "nobody could tell them apart. Rename one.",
    ]


def test_an_outcome_that_waits_does_not_accredit(folder: Path, rewrite: Rewrite) -> None:
    rewrite("edition.toml", 'name = "Deferred"\nmonths = 0', 'name = "Deferred"\nmonths = 6')
    assert check(folder)[1] == [
        "edition.toml, outcome deferred, months: The outcome deferred holds the decision up because something is missing, "
        "and would accredit for 6 months all the same. Write 0 months, or remove the condition."
    ]


def test_a_character_that_nobody_sees_is_told(folder: Path, rewrite: Rewrite) -> None:
    rewrite("domains/D02.toml", 'wording = "Supervision is held"', 'wording = "Super\\u0000vision is held"')
    assert check(folder)[1][-1] == (
        "domains/D02.toml, indicator 2.1.1, wording: This text has the control character U+0000, which nobody sees. "
        "Take it out."
    )


def test_an_outcome_that_another_one_hides_is_told_with_an_example(folder: Path, rewrite: Rewrite) -> None:
    rewrite(
        "edition.toml",
        '[[outcomes]]\ncode = "accredited"',
        '[[outcomes]]\ncode = "passable"\nname = "Passable"\nmonths = 6\n'
        'conditions = [{ test = "every", obligation = "essential", level = 1 }]\n\n'
        '[[outcomes]]\ncode = "accredited"',
    )
    _, noted, _ = check(folder)
    assert noted == [
        "edition.toml, outcome accredited: The outcome accredited is never proposed: wherever its conditions hold, those of "
        "passable hold as well, and passable is tried before it. Put accredited before passable, or ask for more in "
        "passable. Example: everything at level 3."
    ]


def test_a_score_of_some_indicators_says_its_method(folder: Path, rewrite: Rewrite) -> None:
    written = '{ test = "score", percent = 80 }'
    rewrite("edition.toml", written, '{ test = "score", obligation = "essential", percent = 80 }')
    _, noted, _ = check(folder)
    assert noted == [
        "edition.toml, outcome accredited, condition 3, method: This is the score of some indicators only, and nothing says "
        "how it is made of them. Write the method: weighted_mean, mean, sum, share or lowest. Without one, weighted_mean "
        "would be taken."
    ]
    rewrite(
        "edition.toml",
        'obligation = "essential", percent = 80',
        'obligation = "essential", percent = 80, method = "mean"',
    )
    assert check(folder)[2] == ""


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        (
            '{ test = "score", domain = "D1", percent = 80, method = "mean" }',
            "Only the score of a choice of indicators has a method of its own. Remove the method, or name the obligation "
            "or the codes that it is about.",
        ),
        (
            '{ test = "score", obligation = "core", percent = 80, method = "average" }',
            "“average” is not known here. Write one of: weighted_mean, mean, sum, share, lowest.",
        ),
    ],
)
def test_a_method_that_does_not_fit_is_told(folder: Path, rewrite: Rewrite, condition: str, problem: str) -> None:
    rewrite("edition.toml", '{ test = "score", percent = 80 }', condition)
    assert f"edition.toml, outcome accredited, condition 3, method: {problem}" in check(folder)[1]


def test_no_edition_at_all_is_told(tmp_path: Path) -> None:
    _, _, refused = check(tmp_path / "2027")
    assert refused == f"There is no folder {tmp_path / '2027'}. Name the folder of an edition."
