"""Matching the columns of an own export: suggested, corrected and confirmed on one page; saved; never a person."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evaluation.models import Figure, Matching, SpooledFile, StatisticsImport
from portal.demonstration.exports import generate
from tests.bystander import new
from tests.evaluation.figures import own_exports
from tests.evaluation.figures.own_exports import GERMAN, GREEK, POLISH
from tests.evaluation.figures.traces import everything_stored

pytestmark = pytest.mark.django_db

State = StatisticsImport.State
CODE = "116000-XA"


class _Form(HTMLParser):
    """The data that a browser would send of an unchanged form."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in self.data or "selected" in given):
            self.data[self._select] = given.get("value") or ""
        elif tag == "input" and given.get("type") in ("radio", "checkbox"):
            if "checked" in given:
                self.data[name] = given.get("value") or ""
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            self.data[name] = given.get("value") or ""


def form_of(page: Any) -> dict[str, str]:
    parser = _Form()
    parser.feed(page.content.decode().split('id="matching"')[1])
    return parser.data


@pytest.fixture(scope="module")
def a_year() -> bytes:
    return generate(CODE, 2025, seed=7)


def send(client: Client, content: bytes, name: str = "export.csv") -> StatisticsImport:
    address = reverse("workspace:hotline_figures", args=["XA"])
    client.post(address, {"file": SimpleUploadedFile(name, content, content_type="text/csv")})
    return new(StatisticsImport).order_by("-pk")[0]


def address_of(statistics: StatisticsImport) -> str:
    return reverse("workspace:match_columns", args=[statistics.uid])


def answer(client: Client, statistics: StatisticsImport, act: str = "confirm", **changed: str) -> Any:
    address = address_of(statistics)
    return client.post(address, {**form_of(client.get(address)), **changed, "act": act})


def draft_of(statistics: StatisticsImport) -> list[tuple[str | None, ...]]:
    statistics.refresh_from_db()
    return sorted(tuple(str(cell) for cell in row) for row in statistics.draft)


@pytest.mark.parametrize("style", [GERMAN, GREEK, POLISH], ids=lambda style: style.language)
def test_an_own_export_says_the_same_as_the_published_file_once_its_guess_is_confirmed(coordinator, a_year, style):
    published = send(coordinator, a_year)
    own = send(coordinator, own_exports.long(a_year, style, "2025"))
    assert own.state == State.UNMATCHED
    answer(coordinator, own)
    assert draft_of(own) == draft_of(published) != []
    assert (own.state, new(Figure).count(), SpooledFile.objects.count()) == (State.CHECKED, 0, 0)


def test_a_later_file_of_the_same_columns_is_understood_without_asking(coordinator, a_year):
    answer(coordinator, send(coordinator, own_exports.long(a_year, GERMAN, "2025")))
    later = send(coordinator, own_exports.long(generate(CODE, 2024, seed=7), GERMAN, "2024"))
    assert (later.state, later.matching) == (State.CHECKED, Matching.objects.get())


def test_nothing_is_used_before_a_person_confirms(coordinator, a_year):
    own = send(coordinator, own_exports.long(a_year, GERMAN, "2025"))
    page = coordinator.get(address_of(own))
    assert (page.status_code, Matching.objects.count()) == (200, 0)
    shown = answer(coordinator, own, act="show")
    own.refresh_from_db()
    assert (shown.status_code, Matching.objects.count(), own.state) == (200, 0, State.UNMATCHED)
    assert "A03" in shown.content.decode()


def test_what_is_not_said_is_listed_and_nothing_is_kept(coordinator):
    own = send(coordinator, b"Monat;Anrufe;Zeug\n03/04/2025;89.340;4\n03/04/2025;1.234;7\n")
    page = answer(coordinator, own)
    assert page.status_code == 422
    form = page.content.decode()
    for target in ("id_use_3", "id_marks", "id_order", "id_period"):
        assert f'href="#{target}"' in form
        assert f'id="{target}"' in form
    assert not Matching.objects.exists()


def test_a_period_without_its_year_is_asked_for_at_the_year_and_stays_chosen(coordinator):
    own = send(coordinator, b"Anrufe;Angenommene Anrufe\n940;812\n")
    page = answer(coordinator, own, period="q2", year="25")
    assert page.status_code == 422
    assert 'href="#id_year"' in page.content.decode()
    assert 'href="#id_period"' not in page.content.decode()
    kept = form_of(page)
    assert (kept["period"], kept["year"]) == ("q2", "25")


def test_what_can_be_read_in_two_ways_is_told_as_the_reader_writes_it(coordinator):
    own = send(coordinator, b"Monat;Anrufe\n03/04/2025;89.340\n03/04/2025;1.234\n")
    page = coordinator.get(address_of(own)).content.decode()
    for reading in ("89.340 is 89.34", "89.340 is 89,340", "03/04/2025 is April 2025", "03/04/2025 is March 2025"):
        assert f"<small>{reading}</small>" in page


