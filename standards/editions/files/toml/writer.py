"""Write an edition to a folder of TOML files, which can be reviewed in a diff and read back as the same edition.

Files of the same edition are overwritten without losing comments, and the order and the spelling of what is unchanged.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from standards.drafts.fields import EditionText
from standards.editions.entries import DOMAIN, TITLE_PAGE, Table
from standards.editions.files.content import write_content
from standards.editions.files.replacing import replace_files
from standards.editions.files.toml.blocks import Block, build, parse
from standards.editions.files.toml.merge import FormerBlocks, merge, without_defaults
from standards.framework import MalformedEdition


def write_folder(text: EditionText, folder: str | Path) -> list[Path]:
    """Write `edition.toml` and a file for each domain, and delete files of removed domains. Return the written paths.

    Raises MalformedEdition, and writes nothing, if the folder contains another edition, or two domains have one code.
    The new files are complete before any former one is replaced, and files of removed domains are deleted last.
    """
    folder = Path(folder)
    inside = folder / "domains"
    _require_room(folder / "edition.toml", text.code)
    content = write_content(text)
    domains = content.pop("domains")
    _require_own_files(domains)
    former = _read_former(folder)
    pages = {folder / "edition.toml": _write(content, TITLE_PAGE, former)}
    pages |= {inside / f"{_file_name(domain['code'])}.toml": _write(domain, DOMAIN, former) for domain in domains}
    inside.mkdir(parents=True, exist_ok=True)
    replace_files({path: written.encode() for path, written in pages.items()})
    for old in set(inside.glob("*.toml")) - set(pages):
        old.unlink()
    return list(pages)


def _require_own_files(domains: list[Mapping[str, Any]]) -> None:
    """Raise MalformedEdition if two domains have the same code, as one of them would be lost."""
    codes = [domain["code"] for domain in domains]
    if duplicate := next((code for code in codes if codes.count(code) > 1), ""):
        raise MalformedEdition(
            [f"Two domains have the code “{duplicate}”, and each needs a file of its own. Correct one code."]
        )


def _require_room(title: Path, code: str) -> None:
    """Raise MalformedEdition if the folder contains another edition, as its domains would be lost."""
    if not title.exists():
        return
    try:
        existing = tomllib.loads(title.read_text(encoding="utf-8")).get("code")
    except ValueError:  # not TOML, or not UTF-8
        existing = None
    if existing != code:
        what = f"edition {existing}" if isinstance(existing, str) else "an edition whose code cannot be read"
        raise MalformedEdition([f"The folder {title.parent} holds {what}. Name an empty folder, or that of {code}."])


def _file_name(code: str) -> str:
    """Return `D01` for `D1`, so that files sort in the order of the domains. Raises MalformedEdition."""
    if not re.fullmatch(r"D[1-9]\d?", code, re.ASCII):
        raise MalformedEdition(
            [f"The code “{code}” of a domain is not written like “D5”, so that no file can be named."]
        )
    return f"D{int(code.removeprefix('D')):02}"


def _read_former(folder: Path) -> FormerBlocks:
    """Return the blocks of the existing files. Unreadable files have none."""
    roots = []
    for path in (folder / "edition.toml", *sorted(folder.glob("domains/*.toml"))):
        if path.is_file():
            try:
                roots.append(parse(path.read_text(encoding="utf-8")))
            except ValueError:  # the file is overwritten
                continue
    return FormerBlocks(roots)


def _write(content: Mapping[str, Any], table: Table, former: FormerBlocks) -> str:
    """Return the text of a file, merged with the existing file if the result has the same content."""
    new = build(content, table)
    merged = _text(merge(new, former.root_of(new), table, former))
    try:
        is_same = without_defaults(tomllib.loads(merged), table) == without_defaults(content, table)
    except tomllib.TOMLDecodeError:
        is_same = False
    return merged if is_same else _text(replace(new, lead=()))


def _text(block: Block) -> str:
    return "\n".join(block.lines()).strip("\n") + "\n"
