"""How the score of some indicators is made, and what an edition calls whom it examines."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0004_months"),
    ]

    operations = [
        migrations.AddField(
            model_name="editionpage",
            name="examined",
            field=models.CharField(
                blank=True,
                help_text="What the edition calls whom it examines, inside a sentence, such as “centre”. Empty: “hotline”.",
                max_length=40,
                verbose_name="who is examined",
            ),
        ),
        migrations.AddField(
            model_name="guidecondition",
            name="method",
            field=models.CharField(
                blank=True,
                choices=[
                    (None, "Not needed"),
                    ("weighted_mean", "Mean of these indicators, by the weight of their obligation"),
                    ("mean", "Mean of these indicators, each counted once"),
                    ("sum", "Sum of their points, of those that could be had"),
                    ("share", "Share of these indicators at a level or better"),
                    ("lowest", "The worst level among these indicators"),
                ],
                help_text="Only for a score of some indicators, of an obligation or by their codes: how it is made of them.",
                max_length=15,
                verbose_name="method of the score",
            ),
        ),
        migrations.AddField(
            model_name="guidepassing",
            name="method",
            field=models.CharField(
                blank=True,
                choices=[
                    (None, "Not needed"),
                    ("weighted_mean", "Mean of these indicators, by the weight of their obligation"),
                    ("mean", "Mean of these indicators, each counted once"),
                    ("sum", "Sum of their points, of those that could be had"),
                    ("share", "Share of these indicators at a level or better"),
                    ("lowest", "The worst level among these indicators"),
                ],
                help_text="Only for a score of some indicators, of an obligation or by their codes: how it is made of them.",
                max_length=15,
                verbose_name="method of the score",
            ),
        ),
    ]
