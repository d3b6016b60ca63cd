"""The versions of printed reports for the public. Reports printed before are not public."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_guide_and_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name="issue",
            name="extent",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="printing",
            name="extent",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
    ]
