"""The answers of a submission as PDF, in one language each."""

import django.db.models.deletion
from django.db import migrations, models

import reports.models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0007_teamwork"),
        ("reports", "0002_guide_and_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswersPrinting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for the printer"),
                            ("composing", "putting the report together"),
                            ("drawing", "drawing the charts"),
                            ("setting", "setting the pages"),
                            ("done", "printed"),
                            ("failed", "not printed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("failure", models.CharField(blank=True, max_length=40)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("html_sha256", models.CharField(blank=True, max_length=64)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0)),
                ("pages", models.PositiveSmallIntegerField(default=0)),
                ("language", models.CharField(max_length=10)),
                (
                    "pdf",
                    models.FileField(
                        blank=True, max_length=200, storage=reports.models.private_storage, upload_to="answers/"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="printings",
                        to="evaluation.submission",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "language"), name="one_printing_of_answers_a_language"
                    )
                ],
            },
        ),
    ]
