"""Saving over the files of an edition preserves comments, order and spelling of everything that has not changed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from standards.drafts.fields import EditionText, Part
from standards.editions.files import read_edition
from standards.editions.files.toml.writer import write_folder

TITLE = """\
# The edition of the tests
code = "notes"
language = "en"   # as spoken in Brussels
title = 'Notes'

# Who rings
excused_at_most = 50

# The order of the outcomes matters.
[[outcomes]]
code = "accredited"
name = "Accredited"
months = 36
conditions = [
    # Nobody is left out.
    { level = 2, test = "every", strictly = false },
    # The whole at 80.
    { test = "score", percent = 80 }, # not 75
    # The last word
]

[[outcomes]]  # what is left
code = "refused"
name = "Refused"
months = 0
conditions = []

[scale]
0 = "No"
1 = "In part"
2 = "Yes" # the best

[[obligations]]
code = "core"
name = "Core"
# The end
"""
DOMAIN = """\
code = "D1"
title = "Access"
short_title = "Access"
weight = 1  # as the others

"""
STANDARD = """
# {head}
[[standards]]
code = "{code}"
title = "{head}"
basis = ["L1",
         "L5"] # the laws
"""
INDICATOR = '''
# about {code}
[[standards.indicators]]
code = "{code}"
# the words of {code}
wording = """
What is asked,
in two lines."""
guidance = "How" # {code} too
obligation = "core"
measure = "yes_no"
source = "documents"
evidence = "A rota"
evidence_required = false
not_applicable = false
[standards.indicators.recommendation] # of {code}
title = "Do it"
text = "Do it well."
look_for = "A rota"
[standards.indicators.levels]
no = "It is not so" # no
yes = "It is so"
'''


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Return the folder of an edition of two domains with comments at every place."""
    folder = tmp_path / "notes"
    (folder / "domains").mkdir(parents=True)
    (folder / "edition.toml").write_text(TITLE, encoding="utf-8")
    for domain, standards in (("1", ("1", "2")), ("2", ("1",))):
        parts = [DOMAIN.replace("D1", f"D{domain}")]
        for number in standards:
            code = f"{domain}.{number}"
            parts += [STANDARD.format(head=f"Standard {code}", code=code)]
            parts += [INDICATOR.format(code=f"{code}.{place}") for place in (1, 2)]
        (folder / "domains" / f"D0{domain}.toml").write_text("".join(parts), encoding="utf-8")
    return folder


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*.toml")}


def save(folder: Path, text: EditionText) -> list[tuple[str, str]]:
    """Write the edition, read it back, and return each removed and each added line of all files."""
    before = files(folder)
    write_folder(text, folder)
    assert read_edition(folder) == text
    after = files(folder)
    lines = lambda them: [line for name in sorted(them) for line in them[name].splitlines()]  # noqa: E731
    old, new = lines(before), lines(after)
    gone, added = list(old), list(new)
    for line in old:
        if line in added:
            added.remove(line)
            gone.remove(line)
    return [("-", line) for line in gone] + [("+", line) for line in added]


def indicator(text: EditionText, domain: int = 0, standard: int = 0, place: int = 0) -> dict[str, Any]:
    return text.domains[domain].parts[standard].parts[place].fields


def test_nothing_changes_where_nothing_changed(notes: Path) -> None:
    before = files(notes)
    write_folder(read_edition(notes), notes)
    assert files(notes) == before


def _title(text: EditionText) -> None:
    text.fields["title"] = "Other notes"


def _number(text: EditionText) -> None:
    text.fields["excused_at_most"] = 60


def _language(text: EditionText) -> None:
    text.fields["level_2"] = "Always # yes"


def _words(text: EditionText) -> None:
    indicator(text)["wording"] = "Asked\notherwise."


def _guidance(text: EditionText) -> None:
    indicator(text)["guidance"] = 'So "and" so'


def _basis(text: EditionText) -> None:
    text.domains[0].parts[0].fields["basis"] = "L1, L6"


def _usual(text: EditionText) -> None:
    text.domains[0].fields["weight"] = 3


def _new(text: EditionText) -> None:
    indicator(text)["minimum_base"] = ""
    indicator(text)["counts_with"] = "words"


def _procedure(text: EditionText) -> None:
    text.fields["quorum"] = 5


@pytest.mark.parametrize(
    ("how", "lines"),
    [
        (_title, ["-title = 'Notes'", '+title = "Other notes"']),
        (_number, ["-excused_at_most = 50", "+excused_at_most = 60"]),
        (_language, ['-2 = "Yes" # the best', '+2 = "Always # yes" # the best']),
        (_words, ["-What is asked,", '-in two lines."""', "+Asked", '+otherwise."""']),
        (_guidance, ['-guidance = "How" # 1.1.1 too', '+guidance = "So \\"and\\" so" # 1.1.1 too']),
        (_basis, ['-basis = ["L1",', '-         "L5"] # the laws', '+basis = ["L1", "L6"] # the laws']),
        (_usual, ["-weight = 1  # as the others", "+weight = 3  # as the others"]),
        (_new, ['+counts_with = "words"']),
    ],
)
def test_only_the_lines_of_what_changed_are_other_lines(
    notes: Path, how: Callable[[EditionText], None], lines: list[str]
) -> None:
    text = read_edition(notes)
    how(text)
    assert [mark + line for mark, line in save(notes, text)] == lines


