"""A TOML file of an edition as blocks of statements, so that what did not change stays as a person has written it.

A block is the beginning of the file or a table with its header. Blocks and statements have the comments and empty lines
that precede them.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from standards.editions.entries import Table, table_within

_HEADER = re.compile(r"\s*(?P<open>\[\[?)\s*(?P<path>[\w.\s-]+?)\s*\]\]?\s*(#.*)?", re.ASCII)


@dataclass(frozen=True)
class Statement:
    """One entry: its name, its value, its text, and the lines before it."""

    name: str
    value: Any
    text: str
    lead: tuple[str, ...] = ()


@dataclass
class Block:
    """A table of the file. `tail` are the lines after its last statement."""

    name: str = ""
    header: str = ""
    lead: tuple[str, ...] = ()
    statements: list[Statement] = field(default_factory=list)
    tail: tuple[str, ...] = ()
    blocks: list["Block"] = field(default_factory=list)
    """The tables within it."""

    @property
    def values(self) -> dict[str, Any]:
        """The values of its statements."""
        return {statement.name: statement.value for statement in self.statements}

    @property
    def identity(self) -> str:
        """The permanent key of a part or else its code; empty for a table without either."""
        values = self.values
        return str(values.get("key") or values.get("code") or "")

    def within(self) -> Iterator["Block"]:
        """Yield every block below this one."""
        for block in self.blocks:
            yield block
            yield from block.within()

    def lines(self) -> Iterator[str]:
        """Yield its text line by line, with the blocks within it."""
        yield from self.lead
        if self.header:
            yield self.header
        for statement in self.statements:
            yield from (*statement.lead, statement.text)
        yield from self.tail
        for block in self.blocks:
            yield from block.lines()


def build(content: Mapping[str, Any], table: Table, name: str = "", path: str = "") -> Block:
    """Return the block of a table with these entries, as a new file has it."""
    block = Block(name, path, ("",) if path else ())
    for entry in table.entries:
        if (value := content.get(entry.name)) is None:
            continue
        inner = table_within(table, entry)
        if inner is None or not entry.begins_table:
            block.statements.append(Statement(entry.name, value, f"{entry.name} = {write_value(value)}"))
        else:
            rows = value if entry.is_list_of_tables else filter(None, [value])
            block.blocks += [build(row, inner, entry.name, entry.example) for row in rows]
    return block


def write_value(value: Any) -> str:
    """Return the value of an entry in TOML: the tables of a list each in a line of its own."""
    if isinstance(value, list) and any(isinstance(row, dict) for row in value):
        return "\n".join(["[", *(f"    {write_in_line(row)}," for row in value), "]"])
    if isinstance(value, str) and "\n" in value:
        return '"""\n' + "\n".join(map(_quoted, value.split("\n"))) + '"""'
    return write_in_line(value)


def write_in_line(value: Any) -> str:
    """Return a value in TOML in one line. The escapes of JSON strings are valid in TOML."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(map(write_in_line, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {write_in_line(inner)}" for name, inner in value.items()) + " }"
    return f'"{_quoted(value)}"' if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")


def parse(text: str) -> Block:
    """Return the blocks of a file. Raises ValueError if it is not TOML, or not written in headers and statements."""
    tomllib.loads(text)
    root = here = Block()
    lead: list[str] = []
    lines = iter(text.rstrip().split("\n"))
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            lead.append(line)
        elif line.lstrip().startswith("["):
            here.tail, before = _part(lead)
            here, lead = _begin(root, line, before), []
        else:
            here.statements.append(_read_statement(line, lines, tuple(lead)))
            lead = []
    here.tail = tuple(lead)
    return root


def _part(lead: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split the lines before a header: those up to an empty line belong to the block before it."""
    empty = next((place for place, line in enumerate(lead) if not line.strip()), 0)
    return tuple(lead[:empty]), tuple(lead[empty:])


def _begin(root: Block, line: str, lead: tuple[str, ...]) -> Block:
    """Append the block of a header to the one that it is within."""
    match = _HEADER.fullmatch(line)
    if match is None:
        raise ValueError(line)
    *above, name = (part.strip() for part in match["path"].split("."))
    parent = root
    for part in above:
        within = [block for block in parent.blocks if block.name == part]
        if not within:
            raise ValueError(line)
        parent = within[-1]
    block = Block(name, line, lead)
    parent.blocks.append(block)
    return block


def _read_statement(line: str, following: Iterator[str], lead: tuple[str, ...]) -> Statement:
    """Return a statement, which ends where its lines together are TOML."""
    text = line
    while True:
        try:
            ((name, value),) = tomllib.loads(text).items()
        except tomllib.TOMLDecodeError:
            text += "\n" + next(following)  # the whole file is TOML, so that the statement ends
        else:
            return Statement(name, value, text, lead)
