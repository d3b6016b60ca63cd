"""PO files: each text is an entry with its path as the context."""

import re
from collections.abc import Iterable

import polib
from django.utils.translation import gettext as _

from standards.drafts.control_characters import OTHER_LINE_ENDS, find_control_character
from standards.editions.languages.unit import Entries, TranslationFile, Unit, describe_control_character
from standards.framework import MalformedEdition

_BASE = re.compile(r"^base: ([0-9a-f]{16})$", re.MULTILINE)


def write(code: str, languages: tuple[str, str], units: Iterable[Unit]) -> str:
    """Return a PO file. Stale translations are fuzzy. Comments have the place, the state and the maximal length."""
    file = polib.POFile(wrapwidth=0)
    file.metadata = {
        "Project-Id-Version": code,
        "Language": languages[1],
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for unit in units:
        flags = ["fuzzy"] if unit.is_stale else []
        file.append(
            polib.POEntry(msgctxt=unit.path, msgid=unit.source, msgstr=unit.text, comment=_describe(unit), flags=flags)
        )
    return str(file)


def _describe(unit: Unit) -> str:
    """Return the comment of an entry: its place and limits for people, and the digest of its translation for `read`."""
    longest = [f"maximum length: {unit.longest}"] if unit.longest else []
    return "\n".join((unit.place, f"state: {unit.state}", *longest, f"base: {unit.base}"))


def read(content: str) -> TranslationFile:
    """Read a PO file. Fuzzy entries are untranslated; those without a context are left out. Raises MalformedEdition."""
    if "\n" not in content:  # polib would open a file with this path
        raise MalformedEdition([_("This is no PO file: %(why)s") % {"why": content[:40]}])
    for number, line in enumerate(content.split("\n"), start=1):
        if end := OTHER_LINE_ENDS.search(line):  # polib would split the line here
            raise MalformedEdition([describe_control_character(number, find_control_character(end[0]))])
    try:
        entries = polib.pofile(content)
    except (OSError, UnicodeDecodeError, ValueError) as unreadable:
        raise MalformedEdition([_("This is no PO file: %(why)s") % {"why": str(unreadable)}]) from unreadable
    language = entries.metadata.get("Language", "").strip()
    if not language:
        raise MalformedEdition(
            [_("The head of the file does not say its language. Write “Language: fr”, for example.")]
        )
    found = Entries()
    for entry in entries:
        if not entry.obsolete and entry.msgctxt:
            base, text = _BASE.search(entry.comment), "" if entry.fuzzy else entry.msgstr
            found.add(entry.msgctxt, entry.msgid, text, entry.linenum or 0, base=base[1] if base else "")
    return found.as_file(language)
