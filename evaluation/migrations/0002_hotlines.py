"""Hotlines, who runs them, and who has which part in them."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import evaluation.models.states
from standards.migration_operations import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0001_people"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Operator",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("specialised_ngo", "specialised organisation"),
                                    ("child_helpline", "child helpline"),
                                    ("consortium", "consortium"),
                                    ("public_authority", "public authority"),
                                    ("unknown", "not recorded"),
                                ],
                                default="unknown",
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Hotline",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "code",
                            models.CharField(
                                help_text="116000- and the country, 116000-BE",
                                max_length=12,
                                unique=True,
                                verbose_name="code",
                            ),
                        ),
                        ("country", models.CharField(max_length=2, unique=True, verbose_name="country code")),
                        (
                            "recorded_name",
                            models.CharField(db_column="name", max_length=80, verbose_name="country"),
                        ),
                        ("languages", models.CharField(blank=True, max_length=200, verbose_name="languages")),
                        (
                            "time_zone",
                            models.CharField(
                                blank=True,
                                help_text="Empty for the first time zone of the country.",
                                max_length=50,
                                verbose_name="time zone",
                            ),
                        ),
                        ("notes", models.CharField(blank=True, max_length=300, verbose_name="notes")),
                        (
                            "mce_member",
                            models.BooleanField(null=True, verbose_name="member of Missing Children Europe"),
                        ),
                        ("is_invented", models.BooleanField(default=False, editable=False)),
                        (
                            "operators",
                            models.ManyToManyField(
                                related_name="hotlines", through="evaluation.Operation", to="evaluation.operator"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["recorded_name"],
                    },
                ),
                migrations.CreateModel(
                    name="Operation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "hotline",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="operations",
                                to="evaluation.hotline",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="operations",
                                to="evaluation.operator",
                            ),
                        ),
                        (
                            "since",
                            models.CharField(
                                blank=True, help_text="2012, 2012-12 or 2012-12-01", max_length=10, verbose_name="from"
                            ),
                        ),
                        ("until", models.CharField(blank=True, max_length=10, verbose_name="until")),
                        ("is_current", models.BooleanField(default=True, verbose_name="runs it now")),
                        ("sources", models.TextField(blank=True, verbose_name="sources")),
                    ],
                    options={
                        "ordering": ["hotline", "-is_current", "since"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_current", True)),
                                fields=("hotline",),
                                name="one_current_operator_for_a_hotline",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("contributor", "hotline contributor"),
                                    ("coordinator", "hotline coordinator"),
                                    ("assessor", "assessor"),
                                    ("mce_coordinator", "MCE coordinator"),
                                    ("guide_editor", "guide editor"),
                                    ("panel_member", "panel member"),
                                    ("panel_chair", "chair of the panel"),
                                ],
                                max_length=20,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "hotline",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="evaluation.hotline",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="evaluation.operator",
                            ),
                        ),
                        ("since", models.DateField(default=django.utils.timezone.localdate, verbose_name="from")),
                        ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("hotline__isnull", False), ("role__in", ("contributor", "coordinator"))),
                                    models.Q(
                                        models.Q(("role__in", ("contributor", "coordinator")), _negated=True),
                                        ("hotline__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="hotline_roles_have_a_hotline",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("user", "role", "hotline", "since"),
                                name="one_membership_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Stake",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stakes",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "hotline",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stakes",
                                to="evaluation.hotline",
                            ),
                        ),
                        ("reason", models.CharField(max_length=300, verbose_name="what ties you to this hotline")),
                        ("declared_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "hotline"), name="one_stake_for_a_hotline")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("language", models.CharField(default="en", max_length=10, verbose_name="language")),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("contributor", "hotline contributor"),
                                    ("coordinator", "hotline coordinator"),
                                    ("assessor", "assessor"),
                                    ("mce_coordinator", "MCE coordinator"),
                                    ("guide_editor", "guide editor"),
                                    ("panel_member", "panel member"),
                                    ("panel_chair", "chair of the panel"),
                                ],
                                max_length=20,
                                verbose_name="role",
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                        (
                            "hotline",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="evaluation.hotline",
                            ),
                        ),
                        (
                            "invited_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations_sent",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("accepted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PersonChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("give_role", "give a role"),
                                    ("end_role", "end a role"),
                                    ("country", "another country"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("written", "written"),
                                    ("proposed", "waits for a second person"),
                                    ("confirmed", "confirmed"),
                                    ("dropped", "dropped"),
                                ],
                                default="written",
                                max_length=50,
                                verbose_name="state",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("language", models.CharField(default="en", max_length=10, verbose_name="language")),
                        (
                            "role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("contributor", "hotline contributor"),
                                    ("coordinator", "hotline coordinator"),
                                    ("assessor", "assessor"),
                                    ("mce_coordinator", "MCE coordinator"),
                                    ("guide_editor", "guide editor"),
                                    ("panel_member", "panel member"),
                                    ("panel_chair", "chair of the panel"),
                                ],
                                max_length=20,
                                verbose_name="role",
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                        ("former_country", models.CharField(blank=True, max_length=2)),
                        (
                            "was_mistaken",
                            models.BooleanField(default=False, verbose_name="The country before was a mistake"),
                        ),
                        ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("closed_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "hotline",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="evaluation.hotline",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="evaluation.membership",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-proposed_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "proposed")),
                                fields=("what", "email", "role"),
                                name="one_proposed_change_at_a_time",
                            )
                        ],
                    },
                    bases=(evaluation.models.states._Concurrent, models.Model),
                ),
            ],
        ),
    ]
