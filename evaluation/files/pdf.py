"""Inspect the structure of a PDF for active content, and write it again without its authors. In the limited process."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from evaluation.files import pictures
from evaluation.files.kinds import Found, is_harmless_link

_MOST_VALUES = 2_000_000

_FORBIDDEN_ACTIONS = {
    "/JavaScript": "script", "/Launch": "program", "/ImportData": "starts", "/SubmitForm": "starts", "/GoToR": "program",
    "/GoToE": "file", "/Rendition": "starts", "/Movie": "starts", "/Sound": "starts", "/RichMediaExecute": "starts",
    "/GoTo3DView": "starts",
}  # fmt: skip
"""What the forbidden actions of links and forms are. Going to a page or to a web address is allowed on a click."""
_AUTOMATIC = {"/GoTo", "/Named"}
"""The allowed actions that run automatically."""
_SCRIPTS = {"/JS", "/JavaScript", "/XFA"}
_FILES = {"/EmbeddedFiles", "/EF", "/RichMediaContent", "/RichMedia"}
_OF_ACTIONS = ("/A", "/AA", "/PA", "/Next")
"""The entries that lead from a page or an annotation to its actions."""

_PERSONAL = {"/Metadata", "/PieceInfo", "/SpiderInfo", "/Author", "/Thumb"}
"""Entries that describe a file, a page or a picture, which no reader needs: authors, programs, folders, previews."""
_REMARKS = {
    "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Caret", "/Stamp", "/Ink", "/Redact", "/Popup",
}  # fmt: skip
"""The annotations whose `/T` is the name of their author. The `/T` of a form's field is the name of the field."""
_KEPT = ("dc:title", "dc:language", "pdfuaid:part", "pdfuaid:rev", "pdfaid:part", "pdfaid:conformance")
"""What assistive technology and archives need of the metadata: the title, the language and the standards followed."""


def clean(content: bytes) -> bytes:
    """Return the PDF written again: without metadata of persons, earlier versions and what no page refers to.

    Its pages, tags and links are the same. Raises Found: `active`, `embedded`, `external`, `link`, `protected`, `signed`,
    `broken` or `too_complex`.
    """
    import pikepdf  # noqa: PLC0415 - loaded only in the limited process

    code = "broken"
    try:
        with pikepdf.open(BytesIO(content)) as document:
            if "/Pages" in document.Root:
                _check_pages(document, pikepdf)
                for value in _values(document.objects, pikepdf):
                    _check_value(value, "", pikepdf)
                _remove_persons(document, pikepdf)
                written = BytesIO()
                document.save(written, deterministic_id=True)
                return written.getvalue()
    except pikepdf.PasswordError:
        code = "protected"
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, IndexError, NotImplementedError):
        pass
    raise Found(code)


def _check_pages(document: Any, pikepdf: Any) -> None:
    """Check the pages and what can be clicked on them, so that the reason can name the page."""
    for number, page in enumerate(document.pages, start=1):
        annotations = page.obj.get("/Annots")
        starts = [page.obj, *(annotations if isinstance(annotations, pikepdf.Array) else ())]
        seen: set[tuple[int, int]] = set()
        stack = [value for value in starts if isinstance(value, (pikepdf.Dictionary, pikepdf.Array))]
        while stack:
            value = stack.pop()
            if value.is_indirect and value.objgen in seen:
                continue
            seen.add(value.objgen)
            if isinstance(value, pikepdf.Array):
                children = list(value)
            else:
                _check_value(value, str(number), pikepdf)
                of_actions = value.get("/AA")
                events = of_actions.items() if isinstance(of_actions, pikepdf.Dictionary) else ()
                children = [*(value.get(key) for key in _OF_ACTIONS), *(action for _event, action in events)]
            stack += [child for child in children if isinstance(child, (pikepdf.Dictionary, pikepdf.Array))]


def _values(starts: Any, pikepdf: Any) -> Iterator[Any]:
    """Yield every dictionary and stream. Those within another follow it; indirect objects are in the list themselves."""
    seen = 0
    for start in starts:
        stack = [start]
        while stack:
            seen += 1
            if seen > _MOST_VALUES:
                raise Found("too_complex")
            value = stack.pop()
            if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
                yield value
                children = [child for _key, child in value.items()]
            elif isinstance(value, pikepdf.Array):
                children = list(value)
            else:
                continue
            stack += [child for child in children if _is_inside(child, pikepdf)]


