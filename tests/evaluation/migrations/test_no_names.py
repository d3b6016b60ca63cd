"""Names of files and words of exports go, and everything else stays; going back brings none of them back."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.forms import model_to_dict
from django.utils import timezone

from evaluation.crm.mapping import ColumnMapping, NumberMarks
from evaluation.models import Matching, Role, StatisticsImport
from tests.factories import StatisticsImportFactory, person

pytestmark = pytest.mark.django_db
NAMES = import_module("evaluation.migrations.0009_no_names")


def test_every_file_gets_a_name_of_ours_and_keeps_the_rest():
    child = "Anna Kowalska 12.03.2011.csv"
    year = StatisticsImportFactory(file_name=child)
    hotline = year.hotline
    quarter = StatisticsImportFactory(
        hotline=hotline, file_name=child, period_start=date(2025, 4, 1), period_end=date(2025, 6, 30)
    )
    month = StatisticsImportFactory(
        hotline=hotline,
        file_name=child,
        level="contact",
        period_start=date(2024, 2, 1),
        period_end=date(2024, 2, 29),
    )
    unread = StatisticsImportFactory(
        hotline=hotline, file_name=child, period_start=None, period_end=None, file_digest="3fa2b1c8" * 8
    )
    before = model_to_dict(year, exclude=["file_name"])
    NAMES.give_names(apps, None)
    names = dict(StatisticsImport.objects.values_list("pk", "file_name"))
    code = hotline.code
    assert names == {
        year.pk: f"{code} 2025 aggregate",
        quarter.pk: f"{code} 2025-Q2 aggregate",
        month.pk: f"{code} 2024-02 contact",
        unread.pk: f"{code} {timezone.localdate()} 3fa2b1c8",
    }
    assert model_to_dict(StatisticsImport.objects.get(pk=year.pk), exclude=["file_name"]) == before
    NAMES.Migration.operations[0].reverse_code(apps, None)
    assert dict(StatisticsImport.objects.values_list("pk", "file_name")) == names


def test_what_columns_mean_is_asked_again_and_files_keep_their_matching():
    statistics = StatisticsImportFactory()
    said = ColumnMapping(
        "contact", "", {"Anna K.": "category"}, ("Ewa",), {"category": {"Emma": "runaway"}}, NumberMarks(",")
    )
    kept = Matching.objects.create(
        hotline=statistics.hotline,
        signature="5" * 64,
        level="contact",
        meaning=said.as_data(),
        confirmed_by=person(Role.MCE_COORDINATOR),
    )
    StatisticsImport.objects.filter(pk=statistics.pk).update(matching=kept)
    NAMES.forget_words(apps, None)
    kept.refresh_from_db()
    assert (ColumnMapping.from_data(kept.meaning), kept.signature) == (
        ColumnMapping("contact", marks=NumberMarks(",")),
        "",
    )
    assert StatisticsImport.objects.get().matching == kept
    NAMES.Migration.operations[1].reverse_code(apps, None)
    assert Matching.objects.get().meaning == kept.meaning
