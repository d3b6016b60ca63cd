"""The pages of the Guide, of which editions are made."""

import re
import uuid

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models

from standards.migration_operations import CreateModels, delete_pages_on_reverse


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0001_editions"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="GuidePage",
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
                                help_text="Two or three sentences for somebody who has never heard of the Guide.",
                                verbose_name="introduction",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Guide",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="EditionPage",
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
                            "code",
                            models.CharField(
                                help_text="How this edition is called for good, such as “2026”. It cannot change after the release.",
                                max_length=20,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        re.compile("^[A-Za-z0-9][A-Za-z0-9.-]{0,19}$"),
                                        "Use letters, digits, dots and hyphens, such as “2026”.",
                                    )
                                ],
                                verbose_name="code",
                            ),
                        ),
                        (
                            "introduction",
                            models.TextField(
                                blank=True,
                                help_text="What this edition is for and what is new in it.",
                                verbose_name="introduction",
                            ),
                        ),
                        (
                            "examined",
                            models.CharField(
                                blank=True,
                                help_text="What the edition calls whom it examines, inside a sentence, such as “centre”. Empty: “hotline”.",
                                max_length=40,
                                verbose_name="who is examined",
                            ),
                        ),
                        ("source_language", models.CharField(blank=True, editable=False, max_length=10)),
                        (
                            "is_sample",
                            models.BooleanField(
                                default=False,
                                help_text="Tick this if the text only stands in for the real Guide. Every page and report then says so.",
                                verbose_name="sample text",
                            ),
                        ),
                        (
                            "sample_notice",
                            models.TextField(
                                blank=True,
                                help_text="Shown on every page of a sample edition.",
                                verbose_name="notice on the sample",
                            ),
                        ),
                        (
                            "scale_lowest",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="The number at which the scale begins, such as 0.",
                                validators=[django.core.validators.MaxValueValidator(9)],
                                verbose_name="lowest number",
                            ),
                        ),
                        (
                            "scale_highest",
                            models.PositiveSmallIntegerField(
                                default=3,
                                help_text="The number at which it ends, at most 10.",
                                validators=[django.core.validators.MaxValueValidator(10)],
                                verbose_name="highest number",
                            ),
                        ),
                        (
                            "scale_falling",
                            models.BooleanField(
                                default=False,
                                help_text="For a scale on which 1 is better than 4.",
                                verbose_name="the lowest number is the best",
                            ),
                        ),
                        (
                            "scale_points",
                            models.CharField(
                                blank=True,
                                help_text="The points of each level, from the lowest number up, such as “0, 1, 3”. Empty: the worst level has 0, and each better one has 1 more.",
                                max_length=100,
                                verbose_name="points",
                            ),
                        ),
                        (
                            "level_0",
                            models.CharField(
                                blank=True,
                                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                                max_length=60,
                                verbose_name="level 0",
                            ),
                        ),
                        (
                            "level_1",
                            models.CharField(
                                blank=True,
                                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                                max_length=60,
                                verbose_name="level 1",
                            ),
                        ),
                        (
                            "level_2",
                            models.CharField(
                                blank=True,
                                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                                max_length=60,
                                verbose_name="level 2",
                            ),
                        ),
                        (
                            "level_3",
                            models.CharField(
                                blank=True,
                                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                                max_length=60,
                                verbose_name="level 3",
                            ),
                        ),
                        (
                            "level_4",
                            models.CharField(
                                blank=True,
                                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                                max_length=60,
                                verbose_name="level 4",
                            ),
                        ),
                        (
                            "level_5",
                            models.CharField(
                                blank=True,
                                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                                max_length=60,
                                verbose_name="level 5",
                            ),
                        ),
                        (
                            "level_6",
                            models.CharField(
                                blank=True,
                                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                                max_length=60,
                                verbose_name="level 6",
                            ),
                        ),
                        (
                            "level_7",
                            models.CharField(
                                blank=True,
                                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                                max_length=60,
                                verbose_name="level 7",
                            ),
                        ),
                        (
                            "level_8",
                            models.CharField(
                                blank=True,
                                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                                max_length=60,
                                verbose_name="level 8",
                            ),
                        ),
                        (
                            "level_9",
                            models.CharField(
                                blank=True,
                                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                                max_length=60,
                                verbose_name="level 9",
                            ),
                        ),
                        (
                            "level_10",
                            models.CharField(
                                blank=True,
                                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                                max_length=60,
                                verbose_name="level 10",
                            ),
                        ),
                        (
                            "standard_method",
                            models.CharField(
                                choices=[
                                    ("weighted_mean", "Mean of all its indicators, by the weight of their obligation"),
                                    ("mean", "Mean of its parts"),
                                    ("sum", "Sum of points, of those that could be had"),
                                    ("share", "Share of its indicators at a level or better"),
                                    ("lowest", "The worst level among its indicators"),
                                ],
                                default="weighted_mean",
                                help_text="How the score of a standard is made of its indicators.",
                                max_length=15,
                                verbose_name="score of a standard",
                            ),
                        ),
                        (
                            "domain_method",
                            models.CharField(
                                choices=[
                                    ("weighted_mean", "Mean of all its indicators, by the weight of their obligation"),
                                    ("mean", "Mean of its parts"),
                                    ("sum", "Sum of points, of those that could be had"),
                                    ("share", "Share of its indicators at a level or better"),
                                    ("lowest", "The worst level among its indicators"),
                                ],
                                default="mean",
                                help_text="How the score of a domain is made; its parts are its standards.",
                                max_length=15,
                                verbose_name="score of a domain",
                            ),
                        ),
                        (
                            "group_method",
                            models.CharField(
                                choices=[
                                    ("mean", "Mean of its domains"),
                                    ("lowest", "The lowest score among its domains"),
                                ],
                                default="mean",
                                help_text="Only if there are groups of domains: how the score of a group is made of its domains.",
                                max_length=15,
                                verbose_name="score of a group of domains",
                            ),
                        ),
                        (
                            "overall_method",
                            models.CharField(
                                choices=[
                                    ("weighted_mean", "Mean of all its indicators, by the weight of their obligation"),
                                    ("mean", "Mean of its parts"),
                                    ("sum", "Sum of points, of those that could be had"),
                                    ("share", "Share of its indicators at a level or better"),
                                    ("lowest", "The worst level among its indicators"),
                                ],
                                default="mean",
                                help_text="How the score of the whole is made; its parts are the domains.",
                                max_length=15,
                                verbose_name="overall score",
                            ),
                        ),
                        (
                            "of_groups",
                            models.BooleanField(
                                default=False,
                                help_text="The parts of the whole are the groups of domains, by their weight, in place of the domains.",
                                verbose_name="overall score of groups",
                            ),
                        ),
                        (
                            "share_level",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Only if one of the scores is a share: the level from which an indicator counts, such as 2.",
                                null=True,
                                verbose_name="level a share counts from",
                            ),
                        ),
                        (
                            "excused_at_most",
                            models.PositiveSmallIntegerField(
                                default=100,
                                help_text="The percentage of a standard that “not applicable” may take out of the score. What goes beyond counts as not reached.",
                                validators=[django.core.validators.MaxValueValidator(100)],
                                verbose_name="how much may be excused",
                            ),
                        ),
                        (
                            "redistributes",
                            models.BooleanField(
                                default=False,
                                help_text="What does not apply gives its points to the other indicators of its standard, which so keeps its share of a larger score. Then nothing is held back.",
                                verbose_name="points go to the rest of the standard",
                            ),
                        ),
                        (
                            "response_days",
                            models.PositiveSmallIntegerField(
                                default=14,
                                help_text="For the hotline’s word on the draft report.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(999),
                                ],
                                verbose_name="days to respond",
                            ),
                        ),
                        (
                            "quorum",
                            models.PositiveSmallIntegerField(
                                default=3,
                                help_text="Members of the panel who must vote.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(999),
                                ],
                                verbose_name="quorum",
                            ),
                        ),
                        (
                            "departing",
                            models.PositiveSmallIntegerField(
                                default=2,
                                help_text="Members who must vote for an outcome other than the one proposed.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(999),
                                ],
                                verbose_name="votes to depart",
                            ),
                        ),
                        (
                            "appeal_days",
                            models.PositiveSmallIntegerField(
                                default=30,
                                help_text="From the day the hotline is told.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(999),
                                ],
                                verbose_name="days to appeal",
                            ),
                        ),
                        (
                            "deferral_months",
                            models.PositiveSmallIntegerField(
                                default=6,
                                help_text="Within which a hotline hands in what is missing.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(999),
                                ],
                                verbose_name="months of a deferral",
                            ),
                        ),
                        (
                            "midterm_months",
                            models.PositiveSmallIntegerField(
                                default=18,
                                help_text="From the decision to the check of the recommendations.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(999),
                                ],
                                verbose_name="months to the mid-term check",
                            ),
                        ),
                        (
                            "reminder_months",
                            models.PositiveSmallIntegerField(
                                default=9,
                                help_text="Before an accreditation ends.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(999),
                                ],
                                verbose_name="months of the reminder",
                            ),
                        ),
                        (
                            "publishes_refusals",
                            models.BooleanField(
                                default=False,
                                help_text="Tick this if the register and the hotline’s page say that a hotline was examined and not accredited. Without it, such a hotline is shown without an accreditation.",
                                verbose_name="refusals are public",
                            ),
                        ),
                        (
                            "voting_days",
                            models.PositiveSmallIntegerField(
                                default=3,
                                help_text="From the first vote, in which a decision waits for members who declared.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(999),
                                ],
                                verbose_name="days to vote",
                            ),
                        ),
                        (
                            "votes_again_on_ties",
                            models.BooleanField(
                                default=False,
                                help_text="If no outcome has more than half of the votes. Otherwise, and on a second tie, the less favourable holds.",
                                verbose_name="members vote once more on a tie",
                            ),
                        ),
                        (
                            "chair_breaks_ties",
                            models.BooleanField(
                                default=False,
                                help_text="If no chair is among those who voted, the other rules for ties apply.",
                                verbose_name="the chair’s vote counts double on a tie",
                            ),
                        ),
                        (
                            "requires_approval",
                            models.BooleanField(
                                default=False,
                                help_text="Tick this if every part must be approved by the workflow, as it is, before the edition is released. An approval of a page holds for everything below it.",
                                verbose_name="released only when approved",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "edition",
                    },
                    bases=("wagtailcore.page", models.Model),
                ),
                migrations.CreateModel(
                    name="DomainPage",
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
                            "key",
                            models.CharField(
                                blank=True,
                                help_text="By what it is known from one edition to the next. It is made by itself, and stays when the code changes.",
                                max_length=32,
                                verbose_name="permanent key",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                help_text="D and a number, such as “D5”. Keep it from one edition to the next, so that results compare.",
                                max_length=12,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        re.compile("^D[1-9]\\d?$"), "Write D and a number, such as “D5”."
                                    )
                                ],
                                verbose_name="code",
                            ),
                        ),
                        (
                            "short_title",
                            models.CharField(
                                help_text="One word for narrow tables, at most 12 letters if it can be.",
                                max_length=30,
                                verbose_name="short title",
                            ),
                        ),
                        (
                            "introduction",
                            models.TextField(
                                blank=True,
                                help_text="What the domain is about and why it matters to a family.",
                                verbose_name="introduction",
                            ),
                        ),
                        (
                            "weight",
                            models.PositiveSmallIntegerField(
                                default=1,
                                help_text="How many times the domain counts, such as 2, where the overall score is the mean of the domains.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(99),
                                ],
                                verbose_name="weight",
                            ),
                        ),
                        (
                            "best",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="How many of its standards count, such as 3: the best ones, each once. Empty: all of them.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(99),
                                ],
                                verbose_name="only the best",
                            ),
                        ),
                        (
                            "excused_at_most",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="The percentage that “not applicable” may take out of this score, such as 25. Empty: that of the edition.",
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(100)],
                                verbose_name="how much may be excused here",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "domain",
                    },
                    bases=("wagtailcore.page", models.Model),
                ),
                migrations.CreateModel(
                    name="StandardPage",
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
                            "key",
                            models.CharField(
                                blank=True,
                                help_text="By what it is known from one edition to the next. It is made by itself, and stays when the code changes.",
                                max_length=32,
                                verbose_name="permanent key",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                help_text="The number of the domain and a number, such as “5.1”. Keep it from one edition to the next.",
                                max_length=12,
                                verbose_name="code",
                            ),
                        ),
                        (
                            "introduction",
                            models.TextField(
                                blank=True,
                                help_text="What the standard asks and why, in one to three sentences.",
                                verbose_name="introduction",
                            ),
                        ),
                        (
                            "basis",
                            models.CharField(
                                blank=True,
                                help_text="Keys of the sources that suggested the standard, with commas between. For editors only.",
                                max_length=120,
                                verbose_name="basis",
                            ),
                        ),
                        (
                            "weight",
                            models.PositiveSmallIntegerField(
                                default=1,
                                help_text="How many times the standard counts, such as 2, where a domain is the mean of its standards.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(99),
                                ],
                                verbose_name="weight",
                            ),
                        ),
                        (
                            "best",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="How many of its indicators count, such as 3: the best ones, each once. Empty: all of them.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(99),
                                ],
                                verbose_name="only the best",
                            ),
                        ),
                        (
                            "excused_at_most",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="The percentage that “not applicable” may take out of this score, such as 25. Empty: that of the edition.",
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(100)],
                                verbose_name="how much may be excused here",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "standard",
                    },
                    bases=("wagtailcore.page", models.Model),
                ),
                migrations.CreateModel(
                    name="IndicatorPage",
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
                            "key",
                            models.CharField(
                                blank=True,
                                help_text="By what it is known from one edition to the next. It is made by itself, and stays when the code changes.",
                                max_length=32,
                                verbose_name="permanent key",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                help_text="The code of the standard and a number, such as “5.1.3”. It must be the only one in the edition.",
                                max_length=12,
                                verbose_name="code",
                            ),
                        ),
                        (
                            "wording",
                            models.TextField(
                                help_text="The indicator itself, in one sentence.", verbose_name="wording"
                            ),
                        ),
                        (
                            "guidance",
                            models.TextField(
                                help_text="What it means in daily work, what counts and what does not.",
                                verbose_name="guidance",
                            ),
                        ),
                        (
                            "obligation",
                            models.CharField(
                                help_text="How much the Guide insists. The obligations stand on the page of the edition.",
                                max_length=20,
                                verbose_name="obligation",
                            ),
                        ),
                        (
                            "measure",
                            models.CharField(
                                choices=[
                                    ("scale", "A level of the scale"),
                                    ("yes_no", "Yes or no"),
                                    ("numeric", "A number"),
                                ],
                                help_text="How the indicator is answered.",
                                max_length=10,
                                verbose_name="measure",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("documents", "Documents"),
                                    ("visit", "Study visit"),
                                    ("statistics", "Statistics"),
                                    ("system", "Missing Children Europe’s own records"),
                                ],
                                default="documents",
                                help_text="Where the answer is checked. Statistics are filled in by the import.",
                                max_length=12,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "evidence",
                            models.CharField(
                                help_text="What a hotline shows, such as “Signed protocol”.",
                                max_length=255,
                                verbose_name="evidence",
                            ),
                        ),
                        (
                            "evidence_required",
                            models.BooleanField(
                                default=False,
                                help_text="A “yes” cannot be sent in without a document or a link.",
                                verbose_name="evidence required",
                            ),
                        ),
                        (
                            "not_applicable",
                            models.BooleanField(
                                default=False,
                                help_text="A hotline may say with a reason that this does not apply to it, if the obligation lets it.",
                                verbose_name="may be not applicable",
                            ),
                        ),
                        (
                            "counts_with",
                            models.CharField(
                                blank=True,
                                choices=[
                                    (None, "By itself"),
                                    ("words", "Only with words that explain it"),
                                    ("evidence", "Only with evidence"),
                                    ("either", "Only with words or evidence"),
                                ],
                                help_text="What the hotline’s own answer must come with before it counts.",
                                max_length=10,
                                verbose_name="counts",
                            ),
                        ),
                        (
                            "counts_at",
                            models.CharField(
                                blank=True,
                                help_text="Only if the answer at one level, or “not applicable”, must come with something else than the others.",
                                max_length=120,
                                verbose_name="counts, at single levels",
                            ),
                        ),
                        (
                            "least_words",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="How many words must explain an answer where it counts only with words. Empty: any.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(500),
                                ],
                                verbose_name="words at least",
                            ),
                        ),
                        (
                            "asked_from",
                            models.DateField(
                                blank=True,
                                help_text="The first day on which it is asked. Empty: it always is.",
                                null=True,
                                verbose_name="asked from",
                            ),
                        ),
                        (
                            "asked_if",
                            models.CharField(
                                blank=True,
                                help_text="Only if it is not asked of every hotline: choose a trait, or an answer to another indicator. Of several alternatives one must be so.",
                                max_length=255,
                                verbose_name="asked only if",
                            ),
                        ),
                        (
                            "points",
                            models.CharField(
                                blank=True,
                                help_text="Only if its levels are worth other points than the scale says, such as “0, 2, 6”.",
                                max_length=100,
                                verbose_name="points",
                            ),
                        ),
                        (
                            "unit",
                            models.CharField(
                                blank=True,
                                help_text="What the number counts, such as “percent” or “hours”.",
                                max_length=30,
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "bands",
                            models.CharField(
                                blank=True,
                                help_text="Which value gives which level, tried from left to right, such as “>=90:3;>=80:2;>=60:1”. Write “report_only” if it is shown and not scored.",
                                max_length=120,
                                verbose_name="bands",
                            ),
                        ),
                        (
                            "formula",
                            models.CharField(
                                blank=True,
                                help_text="An item of the data dictionary or a ratio, such as “A04/(A03-A05)”.",
                                max_length=30,
                                verbose_name="formula",
                            ),
                        ),
                        (
                            "minimum_base",
                            models.CharField(
                                blank=True,
                                help_text="The figure counts only from this many cases, such as “A56>=20”.",
                                max_length=20,
                                verbose_name="smallest base",
                            ),
                        ),
                        (
                            "minimum_months",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="How many months must be recorded for the figure to count. Empty: every month of the round.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(12),
                                ],
                                verbose_name="months at least",
                            ),
                        ),
                        (
                            "asked_anew",
                            models.BooleanField(
                                default=False,
                                help_text="Tick this if the indicator means something else than in the former edition. A hotline then answers it anew, and its former answer is not carried over.",
                                verbose_name="asked anew",
                            ),
                        ),
                        (
                            "level_0",
                            models.CharField(
                                blank=True,
                                help_text="What this level means for this indicator, in one short sentence.",
                                max_length=160,
                                verbose_name="level 0",
                            ),
                        ),
                        (
                            "level_1",
                            models.CharField(
                                blank=True,
                                help_text="What this level means for this indicator, in one short sentence.",
                                max_length=160,
                                verbose_name="level 1",
                            ),
                        ),
                        (
                            "level_2",
                            models.CharField(
                                blank=True,
                                help_text="What this level means for this indicator, in one short sentence.",
                                max_length=160,
                                verbose_name="level 2",
                            ),
                        ),
                        (
                            "level_3",
                            models.CharField(
                                blank=True,
                                help_text="What this level means for this indicator, in one short sentence.",
                                max_length=160,
                                verbose_name="level 3",
                            ),
                        ),
                        (
                            "level_4",
                            models.CharField(
                                blank=True,
                                help_text="What this level means for this indicator, in one short sentence.",
                                max_length=160,
                                verbose_name="level 4",
                            ),
                        ),
                        (
                            "level_5",
                            models.CharField(
                                blank=True,
                                help_text="What this level means for this indicator, in one short sentence.",
                                max_length=160,
                                verbose_name="level 5",
                            ),
                        ),
                        (
                            "level_6",
                            models.CharField(
                                blank=True,
                                help_text="What this level means for this indicator, in one short sentence.",
                                max_length=160,
                                verbose_name="level 6",
                            ),
                        ),
                        (
                            "level_7",
                            models.CharField(
                                blank=True,
                                help_text="What this level means for this indicator, in one short sentence.",
                                max_length=160,
                                verbose_name="level 7",
                            ),
                        ),
                        (
                            "level_8",
                            models.CharField(
                                blank=True,
                                help_text="What this level means for this indicator, in one short sentence.",
                                max_length=160,
                                verbose_name="level 8",
                            ),
                        ),
                        (
                            "level_9",
                            models.CharField(
                                blank=True,
                                help_text="What this level means for this indicator, in one short sentence.",
                                max_length=160,
                                verbose_name="level 9",
                            ),
                        ),
                        (
                            "level_10",
                            models.CharField(
                                blank=True,
                                help_text="What this level means for this indicator, in one short sentence.",
                                max_length=160,
                                verbose_name="level 10",
                            ),
                        ),
                        (
                            "level_yes",
                            models.CharField(
                                blank=True, help_text="What a “yes” stands for.", max_length=160, verbose_name="yes"
                            ),
                        ),
                        (
                            "level_no",
                            models.CharField(
                                blank=True, help_text="What a “no” stands for.", max_length=160, verbose_name="no"
                            ),
                        ),
                        (
                            "recommendation_title",
                            models.CharField(
                                blank=True,
                                help_text="What the hotline should do, as an act, such as “Renew the protocol with the police”.",
                                max_length=120,
                                verbose_name="title of the recommendation",
                            ),
                        ),
                        (
                            "recommendation_text",
                            models.TextField(
                                blank=True,
                                help_text="One or two sentences: how to do it.",
                                verbose_name="text of the recommendation",
                            ),
                        ),
                        (
                            "recommendation_look_for",
                            models.CharField(
                                blank=True,
                                help_text="What an assessor will check.",
                                max_length=255,
                                verbose_name="what we will look for",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "indicator",
                    },
                    bases=("wagtailcore.page", models.Model),
                ),
                migrations.CreateModel(
                    name="GuideObligation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "locale",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="wagtailcore.locale",
                                verbose_name="locale",
                            ),
                        ),
                        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                        (
                            "page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="obligations",
                                to="standards.editionpage",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                help_text="A short word that stays the same in every language, such as “essential”.",
                                max_length=20,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        re.compile("^[a-z][a-z_]{0,19}$"),
                                        "Use small letters and underscores, such as “essential”.",
                                    )
                                ],
                                verbose_name="code",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="How it is called in public, such as “Essential”.",
                                max_length=60,
                                verbose_name="name",
                            ),
                        ),
                        (
                            "weight",
                            models.PositiveSmallIntegerField(
                                default=1,
                                help_text="How many times such an indicator counts where a score is a mean by weight. 0: it does not.",
                                validators=[django.core.validators.MaxValueValidator(99)],
                                verbose_name="weight",
                            ),
                        ),
                        (
                            "wanted",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="A recommendation is drafted where this level is not reached. Empty: none ever is.",
                                null=True,
                                verbose_name="level asked for",
                            ),
                        ),
                        (
                            "excusable",
                            models.BooleanField(
                                default=True,
                                help_text="Its indicators may allow a hotline to say that they do not apply to it.",
                                verbose_name="may be not applicable",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "obligation",
                        "ordering": ["sort_order"],
                        "unique_together": {("translation_key", "locale")},
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="GuideTrait",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "locale",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="wagtailcore.locale",
                                verbose_name="locale",
                            ),
                        ),
                        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                        (
                            "page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="traits",
                                to="standards.editionpage",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                help_text="A short word that stays the same in every language, such as “own_number”.",
                                max_length=20,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        re.compile("^[a-z][a-z_]{0,19}$"),
                                        "Use small letters and underscores, such as “own_number”.",
                                    )
                                ],
                                verbose_name="code",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="How it is called in public, such as “Answers a number of its own”.",
                                max_length=60,
                                verbose_name="name",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "trait",
                        "ordering": ["sort_order"],
                        "unique_together": {("translation_key", "locale")},
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="GuideGroup",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "locale",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="wagtailcore.locale",
                                verbose_name="locale",
                            ),
                        ),
                        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                        (
                            "page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="groups",
                                to="standards.editionpage",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                help_text="A code that stays the same in every language, such as “G1”.",
                                max_length=3,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        re.compile("^G[1-9]\\d?$"), "Use G and a number from 1 to 99, such as “G1”."
                                    )
                                ],
                                verbose_name="code",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="How it is called in public, such as “After the return”.",
                                max_length=120,
                                verbose_name="name",
                            ),
                        ),
                        (
                            "domains",
                            models.CharField(
                                help_text="The codes of the domains in it, such as “D1, D2”.",
                                max_length=500,
                                verbose_name="domains",
                            ),
                        ),
                        (
                            "weight",
                            models.PositiveSmallIntegerField(
                                default=1,
                                help_text="How many times it counts in a mean of the groups.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(99),
                                ],
                                verbose_name="weight",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "group of domains",
                        "ordering": ["sort_order"],
                        "unique_together": {("translation_key", "locale")},
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="GuidePassing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                        (
                            "test",
                            models.CharField(
                                choices=[
                                    ("incomplete", "Something is missing"),
                                    ("complete", "Nothing is missing"),
                                    ("every", "Every indicator reaches the level"),
                                    ("share", "At least the percentage of the indicators reaches the level"),
                                    ("at_least", "At least so many indicators reach the level"),
                                    ("below", "At most so many indicators are below the level"),
                                    ("score", "The score reaches the percentage"),
                                    ("domains", "Every domain, or so many of them, reaches the percentage"),
                                    ("groups", "Every group of domains, or so many of them, reaches the percentage"),
                                    ("standards", "Every standard, or so many of them, reaches the percentage"),
                                    ("failing", "At most so many standards do not pass"),
                                    ("figure", "A number that is shown and not scored is within a bound"),
                                    ("reached", "Another outcome’s conditions hold as well"),
                                    ("any", "At least so many of the conditions below hold"),
                                ],
                                help_text="What must be so.",
                                max_length=20,
                                verbose_name="test",
                            ),
                        ),
                        (
                            "obligation",
                            models.CharField(
                                blank=True,
                                help_text="The code of an obligation above, to look at its indicators only.",
                                max_length=20,
                                verbose_name="obligation",
                            ),
                        ),
                        (
                            "level",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="The level of the scale that the test compares with.",
                                null=True,
                                verbose_name="level",
                            ),
                        ),
                        (
                            "count",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="How many indicators, standards, domains or conditions: may fall short, or must not, by the test.",
                                null=True,
                                verbose_name="how many",
                            ),
                        ),
                        (
                            "percent",
                            models.CharField(
                                blank=True,
                                help_text="The percentage from 0 to 100 that must be reached, such as “80”, “66.5” or “66 2/3”.",
                                max_length=12,
                                verbose_name="percentage",
                            ),
                        ),
                        (
                            "strictly",
                            models.BooleanField(
                                default=False,
                                help_text="Just the percentage is then not enough.",
                                verbose_name="more than the percentage",
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                blank=True,
                                choices=[
                                    (None, "Not needed"),
                                    ("weighted_mean", "Mean of these indicators, by the weight of their obligation"),
                                    ("mean", "Mean of these indicators, each counted once"),
                                    ("sum", "Sum of their points, of those that could be had"),
                                    ("share", "Share of these indicators at a level or better"),
                                    ("lowest", "The worst level among these indicators"),
                                ],
                                help_text="Only for a score of some indicators, of an obligation or by their codes: how it is made of them.",
                                max_length=15,
                                verbose_name="method of the score",
                            ),
                        ),
                        (
                            "page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="passing",
                                to="standards.editionpage",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "condition of a standard",
                        "ordering": ["sort_order"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="GuideResult",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "locale",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="wagtailcore.locale",
                                verbose_name="locale",
                            ),
                        ),
                        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                        (
                            "page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="results",
                                to="standards.editionpage",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                help_text="A short word that stays the same in every language, such as “seal”.",
                                max_length=20,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        re.compile("^[a-z][a-z_]{0,19}$"),
                                        "Use small letters and underscores, such as “seal”.",
                                    )
                                ],
                                verbose_name="code",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="How it is called in public, such as “Seal for digital services”.",
                                max_length=60,
                                verbose_name="name",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "further result",
                        "ordering": ["sort_order"],
                        "unique_together": {("translation_key", "locale")},
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="GuideOutcome",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "locale",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="wagtailcore.locale",
                                verbose_name="locale",
                            ),
                        ),
                        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                        (
                            "page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="outcomes",
                                to="standards.editionpage",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                help_text="A short word that stays the same in every language, such as “conditional”.",
                                max_length=30,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        re.compile("^[a-z][a-z_]{0,29}$"),
                                        "Use small letters and underscores, such as “conditional”.",
                                    )
                                ],
                                verbose_name="code",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="How the outcome is called in public.", max_length=60, verbose_name="name"
                            ),
                        ),
                        (
                            "months",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="How long the accreditation holds. 0 means that none is given.",
                                validators=[django.core.validators.MaxValueValidator(120)],
                                verbose_name="months valid",
                            ),
                        ),
                        (
                            "result",
                            models.CharField(
                                blank=True,
                                help_text="The code of a further result that it is an outcome of. Empty: the panel decides on it.",
                                max_length=20,
                                verbose_name="of the further result",
                            ),
                        ),
                        (
                            "becomes",
                            models.CharField(
                                blank=True,
                                help_text="The code of the better outcome that then replaces it, until the same last day. Empty: it stays as it is.",
                                max_length=30,
                                verbose_name="when all conditions are met",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "outcome",
                        "ordering": ["sort_order"],
                        "unique_together": {("translation_key", "locale")},
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="GuideCondition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                        (
                            "test",
                            models.CharField(
                                choices=[
                                    ("incomplete", "Something is missing"),
                                    ("complete", "Nothing is missing"),
                                    ("every", "Every indicator reaches the level"),
                                    ("share", "At least the percentage of the indicators reaches the level"),
                                    ("at_least", "At least so many indicators reach the level"),
                                    ("below", "At most so many indicators are below the level"),
                                    ("score", "The score reaches the percentage"),
                                    ("domains", "Every domain, or so many of them, reaches the percentage"),
                                    ("groups", "Every group of domains, or so many of them, reaches the percentage"),
                                    ("standards", "Every standard, or so many of them, reaches the percentage"),
                                    ("failing", "At most so many standards do not pass"),
                                    ("figure", "A number that is shown and not scored is within a bound"),
                                    ("reached", "Another outcome’s conditions hold as well"),
                                    ("any", "At least so many of the conditions below hold"),
                                ],
                                help_text="What must be so.",
                                max_length=20,
                                verbose_name="test",
                            ),
                        ),
                        (
                            "obligation",
                            models.CharField(
                                blank=True,
                                help_text="The code of an obligation above, to look at its indicators only.",
                                max_length=20,
                                verbose_name="obligation",
                            ),
                        ),
                        (
                            "level",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="The level of the scale that the test compares with.",
                                null=True,
                                verbose_name="level",
                            ),
                        ),
                        (
                            "count",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="How many indicators, standards, domains or conditions: may fall short, or must not, by the test.",
                                null=True,
                                verbose_name="how many",
                            ),
                        ),
                        (
                            "percent",
                            models.CharField(
                                blank=True,
                                help_text="The percentage from 0 to 100 that must be reached, such as “80”, “66.5” or “66 2/3”.",
                                max_length=12,
                                verbose_name="percentage",
                            ),
                        ),
                        (
                            "strictly",
                            models.BooleanField(
                                default=False,
                                help_text="Just the percentage is then not enough.",
                                verbose_name="more than the percentage",
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                blank=True,
                                choices=[
                                    (None, "Not needed"),
                                    ("weighted_mean", "Mean of these indicators, by the weight of their obligation"),
                                    ("mean", "Mean of these indicators, each counted once"),
                                    ("sum", "Sum of their points, of those that could be had"),
                                    ("share", "Share of these indicators at a level or better"),
                                    ("lowest", "The worst level among these indicators"),
                                ],
                                help_text="Only for a score of some indicators, of an obligation or by their codes: how it is made of them.",
                                max_length=15,
                                verbose_name="method of the score",
                            ),
                        ),
                        (
                            "outcome",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="conditions",
                                to="standards.guideoutcome",
                            ),
                        ),
                        (
                            "group",
                            models.CharField(
                                blank=True,
                                help_text="The code of a group of domains, to look at it only, such as “G1”.",
                                max_length=3,
                                verbose_name="group of domains",
                            ),
                        ),
                        (
                            "domain",
                            models.CharField(
                                blank=True,
                                help_text="The code of a domain, to look at it only, such as “D5”.",
                                max_length=12,
                                verbose_name="domain",
                            ),
                        ),
                        (
                            "standard",
                            models.CharField(
                                blank=True,
                                help_text="The code of a standard, to look at it only, such as “5.1”.",
                                max_length=12,
                                verbose_name="standard",
                            ),
                        ),
                        (
                            "codes",
                            models.CharField(
                                blank=True,
                                help_text="The codes of indicators, to look at these only, such as “5.1.1, 5.1.2”.",
                                max_length=255,
                                verbose_name="indicators",
                            ),
                        ),
                        (
                            "reached",
                            models.CharField(
                                blank=True,
                                help_text="The code of the outcome whose conditions must hold as well.",
                                max_length=30,
                                verbose_name="other outcome",
                            ),
                        ),
                        (
                            "figure",
                            models.CharField(
                                blank=True,
                                help_text="What a number that is shown and not scored must be: “>=90”, “>90”, “<=90” or “<90”.",
                                max_length=20,
                                verbose_name="bound of the figure",
                            ),
                        ),
                        (
                            "is_alternative",
                            models.BooleanField(
                                default=False,
                                help_text="It belongs to the condition above it of which some must hold.",
                                verbose_name="one of several",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "condition",
                        "ordering": ["sort_order"],
                        "abstract": False,
                    },
                ),
            ],
        ),
        delete_pages_on_reverse("standards", "IndicatorPage", "StandardPage", "DomainPage", "EditionPage", "GuidePage"),
    ]
