"""Of whom indicators are asked: traits of hotlines, and earlier answers."""

import re
import uuid

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0003_mapping_decisions"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicatorpage",
            name="asked_if",
            field=models.CharField(
                blank=True,
                help_text="Only if it is not asked of every hotline: traits of the edition and earlier answers, of which one must be so, such as “own_number;1.1.2>=2;1.1.3=0,1” (level 2 or better; level 0 or 1). Empty: it always is.",
                max_length=255,
                verbose_name="asked only if",
            ),
        ),
        migrations.CreateModel(
            name="GuideTrait",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "code",
                    models.CharField(
                        help_text="A short word that stays the same in every language, such as “own_number”.",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                re.compile("^[a-z][a-z_]{0,19}$"),
                                "Use small letters and underscores, such as “own_number”.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="How it is called in public, such as “Answers a number of its own”.",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="traits", to="standards.editionpage"
                    ),
                ),
            ],
            options={
                "verbose_name": "trait",
                "ordering": ["sort_order"],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
        ),
    ]
