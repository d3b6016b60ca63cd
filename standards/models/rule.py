"""The rows of the decision rule on the page of an edition: obligations, outcomes, conditions."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import TranslatableMixin

from standards.drafts.conditions import ALTERNATIVE
from standards.drafts.fields import CONDITION_FIELDS, Values
from standards.drafts.part_checks import GROUP_CODE, OBLIGATION_CODE, OUTCOME_CODE
from standards.models.choices import ChoiceMethods, Tests
from standards.models.forms import COLUMNS
from standards.models.rows import Row
from standards.models.tree import same_in_every_language


class GuideObligation(TranslatableMixin, Row):
    """A class of obligation, and its meaning."""

    page = ParentalKey("standards.EditionPage", on_delete=models.CASCADE, related_name="obligations")
    code = models.CharField(
        _("code"),
        max_length=20,
        validators=[RegexValidator(OBLIGATION_CODE, _("Use small letters and underscores, such as “essential”."))],
        help_text=_("A short word that stays the same in every language, such as “essential”."),
    )
    name = models.CharField(_("name"), max_length=60, help_text=_("How it is called in public, such as “Essential”."))
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MaxValueValidator(99)],
        help_text=_("How many times such an indicator counts where a score is a mean by weight. 0: it does not."),
    )
    wanted = models.PositiveSmallIntegerField(
        _("level asked for"),
        null=True,
        blank=True,
        help_text=_("A recommendation is drafted where this level is not reached. Empty: none ever is."),
    )
    excusable = models.BooleanField(
        _("may be not applicable"),
        default=True,
        help_text=_("Its indicators may allow a hotline to say that they do not apply to it."),
    )

    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("code"), FieldPanel("weight")]),
        FieldRowPanel([FieldPanel("wanted"), FieldPanel("excusable")]),
    ]
    override_translatable_fields = same_in_every_language("code", "weight", "wanted", "excusable")

    class Meta(TranslatableMixin.Meta, Row.Meta):
        verbose_name = _("obligation")

    def __str__(self) -> str:
        return self.name


class GuideResult(TranslatableMixin, Row):
    """A further result. Outcomes may belong to it."""

    page = ParentalKey("standards.EditionPage", on_delete=models.CASCADE, related_name="results")
    code = models.CharField(
        _("code"),
        max_length=20,
        validators=[RegexValidator(OBLIGATION_CODE, _("Use small letters and underscores, such as “seal”."))],
        help_text=_("A short word that stays the same in every language, such as “seal”."),
    )
    name = models.CharField(
        _("name"), max_length=60, help_text=_("How it is called in public, such as “Seal for digital services”.")
    )

    panels = [FieldRowPanel([FieldPanel("name"), FieldPanel("code")])]
    override_translatable_fields = same_in_every_language("code")

    class Meta(TranslatableMixin.Meta, Row.Meta):
        verbose_name = _("further result")

    def __str__(self) -> str:
        return self.name


class GuideTrait(TranslatableMixin, Row):
    """A trait that hotlines may have, for indicators that are asked only of hotlines with it."""

    page = ParentalKey("standards.EditionPage", on_delete=models.CASCADE, related_name="traits")
    code = models.CharField(
        _("code"),
        max_length=20,
        validators=[RegexValidator(OBLIGATION_CODE, _("Use small letters and underscores, such as “own_number”."))],
        help_text=_("A short word that stays the same in every language, such as “own_number”."),
    )
    name = models.CharField(
        _("name"), max_length=60, help_text=_("How it is called in public, such as “Answers a number of its own”.")
    )

    panels = [FieldRowPanel([FieldPanel("name"), FieldPanel("code")])]
    override_translatable_fields = same_in_every_language("code")

    class Meta(TranslatableMixin.Meta, Row.Meta):
        verbose_name = _("trait")

    def __str__(self) -> str:
        return self.name


class GuideGroup(TranslatableMixin, Row):
    """A group of domains."""

    page = ParentalKey("standards.EditionPage", on_delete=models.CASCADE, related_name="groups")
    code = models.CharField(
        _("code"),
        max_length=3,
        validators=[RegexValidator(GROUP_CODE, _("Use G and a number from 1 to 99, such as “G1”."))],
        help_text=_("A code that stays the same in every language, such as “G1”."),
    )
    name = models.CharField(
        _("name"), max_length=120, help_text=_("How it is called in public, such as “After the return”.")
    )
    domains = models.CharField(
        _("domains"), max_length=500, help_text=_("The codes of the domains in it, such as “D1, D2”.")
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("How many times it counts in a mean of the groups."),
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("domains"),
        FieldRowPanel([FieldPanel("code"), FieldPanel("weight")]),
    ]
    override_translatable_fields = same_in_every_language("code", "domains", "weight")

    class Meta(TranslatableMixin.Meta, Row.Meta):
        verbose_name = _("group of domains")

    def __str__(self) -> str:
        return self.name


class Condition(Row):
    """One condition of the decision rule: a test, its scope, and the value it compares with."""

    test = models.CharField(_("test"), max_length=20, choices=Tests, help_text=_("What must be so."))
    obligation = models.CharField(
        _("obligation"),
        max_length=20,
        blank=True,
        help_text=_("The code of an obligation above, to look at its indicators only."),
    )
    level = models.PositiveSmallIntegerField(
        _("level"), null=True, blank=True, help_text=_("The level of the scale that the test compares with.")
    )
    count = models.PositiveSmallIntegerField(
        _("how many"),
        null=True,
        blank=True,
        help_text=_("How many indicators, standards, domains or conditions: may fall short, or must not, by the test."),
    )
    percent = models.CharField(
        _("percentage"),
        max_length=12,
        blank=True,
        help_text=_("The percentage from 0 to 100 that must be reached, such as “80”, “66.5” or “66 2/3”."),
    )
    strictly = models.BooleanField(
        _("more than the percentage"), default=False, help_text=_("Just the percentage is then not enough.")
    )
    method = models.CharField(
        _("method of the score"),
        max_length=15,
        choices=ChoiceMethods,
        blank=True,
        help_text=_("Only for a score of some indicators, of an obligation or by their codes: how it is made of them."),
    )

    class Meta(Row.Meta):
        abstract = True

    def __str__(self) -> str:
        return str(self.get_test_display())

    @property
    def values(self) -> Values:
        """The fields by their names in the framework. Fields that this kind of condition does not have are empty."""
        names = (*CONDITION_FIELDS, ALTERNATIVE)
        return {name: getattr(self, COLUMNS.get(name, name), "") for name in names}


class GuidePassing(Condition):
    """A condition by which each standard passes."""

    page = ParentalKey("standards.EditionPage", on_delete=models.CASCADE, related_name="passing")

    panels = [
        FieldPanel("test"),
        FieldRowPanel([FieldPanel("obligation"), FieldPanel("level")]),
        FieldRowPanel([FieldPanel("count"), FieldPanel("percent"), FieldPanel("strictly")]),
        FieldPanel("method"),
    ]

    class Meta(Condition.Meta):
        verbose_name = _("condition of a standard")


class GuideOutcome(TranslatableMixin, ClusterableModel, Row):
    """One possible outcome, with its conditions."""

    page = ParentalKey("standards.EditionPage", on_delete=models.CASCADE, related_name="outcomes")
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
    result = models.CharField(
        _("of the further result"),
        max_length=20,
        blank=True,
        help_text=_("The code of a further result that it is an outcome of. Empty: the panel decides on it."),
    )
    becomes = models.CharField(
        _("when all conditions are met"),
        max_length=30,
        blank=True,
        help_text=_(
            "The code of the better outcome that then replaces it, until the same last day. Empty: it stays as it is."
        ),
    )

    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("code"), FieldPanel("months"), FieldPanel("result"), FieldPanel("becomes")]),
        InlinePanel(
            "conditions",
            heading=_("Conditions"),
            label=_("condition"),
            help_text=_("All of them must hold. Fill in only what the chosen test looks at."),
        ),
    ]
    override_translatable_fields = same_in_every_language("code", "months", "result", "becomes", "conditions")

    class Meta(TranslatableMixin.Meta, Row.Meta):
        verbose_name = _("outcome")

    def __str__(self) -> str:
        return self.name


class GuideCondition(Condition):
    """A condition of an outcome, with any part of the Guide as its scope."""

    outcome = ParentalKey(GuideOutcome, on_delete=models.CASCADE, related_name="conditions")
    group = models.CharField(
        _("group of domains"),
        max_length=3,
        blank=True,
        help_text=_("The code of a group of domains, to look at it only, such as “G1”."),
    )
    domain = models.CharField(
        _("domain"), max_length=12, blank=True, help_text=_("The code of a domain, to look at it only, such as “D5”.")
    )
    standard = models.CharField(
        _("standard"),
        max_length=12,
        blank=True,
        help_text=_("The code of a standard, to look at it only, such as “5.1”."),
    )
    codes = models.CharField(
        _("indicators"),
        max_length=255,
        blank=True,
        help_text=_("The codes of indicators, to look at these only, such as “5.1.1, 5.1.2”."),
    )
    reached = models.CharField(
        _("other outcome"),
        max_length=30,
        blank=True,
        help_text=_("The code of the outcome whose conditions must hold as well."),
    )
    figure = models.CharField(
        _("bound of the figure"),
        max_length=20,
        blank=True,
        help_text=_("What a number that is shown and not scored must be: “>=90”, “>90”, “<=90” or “<90”."),
    )
    is_alternative = models.BooleanField(
        _("one of several"),
        default=False,
        help_text=_("It belongs to the condition above it of which some must hold."),
    )

    panels = [
        FieldPanel("test"),
        FieldPanel("is_alternative"),
        FieldRowPanel([FieldPanel("level"), FieldPanel("count")]),
        FieldRowPanel([FieldPanel("percent"), FieldPanel("strictly")]),
        FieldRowPanel([FieldPanel("obligation"), FieldPanel("group")]),
        FieldRowPanel([FieldPanel("domain"), FieldPanel("standard")]),
        FieldRowPanel([FieldPanel("codes"), FieldPanel("method"), FieldPanel("figure")]),
        FieldPanel("reached"),
    ]

    class Meta(Condition.Meta):
        verbose_name = _("condition")
