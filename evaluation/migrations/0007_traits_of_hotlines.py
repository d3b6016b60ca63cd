"""The traits of a hotline, by which some indicators are asked of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0006_consultation"),
    ]

    operations = [
        migrations.AddField(
            model_name="evaluation",
            name="traits",
            field=models.JSONField(default=list, editable=False, verbose_name="traits"),
        ),
    ]
