"""Inspect a Word, Excel or OpenDocument file, and write it again without its authors. In the limited process."""

import re
import zipfile
from io import BytesIO
from xml.parsers import expat

from evaluation.files import pictures
from evaluation.files.archives import MEGABYTE, BadArchive, Budget, list_members, parse_xml, read_archive, unpack
from evaluation.files.kinds import Found, is_address, is_harmless_link

_UNPACKED_AT_MOST = 300 * MEGABYTE
"""The limit of the unpacked size, in bytes, of all members together."""
_MOST_MEMBERS = 5000
_DEEPEST = 2
"""The table of a chart is a workbook inside the document, and a workbook may contain a document.

Deeper nesting is not needed.
"""

# --- What is refused ------------------------------------------------------------------------------------------------

_ACTIVE = re.compile(
    r"vbaproject|vbadata|(^|/)activex/|(^|/)macrosheets/|(^|/)customui/|^basic/|^scripts/|^dialogs/"
    r"|\.(exe|dll|com|scr|pif|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|msi|sh|htm|html|mht|mhtml|xhtml)$"
)
_SIGNED = re.compile(r"(^|/)_xmlsignatures/|^meta-inf/(documentsignatures|macrosignatures)\.xml$")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf", b"%PDF", b"#!/")
"""The signatures of programs, OLE packages and documents of other kinds."""
_FETCHING = re.compile(r"(^|/)(connections\.xml|querytables/|webextensions/)")
_XML = re.compile(r"\.(xml|rels|vml|rdf)$")
_FIELDS = re.compile(r"\b(DDE(AUTO)?|MACROBUTTON)\b", re.IGNORECASE)
_FETCHING_FIELDS = re.compile(r"\b(INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE)\b", re.IGNORECASE)
_ANY_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]{0,30}:|//|\\\\)[^\s\"”]*", re.IGNORECASE)
_LINKED_OBJECT = re.compile(r"\bLINK\s+[\w.]+\s+[\"“]?([^\"”]*)", re.IGNORECASE)
_LINK = re.compile(r"\bHYPERLINK[\s(]*\"([^\"]*)\"", re.IGNORECASE)
"""A link as a field of a document, or as a formula of a workbook."""
_LONGEST_FIELDS = MEGABYTE
_RUNNING_FORMULAS = re.compile(r"\b(DDE|CALL|EXEC|REGISTER(\.ID)?)\s*\(|\w\|([^|']*|'[^']*')!", re.IGNORECASE)
"""Functions of a workbook that start a program, and `program|topic!item`, the oldest syntax for it."""
_FETCHING_FORMULAS = re.compile(
    r"\b(WEBSERVICE|IMAGE|RTD|STOCKHISTORY)\s*\(|'((?:[a-z][a-z0-9+.-]*:|//|\\\\)[^']*)'[#!]", re.IGNORECASE
)
"""Functions that load data, and cells of a workbook with an address of its own."""
_FORMULAS = ("f", "definedName")
"""The elements of a workbook whose text is a formula."""
_RELATED = {
    "hyperlink": "link", "attachedtemplate": "template", "image": "picture", "oleobject": "object",
    "externallink": "workbook", "externallinkpath": "workbook",
}  # fmt: skip
"""What an external relationship is, by the end of its type."""

# --- What is removed ------------------------------------------------------------------------------------------------

_THUMBNAIL = re.compile(r"^/?(docprops/thumbnail\.|thumbnails/)", re.IGNORECASE)
_AUTHOR, _INITIAL = "Author", "A"
"""The author of every comment and change, as in a file from which Word has removed personal information."""
_ATTRIBUTES: dict[str, tuple[tuple[str, ...], str]] = {
    "author": ((), _AUTHOR),
    "initials": ((), _INITIAL),
    "userName": ((), _AUTHOR),
    "refreshedBy": ((), _AUTHOR),
    "displayName": (("person",), _AUTHOR),
    "userId": ((), ""),
    "user": (("scenario",), _AUTHOR),
    "name": (("userInfo",), _AUTHOR),
    "url": (("absPath",), ""),
    "creator": (("version-entry",), _AUTHOR),
}
"""The attributes that name a person or a folder: on which elements, if not on all, and what replaces them."""
_TEXTS = {
    "author": ("authors", _AUTHOR),
    "creator": ("", _AUTHOR),
    "creator-initials": ("", _INITIAL),
    "sender-initials": ("", _INITIAL),
    "DisplayName": ("UserInfo", ""),
    "AccountId": ("UserInfo", ""),
}
"""The elements whose text names a person: within which element, if not within any, and what replaces it."""
_PROPERTIES = {"coreProperties", "Properties", "document-meta"}
"""The elements of the parts that describe the file. Of their content, `_KEPT` stays."""
_KEPT = {"title", "language", "meta"}
_SETTINGS = {"PrinterName", "PrinterSetup"}


