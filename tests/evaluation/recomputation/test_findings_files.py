"""Files that cannot be scored: problems have file, code, field and remedy, and nothing is printed."""

from pathlib import Path
from typing import Any

import pytest

from tests.evaluation.edition_results import SMALL, Folder, refusal, run


@pytest.fixture
def write(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


# --- Findings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "findings.json, line 1, column 2: This is not JSON: Expecting property name enclosed in double quotes."),
        ("[]", "findings.json: Write an object: the code of each indicator with what was found."),
        ("[" * 100_000, "findings.json: The file is nested too deeply to be one of ours."),
        (
            '{"1.2.1": {"level": 3}, "1.2.1": {"level": 0}}',
            "findings.json: “1.2.1” stands twice. Keep one of them.",
        ),
        (
            '{"1.2.1": {"level": 3, "level": 0}}',
            "findings.json, 1.2.1: “level” stands twice. Keep one of them.",
        ),
        (
            {"1.2.2": {"level": 3}},
            "findings.json, 1.2.2: Edition small has no indicator with this code. The nearest is 1.2.1. "
            "Correct the code, or remove the entry.",
        ),
        (
            {"1.2.1": 3},
            "findings.json, 1.2.1: Write an object, such as {“level”: 2}; leave the code out where nothing was found.",
        ),
        ({"2.1.1": {"level": 4}}, "findings.json, 2.1.1, level: There is no level 4. The scale goes from 0 to 3."),
        ({"2.1.1": {"level": -1}}, "findings.json, 2.1.1, level: There is no level -1. The scale goes from 0 to 3."),
        (
            {"1.2.1": {"level": 2}},
            "findings.json, 1.2.1, level: This is answered with yes or no. Write 3 for yes or 0 for no.",
        ),
        *(
            (
                f'{{"2.1.1": {{"level": {written}}}}}',
                "findings.json, 2.1.1, level: A level is a whole number without quotation marks, such as 3."
                f"{f' “{expected}” is none.' if expected else ''}",
            )
            for written, expected in [
                ("2.0", "2.0"),
                ("2e0", "2e0"),
                ("NaN", "NaN"),
                ("-Infinity", "-Infinity"),
                ("9" * 5000, f"{'9' * 18}…"),
                ('"2"', "2"),
                ("true", ""),
                ("null", ""),
                ("[2]", ""),
            ]
        ),
        (
            {"2.1.1": {"value": "2"}},
            "findings.json, 2.1.1, value: This is answered with a level. Write “level”, from 0 to 3.",
        ),
        (
            '{"1.1.1": {"value": 92.5}}',
            "findings.json, 1.1.1, value: “92.5” can be inexact. Write the number as text, such as “92.5”.",
        ),
        (
            {"1.1.1": {"value": "92,5"}},
            "findings.json, 1.1.1, value: Write a number of at least 0 as text, such as “92.5”.",
        ),
        (
            {"1.1.1": {"value": "1/0"}},
            "findings.json, 1.1.1, value: Write a number of at least 0 as text, such as “92.5”.",
        ),
        (
            {"2.1.1": {"level": 2, "not_applicable": "no"}},
            "findings.json, 2.1.1: Only one of “level”, “not_applicable” can be so. Keep one.",
        ),
        (
            {"2.1.1": {"words": "We do."}},
            "findings.json, 2.1.1: Write a “level”, a “value”, “not_applicable” or “not_seen”; "
            "leave the code out where nothing was found.",
        ),
        (
            {"2.1.1": {"not_applicable": True}},
            "findings.json, 2.1.1, not_applicable: Write the reason as text.",
        ),
        ({"2.1.1": {"not_applicable": " "}}, "findings.json, 2.1.1, not_applicable: Write the reason as text."),
        (
            {"2.1.1": {"level": 2, "words": 3}},
            "findings.json, 2.1.1, words: Write a text in quotation marks.",
        ),
        (
            {"2.1.1": {"level": 2, "evidence": "rota.pdf"}},
            "findings.json, 2.1.1, evidence: Write a list of texts, such as names of documents or addresses.",
        ),
        (
            {"2.1.1": {"level": 2, "note": "x"}},
            "findings.json, 2.1.1, note: This field is not known. "
            "Write one of: level, value, not_applicable, not_seen, words, evidence.",
        ),
        (
            {"answers": {"9.9.9": {"level": 2}}, "findings": []},
            "findings.json, answers, 9.9.9: Edition small has no indicator with this code. "
            "Correct the code, or remove the entry.\n"
            "findings.json, findings: Write an object: the code of each indicator with what was found.",
        ),
        (
            '{"2.1.1": {"level": 2, "words": "\\ud800"}}',
            "findings.json, 2.1.1, words: This text holds half a character. Write it again.",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_what_is_wrong_is_told_with_file_code_field_and_cure(write: Folder, content: Any, sentence: str):
    assert refusal(SMALL, write(content)) == sentence


def test_every_problem_is_told_at_once(write: Folder):
    found = refusal(SMALL, write({"2.1.1": {"level": 9}, "1.2.1": {"level": 1}, "7.7.7": {}}))
    assert len(found.splitlines()) == 3


def test_a_file_that_is_not_there_or_not_utf_8_is_told(tmp_path: Path):
    absent, latin = tmp_path / "absent.json", tmp_path / "latin.json"
    latin.write_bytes(b'{"\xe9": 1}')
    assert refusal(SMALL, absent) == f"{absent}: The file cannot be opened: No such file or directory."
    assert refusal(SMALL, latin) == "latin.json: The file is not UTF-8 at byte 2. Save it as UTF-8."


def test_an_edition_that_is_not_there_is_told(write: Folder, tmp_path: Path):
    assert refusal(tmp_path, write({})) == (
        f"There is no edition.toml in {tmp_path}. Name the folder of an edition, such as practical_guide/2026."
    )


def test_a_byte_order_mark_does_no_harm(tmp_path: Path):
    path = tmp_path / "findings.json"
    path.write_bytes(b'\xef\xbb\xbf{"2.1.1": {"level": 2}}')
    assert run(SMALL, path)[1] == []


def test_what_counts_for_nothing_is_noted(write: Folder):
    shown = write({"1.1.2": {"level": 2}})
    typed = {"answers": {"1.1.1": {"value": "92.5"}}, "findings": {}}
    assert run(SMALL, shown)[1] == [
        "Note: findings.json, 1.1.2, level: This is shown and not scored, so its level counts for nothing."
    ]
    assert run(SMALL, write(typed))[1] == [
        "Note: findings.json, answers, 1.1.1: The statistics fill this, so what the hotline says of it does not count."
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"A99": 3}, "figures.json, A99: There is no such item in the data dictionary. Remove it."),
        ({"A03": -3}, "figures.json, A03: Write a number of at least 0 as text, such as “92.5”."),
        ({"A03": 2.5}, "figures.json, A03: “2.5” can be inexact. Write the number as text, such as “92.5”."),
        ([3], "figures.json: Write an object: each item with its number, such as {“A03”: 1200}."),
    ],
)
def test_figures_that_cannot_be_read_are_told(write: Folder, content: Any, sentence: str):
    assert refusal(SMALL, write({}), "--figures", str(write(content, "figures.json"))) == sentence


def test_an_export_that_is_refused_is_refused_here_too(write: Folder):
    figures = write("# schema_version: 1.0\n", "export.csv")
    assert refusal(SMALL, write({}), "--figures", str(figures)).startswith("export.csv: ")
