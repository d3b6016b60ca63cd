# The recommendations are followed: their states, what is shown for them, what others do well.

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0003_panel")]

    operations = [
        migrations.AlterModelOptions(
            name="recommendation",
            options={"ordering": ["priority", "-is_needed", "-gain", "pk"]},
        ),
        migrations.AlterField(
            model_name="recommendation",
            name="state",
            field=models.CharField(
                choices=[
                    ("drafted", "drafted"),
                    ("issued", "issued"),
                    ("contested", "contested"),
                    ("accepted", "accepted"),
                    ("in_progress", "in progress"),
                    ("evidence_submitted", "evidence submitted"),
                    ("not_verified", "not verified"),
                    ("verified", "verified"),
                    ("closed", "closed"),
                ],
                default="drafted",
                max_length=50,
                verbose_name="state",
            ),
        ),
        migrations.AddField(model_name="recommendation", name="is_withdrawn", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="recommendation", name="is_needed", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="recommendation", name="gain", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(
            model_name="recommendation",
            name="practices",
            field=models.ManyToManyField(blank=True, related_name="lent_to", to="evaluation.finding"),
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("address", models.URLField(blank=True, max_length=500, verbose_name="address")),
                ("words", models.TextField(blank=True, verbose_name="what it shows")),
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
                        related_name="proofs",
                        to="evaluation.document",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proofs",
                        to="evaluation.recommendation",
                    ),
                ),
            ],
            options={"ordering": ["at", "pk"]},
        ),
        migrations.AddConstraint(
            model_name="proof",
            constraint=models.CheckConstraint(
                name="a_proof_is_one_thing",
                condition=models.Q(document__isnull=False, address="")
                | (models.Q(document__isnull=True) & ~models.Q(address=""))
                | (models.Q(document__isnull=True, address="") & ~models.Q(words="")),
            ),
        ),
        migrations.AddConstraint(
            model_name="proof",
            constraint=models.UniqueConstraint(
                fields=["recommendation", "document"],
                condition=models.Q(document__isnull=False),
                name="one_proof_a_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="proof",
            constraint=models.UniqueConstraint(
                fields=["recommendation", "address"], condition=~models.Q(address=""), name="one_proof_an_address"
            ),
        ),
    ]
