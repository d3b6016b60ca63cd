"""Of two scorecards or decisions of the same moment, the one written last is the newest."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0018_reply_versions")]

    operations = [
        migrations.AlterModelOptions(name="decision", options={"ordering": ["-decided_at", "-pk"]}),
        migrations.AlterModelOptions(name="scorecard", options={"ordering": ["-judged_at", "-pk"]}),
    ]
