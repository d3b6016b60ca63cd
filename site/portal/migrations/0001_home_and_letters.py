"""The home page, letters, links to a new password, and the signs of life of workers and calendar."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0001_people"),
        ("standards", "0002_guide"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="HomePage",
                    fields=[
                        (
                            "page_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to="wagtailcore.page",
                            ),
                        ),
                        (
                            "intro",
                            wagtail.fields.RichTextField(
                                blank=True,
                                help_text="Two or three short paragraphs, shown under the title.",
                                verbose_name="introduction",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "home page",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="Letter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "to_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="letters",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="to",
                            ),
                        ),
                        ("to_address", models.EmailField(max_length=254, verbose_name="address")),
                        ("language", models.CharField(max_length=10, verbose_name="language")),
                        ("subject", models.CharField(max_length=200, verbose_name="subject")),
                        ("body", models.TextField(blank=True, verbose_name="text")),
                        ("written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
                        ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                        ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                        ("failure", models.CharField(blank=True, max_length=100, verbose_name="what went wrong")),
                    ],
                    options={
                        "verbose_name": "letter",
                        "verbose_name_plural": "letters",
                        "ordering": ["-written_at", "-pk"],
                        "indexes": [models.Index(fields=["-written_at"], name="letters_newest_first")],
                    },
                ),
                migrations.CreateModel(
                    name="PasswordReset",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("nonce", models.UUIDField(default=uuid.uuid4)),
                    ],
                ),
                migrations.CreateModel(
                    name="RunningWorker",
                    fields=[
                        ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                        ("seen_at", models.DateTimeField(db_index=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="CalendarRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("seal_lines", models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="LinkCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("address", models.CharField(max_length=2000, unique=True)),
                        ("asked_at", models.DateTimeField()),
                        ("is_waiting", models.BooleanField(default=False)),
                        ("checked_at", models.DateTimeField(null=True)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("alive", "answers as it should"),
                                    ("closed", "is there, and does not answer a program"),
                                    ("gone", "is not there any more"),
                                    ("broken", "answers with an error"),
                                    ("unreachable", "cannot be reached"),
                                    ("slow", "did not answer in time"),
                                    ("private", "is not a public address"),
                                    ("endless", "leads from one address to the next"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("status", models.PositiveSmallIntegerField(null=True)),
                    ],
                ),
            ],
        ),
    ]
