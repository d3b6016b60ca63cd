"""`manage.py score`: a result from files alone, with its explanation."""

import json
import os
import shlex
import subprocess
import sys
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from evaluation.figures.dictionary.items import example_of
from evaluation.recomputation.sentences import format_number
from reports.result.export import write_file
from tests.evaluation.edition_results import EDITIONS, GATE, ROOT, SAMPLE, SMALL, Folder, refusal, run
from tests.reports.small_result import ORDINARY, published
from tests.small_edition import SMALL as T1


@pytest.fixture
def write(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


# --- The output ----------------------------------------------------------------------------------------------------


def test_it_prints_outcome_scores_and_what_stands_in_the_way(write: Folder):
    """D1 has 10 of 12, D2 12 of 15, D3 9 of 12: (5/6 + 4/5 + 3/4) / 3 is 143/180."""
    levels = {f"1.1.{n}": {"level": level} for n, level in enumerate((1, 3, 3, 3), start=1)}
    levels |= {f"2.1.{n}": {"level": level} for n, level in enumerate((3, 3, 3, 3), start=1)}
    levels |= {f"3.1.{n}": {"level": level} for n, level in enumerate((3, 3, 3, 0), start=1)}
    lines, notes = run(GATE, write(levels | {"3.1.5": {"not_applicable": "There is no chat."}}))
    assert notes == []
    assert lines[3:] == [
        "Outcome: conditional (Accredited with conditions, 12 months)",
        "Overall: 79.4 % (143/180)",
        "Found: 12 of 13 that count",
        "Missing: 2.1.5",
        "Not applicable: 3.1.5",
        "",
        "Domains",
        "  D1  83.3 % (5/6)  Keeping children safe",
        "  D2  80.0 % (4/5)  Working well",
        "  D3  75.0 % (3/4)  Growing",
        "",
        "Standards",
        "  1.1  83.3 % (5/6)  Safety of a call",
        "  2.1  80.0 % (4/5)  Daily work",
        "  3.1  75.0 % (3/4)  Learning",
        "",
        "Outcomes, in the order they are tested",
        "  deferred (Deferred): does not hold",
        "    no   At least one indicator of the class “Essential” is missing.",
        "  accredited (Accredited, 36 months): does not hold",
        "    no   Every indicator of the class “Essential” reaches level 2 (Largely in place) or better. "
        "In the way: 1.1.1.",
        "    yes  Every domain reaches 60\u00a0%.",
        "    no   The overall score reaches 80\u00a0%. Found: 79.4 % (143/180).",
        "  conditional (Accredited with conditions, 12 months): holds",
        "    yes  Every indicator of the class “Essential” reaches level 1 (Started, or on paper only) or better.",
        "    yes  At most 3 indicators of the class “Essential” are below level 2 (Largely in place) or missing. "
        "Short: 1.1.1.",
        "    yes  The overall score reaches 65\u00a0%. Found: 79.4 % (143/180).",
        "  not_accredited (Not accredited): holds",
        "",
        "The smallest set of improvements that reaches accredited (Accredited):",
        "  1.1.1  from level 1 to level 2  A call is answered by a trained person",
    ]


def test_the_head_names_the_edition_and_what_went_in(write: Folder):
    card = json.loads("\n".join(run(GATE, write({}), "--json")[0]))
    lines, _ = run(GATE, write({}))
    assert lines[0].startswith("Essential items guard the whole (edition gate, sha256 ")
    assert lines[1] == f"Engine {card['engine']}, inputs {card['inputs']}"


def test_the_whole_scorecard_comes_as_json(write: Folder):
    lines, _ = run(GATE, write({"1.1.1": {"level": 2}}), "--json")
    card = json.loads("\n".join(lines))
    assert (card["outcome"], card["months"], card["edition"], card["overall"]) == ("deferred", 0, "gate", "1/18")
    assert [outcome["outcome"] for outcome in card["outcomes"]] == [
        "deferred",
        "accredited",
        "conditional",
        "not_accredited",
    ]
    assert card["outcomes"][0]["checks"][0]["codes"] == ["1.1.2", "1.1.3", "1.1.4"]
    assert card["domains"][0]["standards"][0]["indicators"][0]["level"] == 2


def test_what_is_absent_is_missing_and_what_is_at_the_worst_level_is_not(write: Folder):
    nothing, _ = run(GATE, write({}))
    worst, _ = run(GATE, write({code: {"level": 0} for code in ("1.1.1", "1.1.2", "1.1.3", "1.1.4")}))
    assert (nothing[3], worst[3]) == ("Outcome: deferred (Deferred)", "Outcome: not_accredited (Not accredited)")


def test_not_applicable_where_the_guide_does_not_allow_it_is_noted_and_counts_as_missing(write: Folder):
    lines, notes = run(GATE, write({"2.1.1": {"not_applicable": "We have none."}}))
    assert notes == [
        "Note: findings.json, 2.1.1: The Guide does not allow “not applicable” here, so it does not count. "
        "Write a level instead, or remove it."
    ]
    assert "Not applicable: 2.1.1" not in lines
    lines, _ = run(GATE, write({"2.1.1": {"not_applicable": "We have none."}}), "--why", "2.1.1")
    assert any("“not applicable” does not count: the Guide does not allow it here." in line for line in lines)


def test_a_not_applicable_of_the_assessors_that_is_not_allowed_displaces_nothing_and_why_says_so(write: Folder):
    data = {"answers": {"2.1.1": {"level": 2}}, "findings": {"2.1.1": {"not_applicable": "Not seen."}}}
    lines, _ = run(GATE, write(data), "--why", "2.1.1")
    assert lines[0].startswith("Indicator 2.1.1")
    assert any(line.strip().startswith("Source: the own word of") for line in lines)
    assert "  The assessors’ “not applicable” does not count: the Guide does not allow it here." in lines


def test_what_the_assessors_could_not_look_at_is_missing_where_the_guide_asks_for_eyes(write: Folder):
    unseen = {"2.1.1": {"not_seen": "The room was locked."}}
    lines, _ = run(SAMPLE, write({"answers": {"2.1.1": {"level": 3}}, "findings": unseen}), "--why", "2.1.1")
    assert any("the assessors could not look at it: it counts as not reached" in line for line in lines)
    assert (
        run(SAMPLE, write(unseen), "--why", "2.1.1")[0] == run(SAMPLE, write({"findings": unseen}), "--why", "2.1.1")[0]
    )
    message = "findings.json, answers, 2.1.1, not_seen: Only the assessors say so. Move it to “findings”."
    assert refusal(SAMPLE, write({"answers": unseen})) == message


def test_two_voices_are_told_apart(write: Folder):
    path = write({"answers": {"1.1.1": {"level": 3}, "2.1.1": {"level": 2}}, "findings": {"1.1.1": {"level": 1}}})
    first, _ = run(GATE, path, "--why", "1.1.1")
    second, _ = run(GATE, path, "--why", "2.1.1")
    assert first[2:5] == [
        "  Source: what the assessors found",
        "  The word of the hotline: level 3 (In place and shown)",
        "  The assessors’ word: level 1 (Started, or on paper only)",
    ]
    assert second[2] == "  Source: the own word of the hotline"


def changed(edition: Path, old: str, new: str, folder: Path) -> Path:
    """Return a copy of an edition with one passage replaced."""
    copy = folder / "edition"
    (copy / "domains").mkdir(parents=True)
    for path in [edition / "edition.toml", *(edition / "domains").iterdir()]:
        (copy / path.relative_to(edition)).write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return copy


def test_an_indicator_is_asked_from_its_day_on(write: Folder, tmp_path: Path):
    edition = changed(GATE, 'code = "1.1.2"\n', 'code = "1.1.2"\nasked_from = 2027-01-01\n', tmp_path)
    found = write({code: {"level": 3} for code in ("1.1.1", "1.1.3", "1.1.4")})
    assert run(edition, found, "--on", "2026-12-31")[0][3] != "Outcome: deferred (Deferred)"
    assert run(edition, found, "--on", "2027-01-01")[0][3] == "Outcome: deferred (Deferred)"
    assert run(edition, found)[0][3] == "Outcome: deferred (Deferred)"
    assert (
        "  1.1.2 Danger is passed on at once: left out, not asked yet"
        in run(edition, found, "--on", "2026-12-31", "--why", "1.1")[0]
    )


def test_an_indicator_is_asked_of_hotlines_with_a_trait_or_after_an_answer(write: Folder, tmp_path: Path):
    edition = changed(GATE, 'code = "1.1.2"\n', 'code = "1.1.2"\nasked_if = "night;1.1.1=3"\n', tmp_path)
    title = edition / "edition.toml"
    title.write_text(f'{title.read_text("utf-8")}\n[[traits]]\ncode = "night"\nname = "At night too"\n', "utf-8")
    levels = {code: {"level": 2} for code in ("1.1.1", "1.1.3", "1.1.4")}
    found = write(levels)
    assert run(edition, found)[0][3] != "Outcome: deferred (Deferred)"
    assert "Not asked here: 1.1.2" in run(edition, found)[0]
    assert (
        "  1.1.2 Danger is passed on at once: left out, not asked of this hotline"
        in run(edition, found, "--why", "1.1")[0]
    )
    assert run(edition, found, "--trait", "night")[0][3] == "Outcome: deferred (Deferred)"
    assert run(edition, write(levels | {"1.1.1": {"level": 3}}))[0][3] == "Outcome: deferred (Deferred)"
    assert refusal(edition, found, "--trait", "day") == (
        "--trait day: The edition has no such trait. Write one of: night."
    )


# --- Figures -------------------------------------------------------------------------------------------------------


def test_figures_come_from_json(write: Folder):
    figures = write({"A03": 1000, "A04": "850", "A05": None}, "figures.json")
    lines, _ = run(SMALL, write({}), "--figures", str(figures), "--why", "1.1.1")
    assert lines[0] == "Indicator 1.1.1 Share of calls answered: no level"
    assert "    A05 Calls abandoned within 10 seconds (short abandons): not recorded" in lines
    assert "  No figure: item missing" in lines


def test_a_figure_says_its_terms_its_value_and_its_bands(write: Folder):
    figures = write({"A03": 1050, "A04": 850, "A05": 50}, "figures.json")
    lines, _ = run(SMALL, write({}), "--figures", str(figures), "--why", "1.1.1")
    assert lines[:2] == [
        "Indicator 1.1.1 Share of calls answered: level 2 (Mostly there)",
        "  Class: Essential (essential), weight 3",
    ]
    assert "  Source: the statistics" in lines
    assert "  Value: 85 percent" in lines
    assert "  Level 2 (Mostly there): at least 80\u00a0%" in lines


def test_figures_come_from_an_export_of_a_case_system(write: Folder, tmp_path: Path):
    path = tmp_path / "export.csv"
    path.write_bytes(example_of("aggregate"))
    lines, _ = run(SMALL, write({}), "--figures", str(path), "--why", "1.1.1")
    assert "  Source: the statistics" in lines


def test_a_value_stands_in_the_place_of_figures(write: Folder):
    lines, _ = run(SMALL, write({"1.1.1": {"value": "92.5"}}), "--why", "1.1.1")
    assert (lines[0], "  Value: 92.5 (185/2) percent" in lines) == (
        "Indicator 1.1.1 Share of calls answered: level 3 (There)",
        True,
    )


TITLES = (
    "1.1.2 Danger is passed on at once",
    "1.1.3 Two people know of every open case",
    "1.1.4 What is told stays confidential",
)

# --- Why -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        (
            "overall",
            [
                "Overall: 5.5 % (1/18)",
                "  The overall score is the mean of the domains. "
                "What does not apply is left out. What is missing counts as not reached.",
                "  D1 Keeping children safe: 16.6 % (1/6), weight 1, brings 0.166 (1/6) of 1",
                "  D2 Working well: 0.0 % (0), weight 1, brings 0 of 1",
                "  D3 Growing: 0.0 % (0), weight 1, brings 0 of 1",
                "  Together 0.166 (1/6) of 3",
                "  For accredited (Accredited): no   The overall score reaches 80\u00a0%. Found: 5.5 % (1/18).",
                "  For conditional (Accredited with conditions): no   The overall score reaches 65\u00a0%. Found: 5.5 % (1/18).",
            ],
        ),
        (
            "1.1",
            [
                "Standard 1.1 Safety of a call: 16.6 % (1/6)",
                "  A standard is the mean of its indicators, each by the weight of its class. "
                "What does not apply is left out. What is missing counts as not reached.",
                "  1.1.1 A call is answered by a trained person: brings 6 of 9 by level 2 (Largely in place), 2 of 3 points, "
                "weight 3; what the assessors found",
                *(
                    f"  {title}: brings 0 of 9 by no level, 0 of 3 points, weight 3; "
                    "missing: nothing that counts was found, so it counts as not reached"
                    for title in TITLES
                ),
                "  Together 6 of 36",
            ],
        ),
        (
            "1.1.1",
            [
                "Indicator 1.1.1 A call is answered by a trained person: level 2 (Largely in place)",
                "  Class: Essential (essential), weight 3",
                "  Source: what the assessors found",
                "  The assessors’ word: level 2 (Largely in place)",
                "  Points: 2 of 3; in standard 1.1 Safety of a call: 6 of 9",
            ],
        ),
        (
            "deferred",
            [
                "Outcome deferred (Deferred)",
                "  yes  At least one indicator of the class “Essential” is missing.",
                *(f"    Missing: {title}" for title in TITLES),
                "  It is the first whose conditions all hold, so it is the outcome.",
            ],
        ),
        (
            "not_accredited",
            [
                "Outcome not_accredited (Not accredited)",
                "  It asks for nothing: it is what is left when nothing else holds.",
                "  Its conditions hold, but deferred (Deferred) is tested before it and holds as well.",
            ],
        ),
    ],
)
def test_every_number_says_why(write: Folder, code: str, lines: list[str]):
    assert run(GATE, write({"1.1.1": {"level": 2}}), "--why", code)[0] == lines


