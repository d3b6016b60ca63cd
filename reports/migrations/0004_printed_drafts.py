"""A printing of the Guide is of a published wording, or of a draft."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def drop_drafts(apps: Any, _editor: Any) -> None:
    """Delete the printings of drafts, for which there was no place before. Each can be printed again."""
    apps.get_model("reports", "GuidePrinting").objects.filter(wording=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_text_versions"),
        ("standards", "0002_guide"),
    ]

    operations = [
        migrations.AddField(
            model_name="guideprinting",
            name="draft",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="printing",
                to="standards.editionpage",
            ),
        ),
        migrations.AlterField(
            model_name="guideprinting",
            name="wording",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="printing",
                to="standards.editionwording",
            ),
        ),
        migrations.AddConstraint(
            model_name="guideprinting",
            constraint=models.CheckConstraint(
                condition=models.Q(("wording__isnull", True), ("draft__isnull", True), _connector="XOR"),
                name="of_a_wording_or_a_draft",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_drafts),
    ]
