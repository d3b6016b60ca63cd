"""The pages of the handbook, the templates of agendas, and the approval by somebody else than the author."""

import django.core.validators
import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models

import portal.handbook.keys
import portal.handbook.term_forms
import portal.visits.agenda_templates.models
from standards.migration_operations import CreateModels, delete_pages_on_reverse


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_home_page"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="HandbookPage",
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
                            "introduction",
                            models.TextField(
                                blank=True,
                                help_text="Two or three sentences on what readers find here.",
                                verbose_name="introduction",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "handbook",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="ProcedurePage",
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
                            "belongs_to",
                            portal.handbook.keys.KeysField(
                                blank=True,
                                default=list,
                                help_text="Codes of the newest edition with commas between, such as “5.1, 5.1.2”. They stay linked when a later edition changes the code.",
                                verbose_name="standards and indicators",
                            ),
                        ),
                        (
                            "is_sample",
                            models.BooleanField(
                                default=False,
                                help_text="Tick this if the text only stands in for the real one. The page then says so.",
                                verbose_name="sample text",
                            ),
                        ),
                        (
                            "summary",
                            models.TextField(
                                blank=True,
                                help_text="When the procedure is used, in one or two sentences.",
                                verbose_name="summary",
                            ),
                        ),
                        (
                            "steps",
                            wagtail.fields.StreamField(
                                [("step", 3)],
                                blank=True,
                                block_lookup={
                                    0: ("wagtail.blocks.CharBlock", (), {"label": "who", "max_length": 120}),
                                    1: (
                                        "wagtail.blocks.RichTextBlock",
                                        (),
                                        {"features": ["bold", "link", "ul"], "label": "does what"},
                                    ),
                                    2: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"label": "by when", "max_length": 120, "required": False},
                                    ),
                                    3: (
                                        "wagtail.blocks.StructBlock",
                                        [[("who", 0), ("what", 1), ("by_when", 2)]],
                                        {"label": "Step"},
                                    ),
                                },
                                verbose_name="steps",
                            ),
                        ),
                        (
                            "contacts",
                            wagtail.fields.StreamField(
                                [("contact", 2)],
                                blank=True,
                                block_lookup={
                                    0: ("wagtail.blocks.CharBlock", (), {"label": "role", "max_length": 120}),
                                    1: (
                                        "wagtail.blocks.TextBlock",
                                        (),
                                        {"label": "how the role is reached", "rows": 2},
                                    ),
                                    2: (
                                        "wagtail.blocks.StructBlock",
                                        [[("role", 0), ("reached", 1)]],
                                        {"label": "Contact"},
                                    ),
                                },
                                help_text="Roles and offices, never the name or the own number of a person.",
                                verbose_name="contacts",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "procedure",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="TermPage",
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
                            "belongs_to",
                            portal.handbook.keys.KeysField(
                                blank=True,
                                default=list,
                                help_text="Codes of the newest edition with commas between, such as “5.1, 5.1.2”. They stay linked when a later edition changes the code.",
                                verbose_name="standards and indicators",
                            ),
                        ),
                        (
                            "is_sample",
                            models.BooleanField(
                                default=False,
                                help_text="Tick this if the text only stands in for the real one. The page then says so.",
                                verbose_name="sample text",
                            ),
                        ),
                        (
                            "definition",
                            models.TextField(
                                help_text="One sentence, up to 400 characters.",
                                max_length=400,
                                verbose_name="short definition",
                            ),
                        ),
                        ("text", wagtail.fields.RichTextField(blank=True, verbose_name="longer text")),
                        (
                            "synonyms",
                            portal.handbook.term_forms.FormsField(
                                blank=True,
                                help_text="Synonyms, plurals and other forms by which the term is found in the Guide, one on each line or with semicolons between.",
                                verbose_name="other forms",
                            ),
                        ),
                        (
                            "is_marked",
                            models.BooleanField(
                                default=True,
                                help_text="Its first place on each page of the public Guide leads to the glossary.",
                                verbose_name="marked in the Guide",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "term",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="CountryPage",
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
                            "belongs_to",
                            portal.handbook.keys.KeysField(
                                blank=True,
                                default=list,
                                help_text="Codes of the newest edition with commas between, such as “5.1, 5.1.2”. They stay linked when a later edition changes the code.",
                                verbose_name="standards and indicators",
                            ),
                        ),
                        (
                            "is_sample",
                            models.BooleanField(
                                default=False,
                                help_text="Tick this if the text only stands in for the real one. The page then says so.",
                                verbose_name="sample text",
                            ),
                        ),
                        (
                            "country",
                            models.CharField(
                                help_text="Two letters, such as “BE”. The hotline of this country comes from the register.",
                                max_length=2,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z]{2}$", "Two capital letters, such as “BE”."
                                    )
                                ],
                                verbose_name="country code",
                            ),
                        ),
                        (
                            "hours",
                            models.CharField(
                                blank=True,
                                help_text="When the hotline is answered.",
                                max_length=200,
                                verbose_name="hours",
                            ),
                        ),
                        (
                            "legal_facts",
                            wagtail.fields.RichTextField(
                                blank=True,
                                help_text="What the law says on missing children, with its source. Never anything about a person.",
                                verbose_name="legal facts",
                            ),
                        ),
                        (
                            "partners",
                            wagtail.fields.RichTextField(
                                blank=True,
                                help_text="Authorities and organisations the hotline works with. No names of persons.",
                                verbose_name="partners",
                            ),
                        ),
                        ("links", wagtail.fields.RichTextField(blank=True, verbose_name="links")),
                        (
                            "checked_on",
                            models.DateField(
                                help_text="The day on which somebody last compared all of this.",
                                verbose_name="last checked on",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "country sheet",
                    },
                    bases=("wagtailcore.page",),
                ),
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
                                        "portal.visits.agenda_templates.models.KeysBlock",
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
                                default=portal.visits.agenda_templates.models.write_shipped_sessions,
                                verbose_name="sessions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "agenda of visits",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="IndependentApprovalTask",
                    fields=[
                        (
                            "task_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to="wagtailcore.task",
                            ),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                help_text="Pages/snippets at this step in a workflow will be moderated or approved by these groups of users",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "approval by another person",
                    },
                    bases=("wagtailcore.task",),
                ),
            ],
        ),
        delete_pages_on_reverse(
            "portal", "AgendaTemplatePage", "CountryPage", "TermPage", "ProcedurePage", "HandbookPage"
        ),
    ]
