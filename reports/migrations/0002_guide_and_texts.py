"""The Guide as PDF, of a wording or of a draft, and the versions of the texts that Missing Children Europe edits."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import reports.models
from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0004_evaluations"),
        ("reports", "0001_issues"),
        ("standards", "0002_guide"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="GuidePrinting",
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
                        ("html_sha256", models.CharField(blank=True, max_length=64)),
                        ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                        ("size", models.PositiveIntegerField(default=0)),
                        ("pages", models.PositiveSmallIntegerField(default=0)),
                        (
                            "wording",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="printing",
                                to="standards.editionwording",
                            ),
                        ),
                        (
                            "draft",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="printing",
                                to="standards.editionpage",
                            ),
                        ),
                        (
                            "pdf",
                            models.FileField(
                                blank=True, max_length=200, storage=reports.models.private_storage, upload_to="guide/"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("wording__isnull", True), ("draft__isnull", True), _connector="XOR"
                                ),
                                name="of_a_wording_or_a_draft",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnswersPrinting",
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
                        ("html_sha256", models.CharField(blank=True, max_length=64)),
                        ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                        ("size", models.PositiveIntegerField(default=0)),
                        ("pages", models.PositiveSmallIntegerField(default=0)),
                        (
                            "submission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="printings",
                                to="evaluation.submission",
                            ),
                        ),
                        ("language", models.CharField(max_length=10)),
                        (
                            "pdf",
                            models.FileField(
                                blank=True, max_length=200, storage=reports.models.private_storage, upload_to="answers/"
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
                migrations.CreateModel(
                    name="TextVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("key", models.CharField(max_length=100)),
                        ("language", models.CharField(max_length=10)),
                        ("number", models.PositiveIntegerField(null=True)),
                        ("forms", models.JSONField(default=list)),
                        ("against", models.JSONField(default=list)),
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
                        "ordering": ["-pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("key", "language", "number"), name="one_version_a_number")
                        ],
                    },
                ),
            ],
        ),
    ]
