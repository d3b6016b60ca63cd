"""A CSV file, written in every other supported form: encodings, delimiters, workbooks and JSON."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from xml.sax.saxutils import escape

Sheet = list[list[str]]

LONGEST = 32_767
"""The maximal number of characters in a cell of XLSX."""
ODS = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)

_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/></manifest:manifest>'
).encode()


def part(content: bytes) -> tuple[list[str], Sheet]:
    """Split a file into the header lines and the cells of the table, including the column names."""
    lines = content.decode().splitlines()
    top = [line for line in lines if line.startswith("#")]
    return top, list(csv.reader(line for line in lines if not line.startswith("#")))


def to_text(content: bytes, encoding: str = "utf-8", delimiter: str = ",", end: str = "\n") -> bytes:
    top, table = part(content)
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator=end).writerows(table)
    return (end.join([*top, ""]) + written.getvalue()).encode(encoding, "replace")


def to_quoted(content: bytes) -> bytes:
    top, table = part(content)
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(table)
    return ("\r\n".join([*top, ""]) + written.getvalue()).encode()


def to_json(content: bytes) -> bytes:
    """Convert to JSON. Numbers keep their spelling."""
    top, (names, *rows) = part(content)
    header = {name: value for name, _, value in (line.lstrip("# ").partition(": ") for line in top)}
    objects = [dict(zip(names, row, strict=False)) for row in rows]
    return json.dumps({"header": header, "rows": objects}, indent=1).encode()


def to_xlsx(content: bytes) -> bytes:
    import xlsxwriter

    top, table = part(content)
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([*([line] for line in top), *table]):
            for place, cell in enumerate(row):
                if cell.replace(".", "", 1).isdigit() and number > len(top):
                    sheet.write_number(number, place, float(cell))
                else:
                    sheet.write_string(number, place, cell[:LONGEST])
    return written.getvalue()


def to_ods(content: bytes) -> bytes:
    """Convert to ODS. The header is in two columns."""
    top, table = part(content)
    head = [[name, value] for name, _, value in (line.lstrip("# ").partition(": ") for line in top)]
    rows = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in [*head, *table])
    return pack({"mimetype": ODS.encode(), "content.xml": ods_content(rows), "META-INF/manifest.xml": _MANIFEST})


def _ods_cell(cell: str) -> str:
    if not cell:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def ods_content(rows: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS_NAMES}><office:body><office:spreadsheet>'
        f'<table:table table:name="1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    ).encode()


def pack(members: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def cells_of(texts: Iterable[str]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, texts))}</table:table-row>"


FORMATS: Mapping[str, Callable[[bytes], bytes]] = {
    "csv": to_text,
    "csv_mark": lambda content: to_text(content, "utf-8-sig", ";", "\r\n"),
    "csv_tabs": lambda content: to_text(content, delimiter="\t", end="\r"),
    "csv_bars": lambda content: to_text(content, "cp1252", "|"),
    "csv_wide": lambda content: to_text(content, "utf-16", ";", "\r\n"),
    "csv_wide_unmarked": lambda content: to_text(content, "utf-16-be", "\t"),
    "csv_excel": lambda content: b"sep=;\r\n" + to_text(content, delimiter=";", end="\r\n"),
    "csv_quoted": to_quoted,
    "xlsx": to_xlsx,
    "ods": to_ods,
    "json": to_json,
}
"""How to write a good file in each format."""
