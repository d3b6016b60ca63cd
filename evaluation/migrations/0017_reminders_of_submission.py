"""Reminders of the last day of a self-assessment, which each person may decline."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0016_submissions"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="declined_reminders",
            field=models.JSONField(blank=True, default=list, verbose_name="reminders that are not wanted"),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="about",
            field=models.CharField(
                choices=[
                    ("ends", "the accreditation ends"),
                    ("ended", "the accreditation has ended"),
                    ("midterm", "the mid-term check is due"),
                    ("deferral", "the deferral is over"),
                    ("response", "the response is overdue"),
                    ("submit_30", "30 days before the last day of the self-assessment"),
                    ("submit_14", "14 days before the last day of the self-assessment"),
                    ("submit_3", "3 days before the last day of the self-assessment"),
                    ("slipped", "when a hotline has not submitted its self-assessment in time"),
                ],
                max_length=20,
            ),
        ),
    ]
