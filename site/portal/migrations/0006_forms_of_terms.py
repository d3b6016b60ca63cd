"""Each language has other forms of a term for itself."""

from django.db import migrations

import portal.handbook.term_forms


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0005_approval"),
    ]

    operations = [
        migrations.AlterField(
            model_name="termpage",
            name="synonyms",
            field=portal.handbook.term_forms.FormsField(
                blank=True,
                help_text="Synonyms, plurals and other forms by which the term is found in the Guide, one on each line or with semicolons between.",
                verbose_name="other forms",
            ),
        ),
    ]
