"""A standard of the Guide, with its indicators as pages below it."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page
from wagtail.search import index

from standards.drafts.fields import SCORED_PART
from standards.drafts.part_checks import find_standard_problems
from standards.models.forms import GuidePageForm
from standards.models.tree import PartBelowEdition, best_of, cap_of_part, same_in_every_language, weight_of


class StandardPage(PartBelowEdition):
    """One standard, with its indicators as child pages."""

    code = models.CharField(
        _("code"),
        max_length=12,
        help_text=_("The number of the domain and a number, such as “5.1”. Keep it from one edition to the next."),
    )
    introduction = models.TextField(
        _("introduction"), blank=True, help_text=_("What the standard asks and why, in one to three sentences.")
    )
    basis = models.CharField(
        _("basis"),
        max_length=120,
        blank=True,
        help_text=_("Keys of the sources that suggested the standard, with commas between. For editors only."),
    )

    weight = weight_of(_("How many times the standard counts, such as 2, where a domain is the mean of its standards."))
    best = best_of(_("How many of its indicators count, such as 3: the best ones, each once. Empty: all of them."))
    excused_at_most = cap_of_part()

    content_panels = [
        *PartBelowEdition.content_panels,
        FieldRowPanel([FieldPanel("code"), FieldPanel("weight")]),
        FieldRowPanel([FieldPanel("best"), FieldPanel("excused_at_most")]),
        FieldPanel("key", read_only=True),
        FieldPanel("introduction"),
        FieldPanel("basis"),
    ]
    search_fields = [*Page.search_fields, index.AutocompleteField("code"), index.SearchField("introduction")]
    parent_page_types = ["standards.DomainPage"]
    subpage_types = ["standards.IndicatorPage"]
    override_translatable_fields = same_in_every_language("code", "key", "slug", "basis", *SCORED_PART)

    class Meta:
        verbose_name = _("standard")

    def find_problems_under(self, parent: Page, form: GuidePageForm) -> list[tuple[str, str]]:
        problems = list(find_standard_problems(self.code, parent.code))
        if edition_page := parent.edition_page:
            others = StandardPage.objects.descendant_of(edition_page).exclude(pk=self.pk)
            if others.filter(code=self.code).exists():
                sentence = gettext("There is a standard %(code)s in this edition already.")
                problems.append(("code", sentence % {"code": self.code}))
        return problems

    public_view = "pages:guide_standard"
