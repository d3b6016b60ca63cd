"""When a letter with an agenda was sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0011_agenda"),
    ]

    operations = [
        migrations.AddField(
            model_name="agenda",
            name="sent_at",
            field=models.DateTimeField(null=True),
        ),
    ]
