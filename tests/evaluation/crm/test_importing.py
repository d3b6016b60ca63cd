"""From a file to figures that count: all or nothing, once, confirmed by the hotline."""

import hashlib
import logging
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from evaluation.crm import importing
from evaluation.crm.generator import generate
from evaluation.crm.importing import UnreadableStatistics, confirm, import_statistics
from evaluation.crm.problems import Problem, words
from evaluation.crm.spoiling import CELLS, FILES, spoil
from evaluation.models import Figure, Role, StatisticsImport, Step
from evaluation.workflow import Refusal, verify_chain
from tests.evaluation.crm.sheet import Sheet
from tests.factories import HotlineFactory, person

READ, CONFIRMED, SUPERSEDED = StatisticsImport.State


def kept() -> tuple[int, int, int]:
    return StatisticsImport.objects.count(), Figure.objects.count(), Step.objects.count()


def states() -> dict[str, str]:
    return dict(StatisticsImport.objects.values_list("file_name", "state"))


def test_a_good_file_is_kept_with_its_period_definitions_and_digest(hotline, coordinator):
    content = generate("116000-XA", 2025, seed=1)
    statistics = import_statistics(hotline, content, "figures 2025.csv", coordinator)
    statistics = StatisticsImport.objects.get(pk=statistics.pk)
    assert (
        statistics.hotline,
        statistics.state,
        statistics.period_start,
        statistics.period_end,
        statistics.definitions,
        statistics.completeness,
        statistics.source_system,
        statistics.file_name,
        len(statistics.file_digest),
        statistics.warnings,
        statistics.uploaded_by,
    ) == (
        hotline,
        READ,
        date(2025, 1, 1),
        date(2025, 12, 31),
        "1.0",
        "complete",
        "own_crm",
        "figures 2025.csv",
        64,
        [],
        coordinator,
    )


def test_every_row_becomes_one_figure(hotline):
    sheet = Sheet().write("A44", value="0").forget("A45").write("A46", "police", value="NA", quality="")
    statistics = import_statistics(hotline, sheet.content, "figures.csv", None)
    assert statistics.figures.count() == len(sheet.read().rows)
    figures = {
        (figure.item, figure.dim1, figure.dim1_value, figure.dim2, figure.dim2_value): (figure.value, figure.quality)
        for figure in Figure.objects.all()
    }
    assert figures["A44", "", "", "", ""] == (Decimal(0), "measured")
    assert figures["A45", "", "", "", ""] == (None, "not_recorded")
    assert figures["A46", "referral_to", "police", "", ""] == (None, "NA")
    assert figures["A27", "sex", "girl", "age_band", "10-12"] == (sheet.value("A27", "girl", "10-12"), "measured")
    assert figures["A08", "", "", "", ""] == (sheet.value("A08"), "measured")


@pytest.mark.parametrize("kind", [*FILES, *CELLS])
def test_a_refused_file_leaves_nothing(hotline, kind):
    import_statistics(hotline, generate("116000-XA", 2024, seed=1), "before.csv", None)
    before = kept()
    sheet = Sheet()
    content = spoil(sheet.content, kind, sheet.row("A21", "migration"))
    with pytest.raises(UnreadableStatistics):
        import_statistics(hotline, content, "figures.csv", None)
    assert kept() == before


def test_figures_that_do_not_agree_leave_nothing(hotline):
    sheet = Sheet().add("A09", by=1)
    with pytest.raises(UnreadableStatistics) as refusal:
        import_statistics(hotline, sheet.content, "figures.csv", None)
    assert refusal.value.problems == (Problem("sum_differs", sheet.row("A09"), "value", "A09", {"other": "A11"}),)
    assert kept() == (0, 0, 0)


def test_reading_asks_the_database_nothing_while_it_writes_in_one_transaction(hotline):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        import_statistics(hotline, Sheet().content, "figures.csv", None)
    statements = [query["sql"].split()[0] for query in asked.captured_queries]
    first_write = statements.index("INSERT")
    assert "SELECT" not in statements[first_write:]


