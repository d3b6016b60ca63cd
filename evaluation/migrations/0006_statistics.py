"""Files of figures on their way in: spooled, matched, checked as a draft, confirmed, accepted; keys of systems."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0005_accreditation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Matching",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signature", models.CharField(max_length=64)),
                ("level", models.CharField(max_length=10)),
                ("meaning", models.JSONField()),
                ("confirmed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-confirmed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SpooledFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            name="SystemKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_on", models.DateField(verbose_name="valid until")),
                ("used_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-made_at"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="statisticsimport",
            name="one_import_a_file",
        ),
        migrations.AddField(
            model_name="statisticsimport",
            name="draft",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="statisticsimport",
            name="explanations",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="statisticsimport",
            name="level",
            field=models.CharField(
                blank=True,
                choices=[
                    ("aggregate", "totals"),
                    ("contact", "a row for each contact"),
                    ("case", "a row for each child in a case"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="statisticsimport",
            name="problems",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="statisticsimport",
            name="rows_read",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="statisticsimport",
            name="superseded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded",
                to="evaluation.statisticsimport",
            ),
        ),
        migrations.AddField(
            model_name="statisticsimport",
            name="way",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="statisticsimport",
            name="completeness",
            field=models.CharField(blank=True, max_length=20, verbose_name="completeness"),
        ),
        migrations.AlterField(
            model_name="statisticsimport",
            name="definitions",
            field=models.CharField(blank=True, max_length=20, verbose_name="definitions"),
        ),
        migrations.AlterField(
            model_name="statisticsimport",
            name="period_end",
            field=models.DateField(null=True, verbose_name="until"),
        ),
        migrations.AlterField(
            model_name="statisticsimport",
            name="period_start",
            field=models.DateField(null=True, verbose_name="from"),
        ),
        migrations.AlterField(
            model_name="statisticsimport",
            name="source_system",
            field=models.CharField(blank=True, max_length=20, verbose_name="source system"),
        ),
        migrations.AlterField(
            model_name="statisticsimport",
            name="state",
            field=models.CharField(
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
        migrations.AddField(
            model_name="matching",
            name="confirmed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="matching",
            name="hotline",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="matchings", to="evaluation.hotline"
            ),
        ),
        migrations.AddField(
            model_name="statisticsimport",
            name="matching",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evaluation.matching"
            ),
        ),
        migrations.AddConstraint(
            model_name="statisticsimport",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["uploaded", "unmatched", "checked", "confirmed", "returned", "accepted"])
                ),
                fields=("hotline", "file_digest"),
                name="one_live_import_a_file",
            ),
        ),
        migrations.AddField(
            model_name="spooledfile",
            name="statistics",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="spooled", to="evaluation.statisticsimport"
            ),
        ),
        migrations.AddField(
            model_name="systemkey",
            name="hotline",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="system_keys", to="evaluation.hotline"
            ),
        ),
        migrations.AddField(
            model_name="systemkey",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="matching",
            index=models.Index(fields=["hotline", "signature"], name="evaluation__hotline_e5140c_idx"),
        ),
    ]
