"""Of whom an indicator is asked and what its answer counts with are chosen from lists: help texts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0009_groups_of_domains"),
    ]

    operations = [
        migrations.AlterField(
            model_name="indicatorpage",
            name="asked_if",
            field=models.CharField(
                blank=True,
                help_text="Only if it is not asked of every hotline: choose a trait, or an answer to another indicator. Of several alternatives one must be so.",
                max_length=255,
                verbose_name="asked only if",
            ),
        ),
        migrations.AlterField(
            model_name="indicatorpage",
            name="counts_at",
            field=models.CharField(
                blank=True,
                help_text="Only if the answer at one level, or “not applicable”, must come with something else than the others.",
                max_length=120,
                verbose_name="counts, at single levels",
            ),
        ),
    ]
