"""From a draft to counting figures: explained, confirmed, accepted, superseded, withdrawn; every step is logged."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from evaluation.figures.dictionary.sums import NO_CODES
from evaluation.figures.intake import spool
from evaluation.figures.intake.changes import Change, Difference, cells_in, changes
from evaluation.figures.intake.confirmation import explain, recheck
from evaluation.figures.intake.imports import examine_spooled, import_statistics, receive
from evaluation.models import Figure, Role, SpooledFile, StatisticsImport, Step
from evaluation.workflow import Refusal, perform, verify_chain
from portal.demonstration.exports import Exports, generate, period
from tests.bystander import new
from tests.evaluation.figures.counted import totals, totals_of_many
from tests.evaluation.figures.sheet import Sheet
from tests.factories import HotlineFactory, confirmed, person

State = StatisticsImport.State
CHECKED, CONFIRMED, RETURNED = State.CHECKED, State.CONFIRMED, State.RETURNED
ACCEPTED, SUPERSEDED, WITHDRAWN = State.ACCEPTED, State.SUPERSEDED, State.WITHDRAWN


@pytest.fixture
def mce():
    return person(Role.MCE_COORDINATOR)


def states() -> dict[str, str]:
    return dict(new(StatisticsImport).values_list("file_name", "state"))


def appeals(hotline, **only) -> int | None:
    """Return the counting value of A44 of 2025."""
    from datetime import date

    return totals_of_many([hotline], date(2025, 1, 1), date(2025, 12, 31), **only)[hotline.pk]["A44"]


def take(hotline, name: str, appeals_: int, coordinator):
    content = Sheet().write("A44", value=str(appeals_)).content
    return confirmed(import_statistics(hotline, content, name, None), coordinator)


def test_the_coordinator_confirms_and_only_then_the_figures_are_written(hotline, coordinator):
    sheet = Sheet()
    statistics = import_statistics(hotline, sheet.content, "figures.csv", None)
    drafted = cells_in(statistics)
    step = perform(statistics, "confirm", by=coordinator, note="A44 fell because the law changed.")
    assert (statistics.state, step.move, step.source, step.target) == (CONFIRMED, "confirm", CHECKED, CONFIRMED)
    assert (step.words.by, step.words.note) == (coordinator, "A44 fell because the law changed.")
    statistics = new(StatisticsImport).get()
    assert (statistics.draft, statistics.figures.count()) == ([], len(sheet.read().rows))
    assert cells_in(statistics) == drafted


def test_a_contributor_may_not_confirm(hotline):
    statistics = import_statistics(hotline, Sheet().content, "figures.csv", None)
    with pytest.raises(Refusal):
        perform(statistics, "confirm", by=person(Role.CONTRIBUTOR, hotline=hotline))
    assert (states(), new(Figure).count()) == ({"figures.csv": CHECKED}, 0)


@pytest.mark.everywhere
def test_a_confirmation_that_breaks_in_the_middle_leaves_the_draft(hotline, coordinator):
    statistics = import_statistics(hotline, Sheet().content, "figures.csv", None)
    new(StatisticsImport).update(draft=[*statistics.draft, statistics.draft[0]])
    with pytest.raises(IntegrityError):
        perform(new(StatisticsImport).get(), "confirm", by=coordinator)
    assert (states(), new(Figure).count(), Step.objects.filter(move="confirm").count()) == (
        {"figures.csv": CHECKED},
        0,
        0,
    )


def test_what_the_checks_noticed_waits_for_a_sentence_of_the_hotline(hotline, coordinator):
    statistics = import_statistics(hotline, Sheet().forget("A10").content, "figures.csv", None)
    with pytest.raises(Refusal) as refusal:
        perform(statistics, "confirm", by=coordinator)
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.have, reason.need) == ("warnings_unexplained", 0, 1)
    explain(statistics, ["We began to count it in June."], coordinator)
    perform(statistics, "confirm", by=coordinator)
    assert new(StatisticsImport).get().explanations == ["We began to count it in June."]


@pytest.mark.parametrize("sentence", ["Ask anna.example@mail.test", "Call 0470 12 34 56", "Born on 17/05/2014"])
def test_a_sentence_that_points_to_a_person_is_not_kept(hotline, coordinator, sentence):
    statistics = import_statistics(hotline, Sheet().forget("A10").content, "figures.csv", None)
    with pytest.raises(Refusal) as refusal:
        explain(statistics, [sentence], coordinator)
    assert [reason.code for reason in refusal.value.reasons] == ["looks_personal"]
    assert new(StatisticsImport).get().explanations == [""]


def test_a_note_that_points_to_a_person_refuses_the_move(hotline, coordinator, mce):
    statistics = import_statistics(hotline, Sheet().content, "figures.csv", None)
    note = "Ask 0470\u201312\u201334\u201356"
    for act in (
        lambda: perform(statistics, "confirm", by=coordinator, note=note),
        lambda: perform(statistics, "withdraw", by=coordinator, note=note),
        lambda: perform(confirmed(statistics, coordinator), "accept", by=mce, note=note),
        lambda: perform(statistics, "send_back", by=mce, note=note),
    ):
        with pytest.raises(Refusal) as refusal:
            act()
        assert [reason.code for reason in refusal.value.reasons] == ["looks_personal"]
    assert statistics.state == CONFIRMED


def test_nobody_explains_what_is_confirmed_or_not_theirs(hotline, coordinator, mce):
    statistics = import_statistics(hotline, Sheet().forget("A10").content, "figures.csv", None)
    stranger = person(Role.COORDINATOR, hotline=HotlineFactory(country="XB"))
    for somebody in (stranger, mce):
        with pytest.raises(Refusal):
            explain(statistics, ["Because it is so."], somebody)
    confirmed(statistics, coordinator)
    with pytest.raises(Refusal):
        explain(statistics, ["It is otherwise."], coordinator)
    assert new(StatisticsImport).get().explanations == ["Because the way of counting changed."]


def test_a_later_file_supersedes_what_it_overlaps_and_both_walk_the_log(hotline, coordinator):
    year_before = import_statistics(hotline, Sheet(year=2024).content, "2024.csv", None)
    quarter = import_statistics(hotline, generate("116000-XA", 2025, seed=1, quarter=2), "quarter.csv", None)
    first = import_statistics(hotline, Sheet().content, "first.csv", None)
    for statistics in (year_before, quarter, first):
        confirmed(statistics, coordinator)
    assert states() == {"2024.csv": CONFIRMED, "quarter.csv": SUPERSEDED, "first.csv": CONFIRMED}
    second = take(hotline, "second.csv", 31, coordinator)
    assert states() == {
        "2024.csv": CONFIRMED,
        "quarter.csv": SUPERSEDED,
        "first.csv": SUPERSEDED,
        "second.csv": CONFIRMED,
    }
    first.refresh_from_db()
    assert first.superseded_by == second
    steps = Step.objects.filter(kind="statistics", uid=first.uid).select_related("words")
    assert [(step.move, step.words.by) for step in steps] == [
        ("pass_checks", None),
        ("confirm", coordinator),
        ("supersede", None),
    ]
    assert verify_chain(steps) == []


def test_another_hotline_keeps_its_figures(hotline, coordinator):
    other = HotlineFactory(country="XB")
    theirs = import_statistics(other, generate("116000-XB", 2025, seed=1), "first 2025.csv", None)
    confirmed(theirs, person(Role.COORDINATOR, hotline=other))
    confirmed(import_statistics(hotline, Sheet().content, "second 2025.csv", None), coordinator)
    assert states() == {"first 2025.csv": CONFIRMED, "second 2025.csv": CONFIRMED}


def test_a_refused_confirmation_supersedes_nothing(hotline, coordinator, mce):
    take(hotline, "first.csv", 30, coordinator)
    second = import_statistics(hotline, Sheet().write("A44", value="31").content, "second.csv", None)
    with pytest.raises(Refusal):
        perform(second, "confirm", by=mce)
    assert states() == {"first.csv": CONFIRMED, "second.csv": CHECKED}


# --- Accepting ---------------------------------------------------------------------------------------------------


def test_only_missing_children_europe_accepts(hotline, coordinator, mce):
    statistics = take(hotline, "figures.csv", 30, coordinator)
    with pytest.raises(Refusal):
        perform(statistics, "accept", by=coordinator)
    assert (appeals(hotline), appeals(hotline, accepted_only=True)) == (30, None)
    perform(statistics, "accept", by=mce)
    assert (states(), appeals(hotline, accepted_only=True)) == ({"figures.csv": ACCEPTED}, 30)


def test_accepted_figures_stay_the_networks_until_their_correction_is_accepted(hotline, coordinator, mce):
    perform(take(hotline, "first.csv", 30, coordinator), "accept", by=mce)
    second = take(hotline, "second.csv", 31, coordinator)
    assert states() == {"first.csv": ACCEPTED, "second.csv": CONFIRMED}
    assert (appeals(hotline), appeals(hotline, accepted_only=True)) == (31, 30)
    perform(second, "accept", by=mce)
    assert states() == {"first.csv": SUPERSEDED, "second.csv": ACCEPTED}
    assert (appeals(hotline), appeals(hotline, accepted_only=True)) == (31, 31)


def test_what_is_sent_back_says_why_and_does_not_count_until_it_is_confirmed_again(hotline, coordinator, mce):
    statistics = take(hotline, "figures.csv", 30, coordinator)
    with pytest.raises(Refusal):
        perform(statistics, "send_back", by=mce)
    perform(statistics, "send_back", by=mce, note="The appeals of one week are missing.")
    assert (states(), appeals(hotline)) == ({"figures.csv": RETURNED}, None)
    written = new(Figure).count()
    perform(statistics, "confirm", by=coordinator)
    assert (states(), appeals(hotline), new(Figure).count()) == ({"figures.csv": CONFIRMED}, 30, written)


# --- Undoing -----------------------------------------------------------------------------------------------------


def test_taking_a_file_back_lets_count_what_it_had_put_aside(hotline, coordinator):
    first = take(hotline, "first.csv", 30, coordinator)
    second = take(hotline, "second.csv", 31, coordinator)
    perform(second, "withdraw", by=coordinator, note="Wrong export.")
    assert (states(), appeals(hotline)) == ({"first.csv": CONFIRMED, "second.csv": WITHDRAWN}, 30)
    first.refresh_from_db()
    assert (first.superseded_by, Figure.objects.filter(statistics=second).exists()) == (None, True)


def test_undoing_accepted_figures_brings_back_the_accepted_ones_before(hotline, coordinator, mce):
    perform(take(hotline, "first.csv", 30, coordinator), "accept", by=mce)
    second = take(hotline, "second.csv", 31, coordinator)
    perform(second, "accept", by=mce)
    perform(second, "send_back", by=mce, note="The wrong year.")
    assert (states(), appeals(hotline, accepted_only=True)) == ({"first.csv": ACCEPTED, "second.csv": RETURNED}, 30)


def test_a_month_that_would_put_a_year_aside_asks_for_a_sentence(hotline, coordinator):
    take(hotline, "year.csv", 30, coordinator)
    month = import_statistics(hotline, Exports("116000-XA", seed=1).aggregate(*period(2025, month=3)), "m.csv", None)
    warnings = [warning for warning in month.warnings if warning["code"] == "puts_aside_more"]
    assert warnings == [{"code": "puts_aside_more", "params": {"start": "2025-01-01", "end": "2025-12-31"}}]


def test_a_file_is_held_against_the_period_before_once_more_when_it_is_confirmed(hotline, coordinator):
    before = import_statistics(hotline, Sheet(year=2024).write("A44", value="400").content, "2024.csv", None)
    after = import_statistics(hotline, Sheet(year=2025).write("A44", value="40").content, "2025.csv", None)
    assert after.warnings == []
    perform(before, "confirm", by=coordinator)
    with pytest.raises(Refusal):
        perform(after, "confirm", by=coordinator)
    recheck(after)
    assert [(warning["code"], warning["item"]) for warning in after.warnings] == [("fell", "A44")]
    confirmed(after, coordinator)
    assert states() == {"2024.csv": CONFIRMED, "2025.csv": CONFIRMED}


def test_figures_taken_back_can_still_be_looked_at(hotline, coordinator):
    first = take(hotline, "first.csv", 30, coordinator)
    shown = cells_in(first)
    perform(first, "withdraw", by=coordinator, note="Wrong export.")
    assert (cells_in(first), len(shown) > 100) == (shown, True)
    draft = import_statistics(hotline, Sheet().write("A44", value="9").content, "draft.csv", None)
    perform(draft, "withdraw", by=coordinator, note="Wrong export.")
    assert len(cells_in(draft)) == len(draft.draft) > 100


def test_what_says_next_to_nothing_explains_nothing(hotline, coordinator):
    statistics = import_statistics(hotline, Sheet().forget("A10").content, "figures.csv", None)
    explain(statistics, ["ok"], coordinator)
    with pytest.raises(Refusal):
        perform(statistics, "confirm", by=coordinator)


def test_a_file_does_not_come_back_where_a_third_has_taken_its_place(hotline, coordinator, mce):
    take(hotline, "first.csv", 30, coordinator)
    second = take(hotline, "second.csv", 31, coordinator)
    perform(second, "accept", by=mce)
    take(hotline, "third.csv", 32, coordinator)
    perform(second, "withdraw", by=coordinator, note="Wrong export.")
    assert states() == {"first.csv": SUPERSEDED, "second.csv": WITHDRAWN, "third.csv": CONFIRMED}
    assert appeals(hotline) == 32


def test_a_file_that_was_sent_anew_does_not_hinder_taking_its_successor_back(hotline, coordinator):
    content = Sheet().content
    first = confirmed(import_statistics(hotline, content, "first.csv", None), coordinator)
    second = take(hotline, "second.csv", 31, coordinator)
    import_statistics(hotline, content, "new.csv", None)
    perform(second, "withdraw", by=coordinator, note="Wrong export.")
    assert states() == {"first.csv": SUPERSEDED, "second.csv": WITHDRAWN, "new.csv": CHECKED}
    assert first.figures.exists()


def test_a_year_comes_back_when_the_last_of_what_took_its_place_is_taken_back(hotline, coordinator):
    confirmed(import_statistics(hotline, Sheet().content, "year.csv", None), coordinator)
    quarters = [
        confirmed(
            import_statistics(hotline, generate("116000-XA", 2025, seed=1, quarter=q), f"q{q}.csv", None), coordinator
        )
        for q in (1, 2)
    ]
    for quarter in quarters:
        perform(quarter, "withdraw", by=coordinator, note="Not by quarters.")
    assert states() == {"year.csv": CONFIRMED, "q1.csv": WITHDRAWN, "q2.csv": WITHDRAWN}


def test_an_export_taken_back_before_it_is_matched_leaves_the_spool_at_once(hotline, coordinator):
    spooled = spool.spool([b"Monat;Anrufe\n2025;7\n"])
    statistics, _ = receive(hotline, spooled, "own.csv", by=coordinator, way="upload")
    examine_spooled(statistics)
    statistics.refresh_from_db()
    perform(statistics, "withdraw", by=coordinator, note="It held a name.")
    assert (states(), SpooledFile.objects.exists()) == ({"own.csv": WITHDRAWN}, False)


def test_what_was_taken_back_or_superseded_may_be_sent_anew(hotline, coordinator):
    content = Sheet().content
    first = confirmed(import_statistics(hotline, content, "first.csv", None), coordinator)
    perform(first, "withdraw", by=coordinator, note="Too early.")
    second = confirmed(import_statistics(hotline, content, "second.csv", None), coordinator)
    assert (second.pk == first.pk, states()) == (False, {"first.csv": WITHDRAWN, "second.csv": CONFIRMED})


# --- What a new file changes -------------------------------------------------------------------------------------


def test_a_new_file_shows_figure_by_figure_what_it_changes(hotline, coordinator):
    old = Sheet()
    first = confirmed(import_statistics(hotline, old.content, "first.csv", None), coordinator)
    new = Sheet().write("A44", value="31").forget("A45").forget("A30", "school")
    second = import_statistics(hotline, new.content, "second.csv", None)
    found = changes(second, cells_in(second))
    assert (found.earlier, found.neighbours) == ([first], [])
    runaways = old.value("A30", "school")
    assert found.found == [
        Change("A30", Difference(NO_CODES, total_of(old, "A30"), None), (Difference(("school", ""), runaways, None),)),
        Change("A44", Difference(NO_CODES, old.value("A44"), Decimal(31))),
        Change("A45", Difference(NO_CODES, old.value("A45"), None)),
    ]


def total_of(sheet: Sheet, item: str) -> Decimal:
    return sum((row.amount.value for row in sheet.read().rows if row.item == item), Decimal(0))


def test_a_year_beside_its_quarters_is_compared_by_what_they_add_up_to(hotline, coordinator):
    for quarter in (1, 2, 3, 4):
        content = generate("116000-XA", 2025, seed=1, quarter=quarter)
        confirmed(import_statistics(hotline, content, f"q{quarter}.csv", None), coordinator)
    from datetime import date

    summed = totals(hotline, date(2025, 1, 1), date(2025, 12, 31))
    year = import_statistics(hotline, Sheet().content, "year.csv", None)
    found = changes(year, cells_in(year))
    assert [file.file_name for file in found.earlier] == ["q1.csv", "q2.csv", "q3.csv", "q4.csv"]
    assert all(change.parts == () for change in found.found)
    assert {change.item: change.total.before for change in found.found}["A03"] == summed["A03"]


def test_comparing_asks_no_more_for_more_files(hotline, coordinator):
    def ask() -> int:
        statistics = StatisticsImport.objects.get(file_name="year.csv")
        with CaptureQueriesContext(connection) as asked:
            changes(statistics, cells_in(statistics))
        return len(asked.captured_queries)

    import_statistics(hotline, Sheet().content, "year.csv", None)
    found = []
    for quarter in (1, 2, 3):
        content = generate("116000-XA", 2025, seed=1, quarter=quarter)
        confirmed(import_statistics(hotline, content, f"q{quarter}.csv", None), coordinator)
        found.append(ask())
    assert len(set(found)) == 1
