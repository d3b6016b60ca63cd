"""Decisions, appeals and corrections, what is published and accredited, and what is followed up."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import evaluation.models.answers.judgements
import evaluation.models.files
import evaluation.models.states
import evaluation.models.visits.recorded_file
from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0004_evaluations"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Declaration",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "evaluation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="declarations",
                                to="evaluation.evaluation",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="declarations",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("has_stake", models.BooleanField()),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=300, verbose_name="what ties you to this hotline"),
                        ),
                        ("declared_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["declared_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Vote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scorecard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="votes",
                                to="evaluation.scorecard",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="votes",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("outcome", models.CharField(max_length=40, verbose_name="outcome")),
                        ("words", models.TextField(verbose_name="why")),
                        ("voted_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["voted_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Comment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scorecard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="comments",
                                to="evaluation.scorecard",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("words", models.TextField(verbose_name="comment")),
                        ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["written_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "evaluation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="evaluation.evaluation",
                            ),
                        ),
                        (
                            "scorecard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="evaluation.scorecard",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("first", "decision of the panel"),
                                    ("follow_up", "decision after a follow-up visit"),
                                    ("appeal", "decision on an appeal"),
                                    ("correction", "correction"),
                                    ("met", "outcome after all conditions were met"),
                                    ("unmet", "decision after a condition was not met"),
                                    ("rescored", "decision after scoring again"),
                                ],
                                default="first",
                                max_length=12,
                            ),
                        ),
                        (
                            "replaces",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="evaluation.decision",
                            ),
                        ),
                        ("outcome", models.CharField(max_length=40, verbose_name="decision")),
                        ("reasons", models.TextField(verbose_name="reasons")),
                        ("departs", models.BooleanField()),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decided_on", models.DateField()),
                        ("valid_until", models.DateField(null=True)),
                        ("hand_in_by", models.DateField(null=True)),
                        ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["-decided_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Requirement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requirements",
                                to="evaluation.decision",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="condition")),
                        ("due_on", models.DateField(verbose_name="by")),
                        ("code", models.CharField(blank=True, max_length=12, verbose_name="indicator")),
                    ],
                    options={
                        "ordering": ["due_on", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Fulfilment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                        "indexes": [models.Index(fields=["state"], name="fulfilments_by_state")],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="FulfilmentProof",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("address", models.URLField(blank=True, max_length=500, verbose_name="address")),
                        ("words", models.TextField(blank=True, verbose_name="what it shows")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="proofs",
                                to="evaluation.fulfilment",
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
                                        ("address", ""),
                                        ("document__isnull", True),
                                        models.Q(("words", ""), _negated=True),
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
                migrations.CreateModel(
                    name="Accreditation",
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
                                related_name="accreditations",
                                to="evaluation.hotline",
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accreditation",
                                to="evaluation.decision",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("granted", "granted"),
                                    ("valid", "valid"),
                                    ("suspended", "suspended"),
                                    ("withdrawn", "withdrawn"),
                                    ("expired", "expired"),
                                    ("replaced", "replaced by a newer decision"),
                                ],
                                default="granted",
                                max_length=50,
                                verbose_name="state",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["decision__valid_until", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["valid", "suspended"])),
                                fields=("hotline",),
                                name="one_running_accreditation_a_hotline",
                            )
                        ],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="Withdrawal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("written", "written"),
                                    ("proposed", "proposed, the hotline is asked"),
                                    ("heard", "the hotline has given its statement"),
                                    ("confirmed", "confirmed"),
                                    ("dropped", "dropped"),
                                ],
                                default="written",
                                max_length=50,
                                verbose_name="state",
                            ),
                        ),
                        ("ground", models.TextField(verbose_name="ground")),
                        ("heard_until", models.DateField(verbose_name="last day to be heard")),
                        ("takes_effect_on", models.DateField(verbose_name="takes effect on")),
                        ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("statement", models.TextField(blank=True, verbose_name="statement")),
                        ("version", models.PositiveIntegerField(default=0, editable=False)),
                        ("stated_at", models.DateTimeField(editable=False, null=True)),
                        ("closed_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "accreditation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="withdrawals",
                                to="evaluation.accreditation",
                            ),
                        ),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "stated_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-proposed_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["proposed", "heard"])),
                                fields=("accreditation",),
                                name="one_open_withdrawal_an_accreditation",
                            )
                        ],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="Appeal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "evaluation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appeals",
                                to="evaluation.evaluation",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appeals",
                                to="evaluation.decision",
                            ),
                        ),
                        (
                            "withdrawal",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appeal",
                                to="evaluation.withdrawal",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("written", "written"),
                                    ("lodged", "lodged"),
                                    ("upheld", "upheld"),
                                    ("dismissed", "dismissed"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="written",
                                max_length=50,
                                verbose_name="state",
                            ),
                        ),
                        ("grounds", models.TextField(verbose_name="grounds")),
                        (
                            "lodged_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("lodged_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["-lodged_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawal", None)),
                                fields=("decision",),
                                name="one_appeal_against_a_decision",
                            )
                        ],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="AppealDeclaration",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "appeal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="declarations",
                                to="evaluation.appeal",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("has_stake", models.BooleanField()),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=300, verbose_name="what ties you to this hotline"),
                        ),
                        ("declared_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["declared_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="AppealVote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "appeal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="votes",
                                to="evaluation.appeal",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("outcome", models.CharField(max_length=40, verbose_name="outcome")),
                        ("words", models.TextField(verbose_name="why")),
                        ("voted_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["voted_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Ruling",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "appeal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ruling",
                                to="evaluation.appeal",
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ruling",
                                to="evaluation.decision",
                            ),
                        ),
                        ("reinstates", models.BooleanField(default=False)),
                        ("reasons", models.TextField(verbose_name="reasons")),
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
                ),
                migrations.CreateModel(
                    name="Correction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "evaluation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="evaluation.evaluation",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="evaluation.decision",
                            ),
                        ),
                        (
                            "scorecard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evaluation.scorecard"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("written", "written"),
                                    ("proposed", "proposed"),
                                    ("confirmed", "confirmed"),
                                    ("dropped", "dropped"),
                                ],
                                default="written",
                                max_length=50,
                                verbose_name="state",
                            ),
                        ),
                        ("outcome", models.CharField(max_length=40, verbose_name="decision")),
                        ("reasons", models.TextField(verbose_name="reasons")),
                        ("requirements", models.JSONField(default=list)),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["-proposed_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "proposed")),
                                fields=("evaluation",),
                                name="one_proposed_correction_at_a_time",
                            )
                        ],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="Publication",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="publication",
                                to="evaluation.decision",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="PublicExtent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "extent",
                            models.CharField(
                                choices=[
                                    ("outcome", "The outcome alone"),
                                    ("summary", "The outcome and a summary"),
                                    ("whole", "The whole report"),
                                ],
                                max_length=10,
                                verbose_name="what is public",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "publication",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extents",
                                to="evaluation.publication",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Reminder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "about",
                            models.CharField(
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
                                    (
                                        "still_open",
                                        "weeks after the last day of a self-assessment that was not submitted",
                                    ),
                                    ("no_response", "weeks after the last day of a response that was not given"),
                                    ("plan", "weeks after the last day of a recommendation without evidence"),
                                    ("hearing", "3 days before the last day to be heard on a withdrawal"),
                                    ("withdrawal", "when a withdrawal can be confirmed"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("uid", models.UUIDField()),
                        ("due_on", models.DateField()),
                        ("occasion", models.PositiveSmallIntegerField(default=1)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("about", "uid", "due_on", "occasion"), name="one_reminder_of_a_date"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recommendation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "evaluation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recommendations",
                                to="evaluation.evaluation",
                            ),
                        ),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        (
                            "state",
                            models.CharField(
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
                        (
                            "priority",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "first"), (2, "next"), (3, "when possible")],
                                default=2,
                                verbose_name="priority",
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="what to do")),
                        ("text", models.TextField(blank=True, verbose_name="how")),
                        ("look_for", models.TextField(blank=True, verbose_name="what we will look for")),
                        ("owner", models.CharField(blank=True, max_length=120, verbose_name="who")),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="by")),
                        ("is_dropped", models.BooleanField(default=False)),
                        (
                            "relevance",
                            models.CharField(
                                choices=[
                                    ("current", "called for"),
                                    ("outdated", "no longer called for"),
                                    ("kept", "kept, though no longer called for"),
                                    ("returned", "called for again"),
                                    ("removed", "removed"),
                                ],
                                default="current",
                                editable=False,
                                max_length=10,
                                verbose_name="relevance",
                            ),
                        ),
                        (
                            "suggested_priority",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "first"), (2, "next"), (3, "when possible")], default=2, editable=False
                            ),
                        ),
                        ("level", models.SmallIntegerField(editable=False, null=True)),
                        ("place", models.PositiveSmallIntegerField(default=0, editable=False)),
                        ("is_withdrawn", models.BooleanField(default=False)),
                        ("is_needed", models.BooleanField(default=False)),
                        ("gain", models.PositiveIntegerField(default=0)),
                        (
                            "practices",
                            models.ManyToManyField(blank=True, related_name="lent_to", to="evaluation.finding"),
                        ),
                    ],
                    options={
                        "ordering": ["priority", "-is_needed", "-gain", "place", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evaluation", "code"), name="one_recommendation_an_indicator"
                            )
                        ],
                        "indexes": [models.Index(fields=["state", "evaluation"], name="recommendations_by_state")],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="Proof",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "recommendation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="proofs",
                                to="evaluation.recommendation",
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
                        ("address", models.URLField(blank=True, max_length=500, verbose_name="address")),
                        ("words", models.TextField(blank=True, verbose_name="what it shows")),
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
                        "ordering": ["at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("address", ""), ("document__isnull", False)),
                                    models.Q(("document__isnull", True), models.Q(("address", ""), _negated=True)),
                                    models.Q(
                                        ("address", ""),
                                        ("document__isnull", True),
                                        models.Q(("words", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_proof_is_one_thing",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("document__isnull", False)),
                                fields=("recommendation", "document"),
                                name="one_proof_a_document",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("address", ""), _negated=True),
                                fields=("recommendation", "address"),
                                name="one_proof_an_address",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecordedFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="files", to="evaluation.visit"
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
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        ("save_uid", models.UUIDField()),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        ("words", models.CharField(blank=True, max_length=200, verbose_name="what it shows")),
                        ("content_type", models.CharField(max_length=100)),
                        ("size", models.PositiveIntegerField()),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "file",
                            models.FileField(
                                max_length=200,
                                storage=evaluation.models.answers.judgements.private_storage,
                                upload_to=evaluation.models.visits.recorded_file.recorded_path,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["code", "at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "by", "save_uid"), name="one_recorded_file_a_save")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PartialUpload",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "evaluation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="uploads",
                                to="evaluation.evaluation",
                            ),
                        ),
                        ("code", models.CharField(max_length=12)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("digest", models.CharField(max_length=64)),
                        ("size", models.PositiveIntegerField()),
                        ("received", models.PositiveIntegerField(default=0)),
                        (
                            "recommendation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="uploads",
                                to="evaluation.recommendation",
                            ),
                        ),
                        ("words", models.TextField(blank=True, default="")),
                        ("save_uid", models.UUIDField(null=True)),
                        (
                            "link",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="evaluation.evidence",
                            ),
                        ),
                        (
                            "proof",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="evaluation.proof",
                            ),
                        ),
                        (
                            "recorded",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="evaluation.recordedfile",
                            ),
                        ),
                        ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["changed_at"], name="uploads_that_expire")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("recommendation", None), ("save_uid", None)),
                                fields=("evaluation", "code", "by", "digest"),
                                name="one_upload_a_file_answer_and_person",
                            ),
                            models.UniqueConstraint(
                                fields=("recommendation", "by", "digest"), name="one_upload_a_file_proved_and_person"
                            ),
                            models.UniqueConstraint(
                                fields=("evaluation", "by", "save_uid"), name="one_upload_a_recorded_file"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("received__lte", models.F("size"))),
                                name="no_more_is_received_than_was_announced",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UploadPart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "upload",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parts",
                                to="evaluation.partialupload",
                            ),
                        ),
                        ("offset", models.PositiveIntegerField()),
                        (
                            "file",
                            models.FileField(
                                max_length=200,
                                storage=evaluation.models.answers.judgements.private_storage,
                                upload_to=evaluation.models.files.part_path,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["offset"],
                        "constraints": [
                            models.UniqueConstraint(fields=("upload", "offset"), name="one_part_an_offset")
                        ],
                    },
                ),
            ],
        ),
    ]
