"""A TOML file of an edition as blocks of statements, so that a writer can leave the text of unchanged ones as it is.

A block is the beginning of the file, or a table with its header. Comments and empty lines belong to the block or
statement after them.
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
    """The blocks of the tables within it."""

    @property
    def values(self) -> dict[str, Any]:
        """The values of its statements by name."""
        return {statement.name: statement.value for statement in self.statements}

    @property
    def identity(self) -> str:
        """The permanent key of a part, or else its code. It is empty for a table without either."""
        values = self.values
        return str(values.get("key") or values.get("code") or "")

    def within(self) -> Iterator["Block"]:
        """Yield every block below this one."""
        for block in self.blocks:
            yield block
            yield from block.within()

    def lines(self) -> Iterator[str]:
        """Yield its text and that of the blocks within it, line by line."""
        yield from self.lead
        if self.header:
            yield self.header
        for statement in self.statements:
            yield from (*statement.lead, statement.text)
        yield from self.tail
        for block in self.blocks:
            yield from block.lines()


def build(content: Mapping[str, Any], table: Table, name: str = "", path: str = "") -> Block:
    """Return a new block for a table with these entries."""
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
    """Return the value of an entry in TOML, with each table of a list on its own line."""
    if isinstance(value, list) and any(isinstance(row, dict) for row in value):
        return "\n".join(["[", *(f"    {write_in_line(row)}," for row in value), "]"])
    if isinstance(value, str) and "\n" in value:
        return '"""\n' + "\n".join(map(_quoted, value.split("\n"))) + '"""'
    return write_in_line(value)


def write_in_line(value: Any) -> str:
    """Return a value in TOML on one line. The escapes of JSON strings are valid in TOML."""
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
    """Return the blocks of a file. Raises ValueError if it is not TOML, or not made of headers and statements."""
    tomllib.loads(text)
    root = here = Block()
    lead: list[str] = []
    lines = iter(text.rstrip().split("\n"))
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            lead.append(line)
        elif line.lstrip().startswith("["):
            here.tail, before = _split_comments(lead)
            here, lead = _begin(root, line, before), []
        else:
            here.statements.append(_read_statement(line, lines, tuple(lead)))
            lead = []
    here.tail = tuple(lead)
    return root


def _split_comments(lead: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split the comments before a header: those up to the first empty line belong to the block before it."""
    empty = next((place for place, line in enumerate(lead) if not line.strip()), 0)
    return tuple(lead[:empty]), tuple(lead[empty:])


def _begin(root: Block, line: str, lead: tuple[str, ...]) -> Block:
    """Append the block of a header to its parent block, and return it. Raises ValueError without a parent."""
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
    """Return a statement. It ends with the first line that makes the lines so far valid TOML."""
    text = line
    while True:
        try:
            ((name, value),) = tomllib.loads(text).items()
        except tomllib.TOMLDecodeError:
            text += "\n" + next(following)  # cannot run out, as the whole file is TOML
        else:
            return Statement(name, value, text, lead)
