"""Permanent keys of domains, standards and indicators; that of an existing page is its code."""

from typing import Any

from django.db import migrations, models

MODELS = ("domainpage", "standardpage", "indicatorpage")


def take_codes(apps: Any, _schema_editor: Any) -> None:
    for name in MODELS:
        apps.get_model("standards", name).objects.update(key=models.F("code"))


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0002_guide"),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name=name,
                name="key",
                field=models.CharField(
                    blank=True,
                    default="",
                    help_text=(
                        "By what it is known from one edition to the next. It is made by itself, and stays when the code "
                        "changes."
                    ),
                    max_length=32,
                    verbose_name="permanent key",
                ),
                preserve_default=False,
            )
            for name in MODELS
        ),
        migrations.RunPython(take_codes, migrations.RunPython.noop),
    ]
