"""Scales of up to eleven levels, longer tables of points, and obligations that weigh nothing."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0004_mapping_decisions"),
    ]

    operations = [
        migrations.AddField(
            model_name="editionpage",
            name="level_10",
            field=models.CharField(
                blank=True,
                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                max_length=60,
                verbose_name="level 10",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="level_6",
            field=models.CharField(
                blank=True,
                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                max_length=60,
                verbose_name="level 6",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="level_7",
            field=models.CharField(
                blank=True,
                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                max_length=60,
                verbose_name="level 7",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="level_8",
            field=models.CharField(
                blank=True,
                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                max_length=60,
                verbose_name="level 8",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="level_9",
            field=models.CharField(
                blank=True,
                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                max_length=60,
                verbose_name="level 9",
            ),
        ),
        migrations.AddField(
            model_name="indicatorpage",
            name="level_10",
            field=models.CharField(
                blank=True,
                help_text="What this level means for this indicator, in one short sentence.",
                max_length=160,
                verbose_name="level 10",
            ),
        ),
        migrations.AddField(
            model_name="indicatorpage",
            name="level_6",
            field=models.CharField(
                blank=True,
                help_text="What this level means for this indicator, in one short sentence.",
                max_length=160,
                verbose_name="level 6",
            ),
        ),
        migrations.AddField(
            model_name="indicatorpage",
            name="level_7",
            field=models.CharField(
                blank=True,
                help_text="What this level means for this indicator, in one short sentence.",
                max_length=160,
                verbose_name="level 7",
            ),
        ),
        migrations.AddField(
            model_name="indicatorpage",
            name="level_8",
            field=models.CharField(
                blank=True,
                help_text="What this level means for this indicator, in one short sentence.",
                max_length=160,
                verbose_name="level 8",
            ),
        ),
        migrations.AddField(
            model_name="indicatorpage",
            name="level_9",
            field=models.CharField(
                blank=True,
                help_text="What this level means for this indicator, in one short sentence.",
                max_length=160,
                verbose_name="level 9",
            ),
        ),
        migrations.AlterField(
            model_name="editionpage",
            name="scale_highest",
            field=models.PositiveSmallIntegerField(
                default=3,
                help_text="The number at which it ends, at most 10.",
                validators=[django.core.validators.MaxValueValidator(10)],
                verbose_name="highest number",
            ),
        ),
        migrations.AlterField(
            model_name="editionpage",
            name="scale_lowest",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="The number at which the scale begins, such as 0.",
                validators=[django.core.validators.MaxValueValidator(9)],
                verbose_name="lowest number",
            ),
        ),
        migrations.AlterField(
            model_name="editionpage",
            name="scale_points",
            field=models.CharField(
                blank=True,
                help_text="The points of each level, from the lowest number up, such as “0, 1, 3”. Empty: the worst level has 0, and each better one has 1 more.",
                max_length=100,
                verbose_name="points",
            ),
        ),
        migrations.AlterField(
            model_name="guideobligation",
            name="weight",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="How many times such an indicator counts where a score is a mean by weight. 0: it does not.",
                validators=[django.core.validators.MaxValueValidator(99)],
                verbose_name="weight",
            ),
        ),
        migrations.AlterField(
            model_name="indicatorpage",
            name="points",
            field=models.CharField(
                blank=True,
                help_text="Only if its levels are worth other points than the scale says, such as “0, 2, 6”.",
                max_length=100,
                verbose_name="points",
            ),
        ),
    ]
