"""What becomes of the conditions of decisions. Those of existing decisions are set."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import evaluation.models.states


def set_existing_conditions(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the fulfilment of each existing condition, due on the day that the decision gave it."""
    fulfilment = apps.get_model("evaluation", "Fulfilment")
    requirements = apps.get_model("evaluation", "Requirement").objects.order_by("pk").only("pk", "due_on")
    fulfilment.objects.bulk_create(
        (fulfilment(requirement=requirement, due_on=requirement.due_on) for requirement in requirements),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0013_digest_of_figures"),
    ]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first", "decision of the panel"),
                    ("follow_up", "decision after a follow-up visit"),
                    ("appeal", "decision on an appeal"),
                    ("correction", "correction"),
                    ("met", "outcome after all conditions were met"),
                    ("unmet", "decision after a condition was not met"),
                ],
                default="first",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="about",
            field=models.CharField(
                choices=[
                    ("ends", "the accreditation ends"),
                    ("ended", "the accreditation has ended"),
                    ("midterm", "the mid-term check is due"),
                    ("deferral", "the deferral is over"),
                    ("respond", "3 days before the last day of the response"),
                    ("response", "the response is overdue"),
                    ("submit_30", "30 days before the last day of the self-assessment"),
                    ("submit_14", "14 days before the last day of the self-assessment"),
                    ("submit_3", "3 days before the last day of the self-assessment"),
                    ("condition_60", "60 days before the last day of a condition"),
                    ("condition_30", "30 days before the last day of a condition"),
                    ("condition_7", "7 days before the last day of a condition"),
                    ("condition_late", "when the last day of a condition has passed without evidence"),
                    ("slipped", "when a hotline has not submitted its self-assessment in time"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Fulfilment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("set", "set"),
                            ("evidence_sent", "evidence sent"),
                            ("checked", "checked"),
                            ("met", "met"),
                            ("not_met", "not met"),
                            ("extended", "extended"),
                        ],
                        default="set",
                        max_length=50,
                        verbose_name="state",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="by")),
                ("seems_met", models.BooleanField(editable=False, null=True)),
                (
                    "checked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requirement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fulfilment",
                        to="evaluation.requirement",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
            },
            bases=(evaluation.models.states._Concurrent, models.Model),
        ),
        migrations.CreateModel(
            name="FulfilmentProof",
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
                        related_name="fulfilment_proofs",
                        to="evaluation.document",
                    ),
                ),
                (
                    "fulfilment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="proofs", to="evaluation.fulfilment"
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
                            models.Q(
                                ("address", ""), ("document__isnull", True), models.Q(("words", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_proof_of_a_condition_is_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("document__isnull", False)),
                        fields=("fulfilment", "document"),
                        name="one_proof_of_a_condition_a_document",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("address", ""), _negated=True),
                        fields=("fulfilment", "address"),
                        name="one_proof_of_a_condition_an_address",
                    ),
                ],
            },
        ),
        migrations.RunPython(set_existing_conditions, migrations.RunPython.noop),
    ]
