"""Every version of a reply is kept, and each remark has a row for its reply from the start."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT, Exists, OuterRef


def write_first_versions(apps, _schema_editor):
    """An empty reply for each remark that has none, and the history of those that are written."""
    remark, reply, version = (apps.get_model("evaluation", name) for name in ("Remark", "Reply", "ReplyVersion"))
    without = remark.objects.filter(~Exists(reply.objects.filter(remark=OuterRef("pk"))))
    reply.objects.bulk_create([reply(remark=one) for one in without], batch_size=500)
    copied = ("remark_id", "version", "words", "by_id", "at")
    written = reply.objects.filter(version__gt=0).values(*copied)
    version.objects.bulk_create([version(**one) for one in written], batch_size=500)


def remove_empty_replies(apps, schema_editor):
    """Also the history's trigger: it names a table and a column that go. It is installed again after the migrations."""
    on = "" if schema_editor.connection.vendor == "sqlite" else " ON evaluation_reply"
    schema_editor.execute(f"DROP TRIGGER IF EXISTS history_evaluation_reply{on}")
    apps.get_model("evaluation", "Reply").objects.filter(version=0).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0017_revised_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplyVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("remark_id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField()),
                ("words", models.TextField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField(null=True)),
                ("save_uid", models.UUIDField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("remark_id", "version"), name="one_reply_a_version")],
            },
        ),
        migrations.AddField(model_name="reply", name="save_uid", field=models.UUIDField(null=True)),
        migrations.AlterField(model_name="reply", name="version", field=models.PositiveIntegerField(default=0)),
        migrations.AlterField(
            model_name="reply",
            name="by",
            field=models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(model_name="reply", name="at", field=models.DateTimeField(null=True)),
        migrations.AlterField(
            model_name="unresolvedtext",
            name="kind",
            field=models.CharField(
                choices=[("answer", "answer"), ("finding", "finding"), ("remark", "remark"), ("reply", "reply")],
                max_length=10,
            ),
        ),
        migrations.RunPython(write_first_versions, remove_empty_replies),
    ]
