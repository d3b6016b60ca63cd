"""The first coordinator is invited by nobody; a date may come again, when an expiry was taken back."""

import django.db.models.deletion
from django.conf import settings
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
        migrations.AlterField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations_sent",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("about", "uid", "due_on", "occasion"), name="one_reminder_of_a_date"
            ),
        ),
    ]
