"""An edition in the making: its title, the scale, the weights and the decision rule, with the domains under it."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page, TranslatableMixin
from wagtail.url_routing import RouteResult

from standards.checking import EDITION_CODE, LEVELS, OUTCOME_CODE, find_condition_problems, find_repeated
from standards.framework import Obligation
from standards.models.choices import Obligations, Tests
from standards.models.tree import GuidePageForm, PartOfEdition, same_in_every_language

WHOLE = "whole"
"""The address under an edition where all of it stands on one page."""


class EditionPage(PartOfEdition):
    """The title page of an edition."""

    code = models.CharField(
        _("code"),
        max_length=20,
        validators=[RegexValidator(EDITION_CODE, _("Use letters, digits, dots and hyphens, such as “2026”."))],
        help_text=_("How this edition is called for good, such as “2026”. It cannot change after the release."),
    )
    introduction = models.TextField(
        _("introduction"), blank=True, help_text=_("What this edition is for and what is new in it.")
    )
    source_language = models.CharField(max_length=10, blank=True, editable=False)
    is_sample = models.BooleanField(
        _("sample text"),
        default=False,
        help_text=_("Tick this if the text only stands in for the real Guide. Every page and report then says so."),
    )
    sample_notice = models.TextField(
        _("notice on the sample"), blank=True, help_text=_("Shown on every page of a sample edition.")
    )
    level_0 = models.CharField(_("level 0"), max_length=60, help_text=_("Nothing of it is there."))
    level_1 = models.CharField(_("level 1"), max_length=60, help_text=_("It has begun, or stands only on paper."))
    level_2 = models.CharField(_("level 2"), max_length=60, help_text=_("It is there with small gaps."))
    level_3 = models.CharField(_("level 3"), max_length=60, help_text=_("It is there and can be seen in practice."))
    weight_essential = models.PositiveSmallIntegerField(
        _("weight of an essential indicator"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("How many times an essential indicator counts in the score of its standard."),
    )
    weight_core = models.PositiveSmallIntegerField(
        _("weight of a core indicator"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("How many times a core indicator counts."),
    )
    weight_developmental = models.PositiveSmallIntegerField(
        _("weight of a developmental indicator"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("How many times a developmental indicator counts."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("code"),
        FieldPanel("introduction"),
        MultiFieldPanel([FieldPanel("is_sample"), FieldPanel("sample_notice")], heading=_("Sample")),
        MultiFieldPanel(
            [FieldPanel(f"level_{level}") for level in LEVELS],
            heading=_("Rating scale"),
            help_text=_("The name of each level, as it stands beside every answer."),
        ),
        FieldRowPanel(
            [FieldPanel(f"weight_{obligation.value}") for obligation in Obligation],
            heading=_("Weights"),
        ),
        InlinePanel(
            "outcomes",
            heading=_("Decision rule"),
            label=_("outcome"),
            help_text=_(
                "The outcomes are tried from top to bottom. The first whose conditions all hold is proposed to the "
                "panel. The last one must have no condition."
            ),
        ),
    ]
    parent_page_types = ["standards.GuidePage"]
    subpage_types = ["standards.DomainPage"]
    override_translatable_fields = same_in_every_language(
        "code", "slug", "is_sample", *(f"weight_{obligation.value}" for obligation in Obligation)
    )

    class Meta:
        verbose_name = _("edition")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if not self.source_language and self.locale_id:
            self.source_language = self.locale.language_code
        return super().save(*args, **kwargs)

    @property
    def is_source(self) -> bool:
        """This is the language the edition is written in, and not a translation of it."""
        return self.locale.language_code == self.source_language

    def find_problems_under(self, parent: Page, form: GuidePageForm) -> list[tuple[str, str]]:
        others = EditionPage.objects.filter(code=self.code, locale_id=parent.locale_id).exclude(pk=self.pk)
        problems = []
        if others.exists():
            problems.append(
                ("code", _("There is an edition %(code)s already. Choose another code.") % {"code": self.code})
            )
        problems += _find_outcome_problems(form)
        return problems

    def route(self, request: Any, path_components: list[str]) -> Any:
        if self.live and path_components == [WHOLE]:
            return RouteResult(self, kwargs={"whole": True})
        return super().route(request, path_components)

    def get_template(self, request: Any, *args: Any, whole: bool = False, **kwargs: Any) -> str:
        return "standards/edition_whole.html" if whole else "standards/edition_page.html"

    def get_context(self, request: Any, *args: Any, whole: bool = False, **kwargs: Any) -> dict[str, Any]:
        from standards import reading  # noqa: PLC0415 - it reads these models

        found = reading.read_edition_page(self, preview=getattr(request, "is_preview", False))
        return {**super().get_context(request, *args, **kwargs), **found}


class GuideOutcome(TranslatableMixin, ClusterableModel, Orderable):
    """One result the panel may give, with what it takes."""

    page = ParentalKey(EditionPage, on_delete=models.CASCADE, related_name="outcomes")
    code = models.CharField(
        _("code"),
        max_length=30,
        validators=[RegexValidator(OUTCOME_CODE, _("Use small letters and underscores, such as “conditional”."))],
        help_text=_("A short word that stays the same in every language, such as “conditional”."),
    )
    name = models.CharField(_("name"), max_length=60, help_text=_("How the outcome is called in public."))
    months = models.PositiveSmallIntegerField(
        _("months valid"),
        default=0,
        validators=[MaxValueValidator(120)],
        help_text=_("How long the accreditation holds. 0 means that none is given."),
    )

    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("code"), FieldPanel("months")]),
        InlinePanel(
            "conditions",
            heading=_("Conditions"),
            label=_("condition"),
            help_text=_("All of them must hold. Fill in only what the chosen test looks at."),
        ),
    ]
    override_translatable_fields = same_in_every_language("code", "months")

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("outcome")

    def __str__(self) -> str:
        return self.name


class GuideCondition(Orderable):
    """One sentence of the decision rule."""

    outcome = ParentalKey(GuideOutcome, on_delete=models.CASCADE, related_name="conditions")
    test = models.CharField(
        _("test"), max_length=20, choices=Tests, help_text=_("What must be so for the outcome to be proposed.")
    )
    obligation = models.CharField(
        _("obligation"),
        max_length=20,
        choices=Obligations,
        blank=True,
        help_text=_("Which indicators the test looks at."),
    )
    level = models.PositiveSmallIntegerField(
        _("level"), null=True, blank=True, help_text=_("The level from 0 to 3 that the test compares with.")
    )
    count = models.PositiveSmallIntegerField(
        _("how many"), null=True, blank=True, help_text=_("How many indicators may stand at the level.")
    )
    percent = models.PositiveSmallIntegerField(
        _("percentage"), null=True, blank=True, help_text=_("The percentage from 0 to 100 that must be reached.")
    )

    panels = [
        FieldPanel("test"),
        FieldRowPanel([FieldPanel("obligation"), FieldPanel("level")]),
        FieldRowPanel([FieldPanel("count"), FieldPanel("percent")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("condition")

    def __str__(self) -> str:
        return self.get_test_display()

    def clean(self) -> None:
        super().clean()
        values = {name: getattr(self, name) for name in ("test", "obligation", "level", "count", "percent")}
        if problems := dict(find_condition_problems(values)):
            raise ValidationError(problems)


def _find_outcome_problems(form: GuidePageForm) -> Iterator[tuple[str, str]]:
    formset = form.formsets.get("outcomes")
    forms = [f for f in getattr(formset, "forms", []) if f not in formset.deleted_forms] if formset else []
    codes = [f.cleaned_data.get("code", "") for f in forms if getattr(f, "cleaned_data", None)]
    for code in find_repeated(codes):
        yield "", _("The outcome %(code)s stands twice. Each outcome may stand once.") % {"code": code}
