"""Sheet, row of names and last row are chosen on a preview of the file, and found again in the sender's next file."""

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse

from evaluation.figures.formats import Limits, Source, TableLayout, Unreadable, open_file
from evaluation.figures.formats.sheets import read_sheets
from evaluation.models import Matching, StatisticsImport
from tests.bystander import new
from tests.evaluation.figures import own_exports
from tests.evaluation.figures.traces import everything_stored
from tests.portal.figures.mapping.test_pages import form_of, send
from tests.portal.figures.mapping.test_rows import values

pytestmark = pytest.mark.django_db

State = StatisticsImport.State
Rows = list[tuple[Any, ...]]


def book(**sheets: Rows) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return written.getvalue()


MONTHS = ("January", "February", "March", "April", "May", "June")
MONTHS += ("July", "August", "September", "October", "November", "December")


def calls(year: int, months: int = 3, *, notes: tuple[str, ...] = ("Sum", "Exported by the switchboard")) -> Rows:
    """Return a sheet with a title, names in row 3, as many months, and notes below the table."""
    return [
        (f"Telephone report {year}",),
        (),
        ("Month", "Incoming calls", "Answered calls"),
        *((f"{month} {year}", 100 + number % 2, 90 - number % 2) for number, month in enumerate(MONTHS[:months])),
        *((note, 7) for note in notes),
    ]


def page(**sheets: Rows) -> bytes:
    """Return the same as `book` as a page with a table for each sheet."""
    tables = (
        "<table>" + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows) + "</table>"
        for rows in sheets.values()
    )
    return f"<html><title>Report</title><body>{'<hr>'.join(tables)}</body></html>".encode()


