"""Rounds and evaluations, with everything that is written until there is a scorecard, and the response to it."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import evaluation.models.answers.judgements
import evaluation.models.states
from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0003_figures"),
        ("standards", "0001_editions"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Step",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=20)),
                        ("uid", models.UUIDField()),
                        ("seq", models.PositiveIntegerField()),
                        ("move", models.CharField(max_length=40)),
                        ("source", models.CharField(max_length=40)),
                        ("target", models.CharField(max_length=40)),
                        ("at", models.DateTimeField()),
                        ("by_seal", models.CharField(max_length=64)),
                        ("note_seal", models.CharField(max_length=64)),
                        ("previous", models.CharField(max_length=64)),
                        ("digest", models.CharField(max_length=64)),
                    ],
                    options={
                        "ordering": ["kind", "uid", "seq"],
                        "constraints": [
                            models.UniqueConstraint(fields=("kind", "uid", "seq"), name="one_step_at_a_time")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StepWords",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "step",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="words", to="evaluation.step"
                            ),
                        ),
                        ("salt", models.CharField(max_length=32)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("note", models.TextField(blank=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Round",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "time_zone",
                            models.CharField(default="Europe/Brussels", max_length=50, verbose_name="time zone"),
                        ),
                        ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rounds",
                                to="standards.edition",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("planned", "planned"), ("open", "open"), ("closed", "closed")],
                                default="planned",
                                max_length=50,
                                verbose_name="state",
                            ),
                        ),
                        ("opens_on", models.DateField(verbose_name="opens on")),
                        ("answers_until", models.DateField(verbose_name="self-assessment until")),
                        ("figures_from", models.DateField(verbose_name="figures from")),
                        ("figures_until", models.DateField(verbose_name="figures until")),
                        ("is_renewing", models.BooleanField(default=False, verbose_name="start from the last answers")),
                        (
                            "chosen",
                            models.ManyToManyField(blank=True, related_name="planned_rounds", to="evaluation.hotline"),
                        ),
                    ],
                    options={
                        "ordering": ["-opens_on", "name"],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="Evaluation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evaluations",
                                to="evaluation.round",
                            ),
                        ),
                        (
                            "hotline",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evaluations",
                                to="evaluation.hotline",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evaluations",
                                to="evaluation.operator",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("self_assessment", "Self-assessment"),
                                    ("desk_review", "Desk review"),
                                    ("study_visit", "Study visit"),
                                    ("report", "Report"),
                                    ("response", "Response"),
                                    ("decision", "Decision"),
                                    ("decided", "Decided"),
                                    ("published", "Published"),
                                    ("excused", "Excused"),
                                ],
                                default="self_assessment",
                                max_length=50,
                                verbose_name="stage",
                            ),
                        ),
                        ("opened_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("respond_by", models.DateField(editable=False, null=True, verbose_name="respond by")),
                        (
                            "extended_until",
                            models.DateField(editable=False, null=True, verbose_name="last day of its own"),
                        ),
                        ("traits", models.JSONField(editable=False, null=True, verbose_name="traits")),
                        ("fixed_codes", models.JSONField(editable=False, null=True)),
                        (
                            "renews",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="renewals",
                                to="evaluation.evaluation",
                            ),
                        ),
                        ("carried_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "ordering": ["hotline__recorded_name"],
                        "constraints": [
                            models.UniqueConstraint(fields=("round", "hotline"), name="one_evaluation_a_round"),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "self_assessment")),
                                fields=("hotline",),
                                name="one_open_self_assessment_a_hotline",
                            ),
                        ],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="Document",
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
                                related_name="documents",
                                to="evaluation.hotline",
                            ),
                        ),
                        ("digest", models.CharField(max_length=64)),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        ("content_type", models.CharField(max_length=100)),
                        ("size", models.PositiveIntegerField()),
                        (
                            "file",
                            models.FileField(
                                max_length=200,
                                storage=evaluation.models.answers.judgements.private_storage,
                                upload_to=evaluation.models.answers.judgements.evidence_path,
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("hotline", "digest"), name="one_document_a_content")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Evidence",
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
                                related_name="evidence",
                                to="evaluation.evaluation",
                            ),
                        ),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links",
                                to="evaluation.document",
                            ),
                        ),
                        ("address", models.URLField(blank=True, max_length=500, verbose_name="address")),
                        ("begins_on", models.DateField(blank=True, null=True, verbose_name="in force from")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="in force until")),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("added_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "verbose_name_plural": "evidence",
                        "ordering": ["added_at"],
                        "indexes": [models.Index(fields=["evaluation", "code"], name="evidence_of_an_answer")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(("address", ""), ("document__isnull", False)),
                                        ("document__isnull", True),
                                        _connector="OR",
                                    ),
                                    models.Q(("address", ""), ("document__isnull", True), _negated=True),
                                ),
                                name="evidence_is_a_document_or_an_address",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("begins_on", None),
                                    ("ends_on", None),
                                    ("ends_on__gte", models.F("begins_on")),
                                    _connector="OR",
                                ),
                                name="evidence_ends_after_it_begins",
                            ),
                            models.UniqueConstraint(
                                fields=("evaluation", "code", "document", "address"), name="one_link_to_one_evidence"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EvidenceChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        ("link", models.UUIDField()),
                        ("name", models.CharField(max_length=500, verbose_name="name")),
                        (
                            "what",
                            models.CharField(choices=[("removed", "Removed"), ("put_back", "Put Back")], max_length=10),
                        ),
                        ("added_at", models.DateTimeField()),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        (
                            "evaluation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evidence_changes",
                                to="evaluation.evaluation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                        "indexes": [models.Index(fields=["evaluation", "code"], name="evidence_changes_of_an_answer")],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("level", models.SmallIntegerField(null=True, verbose_name="level")),
                        (
                            "value",
                            models.DecimalField(decimal_places=4, max_digits=16, null=True, verbose_name="value"),
                        ),
                        ("not_applicable", models.BooleanField(default=False, verbose_name="not applicable")),
                        ("words", models.TextField(blank=True, verbose_name="in your words")),
                        ("version", models.PositiveIntegerField(default=0)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(null=True)),
                        ("save_uid", models.UUIDField(null=True)),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        (
                            "evaluation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="evaluation.evaluation",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("evaluation", "code"), name="one_answer_an_indicator")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnswerVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=12)),
                        ("version", models.PositiveIntegerField()),
                        ("level", models.SmallIntegerField(null=True)),
                        ("value", models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                        ("not_applicable", models.BooleanField()),
                        ("words", models.TextField()),
                        ("good_practice", models.BooleanField(db_default=False, default=False)),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("at", models.DateTimeField(null=True)),
                        ("save_uid", models.UUIDField(null=True)),
                        ("evaluation_id", models.BigIntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evaluation_id", "code", "version"), name="one_answer_a_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Submission",
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
                                related_name="submissions",
                                to="evaluation.evaluation",
                            ),
                        ),
                        (
                            "step",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evaluation.step"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("at", models.DateTimeField()),
                        ("payload", models.TextField()),
                        ("sha256", models.CharField(max_length=64, unique=True)),
                    ],
                    options={
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("evaluation", "number"), name="one_submission_a_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnedAnswer",
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
                                related_name="returned_answers",
                                to="evaluation.evaluation",
                            ),
                        ),
                        (
                            "step",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evaluation.step"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("sha256", models.CharField(max_length=64)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("step", "code"), name="one_reason_a_step_and_indicator")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
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
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="visit",
                                to="evaluation.evaluation",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
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
                        (
                            "mode",
                            models.CharField(
                                choices=[("on_site", "on site"), ("remote", "remote")],
                                default="on_site",
                                max_length=10,
                                verbose_name="on site or remote",
                            ),
                        ),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="first day")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                        (
                            "alone_because",
                            models.CharField(blank=True, max_length=300, verbose_name="why one person goes alone"),
                        ),
                        ("only_codes", models.JSONField(blank=True, default=list, verbose_name="limited to")),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="a_visit_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ends_on__isnull", False), ("starts_on__isnull", False)),
                                    models.Q(
                                        ("ends_on", None), ("starts_on", None), ("state__in", ("proposed", "cancelled"))
                                    ),
                                    _connector="OR",
                                ),
                                name="a_visit_without_days_is_proposed_or_cancelled",
                            ),
                        ],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="team", to="evaluation.visit"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visit_seats",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("is_lead", models.BooleanField(default=False, verbose_name="lead assessor")),
                        ("declared_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-is_lead", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "user"), name="one_seat_in_a_team"),
                            models.UniqueConstraint(
                                condition=models.Q(("is_lead", True)), fields=("visit",), name="one_lead_in_a_team"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Agenda",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="agendas",
                                to="evaluation.visit",
                            ),
                        ),
                        ("version", models.PositiveIntegerField()),
                        ("sessions", models.JSONField(default=list, verbose_name="sessions")),
                        ("language", models.CharField(max_length=10, verbose_name="language")),
                        ("template_name", models.CharField(max_length=255, verbose_name="template")),
                        ("template_published_at", models.DateTimeField(null=True)),
                        ("planned_for", models.DateField(null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("sent_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-version"],
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "version"), name="one_agenda_a_version")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Finding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("level", models.SmallIntegerField(null=True, verbose_name="level")),
                        (
                            "value",
                            models.DecimalField(decimal_places=4, max_digits=16, null=True, verbose_name="value"),
                        ),
                        ("not_applicable", models.BooleanField(default=False, verbose_name="not applicable")),
                        ("words", models.TextField(blank=True, verbose_name="in your words")),
                        ("version", models.PositiveIntegerField(default=0)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(null=True)),
                        ("save_uid", models.UUIDField(null=True)),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        ("good_practice", models.BooleanField(default=False, verbose_name="good practice")),
                        ("not_seen", models.BooleanField(default=False, verbose_name="could not be looked at")),
                        (
                            "evaluation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="findings",
                                to="evaluation.evaluation",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("evaluation", "code"), name="one_finding_an_indicator")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FindingVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=12)),
                        ("version", models.PositiveIntegerField()),
                        ("level", models.SmallIntegerField(null=True)),
                        ("value", models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                        ("not_applicable", models.BooleanField()),
                        ("words", models.TextField()),
                        ("good_practice", models.BooleanField(db_default=False, default=False)),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("at", models.DateTimeField(null=True)),
                        ("save_uid", models.UUIDField(null=True)),
                        ("evaluation_id", models.BigIntegerField()),
                        ("not_seen", models.BooleanField(db_default=False, default=False)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evaluation_id", "code", "version"), name="one_finding_a_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PinnedFigures",
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
                                related_name="pinned_figures",
                                to="evaluation.evaluation",
                            ),
                        ),
                        (
                            "step",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evaluation.step"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("totals", models.JSONField(default=dict)),
                        ("partial", models.JSONField(default=dict)),
                        ("files", models.JSONField(default=list)),
                    ],
                    options={
                        "verbose_name_plural": "pinned figures",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Scorecard",
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
                                related_name="scorecards",
                                to="evaluation.evaluation",
                            ),
                        ),
                        ("payload", models.TextField()),
                        ("sha256", models.CharField(max_length=64, unique=True)),
                        ("input_digest", models.CharField(max_length=64)),
                        ("engine", models.CharField(max_length=20)),
                        ("proposal", models.CharField(max_length=40)),
                        (
                            "revises",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revision",
                                to="evaluation.scorecard",
                            ),
                        ),
                        ("overall_tenths", models.PositiveSmallIntegerField(null=True)),
                        ("judged_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["-judged_at", "-pk"],
                        "indexes": [models.Index(fields=["evaluation", "-judged_at", "-id"], name="latest_scorecard")],
                    },
                ),
                migrations.CreateModel(
                    name="DraftRemark",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="draft_remarks",
                                to="evaluation.evaluation",
                            ),
                        ),
                        ("code", models.CharField(blank=True, max_length=12, verbose_name="indicator")),
                        ("words", models.TextField(blank=True)),
                        ("version", models.PositiveIntegerField(default=1)),
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
                        "ordering": ["code"],
                        "constraints": [
                            models.UniqueConstraint(fields=("evaluation", "code"), name="one_draft_remark_an_indicator")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DraftRemarkVersion",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="evaluation.evaluation",
                            ),
                        ),
                        ("code", models.CharField(blank=True, max_length=12)),
                        ("version", models.PositiveIntegerField()),
                        ("words", models.TextField(blank=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("save_uid", models.UUIDField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evaluation", "code", "version"), name="one_draft_remark_a_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Response",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scorecard",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="response",
                                to="evaluation.scorecard",
                            ),
                        ),
                        ("words", models.TextField(blank=True, verbose_name="on the whole")),
                        ("accepted", models.JSONField(default=list, verbose_name="accepted")),
                        (
                            "given_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["-given_at"],
                    },
                ),
                migrations.CreateModel(
                    name="Remark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "response",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="remarks",
                                to="evaluation.response",
                            ),
                        ),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        ("words", models.TextField()),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("response", "code"), name="one_remark_an_indicator")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reply",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("level", models.SmallIntegerField(null=True, verbose_name="level")),
                        (
                            "value",
                            models.DecimalField(decimal_places=4, max_digits=16, null=True, verbose_name="value"),
                        ),
                        ("not_applicable", models.BooleanField(default=False, verbose_name="not applicable")),
                        ("version", models.PositiveIntegerField(default=0)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(null=True)),
                        ("save_uid", models.UUIDField(null=True)),
                        (
                            "remark",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reply",
                                to="evaluation.remark",
                            ),
                        ),
                        ("words", models.TextField(blank=True, verbose_name="answer")),
                        ("not_seen", models.BooleanField(default=False, verbose_name="could not be looked at")),
                        ("given_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name_plural": "replies",
                    },
                ),
                migrations.CreateModel(
                    name="ReplyVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("remark_id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField()),
                        ("level", models.SmallIntegerField(null=True)),
                        ("value", models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                        ("not_applicable", models.BooleanField(db_default=False, default=False)),
                        ("not_seen", models.BooleanField(db_default=False, default=False)),
                        ("words", models.TextField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("at", models.DateTimeField(null=True)),
                        ("save_uid", models.UUIDField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("remark_id", "version"), name="one_reply_a_version")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UnresolvedText",
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
                                related_name="unresolved_texts",
                                to="evaluation.evaluation",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("answer", "answer"),
                                    ("finding", "finding"),
                                    ("observed", "observation"),
                                    ("remark", "remark"),
                                    ("reply", "reply"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("code", models.CharField(blank=True, max_length=12, verbose_name="indicator")),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("conflict", "somebody else saved first"),
                                    ("closed", "it could no longer be changed"),
                                    ("replaced", "somebody kept their own text in its place"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("draft_uid", models.UUIDField()),
                        ("version", models.PositiveIntegerField(default=0)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="unresolved_texts",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "other",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("level", models.SmallIntegerField(null=True, verbose_name="level")),
                        (
                            "value",
                            models.DecimalField(decimal_places=4, max_digits=16, null=True, verbose_name="value"),
                        ),
                        ("not_applicable", models.BooleanField(default=False, verbose_name="not applicable")),
                        ("words", models.TextField(blank=True, verbose_name="in your words")),
                        ("good_practice", models.BooleanField(default=False, verbose_name="good practice")),
                        ("not_seen", models.BooleanField(default=False, verbose_name="could not be looked at")),
                        ("strength", models.TextField(blank=True, verbose_name="strength")),
                        ("concern", models.TextField(blank=True, verbose_name="concern")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["at"],
                        "constraints": [
                            models.UniqueConstraint(fields=("author", "draft_uid"), name="one_unresolved_text_a_draft")
                        ],
                    },
                ),
            ],
        ),
    ]
