"""The photos and documents that assessors attach to what they record on a visit."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import evaluation.models.judgements
import evaluation.models.visits.recorded_file


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0008_visits_and_learning"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                        storage=evaluation.models.judgements.private_storage,
                        upload_to=evaluation.models.visits.recorded_file.recorded_path,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="evaluation.visit"
                    ),
                ),
            ],
            options={
                "ordering": ["code", "at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "by", "save_uid"), name="one_recorded_file_a_save")
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="partialupload", name="one_upload_a_file_answer_and_person"),
        migrations.AddField(model_name="partialupload", name="save_uid", field=models.UUIDField(null=True)),
        migrations.AddField(
            model_name="partialupload",
            name="recorded",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="evaluation.recordedfile",
            ),
        ),
        migrations.AddConstraint(
            model_name="partialupload",
            constraint=models.UniqueConstraint(
                condition=models.Q(("recommendation", None), ("save_uid", None)),
                fields=("evaluation", "code", "by", "digest"),
                name="one_upload_a_file_answer_and_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="partialupload",
            constraint=models.UniqueConstraint(
                fields=("evaluation", "by", "save_uid"), name="one_upload_a_recorded_file"
            ),
        ),
    ]
