"""Further results beside the decision."""

import re
import uuid

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0007_examples_in_help"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="guideoutcome",
            name="result",
            field=models.CharField(
                blank=True,
                help_text="The code of a further result that it is an outcome of. Empty: the panel decides on it.",
                max_length=20,
                verbose_name="of the further result",
            ),
        ),
        migrations.CreateModel(
            name="GuideResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "code",
                    models.CharField(
                        help_text="A short word that stays the same in every language, such as “seal”.",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                re.compile("^[a-z][a-z_]{0,19}$"), "Use small letters and underscores, such as “seal”."
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="How it is called in public, such as “Seal for digital services”.",
                        max_length=60,
                        verbose_name="name",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="results", to="standards.editionpage"
                    ),
                ),
            ],
            options={
                "verbose_name": "further result",
                "ordering": ["sort_order"],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
        ),
    ]
