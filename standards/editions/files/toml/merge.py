"""Merge the new blocks of a TOML file with its former ones, keeping comments, and the order and spelling of entries."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from standards.editions.entries import Entry, Table, table_within
from standards.editions.files.toml.blocks import Block, Statement, write_in_line


class FormerBlocks:
    """The blocks of the files that will be overwritten. A part is found by its key or code, in whatever file it was."""

    def __init__(self, roots: Sequence[Block]) -> None:
        self._roots = {root.identity: root for root in roots}
        self._parts = {
            (block.name, block.identity): block for root in roots for block in root.within() if block.identity
        }

    def root_of(self, new: Block) -> Block | None:
        return self._roots.get(new.identity) or self._roots.get(new.values["code"])

    def find(self, new: Block, parent: Block | None) -> Block | None:
        """Return the former block of a part, by its key or its code, or of a table in `parent`, by its name."""
        if not new.identity:
            return next((block for block in parent.blocks if block.name == new.name), None) if parent else None
        names = (new.identity, new.values["code"])
        return next((found for name in names if (found := self._parts.get((new.name, name)))), None)


def merge(new: Block, old: Block | None, table: Table, former: FormerBlocks) -> Block:
    """Return the new block with the comments and the order of the old one, and the spelling of unchanged entries."""
    inner = {entry.name: table_within(table, entry) or table for entry in table.entries}
    blocks = [
        merge(block, former.find(block, old), inner[block.name], former) for block in _in_former_order(new, old, inner)
    ]
    if old is None:
        return replace(new, blocks=blocks)
    statements = _merge_statements(new, old, table)
    return Block(new.name, old.header or new.header, old.lead, statements, old.tail, blocks)


def _in_former_order(new: Block, old: Block | None, inner: Mapping[str, Table]) -> list[Block]:
    """Return the blocks within a new one: tables in their former order, parts in their new order.

    A table that the old block does not have is left out if it has only default values.
    """
    former = list(dict.fromkeys(block.name for block in old.blocks)) if old else []
    wanted = [
        block
        for block in new.blocks
        if old is None or block.name in former or block.identity or without_defaults(block.values, inner[block.name])
    ]
    groups = {name: list(found) for name, found in groupby(wanted, lambda block: block.name)}
    return [block for name in _arrange(list(groups), former) for block in groups[name]]


def _arrange(names: Sequence[str], former: Iterable[str]) -> list[str]:
    """Return names in their former order. Each new name comes after the one that precedes it in `names`."""
    found = [name for name in former if name in names]
    for place, name in enumerate(names):
        if name not in found:
            before = [found.index(other) for other in names[:place]]
            found.insert(before[-1] + 1 if before else 0, name)
    return found


def _merge_statements(new: Block, old: Block, table: Table) -> list[Statement]:
    entries = {entry.name: entry for entry in table.entries}
    new_by_name = {statement.name: statement for statement in new.statements}
    kept: dict[str, Statement] = {}
    for statement in old.statements:
        entry, written = entries.get(statement.name), new_by_name.get(statement.name)
        if entry is None:
            continue
        if written is not None:
            kept[statement.name] = _merge_statement(statement, written, entry, table)
        elif not without_defaults({statement.name: statement.value, **_code_of(new)}, table).keys() - {"code"}:
            kept[statement.name] = statement
    wanted = without_defaults(new.values, table)
    added = {name: statement for name, statement in new_by_name.items() if name not in kept and name in wanted}
    names = [entry.name for entry in table.entries if entry.name in kept or entry.name in added]
    return [kept.get(name) or added[name] for name in _arrange(names, kept)]


def _code_of(block: Block) -> dict[str, Any]:
    return {name: value for name, value in block.values.items() if name == "code"}


def _merge_statement(old: Statement, new: Statement, entry: Entry, table: Table) -> Statement:
    """Return the old statement if the value is the same, or else the new one with the comments of the old one."""
    entry_form = _EntryForm(table, entry)
    if entry_form.convert(old.value) == entry_form.convert(new.value):
        return old
    text = _merge_rows(old, new, entry_form) or new.text
    return replace(new, text=text + _comment_after(old), lead=old.lead)


def _comment_after(old: Statement) -> str:
    """Return the comment at the end of a statement, with the white space before it."""
    place = old.text.find("#")
    while place != -1:
        before = old.text[:place]
        try:
            if tomllib.loads(before)[old.name] == old.value:
                return before[len(before.rstrip()) :] + old.text[place:]
        except (tomllib.TOMLDecodeError, KeyError):
            pass  # the # is inside a text or a list
        place = old.text.find("#", place + 1)
    return ""


def _merge_rows(old: Statement, new: Statement, entry_form: "_EntryForm") -> str:
    """Return a list of tables in TOML with the former lines of unchanged ones.

    It is empty if the former list was not written with its own lines for each table.
    """
    if not (isinstance(new.value, list) and new.value and all(isinstance(row, dict) for row in new.value)):
        return ""
    first, *lines = old.text.split("\n")
    if not lines or first.split("=", 1)[-1].strip() != "[":
        return ""
    rows: list[tuple[Any, list[str]]] = []
    lead: list[str] = []
    for line in lines[:-1]:
        try:
            found = tomllib.loads(f"x = [\n{line}\n]")["x"]
        except tomllib.TOMLDecodeError:
            return ""
        lead.append(line)
        if len(found) > 1:
            return ""
        if found:
            rows.append((entry_form.convert(found)[0], lead))
            lead = []
    written = [first]
    for row in new.value:
        same = next((place for place, (value, _) in enumerate(rows) if value == entry_form.convert([row])[0]), None)
        written += rows.pop(same)[1] if same is not None else [f"    {write_in_line(row)},"]
    return "\n".join([*written, *lead, "]"])


# --- The comparable form of entries ---------------------------------------------------------------------------------


def without_defaults(content: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """Return the entries of a table in a comparable form: without default values, and with stripped texts.

    Numbers have their type with them, as 1 equals True.
    """
    found = {}
    entries = {entry.name: entry for entry in table.entries}
    for name, value in content.items():
        entry = entries.get(name)
        taken = value if entry is None else _EntryForm(table, entry).convert(value)
        is_default = entry is not None and not entry.is_needed and (taken == entry.default or taken in ({}, []))
        if not (is_default or (name == "key" and taken == content.get("code"))):
            found[name] = (type(taken).__name__, taken) if isinstance(taken, (bool, int)) else taken
    return found


class _EntryForm:
    """The conversion of the values of one entry to the form of `without_defaults`."""

    def __init__(self, table: Table, entry: Entry) -> None:
        self.inner = table_within(table, entry)

    def convert(self, value: Any) -> Any:
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, list):
            return [self.convert(row) for row in value]
        return without_defaults(value, self.inner) if isinstance(value, dict) and self.inner else value
