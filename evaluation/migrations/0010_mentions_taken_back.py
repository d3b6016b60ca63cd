"""A mention that was taken back stays, so that nobody is asked twice by a letter."""

from django.db import migrations, models
from django.db.migrations.state import StateApps


def delete_withdrawn(apps: StateApps, _schema_editor: object) -> None:
    """Delete what was taken back: without the column, it would ask again."""
    apps.get_model("evaluation", "Mention").objects.filter(withdrawn_at__isnull=False).delete()


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0009_traits_until_said")]

    operations = [
        migrations.AddField(model_name="mention", name="withdrawn_at", field=models.DateTimeField(null=True)),
        migrations.RunPython(migrations.RunPython.noop, delete_withdrawn),
    ]
