"""Whether an indicator means something else than in the edition before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("standards", "0005_method_and_examined")]

    operations = [
        migrations.AddField(
            model_name="guideindicator",
            name="asked_anew",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Tick this if the indicator means something else than in the former edition. "
                    "A hotline then answers it anew, and its former answer is not carried over."
                ),
                verbose_name="asked anew",
            ),
        ),
    ]
