"""What drafting found last of a recommendation, so that a draft can be brought up to date."""

from django.db import migrations, models
from django.db.models import F

PRIORITIES = [(1, "first"), (2, "next"), (3, "when possible")]


def take_priorities_as_suggested(apps, _schema_editor):
    """Nobody wrote down which of them a person chose."""
    apps.get_model("evaluation", "Recommendation").objects.update(suggested_priority=F("priority"))


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0016_findings_not_seen"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="recommendation",
            options={"ordering": ["priority", "-is_needed", "-gain", "place", "pk"]},
        ),
        migrations.AddField(
            model_name="recommendation",
            name="level",
            field=models.SmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="place",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="relevance",
            field=models.CharField(
                choices=[
                    ("current", "called for"),
                    ("outdated", "no longer called for"),
                    ("kept", "kept, though no longer called for"),
                    ("returned", "called for again"),
                    ("removed", "removed"),
                ],
                default="current",
                editable=False,
                max_length=10,
                verbose_name="relevance",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="suggested_priority",
            field=models.PositiveSmallIntegerField(choices=PRIORITIES, default=2, editable=False),
        ),
        migrations.RunPython(take_priorities_as_suggested, migrations.RunPython.noop),
    ]
