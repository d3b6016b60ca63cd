"""Inspect a Word, Excel or OpenDocument file for active content, embedded files and external references."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from xml.parsers import expat

from evaluation.files.archives import MEGABYTE, BadArchive, Budget, list_members, parse_xml, read_archive, unpack

_UNPACKED_AT_MOST = 300 * MEGABYTE
"""The limit of the unpacked size, in bytes, of all members together."""
_MOST_MEMBERS = 5000
_DEEPEST = 2
"""The table of a chart is a workbook inside the document, and a workbook may contain a document.

Deeper nesting is not needed.
"""

_ACTIVE = re.compile(
    r"vbaproject|vbadata|(^|/)activex/|(^|/)macrosheets/|(^|/)customui/|^basic/|^scripts/|^dialogs/"
    r"|\.(exe|dll|com|scr|pif|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|msi|sh|htm|html|mht|mhtml|xhtml)$"
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf", b"%PDF", b"#!/")
"""The signatures of programs, OLE packages and documents of other kinds."""
_FETCHING = re.compile(r"(^|/)(connections\.xml|querytables/|webextensions/)")
_XML = re.compile(r"\.(xml|rels|vml|rdf)$")
_WEB = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*:|//|\\\\)", re.IGNORECASE)
_FIELDS = re.compile(r"\bDDE(AUTO)?\b", re.IGNORECASE)
_FETCHING_FIELDS = re.compile(r"\b(INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE)\b", re.IGNORECASE)
_LONGEST_FIELDS = MEGABYTE
_RUNNING_FORMULAS = re.compile(r"\b(DDE|CALL|EXEC|REGISTER(\.ID)?)\s*\(|\w\|'?[^']*'?!", re.IGNORECASE)
"""Functions of a workbook that start a program, and `program|topic!item`, the oldest syntax for it."""
_FETCHING_FORMULAS = re.compile(r"\b(WEBSERVICE|IMAGE|RTD|STOCKHISTORY)\s*\(", re.IGNORECASE)
_FORMULAS = ("f", "definedName")
"""The elements of a workbook whose text is a formula."""


class _Found(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refusal(content: bytes) -> str:
    """Return the code of the refusal.

    `active`, `embedded`, `external`, `protected`, `broken` or `too_big`; empty if accepted.
    """
    try:
        _read(content, Budget(_UNPACKED_AT_MOST), depth=0)
    except _Found as found:
        return found.code
    except BadArchive as bad:
        return "too_big" if bad.code in ("too_large", "too_many_members") else "broken"
    return ""


def _read(content: bytes, budget: Budget, *, depth: int) -> None:
    if depth > _DEEPEST:
        raise _Found("embedded")

    def read(archive: zipfile.ZipFile) -> None:
        members = list_members(archive)
        if not {"[Content_Types].xml", "mimetype"} & {member.filename for member in members}:
            raise _Found("embedded")  # an archive that is not a document
        for member in members:
            _check_name(member)
            _check_content(archive, member, budget, depth)

    read_archive(BytesIO(content), read, most_members=_MOST_MEMBERS)


def _check_name(member: zipfile.ZipInfo) -> None:
    name = member.filename.lower()
    if member.flag_bits & 1:
        raise _Found("protected")
    if _ACTIVE.search(name):
        raise _Found("active")
    if _FETCHING.search(name):
        raise _Found("external")


def _check_content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget, depth: int) -> None:
    blocks = unpack(archive, member, budget)
    first = next(blocks, b"")
    if first.startswith(_PROGRAMS):
        raise _Found("embedded")
    if first.startswith(b"PK\x03\x04"):
        _read(first + b"".join(blocks), budget, depth=depth + 1)
    elif _XML.search(member.filename.lower()) or first.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
        _Part(member.filename).read(first, blocks)
    else:
        for _block in blocks:
            pass


class _Part:
    """Inspects one XML part: its links, fields, formulas and scripts."""

    def __init__(self, name: str) -> None:
        self.is_open_document = name in ("content.xml", "styles.xml") or name.endswith(("/content.xml", "/styles.xml"))
        self.in_field = False
        self.in_formula = False
        self.fields = ""
        self.formula = ""

    def read(self, first: bytes, blocks: Iterator[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parse_xml(parser, chain([first], blocks))
        self._check_fields(self.fields)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        found = {_local(key): value for key, value in attributes.items()}
        if local == "Relationship":
            _check_relationship(found)
        elif local in ("Override", "Default"):
            if re.search("macroenabled|vbaproject|activex", found.get("ContentType", ""), re.IGNORECASE):
                raise _Found("active")
        elif local in ("ddeLink", "dde-source", "dde-connection-decl", "event-listener", "applet", "plugin"):
            raise _Found("active")
        elif self.is_open_document:
            self._check_open_document(local, found)
        self.in_field = local in ("instrText", "delInstrText")
        self.in_formula = local in _FORMULAS
        if local == "fldSimple":
            self._check_fields(found.get("instr", ""))

    @staticmethod
    def _check_open_document(local: str, found: dict[str, str]) -> None:
        if local == "script":
            raise _Found("active")
        _check_formula(found.get("formula", ""))
        if local != "a" and _ANY_SCHEME.match(found.get("href", "")):
            raise _Found("external")
        if local == "a" and _ANY_SCHEME.match(found.get("href", "")) and not _WEB.match(found["href"].strip()):
            raise _Found("external")

    def _end(self, name: str) -> None:
        if _local(name) in ("instrText", "delInstrText"):
            self.in_field = False
        elif _local(name) == "p":
            self._check_fields(self.fields)
            self.fields = ""
        elif _local(name) in _FORMULAS:
            _check_formula(self.formula)
            self.in_formula, self.formula = False, ""

    def _text(self, text: str) -> None:
        if self.in_field:
            self.fields += text
        elif self.in_formula:
            self.formula += text
        if max(len(self.fields), len(self.formula)) > _LONGEST_FIELDS:
            raise _Found("broken")

    @staticmethod
    def _check_fields(fields: str) -> None:
        if _FIELDS.search(fields):
            raise _Found("active")
        if _FETCHING_FIELDS.search(fields) and _ANY_SCHEME.search(fields):
            raise _Found("external")


def _check_formula(formula: str) -> None:
    if _RUNNING_FORMULAS.search(formula):
        raise _Found("active")
    if _FETCHING_FORMULAS.search(formula):
        raise _Found("external")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _check_relationship(found: dict[str, str]) -> None:
    kind, target = found.get("Type", "").rpartition("/")[2].lower(), found.get("Target", "").strip()
    if kind in ("vbaproject", "control", "activexcontrolbinary", "xlmacrosheet", "xlintlmacrosheet"):
        raise _Found("active")
    if kind == "afchunk":
        raise _Found("embedded")
    is_outside = found.get("TargetMode", "").lower() == "external" or bool(_ANY_SCHEME.match(target))
    if is_outside and not (kind == "hyperlink" and (_WEB.match(target) or not _ANY_SCHEME.match(target))):
        raise _Found("external")
