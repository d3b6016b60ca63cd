"""Workers, and when each last gave a sign of life."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_home_page"),
    ]

    operations = [
        migrations.CreateModel(
            name="RunningWorker",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
