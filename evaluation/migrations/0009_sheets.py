"""The sheets of visits: test contacts, listening, file review, interviews."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0008_visits_and_learning"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="SheetRowVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sheet_id", models.BigIntegerField()),
                        ("uid", models.UUIDField()),
                        ("by_id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField()),
                        ("channel", models.CharField(max_length=10)),
                        ("language", models.CharField(max_length=10)),
                        ("day", models.DateField(null=True)),
                        ("starts", models.TimeField(null=True)),
                        ("looked_at", models.PositiveIntegerField(null=True)),
                        ("role", models.CharField(max_length=120)),
                        ("topic", models.CharField(max_length=300)),
                        ("marks", models.JSONField()),
                        ("words", models.TextField()),
                        ("is_removed", models.BooleanField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("sheet_id", "by_id", "uid", "version"), name="one_sheet_row_a_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitSheet",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("contacts", "Test contacts"),
                                    ("listening", "Live listening"),
                                    ("files", "File review"),
                                    ("interviews", "Interviews"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("template", models.JSONField()),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sheets",
                                to="evaluation.visit",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("visit", "kind", "number"), name="one_sheet_a_kind_and_number"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField()),
                        (
                            "channel",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("telephone", "telephone"),
                                    ("chat", "chat"),
                                    ("email", "e-mail"),
                                    ("web_form", "web form"),
                                    ("app", "app"),
                                ],
                                max_length=10,
                                verbose_name="channel",
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                        ("day", models.DateField(null=True, verbose_name="day")),
                        ("starts", models.TimeField(null=True, verbose_name="time")),
                        ("looked_at", models.PositiveIntegerField(null=True, verbose_name="files looked at")),
                        ("role", models.CharField(blank=True, max_length=120, verbose_name="role of the person")),
                        ("topic", models.CharField(blank=True, max_length=300, verbose_name="topic")),
                        ("marks", models.JSONField(default=dict)),
                        ("words", models.TextField(blank=True, verbose_name="in your words")),
                        ("is_removed", models.BooleanField(default=False)),
                        ("version", models.PositiveIntegerField(default=0)),
                        ("at", models.DateTimeField()),
                        ("signed_off_at", models.DateTimeField(null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "sheet",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="evaluation.visitsheet",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["day", "starts", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("sheet", "by", "uid"), name="one_row_a_sheet_and_form"),
                            models.CheckConstraint(
                                condition=models.Q(("looked_at", None), ("looked_at__gt", 0), _connector="OR"),
                                name="files_of_a_row_were_looked_at",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
