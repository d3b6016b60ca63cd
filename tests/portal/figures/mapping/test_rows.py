"""The mapping page and the rows of an export: asked about if ambiguous, all accounted for."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from evaluation.figures.dictionary.items import code_lists, items
from evaluation.figures.mapping.column_mapping import LEFT_OUT, LEVELS
from evaluation.models import Matching, StatisticsImport
from portal.figures.mapping.answers import word_field
from tests.portal.figures.mapping.test_pages import address_of, answer, draft_of, form_of, send

pytestmark = pytest.mark.django_db

State = StatisticsImport.State


def values(statistics: StatisticsImport) -> dict[str, str]:
    return {":".join(filter(None, (row[0], row[2] or "", row[4] or ""))): row[5] for row in draft_of(statistics)}


def shown(client: Client, statistics: StatisticsImport) -> str:
    return client.get(reverse("workspace:statistics", args=[statistics.uid])).content.decode()


FOOT = b"Month;A03;A04\n2025-01;10;9\n2025-02;30;27\n2025-03;20;18\n;60;54\n\n"


def test_a_row_without_a_month_is_asked_about_and_then_shown_where_it_went(coordinator):
    own = send(coordinator, FOOT)
    page = answer(coordinator, own)
    assert page.status_code == 422
    assert 'href="#id_empty_cells"' in page.content.decode()
    assert not Matching.objects.exists()
    left_out = answer(coordinator, own, act="show", empty_cells=LEFT_OUT).content.decode()
    for sentence in ("4 rows are read", "The file has 5 rows", "3 rows are read", "row 5", "1 row is empty"):
        assert (sentence in left_out) == (sentence != "4 rows are read")
    answer(coordinator, own, empty_cells=LEFT_OUT)
    assert values(own) == {"A03": "60", "A04": "54"}
    assert own.row_account == {"in_file": 5, "read": 3, "empty": 1, "left_out": {"count": 1, "rows": [5]}}
    assert own.rows_read == 3
    assert "1 row is left out, as was said when the columns were matched: row 5." in shown(coordinator, own)


def test_a_merged_month_is_read_without_asking_and_every_row_is_told(coordinator):
    own = send(coordinator, b"Month;Category;A21\n2025-01;runaway;5\n;migration;2\n2025-02;runaway;6\n;migration;3\n")
    page = answer(coordinator, own, period="q1", year="2025")
    assert page.status_code == 422
    own = send(
        coordinator,
        b"Month;Category;A21\n2025-01;runaway;5\n;migration;2\n2025-02;runaway;6\n;migration;3\n2025-03;runaway;1\n;migration;1\n",
    )
    answer(coordinator, own)
    assert values(own) == {"A21:migration": "6", "A21:runaway": "12"}
    assert "6 rows are read." in shown(coordinator, own)


def test_what_the_page_cannot_read_keeps_the_file_and_what_was_said(coordinator):
    own = send(coordinator, b"Month;A03\n2025-01;10\n2025-02;-4\n2025-03;30\n")
    page = answer(coordinator, own)
    own.refresh_from_db()
    assert (page.status_code, own.state, Matching.objects.count()) == (422, State.UNMATCHED, 0)
    assert "Row 3: the value of A03 is below zero" in page.content.decode()


def test_numbers_of_the_same_month_are_added_up_with_their_sum_shown(coordinator):
    own = send(coordinator, b"Month;A03\n2025-01;10\n2025-01;1990\n")
    page = answer(coordinator, own)
    text = page.content.decode()
    assert page.status_code == 422
    assert "January 2025: 10 + 1990 is 2,000" in text
    refused = answer(coordinator, own, repeated="correct")
    assert (refused.status_code, form_of(refused)["repeated"]) == (422, "correct")
    answer(coordinator, own, repeated="add")
    assert values(own) == {"A03": "2000"}


def test_the_answer_about_rows_can_be_changed_before_it_is_confirmed(coordinator):
    own = send(coordinator, FOOT)
    page = answer(coordinator, own, act="show", empty_cells="above")
    assert form_of(page)["empty_cells"] == "above"
    assert 'value="add"' in page.content.decode()
    changed = coordinator.post(address_of(own), {**form_of(page), "empty_cells": LEFT_OUT, "act": "confirm"})
    assert changed.status_code == 302
    assert values(own) == {"A03": "60", "A04": "54"}


def test_what_was_said_of_rows_is_remembered_and_told_again(coordinator):
    answer(coordinator, send(coordinator, FOOT), empty_cells=LEFT_OUT)
    later = send(coordinator, FOOT.replace(b"2025", b"2024"))
    assert (later.state, later.row_account["left_out"]) == (State.CHECKED, {"count": 1, "rows": [5]})


def test_a_later_file_that_is_unclear_in_its_rows_is_asked_about(coordinator):
    answer(coordinator, send(coordinator, b"Month;A03;A04\n2025-01;10;9\n"))
    later = send(coordinator, FOOT.replace(b"2025", b"2024"))
    assert later.state == State.UNMATCHED


def test_years_beside_months_are_understood_again_without_asking(coordinator):
    table = "Jahr;Monat;Anrufe\n2025;Januar;10\n;Februar;20\n;März;30\n".encode()
    answer(coordinator, send(coordinator, table))
    later = send(coordinator, table.replace(b"2025", b"2024"))
    assert (later.state, values(later)) == (State.CHECKED, {"A03": "60"})
    assert (str(later.period_start), str(later.period_end)) == ("2024-01-01", "2024-03-31")


def test_a_column_that_can_be_matched_is_not_only_to_be_taken_out(coordinator):
    rows = "".join(f"{name};{number}\n" for number, name in enumerate("abcdefghij", start=1))
    own = send(coordinator, f"What;A03\n{rows}".encode())
    text = coordinator.get(address_of(own)).content.decode()
    assert "Say on this page what it means." in text
    days = "".join(f"2025-01-{day:02};2025-01-{day:02};{day}\n" for day in range(1, 32))
    own = send(coordinator, f"Created;Day;A03\n{days}".encode())
    page = coordinator.get(address_of(own))
    assert "If they say of which day or month a row is, say so on this page." in page.content.decode()


CASES = (
    "Kind;Eröffnet;Abgeschlossen;Stand;Neu;Kategorie;Reichweite;Prävention;Geschlecht;Alter;Polizei;Risiko\n"
    "1;2025-03;;open;new;runaway;national;false;girl;14;before_hotline;high\n"
    "2;2025-03;;open;new;runaway;national;false;boy;12;before_hotline;high\n"
)
CASE_USES = [
    "child_seq",
    "opened_month",
    "closed_month",
    "status_end",
    "new_in_period",
    "category",
    "category_scope",
    "at_risk_only",
    "sex",
    "age_band",
    "police_informed",
    "first_risk_level",
]


def test_children_without_their_case_are_not_counted_as_cases(coordinator):
    own = send(coordinator, CASES.encode())
    uses = {f"use_{place}": use for place, use in enumerate(CASE_USES, start=1)}
    form = form_of(answer(coordinator, own, act="show", level="case", period="m03", year="2025", **uses))
    missing = {name: "unknown" for name in form if name.startswith("same_")}
    page = coordinator.post(address_of(own), {**form, **missing, "act": "confirm"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "Each child would count as a case of its own" in text
    assert "Prepare a copy to send" in text


def contacts(count: int) -> bytes:
    head = "Month;Channel;Direction;Result;Role;Type;Category;Linked\n"
    row = "2025-03;chat;inbound;answered;police;information;runaway;none\n"
    return (head + row * count).encode()


CONTACT_USES = [
    "contact_month",
    "channel",
    "direction",
    "result",
    "contact_role",
    "contact_type",
    "category",
    "linked_to_case",
]


@pytest.mark.parametrize(("choice", "counted"), [("each", 3), ("once", 1)])
def test_rows_without_a_key_that_are_alike_are_asked_about(coordinator, choice, counted):
    own = send(coordinator, contacts(3))
    uses = {f"use_{place}": use for place, use in enumerate(CONTACT_USES, start=1)}
    form = form_of(answer(coordinator, own, act="show", level="contact", period="m03", year="2025", **uses))
    page = coordinator.post(address_of(own), {**form, "act": "confirm"})
    assert page.status_code == 422
    assert [error["target"] for error in page.context["errors"]] == ["id_alike"]
    coordinator.post(address_of(own), {**form, "alike": choice, "act": "confirm"})
    assert values(own)["A09"] == str(counted)
    assert own.row_account["read"] == counted
    assert [w["code"] for w in own.warnings if w["code"] == "own_records_alike"] == ["own_records_alike"][
        : counted // 3
    ]


def test_a_dry_run_tells_where_every_row_went(coordinator, tmp_path, capsys):
    answer(coordinator, send(coordinator, FOOT), empty_cells=LEFT_OUT)
    path = tmp_path / "later.csv"
    path.write_bytes(FOOT.replace(b"2025", b"2024"))
    call_command("import_crm", str(path), "--hotline", "116000-XA", "--dry-run")
    output = capsys.readouterr().out
    for sentence in ("The file has 5 rows below", "3 rows are read", "row 5.", "1 row is empty."):
        assert sentence in output


# --- Whatever is sent --------------------------------------------------------------------------------------------------

CELLS = st.sampled_from(["", "0", "3", "12", "-1", "4.5", "1.234", "NA", "n/a", "x", "86 %"])
TIMES = st.sampled_from(
    ["2025-01", "2025-02", "2025-03", "", "Q1 2025", "I kwartał 2025", "H1 2025", "2025", "05.01.2025", "Jan", "Total"]
)
USES = st.sampled_from(
    [
        *(
            "period",
            "year",
            "quality",
            "item",
            "value",
            "code1",
            "code2",
            "",
            LEFT_OUT,
            "list:category",
            "list:channel",
        ),
        *items(),
    ]
)
RECORD_USES = st.sampled_from(["", LEFT_OUT, *CONTACT_USES, *CASE_USES, "contact_key", "case_key"])
WORDS = st.sampled_from(["", "runaway", "chat", "police", "Total", "A03", "A11", "girl"])


SENSIBLE_TIMES = st.sampled_from(["2025-01", "2025-02", "2025-03", "", "05.01.2025", "2026-01"])
SENSIBLE_CELLS = st.sampled_from(["", "0", "3", "12"])
PLAIN = [code for code, item in items().items() if not item.dimensions]


@st.composite
def exports(draw: Any) -> tuple[bytes, dict[str, str]]:
    """Draw any table with possible answers about it; half of them make some sense."""
    columns, is_sensible = draw(st.integers(1, 3)), draw(st.booleans())
    times, cells = (SENSIBLE_TIMES, SENSIBLE_CELLS) if is_sensible else (TIMES, CELLS)
    row = st.tuples(times, st.just("x") if is_sensible else WORDS, *(cells for _ in range(columns)))
    rows = draw(st.lists(row, min_size=1, max_size=6))
    if is_sensible:
        rows += [(f"2025-0{month}", "x", *("3" for _ in range(columns))) for month in (1, 2, 3)]
    named = draw(st.permutations(PLAIN if is_sensible else list(items())))[:columns]
    table = "\n".join(";".join(cells) for cells in [["When", "What", *named], *rows]) + "\n"
    level = "aggregate" if is_sensible else draw(st.sampled_from(LEVELS))
    uses = USES if level == "aggregate" else RECORD_USES
    answers = {f"use_{place}": draw(uses) for place in range(1, columns + 3)}
    answers |= {f"part_{place}_1": draw(st.sampled_from(["", *code_lists()["channel"][:2]])) for place in (3, 4)}
    if is_sensible:
        answers = {"use_1": "period", "use_2": LEFT_OUT, **{f"use_{n}": code for n, code in enumerate(named, start=3)}}
    return table.encode(), {
        **answers,
        "level": level,
        "shape": "wide" if is_sensible else draw(st.sampled_from(["long", "wide"])),
        "period": "q1" if is_sensible else draw(st.sampled_from(["", "m01", "q1", "year"])),
        "year": "2025",
        "marks": ".",
        "order": "dmy",
        "empty_cells": draw(st.sampled_from(["above", LEFT_OUT])),
        "repeated": "add",
        "alike": draw(st.sampled_from(["each", "once"])),
    }


HEADED_BY_ANOTHER_ITEM = {
    "use_1": "value", "use_2": "value", "use_3": "A02", "use_4": "A28", "part_3_1": "", "part_4_1": "phone_116000",
    "level": "aggregate", "shape": "wide", "period": "year", "year": "2025", "marks": ".", "order": "dmy",
    "empty_cells": "above", "repeated": "add", "alike": "once",
}  # fmt: skip
"""A column whose heading is the code of a case item, and which a user maps to a duration."""


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@example(export=(b"When;What;A35;A25\nJan;girl;1.234;-1\n", HEADED_BY_ANOTHER_ITEM))
@given(export=exports())
def test_no_table_and_no_answer_breaks_the_page(coordinator, export):
    table, answers = export
    own = send(coordinator, table)
    if own.state != State.UNMATCHED:
        return
    first = coordinator.get(address_of(own))
    assert first.status_code in (200, 302)
    for act in ("show", "confirm"):
        page = coordinator.post(address_of(own), {**form_of(first), **answers, "act": act})
        assert page.status_code in (200, 302, 422)
        if page.status_code != 302:
            answers = {
                **form_of(page),
                **{name: text for name, text in answers.items() if not name.startswith("word_")},
            }
    own.refresh_from_db()
    event(own.state)
    assert own.state in (State.UNMATCHED, State.CHECKED, State.REFUSED)
    assert coordinator.get(reverse("workspace:statistics", args=[own.uid])).status_code == 200
    if own.state == State.CHECKED:
        account = own.row_account
        parts = sum(account.get(name, {"count": 0})["count"] for name in ("left_out", "outside", "repeated"))
        assert account["read"] + account["empty"] + parts == account["in_file"]
    assert "reading_broken" not in [problem["code"] for problem in own.problems]
    StatisticsImport.objects.filter(pk=own.pk).update(state=State.WITHDRAWN)
    own.spooled.delete() if hasattr(own, "spooled") else None


WAITS = "Monat;Kategorie;Angenommene Anrufe;Mittlere Wartezeit;Neue Fälle\n" + "".join(
    f"{month};Ausreißer;{calls};{wait};5\n;Migration;;;2\n"
    for month, calls, wait in (("01.2025", 100, "0,4"), ("02.2025", 100, "0,6"), ("03.2025", 200, "0,8"))
)


def test_merged_months_and_minutes_are_shown_as_one_file_with_its_sums_and_its_rows(coordinator):
    own = send(coordinator, WAITS.encode())
    unit = word_field("unit", "Mittlere Wartezeit")
    page = answer(coordinator, own, act="show", **{unit: "=min"})
    summary = page.context["as_read"]
    assert summary.problems == []
    assert [(row.code, row.total) for row in summary.sums] == [("A04", "400"), ("A08", "39"), ("A21", "21")]
    assert summary.account == ["The file has 6 rows below the names of its columns.", "6 rows are read."]
    wrong = answer(coordinator, own, **{unit: "=s"})
    assert (wrong.status_code, f'href="#id_{unit}"' in wrong.content.decode()) == (422, True)
    answer(coordinator, own, **{unit: "=min"})
    assert values(own) == {"A04": "400", "A08": "39", "A21:migration": "6", "A21:runaway": "15"}


def test_what_cannot_be_read_is_linked_to_where_it_is_said(coordinator):
    own = send(coordinator, b"Month;A03\n2025-01;10\nQ1 2025;60\n")
    page = answer(coordinator, own, period="q1", year="2025").content.decode()
    assert 'href="#id_read_1"' in page
    assert 'id="id_read_1"' in page
