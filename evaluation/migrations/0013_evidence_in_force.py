"""From when and until when evidence is in force: said by each evaluation, not once for a document of the hotline."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0012_agenda_sent")]

    operations = [
        migrations.RemoveField(model_name="document", name="ends_on"),
        migrations.AddField(
            model_name="evidence",
            name="begins_on",
            field=models.DateField(blank=True, null=True, verbose_name="in force from"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="in force until"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(begins_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("begins_on")),
                name="evidence_ends_after_it_begins",
            ),
        ),
    ]
