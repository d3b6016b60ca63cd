"""The mapping of a hotline's own export: suggested, asked for where it is ambiguous, and read as the published file."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.figures.formats import Source, Unreadable, open_file
from evaluation.figures.intake.published_format import Reading, read
from evaluation.figures.mapping import (
    Certainty,
    ColumnMapping,
    MappingSuggestion,
    NumberMarks,
    match,
    nearest_mapping,
    signature,
    suggest_mapping,
)
from evaluation.figures.mapping.cells.dates import covered, read_period, whole_month
from evaluation.figures.mapping.cells.number_formats import normalize_number
from evaluation.figures.mapping.words.vocabulary import find_figure, known_code
from evaluation.figures.problems.file_problems import Problem, describe_problem
from portal.demonstration.exports import generate
from tests.evaluation.figures import own_exports
from tests.evaluation.figures.own_exports import ENGLISH, FRENCH, GERMAN, POLISH, STYLES, Style, opened

HOTLINE = "116000-XA"
YEAR = (date(2025, 1, 1), date(2025, 12, 31))
MOMENT = datetime(2026, 2, 1, 9, tzinfo=UTC)


def _published(content: bytes) -> Reading:
    return read(open_file(Source.of_bytes(content, "published.csv")))


def _figures(reading: Reading) -> list[tuple[object, ...]]:
    assert reading.problems == ()
    return sorted((r.item, r.codes, str(r.amount.value), r.amount.not_applicable, r.quality) for r in reading.rows)


def _read(export: bytes, mapping: ColumnMapping, period=YEAR) -> Reading:
    return read(match(opened(export), mapping, hotline_code=HOTLINE, period=period, moment=MOMENT))


def _remembered(mapping: ColumnMapping) -> ColumnMapping:
    return ColumnMapping.from_data(mapping.as_data())


def _abouts(found: MappingSuggestion) -> list[str]:
    return [question.about for question in found.questions]


def _codes(problems) -> list[str]:
    return [problem.code for problem in problems]


# --- The same figures, whatever the export looks like ----------------------------------------------------------------


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(1, 1000),
    language=st.sampled_from(["de", "fr", "el", "pl", "en"]),
    marks=st.sampled_from([(",", "."), (",", "\u202f"), (".", ","), (".", "'"), (",", " ")]),
    delimiter=st.sampled_from([";", "\t", "|"]),
)
def test_an_export_in_any_language_and_notation_says_what_the_published_file_says(seed, language, marks, delimiter):
    content = generate(HOTLINE, 2025, seed)
    style = Style(language, delimiter, *marks)
    export = own_exports.long(content, style, "2025")
    found = suggest_mapping(opened(export))
    assert (found.problems, found.mapping.shape, found.period) == ((), "long", YEAR)
    answered = suggest_mapping(opened(export), _remembered(found.mapping))
    assert answered.questions == ()
    assert _figures(_read(export, answered.mapping)) == _figures(_published(content))


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.language)
def test_a_row_for_each_month_becomes_the_figures_of_the_year(style):
    wanted = ["A03", "A04", "A05", "A06", "A07"]
    months = [(date(2025, month, 1), whole_month(2025, month)[1]) for month in range(1, 13)]
    figures = {
        item: [str(1000 * (7 * month % 12 + 1) + place) for month in range(1, 13)] for place, item in enumerate(wanted)
    }
    rows = [
        [
            own_exports.period_word(start, end, style),
            *(own_exports.number(figures[item][place], style) for item in wanted),
        ]
        for place, (start, end) in enumerate(months)
    ]
    heads = [own_exports.HEADS[style.language][0], *(own_exports.item_word(i, style.language) for i in wanted)]
    export = own_exports.table(style, heads, rows)
    found = suggest_mapping(opened(export))
    assert found.problems == ()
    answers = {**found.mapping.as_data(), "marks": {"decimal": style.decimal, "thousands": ""}}
    if style is POLISH:
        # the eleventh month in Polish, the tenth in Croatian
        assert [q.word for q in found.questions if q.about == "word"] == ["Listopad 2025"]
        answers["codes"] = {**answers["codes"], "period": {"Listopad 2025": "11"}}
    mapping = ColumnMapping.from_data(answers)
    assert suggest_mapping(opened(export), mapping).questions == ()
    matched = match(opened(export), mapping, hotline_code=HOTLINE, period=YEAR, moment=MOMENT)
    assert {cells[3]: cells[8] for _row, cells in matched.rows()} == {
        item: str(sum(map(int, figures[item]))) for item in wanted
    }


def test_a_table_by_category_leaves_out_the_sum_at_its_foot():
    content = generate(HOTLINE, 2025, 3)
    wanted = ["A20", "A21", "A22", "A23", "A24"]
    export = own_exports.by_category(content, FRENCH, wanted)
    found = suggest_mapping(opened(export))
    assert (found.problems, found.questions, found.period) == ((), (), None)
    matched = match(opened(export), found.mapping, hotline_code=HOTLINE, period=YEAR, moment=MOMENT)
    assert {(c[3], (c[5],)): c[8] for _row, c in matched.rows()} == {
        (item, codes): value for item, codes, value in own_exports.figures_of(content) if item in wanted
    }


def test_the_months_that_are_missing_make_no_year():
    export = b"Monat;Anrufe;Angenommene Anrufe\n2025-01;10;9\n2025-02;11;9\n"
    found = suggest_mapping(opened(export))
    problems = _read(export, found.mapping).problems
    assert [(p.code, p.item) for p in problems] == [("own_period_unfilled", "A03"), ("own_period_unfilled", "A04")]


def test_a_later_period_of_the_same_export_is_taken_from_its_rows_only():
    export = b"Month,Calls,Calls answered\n2025-01,10,9\n2025-02,11,8\n"
    found = suggest_mapping(opened(export))
    february = whole_month(2025, 2)
    matched = match(opened(export), found.mapping, hotline_code=HOTLINE, period=february, moment=MOMENT)
    assert [(row, cells[3], cells[8]) for row, cells in matched.rows()] == [(3, "A03", "11"), (3, "A04", "8")]


# --- An ambiguous number or date is a question -----------------------------------------------------------------------


@pytest.mark.parametrize("number", ["89.340", "1.234", "630,476", "5,000"])
def test_a_number_of_two_readings_is_asked_about_and_shown_both_ways(number):
    export = f"Monat;Anrufe;Angenommene Anrufe\n2025-01;{number};12\n".encode()
    (question,) = [q for q in suggest_mapping(opened(export)).questions if q.about == "marks"]
    whole, part = number.replace(".", " ").replace(",", " ").split()
    mark = number.strip("0123456789")
    other = "," if mark == "." else "."
    assert dict(question.examples)[number] is not None
    assert dict(dict(question.examples)[number]) == {mark: f"{whole}.{part}", other: whole + part}


@given(whole=st.integers(1, 999), part=st.integers(0, 999), mark=st.sampled_from(".,"))
def test_a_number_of_two_readings_is_never_read_without_an_answer(whole, part, mark):
    assert normalize_number(f"{whole}{mark}{part:03d}", NumberMarks()) is None


@pytest.mark.parametrize(
    ("settling", "read_as"),
    [("12,5", "89340"), ("1.234.567", "89340"), ("1.234,5", "89340"), ("12.5", "89.340"), ("1,234,567", "89.340")],
)
def test_another_number_of_the_file_settles_it(settling, read_as):
    export = f"Monat;Anrufe;Mittlere Wartezeit\n2025-01;89.340;{settling}\n".encode()
    found = suggest_mapping(opened(export))
    assert "marks" not in _abouts(found)
    assert normalize_number("89.340", found.mapping.marks) == read_as


def test_numbers_written_by_two_rules_are_refused_by_row():
    export = b"Monat;Anrufe;Mittlere Wartezeit\n2025-01;10;12,5\n2025-02;11;12.5\n"
    assert suggest_mapping(opened(export)).problems == (Problem("own_marks_differ", 2, params={"other_row": 3}),)


def test_a_file_that_contradicts_what_was_said_of_its_marks_is_asked_about():
    mapping = suggest_mapping(opened(b"Monat;Anrufe;Mittlere Wartezeit (s)\n2025-01;10;12,5\n")).mapping
    later = suggest_mapping(opened(b"Monat;Anrufe;Mittlere Wartezeit (s)\n2025-01;10;12.5\n"), _remembered(mapping))
    assert _abouts(later) == ["marks"]


def test_a_thousands_mark_does_not_prove_how_another_mark_is_read():
    names = "Monat;Eingegangene Anrufe;Besetzte Stunden"
    mapping = suggest_mapping(opened(f"{names}\n2025-01;1'240;31.5\n".encode())).mapping
    export = f"{names}\n2025-02;1'140;33,251\n".encode()
    assert _abouts(suggest_mapping(opened(export), _remembered(mapping))) == ["marks"]
    answered = replace(mapping, marks=NumberMarks(","), evidence={})
    assert "marks" not in _abouts(suggest_mapping(opened(export), answered))


def test_a_date_of_two_readings_is_asked_about_and_gives_no_period():
    export = b"Monat;Anrufe;Angenommene Anrufe\n03/04/2025;10;9\n"
    found = suggest_mapping(opened(export))
    (question,) = [q for q in found.questions if q.about == "order"]
    assert dict(question.examples) == {"03/04/2025": (("dmy", "2025-04"), ("mdy", "2025-03"))}
    assert found.period is None


def test_a_day_after_the_twelfth_settles_it():
    export = b"Monat;Anrufe;Angenommene Anrufe\n03/04/2025;10;9\n13/04/2025;1;1\n"
    found = suggest_mapping(opened(export))
    assert (found.mapping.date_order, "order" in _abouts(found)) == ("dmy", False)


def test_dates_written_by_two_rules_are_refused_by_row():
    export = b"Monat;Anrufe;Angenommene Anrufe\n13/04/2025;10;9\n04/13/2025;1;1\n"
    assert _codes(suggest_mapping(opened(export)).problems) == ["own_dates_differ"]


@pytest.mark.parametrize(
    "text",
    [
        "2025-04",
        "04/2025",
        "4.2025",
        "April 2025",
        "avril 2025",
        "kwiecień 2025",
        "Απρίλιος 2025",
        "2025-04-30",
        "2025.04.30.",
        "2025. 04. 30.",
        "30.04.2025 14:22",
        "2025-04-01T00:00:00",
    ],
)
def test_months_are_read_in_many_spellings(text):
    assert read_period(text, "dmy") == whole_month(2025, 4)


def test_months_with_a_gap_cover_no_period():
    assert covered([whole_month(2025, 1), whole_month(2025, 3)]) is None
    assert covered([whole_month(2025, month) for month in (1, 2, 3)]) == (date(2025, 1, 1), date(2025, 3, 31))


# --- What is refused -------------------------------------------------------------------------------------------------

CONTACTS = "Datum;Kanal;Richtung;Ergebnis;Rolle;Kontaktart;Kategorie;Zu Fall{head}\n" + "".join(
    f"{day:02d}.03.2025 10:{day:02d};Chat;eingehend;angenommen;Polizei;information;"
    f"{'Ausreißer' if day % 2 else 'Kindesentziehung'};none{{cell{day}}}\n"
    for day in range(1, 29)
)


def _contacts(head: str = "", cell=lambda day: "") -> bytes:
    parts = {f"cell{day}": f";{cell(day)}" if head else "" for day in range(1, 29)}
    return CONTACTS.format(head=f";{head}" if head else "", **parts).encode()


@pytest.mark.parametrize(
    ("head", "cell", "code"),
    [
        ("Vorname", lambda day: "Anna", "own_column_personal"),
        ("Kontakt 2", lambda day: f"a{day}@example.org", "own_column_personal"),
        ("Rückruf unter", lambda day: f"0475 12 34 {day:02d}", "own_column_personal"),
        ("Geb", lambda day: f"{day:02d}.05.2011", "own_column_personal"),
        ("Info", lambda day: "Das Kind war zuletzt am Bahnhof und wollte zur Tante", "own_column_text"),
        ("Wer", lambda day: f"Wort{'abcdefghijklmnopqrstuvwxyzäö'[day - 1]}", "own_column_unmatched"),
        ("Nr", lambda day: str(40_000 + day), "own_column_numbers"),
        ("Feld", lambda day: "=A1+A2", "own_column_formula"),
    ],
)
def test_what_points_to_a_person_must_come_out_of_the_export_and_cannot_be_left_out_here(head, cell, code):
    export = _contacts(head, cell)
    mapping = suggest_mapping(opened(_contacts())).mapping
    left_out = ColumnMapping.from_data({**mapping.as_data(), "ignored": [head]})
    for found in (suggest_mapping(opened(export)), suggest_mapping(opened(export), left_out)):
        assert [(p.code, p.row, p.column) for p in found.problems] == [(code, None, "9")]
        assert found.columns[8].is_hidden
        assert describe_problem(found.problems[0])
    assert suggest_mapping(opened(export), left_out).words == ()


def test_a_column_with_few_plain_words_may_be_left_out():
    export = _contacts("Schicht", lambda day: "früh" if day % 2 else "spät")
    found = suggest_mapping(opened(export))
    assert (found.problems, found.columns[8].use, found.columns[8].certainty) == ((), "", Certainty.NONE)
    assert "column" in _abouts(found)


@pytest.mark.parametrize("head", ["Kennzahl", "Kanal", "Info"])
@pytest.mark.parametrize("use", ["", "-", "item", "channel", "value"])
def test_a_column_with_a_long_text_is_refused_whatever_it_is_said_to_be(head, use):
    text = "Anrufe und Gespräche mit dem Kind " * 200
    export = f"{head};Anzahl\n{text};1\nAnrufe;2\nAngenommene Anrufe;3\n".encode()
    level = "contact" if use == "channel" else "aggregate"
    mapping = ColumnMapping(level, "long", {head: use} if use.isalpha() else {}, (head,) if use == "-" else ())
    found = suggest_mapping(opened(export), mapping if use else None)
    assert Problem("own_column_text", column="1") in found.problems
    assert (found.words, found.columns[0].is_hidden) == ((), True)
    assert found.columns[0].use == use


def test_no_text_longer_than_a_name_is_compared_with_names():
    assert find_figure("A03") == ("A03", Certainty.SURE)
    assert find_figure("A03" + " " * 120) == find_figure("Anrufe " * 20) == ("", Certainty.NONE)


@pytest.mark.parametrize("use", ["item", "value", "period"])
def test_more_words_than_a_list_has_are_asked_of_nobody(use):
    rows = "".join(f"Wort {'abcdefghijklmnopqrst'[n % 20]}{'abcdefghijklmnopqrst'[n // 20]};1\n" for n in range(301))
    mapping = ColumnMapping("aggregate", "long", {"Feld": use, "Anzahl": "value" if use == "item" else "quality"})
    found = suggest_mapping(opened(f"Feld;Anzahl\n{rows}".encode()), mapping)
    limit = 300 if use == "item" else 20
    assert Problem("own_column_words", column="1", params={"limit": limit}) in found.problems
    assert found.words == ()


@pytest.mark.parametrize(("use", "answer"), [("item", "-"), ("value", ""), ("period", "-"), ("list:channel", "-")])
def test_words_that_are_all_left_out_are_no_meaning_of_a_column(use, answer):
    export = b"Naam;Aantal\nEmma Peeters;1\nNoor Claes;2\nLucas Maes;3\nMila Jacobs;4\n"
    shape = "wide" if use.startswith("list:") else "long"
    mapping = ColumnMapping("aggregate", shape, {"Naam": use}, ("Aantal",))
    found = suggest_mapping(opened(export), mapping, answers=lambda _list, _word: answer, confirmed={1})
    assert {asked.code for asked in found.words} == {answer}
    assert [question.column for question in found.questions if question.about == "words"] == ["Naam"]


def test_the_sum_at_the_foot_and_a_few_unknown_rows_may_be_left_out():
    export = b"Kennzahl;Anzahl\nAnrufe;1\nAngenommene Anrufe;2\nEigenes;3\nSumme;6\nGesamt;6\nTotal;6\n"
    mapping = ColumnMapping("aggregate", "long", {"Kennzahl": "item", "Anzahl": "value"})
    codes = {"Anrufe": "A03", "Angenommene Anrufe": "A04"}
    found = suggest_mapping(opened(export), mapping, answers=lambda _list, word: codes.get(word, "-"))
    assert "words" not in _abouts(found)


def test_numbers_that_begin_with_a_nought_are_no_ages():
    export = b"Kanaal;CAP;Maand\nChat;00118;2025-03\nChat;00184;2025-03\nTelefoon;05;2025-03\n"
    assert suggest_mapping(opened(export)).columns
    assert [known_code(text, "age_band") for text in ("00118", "05", "5", "17", "18")] == [
        "",
        "4-6",
        "4-6",
        "16-17",
        "",
    ]


def test_the_values_of_a_column_without_a_use_are_hidden():
    export = _contacts("Schicht", lambda day: "früh" if day % 2 else "spät")
    mapping = suggest_mapping(opened(_contacts())).mapping
    left_out = ColumnMapping.from_data({**mapping.as_data(), "ignored": ["Schicht"]})
    for found in (suggest_mapping(opened(export)), suggest_mapping(opened(export), left_out)):
        assert [column.name for column in found.columns if column.is_hidden] == ["Schicht"]


@pytest.mark.parametrize("names", ["Anna@example.org;12", "0475123456;12", "12;13"])
def test_a_row_of_data_is_never_taken_for_names(names):
    found = suggest_mapping(opened(f"{names}\nB;2\n".encode()))
    assert (_codes(found.problems), found.columns) == (["own_names_missing"], ())


# --- Rows about contacts and cases -----------------------------------------------------------------------------------


def test_rows_about_contacts_get_months_codes_and_keys():
    found = suggest_mapping(opened(_contacts()))
    assert (found.problems, found.mapping.level, found.period) == ((), "contact", whole_month(2025, 3))
    mapping = found.mapping.as_data()
    matched = match(
        opened(_contacts()), ColumnMapping.from_data(mapping), hotline_code=HOTLINE, period=found.period, moment=MOMENT
    )
    names = list(matched.names)
    number, cells = next(matched.rows())
    row = dict(zip(names, cells, strict=True))
    assert (number, row["contact_month"], row["category"], row["direction"]) == (2, "2025-03", "runaway", "inbound")
    (frame,) = matched.chunks()
    assert [tuple(map(str, cells)) for cells in frame.itertuples(index=False)] == [c for _n, c in matched.rows()]
    assert read(matched).problems == ()


def test_a_required_field_without_a_column_is_asked_for_once_for_all_rows():
    export = b"Datum;Kanal;Ergebnis;Rolle;Kontaktart;Zu Fall\n13.03.2025;Chat;angenommen;Polizei;prevention;none\n"
    found = suggest_mapping(opened(export), ColumnMapping("contact"))
    assert [q.list for q in found.questions if q.about == "field"] == ["direction", "category"]
    said = {"direction": "inbound", "category": "unknown"}
    mapping = ColumnMapping.from_data({**found.mapping.as_data(), "constants": {**found.mapping.constants, **said}})
    assert "field" not in _abouts(suggest_mapping(opened(export), mapping))


def test_a_problem_of_a_record_speaks_of_the_hotlines_own_column():
    found = suggest_mapping(opened(_contacts()))
    matched = match(opened(_contacts()), found.mapping, hotline_code=HOTLINE, period=YEAR, moment=MOMENT)
    assert matched.in_export_terms(Problem("code_unknown", 4, "channel")).column == "Kanal"


# --- Saved mappings --------------------------------------------------------------------------------------------------


def test_a_later_file_of_the_same_columns_passes_without_a_question():
    first = own_exports.long(generate(HOTLINE, 2024, 5), GERMAN, "2024")
    later = own_exports.long(generate(HOTLINE, 2025, 6), GERMAN, "2025")
    mapping = suggest_mapping(opened(first)).mapping
    assert signature(opened(first).names) == signature(opened(later).names)
    understood = suggest_mapping(opened(later), _remembered(mapping))
    assert (understood.questions, understood.period) == ((), YEAR)


def test_a_new_word_is_the_only_thing_that_is_asked():
    mapping = suggest_mapping(opened(_contacts())).mapping
    later = _contacts().replace(b"Kindesentziehung", b"Neues Wort", 1)
    (question,) = suggest_mapping(opened(later), _remembered(mapping)).questions
    assert (question.about, question.word, question.list) == ("word", "Neues Wort", "category")


def test_a_word_that_nobody_matched_is_never_read():
    mapping = suggest_mapping(opened(_contacts())).mapping
    later = _contacts().replace(b"Kindesentziehung", b"Neues Wort", 1)
    matched = match(opened(later), mapping, hotline_code=HOTLINE, period=YEAR, moment=MOMENT)
    for walk in (matched.rows, matched.chunks):
        with pytest.raises(Unreadable) as refused:
            list(walk())
        assert refused.value.problems == (Problem("own_word_unknown", 3, "Kategorie"),)


def test_changed_columns_start_from_the_nearest_remembered_meaning():
    mapping = suggest_mapping(opened(_contacts())).mapping
    other = suggest_mapping(opened(b"Month,Calls,Calls answered\n2025-01,10,9\n")).mapping
    changed = opened(_contacts("Schicht", lambda day: "früh" if day % 2 else "spät"))
    assert nearest_mapping(changed.names, [other, mapping]) == mapping
    assert [q.column for q in suggest_mapping(changed, mapping).questions] == ["Schicht"]


def test_the_order_and_capitals_of_columns_do_not_matter_to_what_is_remembered():
    assert signature(("Monat", "Anrufe")) == signature(("ANRUFE", "monat"))
    assert signature(("Monat", "Anrufe")) != signature(("Monat", "Anruf"))


def test_words_for_missing_numbers_are_never_zero():
    export = b"Monat;Anrufe;Angenommene Anrufe\n2025-01;10;k. A.\n2025-02;10;9\n"
    found = suggest_mapping(opened(export))
    january = whole_month(2025, 1)
    matched = match(opened(export), found.mapping, hotline_code=HOTLINE, period=january, moment=MOMENT)
    assert [(cells[3], cells[8], cells[9]) for _row, cells in matched.rows()] == [
        ("A03", "10", "measured"),
        ("A04", "", ""),
    ]


@pytest.mark.parametrize("style", [ENGLISH, POLISH], ids=lambda style: style.language)
def test_a_number_under_its_own_marks_is_written_as_the_format_asks(style):
    written = own_exports.number("1234567.25", style)
    assert normalize_number(written, NumberMarks(style.decimal)) == "1234567.25"
