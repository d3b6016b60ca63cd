"""Groups of domains, the score of a group, and conditions on groups."""

import re
import uuid

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0008_further_results"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="editionpage",
            name="group_method",
            field=models.CharField(
                choices=[("mean", "Mean of its domains"), ("lowest", "The lowest score among its domains")],
                default="mean",
                help_text="Only if there are groups of domains: how the score of a group is made of its domains.",
                max_length=15,
                verbose_name="score of a group of domains",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="of_groups",
            field=models.BooleanField(
                default=False,
                help_text="The parts of the whole are the groups of domains, by their weight, in place of the domains.",
                verbose_name="overall score of groups",
            ),
        ),
        migrations.AddField(
            model_name="guidecondition",
            name="group",
            field=models.CharField(
                blank=True,
                help_text="The code of a group of domains, to look at it only, such as “G1”.",
                max_length=3,
                verbose_name="group of domains",
            ),
        ),
        migrations.AlterField(
            model_name="guidecondition",
            name="test",
            field=models.CharField(
                choices=[
                    ("incomplete", "Something is missing"),
                    ("complete", "Nothing is missing"),
                    ("every", "Every indicator reaches the level"),
                    ("share", "At least the percentage of the indicators reaches the level"),
                    ("at_least", "At least so many indicators reach the level"),
                    ("below", "At most so many indicators are below the level"),
                    ("score", "The score reaches the percentage"),
                    ("domains", "Every domain, or so many of them, reaches the percentage"),
                    ("groups", "Every group of domains, or so many of them, reaches the percentage"),
                    ("standards", "Every standard, or so many of them, reaches the percentage"),
                    ("failing", "At most so many standards do not pass"),
                    ("figure", "A number that is shown and not scored is within a bound"),
                    ("reached", "Another outcome’s conditions hold as well"),
                    ("any", "At least so many of the conditions below hold"),
                ],
                help_text="What must be so.",
                max_length=20,
                verbose_name="test",
            ),
        ),
        migrations.AlterField(
            model_name="guidepassing",
            name="test",
            field=models.CharField(
                choices=[
                    ("incomplete", "Something is missing"),
                    ("complete", "Nothing is missing"),
                    ("every", "Every indicator reaches the level"),
                    ("share", "At least the percentage of the indicators reaches the level"),
                    ("at_least", "At least so many indicators reach the level"),
                    ("below", "At most so many indicators are below the level"),
                    ("score", "The score reaches the percentage"),
                    ("domains", "Every domain, or so many of them, reaches the percentage"),
                    ("groups", "Every group of domains, or so many of them, reaches the percentage"),
                    ("standards", "Every standard, or so many of them, reaches the percentage"),
                    ("failing", "At most so many standards do not pass"),
                    ("figure", "A number that is shown and not scored is within a bound"),
                    ("reached", "Another outcome’s conditions hold as well"),
                    ("any", "At least so many of the conditions below hold"),
                ],
                help_text="What must be so.",
                max_length=20,
                verbose_name="test",
            ),
        ),
        migrations.CreateModel(
            name="GuideGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "code",
                    models.CharField(
                        help_text="A code that stays the same in every language, such as “G1”.",
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                re.compile("^G[1-9]\\d?$"), "Use G and a number from 1 to 99, such as “G1”."
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="How it is called in public, such as “After the return”.",
                        max_length=120,
                        verbose_name="name",
                    ),
                ),
                (
                    "domains",
                    models.CharField(
                        help_text="The codes of the domains in it, such as “D1, D2”.",
                        max_length=500,
                        verbose_name="domains",
                    ),
                ),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="How many times it counts in a mean of the groups.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99),
                        ],
                        verbose_name="weight",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="groups", to="standards.editionpage"
                    ),
                ),
            ],
            options={
                "verbose_name": "group of domains",
                "ordering": ["sort_order"],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
        ),
    ]
