"""Odd numbers are asked about on the mapping page, and a saved mapping is asked again about a file that differs.

A case list without the columns that only some cases need can be sent, too.
"""

import pytest

from evaluation.models import Matching, StatisticsImport
from portal.figures.mapping.answers import word_field
from tests.portal.figures.mapping.test_pages import address_of, answer, form_of, send
from tests.portal.figures.mapping.test_rows import values

pytestmark = pytest.mark.django_db

State = StatisticsImport.State


def state(statistics: StatisticsImport) -> str:
    statistics.refresh_from_db()
    return statistics.state


RUNNING = b"Month;Calls received;Calls answered\n2025-01;410;390\n2025-02;805;771\n2025-03;1230;1180\n"


def test_numbers_that_only_grow_are_asked_about_with_the_reason_and_can_be_confirmed(coordinator):
    own = send(coordinator, RUNNING)
    page = answer(coordinator, own)
    assert page.status_code == 422
    assert "only grows over 3 times" in page.content.decode()
    assert 'href="#id_doubts"' in page.content.decode()
    refused = answer(coordinator, own, doubts="correct")
    assert (refused.status_code, form_of(refused)["doubts"], Matching.objects.count()) == (422, "correct", 0)
    answer(coordinator, own, doubts="right")
    assert values(own) == {"A03": "2445", "A04": "2341"}
    # the same file of another year is as odd with other numbers
    later = send(coordinator, RUNNING.replace(b"2025", b"2024").replace(b"410", b"411"))
    assert later.state == State.UNMATCHED
    page = coordinator.get(address_of(later))
    assert "doubts" not in form_of(page)
    assert "This file differs from the one it was said of" in page.content.decode()


def test_a_title_is_asked_about_once(coordinator):
    table = b"Calls in thousands;;\nMonth;Calls received;Calls answered\n2025-01;410;390\n2025-02;305;271\n2025-03;430;418\n"
    own = send(coordinator, table)
    assert "speaks of thousands" in answer(coordinator, own).content.decode()
    answer(coordinator, own, doubts="right")
    assert state(own) == State.CHECKED
    assert send(coordinator, table.replace(b"305", b"315")).state == State.CHECKED
    assert send(coordinator, table.replace(b"thousands", b"thousands, cumulative")).state == State.UNMATCHED


def test_a_later_file_of_another_line_or_since_the_start_of_the_year_is_asked_about(coordinator):
    table = "{};;\nMonth;Calls received;Calls answered\n2025-{};1310;1190\n"
    answer(coordinator, send(coordinator, table.format("Line 116 000", "01").encode()))
    assert send(coordinator, table.format("116 000, 01/02/2025 - 28/02/2025", "02").encode()).state == State.CHECKED
    for title, text in (
        ("Line 116 111", "number of another line"),
        ("od początku roku", "speaks of cumulative"),
        ("01/01/2025 - 31/03/2025", "days before the period"),
    ):
        later = send(coordinator, table.format(title, "03").encode())
        assert later.state == State.UNMATCHED
        assert text in coordinator.get(address_of(later)).content.decode()


WAITS = b"Month;Calls answered;Mean waiting time\n2025-01;390;0.4\n2025-02;371;0.5\n2025-03;418;0.6\n"


def test_a_unit_is_asked_again_where_the_times_are_of_another_size(coordinator):
    own = send(coordinator, WAITS)
    unit = next(name for name in form_of(answer(coordinator, own)) if name.startswith("word_"))
    answer(coordinator, own, **{unit: "=min"})
    assert values(own)["A08"].startswith("30")
    alike = send(coordinator, WAITS.replace(b"0.5", b"0.7"))
    assert (alike.state, values(alike)["A08"][:2]) == (State.CHECKED, "33")
    assert send(coordinator, WAITS.replace(b"0.", b"2")).state == State.UNMATCHED


def test_an_order_of_day_and_month_is_asked_again_where_the_file_no_longer_shows_it(coordinator):
    days = "".join(f"{day:02}/03/2025;{30 + day % 7}\n" for day in range(1, 32))
    own = send(coordinator, f"Date;Calls received\n{days}".encode())
    answer(coordinator, own)
    assert state(own) == State.CHECKED
    other = "".join(f"{day:02}/03/2025;{31 + day % 7}\n" for day in range(1, 32))
    assert send(coordinator, f"Date;Calls received\n{other}".encode()).state == State.CHECKED
    months = "".join(f"{month:02}/01/2025;{400 + month % 7}\n" for month in range(1, 13))
    assert send(coordinator, f"Date;Calls received\n{months}".encode()).state == State.UNMATCHED


