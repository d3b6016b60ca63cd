"""Editions, which are frozen, and their wordings."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    # Not only what these models refer to: each change of a table there builds the model classes of all tables
    # that exist by then.
    dependencies = [
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailembeds", "0009_embed_cache_until"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailsearch", "0010_add_text_fields"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Edition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                        ("structure", models.TextField()),
                        ("sha256", models.CharField(max_length=64, unique=True)),
                        ("source_language", models.CharField(default="en", max_length=10)),
                        ("is_sample", models.BooleanField(default=False)),
                        ("released_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["-released_at"],
                    },
                ),
                migrations.CreateModel(
                    name="EditionWording",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="wordings",
                                to="standards.edition",
                            ),
                        ),
                        ("language", models.CharField(max_length=10)),
                        ("payload", models.TextField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["language"],
                        "constraints": [
                            models.UniqueConstraint(fields=("edition", "language"), name="one_wording_a_language")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SealedRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("table_name", models.CharField(max_length=63)),
                        ("row_id", models.BigIntegerField()),
                        ("columns", models.TextField()),
                        ("sha256", models.CharField(max_length=64)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("table_name", "row_id"), name="one_digest_a_row")
                        ],
                    },
                ),
            ],
        ),
    ]
