"""Names of files and words of exports may be those of people: files get a name of ours, what columns mean is asked again."""

from django.db import migrations
from django.utils import timezone


def give_names(apps, _schema_editor):
    StatisticsImport = apps.get_model("evaluation", "StatisticsImport")
    for statistics in StatisticsImport.objects.select_related("hotline").defer("draft").order_by("pk"):
        StatisticsImport.objects.filter(pk=statistics.pk).update(file_name=_name(statistics))


def _name(statistics):
    code, start, end = statistics.hotline.code, statistics.period_start, statistics.period_end
    if not (start and end and statistics.level):
        return f"{code} {timezone.localdate(statistics.uploaded_at)} {statistics.file_digest[:8]}"
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    part = {1: f"-{start:%m}", 3: f"-Q{(start.month + 2) // 3}"}.get(months, "")
    return f"{code} {start.year}{part} {statistics.level}"


def forget_words(apps, _schema_editor):
    """The rows stay, as files that were read by them point to them."""
    Matching = apps.get_model("evaluation", "Matching")
    for matching in Matching.objects.order_by("pk"):
        meaning = {**matching.meaning, "columns": {}, "ignored": [], "codes": {}}
        Matching.objects.filter(pk=matching.pk).update(meaning=meaning, signature="")


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0008_network_years"),
    ]

    operations = [
        # there is no way back to what is not kept
        migrations.RunPython(give_names, migrations.RunPython.noop),
        migrations.RunPython(forget_words, migrations.RunPython.noop),
    ]