def test_what_was_said_of_sums_is_asked_again_where_rows_were_added(coordinator):
    places = "".join(f"2025-{m:02};{40 + m * 7 % 11}\n2025-{m:02};{20 + m % 5}\n" for m in range(1, 4))
    own = send(coordinator, f"Month;Calls received\n{places}".encode())
    answer(coordinator, own, repeated="add")
    assert state(own) == State.CHECKED
    assert (
        send(coordinator, f"Month;Calls received\n{places.replace('40', '41')}2025-02;7\n".encode()).state
        == State.UNMATCHED
    )
    assert send(coordinator, f"Month;Calls received\n{places.replace('2025', '2024')}".encode()).state == State.CHECKED


SAME = "contact_month;channel;direction;result;contact_role;contact_type;category;linked_to_case"
ROW = "2025-03;chat;inbound;answered;police;information;runaway;none"


def test_equal_rows_are_asked_about_in_each_file(coordinator):
    own = send(coordinator, f"{SAME};Extra\n{ROW};1\n{ROW};1\n{ROW};2\n".encode())
    answer(coordinator, own, use_9="-", alike="once", level="contact")
    assert (state(own), own.row_account["repeated"]["count"]) == (State.CHECKED, 1)
    later = send(coordinator, f"{SAME};Extra\n{ROW};1\n{ROW};2\n{ROW};2\n".encode())
    assert later.state == State.UNMATCHED


CASE_LIST = """Fallschlüssel;Kategorie;Geschlecht;Alter;Status
a1b2c3d4e5f6a7b8x1;Ausreisser;weiblich;14;zu
a1b2c3d4e5f6a7b8x2;Ausreisser;männlich;16;offen
a1b2c3d4e5f6a7b8x3;Migration;männlich;17;offen
"""
USES = {"use_1": "case_key", "use_2": "category", "use_3": "sex", "use_4": "age_band", "use_5": "status_end"}
SAID = {
    "same_opened_month": "",
    "same_new_in_period": "new",
    "same_category_scope": "national",
    "same_at_risk_only": "false",
    "same_police_informed": "unknown",
    "same_first_risk_level": "high",
    "same_closed_month": "period",
}
ASKED_OF_SOME = ["main_reason", "unaccompanied", "outcome", "aftercare_offered"]


def test_a_case_list_of_five_columns_says_what_is_unknown_in_every_row(coordinator):
    own = send(
        coordinator,
        CASE_LIST.replace("Status\n", "Status;Monat\n")
        .replace(";zu\n", ";zu;2025-03\n")
        .replace(";offen\n", ";offen;2025-03\n")
        .encode(),
    )
    words = {"Ausreisser": "runaway", "Migration": "migration", "zu": "closed", "offen": "open"}
    uses = {**USES, "use_6": "opened_month"}
    given = {"level": "case", "period": "m03", "year": "2025", **uses, **SAID}
    given |= {word_field(name, word): f"={code}" for name in ("category", "status_end") for word, code in words.items()}
    given |= {word_field("sex", "weiblich"): "=girl", word_field("sex", "männlich"): "=boy"}
    given |= {word_field("age_band", age): "=16-17" for age in ("14", "16", "17")}
    given |= {"vouched_2": "on"}
    page = answer(coordinator, own, **given)
    text = page.content.decode()
    assert page.status_code == 422
    for name in ASKED_OF_SOME:
        assert f'href="#id_same_{name}"' in text
    assert "same_hague_application" not in text
    given |= {f"same_{name}": "unknown" for name in ASKED_OF_SOME}
    assert "Every row is said to be “New”" in answer(coordinator, own, **given).content.decode()
    answer(coordinator, own, **given, doubts="right")
    assert state(own) == State.CHECKED, own.problems
    found = values(own)
    assert (found["A21:runaway"], found["A23:runaway"], found["A40:runaway:unknown"]) == ("2", "1", "1")
    assert found["A30:unknown"] == "2"


def test_a_column_of_unknown_numbers_is_shown_and_one_of_words_is_not(coordinator):
    own = send(
        coordinator,
        b"Month;Calls received;Gizmo;Desk\n2025-01;410;777;blue\n2025-02;390;555;red\n2025-03;401;444;red\n",
    )
    page = coordinator.get(address_of(own)).content.decode()
    assert "777 · 555 · 444" in page
    assert "blue" not in page
