"""XLIFF 1.2, the exchange format of translation programs: each text is a unit with its path as the id.

Specification: https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html
"""

import re
from collections.abc import Iterable
from xml.etree import ElementTree
from xml.parsers import expat

from django.utils.translation import gettext as _

from standards.editions.languages.unit import Entries, TranslationFile, Unit, UnitState
from standards.framework import MalformedEdition

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
_IN = f"{{{NAMESPACE}}}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_OPEN = re.compile(r"new|needs-.*")
"""The states of an unfinished target."""
_REVIEWED = ("signed-off", "final")
"""The states of a target that a second person confirmed."""
_BASE = "base"
"""The attribute `from` of a note with the digest of the translation at the export of the file."""
_DEEPEST = 50
"""The levels of elements that are read: a unit is on the fourth or fifth, and its inline elements follow."""
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML does not allow."""


def write(code: str, languages: tuple[str, str], units: Iterable[Unit]) -> str:
    """Return an XLIFF document. Stale translations have the state `needs-review-translation`."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(f"{_IN}xliff", version="1.2")
    attributes = {"source-language": languages[0], "target-language": languages[1], "datatype": "plaintext"}
    file = ElementTree.SubElement(root, f"{_IN}file", {"original": code, **attributes})
    body = ElementTree.SubElement(file, f"{_IN}body")
    for unit in units:
        element = ElementTree.SubElement(body, f"{_IN}trans-unit", {"id": unit.path, _SPACE: "preserve"})
        if unit.longest:
            element.attrib |= {"maxwidth": str(unit.longest), "size-unit": "char"}
        _add(element, "source", unit.source, {_LANGUAGE: languages[0]})
        _add(element, "target", unit.text, {_LANGUAGE: languages[1], "state": _state_of(unit)})
        _add(element, "note", unit.place, {})
        _add(element, "note", unit.base, {"from": _BASE})
    ElementTree.indent(body, level=2)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _state_of(unit: Unit) -> str:
    if unit.state is UnitState.DRAFT:
        return "needs-review-translation" if unit.is_stale else "needs-translation"
    return "translated" if unit.state is UnitState.TRANSLATED else "signed-off"


def _add(parent: ElementTree.Element, name: str, text: str, attributes: dict[str, str]) -> None:
    ElementTree.SubElement(parent, f"{_IN}{name}", attributes).text = _UNWRITABLE.sub("", text)


def read(content: str) -> TranslationFile:
    """Read an XLIFF document. Targets in a state that needs work are untranslated. Raises MalformedEdition."""
    outline = _Outline()
    try:
        outline.read(content)
        root = ElementTree.fromstring(content)  # noqa: S314 - it declares no entities
    except (ElementTree.ParseError, expat.ExpatError, UnicodeEncodeError) as unreadable:
        raise MalformedEdition([_("This is no XLIFF file: %(why)s") % {"why": str(unreadable)}]) from unreadable
    file = root.find(f"{_IN}file")
    if root.tag != f"{_IN}xliff" or file is None:
        raise MalformedEdition([_("This is no XLIFF 1.2. Choose that version where the file is exported.")])
    language = file.get("target-language", "").strip()
    if not language:
        raise MalformedEdition(
            [_('The file does not say its language. Write “target-language="fr"” in the element “file”.')]
        )
    found = Entries()
    for unit in root.iter(f"{_IN}trans-unit"):
        path, target = unit.get("id", ""), unit.find(f"{_IN}target")
        state = "new" if target is None else target.get("state", "")
        found.add(
            path,
            _text(unit.find(f"{_IN}source")),
            "" if _OPEN.fullmatch(state) else _text(target),
            outline.lines.get(path, 0),
            base=next((_text(note) for note in unit.iterfind(f"{_IN}note") if note.get("from") == _BASE), ""),
            is_reviewed=state in _REVIEWED,
        )
    return found.as_file(language)


def _text(element: ElementTree.Element | None) -> str:
    """Return the text of an element, including that of inline elements."""
    return "" if element is None else "".join(element.itertext())


class _Outline:
    """The line of each unit by its id, and what is refused before the tree is built."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.depth = 0
        self.in_unit = False

    def read(self, content: str) -> None:
        self.parser = expat.ParserCreate("UTF-8", " ")
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.Parse(content.encode(), True)

    @staticmethod
    def _refuse_document_type(*_declared: object) -> None:  # XLIFF has none, and entities could exhaust the memory
        raise MalformedEdition([_("The file declares a document type, which XLIFF has not. Export it again.")])

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        is_unit = name == f"{NAMESPACE} trans-unit"
        if self.depth > _DEEPEST or (is_unit and self.in_unit):  # texts would be read again at each level
            place = {"line": self.parser.CurrentLineNumber}
            raise MalformedEdition(
                [_("Line %(line)s: The elements are nested too deep. Export the file again.") % place]
            )
        if is_unit:
            self.in_unit = True
            self.lines.setdefault(attributes.get("id", ""), self.parser.CurrentLineNumber)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if name == f"{NAMESPACE} trans-unit":
            self.in_unit = False
