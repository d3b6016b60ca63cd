"""That the assessors could not look at an indicator, with its reason."""

from django.db import migrations, models


def drop_history_trigger(_apps, schema_editor):
    """It names the column, and SQLite drops none that a trigger names. It is installed again after the migrations."""
    on = "" if schema_editor.connection.vendor == "sqlite" else " ON evaluation_finding"
    schema_editor.execute(f"DROP TRIGGER IF EXISTS history_evaluation_finding{on}")


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0015_replies"),
    ]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="not_seen",
            field=models.BooleanField(default=False, verbose_name="could not be looked at"),
        ),
        migrations.AddField(
            model_name="findingversion",
            name="not_seen",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="unresolvedtext",
            name="not_seen",
            field=models.BooleanField(default=False, verbose_name="could not be looked at"),
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_history_trigger),
    ]
