"""What single levels of an indicator count with, and how many words explain an answer."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0005_longer_scales"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicatorpage",
            name="counts_at",
            field=models.CharField(
                blank=True,
                help_text="Only if a level, or “not applicable” (na), needs something else: nothing, words, evidence or either, such as “0:words;3:evidence;na:either”.",
                max_length=120,
                verbose_name="counts, at single levels",
            ),
        ),
        migrations.AddField(
            model_name="indicatorpage",
            name="least_words",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How many words must explain an answer where it counts only with words. Empty: any.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(500)],
                verbose_name="words at least",
            ),
        ),
    ]
