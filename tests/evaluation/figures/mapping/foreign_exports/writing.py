"""Write tables as CSV, workbooks, HTML, OpenDocument and JSON, as systems and people do."""

import csv
import datetime as dt
import html
import io
import json
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook


@dataclass
class Sheet:
    name: str
    rows: list[list[Any]]
    merged: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    hidden: bool = False


@dataclass
class Typed:
    """A cell with a number format of its own."""

    value: Any
    format: str


def shown(value: Any, how: str) -> Any:
    """One value as the column gives it."""
    if value is None or how == "":
        return value
    if how == "s":
        return value
    if how == "mmss":
        return f"{value // 60:02d}:{value % 60:02d}"
    if how == "hms":
        return f"{value // 3600}:{value // 60 % 60:02d}:{value % 60:02d}"
    if how == "hhmmss":
        return f"{value // 3600:02d}:{value // 60 % 60:02d}:{value % 60:02d}"
    if how == "min":
        return round(value / 60, 2)
    if how == "min1":
        return round(value / 60, 1)
    if how == "hours":
        return round(value / 3600, 1)
    if how == "ms":
        return value * 1000
    if how == "word":
        return f"{value} s"
    if how == "mwords":
        return f"{value // 60}m {value % 60}s"
    if how == "td":
        return Typed(dt.timedelta(seconds=value), "[h]:mm:ss")
    if how == "slip":  # "0:34" typed for 34 seconds: the sheet keeps 34 minutes
        return Typed(dt.time(value // 60, value % 60) if value < 86400 / 60 else value, "h:mm")
    if how == "k":
        return round(value / 1000, 3)
    if how == "pct":
        return f"{value:.1f}%"
    if how == "pctraw":
        return round(value, 1)
    if how == "frac":
        return Typed(round(value / 100, 4), "0.0%")
    if how == "text":
        return str(value)
    if how == "dash":
        return "-" if value == 0 else value
    if how == "blank":
        return None if value == 0 else value
    if how == "float":
        return float(value)
    if how == "space":
        return f"{value:,}".replace(",", "\u00a0")
    if how == "apos":
        return f"{value:,}".replace(",", "'")
    if how == "dot":
        return f"{value:,}".replace(",", ".")
    if how == "comma":
        return f"{value:,}"
    if how == "unit":
        return f"{value} calls"
    raise ValueError(how)


def text(value: Any, decimal: str, dates: str) -> str:
    if isinstance(value, Typed):
        v = value.value
        if isinstance(v, dt.timedelta):
            s = int(v.total_seconds())
            return f"{s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}"
        if isinstance(v, dt.time):
            return f"{v.hour}:{v.minute:02d}"
        if "%" in value.format:
            return f"{v * 100:.1f}%".replace(".", decimal)
        return text(v, decimal, dates)
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.strftime(dates if "%H" in dates else dates + " %H:%M")
    if isinstance(value, dt.date):
        return value.strftime(dates.replace(" %H:%M:%S", "").replace(" %H:%M", ""))
    if isinstance(value, float):
        return f"{value:g}".replace(".", decimal) if value < 1e5 else f"{value:.1f}".replace(".", decimal)
    if isinstance(value, str) and value.endswith("%"):
        return value.replace(".", decimal)
    return str(value)


@dataclass
class As:
    """How a file is written down."""

    kind: str = "csv"
    enc: str = "utf-8"
    sep: str = ","
    decimal: str = "."
    dates: str = "%Y-%m-%d"
    eol: str = "\r\n"
    quote: int = csv.QUOTE_MINIMAL
    first: str = ""

    def write(self, sheets: list[Sheet]) -> bytes:
        return getattr(self, f"_{self.kind}")(sheets)

    def _csv(self, sheets: list[Sheet]) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.sep, lineterminator=self.eol, quoting=self.quote)
        for n, sheet in enumerate(sheets):
            if n:
                writer.writerow([])
            for row in sheet.rows:
                writer.writerow([text(c, self.decimal, self.dates) for c in row])
        return (self.first + out.getvalue()).encode(self.enc, "strict")

    def _xlsx(self, sheets: list[Sheet]) -> bytes:
        book = Workbook()
        book.remove(book.active)
        book.properties.created = book.properties.modified = dt.datetime(2026, 1, 5)
        for sheet in sheets:
            page = book.create_sheet(sheet.name[:31])
            for r, row in enumerate(sheet.rows, 1):
                for c, cell in enumerate(row, 1):
                    if isinstance(cell, Typed):
                        page.cell(r, c, cell.value).number_format = cell.format
                    elif cell is not None:
                        at = page.cell(r, c, cell)
                        if isinstance(cell, dt.datetime):
                            at.number_format = "dd.mm.yyyy hh:mm"
                        elif isinstance(cell, dt.date):
                            at.number_format = "mmm yy" if cell.day == 1 and self.dates == "mmm yy" else "dd/mm/yyyy"
            for area in sheet.merged:
                page.merge_cells(area)
            for r in sheet.hidden_rows:
                page.row_dimensions[r].hidden = True
            for c in sheet.hidden_columns:
                page.column_dimensions[c].hidden = True
            if sheet.hidden:
                page.sheet_state = "hidden"
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def _html(self, sheets: list[Sheet]) -> bytes:
        parts = [f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={self.enc}"></head><body>']
        for sheet in sheets:
            parts.append("<table border=1>")
            parts += [
                "<tr>" + "".join(f"<td>{html.escape(text(c, self.decimal, self.dates))}</td>" for c in row) + "</tr>"
                for row in sheet.rows
            ]
            parts.append("</table>")
        return "\n".join([*parts, "</body></html>"]).encode(self.enc)

    def _json(self, sheets: list[Sheet]) -> bytes:
        head, *rows = sheets[0].rows
        return json.dumps(
            {
                "result": [
                    dict(
                        zip(
                            head,
                            [text(c, ".", self.dates) if isinstance(c, (dt.date, Typed)) else c for c in r],
                            strict=False,
                        )
                    )
                    for r in rows
                ]
            },
            ensure_ascii=False,
            indent=1,
        ).encode()

    def _ods(self, sheets: list[Sheet]) -> bytes:
        import zipfile

        def cell(value: Any) -> str:
            if value is None:
                return "<table:table-cell/>"
            if isinstance(value, (bool, str, Typed)):
                return f'<table:table-cell office:value-type="string"><text:p>{html.escape(text(value, self.decimal, self.dates))}</text:p></table:table-cell>'
            if isinstance(value, dt.date):
                return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()[:10]}"><text:p>{value.strftime("%d.%m.%y")}</text:p></table:table-cell>'
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{text(value, self.decimal, self.dates)}</text:p></table:table-cell>'

        body = "".join(
            f'<table:table table:name="{html.escape(s.name)}">'
            + "".join("<table:table-row>" + "".join(map(cell, r)) + "</table:table-row>" for r in s.rows)
            + "</table:table>"
            for s in sheets
        )
        ns = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ns} office:version="1.2"><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>'
        manifest = f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest {ns} manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as z:
            for name, data in (
                ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                ("META-INF/manifest.xml", manifest),
                ("content.xml", content),
            ):
                z.writestr(zipfile.ZipInfo(name, (2026, 1, 5, 0, 0, 0)), data)
        return out.getvalue()
