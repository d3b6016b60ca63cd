"""The digest of each frozen row. Rows from before get theirs after the migration, with the triggers."""

from django.db import migrations, models

from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0004_publication_of_refusals"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="SealedRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("table_name", models.CharField(max_length=63)),
                        ("row_id", models.BigIntegerField()),
                        ("columns", models.TextField()),
                        ("sha256", models.CharField(max_length=64)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("table_name", "row_id"), name="one_digest_a_row")
                        ],
                    },
                ),
            ],
        ),
    ]
