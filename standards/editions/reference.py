"""Generate the reference page of edition files, and the edition of its examples."""

from collections.abc import Iterator

from standards.editions.entries import (
    AGGREGATION,
    CONDITION,
    DOMAIN,
    GROUP,
    INDICATOR,
    LEVEL_TEXTS,
    OBLIGATION,
    OUTCOME,
    PROCEDURE_TABLE,
    RECOMMENDATION_TEXTS,
    RESULT,
    SCALE,
    STANDARD,
    TABLES,
    TESTS,
    TITLE_PAGE,
    TRAIT,
    Entry,
    Table,
)
from standards.editions.files.document import SCHEMA_ID
from standards.editions.files.entry_reader import describe_kind, longest_length
from standards.editions.files.schema import COMMAND as SCHEMA_COMMAND
from standards.editions.files.workbook.layout import SHEETS
from standards.editions.files.workbook.writer import LONGEST_CELL
from standards.framework import CONDITION_FIELDS, OPTIONAL_FIELDS, SCOPED, Test

COMMAND = "./go manage describe_edition_files"

_BEGINNING = f"""# The files of an edition

An edition of the Practical Guide is a folder with `edition.toml` and a file for each domain, `domains/D01.toml` and so on. The
files are [TOML](https://toml.io), UTF-8 without a byte-order mark. A text stands in straight quotation marks, a long one in
three of them. The file of a domain is named after its code.

```sh
./go manage check_edition FOLDER   # everything that is wrong, and what makes no sense; asks no database
./go manage load_guide FOLDER      # onto the pages of the Guide; a second time changes nothing
./go manage save_guide CODE FOLDER # the pages back into files
```

Instead of a folder, each of them takes one file: a JSON document, `2027.json`, or an XLSX workbook, `2027.xlsx`. All three
say the same, and each of them back gives the same pages. They are described at the end; the CMS has both files under *Files*.

`save_guide` over the folder of an older state of the same edition keeps the comments, the order and the spelling of everything that
did not change. A comment belongs to the entry or the table that follows it; at the end of a line, to the entry of that line. It
moves with a domain, a standard or an indicator that moves, also to another file, and goes with what is removed. Entries with dotted
names, and tables written inline, are written anew without their comments.

The texts in other languages stand beside it, a PO file for each language, such as `translations/fr.po`. The context of an entry is
the place of its text, such as `indicator/1.1.1/wording`. The CMS gives translators such a file, or the same as XLIFF 1.2, under
*Languages*. A comment of each entry, or a note, has its state and its greatest length, and a digest of the translation that the file
was given out with (`base`): where the pages have changed since, the CMS shows both texts and takes the file's only if it is ticked. An
entry that was made from another source text is refused, all others are taken; entries may be left out. In XLIFF, `signed-off` and
`final` mark a text as reviewed.

```sh
./go manage publish_wording CODE fr --from FOLDER/translations/fr.po   # once the edition is released and every text is there
```

Every entry of the folder is read, refused or named. Hidden files, and files beside `edition.toml` whose name has no `.toml`, are
named and not read; anything else that is not one of the files above is refused.

This page is written by `{COMMAND}` from the declarations that the reader itself uses, and a test holds one against the other.
The examples together are an edition that passes `check_edition`; it stands at the end.
"""


_DOCUMENT = f"""
## As a JSON document

One object: the entries of `edition.toml`, and under `domains` a list with the entries of each domain's file. Tables are objects,
lists of tables are lists of objects, a date is a text such as `"2027-01-31"`. The JSON Schema is
[`edition.schema.json`](edition.schema.json), written by `{SCHEMA_COMMAND}` from the same declarations. A document may
name it as its `$schema`, by the identifier `{SCHEMA_ID}`.
"""

