"""The JSON document of an edition: its published schema, and every mistake reported with its place."""

import copy
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command

from standards.editions.entries import TABLES
from standards.editions.files import read_edition, read_files
from standards.editions.files.document import write_document
from standards.editions.files.schema import BEYOND_A_SCHEMA, edition_schema
from standards.framework import MalformedEdition
from tests.standards.conftest import EDITIONS, SAMPLE, SMALL

SCHEMA = Path(__file__).parents[3] / "docs" / "edition.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(edition_schema(), format_checker=jsonschema.FormatChecker(["date"]))
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(write_document(read_edition(SMALL)))
    return found


def problems_of(tmp_path: Path, content: Any) -> list[str]:
    path = tmp_path / "small.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return list(read_files(path).problems)


def first_indicator(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["domains"][0]["standards"][0]["indicators"][0]
    return found


def test_the_schema_in_the_repository_is_the_one_that_is_written_now() -> None:
    out = StringIO()
    call_command("describe_edition_schema", stdout=out)
    assert out.getvalue() == SCHEMA.read_text(encoding="utf-8"), (
        "./go manage describe_edition_schema > docs/edition.schema.json"
    )


def test_the_schema_is_a_schema_with_every_declared_entry() -> None:
    schema = edition_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(schema, ensure_ascii=False)
    for table in TABLES:
        for entry in table.entries:
            assert json.dumps(entry.meaning, ensure_ascii=False) in text, (table.begins, entry.name)


@pytest.mark.parametrize("folder", [SAMPLE, *sorted(EDITIONS.iterdir())], ids=lambda folder: folder.name)
def test_every_edition_in_the_repository_follows_the_schema(folder: Path) -> None:
    VALIDATOR.validate(json.loads(write_document(read_edition(folder))))


BEYOND = (
    r"stands? (more than once|\d+ times)",
    r"which the edition does not (have|name)|which is not in the same list|in the edition\. Name it there|at itself",
    r"does not belong to (domain|standard)",
    r"the scale (of the edition )?(does not have|has levels)|no level \d+ in the scale|(scale|\d) needs \d+ points",
    r"may not allow “not applicable”|A share counts from a level|nothing would count|are to hold\. Write a number|levels? .* only from",
    r"This text is missing\. Write it\.",
    r"(Only the last|The last) outcome",
    r"needs (groups of domains|the conditions by which)|is in (the group .* already|no group)",
    r"is not known here\. Write one of: en, ",
    r"control character U\+D[89A-F]|half character",
    r"characters; there is room for",
    r"per cent\. Write a number from 0 to 100",
)
"""What the reader refuses and the schema cannot say, as its description lists it."""
STRAY: tuple[Any, ...] = (
    *("", " ", "x", "1.1", "D1", "a b", "x\x00y", "=1", "2027-02-30", "0", "66 2/3", "-3", "x" * 61, "x" * 300),
    *(0, 1, 3, -1, 99, 121, 10000, 1.0, 1e3, 2.5, True, False, None, [], {}, ["1.1.1"], [0, 1], [1.0], ["x"], [{}]),
)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from places_in(one, (*path, name))


def kinds_of_places(document: dict[str, Any]) -> list[list[tuple[Any, ...]]]:
    kinds = defaultdict(list)
    for path in places_in(document):
        kinds[tuple(name if isinstance(name, str) else "" for name in path)].append(path)
    del kinds[()]
    return [kinds[kind] for kind in sorted(kinds)]


def mutated(document: dict[str, Any], kinds: list[list[tuple[Any, ...]]], chance: Random) -> dict[str, Any]:
    """Return a document with a value changed, taken away or added at one place, each kind of place as often."""
    found: dict[str, Any] = json.loads(json.dumps(document))  # a copy, sooner than by `copy`
    path = chance.choice(chance.choice(kinds))
    holder: Any = found
    for name in path[:-1]:
        holder = holder[name]
    value, how = holder[path[-1]], chance.randrange(5)
    if how == 0:
        del holder[path[-1]]
    elif how == 1 and isinstance(value, list) and value:
        value.append(copy.deepcopy(chance.choice(value)))
    elif how == 2 and isinstance(value, str):
        holder[path[-1]] = chance.choice((f"{value} ", f"{value}x", value.upper(), f"{value}\a", "x" * len(value)))
    elif how == 3 and isinstance(value, int):
        holder[path[-1]] = chance.choice((float(value), value + 1, value - 1, str(value)))
    else:
        holder[path[-1]] = copy.deepcopy(chance.choice(STRAY))
    return found


@pytest.mark.parametrize("folder", sorted(EDITIONS.iterdir()), ids=lambda folder: folder.name)
def test_what_the_schema_accepts_of_a_changed_document_the_reader_accepts(folder: Path, tmp_path: Path) -> None:
    document, chance, accepted = json.loads(write_document(read_edition(folder))), Random(folder.name), 0
    kinds = kinds_of_places(document)
    for _number in range(300):
        changed = mutated(document, kinds, chance)
        if VALIDATOR.is_valid(changed):
            accepted += 1
            problems = problems_of(tmp_path, changed)
            assert [problem for problem in problems if not any(re.search(one, problem) for one in BEYOND)] == []
    assert accepted > 20


@pytest.mark.parametrize(
    "how",
    [
        lambda it: it.update(code="2027 draft"),
        lambda it: it["domains"][0].update(code="1"),
        lambda it: it["obligations"][0].update(code="tier1"),
        lambda it: it.update(title="  "),
        lambda it: it.update(introduction="a\x00b"),
        lambda it: it.update(obligations=[]),
        lambda it: it["domains"][0]["standards"][0].update(indicators=[]),
        lambda it: it["scale"].pop("1"),
        lambda it: it.update(sample=True, sample_notice=""),
        lambda it: it["procedure"].update(quorum=0),
        lambda it: it["outcomes"][1]["conditions"][0].update(test="score", percent="two thirds"),
        lambda it: it["outcomes"][1]["conditions"][0].update(test="at_least", level=2),
        lambda it: it["outcomes"][1]["conditions"][0].update(test="complete", level=2),
        lambda it: first_indicator(it).update(measure="yes_no", levels={"yes": "It is so"}),
        lambda it: first_indicator(it).update(measure="numeric", levels={}, unit="percent", bands="90 and more"),
        lambda it: first_indicator(it).update(minimum_base="A03>=20", formula=""),
    ],
)
def test_what_the_schema_did_not_see_it_refuses_as_the_reader_does(
    document: dict[str, Any], tmp_path: Path, how: Change
) -> None:
    how(document)
    assert problems_of(tmp_path, document)
    assert not VALIDATOR.is_valid(document)


def test_a_whole_number_with_a_point_is_read_as_the_schema_has_it(document: dict[str, Any], tmp_path: Path) -> None:
    document["obligations"][0]["weight"] = 3.0
    assert problems_of(tmp_path, document) == []
    VALIDATOR.validate(document)


def test_the_schema_says_what_it_cannot_say() -> None:
    description = edition_schema()["description"]
    assert [sentence for sentence in BEYOND_A_SCHEMA if sentence not in description] == []


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        (
            lambda it: it.pop("title"),
            "small.json, title: The entry “title” is missing. Write a text in quotation marks.",
        ),
        (
            lambda it: it.update(colour="blue"),
            "small.json, colour: The entry “colour” is not known here. Remove it, or correct its name.",
        ),
        (
            lambda it: it["obligations"][0].update(weight="3"),
            "small.json, obligation essential, weight: “weight” must be a whole number.",
        ),
        (
            lambda it: it["obligations"][0].update(weight=2.5),
            "small.json, obligation essential, weight: “weight” must be a whole number.",
        ),
        (
            lambda it: it["obligations"][0].update(weight=True),
            "small.json, obligation essential, weight: “weight” must be a whole number.",
        ),
        (
            lambda it: it["obligations"][0].update(weight=100),
            "small.json, obligation essential, weight: 100 is out of range. Write a number from 0 to 99.",
        ),
        (
            lambda it: it.update(domains=[]),
            "small.json, domains: There is no domain. Write the list of them, with one at least.",
        ),
        (
            lambda it: it["domains"].append("D3"),
            "small.json, domain number 3: This must be an object in braces, with the entries of a domain.",
        ),
        (
            lambda it: it["domains"][1]["standards"][0].update(indicators=["2.1.1"]),
            "small.json, domain D2, standard 2.1, indicator 1: This must be an object in braces.",
        ),
        (
            lambda it: first_indicator(it).update(asked_from="31.1.2027"),
            "small.json, domain D1, indicator 1.1.1, asked_from: “asked_from” must be a date in quotation marks, such as "
            "“2027-01-31”.",
        ),
        (
            lambda it: first_indicator(it).update(asked_from="2027-02-30"),
            "small.json, domain D1, indicator 1.1.1, asked_from: “asked_from” must be a date in quotation marks, such as "
            "“2027-01-31”.",
        ),
        (
            lambda it: first_indicator(it).update(points=[0, "1"]),
            "small.json, domain D1, indicator 1.1.1, points: Each entry of “points” must be a whole number.",
        ),
        (
            lambda it: first_indicator(it).update(measure="scales"),
            "small.json, domain D1, indicator 1.1.1, measure: “scales” is not known here. Write one of: scale, yes_no, "
            "numeric.",
        ),
        (
            lambda it: it["outcomes"][0]["conditions"][0].update(test="all"),
            "small.json, outcome deferred, condition 1, test: “all” is not known here. Write one of: incomplete, complete, "
            "every, share, at_least, below, score, domains, groups, standards, failing, figure, reached, any.",
        ),
        (
            lambda it: it.update({"$schema": "urn:another"}),
            "small.json, $schema: “urn:another” is not known here. Write urn:quality-116000:edition:1, or remove it.",
        ),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_with_its_place(
    document: dict[str, Any], tmp_path: Path, how: Change, problem: str
) -> None:
    how(document)
    assert problem in problems_of(tmp_path, document)
    assert not VALIDATOR.is_valid(document)


def test_the_schema_need_not_be_named(document: dict[str, Any], tmp_path: Path) -> None:
    del document["$schema"]
    assert problems_of(tmp_path, document) == []
    VALIDATOR.validate(document)


def test_a_code_that_stands_twice_is_told_with_its_lines(document: dict[str, Any], tmp_path: Path) -> None:
    document["domains"][1]["standards"][0]["indicators"][0]["code"] = "1.1.1"
    (tmp_path / "small.json").write_text(json.dumps(document, indent=2), encoding="utf-8")
    problems = read_files(tmp_path / "small.json").problems
    lines = (tmp_path / "small.json").read_text(encoding="utf-8").splitlines()
    first, second = (number for number, line in enumerate(lines, start=1) if '"code": "1.1.1"' in line)
    assert (
        "small.json, domain D1 and small.json, domain D2: The code 1.1.1 stands 2 times "
        f"(small.json, line {first}; small.json, line {second}). Each code may stand once in an edition. "
        "Give the others a code of their own."
    ) in problems


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "The file is not JSON: Expecting value (line 1, column 1). Correct that line."),
        ('{"code": "1",\n}', "The file is not JSON: "),
        ("[]", "The document must be an object in braces, with the entries of an edition."),
        ("{}", "The document must be an object in braces, with the entries of an edition."),
        (
            '{"code": "1", "code": "2"}',
            "The entry “code” stands twice in one object. Delete one of the two, or correct its name.",
        ),
        ('{"code": NaN}', "NaN is no number of JSON. Write a whole number."),
        ('{"ti\\ud83d": "1"}', "A name of an entry has the half character U+D83D, which nobody sees. Take it out."),
        ('{"code": "\\udc00"}', "A code has the half character U+DC00, which nobody sees. Take it out."),
        (
            "[" * 100_000,
            "The file is not JSON that can be read: its brackets are nested too deep. Correct the brackets.",
        ),
    ],
)
def test_what_is_no_document_is_told(tmp_path: Path, content: str, problem: str) -> None:
    with pytest.raises(MalformedEdition) as caught:
        problems_of(tmp_path, content)
    assert caught.value.problems[0].startswith(f"small.json: {problem}")


def test_half_of_a_pair_is_refused_as_no_database_could_hold_it(document: dict[str, Any], tmp_path: Path) -> None:
    document["title"] = "\ud83d alone"
    assert problems_of(tmp_path, json.dumps(document)) == [
        "small.json, title: This text has the control character U+D83D, which nobody sees. Take it out."
    ]


def test_half_of_a_pair_in_what_a_problem_quotes_can_be_shown(document: dict[str, Any], tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, json.dumps(document | {"$schema": "\ud83d"}))
    assert problem.startswith("small.json, $schema: “?” is not known here.")


def test_a_document_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "small.json").write_bytes('{"title": "é"}'.encode("latin-1"))
    with pytest.raises(MalformedEdition) as caught:
        read_files(tmp_path / "small.json")
    assert caught.value.problems == ["small.json: The file is not UTF-8 at byte 11. Save it as UTF-8."]


def test_a_document_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    path.write_text(write_document(read_edition(SMALL)), encoding="utf-8-sig")
    assert read_edition(path) == read_edition(SMALL)
