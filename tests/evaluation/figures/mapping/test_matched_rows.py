"""Every row of a table of totals is read, left out with a reason, or refused; every figure is the sum of its rows."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from evaluation.figures.dictionary.items import OverPeriods, code_lists, items
from evaluation.figures.formats import RowAccount, Unreadable
from evaluation.figures.intake.published_format import read
from evaluation.figures.mapping import (
    ColumnMapping,
    Matched,
    NumberMarks,
    Period,
    RowQuestion,
    covered_period,
    match,
    suggest_mapping,
)
from evaluation.figures.mapping.cells.dates import covered, read_period, whole_month
from evaluation.figures.mapping.cells.named_periods import months_numbered
from evaluation.figures.mapping.column_mapping import LEFT_OUT
from evaluation.figures.mapping.suggestions import DEFAULTS
from evaluation.figures.mapping.tables.row_answers import DOUBTS, RIGHT
from tests.evaluation.figures.own_exports import opened

HOTLINE = "116000-XA"
MOMENT = datetime(2026, 2, 1, 9, tzinfo=UTC)
YEAR = (date(2025, 1, 1), date(2025, 12, 31))
Q1 = (date(2025, 1, 1), date(2025, 3, 31))
JANUARY = whole_month(2025, 1)
PLAIN = [code for code, item in items().items() if not item.dimensions]
SUMMED = [code for code in PLAIN if items()[code].over_periods is OverPeriods.SUM and items()[code].is_count]


def matched(
    table: str, uses: list[str], period: Period | None = Q1, shape: str = "wide", codes=None, **answers: str
) -> Matched:
    """Match a table whose columns have these `uses`, with waits in seconds; `answers` are those about its rows.

    That its numbers are right is said, unless `answers` says otherwise.
    """
    export = opened(table.encode())
    columns = {name: use for name, use in zip(export.names, uses, strict=True) if use != LEFT_OUT}
    ignored = tuple(name for name, use in zip(export.names, uses, strict=True) if use == LEFT_OUT)
    codes = {"unit": {name: "s" for name, use in columns.items() if use == "A08"}, **(codes or {})}
    mapping = ColumnMapping(
        "aggregate", shape, columns, ignored, codes, NumberMarks("."), "dmy", {**DEFAULTS, DOUBTS: RIGHT, **answers}
    )
    return match(export, mapping, hotline_code=HOTLINE, period=period or YEAR, moment=MOMENT)


def figures(found: Matched) -> dict[str, str]:
    return {":".join(filter(None, (c[3], c[5], c[7]))): c[8] for _row, c in found.rows()}


def account(found: Matched) -> RowAccount:
    list(found.rows())
    return found.account(0)


def codes_of(found: Matched) -> list[str]:
    with pytest.raises(Unreadable) as refused:
        list(found.rows())
    return [problem.code for problem in refused.value.problems]


def abouts(questions: tuple[RowQuestion, ...]) -> list[str]:
    return [question.about for question in questions]


# --- Empty cells -----------------------------------------------------------------------------------------------------

MERGED = "Month;Category;New\n2025-01;runaway;5\n;migration;2\n2025-02;runaway;6\n;migration;3\n2025-03;runaway;7\n;migration;4\n"
BY_CATEGORY = ["period", "list:category", "A21"]


def test_a_merged_month_is_carried_down_where_its_blocks_show_it():
    found = matched(MERGED, BY_CATEGORY)
    assert found.questions == ()
    assert figures(found) == {"A21:runaway": "18", "A21:migration": "9"}
    assert account(found) == RowAccount(6, 6)


def test_a_sum_at_the_foot_is_asked_about_and_never_added_to_the_last_month():
    table = "Month;Calls\n2025-01;10\n2025-02;20\n2025-03;30\n;60\n"
    found = matched(table, ["period", "A03"])
    assert [(q.about, q.rows) for q in found.questions] == [("empty_cells", (5,))]
    assert codes_of(found) == ["own_cells_empty"]
    left_out = matched(table, ["period", "A03"], empty_cells=LEFT_OUT)
    assert (figures(left_out), account(left_out)) == ({"A03": "60"}, RowAccount(4, 3, left_out=(5,)))
    above = matched(table, ["period", "A03"], empty_cells="above")
    assert abouts(above.questions) == ["repeated"]


def test_a_category_more_at_the_foot_is_no_continuation_that_the_table_shows():
    found = matched(MERGED + ";unknown;30\n", BY_CATEGORY)
    assert [(q.about, q.rows) for q in found.questions] == [("empty_cells", (3, 5, 7, 8))]


def test_a_sum_that_is_left_out_by_its_word_does_not_hide_what_the_table_shows():
    found = matched(MERGED + ";Total;27\n", BY_CATEGORY, codes={"category": {"Total": LEFT_OUT}})
    assert (found.questions, account(found)) == ((), RowAccount(7, 6, left_out=(8,)))


def test_a_month_that_stands_nowhere_above_is_asked_about_and_then_refused_by_row():
    table = "Month;Calls\n;10\n2025-02;20\n2025-03;30\n"
    assert abouts(matched(table, ["period", "A03"]).questions) == ["empty_cells"]
    assert codes_of(matched(table, ["period", "A03"], empty_cells="above")) == ["own_cell_empty"]


def test_a_name_that_stands_once_above_its_parts_is_carried_down():
    table = "What;Which;Number\nA11;phone_116000;5\n;chat;6\nA12;police;7\n;school;8\n"
    names = {"item": {"A11": "A11", "A12": "A12"}}
    found = matched(table, ["item", "code1", "value"], shape="long", codes=names)
    assert figures(found) == {
        "A11:phone_116000": "5",
        "A11:chat": "6",
        "A12:police": "7",
        "A12:school": "8",
    }


def test_the_words_under_a_merged_name_are_asked_about_like_any_other():
    table = "Kennzahl;Davon;Wert\nKontakte nach Kanal;Chat;6\n;Telefon 116000;5\nAnrufe;;40\n"
    export = opened(table.encode())
    names = {"Kontakte nach Kanal": "A11", "Anrufe": "A03"}
    mapping = ColumnMapping(
        "aggregate", "long", {"Kennzahl": "item", "Davon": "code1", "Wert": "value"}, codes={"item": names}
    )
    found = suggest_mapping(export, mapping)
    assert {(asked.list, asked.word) for asked in found.words} >= {("channel", "Chat"), ("channel", "Telefon 116000")}


def test_an_empty_group_is_no_group_where_the_row_has_no_number_for_it():
    table = "Month;Category;New;Calls\n2025-01;;;40\n;runaway;5;\n;migration;6;\n"
    found = matched(table, ["period", "list:category", "A21", "A03"], JANUARY)
    assert found.questions == ()
    assert figures(found) == {"A03": "40", "A21:runaway": "5", "A21:migration": "6"}


def test_empty_rows_are_counted_in_every_kind_of_walk():
    table = "Month;Calls\n2025-01;10\n;\n\n2025-02;20\n2025-03;30\n ; \n\n"
    export = opened(table.encode())
    frames = list(export.chunks())
    walked = (export.row_count, export.empty_count, sum(map(len, frames)))
    rows = list(export.rows())
    assert walked == (export.row_count, export.empty_count, len(rows)) == (7, 4, 3)


# --- Means, parts, and values that cannot be added up ----------------------------------------------------------------


def test_a_mean_wait_of_months_is_put_together_by_its_calls():
    found = matched("Month;Calls;Wait\n2025-01;10;30\n2025-02;30;10\n2025-03;0;\n", ["period", "A04", "A08"])
    assert figures(found) == {"A04": "40", "A08": "15"}


def test_a_mean_wait_without_its_calls_is_not_recorded_and_said():
    found = matched("Month;Wait\n2025-01;10\n2025-02;30\n2025-03;20\n", ["period", "A08"])
    assert figures(found) == {"A08": ""}
    assert [(p.code, p.item) for p in found.noticed] == [("own_mean_unweighted", "A08")]


def test_a_level_of_each_month_is_not_recorded_for_the_quarter_and_said():
    found = matched("Month;Staff\n2025-01;3\n2025-02;3\n2025-03;3\n", ["period", "A50"])
    assert (figures(found), [p.code for p in found.noticed]) == ({"A50": ""}, ["own_not_added"])


@pytest.mark.parametrize(("number", "code"), [("-4", "negative"), ("4.5", "decimal_in_count")])
def test_a_month_that_no_file_could_say_is_not_hidden_in_a_sum(number, code):
    found = matched(f"Month;Calls\n2025-01;10\n2025-02;{number}\n2025-03;30\n", ["period", "A03"])
    with pytest.raises(Unreadable) as refused:
        list(found.rows())
    assert [(p.code, p.row, p.item) for p in refused.value.problems] == [(code, 3, "A03")]


def test_a_sum_of_the_year_beside_its_months_is_not_added_to_them():
    found = matched("Month;Calls\n2025-01;10\n2025-02;20\n2025-03;30\nQ1 2025;60\n", ["period", "A03"])
    assert codes_of(found) == ["own_periods_overlap"]


def test_a_table_without_a_figure_says_so():
    assert codes_of(matched("Month;Calls\n2025-01;10\n", ["period", LEFT_OUT])) == ["own_no_figures"]
    assert codes_of(matched("What;Calls\nA03;10\n", ["item", LEFT_OUT], shape="long")) == ["own_value_missing"]
    assert codes_of(matched("What;Calls\nA03;10\n", [LEFT_OUT, "value"], shape="long")) == ["own_item_missing"]


def test_two_columns_that_are_said_to_hold_the_same_are_not_read_as_one():
    found = matched("What;Calls;More\nA03;10;11\n", ["item", "value", "value"], shape="long")
    assert codes_of(found) == ["own_use_twice"]


# --- Repeats, days -----------------------------------------------------------------------------------------------------

REGIONS = "Month;Region;Calls\n2025-01;North;10\n2025-01;South;20\n"


def test_parts_of_the_same_month_are_added_up_once_somebody_saw_the_sum():
    found = matched(REGIONS, ["period", LEFT_OUT, "A03"], JANUARY)
    question = found.questions[0]
    assert (question.about, question.rows) == ("repeated", (2, 3))
    assert [(s.item, s.values, s.total) for s in question.sums] == [("A03", ("10", "20"), Decimal(30))]
    assert codes_of(found) == ["own_figures_twice"]
    added = matched(REGIONS, ["period", LEFT_OUT, "A03"], JANUARY, repeated="add")
    assert (figures(added), added.questions, added.noticed) == ({"A03": "30"}, (), ())


def test_the_same_row_twice_is_noticed_although_sums_are_wanted():
    table = REGIONS + "2025-01;South;20\n"
    found = matched(table, ["period", LEFT_OUT, "A03"], JANUARY, repeated="add")
    assert [(p.code, p.row, p.params) for p in found.noticed] == [("own_rows_alike", 4, {"first": 3, "count": 1})]


def test_a_time_with_more_rows_than_the_others_is_noticed_although_sums_are_wanted():
    even = "Month;A;Calls\n2025-01;x;1\n2025-01;y;2\n2025-02;x;3\n2025-02;y;4\n2025-03;x;5\n2025-03;y;6\n"
    assert matched(even, ["period", LEFT_OUT, "A03"], repeated="add").noticed == ()
    found = matched(even + "2025-02;x;9\n", ["period", LEFT_OUT, "A03"], repeated="add")
    assert [(p.code, p.row, p.params) for p in found.noticed] == [("own_sums_uneven", 8, {"most": 3, "least": 2})]


def test_two_means_of_the_same_month_have_no_sum():
    table = "Month;Region;Wait\n2025-01;North;10\n2025-01;South;20\n"
    assert codes_of(matched(table, ["period", LEFT_OUT, "A08"], JANUARY, repeated="add")) == ["own_mean_twice"]
    weighed = "Month;Region;Wait;Calls\n2025-01;North;10;1\n2025-01;South;20;3\n"
    found = matched(weighed, ["period", LEFT_OUT, "A08", "A04"], JANUARY, repeated="add")
    assert figures(found) == {"A08": "17.5", "A04": "4"}


def test_days_are_added_up_and_those_without_a_row_are_noticed():
    days = "".join(f"{day:02}.01.2025;{day}\n" for day in range(1, 32))
    whole = matched(f"Day;Calls\n{days}", ["period", "A03"], JANUARY)
    assert (whole.questions, figures(whole), whole.noticed) == ((), {"A03": "496"}, ())
    part = matched("Day;Open\n02.01.2025;4\n05.01.2025;6\n", ["period", "A32"], JANUARY)
    assert figures(part) == {"A32": "6"}
    assert [(p.code, p.params) for p in part.noticed] == [("own_days_missing", {"missing": 29, "days": 31})]


def test_first_days_that_stand_for_months_are_months():
    found = matched("Month;Calls\n2025-01-01;1\n2025-02-01;2\n2025-03-01;3\n", ["period", "A03"])
    assert (figures(found), found.noticed) == ({"A03": "6"}, ())


def test_rows_of_another_time_are_accounted_for_and_noticed():
    found = matched("Month;Calls\n2025-01;1\n2025-02;2\n2026-01;9\n", ["period", "A03"], JANUARY)
    assert account(found) == RowAccount(3, 1, outside=(3, 4))
    assert [(p.code, p.row) for p in found.noticed] == [("own_rows_outside", 3)]


# --- Years next to months, quarters in words, half years -------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "period"),
    [
        ("Jahr;Monat;Anrufe\n2025;Januar;10\n2025;Februar;20\n2025;März;30\n", Q1),
        ("Monat;Jahr;Anrufe\n1;2025;10\n2;2025;20\n3;2025;30\n", Q1),
        ("Rok;Miesiąc;A03\n2025;styczeń;10\n;luty;20\n;marzec;30\n", Q1),
        ("Année;Trimestre;A03\n2025;1er trimestre;1\n2025;2e trimestre;2\n2025;3e trimestre;3\n2025;T4;54\n", YEAR),
    ],
)
def test_years_beside_months_are_understood(table, period):
    export = opened(table.encode())
    found = suggest_mapping(export)
    assert sorted(found.mapping.columns.values())[-2:] == ["period", "year"]
    assert (found.problems, found.questions, covered_period(export, found.mapping)) == ((), (), period)
    read_ = match(export, found.mapping, hotline_code=HOTLINE, period=period, moment=MOMENT)
    assert figures(read_) == {"A03": "60"}


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("I kwartał 2025", (1, 3)),
        ("drugi kwartał 2025 r.", (4, 6)),
        ("3e trimestre 2025", (7, 9)),
        ("viertes Quartal 2025", (10, 12)),
        ("Q2/2025", (4, 6)),
        ("first quarter of 2025", (1, 3)),
        ("\u0391\u0384 τρίμηνο 2025", (1, 3)),
        ("1. tromjesečje 2025.", (1, 3)),
        ("Trimestrul IV 2025", (10, 12)),
        ("H1 2025", (1, 6)),
        ("2. Halbjahr 2025", (7, 12)),
        ("II półrocze 2025", (7, 12)),
        ("1\u03bf εξάμηνο 2025", (1, 6)),
        ("2º semestre de 2025", (7, 12)),
        ("2025 January", (1, 1)),
    ],
)
def test_quarters_and_half_years_are_read_in_words(text, months):
    start, end = read_period(text, "dmy")
    assert (start, (end.year, end.month)) == (date(2025, months[0], 1), (2025, months[1]))


@pytest.mark.parametrize(
    "text", ["Q5 2025", "Total 2025", "a 2025", "Mean 2025", "H3 2025", "2025 2026", "quarter 2025"]
)
def test_what_names_no_part_of_a_year_is_not_read_as_one(text):
    assert read_period(text, "dmy", 2025) is None


@pytest.mark.parametrize("text", ["S1 2025", "1/2025", "T2 2025", "1", "2025"])
def test_a_number_below_a_heading_of_weeks_is_no_other_part_of_a_year(text):
    assert read_period(text, "dmy", 2025, months_numbered("Semaine")) is None


def test_two_half_years_are_a_year():
    halves = [read_period(text, "dmy") for text in ("H1 2025", "H2 2025")]
    assert covered(halves) == YEAR
    found = matched("Half;Calls\nH1 2025;10\nH2 2025;20\n", ["period", "A03"], YEAR)
    assert figures(found) == {"A03": "30"}


@pytest.mark.parametrize(
    "words",
    [
        ("86,4 %", "90,1 %", "88 %", "91,25 %"),
        ("Jan", "Feb", "Mar", "Apr"),
        ("I kwartał 2025", "II kwartał 2025", "III kwartał 2025", "IV kwartał 2025"),
        ("0:12", "0:14", "1:02", "0:59"),
        ("12 min", "14 min", "9 min", "8 min"),
        ("2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"),
    ],
    ids=["share", "month", "quarter", "time", "minutes", "end"],
)
def test_a_column_that_is_merely_unread_may_be_left_out(words):
    rows = "".join(f"2025-{month:02};{month};{word}\n" for month, word in enumerate(words, start=1))
    found = suggest_mapping(opened(f"Month;Calls;Other\n{rows}".encode()))
    assert found.problems == ()


@pytest.mark.parametrize("word", ["{} Emmanuel", "Anna {}", "0470 12 34 {}", "{}.02.2012", "Emma {} min"])
def test_what_may_be_somebody_is_still_refused(word):
    rows = "".join(f"2025-{month:02};{month};{word.format(10 + month)}\n" for month in range(1, 9))
    assert suggest_mapping(opened(f"Month;Calls;Other\n{rows}".encode())).problems != ()


# --- Any table -------------------------------------------------------------------------------------------------------

CELLS = st.sampled_from(["", "0", "3", "12", "-1", "4.5", "NA"])
LISTS = {name: codes[:2] for name, codes in code_lists().items()}
PERIODS = st.sampled_from(
    ["2025-01", "2025-02", "2025-03", "", "Q1 2025", "2025", "05.01.2025", "09.01.2025", "2026-01"]
)


@st.composite
def tables(draw) -> tuple[str, list[str]]:
    """Draw columns of any items, rows of any months in any order, with gaps."""
    chosen = draw(st.lists(st.sampled_from(sorted(items())), min_size=1, max_size=4, unique=True))
    lists = dict.fromkeys(dimension for code in chosen for dimension in items()[code].dimensions)
    lists = [name for name in lists if draw(st.booleans())]
    uses = ["period", *(f"list:{name}" for name in lists), *chosen]
    words = [st.sampled_from(["", *LISTS[name]]) for name in lists]
    rows = draw(st.lists(st.tuples(PERIODS, *words, *(CELLS for _ in chosen)), min_size=1, max_size=8))
    names = [f"c{place}" for place in range(len(uses))]
    return "\n".join(";".join(row) for row in [names, *rows]) + "\n", uses


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    table=tables(),
    period=st.sampled_from([JANUARY, Q1, YEAR]),
    empty=st.sampled_from(["", "above", LEFT_OUT]),
    repeated=st.sampled_from(["", "add"]),
)
def test_every_row_of_any_table_is_read_or_accounted_for_or_refused(table, period, empty, repeated):
    text, uses = table
    answers = {name: answer for name, answer in (("empty_cells", empty), ("repeated", repeated)) if answer}
    found = matched(text, uses, period, **answers)
    reading = read(found)
    event("refused" if reading.problems else "read")
    if reading.problems:
        return
    account = reading.account
    assert account is not None
    lines = text.rstrip("\n").split("\n")[1:]
    assert account.in_file == len(lines)
    named = {*account.left_out, *account.outside}
    for number, line in enumerate(lines, start=2):
        if number not in named and line.strip(";"):
            assert not line.split(";")[0].startswith("2026")
    assert account.read == sum(1 for line in lines if line.strip(";")) - len(named)


@given(
    rows=st.lists(st.lists(st.integers(0, 999), min_size=2, max_size=2), min_size=3, max_size=3),
    chosen=st.lists(st.sampled_from(SUMMED), min_size=2, max_size=2, unique=True),
    empty_after=st.integers(0, 3),
)
def test_a_figure_of_the_quarter_is_the_sum_of_its_months_whatever_stands_between(rows, chosen, empty_after):
    lines = [f"2025-{month:02};{';'.join(map(str, row))}" for month, row in enumerate(rows, start=1)]
    lines.insert(empty_after, ";;")
    found = matched("\n".join(["m;a;b", *lines]) + "\n", ["period", *chosen])
    assert figures(found) == {code: str(sum(row[place] for row in rows)) for place, code in enumerate(chosen)}
    assert found.account(0) == RowAccount(4, 3, empty=1)


@given(
    grid=st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=4), min_size=3, max_size=3),
    order=st.randoms(use_true_random=False),
)
def test_merged_months_say_the_same_as_months_in_each_row_or_are_asked_about(grid, order):
    """The first row of a month may name any of its categories, and months may have different numbers of categories."""
    full, merged = [], []
    for month, numbers in enumerate(grid, start=1):
        codes = order.sample(code_lists()["category"][:4], len(numbers))
        for place, (code, number) in enumerate(zip(codes, numbers, strict=True)):
            full.append(f"2025-{month:02};{code};{number}")
            merged.append(f"{'' if place else f'2025-{month:02}'};{code};{number}")
    written, blank = ("\n".join(["m;c;n", *rows]) + "\n" for rows in (full, merged))
    wanted, found = (read(matched(table, BY_CATEGORY)) for table in (written, blank))
    if found.problems and found.problems != wanted.problems:
        assert [problem.code for problem in found.problems] == ["own_cells_empty"]
        found = read(matched(blank, BY_CATEGORY, empty_cells="above"))
    assert (found.rows, found.account) == (wanted.rows, wanted.account)


def test_a_heading_between_months_that_names_their_quarter_and_has_no_number_is_no_sum():
    table = "Monat;Anrufe\nJanuar 2025;78\nFebruar 2025;77\nMärz 2025;79\n1. Quartal 2025;\n"
    reading = read(matched(table, ["period", "A03"]))
    assert [(row.item, row.amount.value) for row in reading.rows] == [("A03", 234)]
    summed = read(matched(table.replace("2025;\n", "2025;234\n"), ["period", "A03"]))
    assert [problem.code for problem in summed.problems] == ["own_periods_overlap"]
