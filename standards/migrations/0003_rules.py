"""The decision rule as data of the edition: obligations, methods, a scale of its own, a procedure."""

import re
import uuid
from typing import Any

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models
from django.utils import translation
from django.utils.translation import gettext as _

OBLIGATIONS = (("essential", 3, False), ("core", 2, True), ("developmental", 1, True))
"""What every edition had: the code, the level asked for, which is the usual weight too, whether it may be excused."""


def carry_over(apps: Any, schema_editor: Any) -> None:
    """Weights become obligations, and conditions the tests that say the same; in drafts and older versions too."""
    rows = {}
    for page in apps.get_model("standards", "EditionPage").objects.select_related("locale"):
        rows[str(page.pk)] = _make_obligations(apps, page)
    for condition in apps.get_model("standards", "GuideCondition").objects.filter(test__in=NEW_TESTS):
        for name, value in say_anew(_of_row(condition)).items():
            setattr(condition, name, value)
        condition.save()
    for revision, content in _revisions(apps):
        weights = {code: content.pop(f"weight_{code}", wanted) for code, wanted, _excusable in OBLIGATIONS}
        content["obligations"] = [
            {**row, "weight": weights.get(row["code"], row["weight"])} for row in rows.get(revision.object_id, [])
        ]
        content["passing"] = []
        for outcome in content.get("outcomes", []):
            outcome["conditions"] = [say_anew(condition) for condition in outcome.get("conditions", [])]
        _keep(revision, content)
    _check_now(schema_editor)


def _make_obligations(apps: Any, page: Any) -> list[dict[str, Any]]:
    """The three of an edition, and how a version of the page holds them."""
    with translation.override(page.locale.language_code):
        names = {"essential": _("Essential"), "core": _("Core"), "developmental": _("Developmental")}
    found = []
    for place, (code, wanted, excusable) in enumerate(OBLIGATIONS):
        fields = {
            "code": code,
            "name": names[code],
            "weight": getattr(page, f"weight_{code}"),
            "wanted": wanted,
            "excusable": excusable,
            "sort_order": place,
        }
        key = uuid.uuid5(page.translation_key, code)  # the same in every language of the page
        row = apps.get_model("standards", "GuideObligation").objects.create(
            page=page, locale_id=page.locale_id, translation_key=key, **fields
        )
        found.append({**fields, "pk": row.pk, "page": page.pk, "locale": page.locale_id, "translation_key": str(key)})
    return found


NEW_TESTS = ("at_most", "none_at", "overall")


def say_anew(condition: dict[str, Any]) -> dict[str, Any]:
    """At most so many at a level: so many below the next. None at a level or missing: every one reaches the next."""
    test, level = condition["test"], condition.get("level")
    above = None if level is None else level + 1
    if test == "at_most":
        return {**condition, "test": "below", "level": above}
    if test == "none_at":
        return {**condition, "test": "every", "level": above}
    return {**condition, "test": "score"} if test == "overall" else condition


def carry_back(apps: Any, schema_editor: Any) -> None:
    """The other way round. A condition that could not be said before is left out."""
    pages = apps.get_model("standards", "EditionPage")
    for row in apps.get_model("standards", "GuideObligation").objects.filter(code__in=[o[0] for o in OBLIGATIONS]):
        pages.objects.filter(pk=row.page_id).update(**{f"weight_{row.code}": row.weight})
    for condition in apps.get_model("standards", "GuideCondition").objects.all():
        before = say_as_before(_of_row(condition))
        if before is None:
            condition.delete()
            continue
        for name, value in before.items():
            setattr(condition, name, value)
        condition.save()
    for revision, content in _revisions(apps):
        weights = {row["code"]: row["weight"] for row in content.pop("obligations", [])}
        content.pop("passing", None)
        content.update({f"weight_{code}": weights.get(code, usual) for code, usual, _excusable in OBLIGATIONS})
        for outcome in content.get("outcomes", []):
            conditions = (say_as_before(condition) for condition in outcome.get("conditions", []))
            outcome["conditions"] = [condition for condition in conditions if condition is not None]
        _keep(revision, content)
    _check_now(schema_editor)


