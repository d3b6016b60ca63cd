"""Examples in the help of fields of the Guide."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0006_translation_marks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="domainpage",
            name="best",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How many of its standards count, such as 3: the best ones, each once. Empty: all of them.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)],
                verbose_name="only the best",
            ),
        ),
        migrations.AlterField(
            model_name="domainpage",
            name="excused_at_most",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="The percentage that “not applicable” may take out of this score, such as 25. Empty: that of the edition.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="how much may be excused here",
            ),
        ),
        migrations.AlterField(
            model_name="domainpage",
            name="weight",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="How many times the domain counts, such as 2, where the overall score is the mean of the domains.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)],
                verbose_name="weight",
            ),
        ),
        migrations.AlterField(
            model_name="editionpage",
            name="share_level",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Only if one of the scores is a share: the level from which an indicator counts, such as 2.",
                null=True,
                verbose_name="level a share counts from",
            ),
        ),
        migrations.AlterField(
            model_name="standardpage",
            name="best",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How many of its indicators count, such as 3: the best ones, each once. Empty: all of them.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)],
                verbose_name="only the best",
            ),
        ),
        migrations.AlterField(
            model_name="standardpage",
            name="excused_at_most",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="The percentage that “not applicable” may take out of this score, such as 25. Empty: that of the edition.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="how much may be excused here",
            ),
        ),
        migrations.AlterField(
            model_name="standardpage",
            name="weight",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="How many times the standard counts, such as 2, where a domain is the mean of its standards.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)],
                verbose_name="weight",
            ),
        ),
    ]
