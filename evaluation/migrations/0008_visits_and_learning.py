"""Visits as both sides plan them, assessors, the desk review, what is recorded; good practice and visits between hotlines."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import evaluation.models.states
from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0007_teamwork"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="SuggestedDates",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="suggested_dates",
                                to="evaluation.visit",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="first day")),
                        ("ends_on", models.DateField(verbose_name="last day")),
                        (
                            "side",
                            models.CharField(
                                choices=[("hotline", "the hotline"), ("team", "the team and Missing Children Europe")],
                                max_length=10,
                            ),
                        ),
                        ("words", models.TextField(blank=True, verbose_name="what the other side should know")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("is_open", models.BooleanField(default=True)),
                    ],
                    options={
                        "ordering": ["starts_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="suggested_dates_end_after_they_start",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_open", True)),
                                fields=("visit", "starts_on", "ends_on", "side"),
                                name="dates_are_suggested_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AssessorProfile",
                    fields=[
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="assessor_profile",
                                serialize=False,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("languages", models.JSONField(blank=True, default=list, verbose_name="languages")),
                        ("domains", models.JSONField(blank=True, default=list, verbose_name="domains")),
                        ("can_lead", models.BooleanField(default=True, verbose_name="can lead a visit")),
                        (
                            "most_visits",
                            models.PositiveSmallIntegerField(
                                default=2,
                                validators=[django.core.validators.MaxValueValidator(20)],
                                verbose_name="most visits in a round",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Absence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="absences",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="first day")),
                        ("ends_on", models.DateField(verbose_name="last day")),
                    ],
                    options={
                        "ordering": ["starts_on", "ends_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="an_absence_ends_after_it_starts",
                            ),
                            models.UniqueConstraint(
                                fields=("user", "starts_on", "ends_on"), name="one_absence_on_the_same_days"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeskMark",
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
                                related_name="desk_marks",
                                to="evaluation.evaluation",
                            ),
                        ),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("agree", "agree"), ("ask", "ask"), ("see", "see on site")],
                                max_length=10,
                                verbose_name="mark",
                            ),
                        ),
                        ("words", models.TextField(blank=True, verbose_name="note for the team")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evaluation", "code", "by"), name="one_desk_mark_an_indicator_and_person"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeskQuestion",
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
                                related_name="desk_questions",
                                to="evaluation.evaluation",
                            ),
                        ),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("words", models.TextField(verbose_name="question")),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("answer", models.TextField(blank=True, verbose_name="answer")),
                        ("version", models.PositiveIntegerField(default=0)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["asked_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evaluation", "code", "by"), name="one_desk_question_an_indicator_and_person"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("version", 0), ("sent_at__isnull", False), _connector="OR"),
                                name="only_what_was_sent_is_answered",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeskProof",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="proofs",
                                to="evaluation.deskquestion",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="desk_proofs",
                                to="evaluation.document",
                            ),
                        ),
                        ("address", models.URLField(blank=True, max_length=500, verbose_name="address")),
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
                                    _connector="OR",
                                ),
                                name="a_desk_proof_is_a_document_or_an_address",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("document__isnull", False)),
                                fields=("question", "document"),
                                name="one_desk_proof_a_document",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("address", ""), _negated=True),
                                fields=("question", "address"),
                                name="one_desk_proof_an_address",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Observation",
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
                        ("at", models.DateTimeField(null=True)),
                        ("save_uid", models.UUIDField(null=True)),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        ("good_practice", models.BooleanField(default=False, verbose_name="good practice")),
                        ("not_seen", models.BooleanField(default=False, verbose_name="could not be looked at")),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="observations",
                                to="evaluation.visit",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="observations",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("strength", models.TextField(blank=True, verbose_name="strength")),
                        ("concern", models.TextField(blank=True, verbose_name="concern")),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("visit", "by", "code"), name="one_observation_an_assessor_and_indicator"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ObservationVersion",
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
                        ("at", models.DateTimeField(null=True)),
                        ("save_uid", models.UUIDField(null=True)),
                        ("visit_id", models.BigIntegerField()),
                        ("by_id", models.BigIntegerField()),
                        ("not_seen", models.BooleanField()),
                        ("strength", models.TextField()),
                        ("concern", models.TextField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("visit_id", "by_id", "code", "version"), name="one_observation_a_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecordingDevice",
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
                                related_name="devices",
                                to="evaluation.visit",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("uid", models.UUIDField()),
                        ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                        ("unsent", models.PositiveIntegerField(default=0)),
                        ("seen_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["by__name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "by", "uid"), name="one_row_a_device")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GoodPractice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "finding",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="practice",
                                to="evaluation.finding",
                            ),
                        ),
                        ("key", models.CharField(max_length=32)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("proposed", "being written"),
                                    ("asked", "consent asked"),
                                    ("consented", "consented"),
                                    ("refused", "refused"),
                                    ("published", "published"),
                                    ("withdrawn", "consent withdrawn"),
                                ],
                                default="proposed",
                                max_length=50,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "title",
                            models.CharField(
                                help_text="What the hotline does, in a few words.", max_length=120, verbose_name="title"
                            ),
                        ),
                        (
                            "summary",
                            models.CharField(
                                help_text="One or two sentences, for lists and search results.",
                                max_length=300,
                                verbose_name="summary",
                            ),
                        ),
                        (
                            "text",
                            models.TextField(
                                help_text="How it is done, so that another hotline can do it too. Everybody can read this: no names of persons, no case that somebody could recognise, no internal numbers.",
                                max_length=6000,
                                verbose_name="text",
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
                        ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "good practice",
                        "ordering": ["-proposed_at", "-pk"],
                        "indexes": [models.Index(fields=["state", "key"], name="practices_by_state_and_key")],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="PracticeConsent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "practice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="evaluation.goodpractice",
                            ),
                        ),
                        (
                            "step",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="practice_consent",
                                to="evaluation.step",
                            ),
                        ),
                        ("content", models.JSONField()),
                        ("sha256", models.CharField(max_length=64)),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="PracticeThanks",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "practice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="thanks",
                                to="evaluation.goodpractice",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("practice", "by"), name="one_thanks_a_person")],
                    },
                ),
                migrations.CreateModel(
                    name="PracticeQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "practice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="evaluation.goodpractice",
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
                            "hotline",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evaluation.hotline"
                            ),
                        ),
                        ("words", models.TextField(max_length=2000, verbose_name="question")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("answer", models.TextField(blank=True, max_length=2000, verbose_name="answer")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "hidden_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                                    models.Q(
                                        models.Q(("answer", ""), _negated=True),
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_answer_has_its_author_and_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HostOffer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "hotline",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="host_offer",
                                to="evaluation.hotline",
                            ),
                        ),
                        (
                            "most",
                            models.PositiveSmallIntegerField(
                                default=1,
                                help_text="At most so many hotlines visit you in a year.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(6),
                                ],
                                verbose_name="hotlines a year",
                            ),
                        ),
                        ("domains", models.JSONField(default=list)),
                        ("languages", models.JSONField(default=list)),
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
                    name="Exchange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "visitor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exchanges",
                                to="evaluation.hotline",
                            ),
                        ),
                        (
                            "host",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hosted_exchanges",
                                to="evaluation.hotline",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("requested", "requested"),
                                    ("accepted", "accepted"),
                                    ("declined", "declined"),
                                    ("cancelled", "cancelled"),
                                    ("held", "held"),
                                    ("closed", "closed"),
                                ],
                                default="requested",
                                max_length=50,
                                verbose_name="state",
                            ),
                        ),
                        ("levels", models.JSONField(default=dict)),
                        ("message", models.TextField(max_length=4000, verbose_name="what you would like to see")),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("requested_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("held_on", models.DateField(blank=True, null=True, verbose_name="day of the visit")),
                        ("report", models.TextField(blank=True, max_length=4000, verbose_name="what you take home")),
                    ],
                    options={
                        "verbose_name": "exchange",
                        "ordering": ["-requested_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("requested", "accepted"))),
                                fields=("visitor", "host"),
                                name="one_open_exchange_of_two_hotlines",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("visitor", models.F("host")), _negated=True),
                                name="no_hotline_visits_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("held", "closed")), _negated=True),
                                    models.Q(("held_on__isnull", False), models.Q(("report", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="a_held_exchange_has_its_day_and_report",
                            ),
                        ],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="DraftAcceptance",
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
                                related_name="draft_acceptances",
                                to="evaluation.evaluation",
                            ),
                        ),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
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
                            models.UniqueConstraint(fields=("evaluation", "code"), name="a_finding_is_accepted_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RemarkProof",
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
                                related_name="remark_proofs",
                                to="evaluation.evaluation",
                            ),
                        ),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        (
                            "remark",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proofs",
                                to="evaluation.remark",
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
                        ("address", models.URLField(blank=True, max_length=500, verbose_name="address")),
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
                migrations.CreateModel(
                    name="VisitSheet",
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
                                related_name="sheets",
                                to="evaluation.visit",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("contacts", "Test contacts"),
                                    ("listening", "Live listening"),
                                    ("files", "File review"),
                                    ("interviews", "Interviews"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("template", models.JSONField()),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("visit", "kind", "number"), name="one_sheet_a_kind_and_number"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sheet",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="evaluation.visitsheet",
                            ),
                        ),
                        ("uid", models.UUIDField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("telephone", "telephone"),
                                    ("chat", "chat"),
                                    ("email", "e-mail"),
                                    ("web_form", "web form"),
                                    ("app", "app"),
                                ],
                                max_length=10,
                                verbose_name="channel",
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                        ("day", models.DateField(null=True, verbose_name="day")),
                        ("starts", models.TimeField(null=True, verbose_name="time")),
                        ("looked_at", models.PositiveIntegerField(null=True, verbose_name="files looked at")),
                        ("role", models.CharField(blank=True, max_length=120, verbose_name="role of the person")),
                        ("topic", models.CharField(blank=True, max_length=300, verbose_name="topic")),
                        ("marks", models.JSONField(default=dict)),
                        ("words", models.TextField(blank=True, verbose_name="in your words")),
                        ("is_removed", models.BooleanField(default=False)),
                        ("version", models.PositiveIntegerField(default=0)),
                        ("at", models.DateTimeField()),
                        ("signed_off_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["day", "starts", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("sheet", "by", "uid"), name="one_row_a_sheet_and_form"),
                            models.CheckConstraint(
                                condition=models.Q(("looked_at", None), ("looked_at__gt", 0), _connector="OR"),
                                name="files_of_a_row_were_looked_at",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetRowVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sheet_id", models.BigIntegerField()),
                        ("uid", models.UUIDField()),
                        ("by_id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField()),
                        ("channel", models.CharField(max_length=10)),
                        ("language", models.CharField(max_length=10)),
                        ("day", models.DateField(null=True)),
                        ("starts", models.TimeField(null=True)),
                        ("looked_at", models.PositiveIntegerField(null=True)),
                        ("role", models.CharField(max_length=120)),
                        ("topic", models.CharField(max_length=300)),
                        ("marks", models.JSONField()),
                        ("words", models.TextField()),
                        ("is_removed", models.BooleanField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("sheet_id", "by_id", "uid", "version"), name="one_sheet_row_a_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EarlierVisit",
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
                                related_name="earlier_visits",
                                to="evaluation.evaluation",
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        (
                            "mode",
                            models.CharField(choices=[("on_site", "on site"), ("remote", "remote")], max_length=10),
                        ),
                        ("only_codes", models.JSONField(default=list)),
                        (
                            "lead",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("team", models.ManyToManyField(related_name="earlier_visits", to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        "ordering": ["-kept_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="LateRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("telephone", "telephone"),
                                    ("chat", "chat"),
                                    ("email", "e-mail"),
                                    ("web_form", "web form"),
                                    ("app", "app"),
                                ],
                                max_length=10,
                                verbose_name="channel",
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                        ("day", models.DateField(null=True, verbose_name="day")),
                        ("starts", models.TimeField(null=True, verbose_name="time")),
                        ("looked_at", models.PositiveIntegerField(null=True, verbose_name="files looked at")),
                        ("role", models.CharField(blank=True, max_length=120, verbose_name="role of the person")),
                        ("topic", models.CharField(blank=True, max_length=300, verbose_name="topic")),
                        ("marks", models.JSONField(default=dict)),
                        ("words", models.TextField(blank=True, verbose_name="in your words")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("contacts", "Test contacts"),
                                    ("listening", "Live listening"),
                                    ("files", "File review"),
                                    ("interviews", "Interviews"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("uid", models.UUIDField()),
                        ("is_removed", models.BooleanField(default=False)),
                        ("version", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[("", "waiting"), ("taken", "taken into the sheet"), ("left_out", "left out")],
                                max_length=10,
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="late_rows",
                                to="evaluation.visit",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["kind", "day", "starts", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("visit", "by", "uid"), name="one_late_row_an_author_and_form"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CalendarSubscription",
                    fields=[
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="calendar_subscription",
                                serialize=False,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("token_digest", models.CharField(max_length=64, unique=True)),
                        ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                ),
            ],
        ),
    ]
