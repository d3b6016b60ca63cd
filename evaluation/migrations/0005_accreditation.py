"""Publications, accreditations, appeals, corrections and reminders; what was published before gets its rows."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import django_fsm
from django.conf import settings
from django.db import migrations, models


def note_what_is_published(apps, _schema_editor):
    """Until now an evaluation at its last stage was all there was of a publication."""
    Evaluation = apps.get_model("evaluation", "Evaluation")
    Publication = apps.get_model("evaluation", "Publication")
    Accreditation = apps.get_model("evaluation", "Accreditation")
    Step = apps.get_model("evaluation", "Step")
    published = []
    for evaluation in Evaluation.objects.filter(state="published"):
        decision = evaluation.decisions.order_by("-decided_at", "-pk").first()
        step = Step.objects.filter(kind="evaluation", uid=evaluation.uid, move="publish").order_by("-seq").first()
        if decision is not None:
            published.append((step.at if step else decision.decided_at, decision, evaluation))
    newest = {}
    for at, decision, evaluation in sorted(published, key=lambda found: found[0]):
        Publication.objects.create(decision=decision, at=at)
        newest[evaluation.hotline_id] = decision.pk
    for _at, decision, evaluation in published:
        if decision.valid_until is not None:
            state = "valid" if newest[evaluation.hotline_id] == decision.pk else "replaced"
            Accreditation.objects.create(hotline=evaluation.hotline, decision=decision, state=state)


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0004_follow_up"),
    ]

    operations = [
        migrations.AddField(
            model_name="evaluation",
            name="renews",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="renewals",
                to="evaluation.evaluation",
            ),
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("written", "written"),
                            ("lodged", "lodged"),
                            ("upheld", "upheld"),
                            ("dismissed", "dismissed"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="written",
                        max_length=50,
                        verbose_name="state",
                    ),
                ),
                ("grounds", models.TextField(verbose_name="grounds")),
                ("lodged_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeal", to="evaluation.decision"
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="evaluation.evaluation"
                    ),
                ),
                (
                    "lodged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-lodged_at", "-pk"],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="AppealDeclaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("has_stake", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="what ties you to this hotline")),
                ("declared_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "appeal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="declarations", to="evaluation.appeal"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["declared_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AppealVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(max_length=40, verbose_name="outcome")),
                ("words", models.TextField(verbose_name="why")),
                ("voted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "appeal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="evaluation.appeal"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["voted_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publication",
                        to="evaluation.decision",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("ends", "the accreditation ends"),
                            ("ended", "the accreditation has ended"),
                            ("midterm", "the mid-term check is due"),
                            ("deferral", "the deferral is over"),
                            ("response", "the response is overdue"),
                        ],
                        max_length=20,
                    ),
                ),
                ("uid", models.UUIDField()),
                ("due_on", models.DateField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("about", "uid", "due_on"), name="one_reminder_of_a_date")
                ],
            },
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reasons", models.TextField(verbose_name="reasons")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "appeal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ruling", to="evaluation.appeal"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ruling",
                        to="evaluation.decision",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Accreditation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("granted", "granted"),
                            ("valid", "valid"),
                            ("suspended", "suspended"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "expired"),
                            ("replaced", "replaced by a newer decision"),
                        ],
                        default="granted",
                        max_length=50,
                        verbose_name="state",
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accreditation",
                        to="evaluation.decision",
                    ),
                ),
                (
                    "hotline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accreditations",
                        to="evaluation.hotline",
                    ),
                ),
            ],
            options={
                "ordering": ["decision__valid_until", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["valid", "suspended"])),
                        fields=("hotline",),
                        name="one_running_accreditation_a_hotline",
                    )
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("written", "written"),
                            ("proposed", "proposed"),
                            ("confirmed", "confirmed"),
                            ("dropped", "dropped"),
                        ],
                        default="written",
                        max_length=50,
                        verbose_name="state",
                    ),
                ),
                ("outcome", models.CharField(max_length=40, verbose_name="decision")),
                ("reasons", models.TextField(verbose_name="reasons")),
                ("requirements", models.JSONField(default=list)),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="evaluation.decision",
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="evaluation.evaluation",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evaluation.scorecard"
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("evaluation",),
                        name="one_proposed_correction_at_a_time",
                    )
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.RunPython(note_what_is_published, migrations.RunPython.noop, elidable=True),
    ]
