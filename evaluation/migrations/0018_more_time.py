"""The last day of the self-assessment of a hotline that was given more time than its round."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0017_reminders_of_submission")]

    operations = [
        migrations.AddField(
            model_name="evaluation",
            name="extended_until",
            field=models.DateField(editable=False, null=True, verbose_name="last day of its own"),
        ),
    ]
