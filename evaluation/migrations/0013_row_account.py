"""Where every row of a file went stands beside its figures; of files that were read before, nobody counted it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0012_unresolved_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name="statisticsimport",
            name="row_account",
            field=models.JSONField(default=dict),
        ),
    ]
