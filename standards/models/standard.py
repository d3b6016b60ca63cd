"""A standard of the Guide with its indicators on one page."""

from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page
from wagtail.search import index

from standards.drafts import edition_checks
from standards.drafts.fields import (
    EDITION_FIELDS,
    INDICATOR_FIELDS,
    OBLIGATION_FIELDS,
    STANDARD_FIELDS,
    EditionText,
    Part,
    read_part,
)
from standards.drafts.frameworks import draft_framework
from standards.drafts.part_checks import find_indicator_problems, find_repeated, find_standard_problems
from standards.models.forms import GuidePageForm, IndicatorsPanel
from standards.models.indicator import GuideIndicator
from standards.models.tree import PartOfEdition, same_in_every_language, slug_of, weight_of


class StandardPage(PartOfEdition):
    """One standard: what a hotline should be able to show, in a few indicators."""

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

    weight = weight_of(_("How many times the standard counts, where a domain is the mean of its standards."))

    content_panels = [
        *PartOfEdition.content_panels,
        FieldRowPanel([FieldPanel("code"), FieldPanel("weight")]),
        FieldPanel("introduction"),
        FieldPanel("basis"),
        IndicatorsPanel("indicators", heading=_("Indicators"), label=_("indicator")),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.RelatedFields(
            "indicators",
            [index.SearchField("code"), index.SearchField("wording"), index.SearchField("guidance")],
        ),
    ]
    parent_page_types = ["standards.DomainPage"]
    subpage_types: list[str] = []
    override_translatable_fields = same_in_every_language("code", "slug", "basis", "weight")

    class Meta:
        verbose_name = _("standard")

    def find_problems_under(self, parent: Page, form: GuidePageForm) -> list[tuple[str, str]]:
        problems = list(find_standard_problems(self.code, parent.code))
        edition_page = parent.edition_page
        if edition_page is None:
            return problems
        inside = {"page__path__startswith": edition_page.path}
        if StandardPage.objects.descendant_of(edition_page).filter(code=self.code).exclude(pk=self.pk).exists():
            problems.append(
                ("code", gettext("There is a standard %(code)s in this edition already.") % {"code": self.code})
            )
        elsewhere = set(GuideIndicator.objects.filter(**inside).exclude(page=self.pk).values_list("code", flat=True))
        self._check_indicators(form, elsewhere, edition_page)
        return problems

    def _check_indicators(self, form: GuidePageForm, elsewhere: set[str], edition_page: Any) -> None:
        """Mark problems on the indicators that have them."""
        forms = form.children("indicators")
        here = find_repeated([f.instance.code for f in forms])
        for inline in forms:
            code = inline.instance.code
            if code in here:
                inline.add_error("code", gettext("%(code)s stands twice on this page.") % {"code": code})
            elif code in elsewhere:
                inline.add_error(
                    "code", gettext("%(code)s stands in another standard of this edition already.") % {"code": code}
                )
            elif "code" not in inline.errors:
                for name, sentence in find_indicator_problems(inline.instance.values, self.code):
                    if name == "code":
                        inline.add_error("code", sentence)
        framework = draft_framework(self._read_form(forms, edition_page))
        form.mark(edition_checks.find_contradictions(framework), {f"indicator/{f.instance.code}": f for f in forms})

    def _read_form(self, forms: list[Any], edition_page: Any) -> EditionText:
        """Return this page from its submitted form, with the scale and the obligations of its edition."""
        indicators = tuple(read_part(f.instance, INDICATOR_FIELDS) for f in forms)
        return EditionText(
            language=edition_page.source_language,
            fields={name: getattr(edition_page, name) for name in EDITION_FIELDS},
            domains=(Part({"code": "", "weight": 1}, (read_part(self, STANDARD_FIELDS, indicators),)),),
            obligations=tuple(read_part(row, OBLIGATION_FIELDS) for row in edition_page.obligations.all()),
        )

    public_view = "pages:guide_standard"

    def public_codes(self) -> list[str]:
        return [*self.get_parent().specific.public_codes(), slug_of(self.code)]
