"""How much of each published decision is public. Existing publications keep what they showed."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def keep_what_was_public(apps: Any, _schema_editor: Any) -> None:
    """Let each existing publication show what it showed: everything."""
    extents = apps.get_model("evaluation", "PublicExtent")
    publications = apps.get_model("evaluation", "Publication").objects.order_by("pk").only("pk", "at", "by_id")
    extents.objects.bulk_create(
        (extents(publication=one, extent="whole", at=one.at, by_id=one.by_id) for one in publications), batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0015_decisions_after_scoring_again"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicExtent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "extent",
                    models.CharField(
                        choices=[
                            ("outcome", "The outcome alone"),
                            ("summary", "The outcome and a summary"),
                            ("whole", "The whole report"),
                        ],
                        max_length=10,
                        verbose_name="what is public",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="extents", to="evaluation.publication"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.RunPython(keep_what_was_public, migrations.RunPython.noop),
    ]