def test_an_ambiguous_number_is_read_as_the_person_says(coordinator):
    own = send(coordinator, b"Monat;Anrufe;Angenommene Anrufe\n2025-04;89.340;1.234\n")
    answer(coordinator, own, marks=",")
    assert [(row[0], row[5]) for row in draft_of(own)] == [("A03", "89340"), ("A04", "1234")]


def test_a_column_about_a_person_cannot_be_left_out_silently(coordinator):
    rows = "".join(f"2025-{month:02d};{month};Anna\n" for month in range(1, 13))
    own = send(coordinator, f"Monat;Anrufe;Vorname\n{rows}".encode())
    page = answer(coordinator, own, use_3="-")
    assert page.status_code == 422
    assert "Anna" not in page.content.decode()
    answer(coordinator, own, act="delete")
    own.refresh_from_db()
    assert (own.state, [p["code"] for p in own.problems]) == (State.REFUSED, ["own_not_matched"])
    assert not SpooledFile.objects.exists()


def test_names_that_are_left_out_are_not_remembered(coordinator):
    own = send(coordinator, b"Naam;Aantal\nEmma Peeters;1\nNoor Claes;2\nLucas Maes;3\nMila Jacobs;4\n")
    chosen = {"level": "aggregate", "shape": "long", "use_1": "item", "use_2": "value", "period": "m04", "year": "2025"}
    chosen["vouched_1"] = "1"
    form = form_of(answer(coordinator, own, act="show", **chosen))
    words = {name: "=-" for name in form if name.startswith("word_")}
    assert len(words) == 4
    page = coordinator.post(address_of(own), {**form, **words, "act": "confirm"})
    assert page.status_code == 422
    assert 'href="#id_use_1"' in page.content.decode()
    assert not Matching.objects.exists()


def test_words_that_may_be_names_are_shown_only_after_a_person_says_that_they_are_none(coordinator):
    rows = "".join(f"2025-04;{name}\n" for name in ("Emma", "Noor", "Mila") * 4)
    own = send(coordinator, f"Monat;Zeug\n{rows}".encode())
    chosen = {"level": "contact", "use_1": "contact_month", "use_2": "channel"}
    page = answer(coordinator, own, act="show", **chosen)
    assert "Emma" not in page.content.decode()
    form = form_of(page)
    assert "vouched_2" not in form
    refused = coordinator.post(address_of(own), {**form, "act": "confirm"})
    assert (refused.status_code, "Emma" in refused.content.decode()) == (422, False)
    assert 'href="#id_vouched_2"' in refused.content.decode()
    shown = coordinator.post(address_of(own), {**form, "vouched_2": "1", "act": "show"})
    assert "Emma" in shown.content.decode()
    assert form_of(shown)["vouched_2"] == "1"


def test_a_key_is_hidden_in_the_rows_as_they_will_be_read(coordinator):
    header = "Datum;Kanal;Richtung;Ergebnis;Rolle;Kontaktart;Kategorie;Zu Fall;Schlüssel\n"
    rows = "".join(
        f"{day:02}.03.2025;Chat;eingehend;angenommen;Polizei;information;Ausreißer;none;key-of-nobody-47{day:02}\n"
        for day in range(1, 29)
    )
    own = send(coordinator, (header + rows).encode())
    page = answer(coordinator, own, act="show")
    assert page.context["as_read"].rows[0][1][0] is None
    assert "key-of-nobody" not in page.content.decode()


def test_missing_children_europe_does_not_look_into_a_file_that_it_did_not_send(coordinator, stage, sign_in):
    own = send(coordinator, b"Monat;Anrufe;Zeug\n2025-04;4;x\n")
    mce = sign_in(Client(), stage.people.mce)
    assert (mce.get(address_of(own)).status_code, mce.post(address_of(own)).status_code) == (403, 403)
    assert address_of(own) not in mce.get(reverse("workspace:statistics", args=[own.uid])).content.decode()
    theirs = send(mce, b"Monat;Anrufe;Zeug\n2025-05;4;x\n")
    assert mce.get(address_of(theirs)).status_code == 200


