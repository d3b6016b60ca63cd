"""An indicator of the Guide: its question, how it is judged, and its recommendation."""

from collections.abc import Collection
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.coreutils import find_available_slug
from wagtail.models import Page, Revision
from wagtail.search import index

from standards.drafts import edition_checks
from standards.drafts.fields import (
    EDITION_FIELDS,
    FIGURES,
    INDICATOR_FIELDS,
    OBLIGATION_FIELDS,
    RECOMMENDATION,
    SCALE_LEVELS,
    SCORED_PART,
    STANDARD_FIELDS,
    YES_NO_LEVELS,
    EditionText,
    Part,
    Values,
    read_part,
)
from standards.drafts.frameworks import draft_framework
from standards.drafts.part_checks import find_indicator_problems
from standards.drafts.typed_askings import describe_typed_asking
from standards.framework import INDICATOR_STRUCTURE, MOST_MONTHS, MOST_WORDS, Measure
from standards.models.choices import Measures, Sources, Supports
from standards.models.forms import AskingPanel, BandsPanel, IndicatorForm, SupportsPanel
from standards.models.tree import PartBelowEdition, same_in_every_language, slug_of

LONGEST_TITLE = 80

_OF_OTHER_PARTS = ("asked_if",)
"""Fields that refer to other indicators of the edition, which `_read_form` does not contain."""

_HERE = _("What this level means for this indicator, in one short sentence.")


def title_of(wording: str) -> str:
    """Return the wording on one line, cut between words if it is long."""
    words = " ".join(wording.split())
    if words and len(words) <= LONGEST_TITLE:
        return words
    begun = words[: LONGEST_TITLE + 1].rpartition(" ")[0] or words[:LONGEST_TITLE]
    return f"{begun}…"


