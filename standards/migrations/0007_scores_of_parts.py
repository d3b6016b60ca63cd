"""How the score of a part is made otherwise than by the rule of the edition."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0006_support_at_levels"),
    ]

    operations = [
        migrations.AddField(
            model_name="domainpage",
            name="best",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How many of its standards count: the best ones, each once. Empty: all of them.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)],
                verbose_name="only the best",
            ),
        ),
        migrations.AddField(
            model_name="domainpage",
            name="excused_at_most",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="The percentage that “not applicable” may take out of this score. Empty: that of the edition.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="how much may be excused here",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="redistributes",
            field=models.BooleanField(
                default=False,
                help_text="What does not apply gives its points to the other indicators of its standard, which so keeps its share of a larger score. Then nothing is held back.",
                verbose_name="points go to the rest of the standard",
            ),
        ),
        migrations.AddField(
            model_name="standardpage",
            name="best",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How many of its indicators count: the best ones, each once. Empty: all of them.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)],
                verbose_name="only the best",
            ),
        ),
        migrations.AddField(
            model_name="standardpage",
            name="excused_at_most",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="The percentage that “not applicable” may take out of this score. Empty: that of the edition.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="how much may be excused here",
            ),
        ),
    ]