def _is_inside(child: Any, pikepdf: Any) -> bool:
    return isinstance(child, (pikepdf.Dictionary, pikepdf.Array)) and not child.is_indirect


def _check_value(value: Any, place: str, pikepdf: Any) -> None:
    keys = set(value.keys())
    action = str(value.get("/S", ""))
    if keys & _FILES or str(value.get("/Type", "")) == "/EmbeddedFile" or str(value.get("/Subtype", "")) in _FILES:
        raise Found("embedded", "file", place)
    if keys & _SCRIPTS:
        raise Found("active", "script", place)
    if action in _FORBIDDEN_ACTIONS:
        raise Found("active", _FORBIDDEN_ACTIONS[action], place, _file_name(value, pikepdf))
    if "/OpenAction" in keys and isinstance(value["/OpenAction"], pikepdf.Dictionary):
        _require_harmless(value["/OpenAction"], place, pikepdf)
    if "/AA" in keys and isinstance(value["/AA"], pikepdf.Dictionary):
        for _event, automatic in value["/AA"].items():  # noqa: PERF102 - has no values()
            _require_harmless(automatic, place, pikepdf)
    if "/ByteRange" in keys:
        raise Found("signed")
    _check_addresses(value, keys, place, pikepdf)


def _require_harmless(action: Any, place: str, pikepdf: Any) -> None:
    """Check an action that runs automatically: only going to a page is allowed, without a following action."""
    harmless = (
        isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) in _AUTOMATIC and "/Next" not in action
    )
    if not harmless:
        raise Found("active", "starts", place)


def _check_addresses(value: Any, keys: set[str], place: str, pikepdf: Any) -> None:
    """Check links, and refuse references to other files: of streams, of file specifications and of parts of pages."""
    for key in ("/URI", "/Base"):
        address = value.get(key)
        if isinstance(address, pikepdf.String) and not is_harmless_link(str(address)):
            raise Found("link", "link", place, str(address))
    is_named = isinstance(value.get("/UF"), pikepdf.String) or isinstance(value.get("/FS"), pikepdf.Name)
    is_file = is_named or str(value.get("/Type", "")) in ("/Filespec", "/F")
    if is_file or isinstance(value.get("/F"), pikepdf.String) or (isinstance(value, pikepdf.Stream) and "/F" in keys):
        raise Found("external", "data", place, _file_name(value, pikepdf))


def _file_name(value: Any, pikepdf: Any) -> str:
    """Return the name of the file in a file specification, or in one that a value has."""
    for key in ("/UF", "/F", "/Unix", "/DOS", "/Mac"):
        named = value.get(key)
        if isinstance(named, pikepdf.Dictionary):
            return _file_name(named, pikepdf) if key == "/F" and named is not value else ""
        if isinstance(named, pikepdf.String):
            return str(named)
    return ""


def _remove_persons(document: Any, pikepdf: Any) -> None:
    kept, title = _read_metadata(document), document.docinfo.get("/Title")
    for value in _values(document.objects, pikepdf):
        for key in _PERSONAL & set(value.keys()):
            del value[key]
        if str(value.get("/Subtype", "")) in _REMARKS and "/T" in value and "/FT" not in value:
            del value["/T"]
        if str(value.get("/Type", "")) == "/OCG" and isinstance(value.get("/Usage"), pikepdf.Dictionary):
            for key in {"/CreatorInfo", "/User"} & set(value["/Usage"].keys()):
                del value["/Usage"][key]
        if isinstance(value, pikepdf.Stream):
            _clean_picture(value, pikepdf)
    del document.trailer["/Info"]
    if isinstance(title, pikepdf.String):
        document.docinfo["/Title"] = str(title)
    if kept:
        with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            for key, text in kept.items():
                metadata[key] = text


def _read_metadata(document: Any) -> dict[str, Any]:
    """Return what is kept of the metadata of the document."""
    if "/Metadata" not in document.Root:
        return {}
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        return {key: metadata[key] for key in _KEPT if metadata.get(key)}


def _clean_picture(stream: Any, pikepdf: Any) -> None:
    """Remove the metadata within a JPEG picture, such as the place where it was taken."""
    form = stream.get("/Filter")
    if isinstance(form, pikepdf.Array) and len(form) == 1:
        form = form[0]
    if form == pikepdf.Name("/DCTDecode"):
        content = stream.read_raw_bytes()
        if (cleaned := pictures.without_metadata(content)) != content:
            stream.write(cleaned, filter=form, decode_parms=stream.get("/DecodeParms"))