_WORKBOOK = f"""
## As an XLSX workbook

`save_guide` writes a workbook whose texts and codes are cells of the format *text*, so that `1.10` stays `1.10` and a text that
begins with `=` is no formula. The first row of a sheet has the names of the entries; an entry of a table within has the name of both,
such as `levels.2` or `recommendation.title`. The order of rows is the order of the parts; the order of columns does not matter. An
empty cell is an entry that is left out. The values of a list are separated by commas.

Hidden rows, columns and sheets are read as any other; blanks around texts are not. Numbers that are written as texts, percentages
with their sign (80 % in `percent` is 80) and dates are read right. Refused, with the sheet, the row, the column and the remedy:
formulas, errors, merged cells, a number or a date where a text must be, rounded fractions, columns without a name, unknown and
missing columns and sheets of the edition. The sheet Groups may be missing: workbooks from before there were groups have none. Other
sheets are named and not read. A text has at most {LONGEST_CELL} characters.
"""


def describe_format() -> str:
    """Return the whole page in Markdown."""
    parts = [_BEGINNING.strip()]
    for table in TABLES:
        parts.append("\n".join(_describe(table, "##")))
        if table is CONDITION:
            parts.append("\n".join(_describe_tests()))
    parts += [_DOCUMENT.strip(), "\n".join(_describe_workbook())]
    parts.append("## All of it together")
    parts += [f"`{name}`:\n\n```toml\n{text.strip()}\n```" for name, text in example_files().items()]
    return "\n\n".join(parts) + "\n"


def _describe(table: Table, heading: str) -> Iterator[str]:
    yield f"{heading} `{table.begins}`"
    yield ""
    yield table.meaning
    yield ""
    yield "| entry | is | left out | meaning | example |"
    yield "| --- | --- | --- | --- | --- |"
    for entry in table.entries:
        cells = (f"`{entry.name}`", _kind(entry), _default(entry), entry.meaning, _example(entry))
        yield "| " + " | ".join(cells) + " |"


def _describe_workbook() -> Iterator[str]:
    yield _WORKBOOK.strip()
    yield ""
    yield "| sheet | has | columns of its own |"
    yield "| --- | --- | --- |"
    for sheet in SHEETS:
        own = "; ".join(f"`{entry.name}`: {entry.meaning}" for entry in sheet.own) or "none"
        yield f"| {sheet.name} | {sheet.meaning} | {own} |"


def _kind(entry: Entry) -> str:
    limits = longest_length(entry)
    return f"{describe_kind(entry.kind)}, {limits}" if limits else describe_kind(entry.kind)


def _default(entry: Entry) -> str:
    if entry.is_needed:
        return "must be written"
    if entry.default in (None, "", [], {}):
        return "nothing"
    shown = str(entry.default).lower() if isinstance(entry.default, bool) else str(entry.default)
    return f"`{shown}`"


def _example(entry: Entry) -> str:
    if entry.begins_table:
        return f"`{entry.example}`"
    return f"`{entry.name} = {entry.example}`"


def _describe_tests() -> Iterator[str]:
    yield "## Tests"
    yield ""
    yield "What a condition can ask for. Each test takes the entries named here, and no other value."
    yield "[`rule_language.md`](rule_language.md) has an example of each that is just missed, and just met."
    yield ""
    yield "| test | looks at | may be narrowed | meaning | example |"
    yield "| --- | --- | --- | --- | --- |"
    for test, (meaning, example) in TESTS.items():
        names = ", ".join(f"`{name}`" for name in CONDITION_FIELDS[test]) or "nothing else"
        if others := OPTIONAL_FIELDS.get(test):
            names += "; may have " + ", ".join(f"`{name}`" for name in others)
        narrowed = "yes" if test in SCOPED else "no"
        yield f"| `{test.value}` | {names} | {narrowed} | {meaning} | `{example}` |"


# --- The examples together ------------------------------------------------------------------------------------------