def test_a_write_that_breaks_in_the_middle_leaves_nothing(hotline):
    content = Sheet().content
    reading = Sheet().read()
    broken = replace(reading, rows=(*reading.rows, reading.rows[0]))
    statistics = StatisticsImport(
        hotline=hotline,
        period_start=reading.header.period_start,
        period_end=reading.header.period_end,
        file_digest=hashlib.sha256(content).hexdigest(),
    )
    with pytest.raises(IntegrityError):
        importing._write(statistics, broken)
    assert kept() == (0, 0, 0)


def test_the_same_file_twice_is_one_import(hotline, coordinator):
    content = Sheet().content
    first = import_statistics(hotline, content, "figures.csv", coordinator)
    before = kept()
    second = import_statistics(hotline, content, "again.csv", coordinator)
    assert (second.pk, second.file_name, kept()) == (first.pk, "figures.csv", before)


def test_a_file_of_another_hotline_is_refused(hotline):
    with pytest.raises(UnreadableStatistics) as refusal:
        import_statistics(hotline, generate("116000-XB", 2025, seed=1), "figures.csv", None)
    assert refusal.value.problems == (Problem("other_hotline"),)
    assert kept() == (0, 0, 0)


def test_without_a_hotline_the_file_says_whose_it_is(hotline):
    assert import_statistics(None, Sheet().content, "figures.csv", None).hotline == hotline
    with pytest.raises(UnreadableStatistics) as refusal:
        import_statistics(None, generate("116000-XB", 2025, seed=1), "figures.csv", None)
    assert refusal.value.problems == (Problem("hotline_unknown"),)


def test_the_folder_of_a_file_is_not_kept(hotline):
    statistics = import_statistics(hotline, Sheet().content, r"C:\Users\somebody\figures.csv", None)
    assert statistics.file_name == "figures.csv"


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.COORDINATOR, Role.MCE_COORDINATOR])
def test_the_hotline_and_mce_may_import(hotline, role):
    statistics = import_statistics(hotline, Sheet().content, "figures.csv", person(role, hotline=hotline))
    assert statistics.state == READ


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.PANEL_MEMBER, Role.GUIDE_EDITOR])
def test_others_may_not_import(hotline, role):
    with pytest.raises(Refusal) as refusal:
        import_statistics(hotline, Sheet().content, "figures.csv", person(role))
    assert refusal.value.is_forbidden
    assert kept() == (0, 0, 0)


def test_a_stranger_may_not_import_by_leaving_the_hotline_out(hotline):
    stranger = person(Role.COORDINATOR, hotline=HotlineFactory(country="XB"))
    with pytest.raises(Refusal):
        import_statistics(None, Sheet().content, "figures.csv", stranger)
    assert kept() == (0, 0, 0)


def test_warnings_are_kept_as_codes_and_read_back_as_sentences(hotline):
    statistics = import_statistics(hotline, Sheet().forget("A10").content, "figures.csv", None)
    statistics.refresh_from_db()
    assert statistics.warnings == [{"code": "items_missing", "params": {"items": "A10"}}]
    (warning,) = map(Problem.from_data, statistics.warnings)
    assert words(warning).startswith("These items are asked of every hotline and are not recorded: A10. ")


def test_a_file_is_compared_with_the_confirmed_year_before(hotline, coordinator):
    before = import_statistics(hotline, Sheet(year=2024).write("A44", value="400").content, "2024.csv", None)
    now = Sheet(year=2025).write("A44", value="40").content
    assert import_statistics(hotline, now, "unconfirmed.csv", None).warnings == []
    confirm(before, coordinator)
    assert import_statistics(hotline, now + b"\n", "confirmed.csv", None).warnings == [
        {"code": "fell", "item": "A44", "params": {"percent": 90}}
    ]


def test_a_year_is_not_compared_with_a_quarter(hotline, coordinator):
    quarter = generate("116000-XA", 2024, seed=1, quarter=4)
    confirm(import_statistics(hotline, quarter, "quarter.csv", None), coordinator)
    assert import_statistics(hotline, Sheet(year=2025).content, "2025.csv", None).warnings == []