def clean(content: bytes, *, unpacked: int = 0) -> bytes:
    """Return the file written again, with `Author` for the author of each comment and change, and the same text.

    `unpacked` is the limit of the unpacked size in bytes. Raises Found: `active`, `embedded`, `external`, `link`,
    `protected`, `signed`, `broken` or `too_complex`.
    """
    code = ""
    try:
        return _read(content, Budget(unpacked or _UNPACKED_AT_MOST), depth=0)
    except BadArchive as bad:
        code = "too_complex" if bad.code in ("too_large", "too_many_members") else "broken"
    raise Found(code)


def _read(content: bytes, budget: Budget, *, depth: int) -> bytes:
    if depth > _DEEPEST:
        raise Found("embedded", "file")
    written = BytesIO()

    def read(archive: zipfile.ZipFile) -> None:
        members = list_members(archive)
        if not {"[Content_Types].xml", "mimetype"} & {member.filename for member in members}:
            raise Found("embedded", "file")  # an archive that is not a document
        with zipfile.ZipFile(written, "w") as cleaned:
            for member in members:
                _check_name(member)
                kept = _clean_member(archive, member, budget, depth)
                if not _THUMBNAIL.match(member.filename):
                    cleaned.writestr(_info(member, kept), kept)

    read_archive(BytesIO(content), read, most_members=_MOST_MEMBERS)
    return written.getvalue()


def _info(member: zipfile.ZipInfo, content: bytes) -> zipfile.ZipInfo:
    """Return the entry of a member without its time and the user of a computer. Pictures are compressed already."""
    info = zipfile.ZipInfo(member.filename)
    is_stored = member.compress_type == zipfile.ZIP_STORED or pictures.is_compressed(content)
    info.compress_type = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
    return info


def _check_name(member: zipfile.ZipInfo) -> None:
    name = member.filename.lower()
    if member.flag_bits & 1:
        raise Found("protected")
    if _SIGNED.search(name):
        raise Found("signed")
    if _ACTIVE.search(name):
        raise Found("active", "script", member.filename)
    if _FETCHING.search(name):
        raise Found("external", "data", member.filename)


def _clean_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget, depth: int) -> bytes:
    content = b"".join(unpack(archive, member, budget))
    name = member.filename.lower()
    if content.startswith(_PROGRAMS):
        raise Found("embedded", "file", member.filename)
    if content.startswith(b"PK\x03\x04"):
        return _read(content, budget, depth=depth + 1)
    if _XML.search(name) or content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
        part = _Part(member.filename)
        part.read(content)
        return _without_persons(content) if part.names_persons else content
    if "printersettings" in name and content[:1] != b"<":
        return bytes(_DEVICE_NAME) + content[_DEVICE_NAME:]
    return pictures.without_metadata(content)


_DEVICE_NAME = 64
"""The bytes of the settings of a printer in a workbook that have the name of the printer and of its computer."""


