"""A file that waited for its hotline keeps its figures as a draft; the states get their new names."""

from django.db import migrations

CELLS = ("item", "dim1", "dim1_value", "dim2", "dim2_value", "value", "quality")


def make_drafts(apps, _schema_editor):
    StatisticsImport = apps.get_model("evaluation", "StatisticsImport")
    Figure = apps.get_model("evaluation", "Figure")
    StatisticsImport.objects.update(level="aggregate")
    for statistics in StatisticsImport.objects.filter(state="read"):
        figures = Figure.objects.filter(statistics=statistics).order_by("pk")
        draft = [[*row[:5], None if row[5] is None else str(row[5]), row[6]] for row in figures.values_list(*CELLS)]
        figures.delete()
        StatisticsImport.objects.filter(pk=statistics.pk).update(
            state="checked", draft=draft, explanations=[""] * len(statistics.warnings)
        )


def write_figures(apps, _schema_editor):
    """The old form knows three states, and one row for each file; what was never read has no place in it."""
    StatisticsImport = apps.get_model("evaluation", "StatisticsImport")
    Figure = apps.get_model("evaluation", "Figure")
    StatisticsImport.objects.filter(state__in=["uploaded", "unmatched", "refused"]).delete()
    for statistics in StatisticsImport.objects.exclude(draft=[]):
        Figure.objects.bulk_create(
            Figure(statistics=statistics, **dict(zip(CELLS, cells, strict=True))) for cells in statistics.draft
        )
    StatisticsImport.objects.update(superseded_by=None, draft=[])
    for state, before in (
        ("checked", "read"),
        ("accepted", "confirmed"),
        ("returned", "superseded"),
        ("withdrawn", "superseded"),
    ):
        StatisticsImport.objects.filter(state=state).update(state=before)
    seen = set()
    for statistics in StatisticsImport.objects.order_by("-pk"):
        if (key := (statistics.hotline_id, statistics.file_digest)) in seen:
            statistics.delete()
        seen.add(key)


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0006_statistics"),
    ]

    operations = [
        migrations.RunPython(make_drafts, write_figures),
    ]
