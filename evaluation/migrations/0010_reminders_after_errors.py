"""A date may come again, when an expiry was taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0009_no_names"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reminder",
            name="one_reminder_of_a_date",
        ),
        migrations.AddField(
            model_name="reminder",
            name="occasion",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("about", "uid", "due_on", "occasion"), name="one_reminder_of_a_date"
            ),
        ),
    ]