def test_no_cell_reaches_a_message_or_a_log(hotline, caplog):
    caplog.set_level(logging.DEBUG)
    sheet = Sheet()
    cells = {"value": "Magdalena", "dim1_value": "Szczecin", "quality": "+48 601 202 303", "item_code": "12.05.2011"}
    for item, (column, text) in zip(("A21", "A22", "A23", "A24"), cells.items(), strict=True):
        sheet.write(item, "migration", **{column: text})
    with pytest.raises(UnreadableStatistics) as refusal:
        import_statistics(hotline, sheet.content, "figures.csv", None)
    assert len(refusal.value.problems) == 4
    told = [str(refusal.value), caplog.text, *map(repr, refusal.value.problems), *map(words, refusal.value.problems)]
    assert [text for text in cells.values() if any(text in sentence for sentence in told)] == []


def test_no_error_carries_the_bytes_of_a_file_along(hotline):
    with pytest.raises(UnreadableStatistics) as refusal:
        import_statistics(hotline, "# naam: Zoë".encode("latin-1"), "figures.csv", None)
    assert (refusal.value.__cause__, refusal.value.__context__) == (None, None)


# --- Confirming --------------------------------------------------------------------------------------------------


def test_the_coordinator_confirms_and_the_step_is_logged(hotline, coordinator):
    statistics = import_statistics(hotline, Sheet().content, "figures.csv", None)
    step = confirm(statistics, coordinator, note="A44 fell because the law changed.")
    assert (statistics.state, step.move, step.source, step.target) == (CONFIRMED, "confirm", READ, CONFIRMED)
    assert (step.words.by, step.words.note) == (coordinator, "A44 fell because the law changed.")


def test_a_contributor_may_not_confirm(hotline):
    statistics = import_statistics(hotline, Sheet().content, "figures.csv", None)
    with pytest.raises(Refusal):
        confirm(statistics, person(Role.CONTRIBUTOR, hotline=hotline))
    assert states() == {"figures.csv": READ}


def test_a_later_file_supersedes_what_it_overlaps_and_both_walk_the_log(hotline, coordinator):
    year_before = import_statistics(hotline, Sheet(year=2024).content, "2024.csv", None)
    quarter = import_statistics(hotline, generate("116000-XA", 2025, seed=1, quarter=2), "quarter.csv", None)
    first = import_statistics(hotline, Sheet().content, "first.csv", None)
    for statistics in (year_before, quarter, first):
        confirm(statistics, coordinator)
    assert states() == {"2024.csv": CONFIRMED, "quarter.csv": SUPERSEDED, "first.csv": CONFIRMED}
    second = import_statistics(hotline, Sheet().write("A44", value="31").content, "second.csv", None)
    confirm(second, coordinator)
    assert states() == {
        "2024.csv": CONFIRMED,
        "quarter.csv": SUPERSEDED,
        "first.csv": SUPERSEDED,
        "second.csv": CONFIRMED,
    }
    steps = Step.objects.filter(kind="statistics", uid=first.uid).select_related("words")
    assert [(step.move, step.words.by) for step in steps] == [("confirm", coordinator), ("supersede", None)]
    assert verify_chain(steps) == []


def test_another_hotline_keeps_its_figures(hotline, coordinator):
    other = HotlineFactory(country="XB")
    theirs = import_statistics(other, generate("116000-XB", 2025, seed=1), "theirs.csv", None)
    confirm(theirs, person(Role.COORDINATOR, hotline=other))
    confirm(import_statistics(hotline, Sheet().content, "ours.csv", None), coordinator)
    assert states() == {"theirs.csv": CONFIRMED, "ours.csv": CONFIRMED}


def test_a_refused_confirmation_supersedes_nothing(hotline, coordinator):
    first = import_statistics(hotline, Sheet().content, "first.csv", None)
    confirm(first, coordinator)
    second = import_statistics(hotline, Sheet().write("A44", value="31").content, "second.csv", None)
    with pytest.raises(Refusal):
        confirm(second, person(Role.MCE_COORDINATOR))
    assert states() == {"first.csv": CONFIRMED, "second.csv": READ}
