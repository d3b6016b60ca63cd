"""Printed reports, and those on their way to the printer."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import reports.models
from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0005_decisions"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Issue",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="issues",
                                to="evaluation.decision",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("language", models.CharField(max_length=10)),
                        ("extent", models.CharField(blank=True, default="", max_length=10)),
                        ("document", models.TextField()),
                        ("document_sha256", models.CharField(max_length=64)),
                        (
                            "pdf",
                            models.FileField(
                                max_length=200,
                                storage=reports.models.private_storage,
                                upload_to=reports.models.issue_path,
                            ),
                        ),
                        ("pdf_sha256", models.CharField(max_length=64)),
                        ("size", models.PositiveIntegerField()),
                        ("pages", models.PositiveSmallIntegerField()),
                        ("printed_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["-printed_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("decision", "language", "number"), name="one_issue_a_number"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Printing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="printings",
                                to="evaluation.decision",
                            ),
                        ),
                        ("language", models.CharField(max_length=10)),
                        ("extent", models.CharField(blank=True, default="", max_length=10)),
                        (
                            "issue",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="reports.issue",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["-asked_at"],
                    },
                ),
            ],
        ),
    ]
