"""After the visit: findings accepted or contested with evidence, replies that change them, visits that close."""

import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

VISITS_FOLLOW = """
    UPDATE evaluation_visit SET state = 'response' WHERE state = 'signed_off' AND evaluation_id IN (
        SELECT id FROM evaluation_evaluation WHERE state = 'response'
        UNION
        SELECT contested.id FROM evaluation_evaluation AS contested
        JOIN evaluation_scorecard AS card ON card.evaluation_id = contested.id
        JOIN evaluation_response AS given ON given.scorecard_id = card.id
        JOIN evaluation_remark AS remark ON remark.response_id = given.id
        JOIN evaluation_reply AS reply ON reply.remark_id = remark.id
        WHERE contested.state = 'decision' AND reply.given_at IS NULL AND card.id = (
            SELECT latest.id FROM evaluation_scorecard AS latest WHERE latest.evaluation_id = contested.id
            ORDER BY latest.judged_at DESC, latest.id DESC LIMIT 1
        )
    );
    UPDATE evaluation_visit SET state = 'closed' WHERE state = 'signed_off' AND evaluation_id IN (
        SELECT id FROM evaluation_evaluation WHERE state IN ('decision', 'decided', 'published', 'excused')
    )
"""
"""A visit that is signed off is where its evaluation stands."""
ALL_ARE_SIGNED_OFF = "UPDATE evaluation_visit SET state = 'signed_off' WHERE state IN ('response', 'closed')"


def drop_history_of_replies(_apps: object, schema_editor: Any) -> None:
    """Drop the trigger that copies the columns which go: SQLite drops no column that a trigger names."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS history_evaluation_reply")


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0008_visits_and_learning"),
    ]

    operations = [
        migrations.AddField(
            model_name="reply",
            name="level",
            field=models.SmallIntegerField(null=True, verbose_name="level"),
        ),
        migrations.AddField(
            model_name="reply",
            name="not_applicable",
            field=models.BooleanField(default=False, verbose_name="not applicable"),
        ),
        migrations.AddField(
            model_name="reply",
            name="not_seen",
            field=models.BooleanField(default=False, verbose_name="could not be looked at"),
        ),
        migrations.AddField(
            model_name="reply",
            name="value",
            field=models.DecimalField(decimal_places=4, max_digits=16, null=True, verbose_name="value"),
        ),
        migrations.AddField(
            model_name="replyversion",
            name="level",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="replyversion",
            name="not_applicable",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="replyversion",
            name="not_seen",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="replyversion",
            name="value",
            field=models.DecimalField(decimal_places=4, max_digits=16, null=True),
        ),
        migrations.AddField(
            model_name="response",
            name="accepted",
            field=models.JSONField(default=list, verbose_name="accepted"),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="revises",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revision",
                to="evaluation.scorecard",
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="only_codes",
            field=models.JSONField(blank=True, default=list, verbose_name="limited to"),
        ),
        migrations.AlterField(
            model_name="visit",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "proposed"),
                    ("dates_agreed", "dates agreed"),
                    ("team_confirmed", "team confirmed"),
                    ("agenda_sent", "agenda sent"),
                    ("under_way", "under way"),
                    ("findings_entered", "findings entered"),
                    ("signed_off", "signed off"),
                    ("response", "response"),
                    ("closed", "closed"),
                    ("cancelled", "cancelled"),
                ],
                default="proposed",
                max_length=50,
                verbose_name="state",
            ),
        ),
        migrations.CreateModel(
            name="DraftAcceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, verbose_name="indicator")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft_acceptances",
                        to="evaluation.evaluation",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(fields=("evaluation", "code"), name="a_finding_is_accepted_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RemarkProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=12, verbose_name="indicator")),
                ("address", models.URLField(blank=True, max_length=500, verbose_name="address")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remark_proofs",
                        to="evaluation.document",
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remark_proofs",
                        to="evaluation.evaluation",
                    ),
                ),
                (
                    "remark",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proofs",
                        to="evaluation.remark",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("address", ""), ("document__isnull", False)),
                            models.Q(("document__isnull", True), models.Q(("address", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_remark_proof_is_a_document_or_an_address",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("document__isnull", False), ("remark", None)),
                        fields=("evaluation", "code", "document"),
                        name="one_draft_proof_a_document",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("address", ""), _negated=True), ("remark", None)),
                        fields=("evaluation", "code", "address"),
                        name="one_draft_proof_an_address",
                    ),
                ],
            },
        ),
        migrations.RunSQL(VISITS_FOLLOW, ALL_ARE_SIGNED_OFF),
        migrations.RunPython(migrations.RunPython.noop, drop_history_of_replies),
    ]
