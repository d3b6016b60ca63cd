"""What is unsure in an export is asked and never guessed: headings, values, and rows that are odd beside each other."""

from datetime import date, time
from io import BytesIO

import pytest
import xlsxwriter

from evaluation.figures.formats import Source
from evaluation.figures.intake.published_format import read
from evaluation.figures.mapping import match, suggest_mapping
from evaluation.figures.mapping.column_mapping import ColumnMapping, Period
from evaluation.figures.mapping.tables.across import open_export
from evaluation.figures.mapping.words.vocabulary import find_code, find_figure
from tests.evaluation.figures.own_exports import MOMENT, outcome_of

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
Q1 = (date(2025, 1, 1), date(2025, 3, 31))
MARCH = (date(2025, 3, 1), date(2025, 3, 31))


def months(heading: str, *numbers: int, calls: str = "Calls") -> str:
    rows = "".join(f"2025-{month:02};{9000 + month % 3}{month % 7};{n}\n" for month, n in enumerate(numbers, start=1))
    return f"Month;{calls};{heading}\n{rows}"


NOT_CHILDREN = [
    "New child cases",
    "New cases child",
    "New cases (children)",
    "Child cases new",
    "Neue Fälle Kinder",
    "Kind neue Fälle",
    "Neue Fälle (Kinder)",
    "Nouveaux dossiers enfants",
    "Nouveaux cas d'enfants",
    "Dossiers nouveaux (enfants)",
    "Nuovi casi minori",
    "Nuovi casi di bambini",
    "Casos nuevos de menores",
    "Casos nuevos niños",
    "Novos casos de crianças",
    "Nowe sprawy dzieci",
    "Nowe sprawy (dzieci)",
    "Nieuwe zaken kinderen",
    "Νέες υποθέσεις παιδιά",
    "Nové případy dětí",
    "Novi slučajevi djece",
    "Нови случаи деца",
    "Cazuri noi copii",
    "Új esetek gyermekek",
    "Uudet tapaukset lapset",
    "Nya ärenden barn",
    "Nye sager børn",
    "New cases by sex and age of children",
    "Neue Fälle nach Geschlecht und Alter der Kinder",
    "Average calls waiting",
    "Moyenne d'appels en attente",
    "Llamadas en espera promedio",
    "Chiamate in attesa (media)",
    "Average waiting",
    "Calls answered per person",
]
CHILDREN = [
    "Children in new cases",
    "Number of children in new cases",
    "Kinder in neuen Fällen",
    "Anzahl der Kinder in neuen Fällen",
    "Enfants des nouveaux dossiers",
    "Nombre d'enfants des nouveaux dossiers",
    "Bambini nei nuovi casi",
    "Minori in nuovi casi",
    "Niños en casos nuevos",
    "Crianças em novos casos",
    "Dzieci w nowych sprawach",
    "Kinderen in nieuwe zaken",
    "Djeca u novim slučajevima",
]


@pytest.mark.parametrize("heading", NOT_CHILDREN)
def test_the_same_words_in_another_order_are_no_other_figure(heading):
    assert find_figure(heading)[0] == ""


def test_children_are_children_where_the_heading_begins_with_them():
    assert sum(find_figure(heading)[0] == "A25" for heading in CHILDREN) >= 11


TALK_TIMES = [
    "Tempo chiamate risposte",
    "Tempo medio chiamate risposte",
    "Tiempo llamadas atendidas",
    "Tiempo de llamadas",
    "Tempo chamadas atendidas",
    "Tempo de chamadas recebidas",
    "Temps des appels répondus",
    "Gesprächszeit angenommene Anrufe",
    "Czas połączeń odebranych",
    "Vrijeme odgovorenih poziva",
    "Timp apeluri preluate",
]


@pytest.mark.parametrize("heading", TALK_TIMES)
def test_a_time_of_calls_is_no_number_of_calls(heading):
    assert find_figure(heading)[0] == ""


def _sheet(*cells: time) -> bytes:
    written = BytesIO()
    book = xlsxwriter.Workbook(written)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Month", "Calls answered", "Mean waiting time"])
    for row, cell in enumerate(cells, start=1):
        sheet.write_row(row, 0, [f"2025-{row:02}", 400 + 7 * row])
        sheet.write_datetime(row, 2, cell, book.add_format({"num_format": "h:mm"}))
    book.close()
    return written.getvalue()