def best(family: str, **different: int | dict[str, str]) -> dict[str, dict[str, object]]:
    """Return the findings with everything at its best except `different`."""
    found = json.loads((EDITIONS / family / "findings.json").read_text("utf-8"))
    for name, what in different.items():
        found[name[1:].replace("_", ".")] = {"level": what} if isinstance(what, int) else what
    return found


def test_the_edition_says_whom_it_examines(write: Folder, tmp_path: Path):
    edition = changed(GATE, "sample = true\n", 'sample = true\nexamined = "reception centre"\n', tmp_path)
    lines, _ = run(edition, write({"answers": {"2.1.1": {"level": 2}}, "findings": {}}), "--why", "2.1.1")
    assert "  Source: the own word of the reception centre" in lines
    assert "  The word of the reception centre: level 2 (Largely in place)" in lines
    assert not [line for line in lines if "hotline" in line]


def test_an_item_of_the_statistics_has_its_name(write: Folder):
    figures = write({"A03": 1050, "A04": 850}, "figures.json")
    lines, _ = run(SMALL, write({}), "--figures", str(figures), "--why", "1.1.1")
    assert lines[3:7] == [
        "  Formula: A04/(A03-A05)",
        "    A04 Calls answered by a person: 850",
        "    A03 Calls received on 116000: 1050",
        "    A05 Calls abandoned within 10 seconds (short abandons): not recorded",
    ]


