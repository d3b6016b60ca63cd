"""The way of files that wait for their hotline from written figures to a draft, and back."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from evaluation.models import Figure, StatisticsImport
from tests.factories import FigureFactory, StatisticsImportFactory, confirmed_figures

pytestmark = pytest.mark.django_db
DRAFTS = import_module("evaluation.migrations.0007_drafts")


def rows() -> dict[str, tuple[str, int]]:
    """The state of each file by its name, with how many figures are written."""
    return {s.file_name: (s.state, s.figures.count()) for s in StatisticsImport.objects.all()}


def test_a_file_that_waited_becomes_a_draft_and_comes_back_as_it_was():
    waiting = StatisticsImportFactory(file_name="waiting.csv", state="read", warnings=[{"code": "items_missing"}])
    FigureFactory(statistics=waiting, item="A03", value="12.5")
    FigureFactory(statistics=waiting, item="A04", value=None, quality="not_recorded")
    confirmed_figures(waiting.hotline, {"A03": 7}, file_name="confirmed.csv")
    before = list(Figure.objects.filter(statistics=waiting).values("item", "value", "quality"))
    DRAFTS.make_drafts(apps, None)
    assert rows() == {"waiting.csv": ("checked", 0), "confirmed.csv": ("confirmed", 1)}
    drafted = StatisticsImport.objects.get(pk=waiting.pk)
    assert [cells[0] for cells in drafted.draft] == ["A03", "A04"]
    assert drafted.explanations == [""]
    DRAFTS.write_figures(apps, None)
    assert rows() == {"waiting.csv": ("read", 2), "confirmed.csv": ("confirmed", 1)}
    assert list(Figure.objects.filter(statistics=waiting).values("item", "value", "quality")) == before


def test_going_back_keeps_every_figure_and_what_the_old_form_has_no_place_for_goes():
    hotline = confirmed_figures(StatisticsImportFactory().hotline, {"A03": 7}, file_name="accepted.csv").hotline
    StatisticsImport.objects.filter(file_name="accepted.csv").update(state="accepted")
    again = {"hotline": hotline, "file_digest": "d" * 64}
    StatisticsImportFactory(file_name="taken back.csv", state="withdrawn", **again)
    StatisticsImportFactory(file_name="sent anew.csv", state="confirmed", **again)
    StatisticsImportFactory(file_name="refused.csv", state="refused", period_start=None)
    StatisticsImportFactory(file_name="returned.csv", state="returned", period_end=date(2025, 12, 31))
    StatisticsImport.objects.filter(file_name="figures-2025.csv").delete()
    DRAFTS.write_figures(apps, None)
    assert rows() == {
        "accepted.csv": ("confirmed", 1),
        "sent anew.csv": ("confirmed", 0),
        "returned.csv": ("superseded", 0),
    }
