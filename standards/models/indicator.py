"""An indicator as an editor writes it, on the page of its standard."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import TranslatableMixin

from standards.drafts.fields import FIGURES, INDICATOR_FIELDS, RECOMMENDATION, SCALE_LEVELS, YES_NO_LEVELS
from standards.drafts.part_checks import find_indicator_problems
from standards.framework import INDICATOR_STRUCTURE, MOST_MONTHS
from standards.models.choices import Measures, Sources, Supports
from standards.models.forms import LevelsPanel
from standards.models.rows import Row
from standards.models.tree import same_in_every_language

_HERE = _("What this level means for this indicator, in one short sentence.")


class GuideIndicator(TranslatableMixin, Row):
    """One indicator."""

    page = ParentalKey("standards.StandardPage", on_delete=models.CASCADE, related_name="indicators")
    code = models.CharField(
        _("code"),
        max_length=12,
        help_text=_("The code of the standard and a number, such as “5.1.3”. It must be the only one in the edition."),
    )
    wording = models.TextField(_("wording"), help_text=_("The indicator itself, in one sentence."))
    guidance = models.TextField(
        _("guidance"), help_text=_("What it means in daily work, what counts and what does not.")
    )
    obligation = models.CharField(
        _("obligation"),
        max_length=20,
        help_text=_("How much the Guide insists. The obligations stand on the page of the edition."),
    )
    measure = models.CharField(
        _("measure"), max_length=10, choices=Measures, help_text=_("How the indicator is answered.")
    )
    source = models.CharField(
        _("source"),
        max_length=12,
        choices=Sources,
        default=Sources.DOCUMENTS,
        help_text=_("Where the answer is checked. Statistics are filled in by the import."),
    )
    evidence = models.CharField(
        _("evidence"), max_length=255, help_text=_("What a hotline shows, such as “Signed protocol”.")
    )
    evidence_required = models.BooleanField(
        _("evidence required"), default=False, help_text=_("A “yes” cannot be sent in without a document or a link.")
    )
    not_applicable = models.BooleanField(
        _("may be not applicable"),
        default=False,
        help_text=_("A hotline may say with a reason that this does not apply to it, if the obligation lets it."),
    )
    counts_with = models.CharField(
        _("counts"),
        max_length=10,
        choices=Supports,
        blank=True,
        help_text=_("What the hotline’s own answer must come with before it counts."),
    )
    asked_from = models.DateField(
        _("asked from"),
        null=True,
        blank=True,
        help_text=_("The first day on which it is asked. Empty: it always is."),
    )
    points = models.CharField(
        _("points"),
        max_length=40,
        blank=True,
        help_text=_("Only if its levels are worth other points than the scale says, such as “0, 2, 6”."),
    )
    unit = models.CharField(
        _("unit"), max_length=30, blank=True, help_text=_("What the number counts, such as “percent” or “hours”.")
    )
    bands = models.CharField(
        _("bands"),
        max_length=120,
        blank=True,
        help_text=_(
            "Which value gives which level, tried from left to right, such as “>=90:3;>=80:2;>=60:1”. "
            "Write “report_only” if it is shown and not scored."
        ),
    )
    formula = models.CharField(
        _("formula"),
        max_length=30,
        blank=True,
        help_text=_("An item of the data dictionary or a ratio, such as “A04/(A03-A05)”."),
    )
    minimum_base = models.CharField(
        _("smallest base"),
        max_length=20,
        blank=True,
        help_text=_("The figure counts only from this many cases, such as “A56>=20”."),
    )
    minimum_months = models.PositiveSmallIntegerField(
        _("months at least"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
        help_text=_("How many months must be recorded for the figure to count. Empty: every month of the round."),
    )
    asked_anew = models.BooleanField(
        _("asked anew"),
        default=False,
        help_text=_(
            "Tick this if the indicator means something else than in the former edition. "
            "A hotline then answers it anew, and its former answer is not carried over."
        ),
    )
    level_0 = models.CharField(_("level 0"), max_length=160, blank=True, help_text=_HERE)
    level_1 = models.CharField(_("level 1"), max_length=160, blank=True, help_text=_HERE)
    level_2 = models.CharField(_("level 2"), max_length=160, blank=True, help_text=_HERE)
    level_3 = models.CharField(_("level 3"), max_length=160, blank=True, help_text=_HERE)
    level_4 = models.CharField(_("level 4"), max_length=160, blank=True, help_text=_HERE)
    level_5 = models.CharField(_("level 5"), max_length=160, blank=True, help_text=_HERE)
    level_yes = models.CharField(_("yes"), max_length=160, blank=True, help_text=_("What a “yes” stands for."))
    level_no = models.CharField(_("no"), max_length=160, blank=True, help_text=_("What a “no” stands for."))
    recommendation_title = models.CharField(
        _("title of the recommendation"),
        max_length=120,
        blank=True,
        help_text=_("What the hotline should do, as an act, such as “Renew the protocol with the police”."),
    )
    recommendation_text = models.TextField(
        _("text of the recommendation"), blank=True, help_text=_("One or two sentences: how to do it.")
    )
    recommendation_look_for = models.CharField(
        _("what we will look for"), max_length=255, blank=True, help_text=_("What an assessor will check.")
    )

    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("obligation")]),
        FieldRowPanel([FieldPanel("measure"), FieldPanel("source")]),
        FieldPanel("wording"),
        FieldPanel("guidance"),
        FieldPanel("evidence"),
        FieldRowPanel([FieldPanel("evidence_required"), FieldPanel("not_applicable")]),
        FieldRowPanel([FieldPanel("counts_with"), FieldPanel("asked_from")]),
        FieldPanel("points"),
        FieldPanel("asked_anew"),
        LevelsPanel(
            [FieldPanel(name) for name in SCALE_LEVELS],
            heading=_("Levels %(lowest)s to %(highest)s, if it is a level of the scale"),
        ),
        MultiFieldPanel([FieldPanel(name) for name in YES_NO_LEVELS], heading=_("Levels, if it is yes or no")),
        MultiFieldPanel(
            [FieldPanel(name) for name in FIGURES],
            heading=_("Number, if it is a number or capped by one"),
            help_text=_("An indicator that people judge can be capped: it then gets no better level than its number."),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in RECOMMENDATION],
            heading=_("Recommendation, if the indicator falls short"),
        ),
    ]
    override_translatable_fields = same_in_every_language(*(field.name for field in INDICATOR_STRUCTURE))

    class Meta(TranslatableMixin.Meta, Row.Meta):
        verbose_name = _("indicator")

    def __str__(self) -> str:
        return self.code

    @property
    def values(self) -> dict[str, Any]:
        """The fields by name, as in the checks and the edition files."""
        return {name: getattr(self, name) for name in INDICATOR_FIELDS}

    def clean(self) -> None:
        super().clean()
        problems: dict[str, list[str]] = {}
        for name, sentence in find_indicator_problems(self.values):
            problems.setdefault(name, []).append(sentence)
        if problems:
            raise ValidationError(problems)
