"""Decisions after a follow-up visit, and the visits that were held before one was planned again."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0008_visits_and_learning"),
    ]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first", "decision of the panel"),
                    ("follow_up", "decision after a follow-up visit"),
                    ("appeal", "decision on an appeal"),
                    ("correction", "correction"),
                ],
                default="first",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="EarlierVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("mode", models.CharField(choices=[("on_site", "on site"), ("remote", "remote")], max_length=10)),
                ("only_codes", models.JSONField(default=list)),
                ("planned_again_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="earlier_visits",
                        to="evaluation.evaluation",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("team", models.ManyToManyField(related_name="earlier_visits", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-planned_again_at", "-pk"],
            },
        ),
    ]
