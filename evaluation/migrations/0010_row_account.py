"""Where every row of a file went stands beside its figures; of files that were read before, nobody counted it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0009_no_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="statisticsimport",
            name="row_account",
            field=models.JSONField(default=dict),
        ),
    ]