def say_as_before(condition: dict[str, Any]) -> dict[str, Any] | None:
    test, level = condition["test"], condition.get("level")
    of_obligation = bool(condition.get("obligation"))
    if any(condition.get(name) for name in ("domain", "standard", "codes")):
        return None
    if test == "below" and of_obligation and level:
        return {**condition, "test": "at_most", "level": level - 1}
    if test == "score" and not of_obligation:
        return {**condition, "test": "overall"}
    if test == "domains" or (test in {"incomplete", "every"} and of_obligation):
        return condition
    return None


def _of_row(condition: Any) -> dict[str, Any]:
    names = ("test", "obligation", "level", "count", "percent", "domain", "standard", "codes")
    return {name: getattr(condition, name) for name in names}


def _revisions(apps: Any) -> Any:
    """Every version of an edition's page that Wagtail keeps."""
    revisions = apps.get_model("wagtailcore", "Revision")
    kept = revisions.objects.filter(content_type__app_label="standards", content_type__model="editionpage")
    for revision in kept.iterator():
        yield revision, revision.content


def _keep(revision: Any, content: dict[str, Any]) -> None:
    revision.content = content
    revision.save(update_fields=["content"])


def _check_now(schema_editor: Any) -> None:
    """PostgreSQL alters no table while a check of its rows is still waiting for the end of the transaction."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0002_guide_pages"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="domainpage",
            name="weight",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="How many times the domain counts, where the overall score is the mean of the domains.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)],
                verbose_name="weight",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="appeal_days",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="From the day the hotline is told.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)],
                verbose_name="days to appeal",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="deferral_months",
            field=models.PositiveSmallIntegerField(
                default=6,
                help_text="Within which a hotline hands in what is missing.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)],
                verbose_name="months of a deferral",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="departing",
            field=models.PositiveSmallIntegerField(
                default=2,
                help_text="Members who must vote for an outcome other than the one proposed.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)],
                verbose_name="votes to depart",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="domain_method",
            field=models.CharField(
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
        migrations.AddField(
            model_name="editionpage",
            name="excused_at_most",
            field=models.PositiveSmallIntegerField(
                default=100,
                help_text="The percentage of a standard that “not applicable” may take out of the score. What goes beyond counts as not reached.",
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="how much may be excused",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="level_4",
            field=models.CharField(
                blank=True,
                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                max_length=60,
                verbose_name="level 4",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="level_5",
            field=models.CharField(
                blank=True,
                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                max_length=60,
                verbose_name="level 5",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="midterm_months",
            field=models.PositiveSmallIntegerField(
                default=18,
                help_text="From the decision to the check of the recommendations.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)],
                verbose_name="months to the mid-term check",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="overall_method",
            field=models.CharField(
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
        migrations.AddField(
            model_name="editionpage",
            name="quorum",
            field=models.PositiveSmallIntegerField(
                default=3,
                help_text="Members of the panel who must vote.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)],
                verbose_name="quorum",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="reminder_months",
            field=models.PositiveSmallIntegerField(
                default=9,
                help_text="Before an accreditation ends.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)],
                verbose_name="months of the reminder",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="response_days",
            field=models.PositiveSmallIntegerField(
                default=14,
                help_text="For the hotline’s word on the draft report.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)],
                verbose_name="days to respond",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="scale_falling",
            field=models.BooleanField(
                default=False,
                help_text="For a scale on which 1 is better than 4.",
                verbose_name="the lowest number is the best",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="scale_highest",
            field=models.PositiveSmallIntegerField(
                default=3,
                help_text="The number at which it ends, at most 5.",
                validators=[django.core.validators.MaxValueValidator(5)],
                verbose_name="highest number",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="scale_lowest",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="The number at which the scale begins, such as 0.",
                validators=[django.core.validators.MaxValueValidator(4)],
                verbose_name="lowest number",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="scale_points",
            field=models.CharField(
                blank=True,
                help_text="The points of each level, from the lowest number up, such as “0, 1, 3”. Empty: the worst level has 0, and each better one has 1 more.",
                max_length=40,
                verbose_name="points",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="share_level",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Only if one of the scores is a share: the level from which an indicator counts.",
                null=True,
                verbose_name="level a share counts from",
            ),
        ),
        migrations.AddField(
            model_name="editionpage",
            name="standard_method",
            field=models.CharField(
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
        migrations.AddField(
            model_name="guidecondition",
            name="codes",
            field=models.CharField(
                blank=True,
                help_text="The codes of indicators, to look at these only, such as “5.1.1, 5.1.2”.",
                max_length=255,
                verbose_name="indicators",
            ),
        ),
        migrations.AddField(
            model_name="guidecondition",
            name="domain",
            field=models.CharField(
                blank=True,
                help_text="The code of a domain, to look at it only, such as “D5”.",
                max_length=12,
                verbose_name="domain",
            ),
        ),
        migrations.AddField(
            model_name="guidecondition",
            name="reached",
            field=models.CharField(
                blank=True,
                help_text="The code of the outcome whose conditions must hold as well.",
                max_length=30,
                verbose_name="other outcome",
            ),
        ),
        migrations.AddField(
            model_name="guidecondition",
            name="standard",
            field=models.CharField(
                blank=True,
                help_text="The code of a standard, to look at it only, such as “5.1”.",
                max_length=12,
                verbose_name="standard",
            ),
        ),
        migrations.AddField(
            model_name="guideindicator",
            name="asked_from",
            field=models.DateField(
                blank=True,
                help_text="The first day on which it is asked. Empty: it always is.",
                null=True,
                verbose_name="asked from",
            ),
        ),
        migrations.AddField(
            model_name="guideindicator",
            name="counts_with",
            field=models.CharField(
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
        migrations.AddField(
            model_name="guideindicator",
            name="level_4",
            field=models.CharField(
                blank=True,
                help_text="What this level means for this indicator, in one short sentence.",
                max_length=160,
                verbose_name="level 4",
            ),
        ),
        migrations.AddField(
            model_name="guideindicator",
            name="level_5",
            field=models.CharField(
                blank=True,
                help_text="What this level means for this indicator, in one short sentence.",
                max_length=160,
                verbose_name="level 5",
            ),
        ),
        migrations.AddField(
            model_name="guideindicator",
            name="points",
            field=models.CharField(
                blank=True,
                help_text="Only if its levels are worth other points than the scale says, such as “0, 2, 6”.",
                max_length=40,
                verbose_name="points",
            ),
        ),
        migrations.AddField(
            model_name="standardpage",
            name="weight",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="How many times the standard counts, where a domain is the mean of its standards.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)],
                verbose_name="weight",
            ),
        ),
        migrations.AlterField(
            model_name="editionpage",
            name="level_0",
            field=models.CharField(
                blank=True,
                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                max_length=60,
                verbose_name="level 0",
            ),
        ),
        migrations.AlterField(
            model_name="editionpage",
            name="level_1",
            field=models.CharField(
                blank=True,
                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                max_length=60,
                verbose_name="level 1",
            ),
        ),
        migrations.AlterField(
            model_name="editionpage",
            name="level_2",
            field=models.CharField(
                blank=True,
                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                max_length=60,
                verbose_name="level 2",
            ),
        ),
        migrations.AlterField(
            model_name="editionpage",
            name="level_3",
            field=models.CharField(
                blank=True,
                help_text="How the level is called beside every answer. Empty if the scale does not have it.",
                max_length=60,
                verbose_name="level 3",
            ),
        ),
        migrations.AlterField(
            model_name="guidecondition",
            name="count",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How many indicators, or standards, may fall short.",
                null=True,
                verbose_name="how many",
            ),
        ),
        migrations.AlterField(
            model_name="guidecondition",
            name="level",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="The level of the scale that the test compares with.",
                null=True,
                verbose_name="level",
            ),
        ),
        migrations.AlterField(
            model_name="guidecondition",
            name="obligation",
            field=models.CharField(
                blank=True,
                help_text="The code of an obligation above, to look at its indicators only.",
                max_length=20,
                verbose_name="obligation",
            ),
        ),
        migrations.AlterField(
            model_name="guidecondition",
            name="percent",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="The percentage from 0 to 100 that must be reached.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="percentage",
            ),
        ),
        migrations.AlterField(
            model_name="guidecondition",
            name="test",
            field=models.CharField(
                choices=[
                    ("incomplete", "Something is missing"),
                    ("complete", "Nothing is missing"),
                    ("every", "Every indicator reaches the level"),
                    ("share", "At least the percentage of the indicators reaches the level"),
                    ("below", "At most so many indicators are below the level"),
                    ("score", "The score reaches the percentage"),
                    ("domains", "Every domain reaches the percentage"),
                    ("standards", "Every standard reaches the percentage"),
                    ("failing", "At most so many standards do not pass"),
                    ("reached", "Another outcome’s conditions hold as well"),
                ],
                help_text="What must be so.",
                max_length=20,
                verbose_name="test",
            ),
        ),
        migrations.AlterField(
            model_name="guideindicator",
            name="bands",
            field=models.CharField(
                blank=True,
                help_text="Which value gives which level, tried from left to right, such as “>=90:3;>=80:2;>=60:1”. Write “report_only” if it is shown and not scored.",
                max_length=120,
                verbose_name="bands",
            ),
        ),
        migrations.AlterField(
            model_name="guideindicator",
            name="formula",
            field=models.CharField(
                blank=True,
                help_text="An item of the data dictionary or a ratio, such as “A04/(A03-A05)”.",
                max_length=30,
                verbose_name="formula",
            ),
        ),
        migrations.AlterField(
            model_name="guideindicator",
            name="measure",
            field=models.CharField(
                choices=[("scale", "A level of the scale"), ("yes_no", "Yes or no"), ("numeric", "A number")],
                help_text="How the indicator is answered.",
                max_length=10,
                verbose_name="measure",
            ),
        ),
        migrations.AlterField(
            model_name="guideindicator",
            name="not_applicable",
            field=models.BooleanField(
                default=False,
                help_text="A hotline may say with a reason that this does not apply to it, if the obligation lets it.",
                verbose_name="may be not applicable",
            ),
        ),
        migrations.AlterField(
            model_name="guideindicator",
            name="obligation",
            field=models.CharField(
                help_text="How much the Guide insists. The obligations stand on the page of the edition.",
                max_length=20,
                verbose_name="obligation",
            ),
        ),
        migrations.AlterField(
            model_name="guideindicator",
            name="unit",
            field=models.CharField(
                blank=True,
                help_text="What the number counts, such as “percent” or “hours”.",
                max_length=30,
                verbose_name="unit",
            ),
        ),
        migrations.CreateModel(
            name="GuidePassing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "test",
                    models.CharField(
                        choices=[
                            ("incomplete", "Something is missing"),
                            ("complete", "Nothing is missing"),
                            ("every", "Every indicator reaches the level"),
                            ("share", "At least the percentage of the indicators reaches the level"),
                            ("below", "At most so many indicators are below the level"),
                            ("score", "The score reaches the percentage"),
                            ("domains", "Every domain reaches the percentage"),
                            ("standards", "Every standard reaches the percentage"),
                            ("failing", "At most so many standards do not pass"),
                            ("reached", "Another outcome’s conditions hold as well"),
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
                        help_text="How many indicators, or standards, may fall short.",
                        null=True,
                        verbose_name="how many",
                    ),
                ),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="The percentage from 0 to 100 that must be reached.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="percentage",
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passing", to="standards.editionpage"
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
            name="GuideObligation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
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
                        help_text="How it is called in public, such as “Essential”.", max_length=60, verbose_name="name"
                    ),
                ),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="How many times such an indicator counts where a score is a mean by weight.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99),
                        ],
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
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="obligations",
                        to="standards.editionpage",
                    ),
                ),
            ],
            options={
                "verbose_name": "obligation",
                "ordering": ["sort_order"],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
        ),
        migrations.RunPython(carry_over, carry_back),
        migrations.RemoveField(
            model_name="editionpage",
            name="weight_core",
        ),
        migrations.RemoveField(
            model_name="editionpage",
            name="weight_developmental",
        ),
        migrations.RemoveField(
            model_name="editionpage",
            name="weight_essential",
        ),
    ]
