from django.db import migrations, models


class Migration(migrations.Migration):
    """Rename the attribute; the column keeps its name."""

    dependencies = [("evaluation", "0008_visits_and_learning")]

    operations = [
        migrations.AlterField(
            "hotline", "name", models.CharField(db_column="name", max_length=80, verbose_name="country")
        ),
        migrations.RenameField("hotline", "name", "recorded_name"),
        migrations.AlterModelOptions("hotline", options={"ordering": ["recorded_name"]}),
        migrations.AlterModelOptions("evaluation", options={"ordering": ["hotline__recorded_name"]}),
    ]
