"""Consultations on a draft edition: whom they ask, its text, comments and answers."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import evaluation.models.states
from standards.create_models import CreateModels


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
                        ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
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
                        (
                            "time_zone",
                            models.CharField(default="Europe/Brussels", max_length=50, verbose_name="time zone"),
                        ),
                        ("opens_on", models.DateField(verbose_name="opens on")),
                        ("closes_on", models.DateField(verbose_name="open until")),
                        (
                            "assessors",
                            models.ManyToManyField(
                                blank=True, related_name="consultations", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "hotlines",
                            models.ManyToManyField(blank=True, related_name="consultations", to="evaluation.hotline"),
                        ),
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
                        ("key", models.CharField(max_length=32)),
                        ("code", models.CharField(max_length=12, verbose_name="indicator")),
                        ("words", models.TextField(blank=True, verbose_name="comment")),
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
                        ("version", models.PositiveIntegerField(default=1)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consultation_comments",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "consultation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="comments",
                                to="evaluation.consultation",
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
                    ],
                    options={
                        "ordering": ["code", "at", "pk"],
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
                    ],
                    options={
                        "ordering": ["-version"],
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
                            "comment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="evaluation.consultationcomment",
                            ),
                        ),
                    ],
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
                        ("content", models.JSONField()),
                        ("copied_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "consultation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="text",
                                to="evaluation.consultation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "text of a consultation",
                    },
                ),
            ]
        ),
        migrations.AddIndex(
            model_name="consultationcomment",
            index=models.Index(fields=["consultation", "key"], name="comments_of_an_indicator"),
        ),
        migrations.AddConstraint(
            model_name="consultationcomment",
            constraint=models.UniqueConstraint(
                fields=("consultation", "by", "key"), name="one_comment_a_person_and_indicator"
            ),
        ),
        migrations.AddConstraint(
            model_name="consultationcomment",
            constraint=models.CheckConstraint(
                condition=models.Q(("urgency", None), ("urgency__in", [1, 2, 3]), _connector="OR"),
                name="urgency_is_one_of_three",
            ),
        ),
        migrations.AddConstraint(
            model_name="commentversion",
            constraint=models.UniqueConstraint(fields=("comment", "version"), name="one_comment_a_version"),
        ),
        migrations.AddConstraint(
            model_name="commentanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resolution", "rejected"), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_rejected_comment_has_a_reason",
            ),
        ),
    ]