def test_a_table_that_was_left_out_is_written_whole_once_it_has_another_value(notes: Path) -> None:
    text = read_edition(notes)
    _procedure(text)
    changes = save(notes, text)
    assert ("+", "[procedure]") in changes
    assert all(mark == "+" for mark, _ in changes)


def test_conditions_keep_the_comments_of_those_that_stay(notes: Path) -> None:
    text = read_edition(notes)
    first, *others = text.outcomes
    changed = Part(first.parts[1].fields | {"percent": "66 2/3"})
    assert save(notes, replace(text, outcomes=(Part(first.fields, (first.parts[0], changed)), *others))) == [
        ("-", "    # The whole at 80."),
        ("-", '    { test = "score", percent = 80 }, # not 75'),
        ("+", '    { test = "score", percent = "66 2/3" },'),
    ]


def test_parts_that_move_take_their_comments_along(notes: Path) -> None:
    text = read_edition(notes)
    first, second = text.domains
    turned = Part(first.fields, (first.parts[1], Part(first.parts[0].fields, tuple(reversed(first.parts[0].parts)))))
    assert save(notes, replace(text, domains=(turned, second))) == []
    written = files(notes)["D01.toml"]
    assert written.index("# Standard 1.2") < written.index("# Standard 1.1")
    assert written.index("# about 1.1.2") < written.index("# about 1.1.1") < written.index("# of 1.1.1")


def test_an_indicator_that_moves_to_another_domain_takes_its_comments_along(notes: Path) -> None:
    text = read_edition(notes)
    first, second = text.domains
    moved = first.parts[0].parts[0]
    moved.fields["code"] = "2.1.3"
    assert moved.fields["key"] == "1.1.1"
    rest = Part(first.fields, (Part(first.parts[0].fields, first.parts[0].parts[1:]), first.parts[1]))
    there = Part(second.fields, (Part(second.parts[0].fields, (*second.parts[0].parts, moved)),))
    assert save(notes, replace(text, domains=(rest, there))) == [
        ("-", 'code = "1.1.1"'),
        ("+", 'code = "2.1.3"'),
        ("+", 'key = "1.1.1"'),
    ]
    assert "# about 1.1.1" in files(notes)["D02.toml"]


def test_what_is_removed_goes_with_its_comments_and_what_is_new_comes_in_its_place(notes: Path) -> None:
    text = read_edition(notes)
    first, second = text.domains
    new = Part({**first.parts[0].parts[0].fields, "code": "1.1.7", "key": "1.1.7"})
    kept = Part(first.parts[0].fields, (new, first.parts[0].parts[1]))
    save(notes, replace(text, domains=(Part(first.fields, (kept, first.parts[1])), second)))
    written = files(notes)["D01.toml"]
    assert "about 1.1.1" not in written
    assert written.index('code = "1.1.7"') < written.index("# about 1.1.2")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            '[scale]\n0 = "No"\n1 = "In part"\n2 = "Yes" # the best\n',
            'scale = { 0 = "No", 1 = "In part", 2 = "Yes" }\n',
        ),
        ('[scale]\n0 = "No"', '["scale"]\n0 = "No"'),
        ("[[outcomes]]  # what is left\n", "[[ outcomes ]]\n"),
    ],
)
def test_another_way_to_write_toml_may_lose_comments_and_nothing_else(notes: Path, old: str, new: str) -> None:
    written = TITLE.replace(old, "")
    at = written.index("# The order") if new.startswith("scale") else 0
    spelt = written[:at] + new + written[at:] if at else TITLE.replace(old, new)
    (notes / "edition.toml").write_text(spelt, encoding="utf-8")
    text = read_edition(notes)
    text.fields["title"] = "Other notes"
    save(notes, text)
    assert 'title = "Other notes"' in files(notes)["edition.toml"]


def test_a_file_that_cannot_be_read_is_written_anew(notes: Path) -> None:
    text = read_edition(notes)
    (notes / "domains" / "D01.toml").write_text("not TOML", encoding="utf-8")
    write_folder(text, notes)
    assert read_edition(notes) == text


def test_a_domain_whose_file_has_one_digit_keeps_its_comments_under_two(notes: Path) -> None:
    text = read_edition(notes)
    (notes / "domains" / "D01.toml").rename(notes / "domains" / "D1.toml")
    assert save(notes, text) == []
    assert sorted(files(notes)) == ["D01.toml", "D02.toml", "edition.toml"]