@pytest.mark.parametrize(
    ("number", "is_up", "formatted"),
    [
        (Fraction(12), False, "12"),
        (Fraction(1, 6), False, "0.166 (1/6)"),
        (Fraction(1, 6), True, "0.167 (1/6)"),
        (Fraction(27, 2), False, "13.5 (27/2)"),
        (Fraction(79999, 1000), False, "79.999 (79999/1000)"),
        (Fraction(1, 3000), False, "0 (1/3000)"),
    ],
)
def test_a_number_is_told_as_a_decimal_and_exactly(number: Fraction, is_up: bool, formatted: str):
    assert format_number(number, is_up=is_up) == formatted


def test_the_lowest_of_all_is_named_where_it_decides(write: Folder):
    lines, _ = run(EDITIONS / "components", write(best("components", i7_1_2=1)), "--why", "D7")
    assert lines == [
        "Domain D7 Evaluation: 33.3 % (1/3)",
        "  A domain stands where the worst of all its indicators stands. "
        "What does not apply is left out. What is missing counts as not reached.",
        "  7.1.1 Calls are reviewed: brings 3 of 3 by level 3 (Third level), 3 of 3 points; what the assessors found",
        "  7.1.2 Results are used: brings 1 of 3 by level 1 (First level), 1 of 3 points, the lowest; what the assessors found",
        "  Together 1 of 3",
    ]


