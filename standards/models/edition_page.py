"""The page of an edition: its title, scale, scoring and rule, with the domains below it."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.models import Page

from standards.drafts import edition_checks
from standards.drafts.fields import (
    PROCEDURE,
    RULE_FIELDS,
    SCALE_LEVELS,
)
from standards.drafts.frameworks import draft_framework
from standards.drafts.part_checks import EDITION_CODE
from standards.framework import LEVELS
from standards.models.choices import GroupMethods, Methods
from standards.models.edition_form import EditionForm, RulePanel
from standards.models.mapping import MappingDecision
from standards.models.tree import PartOfEdition, same_in_every_language

WHOLE = "whole"
"""The preview mode of the whole edition on one page."""


OPEN_IN_A_DRAFT = ("domains", "groups", "obligations", "outcomes", "conditions", "domain", "standard", "codes")
"""Fields that may be incomplete in a draft, but not in a release."""

_NAME_OF_LEVEL = _("How the level is called beside every answer. Empty if the scale does not have it.")


def _period(name: Any, default: int, help_text: Any) -> models.PositiveSmallIntegerField[int | str, int]:
    return models.PositiveSmallIntegerField(
        name, default=default, validators=[MinValueValidator(1), MaxValueValidator(999)], help_text=help_text
    )


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
    examined = models.CharField(
        _("who is examined"),
        max_length=40,
        blank=True,
        help_text=_("What the edition calls whom it examines, inside a sentence, such as “centre”. Empty: “hotline”."),
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
    scale_lowest = models.PositiveSmallIntegerField(
        _("lowest number"),
        default=0,
        validators=[MaxValueValidator(LEVELS[-2])],
        help_text=_("The number at which the scale begins, such as 0."),
    )
    scale_highest = models.PositiveSmallIntegerField(
        _("highest number"),
        default=3,
        validators=[MaxValueValidator(LEVELS[-1])],
        help_text=_("The number at which it ends, at most 10."),
    )
    scale_falling = models.BooleanField(
        _("the lowest number is the best"), default=False, help_text=_("For a scale on which 1 is better than 4.")
    )
    scale_points = models.CharField(
        _("points"),
        max_length=100,
        blank=True,
        help_text=_(
            "The points of each level, from the lowest number up, such as “0, 1, 3”. "
            "Empty: the worst level has 0, and each better one has 1 more."
        ),
    )
    level_0 = models.CharField(_("level 0"), max_length=60, blank=True, help_text=_NAME_OF_LEVEL)
    level_1 = models.CharField(_("level 1"), max_length=60, blank=True, help_text=_NAME_OF_LEVEL)
    level_2 = models.CharField(_("level 2"), max_length=60, blank=True, help_text=_NAME_OF_LEVEL)
    level_3 = models.CharField(_("level 3"), max_length=60, blank=True, help_text=_NAME_OF_LEVEL)
    level_4 = models.CharField(_("level 4"), max_length=60, blank=True, help_text=_NAME_OF_LEVEL)
    level_5 = models.CharField(_("level 5"), max_length=60, blank=True, help_text=_NAME_OF_LEVEL)
    level_6 = models.CharField(_("level 6"), max_length=60, blank=True, help_text=_NAME_OF_LEVEL)
    level_7 = models.CharField(_("level 7"), max_length=60, blank=True, help_text=_NAME_OF_LEVEL)
    level_8 = models.CharField(_("level 8"), max_length=60, blank=True, help_text=_NAME_OF_LEVEL)
    level_9 = models.CharField(_("level 9"), max_length=60, blank=True, help_text=_NAME_OF_LEVEL)
    level_10 = models.CharField(_("level 10"), max_length=60, blank=True, help_text=_NAME_OF_LEVEL)
    standard_method = models.CharField(
        _("score of a standard"),
        max_length=15,
        choices=Methods,
        default=Methods.WEIGHTED_MEAN,
        help_text=_("How the score of a standard is made of its indicators."),
    )
    domain_method = models.CharField(
        _("score of a domain"),
        max_length=15,
        choices=Methods,
        default=Methods.MEAN,
        help_text=_("How the score of a domain is made; its parts are its standards."),
    )
    group_method = models.CharField(
        _("score of a group of domains"),
        max_length=15,
        choices=GroupMethods,
        default=GroupMethods.MEAN,
        help_text=_("Only if there are groups of domains: how the score of a group is made of its domains."),
    )
    overall_method = models.CharField(
        _("overall score"),
        max_length=15,
        choices=Methods,
        default=Methods.MEAN,
        help_text=_("How the score of the whole is made; its parts are the domains."),
    )
    of_groups = models.BooleanField(
        _("overall score of groups"),
        default=False,
        help_text=_("The parts of the whole are the groups of domains, by their weight, in place of the domains."),
    )
    share_level = models.PositiveSmallIntegerField(
        _("level a share counts from"),
        null=True,
        blank=True,
        help_text=_("Only if one of the scores is a share: the level from which an indicator counts, such as 2."),
    )
    excused_at_most = models.PositiveSmallIntegerField(
        _("how much may be excused"),
        default=100,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "The percentage of a standard that “not applicable” may take out of the score. "
            "What goes beyond counts as not reached."
        ),
    )
    redistributes = models.BooleanField(
        _("points go to the rest of the standard"),
        default=False,
        help_text=_(
            "What does not apply gives its points to the other indicators of its standard, which so keeps its share of a "
            "larger score. Then nothing is held back."
        ),
    )
    response_days = _period(_("days to respond"), 14, _("For the hotline’s word on the draft report."))
    quorum = _period(_("quorum"), 3, _("Members of the panel who must vote."))
    departing = _period(_("votes to depart"), 2, _("Members who must vote for an outcome other than the one proposed."))
    appeal_days = _period(_("days to appeal"), 30, _("From the day the hotline is told."))
    deferral_months = _period(_("months of a deferral"), 6, _("Within which a hotline hands in what is missing."))
    midterm_months = _period(
        _("months to the mid-term check"), 18, _("From the decision to the check of the recommendations.")
    )
    reminder_months = _period(_("months of the reminder"), 9, _("Before an accreditation ends."))
    publishes_refusals = models.BooleanField(
        _("refusals are public"),
        default=False,
        help_text=_(
            "Tick this if the register and the hotline’s page say that a hotline was examined and not accredited. "
            "Without it, such a hotline is shown without an accreditation."
        ),
    )
    voting_days = _period(
        _("days to vote"), 3, _("From the first vote, in which a decision waits for members who declared.")
    )
    votes_again_on_ties = models.BooleanField(
        _("members vote once more on a tie"),
        default=False,
        help_text=_(
            "If no outcome has more than half of the votes. Otherwise, and on a second tie, the less favourable holds."
        ),
    )
    chair_breaks_ties = models.BooleanField(
        _("the chair’s vote counts double on a tie"),
        default=False,
        help_text=_("If no chair is among those who voted, the other rules for ties apply."),
    )

    requires_approval = models.BooleanField(
        _("released only when approved"),
        default=False,
        help_text=_(
            "Tick this if every part must be approved by the workflow, as it is, before the edition is released. "
            "An approval of a page holds for everything below it."
        ),
    )

    content_panels = [
        *PartOfEdition.content_panels,
        FieldPanel("code"),
        FieldPanel("introduction"),
        FieldPanel("examined"),
        MultiFieldPanel([FieldPanel("is_sample"), FieldPanel("sample_notice")], heading=_("Sample")),
    ]
    scale_panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("scale_lowest"), FieldPanel("scale_highest")]),
                FieldRowPanel([FieldPanel("scale_falling"), FieldPanel("scale_points")]),
                *(FieldRowPanel([FieldPanel(f"level_{n}"), FieldPanel(f"level_{n + 1}")]) for n in (0, 2, 4, 6, 8)),
                FieldPanel("level_10"),
            ],
            heading=_("Rating scale"),
            help_text=_(
                "Write a name for each level from the lowest number to the highest, and leave the others empty."
            ),
        ),
        InlinePanel(
            "obligations",
            heading=_("Obligations"),
            label=_("obligation"),
            help_text=_("How much the Guide insists on an indicator. The most insistent comes first."),
        ),
        InlinePanel(
            "groups",
            heading=_("Groups of domains"),
            label=_("group of domains"),
            help_text=_(
                "Only needed if domains are grouped under headings of their own, with a score each. Then every domain is in "
                "one of the groups."
            ),
        ),
        InlinePanel(
            "traits",
            heading=_("Traits of hotlines"),
            label=_("trait"),
            help_text=_(
                "Only needed if an indicator is asked of some hotlines only. Missing Children Europe ticks for each "
                "hotline of a round which of them it has."
            ),
        ),
    ]
    rule_panels = [
        RulePanel(heading=_("What the rule means")),
        MultiFieldPanel(
            [
                FieldPanel("standard_method"),
                FieldPanel("domain_method"),
                FieldPanel("group_method"),
                FieldPanel("overall_method"),
                FieldPanel("of_groups"),
                FieldRowPanel([FieldPanel("share_level"), FieldPanel("excused_at_most")]),
                FieldPanel("redistributes"),
            ],
            heading=_("Scores"),
        ),
        InlinePanel(
            "passing",
            heading=_("When a standard passes"),
            label=_("condition"),
            help_text=_(
                "All of them must hold for the indicators of a standard. Only needed if an outcome asks how many "
                "standards do not pass."
            ),
        ),
        InlinePanel(
            "results",
            heading=_("Further results"),
            label=_("further result"),
            help_text=_(
                "Only needed if something else is found from the same answers, beside what the panel decides. Each outcome "
                "below says which result it belongs to."
            ),
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
    procedure_panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("response_days"), FieldPanel("appeal_days")]),
                FieldRowPanel([FieldPanel("quorum"), FieldPanel("departing")]),
                FieldRowPanel([FieldPanel("deferral_months"), FieldPanel("midterm_months")]),
                FieldPanel("reminder_months"),
                FieldPanel("publishes_refusals"),
                FieldPanel("voting_days"),
                FieldPanel("chair_breaks_ties"),
                FieldPanel("votes_again_on_ties"),
            ],
            heading=_("Procedure"),
            help_text=_("The periods, numbers and choices of the way to a decision and after it."),
        ),
        FieldPanel("requires_approval"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("The edition")),
            ObjectList(scale_panels, heading=_("Scale and classes")),
            ObjectList(rule_panels, heading=_("Scores and outcomes")),
            ObjectList(procedure_panels, heading=_("Procedure")),
            ObjectList(PartOfEdition.settings_panels, heading=_("Settings")),  # not shown as a tab
        ]
    )
    base_form_class = EditionForm
    parent_page_types = ["standards.GuidePage"]
    subpage_types = ["standards.DomainPage"]
    override_translatable_fields = same_in_every_language(
        "code", "slug", "is_sample", "requires_approval", *RULE_FIELDS, *PROCEDURE, "passing"
    )

    class Meta:
        verbose_name = _("edition")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if not self.source_language and self.locale_id:
            self.source_language = self.locale.language_code
        return super().save(*args, **kwargs)

    @property
    def edition_page(self) -> "EditionPage":
        return self

    @property
    def is_source(self) -> bool:
        """Whether this page is in the source language of the edition."""
        return bool(self.locale.language_code == self.source_language)

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels of the scale."""
        return tuple(range(self.scale_lowest, self.scale_highest + 1))

    @cached_property
    def obligation_choices(self) -> list[tuple[str, str]]:
        return [(obligation.code, obligation.name) for obligation in self.obligations.all()]

    def find_problems_under(self, parent: Page, form: EditionForm) -> list[tuple[str, str]]:
        others = EditionPage.objects.filter(code=self.code, locale_id=parent.locale_id).exclude(pk=self.pk)
        problems = []
        if others.exists():
            problems.append(
                ("code", _("There is an edition %(code)s already. Choose another code.") % {"code": self.code})
            )
        if self._loses_decisions():
            sentence = _("The code cannot change any more: decisions on which indicator is which are kept under it.")
            problems.append(("code", str(sentence)))
        places, text = form.places(), form.read()
        framework = draft_framework(text)
        form.mark(edition_checks.find_unreadable(text), places)
        form.mark((f for f in edition_checks.find_contradictions(framework) if f.name not in OPEN_IN_A_DRAFT), places)
        form.mark((f for f in edition_checks.find_missing(text, framework) if f.name in SCALE_LEVELS), places)
        return problems

    def _loses_decisions(self) -> bool:
        """Whether the code has changed, and decisions on pairs of indicators refer to the former code."""
        former = EditionPage.objects.filter(pk=self.pk).exclude(code=self.code).values("code")
        decided = models.Q(before__in=former) | models.Q(now__in=former)
        return MappingDecision.objects.filter(decided).exists()

    public_view = "pages:guide_edition"

    def public_codes(self) -> list[str]:
        return [self.code]

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [*super().preview_modes, (WHOLE, _("On one page"))]

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "standards/edition_whole.html" if mode_name == WHOLE else "standards/edition_page.html"
