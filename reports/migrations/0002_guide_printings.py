"""The printed Guide: one for each published wording."""

import django.db.models.deletion
from django.db import migrations, models

import reports.models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_issues"),
        ("standards", "0002_guide"),
    ]

    operations = [
        migrations.CreateModel(
            name="GuidePrinting",
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
                (
                    "pdf",
                    models.FileField(
                        blank=True, max_length=200, storage=reports.models.private_storage, upload_to="guide/"
                    ),
                ),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0)),
                ("pages", models.PositiveSmallIntegerField(default=0)),
                (
                    "wording",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="printing",
                        to="standards.editionwording",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
