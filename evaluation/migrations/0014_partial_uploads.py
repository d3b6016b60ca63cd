"""Files that a browser sends in parts, until they are attached to an answer."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import evaluation.models.evidence.upload
import evaluation.models.judgements


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0013_evidence_in_force")]

    operations = [
        migrations.CreateModel(
            name="PartialUpload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("received", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to="evaluation.evaluation",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="evaluation.evidence",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["changed_at"], name="uploads_that_expire")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evaluation", "code", "by", "digest"), name="one_upload_a_file_answer_and_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(received__lte=models.F("size")),
                        name="no_more_is_received_than_was_announced",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UploadPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("offset", models.PositiveIntegerField()),
                (
                    "file",
                    models.FileField(
                        max_length=200,
                        storage=evaluation.models.judgements.private_storage,
                        upload_to=evaluation.models.evidence.upload.part_path,
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
            ],
            options={
                "ordering": ["offset"],
                "constraints": [models.UniqueConstraint(fields=("upload", "offset"), name="one_part_an_offset")],
            },
        ),
    ]