def test_no_name_and_no_word_of_an_export_is_remembered_or_listed(coordinator):
    rows = "".join(f"2025-04;{5};{word}\n" for word in ("Sorte Emma", "Sorte Noor"))
    own = send(coordinator, f"Monat;Anrufe;Kowalska-Spalte\n{rows}".encode())
    chosen = {"level": "aggregate", "shape": "wide", "use_2": "A11", "use_3": "list:channel", "vouched_3": "1"}
    form = form_of(answer(coordinator, own, act="show", **chosen))
    words = dict(zip((name for name in form if name.startswith("word_")), ("=chat", "=email"), strict=True))
    page = coordinator.post(address_of(own), {**form, **words, "act": "confirm"})
    assert page.status_code == 302
    assert {tuple(row[1:3]) for row in draft_of(own)} == {("channel", "chat"), ("channel", "email")}
    stored = everything_stored()
    assert not [word for word in ("Sorte", "Kowalska", "sorte", "kowalska") if word in stored]
    listed = coordinator.get(reverse("workspace:hotline_figures", args=["XA"])).content.decode()
    assert "A11, Channel, Month, quarter or year" in listed
    again = send(coordinator, f"Monat;Anrufe;Kowalska-Spalte\n{rows.replace('04', '05')}".encode())
    assert again.state == State.CHECKED
    other = send(coordinator, f"Monat;Anrufe;Kowalska-Spalte\n{rows}2025-06;5;Sorte Mila\n".encode())
    assert other.state == State.UNMATCHED


def test_the_values_of_a_column_that_nobody_explained_are_not_shown(coordinator):
    rows = "".join(f"2025-{month:02d};{month};{'Emma' if month % 2 else 'Noor'}\n" for month in range(1, 13))
    own = send(coordinator, f"Monat;Anrufe;Zeug\n{rows}".encode())
    for page in (coordinator.get(address_of(own)), answer(coordinator, own, act="show", use_3="-")):
        assert "Zeug" in page.content.decode()
        assert "Emma" not in page.content.decode()


def test_a_large_export_is_matched_with_a_shorter_one_first(coordinator, settings):
    settings.STATISTICS_MATCHED_BYTES = 1024
    own = send(coordinator, b"Monat;Anrufe\n" + b"2025-04;10\n" * 100)
    assert coordinator.get(address_of(own)).url == reverse("workspace:statistics", args=[own.uid])
    own.refresh_from_db()
    assert (own.state, [p["code"] for p in own.problems]) == (State.REFUSED, ["own_too_large"])
    assert coordinator.get(reverse("workspace:statistics", args=[own.uid])).status_code == 200


def test_a_figure_that_is_divided_asks_for_its_code(coordinator):
    own = send(coordinator, b"Month,Calls,Talks in chat\n2025-04,10,4\n2025-05,9,3\n")
    page = answer(coordinator, own, use_3="A11", period="m04", year="2025")
    assert page.status_code == 422
    assert 'name="part_3_1"' in page.content.decode()
    answer(coordinator, own, use_3="A11", part_3_1="chat", period="m04", year="2025")
    assert [(*tuple(row[:3]), row[5]) for row in draft_of(own)] == [
        ("A03", "", "", "10"),
        ("A11", "channel", "chat", "4"),
    ]


def test_a_figure_may_be_a_total_whose_parts_nobody_has(coordinator):
    export = b"Month,Calls,New cases\n2025-04,10,4\n2025-05,9,3\n"
    own = send(coordinator, export)
    page = answer(coordinator, own, use_3="A21", period="m04", year="2025")
    assert "Only the total: its parts are not recorded" in page.content.decode()
    page = answer(coordinator, own, use_3="A21", part_3_1="total", period="m04", year="2025")
    assert [(*tuple(row[:3]), row[5]) for row in draft_of(own)] == [("A03", "", "", "10"), ("A21", "", "", "4")]
    again = send(coordinator, export.replace(b"2025-04", b"2025-06"))
    assert 'value="total" selected' in " ".join(
        coordinator.get(address_of(again), follow=True).content.decode().split()
    )


def test_what_was_said_can_be_forgotten(coordinator, a_year):
    export = own_exports.long(a_year, GERMAN, "2025")
    answer(coordinator, send(coordinator, export))
    coordinator.post(reverse("workspace:forget_matching", args=["XA", Matching.objects.get().pk]))
    later = send(coordinator, own_exports.long(generate(CODE, 2024, seed=8), GERMAN, "2024"))
    assert later.state == State.UNMATCHED
    assert coordinator.get(address_of(later)).status_code == 200


def test_nothing_stays_of_what_was_said_once_it_is_forgotten(coordinator, a_year):
    own = send(coordinator, own_exports.long(a_year, GERMAN, "2025"))
    answer(coordinator, own)
    first = Matching.objects.get()
    meaning = {**first.meaning, "codes": {"item": {"Emma Peeters": "A03"}}}
    Matching.objects.create(
        hotline=first.hotline,
        signature=first.signature,
        level=first.level,
        meaning=meaning,
        confirmed_by=first.confirmed_by,
    )
    coordinator.post(reverse("workspace:forget_matching", args=["XA", first.pk]))
    kept = [row.meaning for row in Matching.objects.all()]
    assert [(m["columns"], m["ignored"], m["codes"]) for m in kept] == [({}, [], {})] * 2
    own.refresh_from_db()
    assert own.matching == first


