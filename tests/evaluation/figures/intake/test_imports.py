"""From a file to a draft of figures: all or nothing, once, and no figure is written before it is confirmed."""

import logging
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.figures.dictionary.sums import Amount
from evaluation.figures.intake.changes import cells_in
from evaluation.figures.intake.dry_run import UnreadableStatistics
from evaluation.figures.intake.imports import import_statistics
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.models import Figure, Role, StatisticsImport, Step
from evaluation.workflow import LACKS_RIGHT, Refusal, perform
from portal.demonstration.exports import generate
from tests.bystander import new
from tests.evaluation.figures.damaged_files import CELLS, FILES, spoil
from tests.evaluation.figures.sheet import Sheet
from tests.factories import HotlineFactory, person

CHECKED = StatisticsImport.State.CHECKED


def count_rows() -> tuple[int, int, int]:
    return new(StatisticsImport).count(), new(Figure).count(), new(Step).count()


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
        CHECKED,
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


def test_every_row_becomes_one_figure_of_the_draft_and_none_is_written(hotline):
    sheet = Sheet().write("A44", value="0").forget("A45").write("A46", "police", value="NA", quality="")
    statistics = import_statistics(hotline, sheet.content, "figures.csv", None)
    assert new(Figure).count() == 0
    cells = {(c.item, c.dim1, c.dim1_value, c.dim2, c.dim2_value): c.amount for c in cells_in(statistics)}
    assert len(cells) == len(statistics.draft) == len(sheet.read().rows)
    assert cells["A44", "", "", "", ""] == Amount(Decimal(0))
    assert cells["A45", "", "", "", ""] == Amount(None)
    assert cells["A46", "referral_to", "police", "", ""] == Amount(None, not_applicable=True)
    assert cells["A27", "sex", "girl", "age_band", "10-12"] == Amount(sheet.value("A27", "girl", "10-12"))
    assert cells["A08", "", "", "", ""] == Amount(sheet.value("A08"))


@pytest.mark.parametrize("kind", [*FILES, *CELLS])
def test_a_refused_file_leaves_nothing(hotline, kind):
    import_statistics(hotline, generate("116000-XA", 2024, seed=1), "before.csv", None)
    before = count_rows()
    sheet = Sheet()
    content = spoil(sheet.content, kind, sheet.row("A21", "migration"))
    with pytest.raises(UnreadableStatistics):
        import_statistics(hotline, content, "figures.csv", None)
    assert count_rows() == before


def test_figures_that_do_not_agree_leave_nothing(hotline):
    sheet = Sheet().add("A09", by=1)
    with pytest.raises(UnreadableStatistics) as refusal:
        import_statistics(hotline, sheet.content, "figures.csv", None)
    assert refusal.value.problems == (Problem("sum_differs", sheet.row("A09"), "value", "A09", {"other": "A11"}),)
    assert count_rows() == (0, 0, 0)


def test_the_draft_is_written_with_few_statements_however_long_the_file(hotline):
    with CaptureQueriesContext(connection) as short:
        import_statistics(hotline, Sheet().drop_item("A29").drop_item("A40").drop_item("A41").content, "s.csv", None)
    with CaptureQueriesContext(connection) as long:
        import_statistics(hotline, Sheet().content, "figures.csv", None)
    assert len(long.captured_queries) == len(short.captured_queries)


def test_the_same_file_twice_is_one_import(hotline, coordinator):
    content = Sheet().content
    first = import_statistics(hotline, content, "figures.csv", coordinator)
    before = count_rows()
    second = import_statistics(hotline, content, "again.csv", coordinator)
    assert (second.pk, second.file_name, count_rows()) == (first.pk, "figures.csv", before)


def test_a_file_of_another_hotline_is_refused(hotline):
    with pytest.raises(UnreadableStatistics) as refusal:
        import_statistics(hotline, generate("116000-XB", 2025, seed=1), "figures.csv", None)
    assert refusal.value.problems == (Problem("other_hotline"),)
    assert count_rows() == (0, 0, 0)


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
    assert statistics.state == CHECKED


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.PANEL_MEMBER, Role.GUIDE_EDITOR])
def test_others_may_not_import(hotline, role):
    with pytest.raises(Refusal) as refusal:
        import_statistics(hotline, Sheet().content, "figures.csv", person(role))
    assert refusal.value.reasons[0].code in LACKS_RIGHT
    assert count_rows() == (0, 0, 0)


def test_a_stranger_may_not_import_by_leaving_the_hotline_out(hotline):
    stranger = person(Role.COORDINATOR, hotline=HotlineFactory(country="XB"))
    with pytest.raises(Refusal):
        import_statistics(None, Sheet().content, "figures.csv", stranger)
    assert count_rows() == (0, 0, 0)


def test_warnings_are_kept_as_codes_and_read_back_as_sentences(hotline):
    statistics = import_statistics(hotline, Sheet().forget("A10").content, "figures.csv", None)
    statistics.refresh_from_db()
    assert statistics.warnings == [{"code": "items_missing", "params": {"items": "A10"}}]
    (warning,) = map(Problem.from_data, statistics.warnings)
    assert describe_problem(warning).startswith("These items are asked of every hotline and are not recorded: A10. ")


def test_a_file_is_compared_with_the_confirmed_year_before(hotline, coordinator):
    before = import_statistics(hotline, Sheet(year=2024).write("A44", value="400").content, "2024.csv", None)
    now = Sheet(year=2025).write("A44", value="40").content
    assert import_statistics(hotline, now, "unconfirmed.csv", None).warnings == []
    perform(before, "confirm", by=coordinator)
    assert import_statistics(hotline, now + b"\n", "confirmed.csv", None).warnings == [
        {"code": "fell", "item": "A44", "params": {"percent": 90, "now": "40", "then": "400"}}
    ]


def test_no_cell_reaches_a_message_or_a_log(hotline, caplog):
    caplog.set_level(logging.DEBUG)
    sheet = Sheet()
    cells = {"value": "Magdalena", "dim1_value": "Szczecin", "quality": "+48 601 202 303", "item_code": "12.05.2011"}
    for item, (column, text) in zip(("A21", "A22", "A23", "A24"), cells.items(), strict=True):
        sheet.write(item, "migration", **{column: text})
    with pytest.raises(UnreadableStatistics) as refusal:
        import_statistics(hotline, sheet.content, "figures.csv", None)
    assert len(refusal.value.problems) == 4
    messages = [
        str(refusal.value),
        caplog.text,
        *map(repr, refusal.value.problems),
        *map(describe_problem, refusal.value.problems),
    ]
    assert [text for text in cells.values() if any(text in sentence for sentence in messages)] == []


def test_no_error_carries_the_bytes_of_a_file_along(hotline):
    with pytest.raises(UnreadableStatistics) as refusal:
        import_statistics(hotline, "# naam: Zoë".encode("latin-1"), "figures.csv", None)
    assert (refusal.value.__cause__, refusal.value.__context__) == (None, None)
