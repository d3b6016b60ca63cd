"""Pages of good practice, and the sheets of visits whose criteria Missing Children Europe edits."""

import django.core.validators
import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models

import portal.handbook.keys
import portal.visits.sheet_templates.models
from standards.migration_operations import CreateModels, delete_pages_on_reverse


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0008_visits_and_learning"),
        ("portal", "0003_handbook"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="GoodPracticePage",
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
                            "belongs_to",
                            portal.handbook.keys.KeysField(
                                blank=True,
                                default=list,
                                help_text="Codes of the newest edition with commas between, such as “5.1, 5.1.2”. They stay linked when a later edition changes the code.",
                                verbose_name="standards and indicators",
                            ),
                        ),
                        (
                            "is_sample",
                            models.BooleanField(
                                default=False,
                                help_text="Tick this if the text only stands in for the real one. The page then says so.",
                                verbose_name="sample text",
                            ),
                        ),
                        (
                            "practice",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="evaluation.goodpractice",
                            ),
                        ),
                        ("sha256", models.CharField(editable=False, max_length=64)),
                        ("summary", models.TextField(verbose_name="summary")),
                        ("text", models.TextField(verbose_name="text")),
                    ],
                    options={
                        "verbose_name": "good practice",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="SheetTemplatePage",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("contacts", "Test contacts"),
                                    ("listening", "Live listening"),
                                    ("files", "File review"),
                                ],
                                default="contacts",
                                help_text="Visits use the sheet of each kind that was published last; while there is none, the shipped one. What somebody has begun to fill in stays as it is.",
                                max_length=12,
                                verbose_name="kind of sheet",
                            ),
                        ),
                        (
                            "asked",
                            models.PositiveSmallIntegerField(
                                default=10,
                                help_text="Such as 10 test contacts. 0: no number is asked.",
                                validators=[django.core.validators.MaxValueValidator(100)],
                                verbose_name="how many are asked",
                            ),
                        ),
                        (
                            "threshold",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                default=80,
                                help_text="Of those to which the criterion applies. Empty: no share is asked, and counts are shown.",
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(100)],
                                verbose_name="share that meets each criterion, in per cent",
                            ),
                        ),
                        (
                            "belongs_to",
                            portal.handbook.keys.KeysField(
                                blank=True,
                                default=list,
                                help_text="Codes with commas between, such as “3.3.1”: the result of the whole sheet stands beside them.",
                                verbose_name="standards and indicators",
                            ),
                        ),
                        (
                            "criteria",
                            wagtail.fields.StreamField(
                                [("criterion", 2)],
                                block_lookup={
                                    0: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "help_text": "A sentence that is met, not met or does not apply.",
                                            "label": "criterion",
                                            "max_length": 300,
                                        },
                                    ),
                                    1: (
                                        "portal.visits.agenda_templates.models.KeysBlock",
                                        (),
                                        {
                                            "help_text": "Codes with commas between: the result stands beside them.",
                                            "label": "standards and indicators",
                                            "with_domains": False,
                                        },
                                    ),
                                    2: (
                                        "wagtail.blocks.StructBlock",
                                        [[("text", 0), ("examines", 1)]],
                                        {"label": "Criterion"},
                                    ),
                                },
                                default=portal.visits.sheet_templates.models.write_shipped_criteria,
                                verbose_name="criteria",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "sheet of visits",
                    },
                    bases=("wagtailcore.page",),
                ),
            ],
        ),
        delete_pages_on_reverse("portal", "GoodPracticePage", "SheetTemplatePage"),
    ]
