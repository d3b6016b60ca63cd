"""The digest of the figures of each import, also of those that were confirmed before."""

from itertools import groupby
from typing import Any

from django.db import migrations, models

from evaluation.models.figures.statistics import FIGURE, digest_of_figures


def digest_confirmed_figures(apps: Any, _editor: Any) -> None:
    imports = apps.get_model("evaluation", "StatisticsImport").objects
    figures = apps.get_model("evaluation", "Figure").objects.order_by("statistics_id")
    rows = figures.values_list("statistics_id", *FIGURE).iterator(chunk_size=2000)
    for key, found in groupby(rows, key=lambda row: row[0]):
        imports.filter(pk=key).update(figures_sha256=digest_of_figures(row[1:] for row in found))


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0012_person_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="statisticsimport",
            name="figures_sha256",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.RunPython(digest_confirmed_figures, migrations.RunPython.noop),
    ]
