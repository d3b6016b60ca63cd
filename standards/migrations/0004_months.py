"""How many months of figures an indicator asks for at least."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("standards", "0003_rules")]

    operations = [
        migrations.AddField(
            model_name="guideindicator",
            name="minimum_months",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How many months must be recorded for the figure to count. Empty: every month of the round.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(12),
                ],
                verbose_name="months at least",
            ),
        ),
    ]