_OUTCOMES: tuple[tuple[str, str, int, tuple[Test, ...]], ...] = (
    ("deferred", "Deferred", 0, (Test.INCOMPLETE,)),
    (
        *("accredited", "Accredited", 36),
        (
            *(Test.REACHED, Test.COMPLETE, Test.SHARE, Test.AT_LEAST, Test.BELOW, Test.SCORE),
            *(Test.GROUPS, Test.STANDARDS, Test.FAILING, Test.FIGURE, Test.ANY),
        ),
    ),
    ("conditional", "Accredited with conditions", 12, (Test.EVERY, Test.DOMAINS)),
    ("not_accredited", "Not accredited", 0, ()),
)


APART = ("best",)
"""The entries that cannot be combined with the methods of the examples."""


def example_files() -> dict[str, str]:
    """Return the files of the edition with all examples, by name."""
    return {"edition.toml": "\n".join(_title_page()) + "\n", "domains/D01.toml": "\n".join(_domain()) + "\n"}


def _title_page() -> Iterator[str]:
    yield from _entries(TITLE_PAGE)
    for table in (SCALE, AGGREGATION, PROCEDURE_TABLE, OBLIGATION):
        yield from ("", table.begins, *_entries(table))
    yield from ("", OBLIGATION.begins, 'code = "core"', 'name = "Core"')
    for table in (RESULT, TRAIT, GROUP):
        yield from ("", table.begins, *_entries(table))
    for code, name, months, tests in _OUTCOMES:
        yield from ("", OUTCOME.begins, f'code = "{code}"', f'name = "{name}"', f"months = {months}")
        if code == "conditional":
            yield 'becomes = "accredited"'
        if not tests:
            yield "conditions = []"
            continue
        yield "conditions = ["
        yield from (f"    {TESTS[test][1]}," for test in tests)
        yield "]"
    for code, name, months, condition in (
        ("sealed", "Sealed", 12, TESTS[Test.COMPLETE][1]),
        ("no_seal", "No seal", 0, ""),
    ):
        yield from ("", OUTCOME.begins, f'code = "{code}"', f'name = "{name}"', f"months = {months}")
        yield from ('result = "seal"', f"conditions = [{condition}]")


def _domain() -> Iterator[str]:
    yield from _entries(DOMAIN)
    for table in (STANDARD, INDICATOR):
        yield from ("", table.begins, *_entries(table))
    levels = [entry for entry in LEVEL_TEXTS.entries if entry.name.isdigit()]
    answers = [entry for entry in LEVEL_TEXTS.entries if not entry.name.isdigit()]
    yield from ("", LEVEL_TEXTS.begins, *_lines(levels))
    yield from ("", RECOMMENDATION_TEXTS.begins, *_entries(RECOMMENDATION_TEXTS))
    yield from ("", INDICATOR.begins, 'code = "1.1.2"', 'wording = "There is a rota."')
    yield from (
        f"{name} = {INDICATOR.entry(name).example}" for name in ("guidance", "source", "evidence", "evidence_required")
    )
    yield from ('obligation = "core"', 'measure = "yes_no"', "not_applicable = true")
    yield from ("", LEVEL_TEXTS.begins, *_lines(answers))
    yield from ("", INDICATOR.begins, 'code = "1.1.3"', 'wording = "Seconds until a call is answered."')
    needed = ("guidance", "evidence", "evidence_required", "not_applicable")
    yield from (f"{name} = {INDICATOR.entry(name).example}" for name in needed)
    yield from ('source = "documents"', 'obligation = "core"', 'measure = "numeric"', 'unit = "seconds"')
    yield 'bands = "report_only"'


def _entries(table: Table) -> Iterator[str]:
    return _lines([entry for entry in table.entries if not entry.begins_table])


def _lines(entries: list[Entry]) -> Iterator[str]:
    """Yield a line for each entry with its example, without levels that the scale of the examples does not have."""
    own = (entry for entry in entries if entry.example != '"…"' and entry.name not in APART)
    return (f"{entry.name} = {entry.example}" for entry in own)
