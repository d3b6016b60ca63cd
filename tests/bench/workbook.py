"""Measures the workbook of a self-assessment: downloaded, and uploaded with every answer edited."""

from io import BytesIO
from typing import TYPE_CHECKING, Any

from tests.bench.floors import Floor
from tests.bench.timing import measure

if TYPE_CHECKING:
    from tests.bench.measuring import Ground


def measure_workbook(ground: "Ground") -> None:
    """Measure through the whole stack; the floor is the same cells written and read by the libraries alone."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client
    from django.urls import reverse

    from tests.conftest import open_session

    evaluation, client = ground.evaluations[0], open_session(Client(), ground.coordinator)
    out, back = (reverse(f"workspace:{name}", args=[evaluation.uid]) for name in ("workbook_file", "workbook"))

    def download() -> bytes:
        return client.get(out).content

    content = _edited(download())

    def upload() -> None:
        sent = client.post(back, {"file": SimpleUploadedFile("filled.xlsx", content)})
        assert client.get(sent.headers["Location"]).status_code == 200

    cells = _cells(content)
    times = ground.scale.runs(10)
    writing = Floor("xlsxwriter, the same cells without formats", lambda: _write(cells))
    measure("workbook of a self-assessment out", download, times=times, floor=writing)
    reading = Floor("openpyxl, the same cells", lambda: _cells(content))
    measure("workbook of a self-assessment in, compared", upload, times=times, floor=reading)


def _edited(content: bytes) -> bytes:
    """Return the workbook with another text for every indicator."""
    from openpyxl import load_workbook

    from evaluation.answers.workbook.layout import ANSWERS, STATE_SHEET, Column

    book, words = load_workbook(BytesIO(content)), ANSWERS.columns.index(Column.WORDS) + 1
    for page in book.worksheets:
        if page["A1"].value == Column.CODE and page.title != STATE_SHEET:
            for row in range(4, page.max_row + 1):
                if page.cell(row, 1).value:
                    page.cell(row, words).value = "Filled in without a connection, in the night of the second shift."
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def _cells(content: bytes) -> list[list[tuple[Any, ...]]]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content), read_only=True)
    return [list(page.iter_rows(values_only=True)) for page in book.worksheets]


def _write(sheets: list[list[tuple[Any, ...]]]) -> None:
    from xlsxwriter import Workbook

    with Workbook(BytesIO(), {"in_memory": True}) as book:
        for rows in sheets:
            page = book.add_worksheet()
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if value is not None:
                        page.write_string(number, place, str(value))