class _Part:
    """Inspects one XML part: its links, fields, formulas and scripts. `names_persons` if it must be rewritten."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_open_document = name in ("content.xml", "styles.xml") or name.endswith(("/content.xml", "/styles.xml"))
        self.names_persons = False
        self.in_field = False
        self.in_formula = False
        self.fields = ""
        self.formula = ""

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parse_xml(parser, (content[start : start + MEGABYTE] for start in range(0, len(content), MEGABYTE)))
        self._check_fields()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        found = {_local(key): value for key, value in attributes.items()}
        if local == "Relationship":
            self._check_relationship(found)
        elif local in ("Override", "Default"):
            if re.search("macroenabled|vbaproject|activex", found.get("ContentType", ""), re.IGNORECASE):
                raise self._found("active", "script")
        elif local in ("ddeLink", "dde-source", "dde-connection-decl"):
            raise self._found("active", "dde")
        elif local in ("event-listener", "applet", "plugin"):
            raise self._found("active", "script")
        elif local == "oleLink" or (local == "oleObject" and "link" in found) or found.get("Type") == "Link":
            raise self._found("external", "object", found.get("link", ""))
        elif self.is_open_document:
            self._check_open_document(local, found)
        elif "urn:schemas-microsoft-com:vml " in name:
            self._check_drawing(found)
        self.in_field = local in ("instrText", "delInstrText")
        self.in_formula = local in _FORMULAS
        if local == "fldSimple":
            self.fields += found.get("instr", "")
            self._check_fields()
        self.names_persons |= (
            local in _PROPERTIES or local in _TEXTS or bool(_replaced(local, found)) or _is_dropped(local, found)
        )

    def _found(self, code: str, what: str, target: str = "") -> Found:
        return Found(code, what, self.name, target)

    def _check_relationship(self, found: dict[str, str]) -> None:
        kind, target = found.get("Type", "").rpartition("/")[2].lower(), found.get("Target", "").strip()
        if kind in ("vbaproject", "control", "activexcontrolbinary", "xlmacrosheet", "xlintlmacrosheet"):
            raise self._found("active", "script")
        if kind == "afchunk":
            raise self._found("embedded", "file", target)
        is_outside = found.get("TargetMode", "").lower() == "external" or is_address(target)
        if kind == "hyperlink" and not is_harmless_link(target):
            raise self._found("link", "link", target)
        if is_outside and kind != "hyperlink":
            raise self._found("external", _RELATED.get(kind, "data"), target)

    def _check_open_document(self, local: str, found: dict[str, str]) -> None:
        if local == "script":
            raise self._found("active", "script")
        self._check_formula(found.get("formula", ""))
        target = found.get("href", "").strip()
        if local in ("a", "event") and not is_harmless_link(target):
            raise self._found("link", "link", target)
        if local != "a" and (is_address(target) or target.startswith(("../", "/"))):
            raise self._found("external", "picture" if local in ("image", "fill-image") else "data", target)

    def _check_drawing(self, found: dict[str, str]) -> None:
        for key in ("src", "althref"):
            if is_address(found.get(key, "")):
                raise self._found("external", "picture", found[key])
        if not is_harmless_link(found.get("href", "")):
            raise self._found("link", "link", found["href"])

    def _end(self, name: str) -> None:
        if _local(name) in ("instrText", "delInstrText"):
            self.in_field = False
        elif _local(name) == "p":
            self._check_fields()
            self.fields = ""
        elif _local(name) in _FORMULAS:
            self._check_formula(self.formula)
            self.in_formula, self.formula = False, ""

    def _text(self, text: str) -> None:
        if self.in_field:
            self.fields += text
        elif self.in_formula:
            self.formula += text
        if max(len(self.fields), len(self.formula)) > _LONGEST_FIELDS:
            raise Found("broken")

    def _check_fields(self) -> None:
        if not self.fields:
            return
        if running := _FIELDS.search(self.fields):
            raise self._found("active", "dde" if running[1].upper().startswith("DDE") else "script")
        if _FETCHING_FIELDS.search(self.fields) and (loaded := _ANY_ADDRESS.search(self.fields)):
            raise self._found("external", "data", loaded[0])
        if linked := _LINKED_OBJECT.search(self.fields):
            raise self._found("external", "object", linked[1])
        self._check_links(self.fields)

    def _check_formula(self, formula: str) -> None:
        if _RUNNING_FORMULAS.search(formula):
            raise self._found("active", "formula", formula)
        if _FETCHING_FORMULAS.search(formula):
            raise self._found("external", "formula", formula)
        self._check_links(formula)

    def _check_links(self, text: str) -> None:
        for link in _LINK.finditer(text):
            if not is_harmless_link(link[1]):
                raise self._found("link", "link", link[1])


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


# --- Rewriting ------------------------------------------------------------------------------------------------------


def _replaced(name: str, attributes: dict[str, str]) -> dict[str, str]:
    """Return the new values of the attributes of an element that name a person."""
    return {
        key: replacement
        for key in attributes.keys() & _ATTRIBUTES.keys()
        for on, replacement in [_ATTRIBUTES[key]]
        if (not on or name in on) and attributes[key] != replacement
    }


def _is_dropped(name: str, attributes: dict[str, str]) -> bool:
    """Whether an element is the entry of a thumbnail, or the setting of a printer."""
    is_thumbnail = _THUMBNAIL.match(attributes.get("PartName") or attributes.get("full-path") or "")
    is_related = name == "Relationship" and attributes.get("Type", "").endswith("/thumbnail")
    return bool(is_thumbnail) or is_related or attributes.get("name") in _SETTINGS


def _without_persons(content: bytes) -> bytes:
    """Return an inspected part without names of persons. Everything else of it stays as it is."""
    from lxml import etree  # noqa: PLC0415 - loaded only in the limited process

    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    for element in list(root.iter(etree.Element)):
        name, parent = etree.QName(element).localname, element.getparent()
        attributes = {etree.QName(key).localname: key for key in element.attrib}
        values = {short: element.attrib[key] for short, key in attributes.items()}
        for short, replacement in _replaced(name, values).items():
            element.attrib[attributes[short]] = replacement
        parent_name = "" if parent is None else etree.QName(parent).localname
        within, replacement = _TEXTS.get(name, (None, ""))
        if within in ("", parent_name):
            element.text = replacement
        is_property = parent_name in (*_PROPERTIES, "meta") and name not in _KEPT
        if parent is not None and (is_property or _is_dropped(name, values)):
            parent.remove(element)
    written: bytes = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True, standalone=True)
    return written
