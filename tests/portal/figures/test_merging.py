"""Several sources for one period: their figures are merged item by item, each with its source, and undone with a click."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.figures.dictionary.items import items
from evaluation.figures.intake.imports import import_statistics
from evaluation.figures.validation.consistency import cells_of, totals_of
from evaluation.models import Figure, Role, StatisticsImport
from evaluation.workflow import perform
from portal.operations import verification
from tests.evaluation.figures.counted import totals_of_many
from tests.evaluation.figures.sheet import Sheet
from tests.factories import HotlineFactory, confirmed, person
from tests.portal.figures.test_files import address_of
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

CHANGED = "Another file for this time was confirmed or taken back while you looked at this page."
EXPLANATIONS = {f"said_{number}": "It is counted so by the telephone system." for number in range(20)}
CALLS = ("A03", "A04", "A05", "A06")


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", is_counted=False)


@pytest.fixture
def coordinator(stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stage.coordinator)


def only(*codes: str, start: str = "2025-01-01", end: str = "2025-12-31", **values: str) -> bytes:
    """Return a file of totals that has only some items of a year."""
    sheet = Sheet()
    for code in items():
        if code not in codes:
            sheet.drop_item(code)
    for code, value in values.items():
        sheet.write(code, value=value)
    return sheet.content


def cases() -> bytes:
    """Return a file of totals that has everything but calls."""
    sheet = Sheet()
    for code in CALLS:
        sheet.drop_item(code)
    return sheet.content


def count(hotline: Any, code: str) -> object:
    from datetime import date

    return totals_of_many([hotline], date(2025, 1, 1), date(2025, 12, 31))[hotline.pk][code]


def explained(client: Client, statistics: StatisticsImport) -> StatisticsImport:
    """Return a file whose warnings the hotline has explained on its page."""
    client.post(address_of(statistics, "move_statistics", "confirm"), {"seen": "nothing"})
    client.post(address_of(statistics, "explain_statistics"), EXPLANATIONS)
    statistics.refresh_from_db()
    return statistics


def confirm(client: Client, statistics: StatisticsImport, *kept: str, earlier: StatisticsImport) -> Any:
    explained(client, statistics)
    fields = {"seen": str(earlier.uid), "offered": offered(client, statistics), "kept": list(kept)}
    confirming = address_of(statistics, "move_statistics", "confirm")
    page = client.post(confirming, fields, follow=True)
    statistics.refresh_from_db()
    if statistics.state == "checked":  # what is missing now is explained
        client.post(address_of(statistics, "explain_statistics"), EXPLANATIONS)
        page = client.post(confirming, fields, follow=True)
    statistics.refresh_from_db()
    return page


def offered(client: Client, statistics: StatisticsImport) -> str:
    """Return the items that the form of a file offers, as the form sends them."""
    return " ".join(row.code for row in client.get(address_of(statistics)).context["merges"])


def words(page: Any) -> str:
    return " ".join(page.content.decode().split())


def test_a_file_of_calls_leaves_the_accepted_figures_of_cases_counting(coordinator: Client, stage: Stage):
    crm = confirmed(import_statistics(stage.hotline, cases(), "crm.csv", None), stage.coordinator)
    perform(crm, "accept", by=stage.people.mce)
    before = count(stage.hotline, "A44")
    calls = import_statistics(stage.hotline, only(*CALLS), "telephone.csv", None)
    explained(coordinator, calls)
    page = coordinator.get(address_of(calls))
    merges = {row.code: row.is_kept for row in page.context["merges"]}
    assert (len(merges) > 10, set(merges.values())) == (True, {True})
    assert page.context["lost"] == []
    assert "Confirm with these figures" in words(page)
    confirm(coordinator, calls, *merges, earlier=crm)
    assert calls.state == "confirmed"
    assert (count(stage.hotline, "A44"), count(stage.hotline, "A04")) == (before, count(stage.hotline, "A04"))
    assert before is not None
    assert count(stage.hotline, "A04") is not None
    sources = dict(Figure.objects.filter(statistics=calls, item__in=("A44", "A04")).values_list("item", "source"))
    assert sources == {"A44": crm.pk, "A04": None}
    shown = words(coordinator.get(address_of(calls)))
    assert f'from <a href="{address_of(crm)}">crm.csv</a>' in shown
    perform(calls, "accept", by=stage.people.mce)
    assert StatisticsImport.objects.get(pk=crm.pk).state == "superseded"
    assert count(stage.hotline, "A44") == before
    assert list(verification._find_wrong_figures()) == []


def test_it_is_undone_with_one_click(coordinator: Client, stage: Stage, sign_in: Callable[..., Client]):
    crm = confirmed(import_statistics(stage.hotline, cases(), "crm.csv", None), stage.coordinator)
    perform(crm, "accept", by=stage.people.mce)
    calls = import_statistics(stage.hotline, only(*CALLS), "telephone.csv", None)
    confirm(coordinator, calls, earlier=crm)
    perform(calls, "accept", by=stage.people.mce)
    assert (count(stage.hotline, "A44"), count(stage.hotline, "A04") is None) == (None, False)
    undo = address_of(calls, "undo_statistics")
    assert undo in words(coordinator.get(address_of(calls)))
    contributor = sign_in(Client(), person(Role.CONTRIBUTOR, hotline=stage.hotline))
    assert contributor.post(undo).status_code == 403
    assert "Undone: the earlier figures count again." in words(coordinator.post(undo, follow=True))
    states = [StatisticsImport.objects.get(pk=one.pk).state for one in (crm, calls)]
    assert states == ["accepted", "withdrawn"]
    assert (count(stage.hotline, "A44") is None, count(stage.hotline, "A04")) == (False, None)
    assert "Undone" not in words(coordinator.post(undo, follow=True)).partition("</main>")[0].partition("Steps")[0]


def test_where_both_have_a_number_it_is_asked(coordinator: Client, stage: Stage):
    crm = confirmed(import_statistics(stage.hotline, Sheet().content, "crm.csv", None), stage.coordinator)
    was = count(stage.hotline, "A44")
    telephone = import_statistics(stage.hotline, only(*CALLS, "A44", A44="77"), "telephone.csv", None)
    explained(coordinator, telephone)
    asked = {row.code: row for row in coordinator.get(address_of(telephone)).context["merges"]}
    assert (asked["A44"].is_kept, str(asked["A44"].new.total.value)) == (False, "77")
    assert "A04" not in asked  # both have the same number
    confirm(coordinator, telephone, *(code for code, row in asked.items() if row.is_kept), "A44", earlier=crm)
    assert count(stage.hotline, "A44") == was
    third = import_statistics(stage.hotline, only("A44", A44="78"), "third.csv", None)
    explained(coordinator, third)
    again = {row.code: row for row in coordinator.get(address_of(third)).context["merges"]}
    assert {again["A04"].source, again["A44"].source} == {telephone, crm}  # each figure keeps its own source
    confirm(coordinator, third, "A04", "A03", "A05", earlier=telephone)
    assert str(count(stage.hotline, "A44")) == "78"
    assert count(stage.hotline, "A04") is not None
    assert Figure.objects.filter(statistics=third, item="A04").get().source == telephone
    assert count(stage.hotline, "A21") is None


def test_a_number_of_a_formula_that_the_file_has_begun_is_not_kept_by_itself(coordinator: Client, stage: Stage):
    crm = confirmed(import_statistics(stage.hotline, Sheet().content, "crm.csv", None), stage.coordinator)
    telephone = import_statistics(stage.hotline, only("A03", "A04", A03="9999", A04="9000"), "telephone.csv", None)
    explained(coordinator, telephone)
    asked = {row.code: row.is_kept for row in coordinator.get(address_of(telephone)).context["merges"]}
    assert (asked["A05"], asked["A03"], asked["A44"]) == (False, False, True)
    assert crm.state == "confirmed"


def test_what_was_not_recorded_is_kept_and_nothing_is_asked_of_another_hotline(coordinator: Client, stage: Stage):
    other = HotlineFactory(country="XC")
    confirmed(
        import_statistics(other, Sheet(hotline_code=other.code).content, "other.csv", None),
        person(Role.COORDINATOR, hotline=other),
    )
    first = import_statistics(stage.hotline, Sheet().forget("A10").content, "first.csv", None)
    assert coordinator.get(address_of(first)).context["merges"] == []
    confirmed(first, stage.coordinator)
    second = import_statistics(stage.hotline, Sheet().forget("A44").forget("A10").content, "second.csv", None)
    explained(coordinator, second)
    assert [(row.code, row.is_kept) for row in coordinator.get(address_of(second)).context["merges"]] == [("A44", True)]


@pytest.mark.parametrize(("more", "is_kept"), [(0, True), (1, False)])
def test_parts_of_which_a_file_has_only_the_sum_are_kept(coordinator: Client, stage: Stage, more: int, is_kept: bool):
    confirmed(import_statistics(stage.hotline, Sheet().content, "crm.csv", None), stage.coordinator)
    number = int(totals_of(cells_of(Sheet().read().rows))["A12"] or 0) + more
    row = f"\n116000-XA,2025-01-01,2025-12-31,A12,,,,,{number},measured\n"
    alone = only("A44").rstrip(b"\n") + row.encode()
    second = import_statistics(stage.hotline, alone, "second.csv", None)
    asked = {one.code: one.is_kept for one in coordinator.get(address_of(second)).context["merges"]}
    assert asked["A12"] is is_kept


def test_figures_of_another_period_that_stop_counting_are_named_first(coordinator: Client, stage: Stage):
    confirmed(import_statistics(stage.hotline, Sheet().content, "crm.csv", None), stage.coordinator)
    other = Sheet(only(*CALLS)).head("definition_set", "0.9").content
    StatisticsImport.objects.filter(file_name="crm.csv").update(definitions="0.9")
    telephone = import_statistics(stage.hotline, only(*CALLS), "telephone.csv", None)
    page = coordinator.get(address_of(telephone))
    assert (page.context["merges"], "A44" in {item.code for item in page.context["lost"]}) == ([], True)
    assert "figures stop counting" in words(page)
    assert words(page).index("figures stop counting") < words(page).index('id="moves"')
    assert other


def test_what_changed_since_the_page_was_shown_is_asked_again(coordinator: Client, stage: Stage):
    crm = confirmed(import_statistics(stage.hotline, cases(), "crm.csv", None), stage.coordinator)
    calls = import_statistics(stage.hotline, only(*CALLS), "telephone.csv", None)
    explained(coordinator, calls)
    fields = {"seen": str(crm.uid), "offered": offered(coordinator, calls), "kept": ["A44"]}
    perform(crm, "withdraw", by=stage.coordinator, note="It was wrong.")
    page = coordinator.post(address_of(calls, "move_statistics", "confirm"), fields)
    assert (page.status_code, StatisticsImport.objects.get(pk=calls.pk).state) == (409, "checked")
    assert CHANGED in words(page)


def test_another_file_that_was_confirmed_meanwhile_is_asked_about_and_the_ticks_stay(coordinator: Client, stage: Stage):
    crm = confirmed(import_statistics(stage.hotline, cases(), "crm.csv", None), stage.coordinator)
    calls = explained(coordinator, import_statistics(stage.hotline, only(*CALLS), "telephone.csv", None))
    shown = offered(coordinator, calls)
    assert "A45" in shown
    assert f'name="seen" value="{crm.uid}"' in words(coordinator.get(address_of(calls)))
    # a colleague confirms a file with another number of appeals, and one more item
    other = Sheet(cases()).write("A44", value="91").content
    second = confirmed(import_statistics(stage.hotline, other, "crm-2.csv", None), stage.coordinator)
    fields = {"seen": str(crm.uid), "offered": shown.replace("A46", ""), "kept": ["A44"]}
    page = coordinator.post(address_of(calls, "move_statistics", "confirm"), fields)
    assert (page.status_code, StatisticsImport.objects.get(pk=calls.pk).state) == (409, "checked")
    assert CHANGED in words(page)
    ticked = {row.code for row in page.context["merges"] if row.is_kept}
    assert ticked == {"A44", "A46"}, "what was chosen, and by default what was not offered"
    # what the hotline explains now does not take its ticks away
    sent = {**EXPLANATIONS, "offered": shown, "kept": ["A44", "A46"]}
    page = coordinator.post(address_of(calls, "explain_statistics"), sent, follow=True)
    assert {row.code for row in page.context["merges"] if row.is_kept} == {"A44", "A46"}
    assert f'name="seen" value="{second.uid}"' in words(page)
    fields["seen"] = str(second.uid)
    coordinator.post(address_of(calls, "move_statistics", "confirm"), fields)
    assert (StatisticsImport.objects.get(pk=calls.pk).state, str(count(stage.hotline, "A44"))) == ("confirmed", "91")
    assert count(stage.hotline, "A45") is None


def test_a_file_that_takes_no_place_is_not_confirmed_over_one_that_came_meanwhile(coordinator: Client, stage: Stage):
    calls = explained(coordinator, import_statistics(stage.hotline, only(*CALLS), "telephone.csv", None))
    assert 'name="seen" value=""' in words(coordinator.get(address_of(calls)))
    confirmed(import_statistics(stage.hotline, cases(), "crm.csv", None), stage.coordinator)
    page = coordinator.post(address_of(calls, "move_statistics", "confirm"), {"seen": ""}, follow=True)
    assert (CHANGED in words(page), StatisticsImport.objects.get(pk=calls.pk).state) == (True, "checked")
    assert len(page.context["merges"]) > 10


def test_a_file_that_was_sent_back_names_what_stops_counting_when_it_is_confirmed_again(
    coordinator: Client, stage: Stage
):
    calls = confirmed(import_statistics(stage.hotline, only(*CALLS), "telephone.csv", None), stage.coordinator)
    perform(calls, "send_back", by=stage.people.mce, note="Where are the cases?")
    crm = confirmed(import_statistics(stage.hotline, cases(), "crm.csv", None), stage.coordinator)
    page = coordinator.get(address_of(calls))
    assert "A44" in {item.code for item in page.context["lost"]}
    assert (page.context["merges"], page.context["seen"]) == ([], str(crm.uid))
    page = coordinator.post(address_of(calls, "move_statistics", "confirm"), {"seen": ""}, follow=True)
    assert (CHANGED in words(page), StatisticsImport.objects.get(pk=calls.pk).state) == (True, "returned")


# --- What is missing is missing in both ----------------------------------------------------------------------------


def missing(statistics: StatisticsImport) -> list[str]:
    """Return the required items that the file's warning names."""
    statistics.refresh_from_db()
    named = [warning["params"]["items"] for warning in statistics.warnings if warning["code"] == "items_missing"]
    return named[0].split(", ") if named else []


