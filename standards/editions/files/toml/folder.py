"""The folder of an edition: the files that are read, and the reasons why others are not.

Every entry of the folder is read, refused with how to fix it, or reported as not read. Nothing is skipped silently, as
an unread domain would be missing from the edition.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standards.editions.files.entry_reader import TITLE, EntryReader
from standards.editions.files.source import Source
from standards.framework import MalformedEdition

DOMAINS = "domains"
TRANSLATIONS = "translations"
"""The folder of the edition's translations, which `publish_wording` reads."""
_DOMAIN_FILE = re.compile(r"D0?([1-9]\d?)\.toml", re.ASCII)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass
class Folder(Source):
    """The files of a folder."""

    texts: dict[str, str] = field(default_factory=dict)
    """The text of each file, by its name in the folder."""

    def places_of_code(self, code: str, *, of_rule: bool = False) -> list[str]:
        entry = re.compile(rf"""^\s*code\s*=\s*(["']){re.escape(code)}\1""")
        return [
            f"{name}, line {number}"
            for name, text in self.texts.items()
            for number, line in enumerate(text.split("\n"), start=1)
            if entry.match(line) and (name == TITLE or not of_rule)
        ]


def read_folder(path: Path, reader: EntryReader) -> Folder:
    """Read every file of an edition, and record the problems of unreadable ones.

    Raises MalformedEdition if it is not the folder of an edition.
    """
    _find_title(path)
    folder = Folder({})
    folder.title = _read(path / TITLE, TITLE, folder, reader)
    for name, entry in _entries(path, reader.at(".")):
        if name == TITLE or (name in (DOMAINS, TRANSLATIONS) and entry.is_dir()):
            continue
        if name != DOMAINS and _is_ignored(name, entry):
            folder.unread.append(name)
        else:
            reader.at(name).note(_refuse(name, entry))
    if (path / DOMAINS).is_dir():
        _read_domains(path / DOMAINS, folder, reader)
    elif not (path / DOMAINS).exists() and not (path / DOMAINS).is_symlink():
        reader.at(DOMAINS).note("There is no domain. Write a file such as domains/D01.toml.")
    return folder


def _find_title(path: Path) -> None:
    """Raise MalformedEdition if there is no title page, with what is there instead."""
    if (path / TITLE).is_file():
        return
    if not path.exists():
        raise MalformedEdition([f"There is no folder {_show(str(path))}. Name the folder of an edition."])
    if not path.is_dir():
        raise MalformedEdition([f"{_show(str(path))} is no folder. Name the folder of an edition, not a file of it."])
    if (path / TITLE).is_symlink() or (path / TITLE).exists():
        raise MalformedEdition([f"{TITLE}: {_refuse(TITLE, path / TITLE)}"])
    message = f"There is no edition.toml in {path}. Name the folder of an edition, such as practical_guide/2026."
    if alike := [name for name, _ in _entries(path, EntryReader()) if name.casefold().startswith("edition.")]:
        message = f"There is no edition.toml in {path}. Rename “{alike[0]}” to edition.toml."
    raise MalformedEdition([message])


def _entries(path: Path, reader: EntryReader) -> Iterator[tuple[str, Path]]:
    """Yield the entries of a folder, sorted, with printable names."""
    try:
        found = sorted(path.iterdir())
    except OSError as unreadable:
        reader.note(f"The folder cannot be listed: {unreadable.strerror}. Let yourself read it.")
        return
    for entry in found:
        yield _show(entry.name), entry


def _read_domains(path: Path, folder: Folder, reader: EntryReader) -> None:
    for name, entry in _entries(path, reader.at(DOMAINS)):
        place = f"{DOMAINS}/{name}"
        if name.startswith(".") and _is_ignored(name, entry):
            folder.unread.append(place)
        elif not entry.is_file() or not _DOMAIN_FILE.fullmatch(name):
            reader.at(place).note(_refuse(name, entry, in_domains=True))
        else:
            data = _read(entry, place, folder, reader)
            _compare_name(entry, data, reader.at(place))
            folder.domains.append((place, data))
    if not folder.domains and not any(noted.startswith(f"{DOMAINS}/") for noted in reader.problems):
        reader.at(DOMAINS).note("There is no domain. Write a file such as domains/D01.toml.")


