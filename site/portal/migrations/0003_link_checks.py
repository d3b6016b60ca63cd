"""What other sites answered for the addresses in the Guide."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_home_page"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=2000, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("is_waiting", models.BooleanField(default=False)),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("alive", "answers as it should"),
                            ("closed", "is there, and does not answer a program"),
                            ("gone", "is not there any more"),
                            ("broken", "answers with an error"),
                            ("unreachable", "cannot be reached"),
                            ("slow", "did not answer in time"),
                            ("private", "is not a public address"),
                            ("endless", "leads from one address to the next"),
                        ],
                        max_length=12,
                    ),
                ),
                ("status", models.PositiveSmallIntegerField(null=True)),
            ],
        ),
    ]