def test_what_the_earlier_file_has_is_not_called_missing(coordinator: Client, stage: Stage):
    crm = confirmed(
        import_statistics(stage.hotline, Sheet(cases()).drop_item("A50").content, "crm.csv", None), stage.coordinator
    )
    calls = import_statistics(stage.hotline, only(*CALLS), "telephone.csv", None)
    assert missing(calls) == ["A50"]
    assert "asked of every hotline and are not recorded: A50." in words(coordinator.get(address_of(calls)))
    perform(crm, "withdraw", by=stage.coordinator, note="It was wrong.")
    assert len(missing(calls)) > 10


def test_a_draft_that_was_read_first_no_longer_misses_what_the_other_has(coordinator: Client, stage: Stage):
    calls = import_statistics(stage.hotline, only(*CALLS), "telephone.csv", None)
    assert len(missing(calls)) > 10
    confirmed(
        import_statistics(stage.hotline, Sheet(cases()).drop_item("A50").content, "crm.csv", None), stage.coordinator
    )
    assert missing(calls) == ["A50"]


def test_a_required_item_that_is_not_kept_is_explained_first(coordinator: Client, stage: Stage):
    crm = confirmed(import_statistics(stage.hotline, cases(), "crm.csv", None), stage.coordinator)
    calls = explained(coordinator, import_statistics(stage.hotline, only(*CALLS), "telephone.csv", None))
    assert missing(calls) == []
    shown = offered(coordinator, calls)
    kept = [code for code in shown.split() if code != "A50"]
    fields = {"seen": str(crm.uid), "offered": shown, "kept": kept}
    page = coordinator.post(address_of(calls, "move_statistics", "confirm"), fields)
    assert (page.status_code, calls.state, missing(calls)) == (409, "checked", ["A50"])
    assert 'name="kept" value="A44"' in words(page)
    explained(coordinator, calls)
    assert missing(calls) == [], "it is kept by default"


def test_without_a_choice_what_the_earlier_file_alone_has_is_kept(coordinator: Client, stage: Stage):
    confirmed(import_statistics(stage.hotline, cases(), "crm.csv", None), stage.coordinator)
    was = count(stage.hotline, "A44")
    confirmed(import_statistics(stage.hotline, only(*CALLS), "telephone.csv", None), stage.coordinator)
    assert (count(stage.hotline, "A44"), count(stage.hotline, "A04") is None) == (was, False)


def test_a_stranger_undoes_nothing(stage: Stage, sign_in: Callable[..., Client]):
    crm = confirmed(import_statistics(stage.hotline, cases(), "crm.csv", None), stage.coordinator)
    stranger = sign_in(Client(), person(Role.COORDINATOR, hotline=HotlineFactory(country="XD")))
    assert stranger.post(reverse("workspace:undo_statistics", args=[crm.uid])).status_code == 404
