"""A file sent in parts may be for a recommendation: what it proves, what it shows, and the proof that it became."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0008_send_answers_back"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="partialupload",
            name="one_upload_a_file_answer_and_person",
        ),
        migrations.AddField(
            model_name="partialupload",
            name="proof",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="evaluation.proof"
            ),
        ),
        migrations.AddField(
            model_name="partialupload",
            name="recommendation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="uploads",
                to="evaluation.recommendation",
            ),
        ),
        migrations.AddField(
            model_name="partialupload",
            name="words",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddConstraint(
            model_name="partialupload",
            constraint=models.UniqueConstraint(
                condition=models.Q(("recommendation", None)),
                fields=("evaluation", "code", "by", "digest"),
                name="one_upload_a_file_answer_and_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="partialupload",
            constraint=models.UniqueConstraint(
                fields=("recommendation", "by", "digest"), name="one_upload_a_file_proved_and_person"
            ),
        ),
    ]
