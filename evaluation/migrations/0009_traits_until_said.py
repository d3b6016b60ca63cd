"""Whether somebody has said which traits a hotline has: until then there are none, not an empty list."""

from django.db import migrations, models
from django.db.migrations.state import StateApps


def forget_what_nobody_said(apps: StateApps, _schema_editor: object) -> None:
    """Empty lists of open self-assessments, or of excused hotlines, become unknown, unless a step of the log set them."""
    said = apps.get_model("evaluation", "Step").objects.filter(kind="evaluation", move="set_traits")
    evaluations = apps.get_model("evaluation", "Evaluation").objects
    open_ = evaluations.filter(state__in=("self_assessment", "excused"), traits=[])
    open_.exclude(uid__in=said.values("uid")).update(traits=None)


def write_empty_lists(apps: StateApps, _schema_editor: object) -> None:
    apps.get_model("evaluation", "Evaluation").objects.filter(traits__isnull=True).update(traits=[])


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0008_teamwork"),
    ]

    operations = [
        migrations.AlterField(
            model_name="evaluation",
            name="traits",
            field=models.JSONField(editable=False, null=True, verbose_name="traits"),
        ),
        migrations.RunPython(forget_what_nobody_said, write_empty_lists),
    ]
