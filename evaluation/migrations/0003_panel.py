"""The hotline's response before the decision, and the panel's declarations, votes, comments and requirements."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0002_examination"),
    ]

    operations = [
        migrations.AlterField(
            model_name="evaluation",
            name="state",
            field=models.CharField(
                choices=[
                    ("self_assessment", "Self-assessment"),
                    ("desk_review", "Desk review"),
                    ("study_visit", "Study visit"),
                    ("report", "Report"),
                    ("response", "Response"),
                    ("decision", "Decision"),
                    ("decided", "Decided"),
                    ("published", "Published"),
                ],
                default="self_assessment",
                max_length=50,
                verbose_name="stage",
            ),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="respond_by",
            field=models.DateField(editable=False, null=True, verbose_name="respond by"),
        ),
        migrations.AddField(
            model_name="decision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first", "decision of the panel"),
                    ("appeal", "decision on an appeal"),
                    ("correction", "correction"),
                ],
                default="first",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="evaluation.decision",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="hand_in_by",
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name="Requirement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="condition")),
                ("due_on", models.DateField(verbose_name="by")),
                ("code", models.CharField(blank=True, max_length=12, verbose_name="indicator")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirements",
                        to="evaluation.decision",
                    ),
                ),
            ],
            options={"ordering": ["due_on", "pk"]},
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("has_stake", models.BooleanField()),
                (
                    "reason",
                    models.CharField(blank=True, max_length=300, verbose_name="what ties you to this hotline"),
                ),
                ("declared_at", models.DateTimeField(default=django.utils.timezone.now)),
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
            ],
            options={"ordering": ["declared_at", "pk"]},
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(max_length=40, verbose_name="outcome")),
                ("words", models.TextField(verbose_name="why")),
                ("voted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="evaluation.scorecard"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="votes", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"ordering": ["voted_at", "pk"]},
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(verbose_name="comment")),
                ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="evaluation.scorecard"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"ordering": ["said_at", "pk"]},
        ),
        migrations.CreateModel(
            name="DraftRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(blank=True, max_length=12, verbose_name="indicator")),
                ("words", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
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
                        related_name="draft_remarks",
                        to="evaluation.evaluation",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(fields=("evaluation", "code"), name="one_draft_remark_an_indicator")
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(blank=True, verbose_name="on the whole")),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "scorecard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="response", to="evaluation.scorecard"
                    ),
                ),
            ],
            options={"ordering": ["-given_at"]},
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, verbose_name="indicator")),
                ("words", models.TextField()),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="evaluation.response"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("response", "code"), name="one_remark_an_indicator")],
            },
        ),
    ]
