"""Templates of the agendas of study visits, as pages."""

from typing import Any

import django.core.validators
import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models

import portal.agendas.models


def delete_templates(apps: Any, _editor: Any) -> None:
    """Delete the templates, of which the tree of pages would keep a half that nobody can open or delete."""
    pages = apps.get_model("wagtailcore", "Page").objects
    templates = apps.get_model("portal", "AgendaTemplatePage").objects
    for path in templates.values_list("path", flat=True):
        pages.filter(path=path[:-4]).update(numchild=models.F("numchild") - 1)
    templates.all().delete()
    apps.get_model("wagtailcore", "Revision").objects.filter(content_type__model="agendatemplatepage").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0006_forms_of_terms"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgendaTemplatePage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="How many days a visit with this agenda has.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(14),
                        ],
                        verbose_name="days",
                    ),
                ),
                (
                    "is_default",
                    models.BooleanField(
                        default=False,
                        help_text="Of several such templates the one that was published last. While there is none, it is the shipped one.",
                        verbose_name="chosen unless another one is",
                    ),
                ),
                (
                    "sessions",
                    wagtail.fields.StreamField(
                        [("session", 6), ("each_domain", 7)],
                        block_lookup={
                            0: ("wagtail.blocks.CharBlock", (), {"label": "title", "max_length": 200}),
                            1: (
                                "wagtail.blocks.IntegerBlock",
                                (),
                                {"default": 60, "label": "minutes", "max_value": 480, "min_value": 5},
                            ),
                            2: (
                                "wagtail.blocks.IntegerBlock",
                                (),
                                {
                                    "help_text": "Such as 2. Empty: that of the session before. If no session has a day, they are spread evenly.",
                                    "label": "day",
                                    "max_value": 14,
                                    "min_value": 1,
                                    "required": False,
                                },
                            ),
                            3: (
                                "portal.agendas.models.KeysBlock",
                                (),
                                {
                                    "help_text": "Codes of the newest edition with commas between, such as “D2, 5.1”. They stay linked when a later edition changes the code.",
                                    "label": "what it examines",
                                },
                            ),
                            4: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "default": "",
                                    "help_text": "Roles, such as “shift lead”.",
                                    "label": "who takes part",
                                    "max_length": 300,
                                    "required": False,
                                },
                            ),
                            5: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {
                                    "default": "",
                                    "help_text": "For the team; the hotline does not see it.",
                                    "label": "what to look at",
                                    "max_length": 2000,
                                    "required": False,
                                    "rows": 3,
                                },
                            ),
                            6: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("title", 0),
                                        ("minutes", 1),
                                        ("day", 2),
                                        ("examines", 3),
                                        ("people", 4),
                                        ("guidance", 5),
                                    ]
                                ],
                                {"label": "Session"},
                            ),
                            7: (
                                "wagtail.blocks.StructBlock",
                                [[("minutes", 1), ("day", 2), ("people", 4), ("guidance", 5)]],
                                {"label": "A session for each domain that no other one examines"},
                            ),
                        },
                        default=portal.agendas.models.write_shipped_sessions,
                        verbose_name="sessions",
                    ),
                ),
            ],
            options={
                "verbose_name": "agenda of visits",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.RunPython(migrations.RunPython.noop, delete_templates),
    ]