def xml_book(**sheets: Rows) -> bytes:
    """Return the same as `book` as Excel 2003 wrote it in XML."""
    made = (
        f'<Worksheet ss:Name="{name}"><Table>'
        + "".join(
            "<Row>" + "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in row) + "</Row>" for row in rows
        )
        + "</Table></Worksheet>"
        for name, rows in sheets.items()
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{"".join(made)}</Workbook>'.encode()


OTHER: Rows = [("Name", "Shift"), ("Maria Musterfrau", "late")]


def chooser(statistics: StatisticsImport) -> str:
    return reverse("workspace:choose_table", args=[statistics.uid])


def choose(client: Client, statistics: StatisticsImport, **chosen: object) -> Any:
    return client.post(chooser(statistics), chosen, follow=True)


def confirm(client: Client, statistics: StatisticsImport, page: Any) -> StatisticsImport:
    """Confirm the columns of the chosen table, as the page suggests them."""
    address = page.redirect_chain[-1][0]
    answered = client.post(address, {**form_of(page), "act": "confirm"})
    assert answered.status_code == 302
    statistics.refresh_from_db()
    return statistics


def test_of_several_sheets_one_is_chosen_with_its_names_and_last_row(coordinator):
    own = send(coordinator, book(Staff=OTHER, Calls=calls(2025)), "report.xlsx")
    assert own.state == State.UNMATCHED
    page = coordinator.get(reverse("workspace:match_columns", args=[own.uid]), follow=True)
    assert page.redirect_chain[-1][0] == chooser(own)
    shown = coordinator.get(chooser(own), {"sheet": "2"}).content.decode()
    assert 'id="id_names_3" checked' in " ".join(shown.split())
    assert all(text in shown for text in ("Telephone report 2025", "Incoming calls", "January 2025"))
    page = choose(coordinator, own, sheet=2, names=3, last=6)
    assert "the last row of the table is row 6" in " ".join(page.content.decode().split())
    assert confirm(coordinator, own, page).state == State.CHECKED
    assert values(own) == {"A03": "301", "A04": "269"}
    assert own.row_account["left_out"]["rows"] == [7, 8]


@pytest.mark.parametrize(("write", "label"), [(page, "Table 2"), (xml_book, "Calls")])
def test_tables_of_a_page_and_of_a_workbook_in_xml_are_chosen_in_the_same_way(coordinator, write, label):
    own = send(coordinator, write(Staff=OTHER, Calls=calls(2025)), "report.xls")
    assert (own.state, own.problems) == (State.UNMATCHED, [])
    shown = " ".join(coordinator.get(chooser(own)).content.decode().split())
    assert f'href="?sheet=2">{label}</a>' in shown.replace(" >", ">")
    assert 'id="id_names_3" checked' in " ".join(coordinator.get(chooser(own), {"sheet": "2"}).content.decode().split())
    confirm(coordinator, own, choose(coordinator, own, sheet=2, names=3, last=6))
    assert values(own) == {"A03": "301", "A04": "269"}
    later = send(coordinator, write(Calls=calls(2024, 12), Staff=OTHER), "report.xls")
    assert (later.state, values(later)) == (State.CHECKED, {"A03": "1206", "A04": "1074"})


@pytest.mark.parametrize("names", [3, 4], ids=["upper row", "lower row"])
def test_a_table_turned_from_months_across_keeps_its_chosen_place_whichever_row_of_names_is_clicked(coordinator, names):
    rows: Rows = [
        ("Telephone report",),
        (),
        ("Indicator", 2025, "", ""),
        ("", "Jan", "Feb", "Mar"),
        ("Incoming calls", 100, 101, 100),
        ("Answered calls", 90, 89, 90),
        ("Seen by the manager",),
    ]
    own = send(coordinator, book(Calls=rows, Staff=OTHER), "report.xlsx")
    shown = " ".join(coordinator.get(chooser(own)).content.decode().split())
    assert 'id="id_names_4" checked' in shown
    confirm(coordinator, own, choose(coordinator, own, sheet=1, names=names, last=6))
    assert values(own) == {"A03": "301", "A04": "269"}
    assert (own.row_account["in_file"], own.row_account["left_out"]["rows"]) == (3, [7])


def test_the_next_file_of_the_sender_opens_in_the_same_way(coordinator):
    own = send(coordinator, book(Staff=OTHER, Calls=calls(2025)), "report.xlsx")
    confirm(coordinator, own, choose(coordinator, own, sheet=2, names=3, last=6))
    longer = [("A new line",), *calls(2024, 12)]
    later = send(coordinator, book(Calls=longer, Staff=OTHER), "report.xlsx")
    assert (later.state, later.matching) == (State.CHECKED, new(Matching).get())
    assert values(later) == {"A03": "1206", "A04": "1074"}
    assert later.row_account["left_out"]["rows"] == [17, 18]


def test_it_is_asked_again_if_what_follows_the_table_is_not_there_or_stands_there_twice(coordinator):
    own = send(coordinator, book(Calls=calls(2025)), "report.xlsx")
    confirm(coordinator, own, choose(coordinator, own, sheet=1, names=3, last=6))
    for notes in (("Altogether",), ("Sum", "Sum")):
        later = send(coordinator, book(Calls=calls(2024, notes=notes)), "report.xlsx")
        assert later.state == State.UNMATCHED
        page = coordinator.get(reverse("workspace:match_columns", args=[later.uid]), follow=True)
        assert page.redirect_chain[-1][0] == chooser(later)


def test_notes_below_a_table_in_text_are_left_out(coordinator):
    text = "Report\n\nMonth;Incoming calls;Answered calls\nJanuary {0};940;812\nFebruary {0};840;712\nMarch {0};941;813\nSource: switchboard\nend;x\n"
    own = send(coordinator, text.format(2025).encode())
    assert own.state == State.UNMATCHED, own.problems
    confirm(coordinator, own, choose(coordinator, own, sheet=1, names=3, last=6))
    assert values(own) == {"A03": "2721", "A04": "2337"}
    later = send(coordinator, text.format(2024).encode())
    assert (later.state, values(later)) == (State.CHECKED, values(own))


@pytest.mark.parametrize(
    ("chosen", "target"),
    [
        ({"sheet": 2, "last": 6}, "id_names_1"),
        ({"sheet": 2, "names": 6, "last": 6}, "id_last_8"),
        ({"sheet": 2, "names": 3, "last": 99}, "id_last_8"),
        ({"sheet": 2, "names": "9" * 5000, "last": 6}, "id_names_1"),
        ({"sheet": 2, "names": 1, "last": 6}, "id_names_1"),
    ],
)
def test_a_choice_that_is_no_table_is_told(coordinator, chosen, target):
    own = send(coordinator, book(Staff=OTHER, Calls=calls(2025)), "report.xlsx")
    page = choose(coordinator, own, **chosen)
    assert (page.status_code, f'href="#{target}"' in page.content.decode()) == (422, True)
    assert f'id="{target}"' in page.content.decode()


def test_names_in_the_rows_are_hidden_and_nothing_of_them_is_stored(coordinator):
    rows: Rows = [("Child", "Month", "Incoming calls"), ("Maria Musterfrau", "January 2025", 4)]
    own = send(coordinator, book(Kids=rows, Calls=calls(2025, notes=("Zanzibar notes",))), "report.xlsx")
    shown = coordinator.get(chooser(own)).content.decode()
    assert ("Musterfrau" in shown, "Incoming calls" in shown) == (False, True)
    confirm(coordinator, own, choose(coordinator, own, sheet=2, names=3, last=6))
    stored = everything_stored()
    assert all(text not in stored for text in ("Musterfrau", "Zanzibar", "zanzibar", "Telephone report"))


def test_a_file_that_is_already_read_has_no_choice(coordinator):
    own = send(coordinator, book(Calls=calls(2025)), "report.xlsx")
    confirm(coordinator, own, choose(coordinator, own, sheet=1, names=3, last=6))
    assert coordinator.get(chooser(own)).status_code == 302


OLD = Path(own_exports.__file__).parent / "formats" / "across.xls"
"""A title in row 1, names in rows 2 and 3, figures in rows 4 and 5."""


def test_the_place_of_a_table_holds_for_an_old_workbook():
    source = Source.of_bytes(OLD.read_bytes(), "t.xls")
    (sheet,) = read_sheets(source, Limits())
    assert (sheet.number, sheet.name, [row for row, _cells in sheet.rows]) == (1, "Statistik 2024", [1, 2, 3, 4, 5])
    opened = open_file(source, Limits(), TableLayout(1, 3, 4))
    assert (opened.names[:3], opened.names_row, opened.below) == (("Indicator", "2024 / Jan", "2024 / Feb"), 3, (5,))
    with pytest.raises(Unreadable, match="no_rows"):
        open_file(source, Limits(), TableLayout(2, 3, 4))


def test_rows_below_the_last_one_are_not_read_whatever_the_reader():
    text = b'a;b\n"x\ny";1\nz;2\nw;3\n\nnote\n'
    for limits in (Limits(), Limits(is_separate=True)):
        opened = open_file(Source.of_bytes(text, "t.csv"), limits, TableLayout(1, 1, 3))
        assert list(opened.rows()) == [(2, ("x\ny", "1")), (3, ("z", "2"))]
        assert (opened.row_count, opened.below) == (2, (4, 5, 6))
        assert opened.account(2).left_out == (4, 5, 6)
