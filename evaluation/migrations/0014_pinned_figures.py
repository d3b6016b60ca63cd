"""The figures of an evaluation as they stood at its submission, or when corrections were counted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0013_row_account"),
    ]

    operations = [
        migrations.CreateModel(
            name="PinnedFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("totals", models.JSONField(default=dict)),
                ("partial", models.JSONField(default=dict)),
                ("files", models.JSONField(default=list)),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pinned_figures",
                        to="evaluation.evaluation",
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evaluation.step"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "pinned figures",
                "ordering": ["-pk"],
            },
        ),
    ]
