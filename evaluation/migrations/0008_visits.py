"""A visit is proposed, its days are suggested and agreed on, and its team declares its interests."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

STATES = [
    ("proposed", "proposed"),
    ("dates_agreed", "dates agreed"),
    ("team_confirmed", "team confirmed"),
    ("agenda_sent", "agenda sent"),
    ("under_way", "under way"),
    ("signed_off", "signed off"),
    ("cancelled", "cancelled"),
]


PLANNED_ARE_AGREED = "UPDATE evaluation_visit SET state = 'dates_agreed' WHERE state = 'planned'"
"""A planned visit has its days already; its team is asked to declare."""
ALL_ARE_PLANNED = """
    UPDATE evaluation_visit SET starts_on = CURRENT_DATE, ends_on = CURRENT_DATE WHERE starts_on IS NULL;
    UPDATE evaluation_visit SET state = 'planned' WHERE state NOT IN ('under_way', 'signed_off')
"""
"""Backwards every visit needs days."""


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0007_teamwork"),
    ]

    operations = [
        migrations.CreateModel(
            name="SuggestedDates",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                (
                    "side",
                    models.CharField(
                        choices=[("hotline", "the hotline"), ("team", "the team and Missing Children Europe")],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="what the other side should know")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_open", models.BooleanField(default=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggested_dates",
                        to="evaluation.visit",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", F("starts_on"))),
                        name="suggested_dates_end_after_they_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_open", True)),
                        fields=("visit", "starts_on", "ends_on", "side"),
                        name="dates_are_suggested_once",
                    ),
                ],
            },
        ),
        migrations.AddField("agenda", "planned_for", models.DateField(null=True)),
        migrations.AddField("teammember", "declared_at", models.DateTimeField(null=True)),
        migrations.AlterField("visit", "starts_on", models.DateField(blank=True, null=True, verbose_name="first day")),
        migrations.AlterField("visit", "ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
        migrations.AlterField(
            "visit",
            "state",
            models.CharField(choices=STATES, default="proposed", max_length=50, verbose_name="state"),
        ),
        migrations.AddConstraint(
            "visit",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_on__isnull", False), ("starts_on__isnull", False)),
                    models.Q(("ends_on", None), ("starts_on", None), ("state__in", ("proposed", "cancelled"))),
                    _connector="OR",
                ),
                name="a_visit_without_days_is_proposed_or_cancelled",
            ),
        ),
        migrations.RunSQL(PLANNED_ARE_AGREED, ALL_ARE_PLANNED),
    ]