def test_minutes_and_seconds_that_a_spreadsheet_took_for_hours_are_asked():
    for cells in ((time(0, 34), time(0, 41), time(0, 29)), (time(0, 34), time(1, 4), time(0, 29)), (time(0, 1),) * 3):
        found = outcome_of(_sheet(*cells), Q1, name="export.xlsx")
        assert (found.is_, found.about) == ("asked", ("word:Mean waiting time",))
    assert outcome_of(_sheet(time(0, 0, 34), time(0, 0, 41), time(0, 0, 29)), Q1, name="export.xlsx").is_ == "read"


CUMULATIVE = months("Calls answered", 410, 790, 1230, 1600, 2050, 2400)
TITLES = [
    "Call statistics 2025 (in thousands)",
    "Anrufe 2025, Angaben in Tsd.",
    "Appels en milliers",
    "Chiamate in migliaia",
    "Llamadas, en miles",
    "Połączenia w tys.",
    "Chamadas em milhares",
    "Hovory v tisících",
    "Κλήσεις σε χιλιάδες",
    "Звонки, тыс.",
    "Cumulative figures 2025",
    "Year to date",
    "Calls YTD",
    "Anrufe kumuliert",
    "Samtal fraan aarets boerjan",
    "Appels, cumul annuel",
    "Dati cumulati",
    "Datos acumulados",
    "Dados acumulados",
    "Dane narastająco",
    "Kumulativno 2025",
    "Kumulativní údaje",
    "Σωρευτικά στοιχεία",
    "Нарастающим итогом",
    "Apeluri, de la începutul anului",
    "Hívások az év eleje óta",
    "Pozivi (od početka godine)",
    "Samtal från årets början",
    "Opkald siden årets start",
    "Κλήσεις από την αρχή του έτους",
    "Обаждания от началото на годината",
    "Klici od začetka leta",
    "Chiamate dall'inizio dell'anno",
    "Calls per day",
    "Vorjahr",
    "Doelstelling 2025",
    "Połączenia, średnio na dzień",
    "Calls to 116 111",
    "Hívások, 116111",
    "Calls in %",
    "Anteile in Prozent",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_that_changes_what_the_numbers_are_is_asked(title):
    found = outcome_of(f"{title};;\n{months('Calls answered', 410, 402, 377)}".encode(), Q1)
    assert (found.is_, found.about[0]) == ("asked", "doubts")


def test_an_ordinary_title_asks_nothing():
    for title in ("Call statistics 2025", "Anrufe 2025", "Missing children", "Report", "116 000 and 116 111"):
        assert outcome_of(f"{title};;\n{months('Calls answered', 410, 402, 377)}".encode(), Q1).is_ == "read", title


def _rows(table: str, period: Period = YEAR, **answers: str) -> tuple[str, ...]:
    found = outcome_of(table.encode(), period, **answers)
    assert found.is_ == "asked", found
    return found.about


def test_a_series_that_only_grows_may_be_cumulative():
    grown = months("Calls answered", *(405 * month + month % 3 for month in range(1, 13)))
    assert "doubt_cumulative" in _rows(grown)
    assert (
        outcome_of(
            months("Calls answered", 410, 402, 377, 399, 412, 401, 405, 380, 396, 411, 400, 398).encode(), YEAR
        ).is_
        == "read"
    )
    rising = months("Calls answered", 400, 410, 415, 421, 430, 431, 440, 452, 460, 466, 470, 480)
    assert outcome_of(rising.encode(), YEAR).is_ == "read"


def test_a_month_of_a_running_sum_is_asked_with_the_rows_outside_it():
    assert "doubt_cumulative" in _rows(months("Calls answered", 410, 805, 1230, 1602), MARCH)
    assert outcome_of(months("Calls answered", 410, 405, 430, 402).encode(), MARCH).is_ == "read"


def test_one_number_in_every_row_may_be_that_of_the_year():
    assert "doubt_same" in _rows(months("Calls answered", *[402] * 12))


def test_a_row_that_is_the_sum_of_those_above_may_be_a_total():
    dated = "Month;Calls;Calls answered\n2025-01;210;190\n2025-02;120;111\n2025-03;77;70\n31.03.2025;407;371\n"
    assert _rows(dated, Q1) == ("repeated",)
    assert "doubt_total" in _rows(dated, Q1, repeated="add")


def test_a_number_that_is_the_sum_of_those_of_its_month_may_be_a_total():
    table = "Month;Calls\n" + "".join(
        f"2025-{m:02};{n}\n" for m, n in ((1, 31), (1, 12), (1, 43), (2, 20), (2, 9), (2, 29))
    )
    assert "doubt_total" in _rows(table + "2025-03;17\n", Q1, repeated="add")
    assert outcome_of(table.replace("43", "42").encode(), Q1, repeated="add").is_ != "asked"


def test_a_group_that_is_the_sum_of_the_others_may_be_a_total():
    table = "Month;Category;New cases\n" + "".join(
        f"2025-03;{word};{n}\n"
        for word, n in (("runaway", 31), ("migration", 12), ("parental_abduction", 7), ("unknown", 50))
    )
    assert "doubt_total_part" in _rows(table, MARCH)


def test_parts_that_add_up_to_a_hundred_may_be_percentages():
    table = "Channel;Contacts by channel\nChat;22\nE-mail;17\nTelefon 116000;61\n"
    assert "doubt_percent" in _rows(table, MARCH)
    assert outcome_of(table.replace("61", "62").encode(), MARCH).is_ == "read"


def test_a_part_that_never_passes_a_hundred_may_be_a_percentage():
    assert "doubt_percent" in _rows(months("Calls answered", 93, 95, 91), Q1)


def test_a_part_above_its_whole_in_one_month_is_asked_though_the_sums_agree():
    table = "Month;Calls received;Calls answered\n2025-01;400;390\n2025-02;300;390\n2025-03;500;310\n"
    assert "doubt_above" in _rows(table, Q1)


# --- Records -----------------------------------------------------------------------------------------------------------

KEY = "a1b2c3d4e5f6a7b8"


CASE_FIELDS = (
    "case_key;opened_month;closed_month;status_end;new_in_period;category;category_scope;at_risk_only;sex;age_band;"
    "police_informed;first_risk_level;main_reason;outcome;found_how;duration_band;aftercare_offered"
)


def cases(*rows: str, names: str = "") -> bytes:
    return "\n".join([f"{CASE_FIELDS}{names}", *rows]).encode()


def child(key: str, sex: str = "girl", age: str = "13-15", more: str = "") -> str:
    return f"{KEY}{key};2025-03;;open;new;runaway;national;false;{sex};{age};before_hotline;high;unknown;;;;{more}"


def test_children_of_a_case_without_a_number_are_asked_and_none_is_lost():
    found = outcome_of(cases(child("x1"), child("x1", "boy", "7-9"), child("x2")), MARCH)
    assert (found.is_, found.about) == ("asked", ("same_case",))


def test_a_case_with_a_number_of_children_is_asked():
    for name in (
        "Children",
        "Number of children",
        "Anzahl Kinder",
        "Nombre d'enfants",
        "Numero minori",
        "Liczba dzieci",
    ):
        found = outcome_of(cases(child("x1", more=";2"), child("x2", more=";1"), names=f";{name}"), MARCH)
        assert found.is_ != "read", name


@pytest.mark.parametrize(
    "heading", ["Bērnu skaits", "Antall barn", "Nombre de menors", "Numri i fëmijëve", "№ 2", "Anz."]
)
def test_a_column_of_small_numbers_beside_cases_may_say_how_many_children_they_have(heading):
    rows = cases(
        *(child(f"x{number}", more=f";{count}") for number, count in enumerate([1, 1, 3, 1, 2])), names=f";{heading}"
    )
    saved = ColumnMapping("case", columns={name: name for name in CASE_FIELDS.split(";")}, ignored=(heading,))
    assert "doubt_children" in outcome_of(rows, MARCH, saved=saved).about
    ones = cases(*(child(f"x{number}", more=";1") for number in range(5)), names=f";{heading}")
    assert "doubt_children" not in outcome_of(ones, MARCH, saved=saved).about


def test_a_case_in_one_row_counts_as_one_child_and_the_sender_says_that_it_is():
    def warned(*rows):
        export = open_export(Source.of_bytes(cases(*rows), "export"))
        matched = match(export, suggest_mapping(export).mapping, hotline_code="116000-XA", period=MARCH, moment=MOMENT)
        return [warning.code for warning in read(matched).warnings]

    assert warned(child("x1"), child("x2")) == ["own_cases_are_children"]


def test_a_number_of_children_in_the_place_of_their_order_is_asked():
    rows = cases(child("x1", more=";2"), child("x2", more=";1"), names=";child_seq")
    assert "doubt_children" in outcome_of(rows, MARCH).about
    rows = cases(child("x1", more=";1"), child("x1", "boy", more=";2"), names=";child_seq")
    assert "doubt_children" not in outcome_of(rows, MARCH).about


def test_a_call_in_two_rows_without_a_key_is_asked():
    names = "contact_month;channel;direction;result;contact_role;contact_type;category;linked_to_case"
    words = "2025-03;phone_116000;inbound;answered;police;information;runaway;none"
    for heading in ("Call ID", "Linkedid", "Anruf-Nr.", "Chiamata", "Conversation"):
        rows = "\n".join(f"{words};{74100 + n // 2};{'queue' if n % 2 else 'agent'}" for n in range(20))
        found = outcome_of(f"{names};{heading};Leg\n{rows}".encode(), MARCH, saved=_left_out(names, heading, "Leg"))
        assert "doubt_calls" in found.about, (heading, found)


def _left_out(names: str, *others: str) -> ColumnMapping:
    return ColumnMapping("contact", columns={name: name for name in names.split(";")}, ignored=others)


LANGUAGES_THAT_ARE_COUNTRIES = ["SE", "SI", "EE", "UK", "BE", "CY", "CH", "IE", "LU", "LI", "se", "ee", "si"]


@pytest.mark.parametrize("word", LANGUAGES_THAT_ARE_COUNTRIES)
def test_a_word_that_is_a_country_as_well_as_a_language_is_asked(word):
    table = f"Language;Contacts by language\nDE;210\nFR;24\n{word};17\n"
    found = outcome_of(table.encode(), MARCH)
    assert any(word in about for about in found.about), found


@pytest.mark.parametrize(
    ("word", "name", "code"),
    [
        *(("němčina", "language", "de"), ("saksa", "language", "de"), ("węgierski", "language", "hu")),
        *(("Oekraïens", "language", "uk"), ("арапски", "language", "ar"), ("Arabisch", "language", "ar")),
        *(("Nizozemska", "country", "NL"), ("Deutschland", "country", "DE"), ("Grčka", "country", "GR")),
        *(("Ουκρανία", "country", "UA"), ("Zviedrija", "country", "SE"), ("Países Bajos", "country", "NL")),
        *(("Chamäleon", "country", ""), ("Klingon language of Mars", "language", "")),
    ],
)
def test_languages_and_countries_are_known_by_their_names_in_the_languages_of_hotlines(word, name, code):
    assert find_code(word, name)[0] == code


def test_what_is_the_same_in_every_row_is_doubted_as_everything_else_would_count_zero():
    names = "contact_month;channel;direction;result;contact_role;contact_type;category;linked_to_case"
    rows = "\n".join(f"2025-03;{way};inbound;police;information;runaway;none" for way in ("chat", "phone_116000") * 5)
    export = f"{names.replace('result;', '')}\n{rows}".encode()
    columns = {name: name for name in names.split(";") if name != "result"}
    mapping = ColumnMapping("contact", columns=columns, constants={"result": "answered"})
    found = outcome_of(export, MARCH, saved=mapping)
    assert "doubt_same_code" in found.about
    rows = rows.replace(";inbound;", ";inbound;answered;")
    saved = ColumnMapping("contact", columns={name: name for name in names.split(";")})
    assert "doubt_same_code" not in outcome_of(f"{names}\n{rows}".encode(), MARCH, saved=saved).about
