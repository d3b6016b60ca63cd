"""Consultations on a draft edition: whom they ask, its text, comments and answers."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import evaluation.models.states
from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0005_decisions"),
        ("standards", "0002_guide"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Consultation",
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
                            "page",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="consultations",
                                to="standards.editionpage",
                                verbose_name="draft edition",
                            ),
                        ),
                        ("edition_code", models.CharField(max_length=20, verbose_name="edition")),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "being prepared"), ("open", "open"), ("closed", "closed")],
                                default="draft",
                                max_length=50,
                                verbose_name="state",
                            ),
                        ),
                        ("opens_on", models.DateField(verbose_name="opens on")),
                        ("closes_on", models.DateField(verbose_name="open until")),
                        (
                            "hotlines",
                            models.ManyToManyField(blank=True, related_name="consultations", to="evaluation.hotline"),
                        ),
                        (
                            "assessors",
                            models.ManyToManyField(
                                blank=True, related_name="consultations", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "consultation",
                        "ordering": ["-opens_on", "name"],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
                migrations.CreateModel(
                    name="ConsultationComment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("words", models.TextField(blank=True, verbose_name="comment")),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "consultation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="comments",
                                to="evaluation.consultation",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consultation_comments",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "hotline",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="evaluation.hotline",
                            ),
                        ),
                        ("key", models.CharField(max_length=32)),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        (
                            "urgency",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "can wait"),
                                    (2, "change it in this edition"),
                                    (3, "must not be released so"),
                                ],
                                null=True,
                                verbose_name="urgency",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["code", "at", "pk"],
                        "indexes": [models.Index(fields=["consultation", "key"], name="comments_of_an_indicator")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("consultation", "by", "key"), name="one_comment_a_person_and_indicator"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("urgency", None), ("urgency__in", [1, 2, 3]), _connector="OR"),
                                name="urgency_is_one_of_three",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CommentVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField()),
                        ("words", models.TextField(blank=True)),
                        ("at", models.DateTimeField()),
                        ("save_uid", models.UUIDField(null=True)),
                        (
                            "comment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="evaluation.consultationcomment",
                            ),
                        ),
                        (
                            "urgency",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "can wait"),
                                    (2, "change it in this edition"),
                                    (3, "must not be released so"),
                                ],
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-version"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("comment", "version"), name="one_comment_a_version")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CommentAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="evaluation.consultationcomment",
                            ),
                        ),
                        ("comment_version", models.PositiveIntegerField()),
                        (
                            "resolution",
                            models.CharField(
                                choices=[("accepted", "accepted"), ("rejected", "rejected"), ("noted", "noted")],
                                max_length=10,
                                verbose_name="what becomes of it",
                            ),
                        ),
                        ("words", models.TextField(blank=True, verbose_name="answer")),
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("resolution", "rejected"), _negated=True),
                                    models.Q(("words", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_rejected_comment_has_a_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsultationText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "consultation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="text",
                                to="evaluation.consultation",
                            ),
                        ),
                        ("content", models.JSONField()),
                        ("copied_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "text of a consultation",
                    },
                ),
            ],
        ),
    ]