def test_a_file_that_is_read_has_nothing_to_match(coordinator, a_year):
    published = send(coordinator, a_year)
    assert coordinator.get(address_of(published)).url == reverse("workspace:statistics", args=[published.uid])


# --- Ambiguous columns are asked about, and the result is described --------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "Calls unanswered",
        "Nicht beantwortete Anrufe",
        "Appels non répondus",
        "Calls answered within 30 s",
        "Calls answered %",
        "Neodgovoreni pozivi",
        "Megválaszolatlan hívások",
    ],
)
def test_a_heading_that_may_say_the_opposite_or_a_neighbour_stands_open(coordinator, heading):
    own = send(coordinator, f"Month;Calls;{heading}\n2025-04;90;7\n2025-05;80;6\n".encode())
    page = coordinator.get(address_of(own))
    assert (form_of(page)["use_2"], form_of(page)["use_3"]) == ("A03", "")
    refused = answer(coordinator, own, period="m04", year="2025")
    assert (refused.status_code, 'href="#id_use_3"' in refused.content.decode()) == (422, True)
    assert not Matching.objects.exists()


def test_a_choice_says_the_whole_definition(coordinator):
    own = send(coordinator, b"Month;Calls;Stuff\n2025-04;90;7\n")
    page = coordinator.get(address_of(own)).content.decode()
    for text in (
        "A07 Calls answered within 20 seconds",
        "A08 Mean waiting time of answered calls, in seconds",
        "A37 Requests from other hotlines answered within 24 hours",
    ):
        assert f">{text}</option>" in page


def test_the_preview_says_in_words_and_sums_what_will_be_read(coordinator):
    rows = "".join(f"2025-{month:02};{1000 + month};{month}\n" for month in range(1, 13))
    own = send(coordinator, f"Month;Calls;Contacts by channel: chat\n{rows}".encode())
    page = answer(coordinator, own, act="show", period="year", year="2025")
    shown = page.context["as_read"]
    assert [(row.code, str(row.name), row.numbers, row.total) for row in shown.sums] == [
        ("A03", "Calls received on 116000", 1, "12,078"),
        ("A11", "Contacts handled by channel", 1, "78"),
    ]
    assert [cells for _number, cells in shown.rows] == [
        ["A03 Calls received on 116000", "", "12,078", "Measured"],
        ["A11 Contacts handled by channel", "Chat", "78", "Measured"],
    ]
    text = page.content.decode().split('id="read"')[1]
    assert "12,078" in text
    for code in ("hotline_code", "item_code", "dim1_value", ">measured<"):
        assert code not in text


def test_the_preview_of_records_is_in_words(coordinator):
    header = "Datum;Kanal;Richtung;Ergebnis;Rolle;Kontaktart;Kategorie;Zu Fall\n"
    rows = "".join(
        f"{day:02}.03.2025;Chat;eingehend;angenommen;Polizei;information;Ausreißer;none\n" for day in range(1, 29)
    )
    own = send(coordinator, (header + rows).encode())
    shown = answer(coordinator, own, act="show").context["as_read"]
    assert shown.records == 28
    assert "March 2025" in shown.rows[0][1]
    assert "Police" in shown.rows[0][1]
    assert ("A09", "28") in [(row.code, row.total) for row in shown.sums]


def test_the_unit_of_a_time_is_asked_and_minutes_become_seconds(coordinator):
    export = b"Month;Calls answered;Mean waiting time\n2025-04;900;0.4\n"
    own = send(coordinator, export)
    refused = answer(coordinator, own)
    field = next(name for name in form_of(refused) if name.startswith("word_"))
    assert (refused.status_code, f'href="#id_{field}"' in refused.content.decode()) == (422, True)
    assert "say in which unit of time it is written" in refused.content.decode()
    stopped = answer(coordinator, own, **{field: "=s"})
    assert (stopped.status_code, Matching.objects.count()) == (422, 0)
    assert "It looks like minutes or hours" in stopped.content.decode()
    assert f'href="#id_{field}"' in stopped.content.decode()
    shown = answer(coordinator, own, act="show", **{field: "=min"})
    assert ("A08", "seconds", "24") in [(row.code, row.unit, row.total) for row in shown.context["as_read"].sums]
    answer(coordinator, own, **{field: "=min"})
    assert [(row[0], row[5]) for row in draft_of(own)] == [("A04", "900"), ("A08", "24")]
    later = send(coordinator, export.replace(b"2025-04;900;0.4", b"2025-05;800;0.5"))
    assert [(row[0], row[5]) for row in draft_of(later)] == [("A04", "800"), ("A08", "30")]
    wrong = send(coordinator, export.replace(b"2025-04;900;0.4", b"2025-06;800;0:00:01"))
    assert (wrong.state, [p["code"] for p in wrong.problems]) == (State.REFUSED, ["wait_too_short"])
