"""Figures of the hotlines and of the network, and the files they come from."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import evaluation.models.states
from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0002_hotlines"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Matching",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "hotline",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matchings",
                                to="evaluation.hotline",
                            ),
                        ),
                        ("signature", models.CharField(max_length=64)),
                        ("level", models.CharField(max_length=10)),
                        ("meaning", models.JSONField()),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["-confirmed_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["hotline", "signature"], name="evaluation__hotline_e5140c_idx")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SystemKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "hotline",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="system_keys",
                                to="evaluation.hotline",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("token_digest", models.CharField(max_length=64, unique=True)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("expires_on", models.DateField(verbose_name="valid until")),
                        ("used_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-made_at"],
                    },
                ),
                migrations.CreateModel(
                    name="StatisticsImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "hotline",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statistics",
                                to="evaluation.hotline",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("uploaded", "uploaded, being read"),
                                    ("unmatched", "waiting for its columns to be matched"),
                                    ("refused", "refused by the checks"),
                                    ("checked", "checked, waiting for the hotline"),
                                    ("confirmed", "confirmed by the hotline"),
                                    ("returned", "sent back by Missing Children Europe"),
                                    ("accepted", "accepted by Missing Children Europe"),
                                    ("superseded", "superseded by a later file"),
                                    ("withdrawn", "taken back"),
                                ],
                                default="uploaded",
                                max_length=50,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("upload", "uploaded here"),
                                    ("command", "read by the command"),
                                    ("api", "sent by the case system"),
                                    ("folder", "found in the watched folder"),
                                ],
                                default="upload",
                                max_length=10,
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("aggregate", "totals"),
                                    ("contact", "a row for each contact"),
                                    ("case", "a row for each child in a case"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("period_start", models.DateField(null=True, verbose_name="from")),
                        ("period_end", models.DateField(null=True, verbose_name="until")),
                        ("definitions", models.CharField(blank=True, max_length=20, verbose_name="definitions")),
                        ("completeness", models.CharField(blank=True, max_length=20, verbose_name="completeness")),
                        ("source_system", models.CharField(blank=True, max_length=20, verbose_name="source system")),
                        ("rows_read", models.PositiveBigIntegerField(null=True)),
                        ("row_account", models.JSONField(default=dict)),
                        ("file_name", models.CharField(max_length=200, verbose_name="file")),
                        ("file_digest", models.CharField(max_length=64)),
                        (
                            "matching",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="evaluation.matching",
                            ),
                        ),
                        ("problems", models.JSONField(default=list)),
                        ("warnings", models.JSONField(default=list)),
                        ("explanations", models.JSONField(default=list)),
                        ("draft", models.JSONField(default=list)),
                        ("figures_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                        (
                            "superseded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="superseded",
                                to="evaluation.statisticsimport",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["-period_end", "-uploaded_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        ("uploaded", "unmatched", "checked", "confirmed", "returned", "accepted"),
                                    )
                                ),
                                fields=("hotline", "file_digest"),
                                name="one_live_import_a_file",
                            )
                        ],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="SpooledFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "statistics",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="spooled",
                                to="evaluation.statisticsimport",
                            ),
                        ),
                        ("path", models.CharField(max_length=300)),
                        ("key", models.BinaryField(max_length=32)),
                        ("size", models.PositiveBigIntegerField()),
                        (
                            "phase",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting for its turn"),
                                    ("opening", "Opening the file"),
                                    ("reading", "Reading the rows"),
                                    ("checking", "Checking the figures"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("rows_read", models.PositiveBigIntegerField(default=0)),
                        ("share", models.PositiveSmallIntegerField(default=0)),
                        ("changed_at", models.DateTimeField(auto_now=True)),
                        ("expires_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Figure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "statistics",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="figures",
                                to="evaluation.statisticsimport",
                            ),
                        ),
                        ("item", models.CharField(max_length=3)),
                        ("dim1", models.CharField(blank=True, max_length=20)),
                        ("dim1_value", models.CharField(blank=True, max_length=40)),
                        ("dim2", models.CharField(blank=True, max_length=20)),
                        ("dim2_value", models.CharField(blank=True, max_length=40)),
                        ("value", models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                        ("quality", models.CharField(max_length=12)),
                        (
                            "source",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="evaluation.statisticsimport",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["item", "dim1_value", "dim2_value"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("statistics", "item", "dim1_value", "dim2_value"),
                                name="one_figure_for_one_cell",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NetworkYear",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                        ("is_invented", models.BooleanField(default=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "not public yet"),
                                    ("public", "public"),
                                    ("retracted", "taken from the site"),
                                ],
                                default="waiting",
                                max_length=50,
                                verbose_name="state",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-year"],
                        "constraints": [
                            models.UniqueConstraint(fields=("year", "is_invented"), name="a_year_of_the_network_once")
                        ],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="NetworkRelease",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "network_year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="releases",
                                to="evaluation.networkyear",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("document", models.TextField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("basis", models.TextField()),
                        ("basis_sha256", models.CharField(max_length=64)),
                        ("released_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("network_year", "number"), name="one_release_a_number")
                        ],
                    },
                ),
            ],
        ),
    ]