class IndicatorPage(PartBelowEdition):
    """One indicator. Its title is derived from its wording, in every language."""

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
    counts_at = models.CharField(
        _("counts, at single levels"),
        max_length=120,
        blank=True,
        help_text=_(
            "Only if the answer at one level, or “not applicable”, must come with something else than the others."
        ),
    )
    least_words = models.PositiveSmallIntegerField(
        _("words at least"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_WORDS)],
        help_text=_("How many words must explain an answer where it counts only with words. Empty: any."),
    )
    asked_from = models.DateField(
        _("asked from"),
        null=True,
        blank=True,
        help_text=_("The first day on which it is asked. Empty: it always is."),
    )
    asked_if = models.CharField(
        _("asked only if"),
        max_length=255,
        blank=True,
        help_text=_(
            "Only if it is not asked of every hotline: choose a trait, or an answer to another indicator. "
            "Of several alternatives one must be so."
        ),
    )
    points = models.CharField(
        _("points"),
        max_length=100,
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
    level_6 = models.CharField(_("level 6"), max_length=160, blank=True, help_text=_HERE)
    level_7 = models.CharField(_("level 7"), max_length=160, blank=True, help_text=_HERE)
    level_8 = models.CharField(_("level 8"), max_length=160, blank=True, help_text=_HERE)
    level_9 = models.CharField(_("level 9"), max_length=160, blank=True, help_text=_HERE)
    level_10 = models.CharField(_("level 10"), max_length=160, blank=True, help_text=_HERE)
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

    content_panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("obligation")]),
        FieldPanel("wording"),
        FieldPanel("guidance"),
        FieldPanel("evidence"),
        FieldRowPanel([FieldPanel("evidence_required"), FieldPanel("not_applicable")]),
        FieldRowPanel([FieldPanel("asked_from"), FieldPanel("asked_anew")]),
        FieldPanel("asked_if"),
        AskingPanel(),
        FieldPanel("key", read_only=True),
    ]
    judging_panels = [
        FieldRowPanel([FieldPanel("measure"), FieldPanel("source")]),
        FieldPanel("counts_with"),
        FieldPanel("counts_at"),
        FieldPanel("least_words"),
        SupportsPanel(),
        MultiFieldPanel(
            [FieldPanel(name) for name in SCALE_LEVELS],
            heading=_("Levels, if it is a level of the scale"),
            attrs={"data-of-measure": Measure.SCALE.value},
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in YES_NO_LEVELS],
            heading=_("Levels, if it is yes or no"),
            attrs={"data-of-measure": Measure.YES_NO.value},
        ),
        FieldPanel("points"),
        MultiFieldPanel(
            [panel for name in FIGURES for panel in (FieldPanel(name), *([BandsPanel()] if name == "bands" else []))],
            heading=_("Number, if it is a number or capped by one"),
            help_text=_("An indicator that people judge can be capped: it then gets no better level than its number."),
            attrs={"data-of-measure": Measure.NUMERIC.value, "data-offer": _("Cap it by a number")},
        ),
    ]
    advice_panels = [
        MultiFieldPanel(
            [FieldPanel(name) for name in RECOMMENDATION],
            heading=_("Recommendation, if the indicator falls short"),
        ),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("What is asked")),
            ObjectList(judging_panels, heading=_("How it is judged")),
            ObjectList(advice_panels, heading=_("What happens next")),
            ObjectList(PartBelowEdition.settings_panels, heading=_("Settings")),  # not shown as a tab
        ]
    )
    base_form_class = IndicatorForm
    search_fields = [
        *Page.search_fields,
        index.AutocompleteField("code"),
        index.SearchField("code"),
        index.AutocompleteField("wording"),
        index.SearchField("wording"),
        index.SearchField("guidance"),
    ]
    parent_page_types = ["standards.StandardPage"]
    subpage_types: list[str] = []
    override_translatable_fields = same_in_every_language(
        "title", "slug", *(field.name for field in INDICATOR_STRUCTURE)
    )
    template = "standards/standard_page.html"
    public_view = "pages:guide_standard"

    class Meta:
        verbose_name = _("indicator")

    @property
    def values(self) -> Values:
        """The fields by name, as in the checks and the edition files."""
        return {name: getattr(self, name) for name in INDICATOR_FIELDS}

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        self.title = title_of(self.wording)
        super().clean_fields(exclude)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        self.title = title_of(self.wording)
        if not self.slug:
            self.slug = find_available_slug(self.get_parent(), slug_of(self.code))
        return super().save(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        self.title = title_of(self.wording)
        return super().save_revision(*args, **kwargs)

    def find_problems_under(self, parent: Page, form: IndicatorForm) -> list[tuple[str, str]]:
        """Return the problems of the page by field. In a draft, empty fields other than the code are no problem."""
        found = list(find_indicator_problems(self.values, parent.code))
        if edition_page := parent.edition_page:
            others = IndicatorPage.objects.descendant_of(edition_page).exclude(pk=self.pk)
            if others.filter(code=self.code).exists():
                sentence = gettext("There is an indicator %(code)s in this edition already.")
                found.append(("code", sentence % {"code": self.code}))
            framework = draft_framework(self._read_form(parent, edition_page))
            place = f"indicator/{self.code}"
            contradictions = edition_checks.find_contradictions(framework)
            found += [
                (problem.name, problem.sentence)
                for problem in contradictions
                if problem.where == place and problem.name not in _OF_OTHER_PARTS
            ]
            if "asked_if" not in dict(found):
                typed = describe_typed_asking(self.code, self.asked_if, form.askable)
                found += [("asked_if", sentence) for sentence in typed.problems]
        open_in_draft = [name for name, value in self.values.items() if value in ("", None) and name != "code"]
        may_be_empty = open_in_draft if form.is_deferred_validation else ()
        return [(name, sentence) for name, sentence in found if name not in form.errors and name not in may_be_empty]

    def _read_form(self, standard: Page, edition_page: Any) -> EditionText:
        """Return an edition with only this page, as submitted, and the scale and the obligations of the real one."""
        parts = (read_part(standard, STANDARD_FIELDS, (read_part(self, INDICATOR_FIELDS),)),)
        return EditionText(
            language=edition_page.source_language,
            fields={name: getattr(edition_page, name) for name in EDITION_FIELDS},
            domains=(Part({"code": "", "key": "", **dict.fromkeys(SCORED_PART)}, parts),),
            obligations=tuple(read_part(row, OBLIGATION_FIELDS) for row in edition_page.obligations.all()),
        )

    def public_codes(self) -> list[str]:
        """Return the codes of its standard, as its public address is a fragment of the page of the standard."""
        return self.codes_above()

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        parts = super().get_url_parts(request)
        return (*parts[:2], f"{parts[2]}#i{self.code}") if parts else None
