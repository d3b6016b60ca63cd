"""How two editions correspond, who reviewed which passage of a translation, and what a language asks for."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0001_people"),
        ("standards", "0002_guide"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="MappingDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("before", models.CharField(max_length=20)),
                        ("now", models.CharField(max_length=20)),
                        ("before_key", models.CharField(max_length=32)),
                        ("now_key", models.CharField(max_length=32)),
                        ("is_confirmed", models.BooleanField()),
                        ("questions", models.CharField(max_length=64)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [models.Index(fields=["before", "now"], name="mapping_of_editions")],
                    },
                ),
                migrations.CreateModel(
                    name="LanguageSetting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="language_settings",
                                to="standards.editionpage",
                            ),
                        ),
                        ("language", models.CharField(max_length=10)),
                        ("demands_review", models.BooleanField(default=False)),
                    ],
                    options={
                        "ordering": ["language"],
                        "constraints": [
                            models.UniqueConstraint(fields=("edition", "language"), name="one_setting_a_language")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PassageMark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("language", models.CharField(max_length=10)),
                        ("passage", models.CharField(max_length=64)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("translated", "Translated"),
                                    ("reviewed", "Reviewed"),
                                    ("taken_back", "Taken Back"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [models.Index(fields=["language", "id"], name="marks_of_a_language")],
                    },
                ),
            ],
        ),
    ]
