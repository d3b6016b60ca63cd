"""The number of lines of the seal file at the last run of the calendar."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0004_good_practice_and_sheets"),
    ]

    operations = [
        migrations.AddField(
            model_name="calendarrun",
            name="seal_lines",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
