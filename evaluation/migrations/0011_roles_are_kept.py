"""Roles and declared ties are never deleted: when a role was ended, and no cascade from users and hotlines."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def drop_triggers(_apps: Any, schema_editor: Any) -> None:
    """Drop the triggers that read `ended_at`. They are installed again after each migrate."""
    if schema_editor.connection.vendor == "sqlite":
        for kind in ("update", "delete", "replace"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS frozen_evaluation_membership_{kind}")
    else:
        for kind in ("row", "kept"):
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS frozen_evaluation_membership_{kind} ON evaluation_membership"
            )


def delete_repeated(apps: Any, _schema_editor: Any) -> None:
    """Delete roles that were ended and given again on the same day, which the former constraint forbids."""
    memberships = apps.get_model("evaluation", "Membership").objects
    same = {name: models.OuterRef(name) for name in ("user", "role", "hotline", "since")}
    later = memberships.filter(**same, pk__gt=models.OuterRef("pk"))
    memberships.filter(models.Exists(later)).exclude(ended_at=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0010_remind_of_responses"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="membership", name="one_membership_a_day"),
        migrations.AddField(
            model_name="membership",
            name="ended_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(migrations.RunPython.noop, delete_repeated),
        migrations.AlterField(
            model_name="membership",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="stake",
            name="hotline",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="stakes", to="evaluation.hotline"
            ),
        ),
        migrations.AlterField(
            model_name="stake",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="stakes", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("user", "role", "hotline", "since"),
                name="one_membership_a_day",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_triggers),
    ]