def test_a_standard_that_fails_says_what_it_takes_to_pass(write: Folder):
    lines, _ = run(EDITIONS / "partials", write(best("partials", i1_2_1=1, i1_2_2=1, i1_2_3=1)), "--why", "1.2")
    assert lines[-8:] == [
        "  Together 3 of 6",
        "  It does not pass. A standard passes when all of this holds:",
        "    Every indicator reaches level 1 (Partial) or better.",
        "    At most 2 indicators are below level 2 (Satisfactory) or missing.",
        "  For accredited (Accredited): no   Every standard passes.",
        "    In the way: 1.2 Volunteers",
        "  For follow_up (Accredited with follow-up): yes  At most 2 standards do not pass.",
        "    Short: 1.2 Volunteers",
    ]


def test_what_the_rule_keeps_of_what_does_not_apply_is_told(write: Folder, tmp_path: Path):
    """Of 15 points in D3, 3 do not apply; a tenth, 1.5, may leave the score: 12 of 13.5."""
    edition = changed(GATE, "sample = true\n", "sample = true\nexcused_at_most = 10\n", tmp_path)
    path = write(best("essential_gate", i3_1_5={"not_applicable": "There is no chat."}))
    lines, _ = run(edition, path, "--why", "3.1")
    assert (lines[0], lines[-3:]) == (
        "Standard 3.1 Learning: 88.8 % (8/9)",
        [
            "  3.1.5 A chat is open in the evening: left out, not applicable: it leaves the score",
            "  Not applicable, but beyond what the rule leaves out: 1.5 (3/2) of 3 stay in",
            "  Together 12 of 13.5 (27/2)",
        ],
    )