def _compare_name(path: Path, data: Mapping[str, Any], reader: EntryReader) -> None:
    """Record a problem if a file is not named after the code of its domain."""
    match, code = _DOMAIN_FILE.fullmatch(path.name), data.get("code")
    assert match is not None  # checked by the caller
    if isinstance(code, str) and re.fullmatch(r"D[1-9]\d?", code) and code != f"D{match[1]}":
        name = _file_of(code)
        remedy = "Correct the code." if (path.parent / name).exists() else f"Name it {name}, or correct the code."
        reader.note(f"The file is named after D{match[1]}, and its code is {code}. {remedy}", "code")


def _file_of(code: str) -> str:
    return f"D{int(code.removeprefix('D')):02}.toml"


def _is_ignored(name: str, entry: Path) -> bool:
    """Whether an entry is certainly not part of the edition, such as notes, or test data."""
    return entry.is_file() and ".toml" not in name.casefold()


def _refuse(name: str, entry: Path, *, in_domains: bool = False) -> str:
    """Return why an entry is not read, and how to fix that."""
    if entry.is_symlink() and not entry.exists():
        return "This link leads nowhere. Put the file in its place, or delete the link."
    if entry.is_dir():
        if entry.name.casefold().rstrip("s") == "domain":
            return f"The folder of the domains is called “{DOMAINS}”. Rename this one, or take it out."
        return "This is a folder, and is not read. Take it out of the edition’s folder."
    if not entry.is_file():
        return "This is no file that can be read. Take it out of the edition’s folder."
    if name == DOMAINS:
        return (
            "This must be a folder, with a file for each domain such as domains/D01.toml. Put the folder in its place."
        )
    if in_domains:
        return (
            "This file is not read: a domain’s file is named after its code, such as D01.toml. "
            "Rename it, or take it out of the folder."
        )
    if _DOMAIN_FILE.fullmatch(name):
        return f"This file is not read here. Move it to {DOMAINS}/{name}."
    return (
        "This file is not read: an edition is edition.toml and the files of its domains, such as domains/D01.toml. "
        "Rename it, or take it out of the folder."
    )


def _read(path: Path, name: str, folder: Folder, reader: EntryReader) -> Mapping[str, Any]:
    here = reader.at(name)
    try:
        content = path.read_bytes()
    except OSError as unreadable:
        here.note(f"The file cannot be read: {unreadable.strerror}. Let yourself read it.")
        return {}
    if content.startswith(_BYTE_ORDER_MARK):
        here.note(
            "The file begins with a byte-order mark, which TOML does not allow. "
            "Save it as UTF-8 without a byte-order mark (in some editors: “UTF-8”, not “UTF-8 with BOM”)."
        )
        content = content.removeprefix(_BYTE_ORDER_MARK)
    try:
        folder.texts[name] = content.decode()
        data = tomllib.loads(folder.texts[name])
    except UnicodeDecodeError as unreadable:
        here.note(f"The file is not UTF-8 at byte {unreadable.start}. Save it as UTF-8.")
        return {}
    except ValueError as unreadable:  # a TOMLDecodeError, or a number with too many digits for `int`
        here.note(_describe_toml_error(str(unreadable)))
        return {}
    except RecursionError:
        here.note("The file is not TOML: its brackets are nested too deep. Correct the brackets.")
        return {}
    if not data:
        here.note(
            "The file says nothing: it is empty, or all of it is a comment. Write what belongs here; "
            "for a domain that is no more, delete the file."
        )
    return data


_TWICE = re.compile(r"^Cannot (?:overwrite a value|declare (?P<names>\(.*?\)) twice).*?\((?P<place>[^()]*)\)$")


def _describe_toml_error(message: str) -> str:
    """Return the message of the parser, with how to fix the error."""
    if match := _TWICE.match(message):
        return (
            f"An entry or table is written for the second time, {match['place']}. Delete one of the two, "
            "or correct its name; the entries of a list begin with double brackets, such as [[standards]]."
        )
    return (
        f"The file is not TOML: {message}. Correct that line; a text stands in straight quotation marks, "
        "a long one in three of them."
    )


def _show(name: str) -> str:
    """Return a printable file name. Undecodable bytes become replacement characters."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
