"""Whether an edition is released only when every part is approved."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0004_asked_of_some"),
    ]

    operations = [
        migrations.AddField(
            model_name="editionpage",
            name="requires_approval",
            field=models.BooleanField(
                default=False,
                help_text="Tick this if every part must be approved by the workflow, as it is, before the edition is released. An approval of a page holds for everything below it.",
                verbose_name="released only when approved",
            ),
        ),
    ]
