"""A mention that was taken back stays, so that nobody is asked twice by a letter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0009_traits_until_said")]

    operations = [
        migrations.AddField(model_name="mention", name="withdrawn_at", field=models.DateTimeField(null=True)),
    ]