@pytest.mark.parametrize("family", ["essential_gate", "classes", "tiers", "components", "partials", "stars"])
def test_whatever_has_a_code_can_be_asked_in_every_family(family: str):
    edition = EDITIONS / family
    card = json.loads("\n".join(run(edition, edition / "findings.json", "--json")[0]))
    codes = ["overall", *(outcome["outcome"] for outcome in card["outcomes"])]
    for domain in card["domains"]:
        codes += [domain["code"], *(standard["code"] for standard in domain["standards"])]
        codes += [i["code"] for standard in domain["standards"] for i in standard["indicators"]]
    first_words = {run(edition, edition / "findings.json", "--why", code)[0][0].split()[0] for code in codes}
    assert first_words == {"Overall:", "Outcome", "Domain", "Standard", "Indicator"}


def test_a_code_that_is_not_there_is_refused_with_the_nearest(write: Folder):
    assert refusal(GATE, write({}), "--why", "1.1.9") == (
        "--why 1.1.9: Edition gate has no such code. The nearest is 1.1.4. Name an indicator, a standard, a domain, "
        "an outcome (deferred, accredited, conditional, not_accredited) or “overall”."
    )


def test_the_smallest_set_is_told_for_the_outcome_that_is_asked_for(write: Folder):
    best = json.loads((GATE / "findings.json").read_text("utf-8"))
    path = write(best | {"1.1.1": {"level": 1}})
    assert run(GATE, path, "--target", "accredited")[0] == [
        "The smallest set of improvements that reaches accredited (Accredited):",
        "  1.1.1  from level 1 to level 2  A call is answered by a trained person",
    ]
    assert run(GATE, path, "--target", "conditional")[0] == [
        "Nothing needs to improve for conditional (Accredited with conditions)."
    ]
    assert refusal(GATE, path, "--target", "gold") == (
        "--target gold: The edition has no such outcome. "
        "Write one of: deferred, accredited, conditional, not_accredited."
    )


def test_the_nearest_way_up_is_told_for_each_result(write: Folder):
    everything, path = EDITIONS / "everything", write({})
    ways = [line for line in run(everything, path)[0] if line.startswith(("The smallest set of", "A small set of"))]
    assert ways[-1] == "The smallest set of improvements that reaches seal (Sealed):"
    assert len(ways) == 2


def test_an_outcome_of_a_further_result_is_explained_by_its_own_conditions(write: Folder):
    everything, path = EDITIONS / "everything", write({})
    way = [
        "The smallest set of improvements that reaches seal (Sealed):",
        "  1.1.1  from nothing found to level 1  Calls are answered day and night",
    ]
    assert run(everything, path, "--target", "seal")[0] == way
    assert run(everything, path, "--why", "seal")[0][0] == "Outcome seal (Sealed, 12 months)"
    overall = run(everything, path, "--why", "overall")[0]
    assert any("For silver (Silver)" in line for line in overall)
    assert run(everything, path, "--why", "overall", "--target", "seal")[0] == [*overall, *way]
    assert refusal(everything, path, "--target", "gem") == (
        "--target gem: The edition has no such outcome. Write one of: held_up, gold, silver, no_medal, seal, no_seal."
    )


def test_json_is_the_whole_scorecard_and_nothing_beside_it(write: Folder):
    sentence = "--json prints the whole scorecard. Ask for --why and --target without it."
    assert refusal(GATE, write({}), "--json", "--why", "1.1") == sentence
    assert refusal(GATE, write({}), "--json", "--target", "accredited") == sentence


# --- As a process ----------------------------------------------------------------------------------------------------


def test_the_commands_of_the_page_on_scores_do_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The shell writes the file. The commands run in this process; the next test starts one in a process of its own."""
    page = (ROOT / "docs/scores.md").read_text("utf-8")
    section = page.partition("## Recompute a result yourself")[2].partition("\n## ")[0]
    commands = "".join(block.partition("```")[0] for block in section.split("```sh\n")[1:]).splitlines()
    (tmp_path / "116000-XH-result.json").write_text(write_file(published(T1, ORDINARY)), "utf-8")
    monkeypatch.chdir(ROOT)
    out, err = StringIO(), StringIO()
    for command in commands:
        line = command.replace("var/", f"{tmp_path}/")
        program, *arguments = shlex.split(line, comments=True)
        if program == "./go":
            assert arguments.pop(0) == "manage"
            call_command(*arguments, stdout=out, stderr=err)
        else:
            subprocess.run(["sh", "-ec", line], check=True)
    assert err.getvalue() == ""
    lines = out.getvalue().splitlines()
    assert "recomputed: equal" in lines
    assert "Outcome: deferred (Deferred)" in lines
    assert lines[-1] == "Nothing needs to improve for five_stars (Five stars)."


def test_it_runs_where_there_is_no_database_and_loads_no_heavy_library(tmp_path: Path):
    program = (
        "import sys; from django.core.management import execute_from_command_line as run\n"
        f"run(['manage.py', 'score', {str(SAMPLE)!r}, {str(tmp_path / 'f.json')!r}, '--json'])\n"
        "print(*sorted({'pandas', 'numpy', 'matplotlib', 'weasyprint', 'pikepdf'} & set(sys.modules)), file=sys.stderr)"
    )
    (tmp_path / "f.json").write_text('{"1.1.1": {"level": 3}}', "utf-8")
    environment = {
        **os.environ,
        "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/nowhere",
        "DJANGO_SETTINGS_MODULE": "portal.settings.development",
        "VAR_DIR": str(tmp_path / "var"),
    }
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment, timeout=60
    )
    assert (done.returncode, done.stderr.strip()) == (0, "")
    assert json.loads(done.stdout)["outcome"] == "deferred"
    assert not (tmp_path / "var").exists()
